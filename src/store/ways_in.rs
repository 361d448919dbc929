//! Other ways into an account than by its password: words sent by mail, and single sign-on.

use super::rows::from_body;
use super::statement::Statement;
use super::{Store, StoreError};
use crate::domain::Account;

const EMAIL: &str = "SELECT email FROM contact WHERE login = $1";

const PENDING: &str = "SELECT COUNT(*) FROM password_reset WHERE login = $1 AND ends_at > $2";

const INSERT_RESET: &str = "INSERT INTO password_reset (digest, login, ends_at) VALUES ($1, $2, $3)";

const SELECT_RESET: &str = "SELECT account.login, account.body FROM password_reset \
     JOIN account ON account.login = password_reset.login \
     WHERE password_reset.digest = $1 AND password_reset.ends_at > $2 AND account.state = 'active'";

const END_RESETS: &str = "DELETE FROM password_reset WHERE login = $1";

const OF_SUBJECT: &str = "SELECT account.login, account.body FROM sign_on \
     JOIN account ON account.login = sign_on.login WHERE sign_on.subject = $1 AND account.state = 'active'";

impl Store {
    /// Where the owner of an account is written to.
    ///
    /// # Errors
    /// As for every read.
    pub async fn email(&self, login: &str) -> Result<Option<String>, StoreError> {
        let rows: Vec<(String,)> = self.rows(Statement::new(EMAIL).bind(login)).await?;
        Ok(rows.into_iter().next().map(|(email,)| email))
    }

    /// Keeps the digest of a word by which a password can be set until a moment; false where an account has as many as
    /// it may.
    ///
    /// # Errors
    /// As for every write.
    pub async fn begin_reset(
        &self,
        digest: &str,
        login: &str,
        (now, ends_at): (i64, i64),
        most: i64,
    ) -> Result<bool, StoreError> {
        let rows: Vec<(i64,)> = self.rows(Statement::new(PENDING).bind(login).bind(now)).await?;
        if rows.first().is_some_and(|(pending,)| *pending >= most) {
            return Ok(false);
        }
        self.run(Statement::new(INSERT_RESET).bind(digest).bind(login).bind(ends_at)).await?;
        Ok(true)
    }

    /// The active account of such a word that has not ended.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when the account cannot be read, else as for every read.
    pub async fn account_of_reset(&self, digest: &str, now: i64) -> Result<Option<Account>, StoreError> {
        self.one_account(Statement::new(SELECT_RESET).bind(digest).bind(now)).await
    }

    /// Ends every such word of an account.
    ///
    /// # Errors
    /// As for every write.
    pub async fn end_resets(&self, login: &str) -> Result<(), StoreError> {
        self.run(Statement::new(END_RESETS).bind(login)).await?;
        Ok(())
    }

    /// The active account of whom the provider of single sign-on calls so.
    ///
    /// # Errors
    /// As [`Store::account_of_reset`].
    pub async fn account_of_subject(&self, subject: &str) -> Result<Option<Account>, StoreError> {
        self.one_account(Statement::new(OF_SUBJECT).bind(subject)).await
    }

    async fn one_account(&self, select: Statement) -> Result<Option<Account>, StoreError> {
        let rows: Vec<(String, String)> = self.rows(select).await?;
        rows.into_iter().next().map(|(login, body)| from_body("account", login, &body)).transpose()
    }
}
