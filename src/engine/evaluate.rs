//! Measuring match quality on a judged set.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::match_base::Collected;
use super::matching::{MatchCatalogue, Matcher};
use super::{EngineError, OnProgress, Progress, technology};
use crate::analysis::Analyzer;
use crate::classify::{ClassifyError, Shipped};
use crate::domain::{Date, Enterprise, EnterpriseProfile, LabelKind, Listing, ListingId, Score};
use crate::eval::{Metrics, Qrels, Run, score};
use crate::ingest::{self, Records};
use crate::profile::profile_of;
use crate::rank::{Seeker, Weights};
use crate::retrieve::ListingMatrix;
use crate::retrieve::matrix::Scratch;

/// The name our runs carry.
const TAG: &str = "duijie";

/// What an evaluation gave.
#[derive(Debug, Clone, Serialize)]
pub struct Evaluation {
    /// The set's name: its folder's.
    pub set: String,
    /// Listings to choose from.
    pub listings: usize,
    /// Queries answered.
    pub queries: usize,
    /// Rows of the set that could not be read.
    pub rejected: usize,
    /// The figures; `None` for a set without judgements.
    pub metrics: Option<Metrics>,
}

/// Answers every query of a judged set with its best `k` listings, writes the run, and scores it if there are judgements.
///
/// # Errors
/// [`EngineError::NoQueries`] for another folder; what reading, matching or writing fails with.
pub fn evaluate(set: &Path, k: usize, out: Option<&Path>, progress: OnProgress<'_>) -> Result<Evaluation, EngineError> {
    let queries_file =
        ["enterprises.jsonl.gz", "needs.jsonl.gz"].iter().map(|name| set.join(name)).find(|path| path.exists());
    let queries_file = queries_file.ok_or_else(|| EngineError::NoQueries { path: set.to_owned() })?;
    let (mut listings, bad_listings) = values(ingest::open_patents(&set.join("listings.jsonl.gz"))?);
    let (queries, bad_queries) = values(ingest::open_queries(&queries_file)?);
    let analyzer = Analyzer::new();
    let classifiers = Shipped::load(&analyzer).map_err(ClassifyError::Model)?;
    technology::fill(listings.iter_mut(), || Ok(classifiers.clone()))?;
    let catalogue = catalogue(&analyzer, &listings)?;
    let profile = |enterprise: &Enterprise| profile_of(&analyzer, classifiers.of(LabelKind::Subclass), enterprise);
    let run = answer(profile, &catalogue, &queries, k, progress)?;
    if let Some(path) = out {
        write_run(&run, path)?;
    }
    Ok(Evaluation {
        set: set.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        listings: listings.len(),
        queries: queries.len(),
        rejected: bad_listings + bad_queries,
        metrics: judged(set)?.map(|qrels| score(&qrels, &run)),
    })
}

/// All rows that can be read, and how many cannot.
fn values<T>(records: Records<T>) -> (Vec<T>, usize) {
    let mut rejected = 0;
    let values = records.filter_map(|row| row.outcome.map_err(|_| rejected += 1).ok()).collect();
    (values, rejected)
}

/// The set's listings as matching sees them.
fn catalogue(analyzer: &Analyzer, listings: &[Listing]) -> Result<MatchCatalogue, EngineError> {
    let mut collected = Collected::default();
    collected.add(analyzer, &listings.iter().collect::<Vec<_>>());
    Ok(MatchCatalogue::new(ListingMatrix::of(Arc::new(collected.base()?))?, 0))
}

fn answer(
    profile: impl Fn(&Enterprise) -> EnterpriseProfile + Sync,
    catalogue: &MatchCatalogue,
    queries: &[Enterprise],
    k: usize,
    progress: OnProgress<'_>,
) -> Result<Run, EngineError> {
    let weights = Weights::default();
    // Judged sets are of the past: no listing of theirs has ended.
    let matcher = Matcher::new(catalogue, &weights, Date::EPOCH);
    let done = std::sync::atomic::AtomicU64::new(0);
    let rankings: Result<Vec<_>, EngineError> = queries
        .par_iter()
        .map_init(Scratch::default, |scratch, enterprise| {
            let request = matcher.request(&profile(enterprise), scratch)?;
            let ranked = matcher.best(&request, &Seeker::of(enterprise), k, 0.0, scratch)?;
            let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            progress(Progress { done, total: queries.len() as u64 });
            Ok(ranked.into_iter().map(|ranked| (ranked.listing, ranked.score)).collect::<Vec<(ListingId, Score)>>())
        })
        .collect();
    let mut run = Run::default();
    for (enterprise, ranking) in queries.iter().zip(rankings?) {
        run.insert(enterprise.id.as_str(), ranking);
    }
    Ok(run)
}

fn write_run(run: &Run, path: &Path) -> Result<(), EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let mut file = BufWriter::new(std::fs::File::create(path).map_err(failed)?);
    run.write(TAG, &mut file).and_then(|()| file.flush()).map_err(failed)
}

fn judged(set: &Path) -> Result<Option<Qrels>, EngineError> {
    let path: PathBuf = set.join("qrels.txt");
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).map_err(|source| EngineError::File { path, source })?;
    Ok(Some(text.parse()?))
}
