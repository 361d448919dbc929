//! SQLite, the database that needs no server: how its file is opened, and by how many connections.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};

/// The database's file in its data directory.
pub(super) fn file(directory: &Path) -> PathBuf {
    directory.join("duijie.sqlite")
}

/// How every connection is opened. A commit is on the disk before it is acknowledged (synchronous FULL).
pub(super) fn options(directory: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file(directory))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
}

/// Connections that are opened when first needed.
pub(super) fn pool(options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(8)
        .after_release(|connection, _| Box::pin(is_clean(connection)))
        .connect_lazy_with(options)
}

/// Whether a connection may be used again. SQLite ends a transaction by itself when the disk is full, which sqlx does not
/// see: it would take the connection to be inside that transaction for ever.
async fn is_clean(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // The worker answers after the rollback that a dropped transaction has queued.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}
