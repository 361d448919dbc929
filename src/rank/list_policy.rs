//! How a list is made of a ranking: the knobs, and what they may be.

use serde::{Deserialize, Serialize};

use super::RankError;

/// The largest strength of a rule: at 2, being just like what stands above costs twice the best score.
const STRONGEST: f64 = 2.0;

/// How a ranking is arranged. Each knob at 0 leaves its rule out; all at 0 is [`ListPolicy::AS_RANKED`]: the list is the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListPolicy {
    /// From which likeness on two texts of one holder are one invention offered twice: the cosine of their rows, above 0
    /// up to 1. Of those, the best is shown and names the others. 0 folds nothing.
    pub fold: f64,
    /// What likeness to something higher in the list costs, as a share of the best score: 0 to 2.
    pub variety: f64,
    /// What a list costs whose classes are spread unlike the profile's likely ones, as a share of the best score: 0 to 2.
    pub balance: f64,
}

impl ListPolicy {
    /// The ranking as it is.
    pub const AS_RANKED: Self = Self { fold: 0.0, variety: 0.0, balance: 0.0 };

    /// Every rule, mildly: on the judged sets measured it costs at most .001 nDCG@10.
    pub const MILD: Self = Self { fold: 0.8, variety: 0.05, balance: 0.1 };

    /// This policy, if lists can be arranged by it; to be asked where knobs come in from outside.
    ///
    /// # Errors
    /// [`RankError::Policy`] for the first knob that is NaN or out of its range.
    pub fn checked(self) -> Result<Self, RankError> {
        self.check().map(|()| self)
    }

    pub(super) fn check(&self) -> Result<(), RankError> {
        let Self { fold, variety, balance } = *self;
        let knobs = [("fold", fold, 1.0), ("variety", variety, STRONGEST), ("balance", balance, STRONGEST)];
        // NaN is in no range.
        let faulty = knobs.into_iter().find(|(_, value, most)| !(0.0..=*most).contains(value));
        faulty.map_or(Ok(()), |(name, value, most)| Err(RankError::Policy { name, value, most }))
    }
}

impl Default for ListPolicy {
    /// The ranking as it is: what the rules give and cost is in `models/README.md`, and for whoever runs the lists to weigh.
    fn default() -> Self {
        Self::AS_RANKED
    }
}
