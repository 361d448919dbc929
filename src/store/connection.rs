//! Opening the record: one directory, one SQLite file in it, brought to the newest schema.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};

use super::error::{StoreError, Within, file_error};
use super::lock::WriteLock;

/// The database's file in the data directory.
const FILE_NAME: &str = "duijie.sqlite";

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// The record of one data directory. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    directory: PathBuf,
    pub(super) pool: SqlitePool,
}

impl Store {
    /// Opens the record in `directory`, creating both (the directory for its owner alone) when they are not there.
    ///
    /// # Errors
    /// [`StoreError::Directory`] or [`StoreError::Open`] without the permission, [`StoreError::NewerVersion`] for a
    /// database of a newer duijie, [`StoreError::Corrupt`] for a file that is no database.
    pub async fn open(directory: &Path) -> Result<Self, StoreError> {
        create_directory(directory).map_err(|source| file_error(directory, directory, source))?;
        Self::connect(directory, options(directory).create_if_missing(true)).await
    }

    /// Opens a record that is there already, for commands that must not create one.
    ///
    /// # Errors
    /// [`StoreError::Absent`] when there is none, else as [`Store::open`].
    pub async fn open_existing(directory: &Path) -> Result<Self, StoreError> {
        if !directory.join(FILE_NAME).is_file() {
            return Err(StoreError::Absent { directory: directory.to_owned() });
        }
        Self::connect(directory, options(directory)).await
    }

    /// Opens with these options and brings the schema up to date.
    pub(super) async fn connect(directory: &Path, options: SqliteConnectOptions) -> Result<Self, StoreError> {
        let pool = SqlitePoolOptions::new()
            .max_connections(8)
            .after_release(|connection, _| Box::pin(is_clean(connection)))
            .connect_lazy_with(options);
        let store = Self { directory: directory.to_owned(), pool };
        // Turning on the write-ahead log of a new file does not wait for another that is doing the same.
        const ATTEMPTS: usize = 20;
        for _ in 1..ATTEMPTS {
            match store.migrate().await {
                Err(StoreError::Busy { .. }) => tokio::time::sleep(Duration::from_millis(100)).await,
                migrated => return migrated.map(|()| store),
            }
        }
        store.migrate().await.map(|()| store)
    }

    /// A word that tells this record from any other, given when it is first asked for. A copy has the same.
    ///
    /// # Errors
    /// As for every read and write.
    pub async fn identity(&self) -> Result<String, StoreError> {
        const SELECT: &str = "SELECT word FROM identity WHERE name = 'store'";
        // SQLite's own generator, seeded by the system; whoever asks first decides.
        const GIVE: &str =
            "INSERT INTO identity (name, word) VALUES ('store', lower(hex(randomblob(16)))) ON CONFLICT DO NOTHING";
        if let Some(word) = sqlx::query_scalar(SELECT).fetch_optional(&self.pool).await.within(self)? {
            return Ok(word);
        }
        sqlx::query(GIVE).execute(&self.pool).await.within(self)?;
        sqlx::query_scalar(SELECT).fetch_one(&self.pool).await.within(self)
    }

    /// The data directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The database file.
    pub(super) fn database(&self) -> PathBuf {
        self.directory.join(FILE_NAME)
    }

    /// Takes the right to write, without waiting. Reading needs no lock.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while anyone else, in this process too, holds it.
    pub fn lock_for_writing(&self) -> Result<WriteLock, StoreError> {
        WriteLock::take(&self.directory)
    }

    /// Closes the connections and folds the write-ahead log into the database file. Nothing is lost without it: the
    /// next opening does the same.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a transaction that may write. It takes SQLite's write lock at once, because one taken later fails when
    /// another connection wrote in between.
    pub(super) async fn begin(&self, lock: &WriteLock) -> Result<Transaction<'static, Sqlite>, StoreError> {
        debug_assert_eq!(lock.directory(), self.directory(), "the lock is for another directory");
        self.pool.begin_with("BEGIN IMMEDIATE").await.within(self)
    }

    /// Applies what is missing of the schema, all in one transaction; several processes may do so at once.
    async fn migrate(&self) -> Result<(), StoreError> {
        let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
        let found = self.schema_version().await?;
        if found > known {
            return Err(StoreError::NewerVersion { database: self.database(), found, known });
        }
        if found == known {
            return Ok(());
        }
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.within(self)?;
        // `run` would make this future unfit for `tokio::spawn` (sqlx: "`Acquire` is not general enough").
        MIGRATIONS.run_direct(None, &mut *transaction, false).await.within(self)?;
        transaction.commit().await.within(self)
    }

    /// The newest schema applied; 0 for an empty database.
    async fn schema_version(&self) -> Result<i64, StoreError> {
        let started = sqlx::query_scalar::<_, i64>(
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
        );
        if started.fetch_one(&self.pool).await.within(self)? == 0 {
            return Ok(0);
        }
        let version = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations");
        version.fetch_one(&self.pool).await.within(self)
    }
}

/// Whether a connection may be used again. SQLite ends a transaction by itself when the disk is full, which sqlx does not
/// see: it would take the connection to be inside that transaction for ever.
async fn is_clean(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // The worker answers after the rollback that a dropped transaction has queued.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// How every connection is opened. A commit is on the disk before it is acknowledged (synchronous FULL).
pub(super) fn options(directory: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(directory.join(FILE_NAME))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
}

fn create_directory(directory: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}
