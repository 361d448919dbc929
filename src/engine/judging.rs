//! Judging by hand: pairs of a query and a listing, one after the other, each answer durable before the next is asked for.
//!
//! Judgements go to the end of the set's `qrels.txt` and are on the disk before [`Judging::judge`] returns; taking one back
//! cuts the file to where it was. So nothing that was acknowledged is lost, however the process ends.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::EngineError;
use super::evaluate::{Models, answer, read_run};
use super::judged_set::SetFolder;
use super::judged_set_error::JudgedSetError;
use crate::config::Configuration;
use crate::domain::{Enterprise, Listing};
use crate::eval::{Qrels, Run};

/// What the grades mean, for whoever judges.
pub const GUIDELINES: &str = include_str!("../../data/judging.md");

/// Where the listings to be judged come from.
#[derive(Debug, Clone)]
pub struct Pool<'a> {
    /// Runs in TREC's form; our own by `configuration` if there is none.
    pub runs: &'a [PathBuf],
    /// So many of each run's best, for every query.
    pub depth: usize,
    /// How a query's listings are shuffled, so that none is judged by its rank.
    pub seed: u64,
    /// What our own run goes by.
    pub configuration: &'a Configuration,
}

/// A pair that waits for a grade.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ToJudge<'a> {
    /// Who asks.
    pub query: &'a Enterprise,
    /// What is judged.
    pub listing: &'a Listing,
    /// Its place among all that wait, from 1.
    pub place: usize,
    /// How many waited in all.
    pub all: usize,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct JudgingReport {
    /// Judgements given and not taken back.
    pub judged: usize,
    /// Pairs passed over.
    pub skipped: usize,
    /// Pairs that still wait.
    pub left: usize,
    /// Judgements of the set now.
    pub judgements: usize,
}

/// An answer that can be taken back.
enum Answer {
    Skipped,
    /// How long the file was before.
    Judged(u64),
}

/// A set that is being judged. While it is, nobody else can judge it.
pub struct Judging {
    folder: SetFolder,
    /// Query and listing by their places in the folder.
    pairs: Vec<(usize, usize)>,
    answers: Vec<Answer>,
    qrels: Qrels,
    file: File,
    path: PathBuf,
}

impl Judging {
    /// Opens a set, with or without judgements. What is judged already is not asked for again.
    ///
    /// # Errors
    /// What reading the set or a run fails with, [`JudgedSetError::BeingJudged`].
    pub fn open(set: &Path, pool: &Pool<'_>) -> Result<Self, EngineError> {
        let mut folder = SetFolder::unjudged(set)?;
        let path = set.join("qrels.txt");
        let failed = |source| EngineError::File { path: path.clone(), source };
        let open = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JudgedSetError::BeingJudged { path }.into()),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let qrels = mended(&mut file, &path)?;
        let runs = match pool.runs {
            [] => vec![own_run(&mut folder, pool)?],
            runs => runs.iter().map(|run| read_run(run)).collect::<Result<_, _>>()?,
        };
        let pairs = pairs(&folder, &qrels, &runs, pool);
        Ok(Self { folder, pairs, answers: Vec::new(), qrels, file, path })
    }

    /// The pair that waits; `None` when all have an answer.
    #[must_use]
    pub fn next(&self) -> Option<ToJudge<'_>> {
        let place = self.answers.len();
        let (query, listing) = *self.pairs.get(place)?;
        let (query, listing) = (&self.folder.queries[query], &self.folder.listings[listing]);
        Some(ToJudge { query, listing, place: place + 1, all: self.pairs.len() })
    }

    /// Gives the pair that waits a grade from 0 to 3, durable when this returns. Nothing if none waits.
    ///
    /// # Errors
    /// [`EngineError::File`] on a full disk, say: the pair then still waits.
    pub fn judge(&mut self, grade: u8) -> Result<(), EngineError> {
        let Some(pair) = self.next() else { return Ok(()) };
        let (query, listing) = (pair.query.id.to_string(), pair.listing.id.to_string());
        let grade = grade.min(3);
        let before = self.file.seek(SeekFrom::End(0)).map_err(|source| self.failed(source))?;
        let written = self.file.write_all(format!("{query} 0 {listing} {grade}\n").as_bytes());
        if let Err(source) = written.and_then(|()| self.file.sync_data()) {
            // Half a line would be half a judgement.
            _ = self.file.set_len(before);
            return Err(self.failed(source));
        }
        self.qrels.judge(&query, &listing, grade);
        self.answers.push(Answer::Judged(before));
        Ok(())
    }

    /// Passes over the pair that waits, until the set is opened again.
    pub fn skip(&mut self) {
        if self.next().is_some() {
            self.answers.push(Answer::Skipped);
        }
    }

    /// Takes the last answer back, so that its pair waits again; whether there was one.
    ///
    /// # Errors
    /// [`EngineError::File`] if the file cannot be written: the answer then stands.
    pub fn undo(&mut self) -> Result<bool, EngineError> {
        let Some(last) = self.answers.last() else { return Ok(false) };
        if let Answer::Judged(before) = last {
            let cut = self.file.set_len(*before).and_then(|()| self.file.sync_data());
            cut.map_err(|source| self.failed(source))?;
        }
        self.answers.pop();
        if let Some(pair) = self.next() {
            let (query, listing) = (pair.query.id.to_string(), pair.listing.id.to_string());
            self.qrels.take_back(&query, &listing);
        }
        Ok(true)
    }

    /// What was done so far.
    #[must_use]
    pub fn report(&self) -> JudgingReport {
        let skipped = self.answers.iter().filter(|answer| matches!(answer, Answer::Skipped)).count();
        JudgingReport {
            judged: self.answers.len() - skipped,
            skipped,
            left: self.pairs.len() - self.answers.len(),
            judgements: self.qrels.judgements().count(),
        }
    }

    fn failed(&self, source: std::io::Error) -> EngineError {
        EngineError::File { path: self.path.clone(), source }
    }
}

