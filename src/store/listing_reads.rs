//! Reading listings: by id, page by page, and as the feed of changes an index follows.

use std::collections::HashMap;

use super::rows::{CHUNK, from_body, sql_limit};
use super::statement::Statement;
use super::{Store, StoreError};
use crate::domain::{Listing, ListingId};

const SELECT_BY_ID: &str = "SELECT listing_id, body FROM listing WHERE NOT removed AND listing_id IN ";

const SELECT_PAGE: &str = "SELECT listing_id, body FROM listing \
     WHERE NOT removed AND listing_id > $1 ORDER BY listing_id LIMIT $2";

const SELECT_CHANGES: &str = "SELECT revision, listing_id, body FROM listing \
     WHERE revision > $1 ORDER BY revision LIMIT $2";

const COUNT: &str = "SELECT COUNT(*) FROM listing WHERE NOT removed";

const COUNT_CHANGES: &str = "SELECT COUNT(*) FROM listing WHERE revision > $1";

const LATEST: &str = "SELECT latest FROM revision WHERE aggregate = 'listing'";

/// One entry of the change feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingChange {
    /// Its place in the feed. A listing that changes again moves to a later place.
    pub revision: i64,
    /// Which listing.
    pub id: ListingId,
    /// What it is now; `None` once it was removed.
    pub listing: Option<Listing>,
}

impl Store {
    /// The listing of this id.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when its body cannot be read, else as for every read: [`StoreError::Busy`],
    /// [`StoreError::Corrupt`], [`StoreError::Query`].
    pub async fn listing(&self, id: &ListingId) -> Result<Option<Listing>, StoreError> {
        Ok(self.listings(std::slice::from_ref(id)).await?.pop())
    }

    /// The listings of these ids in the order given; ids that are not there are left out.
    ///
    /// # Errors
    /// As [`Store::listing`].
    pub async fn listings(&self, ids: &[ListingId]) -> Result<Vec<Listing>, StoreError> {
        let texts = ids.iter().map(ListingId::as_str).collect::<Vec<_>>();
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in texts.chunks(CHUNK) {
            let select = Statement::new(SELECT_BY_ID).list(chunk.iter().copied());
            for (id, body) in self.rows::<(String, String)>(select).await? {
                let listing: Listing = from_body("listing", id, &body)?;
                found.insert(listing.id.clone(), listing);
            }
        }
        Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
    }

    /// How many listings there are.
    ///
    /// # Errors
    /// As for every read.
    pub async fn listing_count(&self) -> Result<u64, StoreError> {
        let count: i64 = self.value(Statement::new(COUNT)).await?;
        Ok(count.unsigned_abs())
    }

    /// A page of at most `limit` listings in the order of their ids, behind the id `after`.
    ///
    /// # Errors
    /// As [`Store::listing`].
    pub async fn all_listings(&self, after: Option<ListingId>, limit: usize) -> Result<Vec<Listing>, StoreError> {
        let after = after.map_or_else(String::new, String::from);
        let select = Statement::new(SELECT_PAGE).bind(after).bind(sql_limit(limit));
        let rows: Vec<(String, String)> = self.rows(select).await?;
        rows.into_iter().map(|(id, body)| from_body("listing", id, &body)).collect()
    }

    /// The revision of the latest change; 0 before the first.
    ///
    /// # Errors
    /// As for every read.
    pub async fn listing_revision(&self) -> Result<i64, StoreError> {
        self.value(Statement::new(LATEST)).await
    }

    /// How many listings changed behind revision `after`.
    ///
    /// # Errors
    /// As for every read.
    pub async fn listing_change_count(&self, after: i64) -> Result<u64, StoreError> {
        let count: i64 = self.value(Statement::new(COUNT_CHANGES).bind(after)).await?;
        Ok(count.unsigned_abs())
    }

    /// At most `limit` changes behind revision `after`, oldest first. Each listing comes once, as it is now.
    ///
    /// # Errors
    /// As [`Store::listing`].
    pub async fn listing_changes(&self, after: i64, limit: usize) -> Result<Vec<ListingChange>, StoreError> {
        let select = Statement::new(SELECT_CHANGES).bind(after).bind(sql_limit(limit));
        let rows: Vec<(i64, String, Option<String>)> = self.rows(select).await?;
        let changes = rows.into_iter().map(|(revision, text, body)| {
            let id = to_id(&text)?;
            let listing = body.map(|body| from_body("listing", text, &body)).transpose()?;
            Ok(ListingChange { revision, id, listing })
        });
        changes.collect()
    }
}

fn to_id(text: &str) -> Result<ListingId, StoreError> {
    let id = serde_json::from_value(text.into());
    id.map_err(|source| StoreError::CorruptRow { table: "listing", id: text.to_owned(), source })
}
