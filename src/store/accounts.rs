//! Accounts with what they sign in by. Secrets come in and go out as digests only.

use super::audit;
use super::pool::Transaction;
use super::rows::{from_body, sql_limit, to_body};
use super::statement::Statement;
use super::{Store, StoreError, WriteLock};
use crate::domain::{Account, AccountState, AuditEntry};

const SELECT: &str = "SELECT body, password, failures, locked_until FROM account WHERE login = $1";

const INSERT: &str = "INSERT INTO account (login, state, body, password) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (login) DO NOTHING";

const UPDATE: &str = "UPDATE account SET state = $2, body = $3 WHERE login = $1";

const UPDATE_PASSWORD: &str = "UPDATE account SET password = $2, failures = 0, locked_until = 0 WHERE login = $1";

/// Counted in the database, so that attempts made at once are all counted.
const FAILED: &str = "UPDATE account SET failures = failures + 1, \
     locked_until = CASE WHEN failures + 1 >= $2 THEN $3 ELSE locked_until END WHERE login = $1";

const SUCCEEDED: &str = "UPDATE account SET failures = 0, locked_until = 0 WHERE login = $1 AND failures > 0";

const PAGE: &str = "SELECT login, body FROM account WHERE login > $1 ORDER BY login LIMIT $2";

const PAGE_IN_STATE: &str = "SELECT login, body FROM account WHERE state = $1 AND login > $2 ORDER BY login LIMIT $3";

const END_SESSIONS: &str = "DELETE FROM session WHERE login = $1";

const END_RESETS: &str = "DELETE FROM password_reset WHERE login = $1";

const FORGET_EMAIL: &str = "DELETE FROM contact WHERE login = $1";

const SET_EMAIL: &str = "INSERT INTO contact (login, email) VALUES ($1, $2)";

const UNLINK: &str = "DELETE FROM sign_on WHERE login = $1";

const LINK: &str = "INSERT INTO sign_on (login, subject) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING";

const END_TOKENS: &str = "DELETE FROM api_token WHERE login = $1";

/// An account and what it takes to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAccount {
    /// The account.
    pub account: Account,
    /// Its password's argon2id hash in PHC form; `None` where it signs in by tokens alone.
    pub password: Option<String>,
    /// Wrong passwords since the last right one.
    pub failures: i64,
    /// Until when no password is looked at, in seconds since 1970-01-01 UTC.
    pub locked_until: i64,
}

/// What is changed of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountChange {
    /// A new one, with its password's hash.
    Add(Account, Option<String>),
    /// Another state or name. Whoever is not active loses sessions and tokens.
    Change(Account),
    /// A new password's hash. All sessions end.
    Password(String, String),
    /// Where the owner of a login is written to; nowhere for none.
    Email(String, Option<String>),
    /// What the provider of single sign-on calls the owner of a login; nobody for none.
    SignOn(String, Option<String>),
}

impl Store {
    /// The account of a login, as [`Account::login_of`] gives it.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when its body cannot be read, else as for every read.
    pub async fn account(&self, login: &str) -> Result<Option<KeptAccount>, StoreError> {
        type Row = (String, Option<String>, i64, i64);
        let rows: Vec<Row> = self.rows(Statement::new(SELECT).bind(login)).await?;
        let Some((body, password, failures, locked_until)) = rows.into_iter().next() else { return Ok(None) };
        let account = from_body("account", login.to_owned(), &body)?;
        Ok(Some(KeptAccount { account, password, failures, locked_until }))
    }

    /// A page of at most `limit` accounts behind a login, in the order of logins; those in one state where one is named.
    ///
    /// # Errors
    /// As [`Store::account`].
    pub async fn accounts(
        &self,
        state: Option<AccountState>,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        let select = match state {
            Some(state) => Statement::new(PAGE_IN_STATE).bind(state.word()).bind(after),
            None => Statement::new(PAGE).bind(after),
        };
        let rows: Vec<(String, String)> = self.rows(select.bind(sql_limit(limit))).await?;
        rows.into_iter().map(|(login, body)| from_body("account", login, &body)).collect()
    }

    /// Changes an account and keeps the entry of the trail, or does neither. False where a new one's login is taken, or
    /// the account to be changed is not there, or somebody is another's owner already.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing is saved.
    pub async fn change_account(
        &self,
        lock: &WriteLock,
        change: &AccountChange,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let changed = match change {
            AccountChange::Add(account, password) => {
                let insert = Statement::new(INSERT).bind(account.login.as_str()).bind(account.state.word());
                let body = to_body("account", &account.login, account)?;
                transaction.run(insert.bind(body).bind(password.as_deref())).await?
            }
            AccountChange::Change(account) => {
                if account.state != AccountState::Active {
                    transaction.run(Statement::new(END_SESSIONS).bind(account.login.as_str())).await?;
                    transaction.run(Statement::new(END_TOKENS).bind(account.login.as_str())).await?;
                }
                let update = Statement::new(UPDATE).bind(account.login.as_str()).bind(account.state.word());
                transaction.run(update.bind(to_body("account", &account.login, account)?)).await?
            }
            AccountChange::Password(login, password) => {
                transaction.run(Statement::new(END_SESSIONS).bind(login.as_str())).await?;
                transaction.run(Statement::new(END_RESETS).bind(login.as_str())).await?;
                transaction.run(Statement::new(UPDATE_PASSWORD).bind(login.as_str()).bind(password.as_str())).await?
            }
            AccountChange::Email(login, email) => {
                put(&mut transaction, login, email.as_deref(), (FORGET_EMAIL, SET_EMAIL)).await?
            }
            AccountChange::SignOn(login, subject) => {
                put(&mut transaction, login, subject.as_deref(), (UNLINK, LINK)).await?
            }
        };
        if changed == 0 {
            return Ok(false);
        }
        audit::append(&mut transaction, std::slice::from_ref(entry)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Counts a wrong password; from the `limit`th on, the account is locked until a moment.
    ///
    /// # Errors
    /// As for every write.
    pub async fn count_failure(&self, login: &str, limit: i64, locked_until: i64) -> Result<(), StoreError> {
        self.run(Statement::new(FAILED).bind(login).bind(limit).bind(locked_until)).await?;
        Ok(())
    }

    /// Forgets wrong passwords after a right one.
    ///
    /// # Errors
    /// As for every write.
    pub async fn forget_failures(&self, login: &str) -> Result<(), StoreError> {
        self.run(Statement::new(SUCCEEDED).bind(login)).await?;
        Ok(())
    }
}

/// Puts a value in the place of what a login had; returns how many are so now, one for none at all.
async fn put(
    transaction: &mut Transaction,
    login: &str,
    value: Option<&str>,
    (forget, set): (&'static str, &'static str),
) -> Result<u64, StoreError> {
    transaction.run(Statement::new(forget).bind(login)).await?;
    match value {
        Some(value) => transaction.run(Statement::new(set).bind(login).bind(value)).await,
        None => Ok(1),
    }
}
