//! Ranking: orders candidates for one enterprise and says why.
//!
//! Input is what `retrieve` found, with the listings themselves; output is what may be shown or pushed. Ranking reads no
//! clock, no store and no random source: the same arguments give the same order on every machine. Ties break on listing
//! id. Every recommendation carries reasons that sum to its score.
//!
//! Not done here: finding candidates (`retrieve`), choosing weights (`tune`), measuring quality (`eval`).

mod eligibility;
mod explanation;
mod preferences;
mod weights;

use std::collections::HashMap;

use thiserror::Error;

use crate::domain::{Candidate, Date, Enterprise, EvidenceKind, Listing, ListingId, Notice, ReasonKind, Score};

pub use eligibility::{Ineligible, eligible, on_offer};
pub use explanation::explain;
pub use weights::Weights;

/// Why a ranking could not be computed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RankError {
    /// A feature or weight was infinite or NaN, which would corrupt the order.
    #[error("cannot score listing {listing}: a feature or weight is not a finite number")]
    Score {
        /// The listing.
        listing: ListingId,
    },
}

impl Notice for RankError {
    fn chinese(&self) -> String {
        match self {
            Self::Score { listing } => format!("无法为 {listing} 打分：特征或权重不是有限数"),
        }
    }
}

/// A candidate in its place, with the parts of its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The listing.
    pub listing: ListingId,
    /// The sum of the parts, in points: 100 would be a listing that has all the profile asks for.
    pub score: Score,
    /// What each reason adds; none of them is zero.
    pub parts: Vec<(ReasonKind, f64)>,
}

/// For whom and when candidates are ranked, and how much each reason counts.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The enterprise.
    pub enterprise: &'a Enterprise,
    /// The day on which the listings must be on offer.
    pub today: Date,
    /// The weights.
    pub weights: &'a Weights,
}

/// Returns the best `limit` eligible candidates, best first. Linear in the candidates plus one sort; candidates whose
/// listing is not given are left out.
///
/// # Errors
/// [`RankError::Score`] if any score is not finite; no partial ranking is returned.
pub fn rank(
    candidates: &[Candidate],
    listings: &HashMap<ListingId, Listing>,
    request: Request<'_>,
    limit: usize,
) -> Result<Vec<Ranked>, RankError> {
    let mut ranked = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let Some(listing) = listings.get(&candidate.listing) else { continue };
        if eligible(listing, request.enterprise, request.today).is_ok() {
            ranked.push(scored(candidate, listing, request)?);
        }
    }
    ranked.sort_by(|a, b| Score::order((a.score, &a.listing), (b.score, &b.listing)));
    ranked.truncate(limit);
    Ok(ranked)
}

/// Points for the share 1.
const POINTS: f64 = 100.0;

fn scored(candidate: &Candidate, listing: &Listing, request: Request<'_>) -> Result<Ranked, RankError> {
    let Request { enterprise, weights, .. } = request;
    let evidence = EvidenceKind::ALL.into_iter().zip(weights.evidence()).zip(candidate.features);
    let mut parts: Vec<(ReasonKind, f64)> =
        evidence.map(|((kind, weight), value)| (reason_of(kind), POINTS * weight * value)).collect();
    // Terms and place shift what fits by a share of its fit: they never lift what does not.
    let fit: f64 = parts.iter().map(|(_, part)| part).sum();
    parts.push((ReasonKind::Fee, fit * weights.fee * preferences::fee(listing, enterprise)));
    parts.push((ReasonKind::Region, fit * weights.region * preferences::region(listing, enterprise)));
    parts.retain(|(_, part)| *part != 0.0);
    let score = Score::new(parts.iter().map(|(_, part)| part).sum());
    let score = score.ok_or_else(|| RankError::Score { listing: candidate.listing.clone() })?;
    Ok(Ranked { listing: candidate.listing.clone(), score, parts })
}

/// The reason a kind of evidence is shown under.
fn reason_of(kind: EvidenceKind) -> ReasonKind {
    match kind {
        EvidenceKind::Words => ReasonKind::Words,
        EvidenceKind::Bigrams => ReasonKind::Wording,
        EvidenceKind::Ipc => ReasonKind::OwnPatents,
        EvidenceKind::NeighbourIpc => ReasonKind::Field,
    }
}

#[cfg(test)]
mod tests;
