//! What firms did with what they were shown: each event once, under the name its sender gave it.

use std::collections::{BTreeSet, HashMap};

use sqlx::FromRow;

use super::deliveries::{deliveries_of, known};
use super::pool::{Session, Transaction};
use super::rows::{CHUNK, take_revisions};
use super::statement::Statement;
use super::{Store, StoreError, WriteLock};
use crate::domain::{EnterpriseId, EventId, FeedbackEvent, FeedbackKind, FeedbackRefusal};

const SELECT_BY_ID: &str = "SELECT event_id, delivery_id, listing_id, kind, decline_code, happened_at, withdrawn_at, \
     '' AS enterprise_id FROM feedback_event WHERE event_id IN ";

const SELECT_OF: &str = "SELECT event_id, e.delivery_id AS delivery_id, listing_id, kind, decline_code, happened_at, \
     withdrawn_at, enterprise_id FROM feedback_event e JOIN delivery d ON d.delivery_id = e.delivery_id \
     WHERE enterprise_id IN ";

const INSERT: &str = "INSERT INTO feedback_event (event_id, delivery_id, listing_id, kind, decline_code, happened_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const WITHDRAW: &str = "UPDATE feedback_event SET withdrawn_at = $1 WHERE withdrawn_at IS NULL AND event_id = $2 \
     AND delivery_id IN (SELECT delivery_id FROM delivery WHERE enterprise_id = $3)";

const RAISE: &str = "UPDATE enterprise SET revision = $1 WHERE enterprise_id = $2";

/// What became of a batch of events; what is neither accepted nor replayed was refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedFeedback {
    /// New ones.
    pub accepted: usize,
    /// Those that were known and say the same; also if they were taken back, which they stay.
    pub replayed: usize,
    /// Places in the batch of those refused, and why.
    pub refused: Vec<(usize, FeedbackRefusal)>,
}

/// An event as the record keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEvent {
    /// Who did it.
    pub enterprise: EnterpriseId,
    /// What.
    pub event: FeedbackEvent,
    /// When it was taken back, in seconds since 1970; `None` if it stands.
    pub withdrawn_at: Option<i64>,
}

#[derive(FromRow)]
struct Row {
    event_id: String,
    delivery_id: String,
    listing_id: String,
    kind: String,
    decline_code: Option<String>,
    happened_at: i64,
    withdrawn_at: Option<i64>,
    enterprise_id: String,
}

impl Row {
    fn kept(self) -> Result<KeptEvent, StoreError> {
        let kind = FeedbackKind::read(&self.kind, self.decline_code.as_deref());
        let kind = kind.map_err(|refusal| StoreError::CorruptRow {
            table: "feedback_event",
            id: self.event_id.clone(),
            source: serde::de::Error::custom(refusal),
        })?;
        let event = FeedbackEvent {
            id: known(&self.event_id)?,
            delivery: known(&self.delivery_id)?,
            listing: known(&self.listing_id)?,
            kind,
            at: self.happened_at,
        };
        let enterprise = EnterpriseId::from_known(&self.enterprise_id);
        Ok(KeptEvent { enterprise, event, withdrawn_at: self.withdrawn_at })
    }
}

