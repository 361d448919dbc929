//! Why the index could not do its work.

use std::path::PathBuf;

use thiserror::Error;

use crate::domain::Notice;

/// Why the index could not be opened, written or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The directory cannot be made or removed.
    #[error("cannot use the index directory {path}")]
    Directory {
        /// Which directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another analyzer or schema made the index.
    #[error("the index was made by version {found}, this program is {expected}: run `duijie reindex`")]
    Version {
        /// What made it.
        found: String,
        /// What this program needs.
        expected: String,
    },
    /// Another process is writing.
    #[error("another process is writing the index: wait for it to end, then run the command again")]
    Locked,
    /// The disk is full.
    #[error("no space left while writing the index: free some, then run `duijie reindex`")]
    Full,
    /// The index library failed.
    #[error("the index failed: run `duijie reindex` if this stays")]
    Tantivy {
        /// What the library said.
        source: tantivy::TantivyError,
    },
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(source: tantivy::TantivyError) -> Self {
        match &source {
            tantivy::TantivyError::LockFailure(..) => Self::Locked,
            tantivy::TantivyError::IoError(io) if io.kind() == std::io::ErrorKind::StorageFull => Self::Full,
            // Some of tantivy's threads hand an error on as its text alone.
            other if other.to_string().contains("No space left on device") => Self::Full,
            _ => Self::Tantivy { source },
        }
    }
}

impl Notice for IndexError {
    fn chinese(&self) -> String {
        match self {
            Self::Directory { path, source } => format!("无法使用索引目录 {}：{source}", path.display()),
            Self::Version { found, expected } => {
                format!("索引由版本 {found} 建立，本程序需要 {expected}：请运行 duijie reindex 重建")
            }
            Self::Locked => "另一个进程正在写索引：请等它结束后重试".to_owned(),
            Self::Full => "写索引时磁盘已满：请清理空间后运行 duijie reindex".to_owned(),
            Self::Tantivy { source } => format!("索引读写失败（{source}）：若反复出现，请运行 duijie reindex"),
        }
    }
}
