//! Saving listings: a batch is laid over what is stored, in one transaction.

use std::borrow::Cow;
use std::collections::HashMap;

use super::listing_merge::{Merged, merge};
use super::lives::{move_life, statuses_of};
use super::pool::{Session, Transaction};
use super::rows::{CHUNK, from_body, take_revisions, to_body};
use super::statement::{Statement, Value};
use super::{Saved, Store, StoreError, WriteLock};
use crate::domain::{Listing, ListingId, ListingStatus};

const SELECT_BY_ID: &str = "SELECT listing_id, body FROM listing WHERE NOT removed AND listing_id IN ";

const SELECT_BY_PUBLICATION: &str = "SELECT listing_id, body FROM listing WHERE NOT removed AND publication_number IN ";

const INSERT: &str =
    "INSERT INTO listing (listing_id, application_number, publication_number, body, removed, revision) ";

const OR_UPDATE: &str = " ON CONFLICT (listing_id) DO UPDATE SET \
     application_number = excluded.application_number, publication_number = excluded.publication_number, \
     body = excluded.body, removed = excluded.removed, revision = excluded.revision";

impl Store {
    /// Saves a batch in one transaction: what is new is added, what is known is merged with [`Listing::merged_over`]; a
    /// listing that something was done to keeps its state.
    /// A listing stored under its publication number moves to its application number once a row gives both.
    ///
    /// Batches of 1,000 are quick, and small enough to repeat after a crash.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing of the batch is saved.
    pub async fn save_listings(&self, lock: &WriteLock, listings: &[Listing]) -> Result<Saved, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let stored = self.namesakes(&mut transaction, listings).await?;
        let listings = in_their_states(&mut transaction, &stored, listings).await?;
        let merged = merge(stored, &listings);
        write_merged(&mut transaction, &merged).await?;
        transaction.commit().await?;
        Ok(merged.saved)
    }

    /// Every stored listing that shares an id or a publication number with one of the batch.
    async fn namesakes(&self, transaction: &mut Transaction, batch: &[Listing]) -> Result<Vec<Listing>, StoreError> {
        let numbers = batch.iter().filter_map(publication_number).collect::<Vec<_>>();
        let ids = batch.iter().map(|listing| listing.id.as_str());
        let ids = ids.chain(numbers.iter().copied()).collect::<Vec<_>>();
        let mut found = HashMap::new();
        for (select, texts) in [(SELECT_BY_ID, ids), (SELECT_BY_PUBLICATION, numbers)] {
            for chunk in texts.chunks(CHUNK) {
                let select = Statement::new(select).list(chunk.iter().copied());
                for (id, body) in transaction.rows::<(String, String)>(select).await? {
                    let listing: Listing = from_body("listing", id, &body)?;
                    found.insert(listing.id.clone(), listing);
                }
            }
        }
        Ok(found.into_values().collect())
    }
}

/// The batch with the states its listings have by what was done to them: a file knows what is offered, not where a
/// listing stands in its life. Nothing is copied where nothing was done.
async fn in_their_states<'a>(
    transaction: &mut Transaction,
    stored: &[Listing],
    batch: &'a [Listing],
) -> Result<Cow<'a, [Listing]>, StoreError> {
    let ids: Vec<&str> = stored.iter().map(|listing| listing.id.as_str()).collect();
    let statuses = statuses_of(transaction, &ids).await?;
    if statuses.is_empty() {
        return Ok(Cow::Borrowed(batch));
    }
    let by_publication = stored.iter().filter_map(|listing| {
        let status = statuses.get(listing.id.as_str())?;
        Some((publication_number(listing)?, *status))
    });
    let by_publication: HashMap<&str, ListingStatus> = by_publication.collect();
    let placed = batch.iter().map(|listing| {
        let known = statuses.get(listing.id.as_str());
        let known = known.or_else(|| by_publication.get(publication_number(listing)?));
        Listing { status: known.copied().unwrap_or(listing.status), ..listing.clone() }
    });
    Ok(Cow::Owned(placed.collect()))
}

async fn write_merged(transaction: &mut Transaction, merged: &Merged) -> Result<(), StoreError> {
    for old in &merged.removed {
        let heir = merged.written.iter().find(|listing| publication_number(listing) == Some(old.as_str()));
        if let Some(heir) = heir {
            move_life(transaction, old, &heir.id).await?;
        }
    }
    let removed = merged.removed.iter().map(|id| (id, None));
    let written = merged.written.iter().map(|listing| (&listing.id, Some(listing)));
    write_listings(transaction, &removed.chain(written).collect::<Vec<_>>()).await
}

/// Writes rows, `None` for a tombstone, each under a new revision.
pub(super) async fn write_listings(
    transaction: &mut Transaction,
    rows: &[(&ListingId, Option<&Listing>)],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut revision = take_revisions(transaction, "listing", rows.len()).await?;
    for chunk in rows.chunks(CHUNK) {
        transaction.run(upsert(chunk, revision)?).await?;
        revision += chunk.len() as i64;
    }
    Ok(())
}

/// One statement that writes these rows (`None` for a tombstone), with revisions counting up from `first`.
fn upsert(rows: &[(&ListingId, Option<&Listing>)], first: i64) -> Result<Statement, StoreError> {
    let row = |((id, listing), revision): (&(&ListingId, Option<&Listing>), i64)| {
        let body = listing.map(|listing| to_body("listing", id.as_str(), listing)).transpose()?;
        Ok([
            Value::from(id.as_str()),
            listing.and_then(application_number).into(),
            listing.and_then(publication_number).into(),
            body.into(),
            listing.is_none().into(),
            revision.into(),
        ])
    };
    let rows = rows.iter().zip(first..).map(row).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Statement::new(INSERT).rows(rows).push(OR_UPDATE))
}

fn application_number(listing: &Listing) -> Option<&str> {
    Some(listing.patent.application_number.as_ref()?.as_str())
}

fn publication_number(listing: &Listing) -> Option<&str> {
    Some(listing.patent.publication_number.as_ref()?.document())
}
