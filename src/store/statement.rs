//! A statement and what it is run with, written once for SQLite and PostgreSQL.
//!
//! Both number what is bound `$1`, `$2`, …; a statement's text is made of constants and of such numbers alone, never of
//! what is bound.

use std::fmt::Write;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Arguments, AssertSqlSafe, Database, Executor, FromRow, IntoArguments, Postgres, Sqlite};

/// What a row can be read as: by its columns' places (tuples) or names, whichever database it comes from.
pub(super) trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> Row for T {}

/// What can be bound.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(Option<String>),
    Integer(i64),
    Flag(bool),
    Bytes(Vec<u8>),
}

/// A statement in the making.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    text: String,
    bound: Vec<Value>,
}

impl Statement {
    pub(super) fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), bound: Vec::new() }
    }

    /// Binds the next of the numbers that stand in the text.
    pub(super) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.bound.push(value.into());
        self
    }

    /// Writes more of the text.
    pub(super) fn push(mut self, text: &'static str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Writes and binds `(…)`, at least one value.
    pub(super) fn list(mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        let start = self.bound.len();
        self.bound.extend(values.into_iter().map(Into::into));
        self.text.push('(');
        for number in start + 1..=self.bound.len() {
            let comma = if number > start + 1 { ", " } else { "" };
            // Writing to a string does not fail.
            let _ = write!(self.text, "{comma}${number}");
        }
        self.text.push(')');
        self
    }

    /// Writes and binds `VALUES (…), (…)`, at least one row.
    pub(super) fn rows<const N: usize>(self, rows: impl IntoIterator<Item = [Value; N]>) -> Self {
        let start = self.push("VALUES ");
        rows.into_iter().enumerate().fold(start, |statement, (at, row)| {
            let statement = if at > 0 { statement.push(", ") } else { statement };
            statement.list(row)
        })
    }

    /// Runs it and reads the rows it gives.
    pub(super) async fn fetch<'e, D, T>(self, executor: impl Executor<'e, Database = D>) -> sqlx::Result<Vec<T>>
    where
        D: Dialect,
        D::Arguments: IntoArguments<D>,
        T: for<'r> FromRow<'r, D::Row> + Send + Unpin,
    {
        let bound = D::arguments(self.bound).map_err(sqlx::Error::Encode)?;
        sqlx::query_as_with(AssertSqlSafe(self.text), bound).fetch_all(executor).await
    }

    /// Runs it and counts the rows it changed.
    pub(super) async fn execute<'e, D>(self, executor: impl Executor<'e, Database = D>) -> sqlx::Result<u64>
    where
        D: Dialect,
        D::Arguments: IntoArguments<D>,
    {
        let bound = D::arguments(self.bound).map_err(sqlx::Error::Encode)?;
        let done = sqlx::query_with(AssertSqlSafe(self.text), bound).execute(executor).await?;
        Ok(D::changed(&done))
    }
}

/// What a database must do with a [`Statement`].
pub(super) trait Dialect: Database {
    fn arguments(values: Vec<Value>) -> Result<Self::Arguments, sqlx::error::BoxDynError>;
    fn changed(done: &Self::QueryResult) -> u64;
}

macro_rules! dialect {
    ($database:ty) => {
        impl Dialect for $database {
            fn arguments(values: Vec<Value>) -> Result<Self::Arguments, sqlx::error::BoxDynError> {
                let mut bound = Self::Arguments::default();
                for value in values {
                    match value {
                        Value::Text(text) => bound.add(text),
                        Value::Integer(number) => bound.add(number),
                        Value::Flag(flag) => bound.add(flag),
                        Value::Bytes(bytes) => bound.add(bytes),
                    }?;
                }
                Ok(bound)
            }

            fn changed(done: &Self::QueryResult) -> u64 {
                done.rows_affected()
            }
        }
    };
}

dialect!(Sqlite);
dialect!(Postgres);

macro_rules! value_from {
    ($($from:ty, $value:ident => $made:expr;)*) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $made
            }
        })*
    };
}

value_from! {
    &str, text => Self::Text(Some(text.to_owned()));
    String, text => Self::Text(Some(text));
    Option<String>, text => Self::Text(text);
    Option<&str>, text => Self::Text(text.map(str::to_owned));
    i64, number => Self::Integer(number);
    bool, flag => Self::Flag(flag);
    &[u8], bytes => Self::Bytes(bytes.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_bound_is_numbered_through_lists_and_rows() {
        let statement = Statement::new("A $1 ").bind("甲").push("IN ").list(["乙", "丙"]).push(" ");
        let statement = statement.rows([[Value::from(1), Value::from(true)], [Value::from(2), Value::from(false)]]);
        assert_eq!(statement.text, "A $1 IN ($2, $3) VALUES ($4, $5), ($6, $7)");
        assert_eq!(statement.bound.len(), 7);
    }
}
