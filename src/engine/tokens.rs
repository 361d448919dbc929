//! Tokens: what programs prove themselves by, for a purpose and a time.

use serde::Serialize;
use utoipa::ToSchema;

use super::passwords::{digest, secret};
use super::{AccountError, Engine, EngineError};
use crate::domain::{Account, Caller, Permission};
use crate::store::TokenRecord;

/// What every token begins with, so that one left in a file is found.
const PREFIX: &str = "duijie_";
/// Longest life of a token, in days.
pub(super) const LONGEST_DAYS: u32 = 366;

/// A token just given. Its word is shown this once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GivenToken {
    /// The word to send.
    pub token: String,
    /// What is kept of it.
    #[serde(flatten)]
    pub record: TokenRecord,
}

impl Engine {
    /// Gives an account a token for some of what its role may do, lasting some days.
    ///
    /// # Errors
    /// [`AccountError::Scopes`] or [`AccountError::Token`] for one that cannot be, [`EngineError::Store`] if it cannot be
    /// kept.
    pub async fn give_token(
        &self,
        account: &Account,
        label: &str,
        mut scopes: Vec<Permission>,
        days: u32,
        now: i64,
    ) -> Result<GivenToken, EngineError> {
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() || scopes.iter().any(|scope| !account.role.may(*scope)) {
            return Err(AccountError::Scopes { role: account.role }.into());
        }
        let label = label.trim().to_owned();
        if !(1..=60).contains(&label.chars().count()) || !(1..=LONGEST_DAYS).contains(&days) {
            return Err(AccountError::Token.into());
        }
        let (word, mut id) = (secret()?, secret()?);
        id.truncate(12);
        let ends_at = now + i64::from(days) * 86_400;
        let record = TokenRecord { id: format!("t-{id}"), label, scopes, created_at: now, ends_at };
        let token = format!("{PREFIX}{word}");
        self.store.give_token(&digest(&token), &account.login, &record).await?;
        Ok(GivenToken { token, record })
    }

    /// Who a token stands for; `None` for one that is unknown, ended, taken back, or of a shut account.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the record cannot be read.
    pub async fn token(&self, token: &str, now: i64) -> Result<Option<Caller>, EngineError> {
        let found = self.store.token(&digest(token), now).await?;
        Ok(found.map(|(account, scopes)| Caller { account, scopes: Some(scopes) }))
    }

    /// The tokens of an account.
    ///
    /// # Errors
    /// [`EngineError::Store`] if they cannot be read.
    pub async fn tokens(&self, account: &Account) -> Result<Vec<TokenRecord>, EngineError> {
        Ok(self.store.tokens(&account.login).await?)
    }

    /// Takes a token back.
    ///
    /// # Errors
    /// [`AccountError::UnknownToken`] if the account has none of this name.
    pub async fn revoke_token(&self, account: &Account, id: &str) -> Result<(), EngineError> {
        if self.store.revoke_token(&account.login, id).await? {
            return Ok(());
        }
        Err(AccountError::UnknownToken { id: id.chars().take(40).collect() }.into())
    }
}
