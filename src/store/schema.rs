//! The schema and its versions. One set of files serves both databases.

use std::borrow::Cow;

use sqlx::migrate::{Migration, Migrator};
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::error::Within;
use super::pool::Pool;
use super::server_lock::MIGRATING;
use super::statement::Statement;
use super::{Store, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// What PostgreSQL must read differently, and why: texts are told apart and ordered by their bytes, as SQLite does,
/// whatever language the server sorts by.
const DIALECT: [(&str, &str); 1] = [(" TEXT", " TEXT COLLATE \"C\"")];

const STARTED_SQLITE: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";

const STARTED_POSTGRES: &str =
    "SELECT COUNT(*) FROM (SELECT to_regclass('_sqlx_migrations') AS name) AS found WHERE name IS NOT NULL";

pub(super) const VERSION: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";

/// The newest schema this program knows.
pub(super) fn known_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

impl Store {
    /// Applies what is missing of the schema, all in one transaction; several processes may do so at once.
    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        let known = known_version();
        let found = self.schema_version().await?;
        if found > known {
            return Err(StoreError::NewerVersion { database: self.database_name(), found, known });
        }
        if found == known {
            return Ok(());
        }
        match &self.pool {
            Pool::Sqlite(pool) => self.migrate_sqlite(pool, found).await,
            Pool::Postgres(pool) => self.migrate_postgres(pool).await,
        }
    }

    /// The newest schema applied; 0 for an empty database.
    pub(super) async fn schema_version(&self) -> Result<i64, StoreError> {
        let started = match self.pool {
            Pool::Sqlite(_) => STARTED_SQLITE,
            Pool::Postgres(_) => STARTED_POSTGRES,
        };
        if self.value::<i64>(Statement::new(started)).await? == 0 {
            return Ok(0);
        }
        self.value(Statement::new(VERSION)).await
    }

    /// A record that is in use already is copied before. Nobody may write to it then: a process of an older duijie would
    /// go on with the schema it knows.
    async fn migrate_sqlite(&self, pool: &SqlitePool, found: i64) -> Result<(), StoreError> {
        let _lock = if found > 0 { Some(self.lock_files()?) } else { None };
        if found > 0 {
            self.keep_before(known_version()).await?;
        }
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.within(self)?;
        // `run` would make this future unfit for `tokio::spawn` (sqlx: "`Acquire` is not general enough").
        MIGRATIONS.run_direct(None, &mut *transaction, false).await.within(self)?;
        transaction.commit().await.within(self)
    }

    async fn migrate_postgres(&self, pool: &PgPool) -> Result<(), StoreError> {
        let mut transaction = pool.begin().await.within(self)?;
        MIGRATING.hold(&mut transaction).await.within(self)?;
        postgres_migrations().run_direct(None, &mut *transaction, false).await.within(self)?;
        transaction.commit().await.within(self)
    }
}

/// The same migrations as PostgreSQL reads them.
fn postgres_migrations() -> Migrator {
    let translated = MIGRATIONS.iter().map(|migration| {
        let sql = DIALECT.iter().fold(migration.sql.as_str().to_owned(), |sql, (from, to)| sql.replace(from, to));
        let sql = AssertSqlSafe(sql).into_sql_str();
        Migration::new(migration.version, migration.description.clone(), migration.migration_type, sql, migration.no_tx)
    });
    let mut migrator = Migrator { migrations: Cow::Owned(translated.collect()), ..Migrator::DEFAULT };
    migrator.set_locking(false);
    migrator
}

/// Makes a record of an older schema.
#[cfg(test)]
pub(super) async fn make_old(directory: &std::path::Path, version: i64) {
    let pool = super::sqlite::pool(super::sqlite::options(directory).create_if_missing(true));
    let mut connection = pool.acquire().await.unwrap();
    MIGRATIONS.run_direct(Some(version), &mut *connection, false).await.unwrap();
    drop(connection);
    pool.close().await;
}
