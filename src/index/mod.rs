//! The index of listings: what a person searches and what matching reads its postings from.
//!
//! Input are listings from the store; output are hits with facets and highlights (`search`), and postings with exact
//! statistics (`Snapshot`). The index holds no truth: it is rebuilt from the store at any time, to the same result, and
//! remembers the store revision it has caught up with. It refuses to open when it was made by another analyzer.
//!
//! Not done here: combining postings into matches (`retrieve`), which listings may be served (`rank`).

mod error;
mod highlight;
mod listing_terms;
mod orphans;
mod query;
mod schema;
mod search;
mod snapshot;
mod term_stream;
mod tokenizer;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::{Index, IndexReader, ReloadPolicy};

use crate::analysis::Analyzer;

pub use error::IndexError;
pub use highlight::{Fragment, Highlighter};
pub use listing_terms::{ListingTerms, Text};
pub use search::{FacetCount, Facets, Filters, Hit, SearchRequest, SearchResults};
pub use snapshot::Snapshot;
pub use writer::ListingWriter;

/// The searchable catalogue in one directory. Readers see a commit as soon as [`ListingIndex::refresh`] ran.
pub struct ListingIndex {
    index: Index,
    reader: IndexReader,
    analyzer: Analyzer,
    /// What listings without a class were classified with.
    models: String,
    current: Mutex<Option<Arc<Snapshot>>>,
    /// Where its files are; `None` in memory.
    directory: Option<PathBuf>,
}

/// What a commit says about itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct CommitNote {
    /// Which analyzer made the terms.
    analyzer: String,
    /// What listings without a class were classified with.
    #[serde(default)]
    models: String,
    /// The store revision the index has caught up with.
    revision: i64,
}

impl ListingIndex {
    /// Opens the index of a directory, or makes an empty one.
    ///
    /// # Errors
    /// [`IndexError::Version`] if another analyzer, schema or other `models` made it: rebuild it from the store.
    pub fn open(directory: &Path, analyzer: &Analyzer, models: &str) -> Result<Self, IndexError> {
        // A directory of its own, where earlier versions had a part of theirs: it is refused, not taken for empty.
        let directory = directory.join("main");
        std::fs::create_dir_all(&directory)
            .map_err(|source| IndexError::Directory { path: directory.clone(), source })?;
        let mmap = MmapDirectory::open(&directory).map_err(tantivy::TantivyError::from)?;
        let schema = schema::build().0;
        let index = if Index::exists(&mmap).map_err(tantivy::TantivyError::from)? {
            Index::open(mmap)?
        } else {
            Index::create(mmap, schema.clone(), tantivy::IndexSettings::default())?
        };
        if index.schema() != schema {
            return Err(IndexError::Version { found: "another schema".into(), expected: analyzer.version().into() });
        }
        Self::over(index, Some(directory), analyzer, models)
    }

    /// An empty index in memory, for evaluation and tests.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if the index cannot be set up.
    pub fn in_memory(analyzer: &Analyzer) -> Result<Self, IndexError> {
        Self::over(Index::create_in_ram(schema::build().0), None, analyzer, "")
    }

    fn over(index: Index, directory: Option<PathBuf>, analyzer: &Analyzer, models: &str) -> Result<Self, IndexError> {
        tokenizer::register(&index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let (analyzer, models) = (analyzer.clone(), models.to_owned());
        let this = Self { index, reader, analyzer, models, current: Mutex::new(None), directory };
        let version = |analyzer: &str, models: &str| format!("{analyzer}+{models}");
        let expected = version(this.analyzer.version(), &this.models);
        match this.commit_note()?.map(|note| version(&note.analyzer, &note.models)) {
            Some(found) if found != expected => Err(IndexError::Version { found, expected }),
            _ => Ok(this),
        }
    }

    /// Removes an index of any version, so that an empty one can be opened in its place.
    ///
    /// # Errors
    /// [`IndexError::Directory`] if the files cannot be removed.
    pub fn destroy(directory: &Path) -> Result<(), IndexError> {
        match std::fs::remove_dir_all(directory) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(IndexError::Directory { path: directory.to_owned(), source: error })
            }
            _ => Ok(()),
        }
    }

    /// The store revision the index has caught up with; zero for an empty one.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if the index cannot be read.
    pub fn revision(&self) -> Result<i64, IndexError> {
        Ok(self.commit_note()?.map_or(0, |note| note.revision))
    }

    /// Opens the one writer of the index.
    ///
    /// # Errors
    /// [`IndexError::Locked`] if another process is writing.
    pub fn writer(&self) -> Result<ListingWriter<'_>, IndexError> {
        ListingWriter::new(self)
    }

    /// Makes the newest commit visible to snapshots taken from now on.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if the new segments cannot be opened.
    pub fn refresh(&self) -> Result<(), IndexError> {
        Ok(self.reader.reload()?)
    }

    /// The catalogue as of the last refresh. Cheap when nothing has changed.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if a segment cannot be read.
    pub fn snapshot(&self) -> Result<Arc<Snapshot>, IndexError> {
        let searcher = self.reader.searcher();
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match current.as_ref().filter(|known| known.is_of(&searcher)) {
            Some(known) => Ok(Arc::clone(known)),
            None => Ok(Arc::clone(current.insert(Arc::new(Snapshot::new(searcher, self.analyzer.clone())?)))),
        }
    }

    fn commit_note(&self) -> Result<Option<CommitNote>, IndexError> {
        let payload = self.index.load_metas()?.payload;
        Ok(payload.and_then(|text| serde_json::from_str(&text).ok()))
    }
}
