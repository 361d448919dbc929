//! Opening the record: one directory, one database, brought to the newest schema.

use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::database::{Database, Place};
use super::error::{StoreError, Within, file_error};
use super::lock::{DirectoryLock, WriteLock};
use super::pool::{On, Pool, Transaction};
use super::server_lock::ServerLock;
use super::statement::Statement;
use super::{postgres, sqlite};

const SELECT_IDENTITY: &str = "SELECT word FROM identity WHERE name = 'store'";

/// Whoever asks first decides.
const GIVE_IDENTITY: &str = "INSERT INTO identity (name, word) VALUES ('store', $1) ON CONFLICT DO NOTHING";

/// The record of one data directory. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    directory: PathBuf,
    pub(super) database: Database,
    pub(super) pool: Pool,
}

impl Store {
    /// Opens the record of `place`, creating the directory (for its owner alone) and the record when they are not there.
    ///
    /// # Errors
    /// [`StoreError::Directory`] or [`StoreError::Open`] without the permission, [`StoreError::NewerVersion`] for a
    /// database of a newer duijie, [`StoreError::Corrupt`] for a file that is no database; of a server
    /// any [`super::ServerError`] but those of its lock.
    pub async fn open(place: impl Into<Place>) -> Result<Self, StoreError> {
        let Place { directory, database } = place.into();
        create_directory(&directory).map_err(|source| file_error(&directory, &directory, source))?;
        let pool = match &database {
            Database::Embedded => Pool::Sqlite(sqlite::pool(sqlite::options(&directory).create_if_missing(true))),
            Database::Server(server) => Pool::Postgres(postgres::pool(server)),
        };
        let store = Self { directory, database, pool };
        store.check_server().await?;
        store.migrated().await
    }

    /// Opens a record that is there already, for commands that must not create one. A server's record may be new to this
    /// directory.
    ///
    /// # Errors
    /// [`StoreError::Absent`] when there is none, else as [`Store::open`].
    pub async fn open_existing(place: impl Into<Place>) -> Result<Self, StoreError> {
        let Place { directory, database } = place.into();
        let pool = match &database {
            Database::Embedded if !sqlite::file(&directory).is_file() => {
                return Err(StoreError::Absent { place: directory.display().to_string() });
            }
            Database::Embedded => Pool::Sqlite(sqlite::pool(sqlite::options(&directory))),
            Database::Server(server) => Pool::Postgres(postgres::pool(server)),
        };
        let store = Self { directory, database, pool };
        store.check_server().await?;
        if store.is_shared() {
            if store.schema_version().await? == 0 {
                return Err(StoreError::Absent { place: store.database_name() });
            }
            create_directory(store.directory()).within(&store)?;
        }
        store.migrated().await
    }

    /// Over these connections, with the schema up to date.
    #[cfg(test)]
    pub(super) async fn over(directory: &Path, pool: Pool) -> Result<Self, StoreError> {
        Self { directory: directory.to_owned(), database: Database::Embedded, pool }.migrated().await
    }

    async fn check_server(&self) -> Result<(), StoreError> {
        match &self.database {
            Database::Embedded => Ok(()),
            Database::Server(server) => postgres::check(self, server).await,
        }
    }

    async fn migrated(self) -> Result<Self, StoreError> {
        // Turning on the write-ahead log of a new file does not wait for another that is doing the same.
        const ATTEMPTS: usize = 20;
        for _ in 1..ATTEMPTS {
            match self.migrate().await {
                Err(StoreError::Busy { .. }) => tokio::time::sleep(Duration::from_millis(100)).await,
                migrated => return migrated.map(|()| self),
            }
        }
        self.migrate().await.map(|()| self)
    }

    /// A word that tells this record from any other, given when it is first asked for. A copy has the same.
    ///
    /// # Errors
    /// As for every read and write.
    pub async fn identity(&self) -> Result<String, StoreError> {
        let select = || self.rows::<(String,)>(Statement::new(SELECT_IDENTITY));
        if let Some((word,)) = select().await?.pop() {
            return Ok(word);
        }
        let word = random_word();
        self.run(Statement::new(GIVE_IDENTITY).bind(word.as_str())).await?;
        Ok(select().await?.pop().map_or(word, |(kept,)| kept))
    }

    /// The data directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Whether other machines may read and write the record, too.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self.database, Database::Server(_))
    }

    /// The database as messages name it; never with a password.
    pub(super) fn database_name(&self) -> String {
        match &self.database {
            Database::Embedded => sqlite::file(&self.directory).display().to_string(),
            Database::Server(server) => server.to_string(),
        }
    }

    /// Takes the right to change the directory's own files, without waiting. Following a record that others write needs
    /// no more.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while anyone else, in this process too, holds it.
    pub fn lock_files(&self) -> Result<DirectoryLock, StoreError> {
        DirectoryLock::take(&self.directory)
    }

    /// Takes the right to write, without waiting for who has it. Reading needs no lock.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while anyone else, in this process too, holds that of the directory,
    /// [`super::ServerError::Locked`] while anyone, on any machine, holds that of the server's database.
    pub async fn lock_for_writing(&self) -> Result<WriteLock, StoreError> {
        let files = self.lock_files()?;
        let server = match &self.database {
            Database::Embedded => None,
            Database::Server(server) => Some(ServerLock::take(self, server).await?),
        };
        Ok(WriteLock::new(files, server))
    }

    /// Closes the connections and folds SQLite's write-ahead log into its file. Nothing is lost without it: the next
    /// opening does the same.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    /// Begins a transaction that may write. It takes SQLite's write lock at once, because one taken later fails when
    /// another connection wrote in between.
    pub(super) async fn begin(&self, lock: &WriteLock) -> Result<Transaction, StoreError> {
        debug_assert_eq!(lock.directory(), self.directory(), "the lock is for another directory");
        let on = match &self.pool {
            Pool::Sqlite(pool) => On::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await.within(self)?),
            Pool::Postgres(pool) => {
                let mut transaction = pool.begin().await.within(self)?;
                if let Some(server) = &lock.server {
                    server.guard(self, &mut transaction).await?;
                }
                On::Postgres(transaction)
            }
        };
        Ok(Transaction::new(self, on))
    }
}

/// 32 hexadecimal digits that no other call gives, from the 128 random bits the system seeds this hash with.
fn random_word() -> String {
    let seeded = RandomState::new();
    format!("{:016x}{:016x}", seeded.hash_one(0_u8), seeded.hash_one(1_u8))
}

pub(super) fn create_directory(directory: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}
