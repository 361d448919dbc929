//! What can go wrong with the record, and what to do about it. `sql_error` tells SQL errors apart.

use std::path::PathBuf;

use thiserror::Error;

use super::backup_error::BackupError;
use super::server_error::ServerError;
pub(super) use super::sql_error::{Within, file_error};
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
    /// The database cannot be opened for reading and writing.
    #[error("cannot open '{database}' for reading and writing: check who owns it and its permissions")]
    Open {
        /// The database: its file, or host and name.
        database: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// Nothing was ever imported there.
    #[error("no data in '{place}': run `duijie import` first")]
    Absent {
        /// The directory or the server's database looked in.
        place: String,
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
    #[error("'{database}' has schema {found}, this duijie knows only up to {known}: install the newer duijie")]
    NewerVersion {
        /// The database: its file, or host and name.
        database: String,
        /// The schema version found.
        found: i64,
        /// The newest one known here.
        known: i64,
    },
    /// The disk is full.
    #[error("the disk holding '{place}' is full: free space and run the same command again; what was saved stays")]
    Full {
        /// The data directory or the server's database.
        place: String,
    },
    /// The file is damaged, or no database at all.
    #[error("'{database}' is damaged or not a duijie database: move it away, then restore a backup or import again")]
    Corrupt {
        /// The database: its file, or host and name.
        database: String,
        /// What the database said.
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
    #[error("'{database}' is busy: run the command again")]
    Busy {
        /// The database: its file, or host and name.
        database: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// The server's database cannot be used, or not now.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A copy of the record could not be made, read or put back.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// Anything else a query can fail with.
    #[error("a query of '{database}' failed")]
    Query {
        /// The database: its file, or host and name.
        database: String,
        /// What the database said.
        source: sqlx::Error,
    },
}

impl Notice for StoreError {
    fn chinese(&self) -> String {
        match self {
            Self::Directory { path, .. } => format!("无法使用“{}”：请检查该路径能否创建和写入", path.display()),
            Self::Open { database, .. } => format!("无法读写打开“{database}”：请检查文件所有者和权限"),
            Self::Absent { place } => format!("“{place}”中没有数据：请先运行 duijie import"),
            Self::Locked { directory, holder } => {
                let holder = holder.map(|pid| format!("（进程号 {pid}）")).unwrap_or_default();
                format!("“{}”正由另一进程{holder}写入：请待其结束后重新运行", directory.display())
            }
            Self::NewerVersion { database, found, known } => {
                format!("“{database}”的数据版本为 {found}，本程序只支持到 {known}：请安装新版 duijie")
            }
            Self::Full { place } => {
                format!("“{place}”所在磁盘已满：请清理空间后重新运行同一命令，已保存的数据不会丢失")
            }
            Self::Corrupt { database, .. } => {
                format!("“{database}”已损坏或不是 duijie 数据库：请将其移走，再恢复备份或重新导入")
            }
            Self::CorruptRow { table, id, .. } => {
                format!("数据表 {table} 中“{id}”一行无法读取：请恢复备份，或导入到新目录")
            }
            Self::Busy { database, .. } => format!("“{database}”正忙：请重新运行"),
            Self::Server(source) => source.chinese(),
            Self::Backup(source) => source.chinese(),
            Self::Query { database, .. } => format!("查询“{database}”失败"),
        }
    }
}
