//! Saving listings: a batch is laid over what is stored, in one transaction.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Sqlite, Transaction};

use super::error::Within;
use super::listing_merge::{Merged, merge};
use super::rows::{CHUNK, from_body, in_list, take_revisions, to_body};
use super::{Saved, Store, StoreError, WriteLock};
use crate::domain::{Listing, ListingId};

const SELECT_BY_ID: &str = "SELECT listing_id, body FROM listing WHERE NOT removed AND listing_id IN (";

const SELECT_BY_PUBLICATION: &str =
    "SELECT listing_id, body FROM listing WHERE NOT removed AND publication_number IN (";

const INSERT: &str =
    "INSERT INTO listing (listing_id, application_number, publication_number, body, removed, revision) ";

const OR_UPDATE: &str = " ON CONFLICT (listing_id) DO UPDATE SET \
     application_number = excluded.application_number, publication_number = excluded.publication_number, \
     body = excluded.body, removed = excluded.removed, revision = excluded.revision";

impl Store {
    /// Saves a batch in one transaction: what is new is added, what is known is merged with [`Listing::merged_over`].
    /// A listing stored under its publication number moves to its application number once a row gives both.
    ///
    /// Batches of 1,000 are quick, and small enough to repeat after a crash.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing of the batch is saved.
    pub async fn save_listings(&self, lock: &WriteLock, listings: &[Listing]) -> Result<Saved, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let stored = self.namesakes(&mut transaction, listings).await?;
        let merged = merge(stored, listings);
        self.write_listings(&mut transaction, &merged).await?;
        transaction.commit().await.within(self)?;
        Ok(merged.saved)
    }

    /// Every stored listing that shares an id or a publication number with one of the batch.
    async fn namesakes(
        &self,
        transaction: &mut Transaction<'static, Sqlite>,
        batch: &[Listing],
    ) -> Result<Vec<Listing>, StoreError> {
        let numbers = batch.iter().filter_map(publication_number).collect::<Vec<_>>();
        let ids = batch.iter().map(|listing| listing.id.as_str());
        let ids = ids.chain(numbers.iter().copied()).collect::<Vec<_>>();
        let mut found = HashMap::new();
        for (select, texts) in [(SELECT_BY_ID, ids), (SELECT_BY_PUBLICATION, numbers)] {
            for chunk in texts.chunks(CHUNK) {
                let mut query = in_list(select, chunk);
                let rows = query.build_query_as::<(String, String)>().fetch_all(&mut **transaction);
                for (id, body) in rows.await.within(self)? {
                    let listing: Listing = from_body("listing", id, &body)?;
                    found.insert(listing.id.clone(), listing);
                }
            }
        }
        Ok(found.into_values().collect())
    }

    async fn write_listings(
        &self,
        transaction: &mut Transaction<'static, Sqlite>,
        merged: &Merged,
    ) -> Result<(), StoreError> {
        let removed = merged.removed.iter().map(|id| (id, None));
        let written = merged.written.iter().map(|listing| (&listing.id, Some(listing)));
        let rows = removed.chain(written).collect::<Vec<_>>();
        if rows.is_empty() {
            return Ok(());
        }
        let mut revision = take_revisions(self, transaction, "listing", rows.len()).await?;
        for chunk in rows.chunks(CHUNK) {
            upsert(chunk, revision)?.build().execute(&mut **transaction).await.within(self)?;
            revision += chunk.len() as i64;
        }
        Ok(())
    }
}

/// One statement that writes these rows (`None` for a tombstone), with revisions counting up from `first`.
fn upsert(rows: &[(&ListingId, Option<&Listing>)], first: i64) -> Result<QueryBuilder<Sqlite>, StoreError> {
    let bodies = rows.iter().map(|(id, listing)| listing.map(|l| to_body("listing", id.as_str(), l)).transpose());
    let bodies = bodies.collect::<Result<Vec<_>, _>>()?;
    let mut query = QueryBuilder::new(INSERT);
    query.push_values(rows.iter().zip(bodies).zip(first..), |mut tuple, (((id, listing), body), revision)| {
        tuple
            .push_bind(id.as_str())
            .push_bind(listing.and_then(application_number))
            .push_bind(listing.and_then(publication_number))
            .push_bind(body)
            .push_bind(listing.is_none())
            .push_bind(revision);
    });
    query.push(OR_UPDATE);
    Ok(query)
}

fn application_number(listing: &Listing) -> Option<&str> {
    Some(listing.patent.application_number.as_ref()?.as_str())
}

fn publication_number(listing: &Listing) -> Option<&str> {
    Some(listing.patent.publication_number.as_ref()?.document())
}
