//! A recommendation and the reasons that add up to its score.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ListingId;

/// A finite score; larger is better.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Score(f64);

impl Score {
    /// A score from a finite number; `None` for NaN and infinities, which would corrupt the order.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(value))
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }

    /// The order of lists: higher scores first, ties by listing id.
    #[must_use]
    pub fn order(a: (Self, &ListingId), b: (Self, &ListingId)) -> Ordering {
        b.0.0.total_cmp(&a.0.0).then_with(|| a.1.cmp(b.1))
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// Words shared by the enterprise's profile and the listing.
    Words,
    /// Near wording, by character pairs.
    Wording,
    /// The same classes of technology as the enterprise's own patents.
    OwnPatents,
    /// The field that listings fitting the profile lie in.
    Field,
    /// Nearness in meaning, words in common or not.
    Meaning,
    /// Fee against budget.
    Fee,
    /// Holder and enterprise in one province.
    Region,
}

/// One part of a score, in words a person can check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// What it is about.
    pub kind: ReasonKind,
    /// Its part of the score; the parts of an explanation sum to the score.
    pub score: f64,
    /// The words or symbols that made it, the strongest first, each with its own part of `score`.
    pub terms: Vec<(String, f64)>,
    /// The sentence shown, in Chinese.
    pub text: String,
}

/// Why a listing is recommended: reasons that sum to the score, the strongest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// The reasons.
    pub reasons: Vec<Reason>,
    /// What the enterprise should know besides: no terms published, territory to be checked …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// One listing for one enterprise, with its score and the reasons for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recommendation {
    /// The listing.
    pub listing: ListingId,
    /// The score; larger is better, comparable within one enterprise's list only.
    pub score: Score,
    /// Why.
    pub explanation: Explanation,
}
