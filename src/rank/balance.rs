//! How far the classes of a list are from those of a profile.

use std::collections::BTreeMap;

/// The classes a list is held to, and how it stands to them.
///
/// Source: Steck, *Calibrated recommendations* (2018), with the total variation `½ Σ |p − q|` as the distance: it lies
/// from 0 to 1 and needs no smoothing for classes that a list does not have yet.
pub(super) struct Balance {
    wanted: BTreeMap<u32, f64>,
    held: BTreeMap<u32, f64>,
    listings: f64,
}

impl Balance {
    /// The shares of a profile's classes; no class, or none of weight, holds a list to nothing.
    pub(super) fn of(weights: impl Iterator<Item = (u32, f64)>) -> Self {
        let mut wanted: BTreeMap<u32, f64> = weights.filter(|(_, weight)| *weight > 0.0).collect();
        let sum: f64 = wanted.values().sum();
        wanted.values_mut().for_each(|weight| *weight /= sum);
        Self { wanted, held: BTreeMap::new(), listings: 0.0 }
    }

    /// The distance of the list with one listing more, of these classes. A listing counts once, divided over its classes;
    /// one without a class adds to no share.
    pub(super) fn with(&self, classes: &[u32]) -> f64 {
        if self.wanted.is_empty() {
            return 0.0;
        }
        let (all, each) = (self.listings + 1.0, 1.0 / classes.len().max(1) as f64);
        let share = |class: &u32| {
            let held = self.held.get(class).copied().unwrap_or_default();
            (held + if classes.contains(class) { each } else { 0.0 }) / all
        };
        let wanted: f64 = self.wanted.iter().map(|(class, share_wanted)| (share_wanted - share(class)).abs()).sum();
        let known: f64 = self.wanted.keys().map(share).sum();
        (wanted + (1.0 - known).max(0.0)) / 2.0
    }

    pub(super) fn add(&mut self, classes: &[u32]) {
        self.listings += 1.0;
        let each = 1.0 / classes.len().max(1) as f64;
        classes.iter().for_each(|class| *self.held.entry(*class).or_default() += each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_the_wanted_shares_is_at_no_distance_and_one_of_other_classes_at_distance_one() {
        let mut balance = Balance::of([(1, 3.0), (2, 1.0)].into_iter());
        assert!((balance.with(&[9]) - 1.0).abs() < 1e-12);
        assert!((balance.with(&[1]) - 0.25).abs() < 1e-12, "½ (|¾ − 1| + ¼)");
        [1, 1, 1].iter().for_each(|class| balance.add(&[*class]));
        assert!(balance.with(&[2]).abs() < 1e-12);
        assert_eq!(Balance::of(std::iter::empty()).with(&[1]), 0.0, "nothing is known, nothing is held against it");
    }
}
