//! How far the classes of a list are from those it should have.

use std::collections::BTreeMap;

/// The classes a list is held to, and how it stands to them. The list grows; what is wanted stays.
///
/// Of shares wanted `p` and shares of the list `q`, the distance is their total variation `½ Σ |p − q|`: 0 where they are
/// the same, 1 where they have no class in common.
///
/// Source: Steck, *Calibrated recommendations* (2018), who takes the Kullback–Leibler divergence; the total variation
/// lies within 0 and 1 and needs no smoothing for classes that a list does not have yet.
#[derive(Debug, Clone)]
pub struct ClassBalance<C> {
    wanted: BTreeMap<C, f64>,
    held: BTreeMap<C, f64>,
    listings: f64,
}

impl<C: Ord + Copy> ClassBalance<C> {
    /// The shares that follow from weights, those of a class added up; no class, or none of weight, holds a list to nothing.
    #[must_use]
    pub fn of(weights: impl Iterator<Item = (C, f64)>) -> Self {
        let mut wanted: BTreeMap<C, f64> = BTreeMap::new();
        let weights = weights.filter(|(_, weight)| *weight > 0.0);
        weights.for_each(|(class, weight)| *wanted.entry(class).or_default() += weight);
        let sum: f64 = wanted.values().sum();
        wanted.values_mut().for_each(|weight| *weight /= sum);
        Self { wanted, held: BTreeMap::new(), listings: 0.0 }
    }

    /// The distance of the list as it is; `None` where nothing is wanted, or the list is empty.
    #[must_use]
    pub fn distance(&self) -> Option<f64> {
        let known = !self.wanted.is_empty() && self.listings > 0.0;
        known.then(|| self.from(|class| self.held.get(class).copied().unwrap_or_default() / self.listings))
    }

    /// The distance of the list with one listing more, of these classes; 0 where nothing is wanted. A listing counts once,
    /// divided over its classes; one without a class adds to no share.
    #[must_use]
    pub fn distance_with(&self, classes: &[C]) -> f64 {
        if self.wanted.is_empty() {
            return 0.0;
        }
        let (all, each) = (self.listings + 1.0, share_of_each(classes));
        self.from(|class| {
            let held = self.held.get(class).copied().unwrap_or_default();
            (held + if classes.contains(class) { each } else { 0.0 }) / all
        })
    }

    /// Puts a listing of these classes on the list.
    pub fn add(&mut self, classes: &[C]) {
        self.listings += 1.0;
        let each = share_of_each(classes);
        classes.iter().for_each(|class| *self.held.entry(*class).or_default() += each);
    }

    /// The distance of what is wanted from a list of these shares. Classes that are not wanted need not be looked at: the
    /// list has all of them together in the rest of its shares.
    fn from(&self, share: impl Fn(&C) -> f64) -> f64 {
        let wanted: f64 = self.wanted.iter().map(|(class, wanted)| (wanted - share(class)).abs()).sum();
        let known: f64 = self.wanted.keys().map(share).sum();
        (wanted + (1.0 - known).max(0.0)) / 2.0
    }
}

/// What a listing adds to each of its classes.
fn share_of_each<C>(classes: &[C]) -> f64 {
    1.0 / classes.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_the_wanted_shares_is_at_no_distance_and_one_of_other_classes_at_distance_one() {
        let mut balance = ClassBalance::of([(1, 2.0), (2, 1.0), (1, 1.0)].into_iter());
        assert_eq!(balance.distance(), None, "nothing is on the list");
        assert!((balance.distance_with(&[9]) - 1.0).abs() < 1e-12);
        assert!((balance.distance_with(&[1]) - 0.25).abs() < 1e-12, "½ (|¾ − 1| + ¼)");
        [1, 1, 1].iter().for_each(|class| balance.add(&[*class]));
        assert!(balance.distance_with(&[2]).abs() < 1e-12);
        balance.add(&[]);
        assert!((balance.distance().unwrap() - 0.25).abs() < 1e-12, "½ (|¾ − ¾| + ¼ + ¼)");
        let nothing = ClassBalance::of(std::iter::empty());
        assert_eq!((nothing.distance_with(&[1]), nothing.distance()), (0.0, None), "nothing is held against it");
    }
}
