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

    /// This policy where a change says nothing, and what it says elsewhere.
    ///
    /// # Errors
    /// As [`Self::checked`].
    pub fn changed(self, by: &ListChange) -> Result<Self, RankError> {
        let ListChange { fold, variety, balance } = *by;
        let changed = Self {
            fold: fold.unwrap_or(self.fold),
            variety: variety.unwrap_or(self.variety),
            balance: balance.unwrap_or(self.balance),
        };
        changed.checked()
    }

    /// The greatest that a knob may be, by its name; all of them begin at 0.
    #[must_use]
    pub fn most(name: &str) -> f64 {
        if name == "fold" { 1.0 } else { STRONGEST }
    }

    pub(super) fn check(&self) -> Result<(), RankError> {
        let Self { fold, variety, balance } = *self;
        let knobs = [("fold", fold), ("variety", variety), ("balance", balance)];
        // NaN is in no range.
        let faulty = knobs.into_iter().find(|(name, value)| !(0.0..=Self::most(name)).contains(value));
        faulty.map_or(Ok(()), |(name, value)| Err(RankError::Policy { name, value, most: Self::most(name) }))
    }
}

/// What one call asks for otherwise than the policy in force; what is `None` stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ListChange {
    /// In place of [`ListPolicy::fold`].
    pub fold: Option<f64>,
    /// In place of [`ListPolicy::variety`].
    pub variety: Option<f64>,
    /// In place of [`ListPolicy::balance`].
    pub balance: Option<f64>,
}

impl ListChange {
    /// The ranking as it is, whatever is in force.
    pub const AS_RANKED: Self = Self { fold: Some(0.0), variety: Some(0.0), balance: Some(0.0) };
}

impl Default for ListPolicy {
    /// The ranking as it is: what the rules give and cost is in `models/README.md`, and for whoever runs the lists to weigh.
    fn default() -> Self {
        Self::AS_RANKED
    }
}
