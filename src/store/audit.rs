//! The trail of what was done: rows are added in the transaction of what they tell of, never changed.
//!
//! Each row's digest is the SHA-256 of the digest before it and of all that the row says, each part led by its length in
//! eight bytes. Whoever changes or removes a row has to make every later digest anew; a copy of one digest kept elsewhere
//! shows it.

use sha2::{Digest, Sha256};
use sqlx::FromRow;

use super::pool::{Session, Transaction};
use super::rows::sql_limit;
use super::statement::Statement;
use super::{Store, StoreError};
use crate::domain::{Actor, ActorKind, AuditEntry};

const LATEST: &str = "SELECT number, digest FROM audit_entry ORDER BY number DESC LIMIT 1";

const INSERT: &str = "INSERT INTO audit_entry (number, subject_kind, subject, action, actor_kind, actor, happened_at, \
     state_before, state_after, reason, detail, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

const SELECT_OF: &str = "SELECT number, subject_kind, subject, action, actor_kind, actor, happened_at, state_before, \
     state_after, reason, detail, digest FROM audit_entry WHERE subject_kind = $1 AND subject = $2 ORDER BY number";

const SELECT_PAGE: &str = "SELECT number, subject_kind, subject, action, actor_kind, actor, happened_at, \
     state_before, state_after, reason, detail, digest FROM audit_entry WHERE number > $1 ORDER BY number LIMIT $2";

/// An entry in its place in the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// Its number; the first is 1, none is left out.
    pub number: i64,
    /// What it says.
    pub entry: AuditEntry,
    /// What chains it to those before, 64 hexadecimal digits.
    pub digest: String,
}

impl KeptEntry {
    /// Whether it follows on an entry of this number and digest: 0 and the empty text before the first.
    #[must_use]
    pub fn follows(&self, number: i64, digest: &str) -> bool {
        self.number == number + 1 && self.digest == chained(digest, self.number, &self.entry)
    }
}

#[derive(FromRow)]
struct Row {
    number: i64,
    subject_kind: String,
    subject: String,
    action: String,
    actor_kind: String,
    actor: String,
    happened_at: i64,
    state_before: Option<String>,
    state_after: String,
    reason: String,
    detail: String,
    digest: String,
}

impl Row {
    fn kept(self) -> Result<KeptEntry, StoreError> {
        let kind = ActorKind::of_word(&self.actor_kind).ok_or_else(|| StoreError::CorruptRow {
            table: "audit_entry",
            id: self.number.to_string(),
            source: serde::de::Error::custom(format_args!("'{}' is no kind of actor", self.actor_kind)),
        })?;
        let entry = AuditEntry {
            subject_kind: self.subject_kind,
            subject: self.subject,
            action: self.action,
            actor: Actor { kind, name: self.actor },
            at: self.happened_at,
            before: self.state_before,
            after: self.state_after,
            reason: self.reason,
            detail: self.detail,
        };
        Ok(KeptEntry { number: self.number, entry, digest: self.digest })
    }
}

/// Adds entries to the end of the trail. The transaction holds the right to write, so that nobody adds beside it.
pub(super) async fn append(transaction: &mut Transaction, entries: &[AuditEntry]) -> Result<(), StoreError> {
    let latest: Vec<(i64, String)> = transaction.rows(Statement::new(LATEST)).await?;
    let (mut number, mut digest) = latest.into_iter().next().unwrap_or_default();
    for entry in entries {
        number += 1;
        digest = chained(&digest, number, entry);
        let insert = Statement::new(INSERT)
            .bind(number)
            .bind(entry.subject_kind.as_str())
            .bind(entry.subject.as_str())
            .bind(entry.action.as_str())
            .bind(entry.actor.kind.word())
            .bind(entry.actor.name.as_str())
            .bind(entry.at)
            .bind(entry.before.as_deref())
            .bind(entry.after.as_str())
            .bind(entry.reason.as_str())
            .bind(entry.detail.as_str())
            .bind(digest.as_str());
        transaction.run(insert).await?;
    }
    Ok(())
}

impl Store {
    /// What was done to one subject, oldest first.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when an entry cannot be read, else as for every read.
    pub async fn trail_of(&self, subject_kind: &str, subject: &str) -> Result<Vec<KeptEntry>, StoreError> {
        let rows: Vec<Row> = self.rows(Statement::new(SELECT_OF).bind(subject_kind).bind(subject)).await?;
        rows.into_iter().map(Row::kept).collect()
    }

    /// A page of at most `limit` entries behind the number `after`, oldest first.
    ///
    /// # Errors
    /// As [`Store::trail_of`].
    pub async fn trail(&self, after: i64, limit: usize) -> Result<Vec<KeptEntry>, StoreError> {
        let rows: Vec<Row> = self.rows(Statement::new(SELECT_PAGE).bind(after).bind(sql_limit(limit))).await?;
        rows.into_iter().map(Row::kept).collect()
    }
}

fn chained(before: &str, number: i64, entry: &AuditEntry) -> String {
    let AuditEntry { subject_kind, subject, action, actor, at, before: from, after, reason, detail } = entry;
    let (number, at) = (number.to_string(), at.to_string());
    // No state and an empty one are not the same.
    let from = from.as_ref().map_or_else(String::new, |from| format!("={from}"));
    let parts = [
        before,
        &number,
        subject_kind,
        subject,
        action,
        actor.kind.word(),
        &actor.name,
        &at,
        &from,
        after,
        reason,
        detail,
    ];
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
