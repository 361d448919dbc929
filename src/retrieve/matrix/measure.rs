//! How the terms that two rows share become one score.

use super::Row;
use crate::domain::EvidenceKind;

/// Kinds of evidence.
pub const KINDS: usize = EvidenceKind::ALL.len();

/// Of these, the kinds that terms are of: the others come behind them.
pub const TERM_KINDS: usize = EvidenceKind::Meaning as usize;

/// Which terms belong to which kind of evidence, and how much each kind counts.
///
/// Terms are numbered kind by kind. The feature of a kind is the sum of the products of the shared terms' values, for
/// [`EvidenceKind::LikelyIpc`] the greatest product: being classed widely is no merit. That of [`EvidenceKind::Meaning`] is how far one
/// meaning goes toward the other. The score is the weighted sum of the features.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// One past the last term of each kind, ascending; terms beyond the last count nothing.
    pub ends: [u32; TERM_KINDS],
    /// How much each kind counts, not below zero.
    pub weights: [f64; KINDS],
}

impl Measure {
    /// All terms below `terms` are words, which alone count.
    #[must_use]
    pub fn plain(terms: u32) -> Self {
        Self { ends: [terms; TERM_KINDS], weights: [1.0, 0.0, 0.0, 0.0, 0.0] }
    }

    /// How much a term's kind counts.
    #[must_use]
    pub fn weight(&self, term: u32) -> f64 {
        self.ends.iter().position(|&end| term < end).map_or(0.0, |kind| self.weights[kind])
    }

    /// Whether a term is of the kind of which only the greatest product counts.
    #[must_use]
    pub fn takes_greatest(&self, term: u32) -> bool {
        let kind = EvidenceKind::LikelyIpc as usize;
        (self.ends[kind - 1]..self.ends[kind]).contains(&term)
    }

    /// The features of what `shared` gives: terms ascending, each with the product of its two values; and of nearness in
    /// meaning.
    pub fn features(&self, shared: impl Iterator<Item = (u32, f64)>, nearness: f64) -> [f64; KINDS] {
        let mut sums = Sums::new(self);
        shared.for_each(|(term, product)| sums.add(term, product));
        sums.take(nearness)
    }

    /// The weighted sum of features.
    #[must_use]
    pub fn score(&self, features: [f64; KINDS]) -> f64 {
        features.iter().zip(self.weights).map(|(feature, weight)| feature * weight).sum()
    }

    /// The features of two rows: the same whichever of them asks.
    #[must_use]
    pub fn between(&self, one: Row<'_>, other: Row<'_>) -> [f64; KINDS] {
        let mut others = other.iter().peekable();
        let shared = one.iter().filter_map(|(term, value)| {
            while others.next_if(|(other, _)| *other < term).is_some() {}
            let (_, theirs) = others.next_if(|(other, _)| *other == term)?;
            Some((term, f64::from(value) * f64::from(theirs)))
        });
        self.features(shared, one.meaning.toward(&other.meaning))
    }
}

/// Features on their way: always summed in the order of terms, so that they are the same to the last bit whoever asks.
pub(super) struct Sums<'a> {
    measure: &'a Measure,
    kind: usize,
    features: [f64; KINDS],
}

impl<'a> Sums<'a> {
    pub(super) fn new(measure: &'a Measure) -> Self {
        Self { measure, kind: 0, features: [0.0; KINDS] }
    }

    /// Adds what a term gives; terms come ascending.
    pub(super) fn add(&mut self, term: u32, product: f64) {
        const MOST: usize = EvidenceKind::LikelyIpc as usize;
        while self.kind < TERM_KINDS && term >= self.measure.ends[self.kind] {
            self.kind += 1;
        }
        match self.kind {
            TERM_KINDS.. => {}
            MOST => self.features[MOST] = f64::max(self.features[MOST], product),
            kind => self.features[kind] += product,
        }
    }

    pub(super) fn take(mut self, nearness: f64) -> [f64; KINDS] {
        self.features[EvidenceKind::Meaning as usize] = nearness;
        self.features
    }
}