/// The judgements of a file. A last line that a failing machine has torn, and nobody was told of, is cut off.
fn mended(file: &mut File, path: &Path) -> Result<Qrels, EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    if !text.is_empty() && !text.ends_with('\n') {
        let start = text.rfind('\n').map_or(0, |end| end + 1);
        if text[start..].parse::<Qrels>().is_err() {
            tracing::warn!(path = %path.display(), "the last line of the judgements is torn: it is cut off");
            text.truncate(start);
            file.set_len(start as u64).map_err(failed)?;
        } else {
            file.seek(SeekFrom::End(0)).and_then(|_| file.write_all(b"\n")).map_err(failed)?;
        }
        file.sync_data().map_err(failed)?;
    }
    Ok(text.parse()?)
}

fn own_run(folder: &mut SetFolder, pool: &Pool<'_>) -> Result<Run, EngineError> {
    let models = Models::load()?;
    let catalogue = models.catalogue(&mut folder.listings, pool.configuration)?;
    let profiles = models.profiles(&folder.queries);
    answer((&catalogue, &pool.configuration.weights), (&folder.queries, &profiles), pool.depth, &|_| ())
}

/// What waits for a grade: query by query in the order of the set, the best of all runs in an order that the seed and the
/// query alone decide, whatever is judged already.
fn pairs(folder: &SetFolder, qrels: &Qrels, runs: &[Run], pool: &Pool<'_>) -> Vec<(usize, usize)> {
    let places: std::collections::BTreeMap<&str, usize> =
        folder.listings.iter().enumerate().map(|(place, listing)| (listing.id.as_str(), place)).collect();
    let mut pairs = Vec::new();
    for (query, enterprise) in folder.queries.iter().enumerate() {
        let name = enterprise.id.as_str();
        let best = runs.iter().flat_map(|run| run.ranking(name).iter().take(pool.depth));
        let ids: BTreeSet<&str> = best.map(|(listing, _)| listing.as_str()).collect();
        let mut ids: Vec<&str> = ids.into_iter().collect();
        let own = u64::from(crc32fast::hash(name.as_bytes()));
        ids.shuffle(&mut ChaCha8Rng::seed_from_u64(pool.seed ^ own << 32));
        let waiting = ids.into_iter().filter(|id| qrels.grade(name, id).is_none());
        pairs.extend(waiting.filter_map(|id| Some((query, *places.get(id)?))));
    }
    pairs
}
