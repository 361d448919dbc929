//! Who ranking is for.

use serde::{Deserialize, Serialize};

use crate::domain::{DivisionCode, Enterprise, HolderKey, LearntInterest, ListingId, Money, NumberKey};

/// What ranking needs to know of an enterprise, worked out once for all listings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seeker {
    division: Option<DivisionCode>,
    holder: Option<HolderKey>,
    /// Ascending, without repeats.
    own_numbers: Box<[NumberKey]>,
    budget_per_year: Option<Money>,
    /// Ascending, without repeats; as the next.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    declined: Box<[ListingId]>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    licensed: Box<[ListingId]>,
}

impl Seeker {
    /// What ranking needs to know of this enterprise.
    #[must_use]
    pub fn of(enterprise: &Enterprise) -> Self {
        let own = enterprise.own_patents.iter().filter_map(|own| own.application_number.as_ref());
        let mut own_numbers: Vec<NumberKey> = own.map(|number| number.key()).collect();
        own_numbers.sort_unstable();
        own_numbers.dedup();
        Self {
            division: enterprise.location.as_ref().and_then(|location| location.division),
            holder: HolderKey::of(&enterprise.name),
            own_numbers: own_numbers.into(),
            budget_per_year: enterprise.budget_per_year,
            declined: Box::default(),
            licensed: Box::default(),
        }
    }

    /// The same with what was learnt of the enterprise: listings it declined or has a licence of.
    #[must_use]
    pub fn taught(self, learnt: &LearntInterest) -> Self {
        let ascending = |ids: &[ListingId]| {
            let mut ids = ids.to_vec();
            ids.sort_unstable();
            ids.dedup();
            ids.into()
        };
        Self { declined: ascending(&learnt.declined), licensed: ascending(&learnt.licensed), ..self }
    }

    /// Whether it declined a listing.
    #[must_use]
    pub fn declined(&self, listing: &ListingId) -> bool {
        self.declined.binary_search(listing).is_ok()
    }

    /// Whether it has said that it took a licence of a listing.
    #[must_use]
    pub fn licensed(&self, listing: &ListingId) -> bool {
        self.licensed.binary_search(listing).is_ok()
    }

    /// The smallest division it is known to sit in; `None` where that is not known, or abroad.
    #[must_use]
    pub fn division(&self) -> Option<DivisionCode> {
        self.division
    }

    /// The province it sits in; `None` where the division is.
    #[must_use]
    pub fn province(&self) -> Option<DivisionCode> {
        self.division.map(DivisionCode::province)
    }

    /// The key its patents stand under as their holder; `None` for a name of nothing.
    #[must_use]
    pub fn holder(&self) -> Option<HolderKey> {
        self.holder
    }

    /// The patents it has named as its own and whose numbers are known, ascending, without repeats.
    #[must_use]
    pub fn own_numbers(&self) -> &[NumberKey] {
        &self.own_numbers
    }

    /// What it can pay in a year for one licence; `None` where it has not said.
    #[must_use]
    pub fn budget_per_year(&self) -> Option<Money> {
        self.budget_per_year
    }
}
