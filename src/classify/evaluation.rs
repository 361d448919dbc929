//! How good a classifier is, on texts whose classes are known.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Classification;

/// Bins of equal width that confidence is compared with accuracy in.
const BINS: usize = 15;
/// Steps of the curve of coverage.
const STEPS: usize = 20;

/// A text's class, and what was said of it; `None` where nothing in the text was known.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The class it is of.
    pub truth: String,
    /// What the classifier said.
    pub said: Option<Classification>,
}

/// The figures of an evaluation.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Evaluation {
    /// Rows with a label.
    pub rows: usize,
    /// Of those, rows of which nothing was known; they count as wrong.
    pub unknown: usize,
    /// Of those, rows of a class that training did not have; they cannot be right.
    pub unseen: usize,
    /// Share of rows whose likeliest class is right.
    pub accuracy: f64,
    /// Share of rows whose class is among the three likeliest.
    pub top3: f64,
    /// Mean of the classes' F1, every class alike, over all that are true of a row or were said of one.
    pub macro_f1: f64,
    /// F1 over all rows together: with one class a row, the accuracy over the rows something was said of and those not.
    pub micro_f1: f64,
    /// Expected calibration error over the rows something was said of: the mean gap between confidence and accuracy in fifteen bins, weighted by rows
    /// (Naeini et al. 2015).
    pub ece: f64,
    /// Confidence beside accuracy.
    pub reliability: Vec<Bin>,
    /// What share of the rows is right among those at least so probable.
    pub coverage: Vec<Coverage>,
    /// Share of rows called certain, and the share of those that is right.
    pub certain: Coverage,
    /// Classes in order of label.
    pub classes: Vec<ClassScore>,
    /// For each true class, how often each class was said: (true, said, rows), most rows first.
    pub confusions: Vec<(String, String, usize)>,
}

/// Rows of like confidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Rows in the bin.
    pub rows: usize,
    /// Mean probability of the likeliest class.
    pub confidence: f64,
    /// Share of rows whose likeliest class is right.
    pub accuracy: f64,
}

/// A point of the curve of coverage and accuracy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Coverage {
    /// Least probability asked for.
    pub threshold: f64,
    /// Share of rows that reach it.
    pub coverage: f64,
    /// Share of those that is right.
    pub accuracy: f64,
}

/// How well one class is found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ClassScore {
    /// The class.
    pub label: String,
    /// Rows of the class.
    pub rows: usize,
    /// Share of the rows said to be of the class that are.
    pub precision: f64,
    /// Share of the class's rows that were said to be.
    pub recall: f64,
    /// Their harmonic mean; 0 if both are.
    pub f1: f64,
}

impl Evaluation {
    /// Scores what was said. `known` are the classes of training.
    #[must_use]
    pub fn of(judged: &[Judged], known: &[String]) -> Self {
        let rows = judged.len();
        let right = judged.iter().filter(|row| row.is_right()).count();
        let among = judged.iter().filter(|row| row.top().any(|label| label == row.truth)).count();
        let unknown = judged.iter().filter(|row| row.said.is_none()).count();
        let classes = class_scores(judged);
        let macro_f1 = classes.iter().map(|class| class.f1).sum::<f64>() / classes.len().max(1) as f64;
        let said = judged.iter().filter(|row| row.said.is_some());
        let said: Vec<(f32, bool)> = said.map(|row| (row.confidence() as f32, row.is_right())).collect();
        Self {
            rows,
            unknown,
            unseen: judged.iter().filter(|row| !known.contains(&row.truth)).count(),
            accuracy: share(right, rows),
            top3: share(among, rows),
            macro_f1,
            // Precision is over the rows something was said of, recall over all.
            micro_f1: share(2 * right, 2 * rows - unknown),
            ece: calibration_error(&said),
            reliability: reliability(&said),
            coverage: (0..STEPS).map(|step| coverage(judged, step as f64 / STEPS as f64)).collect(),
            certain: certain(judged),
            classes,
            confusions: confusions(judged),
        }
    }
}

impl Judged {
    fn top(&self) -> impl Iterator<Item = &str> {
        self.said.iter().flat_map(|said| said.top.iter().map(|prediction| prediction.label.as_str()))
    }

    fn said(&self) -> Option<&str> {
        self.top().next()
    }

    fn is_right(&self) -> bool {
        self.said() == Some(&self.truth)
    }

    /// The likeliest class's probability; 0 where nothing was said.
    fn confidence(&self) -> f64 {
        self.said.as_ref().map_or(0.0, |said| f64::from(said.top[0].probability))
    }
}

