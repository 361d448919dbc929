//! The ledger of imports.

use super::{Engine, EngineError};
use crate::domain::DivisionCode;
use crate::store::FinishedImport;

impl Engine {
    /// At most `limit` finished imports, the latest first; of one province, those limited to it.
    ///
    /// # Errors
    /// [`EngineError::Store`] if they cannot be read.
    pub async fn finished_imports(
        &self,
        province: Option<DivisionCode>,
        limit: usize,
    ) -> Result<Vec<FinishedImport>, EngineError> {
        let province = province.map(|province| province.to_string());
        Ok(self.store.finished_imports(province.as_deref(), limit).await?)
    }
}
