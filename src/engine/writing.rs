//! Waiting a moment for the right to write.

use std::time::Duration;

use super::{Engine, EngineError};
use crate::ingest::IngestError;
use crate::store::{ServerError, StoreError, WriteLock};

/// How often, and how long in between, somebody who acts asks again: two people at their desks do not see each other's
/// steps, which take milliseconds; an import under way they are told of.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

impl Engine {
    /// Takes the right to write, waiting five seconds for whoever has it.
    ///
    /// # Errors
    /// [`EngineError::Store`] with the one who still holds it, or if the record cannot be reached.
    pub(super) async fn writing(&self) -> Result<WriteLock, EngineError> {
        for _ in 1..ATTEMPTS {
            match self.store.lock_for_writing().await {
                Err(StoreError::Locked { .. } | StoreError::Server(ServerError::Locked { .. })) => {
                    tokio::time::sleep(PAUSE).await;
                }
                taken => return Ok(taken?),
            }
        }
        Ok(self.store.lock_for_writing().await?)
    }
}

impl EngineError {
    /// Whether a file is at fault that somebody gave, and not this machine.
    #[must_use]
    pub fn is_of_the_file(&self) -> bool {
        matches!(self, Self::Ingest(error) if !matches!(error, IngestError::Unreadable { .. }))
    }

    /// Whether somebody else is writing, so that it may work in a moment.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let Self::Store(error) = self else { return false };
        matches!(
            error,
            StoreError::Locked { .. } | StoreError::Busy { .. } | StoreError::Server(ServerError::Locked { .. })
        )
    }
}
