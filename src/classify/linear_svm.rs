//! One-vs-rest linear support vector machines on sparse rows.
//!
//! Each class has a hyperplane that separates its rows from all others, found by dual coordinate descent with squared
//! hinge loss (Hsieh et al. 2008, A Dual Coordinate Descent Method for Large-scale Linear SVM). Eight classes are solved
//! side by side: their weights of one feature lie together, so a feature is fetched from memory once for eight
//! products. Rows that are far on the right side of all eight are passed over (shrinking). Groups of eight run in
//! parallel; the result does not depend on the number of threads.

use linfa::DatasetBase;
use linfa::dataset::Records;
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, Array2, Axis};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::ClassifyError;
use crate::embed::SparseMatrix;

/// Classes solved side by side: eight 32-bit numbers are one vector register.
const LANES: usize = 8;

impl Records for SparseMatrix {
    type Elem = f32;

    fn nsamples(&self) -> usize {
        self.height()
    }

    fn nfeatures(&self) -> usize {
        self.width()
    }
}

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearSvm {
    /// What a row on the wrong side costs, beside the length of the weights. Above zero.
    pub cost: f32,
    /// A row of a class counts as the number of rows of the average class over that of its own, to this power: 0 all
    /// rows alike, 1 all classes alike.
    pub balance: f32,
    /// The largest violation of the optimum's conditions that is let stand.
    pub tolerance: f32,
    /// Rounds over the rows at most.
    pub most_rounds: usize,
    /// Seed of the order rows are gone through in.
    pub seed: u64,
}

impl Default for LinearSvm {
    fn default() -> Self {
        Self { cost: 0.5, balance: 0.0, tolerance: 0.01, most_rounds: 200, seed: 1 }
    }
}

/// Hyperplanes: a row a feature, the constant last, a column a class.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearModel {
    /// Weights; a score is the sum over a row's features of value times weight, plus the last row.
    pub weights: Array2<f32>,
}

impl Fit<SparseMatrix, Array1<usize>, ClassifyError> for LinearSvm {
    type Object = LinearModel;

    /// Finds the hyperplanes of classes 0 to the largest target.
    ///
    /// # Errors
    /// [`ClassifyError::OneClass`] if there is nothing to tell apart.
    fn fit(&self, dataset: &DatasetBase<SparseMatrix, Array1<usize>>) -> Result<LinearModel, ClassifyError> {
        let (rows, targets) = (&dataset.records, dataset.targets.as_slice().unwrap_or_default());
        let classes = targets.iter().max().map_or(0, |largest| largest + 1);
        if classes < 2 {
            return Err(ClassifyError::OneClass);
        }
        let costs = self.costs(targets, classes);
        let weights = dataset.weights().unwrap_or_default();
        let squares: Vec<f32> = (0..rows.height())
            .map(|row| 1.0 + rows.row(row).1.iter().map(|value| value * value).sum::<f32>())
            .collect();
        let groups: Vec<Vec<f32>> = (0..classes.div_ceil(LANES))
            .into_par_iter()
            .map(|group| {
                let first = group * LANES;
                let costs = std::array::from_fn(|lane| costs.get(first + lane).copied().unwrap_or(self.cost));
                let lanes = (classes - first).min(LANES);
                let problem =
                    Problem { rows, targets, weights, squares: &squares, first, lanes, costs, cost: self.cost };
                problem.solve(self)
            })
            .collect();
        let mut planes = Array2::zeros((rows.width() + 1, classes));
        for (group, solved) in groups.iter().enumerate() {
            for (feature, lanes) in solved.chunks_exact(LANES).enumerate() {
                let from = group * LANES;
                let to = (from + LANES).min(classes);
                (from..to).for_each(|class| planes[[feature, class]] = lanes[class - from]);
            }
        }
        Ok(LinearModel { weights: planes })
    }
}

impl LinearSvm {
    /// What a row of each class costs when it lies on the wrong side.
    fn costs(&self, targets: &[usize], classes: usize) -> Vec<f32> {
        let mut counts = vec![0_usize; classes];
        targets.iter().for_each(|&target| counts[target] += 1);
        let average = targets.len() as f32 / classes as f32;
        counts.iter().map(|&count| self.cost * (average / count.max(1) as f32).powf(self.balance)).collect()
    }
}

