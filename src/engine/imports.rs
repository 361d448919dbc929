//! The ledger of imports.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Engine, EngineError};
use crate::domain::DivisionCode;
use crate::store::ImportRecord;

/// A finished import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FinishedImport {
    /// SHA-256 of the file and of how its columns were read, in hexadecimal.
    pub digest: String,
    /// What it held: `listings`, `enterprises`, `patents` or `industry_fees`.
    pub kind: String,
    /// The file's name.
    pub file: String,
    /// When it began, in seconds since 1970-01-01 UTC.
    pub started_at: i64,
    /// When it ended.
    pub finished_at: i64,
    /// Rows read.
    pub read: i64,
    /// Rows taken.
    pub taken: i64,
    /// Of those, new ones.
    pub added: i64,
    /// Of those, ones that changed what was known.
    pub changed: i64,
    /// Of those, ones that brought nothing new.
    pub unchanged: i64,
    /// Rows refused.
    pub rejected: i64,
}

impl From<ImportRecord> for FinishedImport {
    fn from(record: ImportRecord) -> Self {
        Self {
            digest: record.checksum,
            kind: record.kind,
            file: record.file_name,
            started_at: record.started_at,
            finished_at: record.finished_at,
            read: record.read,
            taken: record.taken,
            added: record.added,
            changed: record.changed,
            unchanged: record.unchanged,
            rejected: record.rejected,
        }
    }
}

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
        Ok(self
            .store
            .finished_imports(province.as_deref(), limit)
            .await?
            .into_iter()
            .map(FinishedImport::from)
            .collect())
    }
}
