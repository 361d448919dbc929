//! Forgetting what may not be kept for ever: what firms were shown and did with it, and what they asked.
//!
//! The trail stays: that something was asked, by whom and when, is for ever, the words are not.

use std::collections::BTreeSet;

use super::audit;
use super::feedback::raise;
use super::pool::Session;
use super::rows::CHUNK;
use super::statement::Statement;
use super::{Store, StoreError, WriteLock};
use crate::domain::{AuditEntry, EnterpriseId};

const OLD_DELIVERIES: &str =
    "SELECT delivery_id, enterprise_id FROM delivery WHERE delivered_at < $1 ORDER BY delivery_id LIMIT $2";

const DELIVERIES_OF: &str =
    "SELECT delivery_id, enterprise_id FROM delivery WHERE enterprise_id = $1 ORDER BY delivery_id LIMIT $2";

/// In this order: each refers to the next.
const FORGET_DELIVERIES: [&str; 3] = [
    "DELETE FROM feedback_event WHERE delivery_id IN ",
    "DELETE FROM delivered_listing WHERE delivery_id IN ",
    "DELETE FROM delivery WHERE delivery_id IN ",
];

const FORGET_ENQUIRIES: [&str; 2] = [
    "DELETE FROM party WHERE subject_kind = 'enquiry' AND number IN (SELECT number FROM enquiry WHERE asked_at < $1)",
    "DELETE FROM enquiry WHERE asked_at < $1",
];

impl Store {
    /// Forgets deliveries from before a moment with everything that was done with them; returns how many. Their enterprises
    /// are matched anew, by what is left. A few hundred in a transaction: killed, what was forgotten stays so.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error.
    pub async fn forget_deliveries(&self, lock: &WriteLock, before: i64) -> Result<u64, StoreError> {
        self.forget_selected(lock, &Statement::new(OLD_DELIVERIES).bind(before).bind(CHUNK as i64)).await
    }

    /// Forgets everything that an enterprise was shown, with everything that it did with that; returns how many deliveries,
    /// and keeps the entry.
    ///
    /// # Errors
    /// As [`Store::forget_deliveries`].
    pub async fn forget_deliveries_of(
        &self,
        lock: &WriteLock,
        enterprise: &EnterpriseId,
        entry: AuditEntry,
    ) -> Result<u64, StoreError> {
        let select = Statement::new(DELIVERIES_OF).bind(enterprise.as_str()).bind(CHUNK as i64);
        let forgotten = self.forget_selected(lock, &select).await?;
        let mut transaction = self.begin(lock).await?;
        audit::append(&mut transaction, &[entry]).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }

    async fn forget_selected(&self, lock: &WriteLock, select: &Statement) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        loop {
            let mut transaction = self.begin(lock).await?;
            let old: Vec<(String, String)> = transaction.rows(select.clone()).await?;
            if old.is_empty() {
                return Ok(forgotten);
            }
            for statement in FORGET_DELIVERIES {
                transaction.run(Statement::new(statement).list(old.iter().map(|(id, _)| id.as_str()))).await?;
            }
            let firms: BTreeSet<EnterpriseId> = old.iter().map(|(_, firm)| EnterpriseId::from_known(firm)).collect();
            raise(&mut transaction, &firms).await?;
            transaction.commit().await?;
            forgotten += old.len() as u64;
        }
    }

    /// Forgets enquiries from before a moment; returns how many.
    ///
    /// # Errors
    /// As [`Store::forget_deliveries`]; then nothing is forgotten.
    pub async fn forget_enquiries(&self, lock: &WriteLock, before: i64) -> Result<u64, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let mut forgotten = 0;
        for statement in FORGET_ENQUIRIES {
            forgotten = transaction.run(Statement::new(statement).bind(before)).await?;
        }
        transaction.commit().await?;
        Ok(forgotten)
    }
}
