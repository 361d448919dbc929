//! What every aggregate's rows share: bodies as JSON, revisions, lists of ids, and the count of what saving did.

use std::ops::AddAssign;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{QueryBuilder, Sqlite, Transaction};

use super::error::Within;
use super::{Store, StoreError};

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
    store: &Store,
    transaction: &mut Transaction<'static, Sqlite>,
    aggregate: &'static str,
    count: usize,
) -> Result<i64, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let query = sqlx::query_scalar::<_, i64>(RAISE).bind(count).bind(aggregate);
    let latest = query.fetch_one(&mut **transaction).await.within(store)?;
    Ok(latest - count + 1)
}

/// `start`, then a list of texts and the closing bracket.
pub(super) fn in_list(start: &'static str, texts: &[&str]) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(start);
    let mut list = query.separated(", ");
    for text in texts {
        list.push_bind(*text);
    }
    query.push(")");
    query
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
