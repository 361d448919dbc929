//! What parties of a licence disagree on: negotiation, then mediation by the bureau, then court.
//!
//! Source: Patent Law 2020, article 52.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, LicenceVerb, Moment};

/// How far a dispute has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStage {
    /// 协商.
    Negotiation,
    /// 调解.
    Mediation,
    /// 诉讼.
    Court,
    /// 了结.
    Settled,
}

/// One thing that happened in a dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DisputeEntry {
    /// The stage it is in from then on.
    pub stage: DisputeStage,
    /// What it is about, was agreed, or decided.
    pub note: String,
    /// Who says so.
    pub by: Actor,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// A dispute, as everything that happened in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Dispute(pub Vec<DisputeEntry>);

impl Dispute {
    pub(super) fn opened(about: &str, by: &Actor, at: Moment) -> Self {
        let (note, by) = (about.to_owned(), by.clone());
        Self(vec![DisputeEntry { stage: DisputeStage::Negotiation, note, by, at: at.now }])
    }

    /// The stage it is in.
    #[must_use]
    pub fn stage(&self) -> DisputeStage {
        self.0.last().map_or(DisputeStage::Negotiation, |entry| entry.stage)
    }

    /// Whether it is not settled.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stage() != DisputeStage::Settled
    }

    /// Goes on: mediation may take several meetings, court several cases; never back. `None` where it would.
    pub(super) fn advance(&mut self, verb: LicenceVerb, note: &str, by: &Actor, at: Moment) -> Option<()> {
        let stage = match verb {
            LicenceVerb::Mediate => DisputeStage::Mediation,
            LicenceVerb::GoToCourt => DisputeStage::Court,
            _ => DisputeStage::Settled,
        };
        if stage < self.stage() {
            return None;
        }
        self.0.push(DisputeEntry { stage, note: note.to_owned(), by: by.clone(), at: at.now });
        Some(())
    }
}
