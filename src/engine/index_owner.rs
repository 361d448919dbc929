//! Which record the index was made from.
//!
//! Revisions are numbers of one record. A data directory that is opened over another database must not take the numbers of
//! the one for those of the other. The file is written after the index: killed in between, the index is made once more.

use super::{Engine, EngineError};

/// Holds the word the record is known by.
const FILE_NAME: &str = "index.record";

impl Engine {
    /// Whether the index was made from another record than this. One that does not say was made by a duijie that knew
    /// only the record of its own directory.
    pub(super) async fn is_anothers(&self) -> Result<bool, EngineError> {
        if self.index.revision()? == 0 {
            return Ok(false);
        }
        match std::fs::read_to_string(self.store.directory().join(FILE_NAME)) {
            Ok(word) => Ok(word.trim() != self.store.identity().await?),
            Err(_) => Ok(self.store.is_shared()),
        }
    }

    /// Remembers that the index is made from this record.
    pub(super) async fn own_index(&self) -> Result<(), EngineError> {
        let (path, word) = (self.store.directory().join(FILE_NAME), self.store.identity().await?);
        if std::fs::read_to_string(&path).is_ok_and(|known| known.trim() == word) {
            return Ok(());
        }
        std::fs::write(&path, &word).map_err(|source| EngineError::File { path, source })
    }
}
