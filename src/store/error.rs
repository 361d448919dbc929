//! What can go wrong with the record, and what to do about it. Every SQL error is told apart here and nowhere else.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sqlx::migrate::MigrateError;
use thiserror::Error;

use super::Store;
use crate::domain::Notice;

/// Why the record could not be opened, read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The directory, or a file in it other than the database, cannot be created or written.
    #[error("cannot use '{}': check that it can be created and written there", path.display())]
    Directory {
        /// The directory or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database file cannot be opened for reading and writing.
    #[error("cannot open '{}' for reading and writing: check who owns it and its permissions", database.display())]
    Open {
        /// The database file.
        database: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// Nothing was ever imported there.
    #[error("no data in '{}': run `duijie import` first", directory.display())]
    Absent {
        /// The directory looked in.
        directory: PathBuf,
    },
    /// Another process is writing.
    #[error("'{}' is being written by another process{}: wait until it has ended and run the command again",
        directory.display(), holder.map(|pid| format!(" (pid {pid})")).unwrap_or_default())]
    Locked {
        /// The directory.
        directory: PathBuf,
        /// The process that holds the lock, when it could be read.
        holder: Option<u32>,
    },
    /// The database was written by a newer duijie.
    #[error("'{}' has schema {found}, this duijie knows only up to {known}: install the newer duijie", database.display())]
    NewerVersion {
        /// The database file.
        database: PathBuf,
        /// The schema version found.
        found: i64,
        /// The newest one known here.
        known: i64,
    },
    /// The disk is full.
    #[error("the disk holding '{}' is full: free space and run the same command again; what was saved stays",
        directory.display())]
    Full {
        /// The data directory.
        directory: PathBuf,
    },
    /// The file is damaged, or no database at all.
    #[error("'{}' is damaged or not a duijie database: move it away, then restore a backup or import again",
        database.display())]
    Corrupt {
        /// The database file.
        database: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// One row's body cannot be read.
    #[error("row '{id}' of table {table} cannot be read: restore a backup or import into a new directory")]
    CorruptRow {
        /// The table.
        table: &'static str,
        /// The row's id.
        id: String,
        /// What is wrong with the body.
        source: serde_json::Error,
    },
    /// The database stayed locked, or every connection taken, for longer than we wait.
    #[error("'{}' is busy: run the command again", database.display())]
    Busy {
        /// The database file.
        database: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// Anything else a query can fail with.
    #[error("a query of '{}' failed", database.display())]
    Query {
        /// The database file.
        database: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
}

impl Notice for StoreError {
    fn chinese(&self) -> String {
        match self {
            Self::Directory { path, .. } => format!("无法使用“{}”：请检查该路径能否创建和写入", path.display()),
            Self::Open { database, .. } => format!("无法读写打开“{}”：请检查文件所有者和权限", database.display()),
            Self::Absent { directory } => format!("“{}”中没有数据：请先运行 duijie import", directory.display()),
            Self::Locked { directory, holder } => {
                let holder = holder.map(|pid| format!("（进程号 {pid}）")).unwrap_or_default();
                format!("“{}”正由另一进程{holder}写入：请待其结束后重新运行", directory.display())
            }
            Self::NewerVersion { database, found, known } => {
                let database = database.display();
                format!("“{database}”的数据版本为 {found}，本程序只支持到 {known}：请安装新版 duijie")
            }
            Self::Full { directory } => {
                format!("“{}”所在磁盘已满：请清理空间后重新运行同一命令，已保存的数据不会丢失", directory.display())
            }
            Self::Corrupt { database, .. } => {
                format!("“{}”已损坏或不是 duijie 数据库：请将其移走，再恢复备份或重新导入", database.display())
            }
            Self::CorruptRow { table, id, .. } => {
                format!("数据表 {table} 中“{id}”一行无法读取：请恢复备份，或导入到新目录")
            }
            Self::Busy { database, .. } => format!("“{}”正忙：请重新运行", database.display()),
            Self::Query { database, .. } => format!("查询“{}”失败", database.display()),
        }
    }
}

/// Tells which file an error belongs to and what kind it is.
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
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full { directory: directory.to_owned() },
        _ => StoreError::Directory { path: path.to_owned(), source },
    }
}

fn query_error(store: &Store, source: sqlx::Error) -> StoreError {
    let database = store.database();
    let full = || StoreError::Full { directory: store.directory().to_owned() };
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
