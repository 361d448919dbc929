//! Searches that accounts keep for themselves.

use super::{Engine, EngineError};
use crate::domain::{Account, MOST_SAVED, SavedSearch, SavedSearchRefusal};

impl Engine {
    /// Keeps a search of an account.
    ///
    /// # Errors
    /// [`SavedSearchRefusal::TooMany`] for one too many, [`EngineError::Store`] if it cannot be kept.
    pub async fn save_search(&self, account: &Account, search: SavedSearch) -> Result<SavedSearch, EngineError> {
        let lock = self.writing().await?;
        if self.store.saved_searches(&account.login).await?.len() >= MOST_SAVED {
            return Err(SavedSearchRefusal::TooMany.into());
        }
        let number = self.store.save_search(&lock, &account.login, &search).await?;
        Ok(SavedSearch { number, ..search })
    }

    /// The searches an account keeps, the oldest first.
    ///
    /// # Errors
    /// [`EngineError::Store`] if they cannot be read.
    pub async fn saved_searches(&self, account: &Account) -> Result<Vec<SavedSearch>, EngineError> {
        Ok(self.store.saved_searches(&account.login).await?)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`SavedSearchRefusal::Unknown`] if the account has none of this number.
    pub async fn saved_search(&self, account: &Account, number: i64) -> Result<SavedSearch, EngineError> {
        let mut own = self.saved_searches(account).await?.into_iter();
        Ok(own.find(|search| search.number == number).ok_or(SavedSearchRefusal::Unknown { number })?)
    }

    /// Forgets one of them.
    ///
    /// # Errors
    /// As [`Self::saved_search`].
    pub async fn forget_search(&self, account: &Account, number: i64) -> Result<(), EngineError> {
        if self.store.forget_search(&account.login, number).await? {
            return Ok(());
        }
        Err(SavedSearchRefusal::Unknown { number }.into())
    }
}
