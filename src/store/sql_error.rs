//! Telling errors apart: every error of SQL, of either database, becomes a [`StoreError`] here and nowhere else.

use std::io::ErrorKind;
use std::path::Path;

use sqlx::migrate::MigrateError;

use super::database::Database;
use super::server_error::ServerError;
use super::{Store, StoreError};

/// Tells which record an error belongs to and what kind it is.
pub(super) trait Within<T> {
    /// The same result, its error told apart and named after the store.
    fn within(self, store: &Store) -> Result<T, StoreError>;
}

impl<T> Within<T> for Result<T, sqlx::Error> {
    fn within(self, store: &Store) -> Result<T, StoreError> {
        self.map_err(|source| query_error(store, source))
    }
}

impl<T> Within<T> for Result<T, MigrateError> {
    fn within(self, store: &Store) -> Result<T, StoreError> {
        self.map_err(|error| match error {
            MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => query_error(store, source),
            other => query_error(store, sqlx::Error::Migrate(Box::new(other))),
        })
    }
}

impl<T> Within<T> for std::io::Result<T> {
    fn within(self, store: &Store) -> Result<T, StoreError> {
        self.map_err(|source| file_error(store.directory(), store.directory(), source))
    }
}

/// An error of a file or directory that is not the database.
pub(super) fn file_error(directory: &Path, path: &Path, source: std::io::Error) -> StoreError {
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            StoreError::Full { place: directory.display().to_string() }
        }
        _ => StoreError::Directory { path: path.to_owned(), source },
    }
}

fn query_error(store: &Store, source: sqlx::Error) -> StoreError {
    match store.database {
        Database::Embedded => embedded_error(store, source),
        Database::Server(_) => server_error(store, source),
    }
}

fn embedded_error(store: &Store, source: sqlx::Error) -> StoreError {
    let database = store.database_name();
    let full = || StoreError::Full { place: store.directory().display().to_string() };
    match &source {
        sqlx::Error::Io(io) if io.kind() == ErrorKind::StorageFull => return full(),
        sqlx::Error::PoolTimedOut => return StoreError::Busy { database, source },
        _ => {}
    }
    let extended = source.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    match extended.map(|code| (code, code & 0xff)) {
        Some((IOERR_SHMSIZE, _) | (_, FULL)) => full(),
        Some((_, BUSY | LOCKED)) => StoreError::Busy { database, source },
        Some((_, CORRUPT | NOTADB)) => StoreError::Corrupt { database, source },
        Some((_, PERM | READONLY | CANTOPEN)) => StoreError::Open { database, source },
        _ => StoreError::Query { database, source },
    }
}

// SQLite's result codes (sqlite.org/rescode.html): the low byte is the kind.
const PERM: u32 = 3;
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READONLY: u32 = 8;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANTOPEN: u32 = 14;
const NOTADB: u32 = 26;
/// The shared memory beside the write-ahead log could not grow: no space.
const IOERR_SHMSIZE: u32 = 4874;

fn server_error(store: &Store, source: sqlx::Error) -> StoreError {
    let database = store.database_name();
    match &source {
        sqlx::Error::Tls(_) => return ServerError::Encrypted { database, source }.into(),
        // A pool waits for a server that does not answer until its time is over. A connection that ends in the middle of
        // an answer leaves a message that cannot be read.
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed | sqlx::Error::Protocol(_) => {
            return ServerError::Unreachable { database, source }.into();
        }
        _ => {}
    }
    let state = source.as_database_error().and_then(|error| Some(error.code()?.into_owned())).unwrap_or_default();
    kind_of_state(&state)(database, source)
}

/// What an SQLSTATE means to us, in the order of the manual (PostgreSQL, appendix A): the first two characters are its
/// class.
fn kind_of_state(state: &str) -> fn(String, sqlx::Error) -> StoreError {
    match (state.get(..2).unwrap_or_default(), state) {
        ("28", _) | (_, "3D000") => |database, source| ServerError::Refused { database, source }.into(),
        (_, "53100") => |place, _| StoreError::Full { place },
        ("08", _) | (_, "57P01" | "57P02" | "57P03" | "57P05") => {
            |database, source| ServerError::Unreachable { database, source }.into()
        }
        ("53", _) | (_, "40001" | "40P01" | "55P03" | "57014") => {
            |database, source| StoreError::Busy { database, source }
        }
        ("XX", "XX001" | "XX002") => |database, source| StoreError::Corrupt { database, source },
        (_, "25006" | "3F000" | "42501") => |database, source| StoreError::Open { database, source },
        _ => |database, source| StoreError::Query { database, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_a_server_are_told_apart() {
        let kind = |state| match kind_of_state(state)("d".to_owned(), sqlx::Error::RowNotFound) {
            StoreError::Server(ServerError::Refused { .. }) => "refused",
            StoreError::Server(ServerError::Unreachable { .. }) => "unreachable",
            StoreError::Full { .. } => "full",
            StoreError::Busy { .. } => "busy",
            StoreError::Corrupt { .. } => "corrupt",
            StoreError::Open { .. } => "open",
            _ => "query",
        };
        let told = ["28P01", "3D000", "53100", "53300", "08006", "57P01", "40P01", "XX001", "42501", "42P01", ""];
        let expected = [
            "refused",
            "refused",
            "full",
            "busy",
            "unreachable",
            "unreachable",
            "busy",
            "corrupt",
            "open",
            "query",
            "query",
        ];
        assert_eq!(told.map(kind), expected);
    }
}
