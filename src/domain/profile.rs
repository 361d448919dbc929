//! What an enterprise asks for, as terms with weights.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Meaning;

/// The part of an enterprise's record that a term comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProfilePart {
    /// Patents it holds.
    OwnPatents,
    /// Stated needs.
    Needs,
    /// Business in prose.
    Business,
    /// Products.
    Products,
    /// Industry words and the name of its GB/T 4754 class.
    Industry,
    /// Concept words.
    Concepts,
    /// Its name.
    Name,
    /// Listings it was shown and wanted.
    Feedback,
}

impl ProfilePart {
    /// All parts, the most telling first.
    pub const ALL: [Self; 8] = [
        Self::Needs,
        Self::OwnPatents,
        Self::Products,
        Self::Business,
        Self::Industry,
        Self::Concepts,
        Self::Name,
        Self::Feedback,
    ];

    /// The Chinese name of the part.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::OwnPatents => "自有专利",
            Self::Needs => "技术需求",
            Self::Business => "业务描述",
            Self::Products => "主要产品",
            Self::Industry => "所属行业",
            Self::Concepts => "概念标签",
            Self::Name => "企业名称",
            Self::Feedback => "感兴趣的专利",
        }
    }
}

/// A term of a profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProfileTerm {
    /// The word, character pair or IPC symbol.
    pub text: String,
    /// How much it is asked for, before its rarity in the catalogue is known; above zero.
    pub weight: f64,
    /// The part that asks for it most.
    pub part: ProfilePart,
}

/// An IPC subclass that an enterprise's own words speak for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LikelySubclass {
    /// `H01M`.
    pub symbol: String,
    /// How likely it is, times how much that counts beside what the best-fitting listings say; above zero.
    pub weight: f64,
}

/// What an enterprise asks for. Each list is sorted by text, without repeats.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EnterpriseProfile {
    /// Words.
    pub words: Vec<ProfileTerm>,
    /// Character pairs.
    pub bigrams: Vec<ProfileTerm>,
    /// IPC symbols of its own patents, at several levels.
    pub ipc: Vec<ProfileTerm>,
    /// The classes its description speaks for.
    pub likely: Vec<LikelySubclass>,
    /// How far these classes, and those of the best-fitting listings, are to be trusted as the enterprise's own, 0 to 1:
    /// less, the more specific its own patents and needs are.
    pub field_trust: f64,
    /// What its own patents and description are about; its length says how much nearness to that counts.
    pub meaning: Meaning,
}

impl EnterpriseProfile {
    /// Whether nothing is asked for, so that nothing can be recommended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.bigrams.is_empty() && self.ipc.is_empty()
    }
}
