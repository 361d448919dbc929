//! Sessions and tokens, by the digest of their secret word.

use utoipa::ToSchema;

use super::rows::from_body;
use super::statement::Statement;
use super::{Store, StoreError};
use crate::domain::{Account, Permission};

const INSERT_SESSION: &str = "INSERT INTO session (digest, login, ends_at) VALUES ($1, $2, $3)";

const SELECT_SESSION: &str = "SELECT account.login, account.body, session.ends_at FROM session \
     JOIN account ON account.login = session.login \
     WHERE session.digest = $1 AND session.ends_at > $2 AND account.state = 'active'";

const END_SESSION: &str = "DELETE FROM session WHERE digest = $1";

const END_OLD: [&str; 3] = [
    "DELETE FROM session WHERE ends_at <= $1",
    "DELETE FROM api_token WHERE ends_at <= $1",
    "DELETE FROM password_reset WHERE ends_at <= $1",
];

const INSERT_TOKEN: &str = "INSERT INTO api_token (token_id, digest, login, label, scopes, created_at, ends_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const SELECT_TOKEN: &str = "SELECT account.login, account.body, api_token.scopes FROM api_token \
     JOIN account ON account.login = api_token.login \
     WHERE api_token.digest = $1 AND api_token.ends_at > $2 AND account.state = 'active'";

const SELECT_TOKENS: &str =
    "SELECT token_id, label, scopes, created_at, ends_at FROM api_token WHERE login = $1 ORDER BY token_id";

const REVOKE: &str = "DELETE FROM api_token WHERE login = $1 AND token_id = $2";

/// What is kept of a token beside its digest.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, ToSchema)]
pub struct TokenRecord {
    /// What it is called when it is taken back.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// What it is for.
    pub scopes: Vec<Permission>,
    /// When it was given, in seconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// When it ends.
    pub ends_at: i64,
}

impl Store {
    /// Opens a session of an account until a moment.
    ///
    /// # Errors
    /// As for every write.
    pub async fn open_session(&self, digest: &str, login: &str, ends_at: i64) -> Result<(), StoreError> {
        self.run(Statement::new(INSERT_SESSION).bind(digest).bind(login).bind(ends_at)).await?;
        Ok(())
    }

    /// The active account of a session that has not ended, and when it will.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when the account cannot be read, else as for every read.
    pub async fn session(&self, digest: &str, now: i64) -> Result<Option<(Account, i64)>, StoreError> {
        let rows: Vec<(String, String, i64)> = self.rows(Statement::new(SELECT_SESSION).bind(digest).bind(now)).await?;
        let Some((login, body, ends_at)) = rows.into_iter().next() else { return Ok(None) };
        Ok(Some((from_body("account", login, &body)?, ends_at)))
    }

    /// Ends a session; ending one that is not there changes nothing.
    ///
    /// # Errors
    /// As for every write.
    pub async fn end_session(&self, digest: &str) -> Result<(), StoreError> {
        self.run(Statement::new(END_SESSION).bind(digest)).await?;
        Ok(())
    }

    /// Forgets sessions, tokens and words sent by mail that have ended; returns how many.
    ///
    /// # Errors
    /// As for every write.
    pub async fn forget_ended(&self, now: i64) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        for statement in END_OLD {
            forgotten += self.run(Statement::new(statement).bind(now)).await?;
        }
        Ok(forgotten)
    }

    /// Keeps a token of an account by the digest of its word.
    ///
    /// # Errors
    /// As for every write.
    pub async fn give_token(&self, digest: &str, login: &str, token: &TokenRecord) -> Result<(), StoreError> {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.word()).collect();
        let insert = Statement::new(INSERT_TOKEN).bind(token.id.as_str()).bind(digest).bind(login);
        let insert = insert.bind(token.label.as_str()).bind(scopes.join(" "));
        self.run(insert.bind(token.created_at).bind(token.ends_at)).await?;
        Ok(())
    }

    /// The active account of a token that has not ended, and what the token is for.
    ///
    /// # Errors
    /// As [`Store::session`].
    pub async fn token(&self, digest: &str, now: i64) -> Result<Option<(Account, Vec<Permission>)>, StoreError> {
        let rows: Vec<(String, String, String)> =
            self.rows(Statement::new(SELECT_TOKEN).bind(digest).bind(now)).await?;
        let Some((login, body, scopes)) = rows.into_iter().next() else { return Ok(None) };
        Ok(Some((from_body("account", login, &body)?, permissions(&scopes))))
    }

    /// The tokens of an account, ended ones included.
    ///
    /// # Errors
    /// As for every read.
    pub async fn tokens(&self, login: &str) -> Result<Vec<TokenRecord>, StoreError> {
        let rows: Vec<(String, String, String, i64, i64)> =
            self.rows(Statement::new(SELECT_TOKENS).bind(login)).await?;
        let record = |(id, label, scopes, created_at, ends_at): (_, _, String, _, _)| TokenRecord {
            id,
            label,
            scopes: permissions(&scopes),
            created_at,
            ends_at,
        };
        Ok(rows.into_iter().map(record).collect())
    }

    /// Takes a token of an account back; false where it has none of this name.
    ///
    /// # Errors
    /// As for every write.
    pub async fn revoke_token(&self, login: &str, id: &str) -> Result<bool, StoreError> {
        Ok(self.run(Statement::new(REVOKE).bind(login).bind(id)).await? > 0)
    }
}

/// A scope that this duijie does not know gives nothing.
fn permissions(words: &str) -> Vec<Permission> {
    words.split(' ').filter_map(Permission::of_word).collect()
}
