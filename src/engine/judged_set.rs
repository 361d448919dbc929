//! A judged set on disk: listings, queries, judgements.

use std::path::{Path, PathBuf};

use super::EngineError;
use super::judged_set_error::JudgedSetError;
use crate::domain::{Enterprise, Listing};
use crate::eval::{JudgedSet, JudgementWeights, Qrels};
use crate::ingest::{self, Records};

/// A judged set as read.
pub(super) struct SetFolder {
    /// Its folder's name.
    pub name: String,
    pub listings: Vec<Listing>,
    pub queries: Vec<Enterprise>,
    /// Rows that could not be read.
    pub rejected: usize,
    /// `None` where there are none.
    pub qrels: Option<Qrels>,
    /// How much each judgement counts; nothing where they count alike.
    pub weights: JudgementWeights,
}

impl SetFolder {
    /// Reads `listings.jsonl.gz`, `enterprises.jsonl.gz` or `needs.jsonl.gz`, and `qrels.txt` and `weights.txt` if they are there.
    ///
    /// # Errors
    /// [`EngineError::NoQueries`] for another folder; what reading fails with; [`EngineError::Qrels`] for judgements that
    /// cannot be read, contradict each other or have nothing relevant.
    pub(super) fn read(folder: &Path) -> Result<Self, EngineError> {
        Ok(Self { qrels: judgements(folder)?, weights: weights(folder)?, ..Self::unjudged(folder)? })
    }

    /// The same without the judgements.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) fn unjudged(folder: &Path) -> Result<Self, EngineError> {
        let queries_file =
            ["enterprises.jsonl.gz", "needs.jsonl.gz"].iter().map(|name| folder.join(name)).find(|path| path.exists());
        let queries_file = queries_file.ok_or_else(|| EngineError::NoQueries { path: folder.to_owned() })?;
        let (listings, bad_listings) = values(ingest::open_patents(&folder.join("listings.jsonl.gz"))?);
        let (queries, bad_queries) = values(ingest::open_queries(&queries_file)?);
        Ok(Self {
            name: folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            listings,
            queries,
            rejected: bad_listings + bad_queries,
            qrels: None,
            weights: JudgementWeights::default(),
        })
    }

    /// What the measures look at; `None` without judgements.
    pub(super) fn judged(&self) -> Option<JudgedSet> {
        let set = JudgedSet::of(&self.listings, &self.queries, self.qrels.clone()?);
        Some(JudgedSet { weights: self.weights.clone(), ..set })
    }

    /// What the measures look at.
    ///
    /// # Errors
    /// [`EngineError::NoJudgements`] without judgements.
    pub(super) fn to_be_judged(&self) -> Result<JudgedSet, EngineError> {
        self.judged().ok_or_else(|| EngineError::NoJudgements { set: self.name.clone() })
    }
}

/// All rows that can be read, and how many cannot.
fn values<T>(records: Records<T>) -> (Vec<T>, usize) {
    let mut rejected = 0;
    let values = records.filter_map(|row| row.outcome.map_err(|_| rejected += 1).ok()).collect();
    (values, rejected)
}

fn weights(folder: &Path) -> Result<JudgementWeights, EngineError> {
    let path: PathBuf = folder.join("weights.txt");
    if !path.exists() {
        return Ok(JudgementWeights::default());
    }
    let text = std::fs::read_to_string(&path).map_err(|source| EngineError::File { path: path.clone(), source })?;
    text.parse().map_err(|source| JudgedSetError::Weights { path, source }.into())
}

fn judgements(folder: &Path) -> Result<Option<Qrels>, EngineError> {
    let path: PathBuf = folder.join("qrels.txt");
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).map_err(|source| EngineError::File { path, source })?;
    Ok(Some(text.parse::<Qrels>()?.checked()?))
}
