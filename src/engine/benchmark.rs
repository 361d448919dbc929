//! Speed, measured on the work the peers do.

use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use super::match_base::{self, Collected};
use super::{EngineError, indexing, models};
use crate::analysis::Analyzer;
use crate::classify::{Learner, LinearSvm};
use crate::domain::{Listing, ListingId, ListingStatus, Patent};
use crate::embed::SparseMatrix;
use crate::index::ListingIndex;
use crate::retrieve::{Base, MatrixOrigin};

/// How fast texts were indexed, commit and merge to one segment included.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct IndexBenchmark {
    /// Texts.
    pub docs: usize,
    /// Seconds from the first text handed over to the merged segment.
    pub index_s: f64,
    /// Texts a second.
    pub docs_per_s: f64,
}

/// Indexes the texts of a peers' file (`id TAB text` a line; the first sentence is the title, the rest the abstract)
/// into a new index and match matrix in `directory`. `threads` analyse and count, beside the one that writes the index.
/// Reading the file and loading the dictionaries are not counted, as with the peers.
///
/// # Errors
/// [`EngineError::NotEmpty`] for a directory in use, [`EngineError::File`] if the file cannot be read, [`EngineError::Index`] if indexing fails.
pub fn benchmark_index(texts: &Path, directory: &Path, threads: usize) -> Result<IndexBenchmark, EngineError> {
    if std::fs::read_dir(directory).is_ok_and(|mut files| files.next().is_some()) {
        return Err(EngineError::NotEmpty { path: directory.to_owned() });
    }
    let text = std::fs::read_to_string(texts).map_err(|source| EngineError::File { path: texts.to_owned(), source })?;
    let listings: Vec<Listing> = text.lines().filter_map(listing_of).collect();
    let listings: Vec<&Listing> = listings.iter().collect();
    let analyzer = Analyzer::new();
    let _warm = analyzer.words("预热");
    let index = ListingIndex::open(directory, &analyzer, "")?;
    let origin = MatrixOrigin { analyzer: analyzer.version().to_owned(), ..MatrixOrigin::default() };
    let reader = models::embedding(None, &analyzer)?;
    let start = Instant::now();
    let mut writer = index.writer()?;
    let keep = |base: &Base| match_base::keep(base, &origin, &directory.join("match.matrix"));
    let base = pool(threads)?.install(|| {
        let mut collected = Collected::default();
        indexing::put_all(&reader, &mut writer, &listings, Some(&mut collected))?;
        indexing::finish(&mut writer, 0, Some(collected), keep)
    })?;
    writer.merge()?;
    let index_s = start.elapsed().as_secs_f64();
    drop(base);
    Ok(IndexBenchmark { docs: listings.len(), index_s, docs_per_s: listings.len() as f64 / index_s })
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, EngineError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|_| EngineError::Stopped { step: "threads" })
}

/// How fast a classifier's weights were fitted to features made elsewhere.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct FitBenchmark {
    /// Rows fitted.
    pub rows: usize,
    /// Classes.
    pub classes: usize,
    /// Seconds of fitting alone.
    pub fit_s: f64,
    /// Share of the test rows whose class is found.
    pub accuracy: f64,
}

/// Fits the linear support vector machines to rows in LIBSVM's form (`class column:value …`, classes from 0) and tests
/// them on others. Only the fitting is timed.
///
/// # Errors
/// [`EngineError::File`] if a file cannot be read, [`EngineError::Classify`] if there is nothing to tell apart.
pub fn benchmark_fit(train: &Path, test: &Path, threads: usize) -> Result<FitBenchmark, EngineError> {
    let (rows, targets) = libsvm(train)?;
    let (test_rows, test_targets) = libsvm(test)?;
    let width = rows.iter().chain(&test_rows).flatten().map(|(column, _)| *column as usize + 1).max().unwrap_or(0);
    let pool = pool(threads)?;
    let rows = SparseMatrix::new(&rows, width);
    let count = rows.height();
    let learner = Learner::Svm(LinearSvm::default());
    let start = Instant::now();
    let model = pool.install(|| learner.learn(rows, targets, Vec::new()))?;
    let fit_s = start.elapsed().as_secs_f64();
    let said = model.classes(&SparseMatrix::new(&test_rows, width));
    let right = said.iter().zip(&test_targets).filter(|(said, truth)| said == truth).count();
    let classes = model.weights.ncols();
    Ok(FitBenchmark { rows: count, classes, fit_s, accuracy: right as f64 / test_targets.len().max(1) as f64 })
}

/// Rows of (column, value), and the class of each.
type Labelled = (Vec<Vec<(u32, f32)>>, Vec<usize>);

fn libsvm(path: &Path) -> Result<Labelled, EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(failed)?;
    let row = |line: &str| {
        let mut parts = line.split_whitespace();
        let class: usize = parts.next()?.parse().ok()?;
        let entry =
            |part: &str| part.split_once(':').and_then(|(at, value)| Some((at.parse().ok()?, value.parse().ok()?)));
        Some((parts.map(entry).collect::<Option<Vec<_>>>()?, class))
    };
    let rows: Option<Vec<_>> = text.lines().map(row).collect();
    let rows = rows.ok_or_else(|| failed(std::io::Error::from(std::io::ErrorKind::InvalidData)))?;
    Ok(rows.into_iter().unzip())
}

fn listing_of(line: &str) -> Option<Listing> {
    let (id, text) = line.split_once('\t')?;
    let (title, abstract_text) = text.split_once('。').unwrap_or((text, ""));
    let id: ListingId = id.parse().ok()?;
    let patent = Patent {
        application_number: None,
        publication_number: None,
        kind: None,
        title: title.to_owned(),
        abstract_text: abstract_text.to_owned(),
        claim: String::new(),
        ipc: Vec::new(),
        holders: Vec::new(),
        location: None,
        filed_on: None,
        published_on: None,
        predicted: None,
    };
    let status = ListingStatus::Published;
    Some(Listing { id, patent, holder_kind: None, terms: None, status, announced_on: None })
}
