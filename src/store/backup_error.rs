//! What can go wrong with copies of a record, and what to do about it.

use std::path::PathBuf;

use thiserror::Error;

use crate::domain::Notice;

/// Why a copy could not be made, read or put back.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BackupError {
    /// A backup never takes another file's place.
    #[error("'{}' is there already: name a file that is not", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// There is no such file.
    #[error("no file '{}', or it cannot be read", path.display())]
    Absent {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged, or none of duijie's.
    #[error("'{}' is no sound backup ({why}): use another", path.display())]
    Unsound {
        /// The file.
        path: PathBuf,
        /// What SQLite found.
        why: String,
    },
    /// A record is only replaced when that is asked for.
    #[error("'{}' has a record already: restore into another directory, or replace it with --replace, which keeps the \
        old one beside it", directory.display())]
    Occupied {
        /// The data directory.
        directory: PathBuf,
    },
    /// The record is a server's, which has its own means.
    #[error(
        "'{database}' is kept by a PostgreSQL server: use `pg_dump -Fc` for a backup, `pg_restore` to put it back, \
        then `duijie reindex`"
    )]
    OnServer {
        /// The database.
        database: String,
    },
}

impl Notice for BackupError {
    fn chinese(&self) -> String {
        match self {
            Self::Exists { path } => format!("“{}”已存在：请另取文件名", path.display()),
            Self::Absent { path } => format!("没有“{}”这个文件，或无法读取", path.display()),
            Self::Unsound { path, why } => format!("“{}”不是完好的备份（{why}）：请换用其他备份", path.display()),
            Self::Occupied { directory } => {
                let directory = directory.display();
                format!("“{directory}”中已有数据：请恢复到其他目录，或用 --replace 替换（原有数据保留在旁）")
            }
            Self::OnServer { database } => format!(
                "“{database}”由 PostgreSQL 服务器保存：请用 pg_dump -Fc 备份，用 pg_restore 恢复，再运行 duijie reindex"
            ),
        }
    }
}
