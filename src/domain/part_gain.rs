//! What a part of an enterprise's record is worth for finding patents, as measured.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ProfilePart;

/// Beside what else of the record a part was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Beside {
    /// The name alone.
    Name,
    /// All else that the record has.
    Rest,
}

impl Beside {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Name, Self::Rest];
}

/// The gain of a part over a judged set: the same enterprises with and without it. A proxy, as the sets are: what a firm
/// patents is near to what it would license, not the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PartGain {
    /// Which part.
    pub part: ProfilePart,
    /// Beside what.
    pub beside: Beside,
    /// The judged set.
    pub set: String,
    /// How many enterprises have the part: the n.
    pub enterprises: usize,
    /// Mean nDCG of the first ten without the part, 0 to 1.
    pub without: f64,
    /// With it.
    pub with: f64,
    /// The least that the difference is likely to be: the 95 % interval, by bootstrap.
    pub least: f64,
    /// The most.
    pub most: f64,
}
