//! Either database's connections, and a transaction on one of them.

use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use sqlx::{Postgres, Sqlite};

use super::error::Within;
use super::statement::{Row, Statement};
use super::{Store, StoreError};

/// Connections to the database of a record; clones share them.
#[derive(Debug, Clone)]
pub(super) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Anything statements can be run on.
pub(super) trait Session {
    /// Runs a statement and reads the rows it gives.
    fn rows<T: Row>(&mut self, statement: Statement) -> impl Future<Output = Result<Vec<T>, StoreError>> + Send;
}

/// A transaction that may write; dropped without [`Transaction::commit`] it has done nothing.
pub(super) struct Transaction {
    store: Store,
    on: On,
}

pub(super) enum On {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Session for &Store {
    async fn rows<T: Row>(&mut self, statement: Statement) -> Result<Vec<T>, StoreError> {
        Store::rows(self, statement).await
    }
}

impl Session for Transaction {
    async fn rows<T: Row>(&mut self, statement: Statement) -> Result<Vec<T>, StoreError> {
        let rows = match &mut self.on {
            On::Sqlite(transaction) => statement.fetch(&mut **transaction).await,
            On::Postgres(transaction) => statement.fetch(&mut **transaction).await,
        };
        rows.within(&self.store)
    }
}

impl Store {
    /// Runs a statement outside of any transaction and reads the rows it gives.
    pub(super) async fn rows<T: Row>(&self, statement: Statement) -> Result<Vec<T>, StoreError> {
        let rows = match &self.pool {
            Pool::Sqlite(pool) => statement.fetch(pool).await,
            Pool::Postgres(pool) => statement.fetch(pool).await,
        };
        rows.within(self)
    }

    /// Runs a statement that gives one value.
    pub(super) async fn value<T>(&self, statement: Statement) -> Result<T, StoreError>
    where
        (T,): Row,
    {
        let rows: Vec<(T,)> = self.rows(statement).await?;
        let (value,) = rows.into_iter().next().ok_or(sqlx::Error::RowNotFound).within(self)?;
        Ok(value)
    }

    /// Runs a statement that changes rows, in a transaction of its own.
    pub(super) async fn run(&self, statement: Statement) -> Result<u64, StoreError> {
        let done = match &self.pool {
            Pool::Sqlite(pool) => statement.execute(pool).await,
            Pool::Postgres(pool) => statement.execute(pool).await,
        };
        done.within(self)
    }
}

impl Transaction {
    pub(super) fn new(store: &Store, on: On) -> Self {
        Self { store: store.clone(), on }
    }

    /// Runs a statement that changes rows and counts them.
    pub(super) async fn run(&mut self, statement: Statement) -> Result<u64, StoreError> {
        let done = match &mut self.on {
            On::Sqlite(transaction) => statement.execute(&mut **transaction).await,
            On::Postgres(transaction) => statement.execute(&mut **transaction).await,
        };
        done.within(&self.store)
    }

    /// Ends it: everything it did is on the disk, or nothing.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        let committed = match self.on {
            On::Sqlite(transaction) => transaction.commit().await,
            On::Postgres(transaction) => transaction.commit().await,
        };
        committed.within(&self.store)
    }
}
