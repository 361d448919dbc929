//! From scores to probabilities that mean what they say.
//!
//! Each class's score becomes the log-odds of that class against all others, by a line of its own (Platt 1999, by linfa's
//! Newton method), drawn to that of all classes together where a class has few rows. Their sigmoids are made to add up
//! to one. How often the likeliest class is then right on rows kept from training, by its share, is what the share is
//! replaced with: a rising line from step to step (isotonic regression by pooling adjacent violators; Zadrozny & Elkan
//! 2002). The other classes divide what is left.

use linfa::ParamGuard;
use linfa::composing::platt_scaling::{Platt, platt_newton_method};
use ndarray::{Array1, ArrayView2};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::ClassifyError;

/// A class of so many rows lies half way between its own line and the common one.
const ROWS_OF_TRUST: f32 = 30.0;
/// Pairs of row and class the common line is fitted to, at most.
const MOST_PAIRS: usize = 500_000;
/// Rows a step is made of, at least, and how many steps there are, at most.
const ROWS_OF_STEP: usize = 100;
const MOST_STEPS: usize = 25;

/// How scores become probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Calibration {
    /// Slope and offset of each class's log-odds.
    lines: Vec<(f32, f32)>,
    /// Shares of the likeliest class, rising, each with how often it is right.
    steps: Vec<(f32, f32)>,
}

impl Calibration {
    /// Fits rows (of scores, a column a class) whose classes are known.
    ///
    /// # Errors
    /// [`ClassifyError::Calibration`] if the scores of all classes together have no line.
    pub(super) fn fit(scores: ArrayView2<'_, f32>, targets: &[usize]) -> Result<Self, ClassifyError> {
        let common = common(scores, targets)?;
        let lines: Vec<(f32, f32)> = (0..scores.ncols())
            .into_par_iter()
            .map(|class| {
                let own: Vec<bool> = targets.iter().map(|&target| target == class).collect();
                let rows = own.iter().filter(|own| **own).count() as f32;
                // A class that its scores do not tell from the others has no line of its own.
                let Ok((slope, offset)) = line(scores.column(class).mapv(f64::from), own) else { return common };
                let trust = rows / (rows + ROWS_OF_TRUST);
                (common.0 + trust * (slope - common.0), common.1 + trust * (offset - common.1))
            })
            .collect();
        let mut this = Self { lines, steps: Vec::new() };
        let likeliest = |(row, target): (usize, &usize)| {
            let shares = this.shares(&scores.row(row).to_vec());
            let best = super::best(shares.iter().copied());
            (shares[best], best == *target)
        };
        this.steps = steps(targets.par_iter().enumerate().map(likeliest).collect());
        Ok(this)
    }

    /// Whether it is for so many classes.
    pub(super) fn fits(&self, classes: usize) -> bool {
        self.lines.len() == classes && !self.steps.is_empty() && self.steps.is_sorted()
    }

    /// The probability of each class; they add up to one at most.
    pub(super) fn probabilities(&self, scores: &[f32]) -> Vec<f32> {
        let mut shares = self.shares(scores);
        let best = super::best(shares.iter().copied());
        let right = self.right(shares[best]);
        // Summed rather than taken from one: beside a share that rounds to one, the others are far below its rounding.
        let others: f32 = shares.iter().enumerate().filter(|(class, _)| *class != best).map(|(_, share)| share).sum();
        let left = (1.0 - right) / others.max(f32::MIN_POSITIVE);
        // What is less likely stays so.
        shares.iter_mut().for_each(|other| *other = (*other * left).min(right));
        shares[best] = right;
        shares
    }

    /// The sigmoids of the log-odds, made to add up to one.
    fn shares(&self, scores: &[f32]) -> Vec<f32> {
        let odds = scores.iter().zip(&self.lines).map(|(score, (slope, offset))| slope * score + offset);
        let mut shares: Vec<f32> = odds.map(|odds| 1.0 / (1.0 + (-odds).exp())).collect();
        let sum: f32 = shares.iter().sum();
        let even = 1.0 / shares.len() as f32;
        shares.iter_mut().for_each(|share| *share = if sum > 0.0 { *share / sum } else { even });
        shares
    }

    /// How often a likeliest class of such a share is right.
    fn right(&self, share: f32) -> f32 {
        let (first, last) = (self.steps[0], self.steps[self.steps.len() - 1]);
        let above = self.steps.partition_point(|(at, _)| *at <= share);
        match (above.checked_sub(1).map(|below| self.steps[below]), self.steps.get(above)) {
            (None, _) => first.1,
            (_, None) => last.1,
            (Some(low), Some(high)) => low.1 + (high.1 - low.1) * (share - low.0) / (high.0 - low.0),
        }
    }
}