fn share(part: usize, of: usize) -> f64 {
    part as f64 / of.max(1) as f64
}

fn class_scores(judged: &[Judged]) -> Vec<ClassScore> {
    // Rows of the class, rows said to be, rows both.
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for row in judged {
        counts.entry(&row.truth).or_default()[0] += 1;
        if let Some(said) = row.said() {
            counts.entry(said).or_default()[1] += 1;
        }
        if row.is_right() {
            counts.entry(&row.truth).or_default()[2] += 1;
        }
    }
    let score = |(label, [rows, said, both]): (&str, [usize; 3])| ClassScore {
        label: label.to_owned(),
        rows,
        precision: share(both, said),
        recall: share(both, rows),
        f1: share(2 * both, rows + said),
    };
    counts.into_iter().map(score).collect()
}

/// The share that is right of what was said, each with its probability.
pub(super) fn accuracy(said: &[(f32, bool)]) -> f64 {
    share(said.iter().filter(|(_, right)| *right).count(), said.len())
}

/// The mean gap between confidence and accuracy, over bins of confidence, weighted by rows.
pub(super) fn calibration_error(said: &[(f32, bool)]) -> f64 {
    let gaps = reliability(said).into_iter().map(|bin| bin.rows as f64 * (bin.confidence - bin.accuracy).abs());
    gaps.sum::<f64>() / said.len().max(1) as f64
}

fn reliability(said: &[(f32, bool)]) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); BINS];
    for &(confidence, right) in said {
        let bin = &mut bins[((f64::from(confidence) * BINS as f64) as usize).min(BINS - 1)];
        bin.rows += 1;
        bin.confidence += f64::from(confidence);
        bin.accuracy += f64::from(u8::from(right));
    }
    for bin in bins.iter_mut().filter(|bin| bin.rows > 0) {
        bin.confidence /= bin.rows as f64;
        bin.accuracy /= bin.rows as f64;
    }
    bins
}

fn coverage(judged: &[Judged], threshold: f64) -> Coverage {
    among(judged, threshold, |row| row.said.is_some() && row.confidence() >= threshold)
}

fn certain(judged: &[Judged]) -> Coverage {
    let is_certain = |row: &Judged| row.said.as_ref().is_some_and(|said| said.certain);
    let threshold = judged.iter().filter(|row| is_certain(row)).map(Judged::confidence).fold(1.0, f64::min);
    among(judged, threshold, is_certain)
}

fn among(judged: &[Judged], threshold: f64, reaches: impl Fn(&Judged) -> bool) -> Coverage {
    let reached: Vec<&Judged> = judged.iter().filter(|row| reaches(row)).collect();
    let right = reached.iter().filter(|row| row.is_right()).count();
    Coverage { threshold, coverage: share(reached.len(), judged.len()), accuracy: share(right, reached.len()) }
}

fn confusions(judged: &[Judged]) -> Vec<(String, String, usize)> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in judged {
        if let Some(said) = row.said() {
            *counts.entry((&row.truth, said)).or_default() += 1;
        }
    }
    let mut confusions: Vec<(String, String, usize)> =
        counts.into_iter().map(|((truth, said), rows)| (truth.to_owned(), said.to_owned(), rows)).collect();
    confusions.sort_by_key(|(_, _, rows)| std::cmp::Reverse(*rows));
    confusions
}

#[cfg(test)]
mod tests {
    use linfa::prelude::ToConfusionMatrix;
    use ndarray::Array1;
    use proptest::prelude::*;

    use super::*;
    use crate::classify::Prediction;

    /// A row said to be of the first class with a probability, of the others with less.
    fn row(truth: &str, top: &[&str], probability: f32) -> Judged {
        let prediction = |(place, label): (usize, &&str)| Prediction {
            label: (*label).to_owned(),
            name: String::new(),
            probability: probability / (place + 1) as f32,
        };
        let top: Vec<Prediction> = top.iter().enumerate().map(prediction).collect();
        let said = (!top.is_empty()).then(|| Classification { top, certain: probability > 0.65, terms: Vec::new() });
        Judged { truth: truth.to_owned(), said }
    }

    /// Six rows: two right, one second, one of which nothing is known, one wholly wrong, one of a class never seen.
    fn six() -> Evaluation {
        let rows = [
            row("A", &["A", "B", "C"], 0.9),
            row("A", &["B", "A", "C"], 0.6),
            row("B", &["B", "C", "A"], 0.8),
            row("B", &[], 0.0),
            row("C", &["A", "B", "D"], 0.7),
            row("Z", &["B", "A", "C"], 0.5),
        ];
        Evaluation::of(&rows, &["A", "B", "C", "D"].map(str::to_owned))
    }