/// Eight classes against the rest.
struct Problem<'a> {
    rows: &'a SparseMatrix,
    targets: &'a [usize],
    /// How much each row counts; empty if all alike.
    weights: &'a [f32],
    /// For each row the sum of squares, the constant's included.
    squares: &'a [f32],
    first: usize,
    lanes: usize,
    /// Cost of the class's own rows, by lane.
    costs: [f32; LANES],
    /// Cost of all other rows.
    cost: f32,
}

/// The extremes of what is violated in a round, by lane.
#[derive(Clone, Copy)]
struct Violation {
    most: [f32; LANES],
    least: [f32; LANES],
}

impl Violation {
    const NONE: Self = Self { most: [f32::NEG_INFINITY; LANES], least: [f32::INFINITY; LANES] };
    /// Nothing is passed over in the first round.
    const UNKNOWN: Self = Self { most: [f32::INFINITY; LANES], least: [f32::NEG_INFINITY; LANES] };

    /// The lanes in which nothing is violated by more than this.
    fn within(&self, tolerance: f32) -> u8 {
        let near = (0..LANES).filter(|&lane| self.most[lane] - self.least[lane] <= tolerance);
        near.fold(0, |lanes, lane| lanes | 1 << lane)
    }

    /// What a later round may go by: without a violation of that sign, nothing.
    fn bounds(mut self) -> Self {
        self.most.iter_mut().filter(|most| **most <= 0.0).for_each(|most| *most = f32::INFINITY);
        self
    }
}

impl Problem<'_> {
    /// The weights, lane by lane within each feature, the constant's last.
    fn solve(&self, settings: &LinearSvm) -> Vec<f32> {
        let mut weights = vec![0.0_f32; (self.rows.width() + 1) * LANES];
        let mut alphas = vec![[0.0_f32; LANES]; self.rows.height()];
        // A bit a lane: whether the row is still looked at.
        let all = u8::MAX >> (LANES - self.lanes);
        let mut active = vec![all; self.rows.height()];
        let mut order: Vec<u32> = (0..self.rows.height() as u32).collect();
        let mut random = ChaCha8Rng::seed_from_u64(settings.seed);
        let (mut bounds, mut unsolved) = (Violation::UNKNOWN, all);
        let mut shrunk = 0_u8;
        for _ in 0..settings.most_rounds {
            order.shuffle(&mut random);
            let mut violation = Violation::NONE;
            order.retain(|&row| {
                let row = row as usize;
                let before = active[row] & unsolved;
                let kept = self.visit(row, before, &bounds, &mut weights, &mut alphas[row], &mut violation);
                shrunk |= before & !kept;
                active[row] = kept;
                kept != 0
            });
            let near = violation.within(settings.tolerance) & unsolved;
            // Solved for the rows looked at: if that were all of them, solved; else look at all once more.
            unsolved &= !(near & !shrunk);
            let again = near & shrunk;
            if unsolved == 0 {
                break;
            }
            bounds = violation.bounds();
            if again != 0 {
                shrunk &= !again;
                active.iter_mut().for_each(|active| *active |= again);
                order = (0..self.rows.height() as u32).collect();
                (0..LANES).filter(|lane| again & (1 << lane) != 0).for_each(|lane| bounds.most[lane] = f32::INFINITY);
            }
        }
        weights
    }

    /// One step for one row in each active lane; returns the lanes in which the row is to be looked at again.
    fn visit(
        &self,
        row: usize,
        active: u8,
        bounds: &Violation,
        weights: &mut [f32],
        alphas: &mut [f32; LANES],
        violation: &mut Violation,
    ) -> u8 {
        if active == 0 {
            return 0;
        }
        let (columns, values) = self.rows.row(row);
        let scores = scores(columns, values, weights);
        let (mut steps, mut kept) = ([0.0_f32; LANES], active);
        let weight = self.weights.get(row).copied().unwrap_or(1.0);
        for lane in 0..self.lanes {
            if active & (1 << lane) == 0 {
                continue;
            }
            let own = self.targets[row] == self.first + lane;
            let (sign, cost) = if own { (1.0, self.costs[lane]) } else { (-1.0, self.cost) };
            let (alpha, softness) = (alphas[lane], 0.5 / (cost * weight));
            let gradient = sign * scores[lane] - 1.0 + softness * alpha;
            if alpha == 0.0 && gradient > bounds.most[lane] {
                kept &= !(1 << lane);
                continue;
            }
            let projected = if alpha == 0.0 { gradient.min(0.0) } else { gradient };
            violation.most[lane] = violation.most[lane].max(projected);
            violation.least[lane] = violation.least[lane].min(projected);
            if projected != 0.0 {
                alphas[lane] = (alpha - gradient / (self.squares[row] + softness)).max(0.0);
                steps[lane] = (alphas[lane] - alpha) * sign;
            }
        }
        if steps != [0.0; LANES] {
            add(columns, values, &steps, weights);
        }
        kept
    }
}

