//! Searches that accounts keep for themselves.

use super::rows::{from_body, take_revisions, to_body};
use super::statement::Statement;
use super::{Store, StoreError, WriteLock};
use crate::domain::SavedSearch;

/// What `revision` calls them.
const WORD: &str = "saved_search";

const INSERT: &str = "INSERT INTO saved_search (number, login, body) VALUES ($1, $2, $3)";

const OF_LOGIN: &str = "SELECT number, body FROM saved_search WHERE login = $1 ORDER BY number";

const DELETE: &str = "DELETE FROM saved_search WHERE login = $1 AND number = $2";

impl Store {
    /// Keeps a search of an account; returns its number.
    ///
    /// # Errors
    /// As for every write.
    pub async fn save_search(&self, lock: &WriteLock, login: &str, search: &SavedSearch) -> Result<i64, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let number = take_revisions(&mut transaction, WORD, 1).await?;
        let body = to_body(WORD, &number.to_string(), &SavedSearch { number, ..search.clone() })?;
        transaction.run(Statement::new(INSERT).bind(number).bind(login).bind(body)).await?;
        transaction.commit().await?;
        Ok(number)
    }

    /// The searches of an account, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when one cannot be read, else as for every read.
    pub async fn saved_searches(&self, login: &str) -> Result<Vec<SavedSearch>, StoreError> {
        let rows: Vec<(i64, String)> = self.rows(Statement::new(OF_LOGIN).bind(login)).await?;
        rows.into_iter().map(|(number, body)| from_body(WORD, number.to_string(), &body)).collect()
    }

    /// Forgets a search of an account; false where it has none of this number.
    ///
    /// # Errors
    /// As for every write.
    pub async fn forget_search(&self, login: &str, number: i64) -> Result<bool, StoreError> {
        Ok(self.run(Statement::new(DELETE).bind(login).bind(number)).await? > 0)
    }
}
