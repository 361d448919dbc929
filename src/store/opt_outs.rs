//! Enterprises that want nothing sent.

use std::collections::HashSet;

use super::audit;
use super::rows::CHUNK;
use super::statement::Statement;
use super::{Store, StoreError, WriteLock};
use crate::domain::{AuditEntry, EnterpriseId};

const INSERT: &str = "INSERT INTO opt_out (enterprise_id, opted_out_at) VALUES ($1, $2) \
     ON CONFLICT (enterprise_id) DO NOTHING";

const DELETE: &str = "DELETE FROM opt_out WHERE enterprise_id = $1";

const SELECT: &str = "SELECT opted_out_at FROM opt_out WHERE enterprise_id = $1";

const AMONG: &str = "SELECT enterprise_id FROM opt_out WHERE enterprise_id IN ";

impl Store {
    /// Keeps since when an enterprise has opted out, or with `None` that it no longer does, with the entry of it. Returns
    /// whether that changed anything; one that has opted out keeps its moment.
    ///
    /// # Errors
    /// [`StoreError::Query`] for an enterprise that is not there, and every writing error; then nothing is changed.
    pub async fn set_opt_out(
        &self,
        lock: &WriteLock,
        enterprise: &EnterpriseId,
        since: Option<i64>,
        entry: AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let statement = match since {
            Some(since) => Statement::new(INSERT).bind(enterprise.as_str()).bind(since),
            None => Statement::new(DELETE).bind(enterprise.as_str()),
        };
        if transaction.run(statement).await? == 0 {
            return Ok(false);
        }
        audit::append(&mut transaction, &[entry]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Since when an enterprise has opted out, in seconds since 1970.
    ///
    /// # Errors
    /// As for every read.
    pub async fn opted_out_at(&self, enterprise: &EnterpriseId) -> Result<Option<i64>, StoreError> {
        let rows: Vec<(i64,)> = self.rows(Statement::new(SELECT).bind(enterprise.as_str())).await?;
        Ok(rows.into_iter().next().map(|(since,)| since))
    }

    /// Which of some enterprises have opted out.
    ///
    /// # Errors
    /// As for every read.
    pub async fn opted_out_among(&self, enterprises: &[&EnterpriseId]) -> Result<HashSet<EnterpriseId>, StoreError> {
        let mut found = HashSet::new();
        for chunk in enterprises.chunks(CHUNK) {
            let select = Statement::new(AMONG).list(chunk.iter().map(|id| id.as_str()));
            let rows: Vec<(String,)> = self.rows(select).await?;
            found.extend(rows.into_iter().map(|(id,)| EnterpriseId::from_known(&id)));
        }
        Ok(found)
    }
}