/// The eight scores of a row.
fn scores(columns: &[u32], values: &[f32], weights: &[f32]) -> [f32; LANES] {
    let (lanes, _) = weights.as_chunks::<LANES>();
    let mut sums = lanes[lanes.len() - 1];
    for (&column, &value) in columns.iter().zip(values) {
        let weights = &lanes[column as usize];
        for lane in 0..LANES {
            sums[lane] += value * weights[lane];
        }
    }
    sums
}

/// Moves the eight hyperplanes along a row.
fn add(columns: &[u32], values: &[f32], steps: &[f32; LANES], weights: &mut [f32]) {
    let (lanes, _) = weights.as_chunks_mut::<LANES>();
    let constant = lanes.len() - 1;
    let entries = columns.iter().map(|&column| column as usize).zip(values.iter().copied());
    for (column, value) in entries.chain([(constant, 1.0)]) {
        let weights = &mut lanes[column];
        for lane in 0..LANES {
            weights[lane] += value * steps[lane];
        }
    }
}

impl LinearModel {
    /// The scores of every row, a column a class.
    #[must_use]
    pub fn scores(&self, rows: &SparseMatrix) -> Array2<f32> {
        let mut scores = Array2::zeros((rows.height(), self.weights.ncols()));
        self.predict_inplace(rows, &mut scores);
        scores
    }

    /// The class of every row: the one of the highest score, the first of equals.
    #[must_use]
    pub fn classes(&self, rows: &SparseMatrix) -> Vec<usize> {
        let mut classes: Array1<usize> = self.default_target(rows);
        self.predict_inplace(rows, &mut classes);
        classes.to_vec()
    }
}

impl PredictInplace<SparseMatrix, Array2<f32>> for LinearModel {
    fn predict_inplace<'a>(&'a self, x: &'a SparseMatrix, y: &mut Array2<f32>) {
        let constant = self.weights.row(self.weights.nrows() - 1);
        let rows: Vec<_> = y.axis_iter_mut(Axis(0)).enumerate().collect();
        rows.into_par_iter().for_each(|(row, mut scores)| {
            scores.assign(&constant);
            x.entries(row).for_each(|(column, value)| scores.scaled_add(value, &self.weights.row(column)));
        });
    }

    fn default_target(&self, x: &SparseMatrix) -> Array2<f32> {
        Array2::zeros((x.height(), self.weights.ncols()))
    }
}

