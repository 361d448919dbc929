//! Ranking: orders candidates for one enterprise and says why.
//!
//! Input is what `retrieve` found, with the offer behind each listing; output is what may be shown or pushed. Ranking
//! reads no clock, no store and no random source: the same arguments give the same order on every machine. Ties break on listing
//! id. Every recommendation carries reasons that sum to its score.
//!
//! Not done here: finding candidates (`retrieve`), choosing weights (`tune`), measuring quality (`eval`).

mod arrangement;
mod eligibility;
mod explanation;
mod exposure;
mod list_policy;
mod preferences;
mod seeker;
mod traits;
mod weights;

use thiserror::Error;

use crate::domain::{Candidate, Date, EvidenceKind, ListingId, Notice, Offer, ReasonKind, Score};

pub use arrangement::{Arranged, Moved, PAGE, WINDOW, arrange};
pub use eligibility::{Ineligible, eligible, held_by, on_offer, within_territory};
pub use explanation::explain;
pub use exposure::{ExposurePolicy, Offered, expose};
pub use list_policy::{ListChange, ListPolicy};
pub use seeker::Seeker;
pub use traits::Traits;
pub use weights::{POINTS, Weights};

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
    /// A weight was negative, infinite or NaN.
    #[error("weight '{name}' is {value}: expected a finite number, zero or above")]
    Weight {
        /// The weight's name: its field of [`Weights`].
        name: &'static str,
        /// What it was.
        value: f64,
    },
    /// A knob of a list's policy was NaN or out of its range.
    #[error("list knob '{name}' is {value}: expected a number from 0 to {most}")]
    Policy {
        /// The knob's name: its field of [`ListPolicy`] or [`ExposurePolicy`].
        name: &'static str,
        /// What it was.
        value: f64,
        /// The largest it may be.
        most: f64,
    },
}

impl Notice for RankError {
    fn chinese(&self) -> String {
        match self {
            Self::Score { listing } => format!("无法为 {listing} 打分：特征或权重不是有限数"),
            Self::Weight { name, value } => format!("权重“{name}”为 {value}：应为不小于 0 的有限数"),
            Self::Policy { name, value, most } => format!("列表参数“{name}”为 {value}：应为 0 至 {most} 的数"),
        }
    }
}

/// A candidate in its place, with the parts of its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The listing.
    pub listing: ListingId,
    /// The sum of the parts, in points: text and own patents' symbols would give 100 to a listing that has all of the
    /// profile's; a likely class, nearness in meaning, fee and place come on top.
    pub score: Score,
    /// What each reason adds; none of them is zero.
    pub parts: Vec<(ReasonKind, f64)>,
}

/// For whom and when candidates are ranked, and how much each reason counts.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The enterprise.
    pub seeker: &'a Seeker,
    /// The day on which the listings must be on offer.
    pub today: Date,
    /// The weights.
    pub weights: &'a Weights,
}

/// Returns the best `limit` eligible candidates, best first; those of which `offer_of` knows nothing are left out.
///
/// Linear in the candidates plus one sort of what is returned. Each listing is expected once.
///
/// # Errors
/// [`RankError::Weight`] for weights that [`Weights::checked`] refuses, [`RankError::Score`] if any score is not finite;
/// no partial ranking is returned.
pub fn rank<'o>(
    candidates: &[Candidate],
    offer_of: impl Fn(&ListingId) -> Option<&'o Offer>,
    request: Request<'_>,
    limit: usize,
) -> Result<Vec<Ranked>, RankError> {
    request.weights.check()?;
    let mut scored = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let Some(offer) = offer_of(&candidate.listing) else { continue };
        if eligible(&candidate.listing, offer, request.seeker, request.today).is_ok() {
            scored.push(Scored::new(candidate, offer, request)?);
        }
    }
    let order = |a: &Scored<'_>, b: &Scored<'_>| Score::order((a.score, a.listing), (b.score, b.listing));
    if limit < scored.len() {
        scored.select_nth_unstable_by(limit, order);
        scored.truncate(limit);
    }
    scored.sort_by(order);
    Ok(scored.into_iter().map(Scored::ranked).collect())
}

/// An eligible candidate that may still fall off the end of the list, without anything of its own on the heap.
struct Scored<'a> {
    listing: &'a ListingId,
    score: Score,
    /// What each kind of evidence adds, then fee and place; some are zero.
    parts: [f64; EvidenceKind::ALL.len() + 2],
}

impl<'a> Scored<'a> {
    fn new(candidate: &'a Candidate, offer: &Offer, request: Request<'_>) -> Result<Self, RankError> {
        let Request { seeker, weights, .. } = request;
        // Terms and place shift what fits by a share of its fit: they never lift what does not.
        let fit = weights.fit(&candidate.features);
        let fee = fit * weights.fee * preferences::fee(offer, seeker);
        let region = fit * weights.region * preferences::region(offer, seeker);
        let mut parts = [0.0; EvidenceKind::ALL.len() + 2];
        let (evidence, terms) = parts.split_at_mut(EvidenceKind::ALL.len());
        evidence.copy_from_slice(&weights.fit_parts(&candidate.features));
        terms.copy_from_slice(&[fee, region]);
        let score = Score::new(parts.iter().filter(|part| **part != 0.0).sum());
        let score = score.ok_or_else(|| RankError::Score { listing: candidate.listing.clone() })?;
        Ok(Self { listing: &candidate.listing, score, parts })
    }

    fn ranked(self) -> Ranked {
        let kinds = EvidenceKind::ALL.map(reason_of).into_iter().chain([ReasonKind::Fee, ReasonKind::Region]);
        let parts = kinds.zip(self.parts).filter(|(_, part)| *part != 0.0).collect();
        Ranked { listing: self.listing.clone(), score: self.score, parts }
    }
}

/// The reason a kind of evidence is shown under.
fn reason_of(kind: EvidenceKind) -> ReasonKind {
    match kind {
        EvidenceKind::Words => ReasonKind::Words,
        EvidenceKind::Bigrams => ReasonKind::Wording,
        EvidenceKind::Ipc => ReasonKind::OwnPatents,
        EvidenceKind::LikelyIpc => ReasonKind::Field,
        EvidenceKind::Meaning => ReasonKind::Meaning,
    }
}

#[cfg(test)]
mod tests;
