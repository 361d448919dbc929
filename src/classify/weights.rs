//! A trained model's weights in a form that ships: small numbers, and those near zero left out.

use ndarray::{ArrayView2, Axis, Slice};
use serde::{Deserialize, Serialize};

/// Eight bits to a weight, with a scale for each feature.
const LARGEST: f32 = 127.0;

/// Weights of words, pairs and characters, those near zero left out; of the embedding's numbers and the constant, all.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Weights {
    classes: usize,
    /// Where each feature's entries begin; one more than features.
    starts: Vec<u32>,
    entries: Vec<(u16, i8)>,
    scales: Vec<f32>,
    /// Row by row, the constant last.
    dense: Vec<f32>,
    /// The mean over classes of each number's weights.
    #[serde(skip)]
    means: Vec<f32>,
}

impl Weights {
    /// Takes over trained weights (a row a feature, the constant last), of which the first `terms` are sparse. What is
    /// smaller than `least` is left out.
    pub(super) fn of(weights: ArrayView2<'_, f32>, terms: usize, least: f32) -> Self {
        let mut this = Self {
            classes: weights.ncols(),
            starts: vec![0],
            entries: Vec::new(),
            scales: Vec::with_capacity(terms),
            dense: weights.slice_axis(Axis(0), Slice::from(terms..)).iter().copied().collect(),
            means: Vec::new(),
        };
        for row in weights.rows().into_iter().take(terms) {
            let scale = row.iter().fold(f32::MIN_POSITIVE, |largest, weight| weight.abs().max(largest)) / LARGEST;
            let kept = row.iter().zip(0..).filter(|(weight, _)| weight.abs() >= least);
            this.entries.extend(kept.map(|(weight, class)| (class, (weight / scale).round() as i8)));
            this.starts.push(this.entries.len() as u32);
            this.scales.push(scale);
        }
        this.prepare();
        this
    }

    /// Whether the parts belong together and fit so many terms, numbers of meaning and classes.
    pub(super) fn fits(&self, terms: usize, dimensions: usize, classes: usize) -> bool {
        let ordered =
            self.starts.is_sorted() && self.starts.last().is_some_and(|end| *end as usize == self.entries.len());
        ordered
            && self.classes == classes
            && self.scales.len() == terms
            && self.starts.len() == terms + 1
            && (dimensions + 1).checked_mul(classes) == Some(self.dense.len())
            && self.entries.iter().all(|(class, _)| usize::from(*class) < classes)
    }

    /// The weights of a feature by class, as far as they are kept.
    pub(super) fn of_term(&self, term: usize) -> impl Iterator<Item = (usize, f32)> {
        let range = self.starts[term] as usize..self.starts[term + 1] as usize;
        let scale = self.scales[term];
        self.entries[range].iter().map(move |(class, weight)| (usize::from(*class), scale * f32::from(*weight)))
    }

    /// Works out what is not kept on disk.
    pub(super) fn prepare(&mut self) {
        let rows = self.dense.chunks(self.classes.max(1));
        self.means = rows.map(|row| row.iter().sum::<f32>() / row.len() as f32).collect();
    }

    /// The weight of a number of the embedding's vector for a class, beyond that for the average class.
    pub(super) fn beyond_mean(&self, number: usize, class: usize) -> f32 {
        self.of_number(number)[class] - self.means.get(number).copied().unwrap_or_default()
    }

    /// The weights of a number of the embedding's vector, by class.
    fn of_number(&self, number: usize) -> &[f32] {
        &self.dense[number * self.classes..(number + 1) * self.classes]
    }

    /// The score of every class for a text's features.
    pub(super) fn scores(&self, row: &[(u32, f32)]) -> Vec<f32> {
        let terms = self.scales.len();
        let mut scores = self.dense[self.dense.len() - self.classes..].to_vec();
        for &(column, value) in row {
            let column = column as usize;
            if column < terms {
                self.of_term(column).for_each(|(class, weight)| scores[class] += value * weight);
            } else {
                let weights = self.of_number(column - terms);
                scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += value * weight);
            }
        }
        scores
    }

    /// How many weights are kept.
    pub(super) fn kept(&self) -> usize {
        self.entries.len() + self.dense.len()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;

    const TERMS: usize = 6;
    const CLASSES: usize = 3;

    /// Six terms, two numbers of meaning and the constant.
    fn trained(numbers: &[f32]) -> Array2<f32> {
        Array2::from_shape_vec((TERMS + 3, CLASSES), numbers.to_vec()).unwrap()
    }

    proptest! {
        #[test]
        fn eight_bits_keep_scores_within_two_percent(numbers in proptest::collection::vec(-2.0_f32..2.0, (TERMS + 3) * CLASSES), values in proptest::collection::vec(0.01_f32..1.0, TERMS + 2)) {
            let exact = trained(&numbers);
            let kept = Weights::of(exact.view(), TERMS, 0.0);
            let row: Vec<(u32, f32)> = (0..).zip(values).collect();
            for (class, score) in kept.scores(&row).into_iter().enumerate() {
                let products = row.iter().map(|(column, value)| value * exact[[*column as usize, class]]);
                let expected = exact[[TERMS + 2, class]] + products.sum::<f32>();
                let largest: f32 = row.iter().map(|(_, value)| value * 2.0).sum();
                prop_assert!((score - expected).abs() < 0.02 * largest, "{} for {}", score, expected);
            }
        }
    }

    #[test]
    fn small_weights_of_terms_are_left_out_and_all_others_kept() {
        let mut numbers = [0.5; (TERMS + 3) * CLASSES];
        numbers[1] = 0.01;
        numbers[TERMS * CLASSES] = 0.01;
        let kept = Weights::of(trained(&numbers).view(), TERMS, 0.02);
        assert_eq!(kept.kept(), (TERMS + 3) * CLASSES - 1);
        assert_eq!(kept.of_term(0).map(|(class, _)| class).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(kept.of_number(0), [0.01, 0.5, 0.5]);
    }

    #[test]
    fn parts_that_do_not_belong_together_are_seen() {
        let kept = Weights::of(trained(&[0.5; (TERMS + 3) * CLASSES]).view(), TERMS, 0.0);
        assert!(kept.fits(TERMS, 2, CLASSES));
        assert!(!kept.fits(TERMS + 1, 2, CLASSES) && !kept.fits(TERMS, 3, CLASSES) && !kept.fits(TERMS, 2, 4));
        let mut foreign = kept.clone();
        foreign.entries[0].0 = 9;
        assert!(!foreign.fits(TERMS, 2, CLASSES), "an entry of a class that is none");
        let mut short = kept.clone();
        short.entries.pop();
        assert!(!short.fits(TERMS, 2, CLASSES), "an entry is missing");
    }
}
