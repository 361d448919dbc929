//! Requests that must not be carried out twice.

use sha2::{Digest, Sha256};

use super::{Engine, EngineError};
use crate::store::Once;

/// After so many seconds without an answer, the server that began a request has died.
const GIVEN_UP: i64 = 60;
/// How long an answer is kept, in seconds: a day.
const KEPT: i64 = 86_400;

impl Engine {
    /// Begins a request of an account under a key of its choice.
    ///
    /// # Errors
    /// [`EngineError::Store`] if it cannot be kept.
    pub async fn begin_once(&self, login: &str, key: &str, asked: &[u8], now: i64) -> Result<Once, EngineError> {
        let request: String = Sha256::digest(asked).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(self.store.begin_once((login, key), &request, now, now - GIVEN_UP).await?)
    }

    /// Keeps what it was answered.
    ///
    /// # Errors
    /// [`EngineError::Store`] if it cannot be kept.
    pub async fn end_once(&self, login: &str, key: &str, status: u16, body: &str) -> Result<(), EngineError> {
        Ok(self.store.end_once((login, key), i64::from(status), body).await?)
    }

    /// Frees the key of a request that changed nothing.
    ///
    /// # Errors
    /// [`EngineError::Store`] if it cannot be freed.
    pub async fn forget_once(&self, login: &str, key: &str) -> Result<(), EngineError> {
        Ok(self.store.forget_once((login, key)).await?)
    }

    /// Forgets answers that are a day old; returns how many.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the record cannot be written.
    pub async fn forget_old_answers(&self, now: i64) -> Result<u64, EngineError> {
        Ok(self.store.forget_answers(now - KEPT).await?)
    }
}