impl Store {
    /// Saves what can be saved of a batch in one transaction, and raises the revision of every enterprise that did something
    /// new. `now` is in seconds since 1970: nothing can have happened later.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing of the batch is saved.
    pub async fn save_feedback(
        &self,
        lock: &WriteLock,
        events: &[FeedbackEvent],
        now: i64,
    ) -> Result<SavedFeedback, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let names: Vec<&str> = events.iter().map(|event| event.delivery.as_str()).collect();
        let deliveries = deliveries_of(&mut transaction, &names).await?;
        let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
        let mut there = events_of(&mut transaction, &ids).await?;
        let (mut outcome, mut changed) = (SavedFeedback::default(), BTreeSet::new());
        for (place, event) in events.iter().enumerate() {
            if let Some(before) = there.get(&event.id) {
                if before == event {
                    outcome.replayed += 1;
                } else {
                    outcome.refused.push((place, FeedbackRefusal::Contradiction { event: event.id.clone() }));
                }
                continue;
            }
            let delivery = deliveries.get(event.delivery.as_str());
            if let Err(refusal) = event.check(delivery, now) {
                outcome.refused.push((place, refusal));
                continue;
            }
            insert(&mut transaction, event).await?;
            changed.extend(delivery.map(|delivery| delivery.enterprise.clone()));
            there.insert(event.id.clone(), event.clone());
            outcome.accepted += 1;
        }
        raise(&mut transaction, &changed).await?;
        transaction.commit().await?;
        Ok(outcome)
    }

    /// What some enterprises did, taken back or not, in the order of enterprise and event ids.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when an event cannot be read, else as for every read.
    pub async fn feedback(&self, enterprises: &[&EnterpriseId]) -> Result<Vec<KeptEvent>, StoreError> {
        let ids: Vec<&str> = enterprises.iter().map(|id| id.as_str()).collect();
        let mut found = Vec::new();
        for chunk in ids.chunks(CHUNK) {
            let rows: Vec<Row> = self.rows(Statement::new(SELECT_OF).list(chunk.iter().copied())).await?;
            rows.into_iter().try_for_each(|row| row.kept().map(|event| found.push(event)))?;
        }
        found.sort_by(|a, b| (&a.enterprise, &a.event.id).cmp(&(&b.enterprise, &b.event.id)));
        Ok(found)
    }

    /// Takes back events of an enterprise at the moment `now`, in one transaction; others' events and those taken back
    /// before are passed over. Returns how many were taken back now.
    ///
    /// # Errors
    /// As [`Store::save_feedback`].
    pub async fn withdraw_feedback(
        &self,
        lock: &WriteLock,
        enterprise: &EnterpriseId,
        events: &[EventId],
        now: i64,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let mut withdrawn = 0;
        for event in events {
            let withdraw = Statement::new(WITHDRAW).bind(now).bind(event.as_str()).bind(enterprise.as_str());
            withdrawn += transaction.run(withdraw).await?;
        }
        if withdrawn > 0 {
            raise(&mut transaction, &BTreeSet::from([enterprise.clone()])).await?;
        }
        transaction.commit().await?;
        Ok(withdrawn)
    }
}

async fn events_of(transaction: &mut Transaction, ids: &[&str]) -> Result<HashMap<EventId, FeedbackEvent>, StoreError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let select = Statement::new(SELECT_BY_ID).list(chunk.iter().copied());
        for row in transaction.rows::<Row>(select).await? {
            let KeptEvent { event, .. } = row.kept()?;
            found.insert(event.id.clone(), event);
        }
    }
    Ok(found)
}

async fn insert(transaction: &mut Transaction, event: &FeedbackEvent) -> Result<(), StoreError> {
    let insert = Statement::new(INSERT)
        .bind(event.id.as_str())
        .bind(event.delivery.as_str())
        .bind(event.listing.as_str())
        .bind(event.kind.word())
        .bind(event.kind.decline_code().map(|code| code.word()))
        .bind(event.at);
    transaction.run(insert).await?;
    Ok(())
}

/// Gives enterprises new revisions: what they are matched by has changed.
pub(super) async fn raise(
    transaction: &mut Transaction,
    enterprises: &BTreeSet<EnterpriseId>,
) -> Result<(), StoreError> {
    if enterprises.is_empty() {
        return Ok(());
    }
    let first = take_revisions(transaction, "enterprise", enterprises.len()).await?;
    for (revision, enterprise) in (first..).zip(enterprises) {
        transaction.run(Statement::new(RAISE).bind(revision).bind(enterprise.as_str())).await?;
    }
    Ok(())
}
