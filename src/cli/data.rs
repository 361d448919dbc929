//! Where everything is kept: what the verbs that use a data directory are told about it.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::engine::{Database, DatabaseError, Place};

/// Names the database where no option does, so that a script need not repeat it.
const VARIABLE: &str = "DUIJIE_DATABASE";

/// Where everything is kept.
#[derive(Args)]
pub(super) struct DataDirectory {
    /// 数据目录（存储与索引都在其中）
    #[arg(long = "data-dir", value_name = "目录", default_value = "duijie-data")]
    pub(super) path: PathBuf,
    /// 改用 PostgreSQL 15 或更高版本存储：postgres://用户@主机/库名，目录中只留索引；也可由环境变量 DUIJIE_DATABASE 给出。
    /// 口令请用 PGPASSWORD 或口令文件
    // A text, not a value parser: clap would repeat what it cannot read, password and all.
    #[arg(long = "database", value_name = "地址")]
    database: Option<String>,
}

impl DataDirectory {
    /// The directory and its database.
    ///
    /// # Errors
    /// [`DatabaseError`] for a database that is not named as one.
    pub(super) fn place(&self) -> Result<Place, DatabaseError> {
        place_of(&self.path, self.database.clone())
    }
}

/// A directory with the database given, or else the environment's, or else its own.
pub(super) fn place_of(directory: &Path, database: Option<String>) -> Result<Place, DatabaseError> {
    let named = database.or_else(|| std::env::var(VARIABLE).ok()).filter(|text| !text.trim().is_empty());
    let database = named.map_or(Ok(Database::Embedded), |text| text.trim().parse())?;
    Ok(Place { directory: directory.to_owned(), database })
}
