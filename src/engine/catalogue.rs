//! Keeping the index caught up with the store.

use super::match_base::{self, Collected};
use super::{Engine, EngineError, OnProgress, Progress, indexing};
use crate::domain::Listing;
use crate::retrieve::Base;
use crate::store::DirectoryLock;

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
    pub(super) async fn catch_up(&self, lock: &DirectoryLock, progress: OnProgress<'_>) -> Result<u64, EngineError> {
        let target = self.store.listing_revision().await?;
        let mut revision = self.index.revision()?;
        let anothers = self.is_anothers().await?;
        if revision == target && !anothers {
            self.index.refresh()?;
            self.renew_base(lock, progress).await?;
            return Ok(0);
        }
        let mut writer = self.index.writer()?;
        if revision > target || anothers {
            // The store is older than the index, a backup was put back; or it is another. Everything is read anew.
            writer.clear()?;
            revision = 0;
        }
        let mut changes = 0_u64;
        // Everything is read: the match matrix is made of it too.
        let scoring = self.in_force().text;
        let mut collected = (revision == 0).then(|| Collected::scored_by(scoring));
        loop {
            let mut batch = self.store.listing_changes(revision, BATCH).await?;
            let Some(last) = batch.last() else { break };
            revision = last.revision;
            changes += batch.len() as u64;
            tokio::task::block_in_place(|| {
                self.fill(batch.iter_mut().filter_map(|change| change.listing.as_mut()))?;
                // A listing stands in a page once, so that removed and changed ones do not meet.
                batch.iter().filter(|change| change.listing.is_none()).for_each(|change| writer.remove(&change.id));
                let listings: Vec<&Listing> = batch.iter().filter_map(|change| change.listing.as_ref()).collect();
                indexing::put_all(self.embedding()?, &mut writer, &listings, collected.as_mut())
            })?;
            progress(Progress { done: revision.max(0) as u64, total: target.max(0) as u64 });
        }
        let (origin, path) = (self.origin(target, scoring).await?, self.matrix_path());
        let keep = |base: &Base| match_base::keep(base, &origin, &path);
        let base = tokio::task::block_in_place(|| indexing::finish(&mut writer, target, collected, keep))?;
        if changes > BULK {
            writer.merge()?;
        }
        self.own_index().await?;
        self.index.refresh()?;
        match base {
            Some(base) => self.put_in_force(base, target).await?,
            None => self.renew_base(lock, progress).await?,
        }
        tracing::info!(changes, revision, directory = %self.index_directory.display(), "index caught up");
        Ok(changes)
    }
}
