//! Copies of the record, and putting one back.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Database, Engine, EngineError, OnProgress, Place};
use crate::store::{self, BackupContents, BackupError, Store, StoreError};

/// What was put back.
#[derive(Debug, Serialize)]
pub struct Restoration {
    /// What the backup holds.
    pub contents: BackupContents,
    /// Where the record that was there before is kept.
    pub kept: Option<PathBuf>,
    /// Listings in the index made anew.
    pub indexed: u64,
}

/// Copies the record of a place into a new file, while others read and write it.
///
/// # Errors
/// [`EngineError::Store`] if there is no record, if it is a server's, or if the file is there or cannot be written.
pub async fn back_up(place: &Place, file: &Path) -> Result<BackupContents, EngineError> {
    embedded(place)?;
    let store = Store::open_existing(place.clone()).await?;
    let contents = store.back_up(file).await;
    store.close().await;
    Ok(contents?)
}

/// Looks whether a file is a sound backup, and what is in it.
///
/// # Errors
/// [`EngineError::Store`] if it is not.
pub async fn verify_backup(file: &Path) -> Result<BackupContents, EngineError> {
    Ok(store::verify_backup(file).await?)
}

/// Puts a backup into the directory of a place and makes index and match matrix anew. A server that is running there must
/// be started again.
///
/// # Errors
/// [`EngineError::Store`] for a backup that is not sound, for a directory with a record (unless `replace`), or for a place
/// whose record is a server's; then nothing is changed. Should the index not be made, `duijie reindex` makes it.
pub async fn restore(
    place: &Place,
    file: &Path,
    replace: bool,
    progress: OnProgress<'_>,
) -> Result<Restoration, EngineError> {
    embedded(place)?;
    let (contents, kept) = store::restore_backup(file, &place.directory, replace).await?;
    let (engine, indexed) = Engine::rebuild(place.clone(), progress).await?;
    engine.close().await;
    Ok(Restoration { contents, kept, indexed })
}

fn embedded(place: &Place) -> Result<(), StoreError> {
    match &place.database {
        Database::Embedded => Ok(()),
        Database::Server(server) => Err(BackupError::OnServer { database: server.to_string() }.into()),
    }
}
