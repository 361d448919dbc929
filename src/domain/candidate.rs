//! What retrieval hands to ranking.

use serde::{Deserialize, Serialize};

use super::{ListingId, ProfilePart};

/// What speaks for a candidate: one source of evidence, one ranking feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// Words the profile and the listing share.
    Words,
    /// Character pairs they share: words no dictionary has, and near-spellings.
    Bigrams,
    /// IPC symbols they share, at any level.
    Ipc,
    /// IPC subclasses the enterprise seems to work in: those its description speaks for, and those of the listings whose
    /// text fits its profile best.
    LikelyIpc,
    /// How near the listing's title is in meaning to the enterprise's own patents or description.
    Meaning,
}

impl EvidenceKind {
    /// All kinds, in the order features are stored.
    pub const ALL: [Self; 5] = [Self::Words, Self::Bigrams, Self::Ipc, Self::LikelyIpc, Self::Meaning];
}

/// One term that spoke for a listing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which source it belongs to.
    pub kind: EvidenceKind,
    /// The word, character pair or IPC symbol; empty for nearness in meaning, which no single word makes.
    pub term: String,
    /// The part of the profile that asked for it; `None` for a likely subclass and for nearness in meaning.
    pub part: Option<ProfilePart>,
    /// Its share of the source's feature value: the weights of one kind sum to that.
    pub weight: f64,
}

/// A listing worth ranking for one enterprise.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The listing.
    pub listing: ListingId,
    /// One value for each of [`EvidenceKind::ALL`], zero or above. What words, pairs and own patents' symbols share is a share
    /// of all that the profile asks for: at most 1 once weighted, in practice well below. A likely class and nearness in
    /// meaning count by the text that fits best, times up to 5 and 1.
    pub features: [f64; EvidenceKind::ALL.len()],
}
