//! The import ledger: which file was taken when, and what came of it. Only finished imports are recorded.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::audit;
use super::rows::sql_limit;
use super::statement::Statement;
use super::{Store, StoreError, WriteLock};
use crate::domain::AuditEntry;

const SELECT: &str = "SELECT checksum, kind, province, file_name, started_at, finished_at, \
     read, taken, added, changed, unchanged, rejected, rejections \
     FROM import WHERE checksum = $1 AND kind = $2";

// Without the refused rows, which can be megabytes of each.
const SELECT_LATEST: &str = "SELECT checksum AS digest, kind, file_name AS file, started_at, finished_at, \
     read, taken, added, changed, unchanged, rejected FROM import ORDER BY finished_at DESC, checksum LIMIT $1";

const SELECT_LATEST_OF: &str = "SELECT checksum AS digest, kind, file_name AS file, started_at, finished_at, \
     read, taken, added, changed, unchanged, rejected FROM import WHERE province = $2 \
     ORDER BY finished_at DESC, checksum LIMIT $1";

const UPSERT: &str = "INSERT INTO import (checksum, kind, province, file_name, started_at, finished_at, \
     read, taken, added, changed, unchanged, rejected, rejections) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
     ON CONFLICT (checksum, kind) DO UPDATE SET province = excluded.province, file_name = excluded.file_name, \
     started_at = excluded.started_at, finished_at = excluded.finished_at, \
     read = excluded.read, taken = excluded.taken, added = excluded.added, changed = excluded.changed, \
     unchanged = excluded.unchanged, rejected = excluded.rejected, rejections = excluded.rejections";

/// One finished import of one file.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ImportRecord {
    /// SHA-256 of the file, in hexadecimal.
    pub checksum: String,
    /// What was imported: `listings`, `enterprises` or `patents`.
    pub kind: String,
    /// The code of the province it was limited to; `None` for all.
    pub province: Option<String>,
    /// The file's name, without its directory.
    pub file_name: String,
    /// When the import began, in seconds since 1970-01-01 UTC.
    pub started_at: i64,
    /// When it ended, in seconds since 1970-01-01 UTC.
    pub finished_at: i64,
    /// Rows read.
    pub read: i64,
    /// Rows that passed the checks.
    pub taken: i64,
    /// Records that were new.
    pub added: i64,
    /// Records that changed.
    pub changed: i64,
    /// Records that brought nothing new.
    pub unchanged: i64,
    /// Rows refused.
    pub rejected: i64,
    /// The refused rows and why, as JSON.
    pub rejections: String,
}

/// What the ledger says of an import at a glance.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct FinishedImport {
    /// SHA-256 of the file, and of how it was read, in hexadecimal.
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

impl Store {
    /// The finished import of the file with this checksum as this kind; `None` if there was none.
    ///
    /// # Errors
    /// As for every read: [`StoreError::Busy`], [`StoreError::Corrupt`], [`StoreError::Query`].
    pub async fn finished_import(&self, checksum: &str, kind: &str) -> Result<Option<ImportRecord>, StoreError> {
        let mut rows = self.rows(Statement::new(SELECT).bind(checksum).bind(kind)).await?;
        Ok(rows.pop())
    }

    /// The imports that were finished last, the latest first; with a province, those limited to it.
    ///
    /// # Errors
    /// As [`Store::finished_import`].
    pub async fn finished_imports(
        &self,
        province: Option<&str>,
        limit: usize,
    ) -> Result<Vec<FinishedImport>, StoreError> {
        let select = match province {
            Some(province) => Statement::new(SELECT_LATEST_OF).bind(sql_limit(limit)).bind(province),
            None => Statement::new(SELECT_LATEST).bind(sql_limit(limit)),
        };
        self.rows(select).await
    }

    /// Records a finished import, in place of an earlier one of the same file and kind, with the entry of it.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk, else as for every read.
    pub async fn record_import(
        &self,
        lock: &WriteLock,
        import: &ImportRecord,
        entry: AuditEntry,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(lock).await?;
        let query = Statement::new(UPSERT)
            .bind(import.checksum.as_str())
            .bind(import.kind.as_str())
            .bind(import.province.as_deref())
            .bind(import.file_name.as_str())
            .bind(import.started_at)
            .bind(import.finished_at)
            .bind(import.read)
            .bind(import.taken)
            .bind(import.added)
            .bind(import.changed)
            .bind(import.unchanged)
            .bind(import.rejected)
            .bind(import.rejections.as_str());
        transaction.run(query).await?;
        audit::append(&mut transaction, &[entry]).await?;
        transaction.commit().await
    }
}
