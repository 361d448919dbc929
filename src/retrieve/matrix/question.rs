//! What is asked of a matrix: a sparse row, made ready for looking up.

use fixedbitset::FixedBitSet;

use super::measure::Sums;
use super::{KINDS, Measure, Row, SparseRow};
use crate::retrieve::RetrieveError;

/// No term.
const EMPTY: u32 = u32::MAX;

/// A sparse row of weights, and the measure it is asked under.
pub struct Question<'a> {
    row: &'a SparseRow,
    pub(super) measure: &'a Measure,
    /// Weights by term, found by hash: four places or more for each term, free ones [`EMPTY`].
    places: Vec<(u32, f32)>,
    /// How far a hash is shifted to give a place.
    shift: u32,
}

impl<'a> Question<'a> {
    /// Most terms that a question may have: beyond, one sixteen-bit sum could not tell their bounds apart.
    pub const MOST_TERMS: usize = 16_384;

    /// A question of these weights. Linear in its terms.
    ///
    /// # Errors
    /// [`RetrieveError::Weight`] if a weight is not a finite number above zero, [`RetrieveError::TooManyTerms`] beyond
    /// [`Self::MOST_TERMS`].
    pub fn new(row: &'a SparseRow, measure: &'a Measure) -> Result<Self, RetrieveError> {
        if row.terms.len() > Self::MOST_TERMS {
            return Err(RetrieveError::TooManyTerms { terms: row.terms.len() });
        }
        if let Some(bad) = row.values.iter().find(|value| !(value.is_finite() && **value > 0.0)) {
            return Err(RetrieveError::Weight { weight: f64::from(*bad) });
        }
        let bits = (row.terms.len() * 4).next_power_of_two().max(16).ilog2();
        let mut this = Self { row, measure, places: vec![(EMPTY, 0.0); 1 << bits], shift: 32 - bits };
        for (term, weight) in row.view().iter() {
            let mut place = this.place(term);
            while this.places[place].0 != EMPTY {
                place = (place + 1) & (this.places.len() - 1);
            }
            this.places[place] = (term, weight);
        }
        Ok(this)
    }

    /// Its terms, ascending.
    #[must_use]
    pub fn terms(&self) -> &[u32] {
        &self.row.terms
    }

    /// Its terms with their weights, and its meaning.
    pub(super) fn row(&self) -> Row<'_> {
        self.row.view()
    }

    fn place(&self, term: u32) -> usize {
        (term.wrapping_mul(0x9E37_79B1) >> self.shift) as usize
    }

    fn weight(&self, term: u32) -> Option<f32> {
        let mut place = self.place(term);
        loop {
            match self.places[place] {
                (found, weight) if found == term => return Some(weight),
                (EMPTY, _) => return None,
                _ => place = (place + 1) & (self.places.len() - 1),
            }
        }
    }

    /// How far its meaning goes toward a row's.
    #[must_use]
    pub fn nearness(&self, row: Row<'_>) -> f64 {
        self.row.meaning.toward(&row.meaning)
    }

    /// What a row gives for each kind of evidence. Linear in the row.
    #[must_use]
    pub fn features(&self, row: Row<'_>) -> [f64; KINDS] {
        self.measure.features(self.shared(row), self.nearness(row))
    }

    /// The exact score of a row.
    #[must_use]
    pub fn score(&self, row: Row<'_>) -> f64 {
        self.measure.score(self.features(row))
    }

    /// The same, for one who asks of many rows: `marks` are the question's terms, by which most of a row's are passed over.
    pub(super) fn marked_score(&self, row: Row<'_>, marks: &FixedBitSet) -> f64 {
        let marks = marks.as_slice();
        const BITS: u32 = usize::BITS;
        let mut products = 0;
        let mut shared = [(0_u32, 0_u32); 64];
        let mut features = Sums::new(self.measure);
        for (at, &term) in row.terms.iter().enumerate() {
            // Whether a term is asked for is hard to foresee: its place is written down and, if it is not, overwritten.
            shared[products % 64] = (term, at as u32);
            products += marks[(term / BITS) as usize] >> (term % BITS) & 1;
            if products == 64 {
                self.add(&mut features, &shared, row);
                products = 0;
            }
        }
        self.add(&mut features, &shared[..products], row);
        self.measure.score(features.take(self.nearness(row)))
    }

    fn add(&self, features: &mut Sums<'_>, shared: &[(u32, u32)], row: Row<'_>) {
        for &(term, at) in shared {
            if let Some(weight) = self.weight(term) {
                features.add(term, f64::from(weight) * f64::from(row.values[at as usize]));
            }
        }
    }

    /// The terms it shares with a row, ascending, each with the product of its two values.
    pub fn shared<'q>(&'q self, row: Row<'q>) -> impl Iterator<Item = (u32, f64)> + 'q {
        let terms = row.terms.iter().zip(row.values);
        terms.filter_map(|(&term, &value)| Some((term, f64::from(self.weight(term)?) * f64::from(value))))
    }
}
