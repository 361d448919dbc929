//! Searches that people keep.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Notice;

/// Longest label and query, in characters.
const LONGEST_LABEL: usize = 60;
const LONGEST_QUERY: usize = 2_000;
/// Most an account keeps.
pub const MOST_SAVED: usize = 50;

/// A search kept under a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SavedSearch {
    /// Its number; 0 until it is kept.
    pub number: i64,
    /// What its owner calls it.
    pub label: String,
    /// The search as its address has it, behind the question mark.
    #[schema(example = "q=%E9%9A%94%E8%86%9C&fee_at_most=20000")]
    pub query: String,
    /// When it was kept, in seconds since 1970-01-01 UTC.
    pub saved_at: i64,
}

/// Why a search is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SavedSearchRefusal {
    /// It has no label, or too long ones.
    #[error("a kept search has a label of 1 to {LONGEST_LABEL} characters and a query of at most {LONGEST_QUERY}")]
    Label,
    /// There are as many as there may be.
    #[error("an account keeps at most {MOST_SAVED} searches: delete one first")]
    TooMany,
    /// There is none of this number among the caller's.
    #[error("there is no kept search {number}")]
    Unknown {
        /// Which.
        number: i64,
    },
}

impl SavedSearchRefusal {
    /// What speaks against it, as a word that stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Label => "search-label",
            Self::TooMany => "too-many-searches",
            Self::Unknown { .. } => "unknown-search",
        }
    }
}

impl Notice for SavedSearchRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::Label => format!("保存的检索须有1至{LONGEST_LABEL}字的名称，条件至多{LONGEST_QUERY}字"),
            Self::TooMany => format!("一个账户至多保存{MOST_SAVED}项检索：请先删除一项"),
            Self::Unknown { number } => format!("没有保存的第 {number} 号检索"),
        }
    }
}

impl SavedSearch {
    /// A search to be kept.
    ///
    /// # Errors
    /// [`SavedSearchRefusal::Label`].
    pub fn new(label: &str, query: &str, now: i64) -> Result<Self, SavedSearchRefusal> {
        let (label, query) = (label.trim(), query.trim().trim_start_matches('?'));
        let fits = (1..=LONGEST_LABEL).contains(&label.chars().count()) && query.chars().count() <= LONGEST_QUERY;
        let new = || Self { number: 0, label: label.to_owned(), query: query.to_owned(), saved_at: now };
        if fits { Ok(new()) } else { Err(SavedSearchRefusal::Label) }
    }
}
