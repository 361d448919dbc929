//! What every aggregate's rows share: bodies as JSON, revisions, lists of ids, and the count of what saving did.

use std::ops::AddAssign;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::pool::{Session, Transaction};
use super::statement::Statement;

const RAISE: &str = "UPDATE revision SET latest = latest + $1 WHERE aggregate = $2 RETURNING latest";

/// How many rows one statement names or writes: few enough for every database's bind limit, enough to be quick.
pub(super) const CHUNK: usize = 200;

/// What became of the records of a batch; the three add up to the records given and not refused.
///
/// Further records of one patent or firm in the same batch count as unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Saved {
    /// Were not there before.
    pub added: usize,
    /// Were there, and are different now.
    pub changed: usize,
    /// Brought nothing new.
    pub unchanged: usize,
}

impl AddAssign for Saved {
    fn add_assign(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
    }
}

/// Takes `count` new revisions of an aggregate and returns the first.
pub(super) async fn take_revisions(
    transaction: &mut Transaction,
    aggregate: &'static str,
    count: usize,
) -> Result<i64, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let raised: Vec<(i64,)> = transaction.rows(Statement::new(RAISE).bind(count).bind(aggregate)).await?;
    // Every aggregate has its row from the first migration on.
    Ok(raised.first().map_or(0, |(latest,)| latest - count) + 1)
}

/// A value as its row keeps it.
pub(super) fn to_body<T: Serialize>(table: &'static str, id: &str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::CorruptRow { table, id: id.to_owned(), source })
}

/// A value back from its row.
pub(super) fn from_body<T: DeserializeOwned>(table: &'static str, id: String, body: &str) -> Result<T, StoreError> {
    serde_json::from_str(body).map_err(|source| StoreError::CorruptRow { table, id, source })
}

/// A row limit as SQL takes it.
pub(super) fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
