//! The draft of a licence's contract.

use super::{Engine, EngineError};
use crate::document;
use crate::domain::LicenceRefusal;

impl Engine {
    /// The contract of a licence as a DOCX draft for its parties to check.
    ///
    /// # Errors
    /// [`LicenceRefusal::Unknown`] if there is none, [`EngineError::Document`] if it cannot be written.
    pub async fn contract(&self, number: i64) -> Result<Vec<u8>, EngineError> {
        let licence = self.store.licence(number).await?.ok_or(LicenceRefusal::Unknown { number })?;
        tokio::task::block_in_place(|| Ok(document::contract(&licence)?))
    }
}
