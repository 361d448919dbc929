//! Keeping the index caught up with the store.

use super::{Engine, EngineError, OnProgress, Progress};
use crate::store::WriteLock;

/// Changes read from the store at a time.
const BATCH: usize = 2_000;
/// More changes than this are merged into one segment at once: later reading is faster.
const BULK: u64 = 5_000;

impl Engine {
    /// Brings the index up to date with the store, from the revision it knows; returns how many changes there were.
    /// The index moves in one commit: killed before it, it starts again from the same revision.
    ///
    /// # Errors
    /// [`EngineError::Index`] or [`EngineError::Store`]; the index then is as it was.
    pub(super) async fn catch_up(&self, _lock: &WriteLock, progress: OnProgress<'_>) -> Result<u64, EngineError> {
        let target = self.store.listing_revision().await?;
        let mut revision = self.index.revision()?;
        if revision == target {
            self.index.refresh()?;
            return Ok(0);
        }
        let mut writer = self.index.writer(threads())?;
        if revision > target {
            // The store is older than the index: a backup was put back. Everything is read anew.
            writer.clear()?;
            revision = 0;
        }
        let mut changes = 0_u64;
        loop {
            let mut batch = self.store.listing_changes(revision, BATCH).await?;
            let Some(last) = batch.last() else { break };
            revision = last.revision;
            changes += batch.len() as u64;
            tokio::task::block_in_place(|| self.fill(batch.iter_mut().filter_map(|change| change.listing.as_mut())))?;
            for change in &batch {
                match &change.listing {
                    Some(listing) => writer.put(listing)?,
                    None => writer.remove(&change.id),
                }
            }
            progress(Progress { done: revision.max(0) as u64, total: target.max(0) as u64 });
        }
        writer.commit(target)?;
        if changes > BULK {
            writer.merge()?;
        }
        self.index.refresh()?;
        tracing::info!(changes, revision, directory = %self.index_directory.display(), "index caught up");
        Ok(changes)
    }
}

/// Threads for bulk work; more than eight only cost memory (tantivy gives each its own buffer).
pub(super) fn threads() -> usize {
    rayon::current_num_threads().min(8)
}
