//! What retrieval hands to ranking.

use serde::{Deserialize, Serialize};

use super::ListingId;

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
    /// IPC subclasses of the listings whose text fits the profile best, shared by this one.
    NeighbourIpc,
}

impl EvidenceKind {
    /// All kinds, in the order features are stored.
    pub const ALL: [Self; 4] = [Self::Words, Self::Bigrams, Self::Ipc, Self::NeighbourIpc];
}

/// One term that spoke for a listing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which source it belongs to.
    pub kind: EvidenceKind,
    /// The word, character pair or IPC symbol.
    pub term: String,
    /// Its part of the source's feature value, same unit.
    pub weight: f64,
}

/// A listing worth ranking for one enterprise, with the value of each source: a share of the best obtainable, 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The listing.
    pub listing: ListingId,
    /// One value for each of [`EvidenceKind::ALL`].
    pub features: [f64; EvidenceKind::ALL.len()],
}
