//! The whole trail, and whether it is whole.

use serde::Serialize;

use super::{Engine, EngineError, TrailEntry};

/// Entries read at a time.
const PAGE: usize = 1_000;

/// Whether the trail is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrailCheck {
    /// Entries that follow on each other.
    pub entries: i64,
    /// The digest of the last of them: kept elsewhere, it shows later changes of all before it.
    pub digest: String,
    /// The first entry that does not follow on the one before.
    pub broken_at: Option<i64>,
}

impl Engine {
    /// At most `limit` entries of the whole trail behind the number `after`, oldest first.
    ///
    /// # Errors
    /// [`EngineError::Store`] if they cannot be read.
    pub async fn trail(&self, after: i64, limit: usize) -> Result<Vec<TrailEntry>, EngineError> {
        Ok(self.store.trail(after, limit).await?.into_iter().map(TrailEntry::from).collect())
    }

    /// Whether every entry of the trail follows on the one before it.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the trail cannot be read.
    pub async fn check_trail(&self) -> Result<TrailCheck, EngineError> {
        let mut check = TrailCheck { entries: 0, digest: String::new(), broken_at: None };
        loop {
            let page = self.store.trail(check.entries, PAGE).await?;
            if page.is_empty() {
                return Ok(check);
            }
            for kept in page {
                if !kept.follows(check.entries, &check.digest) {
                    return Ok(TrailCheck { broken_at: Some(check.entries + 1), ..check });
                }
                (check.entries, check.digest) = (kept.number, kept.digest);
            }
        }
    }
}
