//! What can go wrong with a server's database, and what to do about it.

use thiserror::Error;

use super::server_lock::LockHolder;
use crate::domain::Notice;

/// Why a server's database cannot be used, or not now. Each names it by host and database.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServerError {
    /// Nobody answers, or the connection was lost.
    #[error(
        "the server of '{database}' does not answer: check that it runs and can be reached from here, then run the \
        same command again; what was saved stays"
    )]
    Unreachable {
        /// The database.
        database: String,
        /// What went wrong.
        source: sqlx::Error,
    },
    /// The server lets nobody in by that name and password, or has no such database.
    #[error(
        "the server of '{database}' refuses the login: check the user, the password (PGPASSWORD or the password \
        file) and the name of the database"
    )]
    Refused {
        /// The database.
        database: String,
        /// What the server said.
        source: sqlx::Error,
    },
    /// The server or this program wants an encrypted connection and the other cannot have one.
    #[error(
        "no encrypted connection to '{database}': this duijie has none, so reach the server through a tunnel, or a \
        local socket, and leave out sslmode"
    )]
    Encrypted {
        /// The database.
        database: String,
        /// What went wrong.
        source: sqlx::Error,
    },
    /// The server is of a version that is not supported.
    #[error("the server of '{database}' is PostgreSQL {found}: duijie needs {oldest} or newer")]
    Old {
        /// The database.
        database: String,
        /// Its version.
        found: u32,
        /// The oldest that is supported.
        oldest: u32,
    },
    /// The database cannot hold every text.
    #[error("'{database}' is encoded in {found}: create a database with ENCODING 'UTF8'")]
    Encoding {
        /// The database.
        database: String,
        /// Its encoding.
        found: String,
    },
    /// Another process, on this or another machine, is writing.
    #[error("'{database}' is being written by another process{}: wait until it has ended and run the command again",
        holder.as_ref().map(|holder| format!(" ({holder})")).unwrap_or_default())]
    Locked {
        /// The database.
        database: String,
        /// Who holds the lock, when the server tells it.
        holder: Option<LockHolder>,
    },
    /// The connection that held the write lock was lost, and with it the right to write.
    #[error(
        "the right to write to '{database}' was lost with its connection: run the same command again; what was \
        saved stays"
    )]
    LockLost {
        /// The database.
        database: String,
    },
}

impl Notice for ServerError {
    fn chinese(&self) -> String {
        match self {
            Self::Unreachable { database, .. } => {
                format!(
                    "“{database}”的服务器没有应答：请检查其是否运行、能否从本机访问，再重新运行同一命令，已保存的数据不会丢失"
                )
            }
            Self::Refused { database, .. } => {
                format!("“{database}”的服务器拒绝登录：请检查用户、口令（PGPASSWORD 或口令文件）和库名")
            }
            Self::Encrypted { database, .. } => {
                format!("无法与“{database}”建立加密连接：本程序不支持加密，请经隧道或本机套接字连接，并去掉 sslmode")
            }
            Self::Old { database, found, oldest } => {
                format!("“{database}”的服务器为 PostgreSQL {found}：需要 {oldest} 或更高版本")
            }
            Self::Encoding { database, found } => {
                format!("“{database}”的编码为 {found}：请以 ENCODING 'UTF8' 新建数据库")
            }
            Self::Locked { database, holder } => {
                let holder = holder.as_ref().map(|holder| format!("（{holder}）")).unwrap_or_default();
                format!("“{database}”正由另一进程{holder}写入：请待其结束后重新运行")
            }
            Self::LockLost { database } => {
                format!("“{database}”的写入权已随连接中断而失去：请重新运行同一命令，已保存的数据不会丢失")
            }
        }
    }
}
