//! Speed, measured on the work the peers do.

use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use super::EngineError;
use crate::analysis::Analyzer;
use crate::domain::{Listing, ListingId, ListingStatus, Patent};
use crate::index::ListingIndex;

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
/// into a new index in `directory` with `threads` writing threads. Reading the file and loading the dictionaries are
/// not counted, as with the peers.
///
/// # Errors
/// [`EngineError::NotEmpty`] for a directory in use, [`EngineError::File`] if the file cannot be read, [`EngineError::Index`] if indexing fails.
pub fn benchmark_index(texts: &Path, directory: &Path, threads: usize) -> Result<IndexBenchmark, EngineError> {
    if std::fs::read_dir(directory).is_ok_and(|mut files| files.next().is_some()) {
        return Err(EngineError::NotEmpty { path: directory.to_owned() });
    }
    let text = std::fs::read_to_string(texts).map_err(|source| EngineError::File { path: texts.to_owned(), source })?;
    let listings: Vec<Listing> = text.lines().filter_map(listing_of).collect();
    let analyzer = Analyzer::new();
    let _warm = analyzer.words("预热");
    let index = ListingIndex::open(directory, &analyzer)?;
    let start = Instant::now();
    let mut writer = index.writer(threads)?;
    listings.iter().try_for_each(|listing| writer.put(listing))?;
    writer.commit(0)?;
    writer.merge()?;
    let index_s = start.elapsed().as_secs_f64();
    Ok(IndexBenchmark { docs: listings.len(), index_s, docs_per_s: listings.len() as f64 / index_s })
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
    };
    let status = ListingStatus::Published;
    Some(Listing { id, patent, holder_kind: None, terms: None, status, announced_on: None })
}
