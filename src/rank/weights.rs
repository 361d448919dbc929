//! How much each reason counts.

use serde::{Deserialize, Serialize};

use crate::domain::EvidenceKind;

/// The linear ranking's weights, each above or equal to zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// Shared words.
    pub words: f64,
    /// Shared character pairs.
    pub bigrams: f64,
    /// IPC agreement with the enterprise's own patents.
    pub ipc: f64,
    /// The field of the best-fitting listings.
    pub neighbour_ipc: f64,
    /// Fee against budget: the largest share of the fit that it adds or takes.
    pub fee: f64,
    /// Holder in the same province: the share of the fit that it adds.
    pub region: f64,
}

impl Weights {
    /// The weights of the evidence, in the order of [`EvidenceKind::ALL`]; retrieval uses the same.
    #[must_use]
    pub fn evidence(&self) -> [f64; EvidenceKind::ALL.len()] {
        EvidenceKind::ALL.map(|kind| match kind {
            EvidenceKind::Words => self.words,
            EvidenceKind::Bigrams => self.bigrams,
            EvidenceKind::Ipc => self.ipc,
            EvidenceKind::NeighbourIpc => self.neighbour_ipc,
        })
    }
}

impl Default for Weights {
    /// The evidence's weights come from cross-validation (`models/README.md`); no judged set knows fees or places, so
    /// theirs are small by decision.
    fn default() -> Self {
        Self { words: 0.5, bigrams: 1.0, ipc: 1.0, neighbour_ipc: 1.0, fee: 0.1, region: 0.05 }
    }
}