impl PredictInplace<SparseMatrix, Array1<usize>> for LinearModel {
    fn predict_inplace<'a>(&'a self, x: &'a SparseMatrix, y: &mut Array1<usize>) {
        let scores = self.scores(x);
        for (scores, class) in scores.outer_iter().zip(y.iter_mut()) {
            *class = super::best(scores.iter().copied());
        }
    }

    fn default_target(&self, x: &SparseMatrix) -> Array1<usize> {
        Array1::zeros(x.height())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use proptest::prelude::*;

    use super::*;
    use crate::classify::Learner;

    fn fit(rows: &[Vec<(u32, f32)>], width: usize, targets: Vec<usize>, learner: &LinearSvm) -> LinearModel {
        Learner::Svm(learner.clone()).learn(SparseMatrix::new(rows, width), targets, Vec::new()).unwrap()
    }

    /// Half the squared length of a class's weights, constant included, plus the cost of all rows' squared hinge losses.
    fn objective(model: &LinearModel, rows: &SparseMatrix, targets: &[usize], class: usize, cost: f32) -> f32 {
        let scores = model.scores(rows);
        let length: f32 = model.weights.column(class).iter().map(|weight| weight * weight).sum();
        let losses = (0..rows.height()).map(|row| {
            let sign = if targets[row] == class { 1.0 } else { -1.0 };
            (1.0 - sign * scores[[row, class]]).max(0.0).powi(2)
        });
        0.5 * length + cost * losses.sum::<f32>()
    }

    #[test]
    fn the_optimum_of_a_small_problem_is_found() {
        // One feature, rows at −1 and +1: w minimises ½w² + C·2·(1 − w)², so w = 4C / (1 + 4C); the constant is zero.
        let learner = LinearSvm { cost: 0.5, tolerance: 1e-6, most_rounds: 1_000, ..LinearSvm::default() };
        let model = fit(&[vec![(0, -1.0)], vec![(0, 1.0)]], 1, vec![0, 1], &learner);
        let expected = array![[-2.0 / 3.0, 2.0 / 3.0], [0.0, 0.0]];
        assert!((&model.weights - &expected).iter().all(|gap: &f32| gap.abs() < 1e-3), "{}", model.weights);
    }

    #[test]
    fn one_class_is_nothing_to_learn() {
        let rows = SparseMatrix::new(&[vec![(0, 1.0)]], 1);
        let learnt = Learner::Svm(LinearSvm::default()).learn(rows, vec![0], Vec::new());
        assert!(matches!(learnt, Err(ClassifyError::OneClass)));
    }

    #[test]
    fn a_class_without_rows_is_never_the_best() {
        let rows: Vec<Vec<(u32, f32)>> = (0..40).map(|row| vec![(row % 2, 1.0)]).collect();
        let model = fit(&rows, 2, (0..40).map(|row| if row % 2 == 0 { 0 } else { 2 }).collect(), &LinearSvm::default());
        let said = model.classes(&SparseMatrix::new(&rows, 2));
        assert!(said.iter().zip(0..).all(|(said, row)| *said == if row % 2 == 0 { 0 } else { 2 }));
    }

    fn problems() -> impl Strategy<Value = (Vec<Vec<(u32, f32)>>, Vec<usize>)> {
        let row = proptest::collection::btree_map(0_u32..12, -1.0_f32..1.0, 1..5);
        proptest::collection::vec((row, 0_usize..11), 12..60).prop_map(|rows| {
            let (rows, mut targets): (Vec<_>, Vec<usize>) =
                rows.into_iter().map(|(row, target)| (row.into_iter().collect::<Vec<_>>(), target)).unzip();
            (targets[0], targets[1]) = (0, 1);
            (rows, targets)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Passing rows over changes how fast the optimum is found, not the optimum: no small step away is better.
        #[test]
        fn no_step_away_from_the_solution_is_better((rows, targets) in problems(), feature in 0_usize..13, class in 0_usize..2) {
            let learner = LinearSvm { tolerance: 1e-4, most_rounds: 2_000, ..LinearSvm::default() };
            let model = fit(&rows, 12, targets.clone(), &learner);
            let rows = SparseMatrix::new(&rows, 12);
            let least = objective(&model, &rows, &targets, class, learner.cost);
            for step in [-0.02_f32, 0.02] {
                let mut moved = model.clone();
                moved.weights[[feature, class]] += step;
                prop_assert!(objective(&moved, &rows, &targets, class, learner.cost) >= least - 1e-4);
            }
        }

        #[test]
        fn the_same_seed_gives_the_same_weights((rows, targets) in problems()) {
            let learner = LinearSvm::default();
            prop_assert_eq!(fit(&rows, 12, targets.clone(), &learner), fit(&rows, 12, targets, &learner));
        }
    }
}
