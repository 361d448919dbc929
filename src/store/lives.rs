//! The lives of listings: each step with its listing and its entry of the trail in one transaction.

use std::collections::HashMap;

use super::audit;
use super::dealings::move_dealings;
use super::listings::write_listings;
use super::pool::{Session, Transaction};
use super::rows::{CHUNK, from_body, sql_limit, to_body};
use super::statement::Statement;
use super::{Store, StoreError, WriteLock};
use crate::domain::{AuditEntry, Life, Listing, ListingId, ListingStatus};

const UPSERT: &str = "INSERT INTO listing_life (listing_id, status, since, body) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (listing_id) DO UPDATE SET status = excluded.status, since = excluded.since, body = excluded.body";

const SELECT_SOME: &str = "SELECT listing_id, body FROM listing_life WHERE listing_id IN ";

const SELECT_STATUS: &str = "SELECT listing_id, status FROM listing_life WHERE listing_id IN ";

const SELECT_QUEUE: &str = "SELECT listing_id FROM listing_life \
     WHERE status = $1 AND (since > $2 OR (since = $2 AND listing_id > $3)) ORDER BY since, listing_id LIMIT $4";

const COUNTS: &str = "SELECT status, COUNT(*) FROM listing_life GROUP BY status ORDER BY status";

const MOVE: &str = "UPDATE listing_life SET listing_id = $1 WHERE listing_id = $2";

/// What a step makes of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeChange {
    /// The listing as it is now, its status included.
    pub listing: Listing,
    /// Its life as it is now.
    pub life: Life,
    /// What is kept of the step.
    pub entry: AuditEntry,
}

impl Store {
    /// Writes steps in one transaction: all of them with their entries, or none.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing is saved.
    pub async fn change_lives(&self, lock: &WriteLock, changes: &[LifeChange]) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut transaction = self.begin(lock).await?;
        // A listing that takes two steps at once is written as the last one leaves it.
        let last: HashMap<&ListingId, usize> =
            changes.iter().enumerate().map(|(at, change)| (&change.listing.id, at)).collect();
        let lasting = changes.iter().enumerate().filter(|(at, change)| last[&change.listing.id] == *at);
        let lasting: Vec<&LifeChange> = lasting.map(|(_, change)| change).collect();
        let rows: Vec<(&ListingId, Option<&Listing>)> =
            lasting.iter().map(|change| (&change.listing.id, Some(&change.listing))).collect();
        write_listings(&mut transaction, &rows).await?;
        for change in lasting {
            let id = change.listing.id.as_str();
            let upsert = Statement::new(UPSERT).bind(id).bind(change.listing.status.as_str()).bind(change.life.since);
            transaction.run(upsert.bind(to_body("listing_life", id, &change.life)?)).await?;
        }
        let entries: Vec<AuditEntry> = changes.iter().map(|change| change.entry.clone()).collect();
        audit::append(&mut transaction, &entries).await?;
        transaction.commit().await
    }

    /// The lives of some listings; those nothing was done to are left out.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when a body cannot be read, else as for every read.
    pub async fn lives(&self, ids: &[&ListingId]) -> Result<HashMap<ListingId, Life>, StoreError> {
        let mut found = HashMap::new();
        for chunk in ids.chunks(CHUNK) {
            let select = Statement::new(SELECT_SOME).list(chunk.iter().map(|id| id.as_str()));
            for (text, body) in self.rows::<(String, String)>(select).await? {
                let id = id_of(&text)?;
                found.insert(id, from_body("listing_life", text, &body)?);
            }
        }
        Ok(found)
    }

    /// A page of at most `limit` listings in a state, those first that came to it first, behind a place of that order: the
    /// moment and the id of the last listing seen.
    ///
    /// # Errors
    /// As for every read.
    pub async fn life_queue(
        &self,
        status: ListingStatus,
        after: Option<(i64, &ListingId)>,
        limit: usize,
    ) -> Result<Vec<ListingId>, StoreError> {
        let (since, id) = after.map_or((i64::MIN, ""), |(since, id)| (since, id.as_str()));
        let select = Statement::new(SELECT_QUEUE).bind(status.as_str()).bind(since).bind(id).bind(sql_limit(limit));
        let rows: Vec<(String,)> = self.rows(select).await?;
        rows.into_iter().map(|(text,)| id_of(&text)).collect()
    }

    /// How many listings something was done to stand in each state, by the state's word.
    ///
    /// # Errors
    /// As for every read.
    pub async fn life_counts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let rows: Vec<(String, i64)> = self.rows(Statement::new(COUNTS)).await?;
        Ok(rows.into_iter().map(|(status, count)| (status, count.unsigned_abs())).collect())
    }
}

/// The states of those of some listings that something was done to: no file says otherwise.
pub(super) async fn statuses_of(
    transaction: &mut Transaction,
    ids: &[&str],
) -> Result<HashMap<String, ListingStatus>, StoreError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let select = Statement::new(SELECT_STATUS).list(chunk.iter().copied());
        for (id, word) in transaction.rows::<(String, String)>(select).await? {
            let status = ListingStatus::of_word(&word).ok_or_else(|| StoreError::CorruptRow {
                table: "listing_life",
                id: id.clone(),
                source: serde::de::Error::custom(format_args!("'{word}' is no state")),
            })?;
            found.insert(id, status);
        }
    }
    Ok(found)
}

/// A listing is kept under another id from now on: its life goes with it, and what was asked and taken of it.
pub(super) async fn move_life(
    transaction: &mut Transaction,
    from: &ListingId,
    to: &ListingId,
) -> Result<(), StoreError> {
    transaction.run(Statement::new(MOVE).bind(to.as_str()).bind(from.as_str())).await?;
    move_dealings(transaction, from, to).await
}

fn id_of(text: &str) -> Result<ListingId, StoreError> {
    text.parse().map_err(|error| StoreError::CorruptRow {
        table: "listing_life",
        id: text.to_owned(),
        source: serde::de::Error::custom(error),
    })
}
