//! Where enterprises' own systems take messages, and what links in messages are signed with.

use super::statement::Statement;
use super::{Store, StoreError, WriteLock};
use crate::domain::EnterpriseId;

const SELECT: &str = "SELECT url, secret FROM webhook WHERE enterprise_id = $1";

const DELETE: &str = "DELETE FROM webhook WHERE enterprise_id = $1";

const INSERT: &str = "INSERT INTO webhook (enterprise_id, url, secret) VALUES ($1, $2, $3)";

const KEY: &str = "SELECT secret FROM link_key WHERE place = 1";

const INSERT_KEY: &str = "INSERT INTO link_key (place, secret) VALUES (1, $1) ON CONFLICT (place) DO NOTHING";

impl Store {
    /// Where an enterprise's own system takes messages, and the word they are signed with.
    ///
    /// # Errors
    /// As for every read.
    pub async fn webhook(&self, enterprise: &EnterpriseId) -> Result<Option<(String, String)>, StoreError> {
        let rows: Vec<(String, String)> = self.rows(Statement::new(SELECT).bind(enterprise.as_str())).await?;
        Ok(rows.into_iter().next())
    }

    /// Puts an address with its word in the place of an enterprise's; with `None` it has none.
    ///
    /// # Errors
    /// [`StoreError::Query`] for an enterprise that is not there, and every writing error; then nothing is changed.
    pub async fn set_webhook(
        &self,
        lock: &WriteLock,
        enterprise: &EnterpriseId,
        webhook: Option<(&str, &str)>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(lock).await?;
        transaction.run(Statement::new(DELETE).bind(enterprise.as_str())).await?;
        if let Some((url, secret)) = webhook {
            transaction.run(Statement::new(INSERT).bind(enterprise.as_str()).bind(url).bind(secret)).await?;
        }
        transaction.commit().await
    }

    /// What links in messages are signed with: `fresh` if there was none before, and from then on the same.
    ///
    /// # Errors
    /// As for every write.
    pub async fn link_key(&self, fresh: &str) -> Result<String, StoreError> {
        self.run(Statement::new(INSERT_KEY).bind(fresh)).await?;
        self.value(Statement::new(KEY)).await
    }
}
