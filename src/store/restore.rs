//! Putting a copy of a record back.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::backup::{beside, create_private, free_name, put_in_place};
use super::backup_error::BackupError;
use super::connection::create_directory;
use super::error::{StoreError, file_error};
use super::lock::DirectoryLock;
use super::statement::Statement;
use super::{BackupContents, sqlite, verify_backup};

/// What SQLite keeps beside a database: it belongs to that database and to no other.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", ""];

const FOLD: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// Puts a backup into a data directory, which may be new. With `replace` a record that is there is kept beside it,
/// under the path returned; killed at any moment, one of the two is there whole. Index and match matrix are not touched:
/// they are to be made anew.
///
/// # Errors
/// As [`verify_backup`]; [`BackupError::Occupied`] for a directory with a record, without `replace`;
/// [`StoreError::Locked`] while another process writes; [`StoreError::Full`] on a full disk. Then nothing is changed.
pub async fn restore_backup(
    file: &Path,
    directory: &Path,
    replace: bool,
) -> Result<(BackupContents, Option<PathBuf>), StoreError> {
    verify_backup(file).await?;
    create_directory(directory).map_err(|source| file_error(directory, directory, source))?;
    let _lock = DirectoryLock::take(directory)?;
    let database = sqlite::file(directory);
    let occupied = COMPANIONS.iter().any(|companion| beside(&database, companion).exists());
    if occupied && !replace {
        return Err(BackupError::Occupied { directory: directory.to_owned() }.into());
    }
    let copy = beside(&database, ".restoring");
    copy_whole(file, &copy).map_err(|source| file_error(directory, &copy, source))?;
    let contents = verify_backup(&copy).await?;
    let kept = if occupied { Some(set_aside(&database).await?) } else { None };
    put_in_place(&copy, &database)?;
    Ok((contents, kept))
}

/// Copies a file and waits until it is on the disk.
fn copy_whole(from: &Path, to: &Path) -> std::io::Result<()> {
    // What is left of an earlier attempt.
    let _ = std::fs::remove_file(to);
    let mut source = std::fs::File::open(from)?;
    let mut copy = create_private(to)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = source.read(&mut buffer)?;
        if read == 0 {
            return copy.sync_all();
        }
        copy.write_all(&buffer[..read])?;
    }
}

/// Gives a database another name, with everything that belongs to it.
async fn set_aside(database: &Path) -> Result<PathBuf, StoreError> {
    // What stands in its log goes into the file, if it is sound enough for that: killed in between, nothing is torn apart.
    let options = SqliteConnectOptions::new().filename(database);
    if let Ok(mut connection) = options.connect().await {
        let _ = Statement::new(FOLD).execute(&mut connection).await;
        let _ = connection.close().await;
    }
    let kept = free_name(database, ".replaced");
    for companion in COMPANIONS {
        let from = beside(database, companion);
        if from.exists() {
            std::fs::rename(&from, beside(&kept, companion)).map_err(|source| file_error(&from, &from, source))?;
        }
    }
    Ok(kept)
}
