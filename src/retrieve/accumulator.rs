//! One sum per listing and kind of evidence.

use std::cmp::Ordering;

use crate::domain::EvidenceKind;

const KINDS: usize = EvidenceKind::ALL.len();

/// Sums by listing number.
pub(super) struct Accumulator {
    sums: Vec<[f64; KINDS]>,
    weights: [f64; KINDS],
}

impl Accumulator {
    pub(super) fn new(slots: usize, weights: [f64; KINDS]) -> Self {
        Self { sums: vec![[0.0; KINDS]; slots], weights }
    }

    pub(super) fn add(&mut self, kind: EvidenceKind, number: u32, value: f64) {
        self.sums[number as usize][kind as usize] += value;
    }

    /// Lifts a sum to `value` if it is lower.
    pub(super) fn raise(&mut self, kind: EvidenceKind, number: u32, value: f64) {
        let sum = &mut self.sums[number as usize][kind as usize];
        *sum = sum.max(value);
    }

    /// The sums of a listing.
    pub(super) fn of(&self, number: u32) -> [f64; KINDS] {
        self.sums[number as usize]
    }

    /// The weighted sum of a listing.
    pub(super) fn total(&self, number: u32) -> f64 {
        self.of(number).iter().zip(self.weights).map(|(sum, weight)| sum * weight).sum()
    }

    /// The numbers of the best `limit` listings with any evidence, best first; `tie` orders equals.
    pub(super) fn best(&self, limit: usize, tie: impl Fn(u32, u32) -> Ordering) -> Vec<u32> {
        let mut ranked: Vec<(f64, u32)> = (0..self.sums.len() as u32)
            .map(|number| (self.total(number), number))
            .filter(|(total, _)| *total > 0.0)
            .collect();
        let order = |a: &(f64, u32), b: &(f64, u32)| b.0.total_cmp(&a.0).then_with(|| tie(a.1, b.1));
        if limit > 0 && limit < ranked.len() {
            ranked.select_nth_unstable_by(limit - 1, order);
        }
        ranked.truncate(limit);
        ranked.sort_unstable_by(order);
        ranked.into_iter().map(|(_, number)| number).collect()
    }
}
