//! Where a record is kept: a data directory, and the database it belongs to.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use thiserror::Error;

use crate::domain::Notice;

/// Which database holds the record.
#[derive(Debug, Clone, Default)]
pub enum Database {
    /// An SQLite file in the data directory.
    #[default]
    Embedded,
    /// A database of a PostgreSQL server.
    Server(Box<Server>),
}

/// A database of a PostgreSQL server, and how to reach it.
#[derive(Clone)]
pub struct Server {
    pub(super) options: PgConnectOptions,
}

/// A text does not name a PostgreSQL database. The text is not repeated: it may hold a password.
#[derive(Debug, Error)]
#[error(
    "the database must be given as postgres://USER@HOST:PORT/NAME, without it the record is kept in the data directory"
)]
pub struct DatabaseError {
    /// What is wrong with it.
    #[source]
    source: Option<sqlx::Error>,
}

impl Notice for DatabaseError {
    fn chinese(&self) -> String {
        "数据库须写作 postgres://用户@主机:端口/库名；不指定时数据保存在数据目录中".to_owned()
    }
}

impl FromStr for Database {
    type Err = DatabaseError;

    /// Reads `postgres://user@host:port/name` or `postgresql://…`. What it leaves out, password included, comes from
    /// `PGHOST`, `PGPORT`, `PGUSER`, `PGDATABASE`, `PGPASSWORD` and the password file, as for PostgreSQL's own programs.
    fn from_str(text: &str) -> Result<Self, DatabaseError> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(DatabaseError { source: None });
        }
        let options = text.parse::<PgConnectOptions>().map_err(|error| DatabaseError { source: Some(error) })?;
        Ok(Self::Server(Box::new(Server::of(options))))
    }
}

impl Server {
    pub(super) fn of(options: PgConnectOptions) -> Self {
        // Others see it as the holder of the write lock.
        let name = match options.get_application_name() {
            None => format!("duijie {}", std::process::id()),
            Some(name) => name.to_owned(),
        };
        let options = options.application_name(&name);
        // A commit is on the server's disk before it is acknowledged, whatever the server does by default.
        Self { options: options.options([("synchronous_commit", "on")]) }
    }
}

impl fmt::Display for Server {
    /// Host and database; neither user nor password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = self.options.get_database().unwrap_or(self.options.get_username());
        match self.options.get_socket() {
            Some(socket) => write!(f, "postgres:{}:{}/{database}", socket.display(), self.options.get_port()),
            None => write!(f, "postgres://{}:{}/{database}", self.options.get_host(), self.options.get_port()),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({self})")
    }
}

/// A data directory and its database. Index and match matrix are files of the directory either way.
#[derive(Debug, Clone)]
pub struct Place {
    /// The data directory.
    pub directory: PathBuf,
    /// What holds the record.
    pub database: Database,
}

impl<P: AsRef<Path> + ?Sized> From<&P> for Place {
    /// The directory with its own database file.
    fn from(directory: &P) -> Self {
        Self { directory: directory.as_ref().to_owned(), database: Database::Embedded }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_shown_without_user_and_password() {
        let text = "postgres://someone:secret@db.example:5433/patents";
        let Database::Server(server) = text.parse().unwrap() else { panic!("no server") };
        assert_eq!(server.to_string(), "postgres://db.example:5433/patents");
        assert_eq!(format!("{server:?}"), "Server(postgres://db.example:5433/patents)");
    }

    #[test]
    fn what_is_no_postgresql_database_is_refused_without_repeating_it() {
        for text in ["", "mysql://u:secret@h/d", "/data/duijie.sqlite", "postgres://u:secret@h:port/d"] {
            let error = text.parse::<Database>().unwrap_err();
            assert!(!error.to_string().contains("secret") && error.chinese().contains("postgres://"), "{text}");
        }
    }
}
