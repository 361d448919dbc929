//! What is wrong with a row or a value, as a person is told it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::Notice;
use crate::ingest::Rejection;

/// A row that was refused, or a value that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RowProblem)]
pub struct Problem {
    /// The row, as a person counts.
    pub row: Option<u64>,
    /// The column, as the file names it.
    pub column: Option<String>,
    /// The reason in one stable word.
    pub code: String,
    /// What, where and what to do, in Chinese.
    pub message: String,
    /// The same in English.
    pub message_en: String,
}

impl From<&Rejection> for Problem {
    fn from(rejection: &Rejection) -> Self {
        Self {
            row: rejection.row,
            column: rejection.column.clone(),
            code: rejection.reason.code().to_owned(),
            message: rejection.chinese(),
            message_en: rejection.to_string(),
        }
    }
}

impl Problem {
    /// A member of an object that nothing is known by.
    pub(super) fn unknown_member(name: &str) -> Self {
        let name: String = name.chars().take(40).collect();
        Self {
            row: None,
            column: Some(name.clone()),
            code: "unknown_column".to_owned(),
            message: format!("没有“{name}”这一项：请核对名称，可用的名称见 README"),
            message_en: format!("there is no member '{name}': check its name; the README lists them"),
        }
    }
}