/// Steps of equal numbers of rows, those that fall pooled until none does.
fn steps(mut said: Vec<(f32, bool)>) -> Vec<(f32, f32)> {
    said.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = (said.len() / ROWS_OF_STEP).clamp(1, MOST_STEPS);
    // Sums of rows, shares and right ones.
    let mut pools: Vec<[f32; 3]> = Vec::new();
    for step in said.chunks(said.len().div_ceil(count)) {
        let right = step.iter().filter(|(_, right)| *right).count();
        pools.push([step.len() as f32, step.iter().map(|(share, _)| share).sum(), right as f32]);
        while let [.., [n, a, r], [m, b, q]] = pools[..]
            && (r / n >= q / m || a / n >= b / m)
        {
            pools.truncate(pools.len() - 2);
            pools.push([n + m, a + b, r + q]);
        }
    }
    // Never wholly sure, by Laplace's rule of succession.
    pools.into_iter().map(|[rows, shares, right]| (shares / rows, (right + 1.0) / (rows + 2.0))).collect()
}

/// One line for the scores of all classes, fitted to evenly spread pairs of row and class.
fn common(scores: ArrayView2<'_, f32>, targets: &[usize]) -> Result<(f32, f32), ClassifyError> {
    // A step that shares no divisor with the number of classes meets all of them.
    let mut step = scores.len().div_ceil(MOST_PAIRS);
    while step > 1 && scores.ncols().is_multiple_of(step) {
        step += 1;
    }
    let pairs = scores.indexed_iter().step_by(step);
    let (values, own): (Vec<f64>, Vec<bool>) =
        pairs.map(|((row, class), score)| (f64::from(*score), targets[row] == class)).unzip();
    line(Array1::from_vec(values), own)
}

/// Slope and offset of the log-odds of being of a class. linfa's sigmoid is 1 / (1 + exp(a · score + b)).
fn line(values: Array1<f64>, own: Vec<bool>) -> Result<(f32, f32), ClassifyError> {
    let settings = Platt::<f64, ()>::params().check()?;
    let (slope, offset) = platt_newton_method(values.view(), Array1::from_vec(own).view(), &settings)?;
    Ok((-slope as f32, -offset as f32))
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn scores_that_are_right_seven_times_in_ten_become_probabilities_of_seven_in_ten() {
        // Two classes; the score speaks for class 0 in half of the rows, for class 1 in the others, and is right in
        // seven of ten.
        let said = |row: usize| row % 2;
        let scores = Array2::from_shape_fn((1_000, 2), |(row, class)| if class == said(row) { 1.0 } else { -1.0 });
        let is_right = |row: usize| row / 2 % 10 < 7;
        let targets: Vec<usize> = (0..1_000).map(|row| if is_right(row) { said(row) } else { 1 - said(row) }).collect();
        let calibration = Calibration::fit(scores.view(), &targets).unwrap();
        let probabilities = calibration.probabilities(&[1.0, -1.0]);
        assert!((probabilities[0] - 0.7).abs() < 0.03, "{probabilities:?}");
        assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn steps_that_fall_are_pooled() {
        let said = (0..600).map(|row| (row as f32 / 600.0, !(100..400).contains(&row))).collect();
        let steps = steps(said);
        assert!(steps.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1), "{steps:?}");
        assert_eq!(steps.len(), 2, "the first four of six steps are one, and so are the equal last two: {steps:?}");
    }

    #[test]
    fn beside_a_class_that_is_all_but_certain_the_others_share_what_is_left() {
        let calibration = Calibration { lines: vec![(1.0, 0.0); 3], steps: vec![(0.2, 0.1), (0.9, 0.7)] };
        for other in [-10.0, -30.0, -60.0] {
            let probabilities = calibration.probabilities(&[9.0, other, other - 1_000.0]);
            assert!((probabilities[0] - 0.7).abs() < 1e-6, "{probabilities:?}");
            assert!((probabilities[1] - 0.3).abs() < 1e-3 && probabilities[2] == 0.0, "{probabilities:?}");
        }
    }

    proptest! {
        #[test]
        fn the_likeliest_stays_the_likeliest_and_nothing_exceeds_one(scores in proptest::collection::vec(-1e4_f32..1e4, 3)) {
            let lines = vec![(3.0, 0.0), (2.0, -1.0), (4.0, 1.0)];
            let calibration = Calibration { lines, steps: vec![(0.2, 0.1), (0.5, 0.6), (0.9, 0.7)] };
            let (shares, probabilities) = (calibration.shares(&scores), calibration.probabilities(&scores));
            let best = super::super::best(shares.iter().copied());
            prop_assert!(probabilities.iter().all(|p| (0.0..=probabilities[best]).contains(p)), "{:?}", probabilities);
            prop_assert!(probabilities.iter().sum::<f32>() <= 1.0 + 1e-5);
        }
    }
}
