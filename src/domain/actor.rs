//! Who does something that is kept on record.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// On whose behalf something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// The patent's holder (专利权人).
    Holder,
    /// The bureau (省局).
    Bureau,
    /// An enterprise (企业).
    Enterprise,
    /// Whoever looks after the system (运营).
    Operator,
    /// duijie itself, by a rule.
    System,
}

impl ActorKind {
    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Bureau => "bureau",
            Self::Enterprise => "enterprise",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Holder => "专利权人",
            Self::Bureau => "省局",
            Self::Enterprise => "企业",
            Self::Operator => "运营",
            Self::System => "系统",
        }
    }

    /// The kind of a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Holder, Self::Bureau, Self::Enterprise, Self::Operator, Self::System]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

impl fmt::Display for ActorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Who does something: a holder by its registered name, staff by the name the bureau knows them by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    /// On whose behalf.
    pub kind: ActorKind,
    /// The name.
    pub name: String,
}

impl Actor {
    /// A holder.
    #[must_use]
    pub fn holder(name: &str) -> Self {
        Self { kind: ActorKind::Holder, name: name.trim().to_owned() }
    }

    /// Staff of the bureau.
    #[must_use]
    pub fn bureau(name: &str) -> Self {
        Self { kind: ActorKind::Bureau, name: name.trim().to_owned() }
    }

    /// An enterprise.
    #[must_use]
    pub fn enterprise(name: &str) -> Self {
        Self { kind: ActorKind::Enterprise, name: name.trim().to_owned() }
    }

    /// An operator.
    #[must_use]
    pub fn operator(name: &str) -> Self {
        Self { kind: ActorKind::Operator, name: name.trim().to_owned() }
    }

    /// duijie itself.
    #[must_use]
    pub fn system() -> Self {
        Self { kind: ActorKind::System, name: "duijie".to_owned() }
    }
}