    fn assert_near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    }

    #[test]
    fn a_row_of_which_nothing_is_known_and_one_of_an_unseen_class_count_as_wrong() {
        let figures = six();
        assert_eq!((figures.rows, figures.unknown, figures.unseen), (6, 1, 1));
        assert_near(figures.accuracy, 2.0 / 6.0);
        assert_near(figures.top3, 3.0 / 6.0);
    }

    #[test]
    fn f1_is_as_worked_out_by_hand() {
        let figures = six();
        let scores: Vec<(&str, usize, f64)> =
            figures.classes.iter().map(|class| (class.label.as_str(), class.rows, class.f1)).collect();
        // A class never said has F1 0, as with scikit-learn's zero_division=0.
        assert_eq!(scores, [("A", 2, 0.5), ("B", 2, 0.4), ("C", 1, 0.0), ("Z", 1, 0.0)]);
        assert_near(figures.macro_f1, 0.9 / 4.0);
        // Precision 2/5, recall 2/6.
        assert_near(figures.micro_f1, 4.0 / 11.0);
    }

    #[test]
    fn the_calibration_error_is_the_mean_gap_over_bins() {
        let figures = six();
        // Five bins of one row each: gaps of 0.1, 0.6, 0.2, 0.7 and 0.5. Of the sixth row nothing was said.
        assert_near(figures.ece, 2.1 / 5.0);
        assert_eq!(figures.reliability.iter().map(|bin| bin.rows).sum::<usize>(), 5);
    }

    #[test]
    fn coverage_counts_the_rows_that_reach_the_threshold() {
        let figures = six();
        let at = figures.coverage.iter().find(|point| (point.threshold - 0.65).abs() < 1e-9).unwrap();
        assert_near(at.coverage, 3.0 / 6.0);
        assert_near(at.accuracy, 2.0 / 3.0);
        assert_near(figures.certain.coverage, 3.0 / 6.0);
        assert_near(figures.certain.threshold, 0.7);
        assert_near(figures.coverage[0].coverage, 5.0 / 6.0);
    }

    #[test]
    fn what_was_confused_is_counted_most_first() {
        let figures = six();
        assert_eq!(figures.confusions.len(), 5);
        assert!(figures.confusions.contains(&("C".to_owned(), "A".to_owned(), 1)));
        let twice = Evaluation::of(&[row("B", &["A"], 0.5), row("A", &["A"], 0.5), row("B", &["A"], 0.4)], &[]);
        assert_eq!(twice.confusions[0], ("B".to_owned(), "A".to_owned(), 2));
    }

    #[test]
    fn no_rows_give_no_figures_that_are_no_numbers() {
        let none = Evaluation::of(&[], &["A".to_owned()]);
        for figure in [none.accuracy, none.top3, none.macro_f1, none.micro_f1, none.ece] {
            assert_near(figure, 0.0);
        }
    }

    proptest! {
        #[test]
        fn accuracy_and_f1_are_those_of_the_confusion_matrix(rows in proptest::collection::vec((0_usize..4, 0_usize..4), 1..60)) {
            // Every class is there, so that the library's matrix has all of them.
            let rows: Vec<(usize, usize)> = rows.into_iter().chain((0..4).map(|class| (class, class))).collect();
            let names = ["A", "B", "C", "D"];
            let judged: Vec<Judged> = rows.iter().map(|(truth, said)| row(names[*truth], &[names[*said]], 0.5)).collect();
            let figures = Evaluation::of(&judged, &names.map(str::to_owned));
            let (truth, said): (Vec<usize>, Vec<usize>) = rows.iter().copied().unzip();
            let matrix = Array1::from_vec(said).confusion_matrix(&Array1::from_vec(truth)).unwrap();
            prop_assert!((figures.accuracy - f64::from(matrix.accuracy())).abs() < 1e-5);
            let f1 = |class: usize| {
                let count = |fits: &dyn Fn(&(usize, usize)) -> bool| rows.iter().filter(|row| fits(row)).count() as f64;
                let both = count(&|row| *row == (class, class));
                let (precision, recall) = (both / count(&|row| row.1 == class), both / count(&|row| row.0 == class));
                2.0 * precision * recall / (precision + recall)
            };
            prop_assert!((figures.macro_f1 - (0..4).map(f1).sum::<f64>() / 4.0).abs() < 1e-9);
            prop_assert!((figures.micro_f1 - figures.accuracy).abs() < 1e-9, "with one class a row they are the same");
        }
    }
}
