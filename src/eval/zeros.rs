//! Hard zeros: how often lists do what no list may do.

use serde::Serialize;

use super::{Limit, LimitResult};

/// Places of lists that should not be as they are, by what is wrong with them. Each must be 0, whatever the lists are
/// worth otherwise; one place may count in several. Counted by who knows the rules; here they are held to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct HardZeros {
    /// Listings that may not be shown to that enterprise on that day.
    pub ineligible_served: usize,
    /// Places beyond the most that a listing may be shown, where there is such a cap.
    pub over_cap: usize,
    /// Listings that the enterprise has a licence of.
    pub already_licensed: usize,
    /// Places of a list whose listing stands further up in it too.
    pub duplicates_served: usize,
}

impl HardZeros {
    /// Each by its name.
    #[must_use]
    pub fn named(&self) -> [(&'static str, usize); 4] {
        let Self { ineligible_served, over_cap, already_licensed, duplicates_served } = *self;
        [
            ("ineligible-served", ineligible_served),
            ("over-cap", over_cap),
            ("already-licensed", already_licensed),
            ("duplicates-served", duplicates_served),
        ]
    }

    /// Whether all are 0.
    #[must_use]
    pub fn hold(&self) -> bool {
        *self == Self::default()
    }

    /// How a set's counts stand to the most they may be, which no file of floors needs to say.
    pub fn held(&self, set: &str) -> impl Iterator<Item = LimitResult> {
        self.named().into_iter().map(|(figure, count)| Limit::Most(0.0).held(set, figure, count as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_that_should_not_be_fails_its_zero_and_no_other() {
        let zeros = HardZeros { already_licensed: 1, ..HardZeros::default() };
        let failed: Vec<_> = zeros.held("s").filter(|result| !result.holds).collect();
        assert!(failed.len() == 1 && failed[0].figure == "already-licensed" && failed[0].value == 1.0, "{failed:?}");
        assert!(!zeros.hold() && HardZeros::default().hold());
        let json = serde_json::to_value(zeros).unwrap();
        assert!(zeros.named().iter().all(|(name, count)| json[name] == *count), "{json}");
    }
}
