//! Copies of an embedded record: made while it is in use, and looked into.
//!
//! A copy is one SQLite file as of one moment. It gets its name when it is whole, on the disk and checked; until then it
//! is called `….partial`. It holds what the record holds, contacts too, and is for its owner alone.

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{ConnectOptions, SqliteConnection};

use super::backup_error::BackupError;
use super::error::{StoreError, Within, file_error};
use super::pool::Pool;
use super::statement::Statement;
use super::{Store, schema, sqlite};

const COPY: &str = "VACUUM INTO $1";

const INTEGRITY: &str = "PRAGMA integrity_check(1)";

const HAS_TABLE: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1";

/// What there is to count, and the table it is in; an older schema may not have it.
const COUNTS: [(&str, &str); 3] = [
    ("listing", "SELECT COUNT(*) FROM listing WHERE NOT removed"),
    ("enterprise", "SELECT COUNT(*) FROM enterprise"),
    ("feedback_event", "SELECT COUNT(*) FROM feedback_event"),
];

/// What a sound copy of a record holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupContents {
    /// The version of its schema.
    pub schema: i64,
    /// Listings.
    pub listings: u64,
    /// Enterprises.
    pub enterprises: u64,
    /// Things firms did with what they were shown.
    pub feedback_events: u64,
    /// The size of the file.
    pub bytes: u64,
}

impl Store {
    /// Copies the record, as it is at one moment, into a new file. Reading and writing go on meanwhile.
    ///
    /// # Errors
    /// [`BackupError::Exists`] for a file that is there, [`BackupError::OnServer`] for a record that a server keeps,
    /// [`StoreError::Full`] on a full disk; then no file is made.
    pub async fn back_up(&self, file: &Path) -> Result<BackupContents, StoreError> {
        let Pool::Sqlite(pool) = &self.pool else {
            return Err(BackupError::OnServer { database: self.database_name() }.into());
        };
        if file.exists() {
            return Err(BackupError::Exists { path: file.to_owned() }.into());
        }
        let partial = beside(file, ".partial");
        let made = self.copy_into(pool, &partial).await;
        let done = made.and_then(|contents| put_in_place(&partial, file).map(|()| contents));
        if done.is_err() {
            let _ = std::fs::remove_file(&partial);
        }
        done
    }

    /// Keeps a copy beside the database before its schema is brought to version `next`.
    pub(super) async fn keep_before(&self, next: i64) -> Result<(), StoreError> {
        let name = format!(".before-{next:04}");
        let file = free_name(&sqlite::file(self.directory()), &name);
        self.back_up(&file).await?;
        tracing::info!(backup = %file.display(), "record kept as it was before its schema is renewed");
        Ok(())
    }

    async fn copy_into(&self, pool: &SqlitePool, partial: &Path) -> Result<BackupContents, StoreError> {
        let failed = |source| file_error(partial, partial, source);
        let text = partial.to_str().ok_or(std::io::ErrorKind::InvalidFilename.into()).map_err(failed)?;
        // What is left of an earlier attempt.
        let _ = std::fs::remove_file(partial);
        create_private(partial).map_err(failed)?;
        match Statement::new(COPY).bind(text).execute(pool).await.within(self) {
            // It is the copy's disk that is full.
            Err(StoreError::Full { .. }) => return Err(StoreError::Full { place: text.to_owned() }),
            copied => copied?,
        };
        let contents = verify_backup(partial).await?;
        File::open(partial).and_then(|file| file.sync_all()).map_err(failed)?;
        Ok(contents)
    }
}

/// Looks whether a file is a sound record that this program can read, and what is in it. The file is not changed.
///
/// # Errors
/// [`BackupError::Absent`], [`BackupError::Unsound`], or [`StoreError::NewerVersion`] for one of a newer duijie.
pub async fn verify_backup(file: &Path) -> Result<BackupContents, StoreError> {
    let bytes = std::fs::metadata(file).map_err(|_| BackupError::Absent { path: file.to_owned() })?.len();
    let unsound = |why: String| BackupError::Unsound { path: file.to_owned(), why };
    let (schema, counts) = read(file).await.map_err(|error| unsound(error.to_string()))?.map_err(unsound)?;
    let known = schema::known_version();
    if schema > known {
        return Err(StoreError::NewerVersion { database: file.display().to_string(), found: schema, known });
    }
    let [listings, enterprises, feedback_events] = counts;
    Ok(BackupContents { schema, listings, enterprises, feedback_events, bytes })
}

/// The version of a record's schema and the counts in it, or what is wrong with the file.
async fn read(file: &Path) -> sqlx::Result<Result<(i64, [u64; 3]), String>> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let mut connection = options.connect().await?;
    let found: Vec<(String,)> = Statement::new(INTEGRITY).fetch(&mut connection).await?;
    if let Some((wrong,)) = found.into_iter().find(|(found,)| found != "ok") {
        return Ok(Err(wrong));
    }
    if !has_table(&mut connection, "_sqlx_migrations").await? || !has_table(&mut connection, "listing").await? {
        return Ok(Err("it has no listings".to_owned()));
    }
    let schema = number(&mut connection, schema::VERSION).await?;
    let mut counts = [0; 3];
    for ((table, select), count) in COUNTS.into_iter().zip(&mut counts) {
        if has_table(&mut connection, table).await? {
            *count = number(&mut connection, select).await?.unsigned_abs();
        }
    }
    Ok(Ok((schema, counts)))
}

async fn number(connection: &mut SqliteConnection, select: &'static str) -> sqlx::Result<i64> {
    let rows: Vec<(i64,)> = Statement::new(select).fetch(connection).await?;
    rows.into_iter().next().map(|(number,)| number).ok_or(sqlx::Error::RowNotFound)
}

async fn has_table(connection: &mut SqliteConnection, name: &str) -> sqlx::Result<bool> {
    let rows: Vec<(i64,)> = Statement::new(HAS_TABLE).bind(name).fetch(connection).await?;
    Ok(rows.iter().any(|(count,)| *count > 0))
}

/// Gives a file that is whole its name, also in case the power fails.
pub(super) fn put_in_place(whole: &Path, name: &Path) -> Result<(), StoreError> {
    let failed = |source| file_error(name, name, source);
    std::fs::rename(whole, name).map_err(failed)?;
    let directory = name.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Not every system lets a directory be opened.
    let _ = File::open(directory).and_then(|directory| directory.sync_all());
    Ok(())
}

/// A new file that its owner alone may read.
pub(super) fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A path with more behind its name.
pub(super) fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    name.into()
}

/// The path with this behind its name, or this and a number, that nothing has yet.
pub(super) fn free_name(path: &Path, more: &str) -> PathBuf {
    let mut free = beside(path, more);
    for number in 2.. {
        if !free.exists() {
            break;
        }
        free = beside(path, &format!("{more}-{number}"));
    }
    free
}
