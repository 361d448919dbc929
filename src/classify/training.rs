//! Training: from texts with labels to a classifier.
//!
//! The texts are trained on in parts first, each part scored by what was learnt from the others: on those scores the
//! probabilities are calibrated and the threshold of certainty chosen. Then everything is trained on once more.

use std::sync::Arc;

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use super::calibration::Calibration;
use super::classifier::Model;
use super::features::{self, Counted, FeatureSpace, Vectors};
use super::weights::Weights;
use super::{Classifier, ClassifyError, FeatureSettings, Learner, LinearModel, LinearSvm, evaluation, folds};
use crate::analysis::Analyzer;
use crate::domain::{ClassifiedText, IpcCode, LabelKind};
use crate::embed::{Embedding, SparseMatrix};

/// Parts that scores for calibration are made with.
const PARTS: usize = 5;
/// Fewer rows cannot be parted.
const LEAST_ROWS: usize = 10;

/// Predictions that a threshold is judged by, at least.
const LEAST_CERTAIN: usize = 100;
/// More classes than any classification in use has: the column is not one of classes.
const MOST_CLASSES: usize = 2_000;

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingSettings {
    /// What features are made of.
    pub features: FeatureSettings,
    /// The learner.
    pub learner: Learner,
    /// How much the official titles of IPC classes count as rows, beside rows of texts; 0 leaves them out.
    pub titles: f32,
    /// Weights smaller than this are not kept.
    pub least_weight: f32,
    /// Share of the predictions called certain that are to be right.
    pub accuracy: f32,
    /// Seed of everything random.
    pub seed: u64,
}

impl TrainingSettings {
    /// What was found best by cross-validation for labels of a kind (`models/README.md`). Labels of one's own are taken
    /// to be few rows of many classes: all classes count alike, and the embedding more.
    #[must_use]
    pub fn of(kind: LabelKind) -> Self {
        let (balance, meaning) = if kind == LabelKind::Label { (1.0, 0.7) } else { (0.0, 0.5) };
        Self {
            features: FeatureSettings { meaning, ..FeatureSettings::default() },
            learner: Learner::Svm(LinearSvm { balance, ..LinearSvm::default() }),
            titles: 0.3,
            least_weight: 0.02,
            accuracy: 0.8,
            seed: 1,
        }
    }
}

/// A classifier, and what was seen on the way.
pub struct Trained {
    /// The classifier.
    pub classifier: Classifier,
    /// Rows with a label.
    pub rows: usize,
    /// Rows without one, left out.
    pub unlabelled: usize,
    /// Whether abstracts were learnt from: half of the rows must have one.
    pub abstracts: bool,
    /// Classes of a single row: they are learnt, and nothing can be said of how well.
    pub lone_classes: usize,
    /// Words, pairs and characters known.
    pub features: usize,
    /// Share of rows that were right when they were kept from training: what to expect of texts like these.
    pub accuracy: f64,
    /// Expected calibration error of the same rows; the calibration has seen them.
    pub ece: f64,
}

/// Trains a classifier; the same texts and settings give the same bytes on any number of threads.
///
/// # Errors
/// [`ClassifyError`] if there are too few rows, only one class, or no labels at all.
pub fn train(
    analyzer: &Analyzer,
    embedding: &Embedding,
    kind: LabelKind,
    texts: &[ClassifiedText],
    settings: &TrainingSettings,
) -> Result<Trained, ClassifyError> {
    let mut settings = settings.clone();
    if !settings.learner.takes_negatives() {
        settings.features.meaning = 0.0;
    }
    let labelled: Vec<(&ClassifiedText, String)> =
        texts.iter().filter_map(|text| Some((text, kind.of(text)?))).collect();
    let (labels, mut targets) = numbered(kind, &labelled)?;
    let rows = targets.len();
    let (titles, classes) = if settings.titles > 0.0 { class_titles(kind, &labels) } else { Default::default() };
    targets.extend(classes);
    let texts_and_titles: Vec<&ClassifiedText> = labelled.iter().map(|(text, _)| *text).chain(&titles).collect();
    let samples = texts_and_titles.par_iter().map(|text| Sample::of(text, analyzer, embedding, &settings)).collect();
    let bodies = 2 * labelled.iter().filter(|(text, _)| !text.body.is_empty()).count() >= rows;
    let keys = labelled.iter().map(|(text, _)| twin_key(text)).collect();
    let (settings, classes) = (&settings, labels.len());
    let all = Rows { embedding, settings, samples, targets: &targets, rows, keys, bodies, classes };

    let scores = all.scores_of_parts()?;
    let calibration = Calibration::fit(scores.view(), &targets[..rows])?;
    let said = said(&scores, &targets[..rows], &calibration);
    let (accuracy, ece) = (evaluation::accuracy(&said), evaluation::calibration_error(&said));
    let threshold = threshold(said, settings.accuracy);
    let (space, model) = all.fit((0..rows).collect())?;
    let weights = Weights::of(model.weights.view(), space.terms(), settings.least_weight);
    let mut counts = vec![0_usize; labels.len()];
    targets[..rows].iter().for_each(|&target| counts[target] += 1);
    let lone_classes = counts.iter().filter(|count| **count == 1).count();
    let features = space.terms();
    let model = Model { kind, labels, space, weights, calibration, threshold };
    let classifier = Classifier { model: Arc::new(model), analyzer: analyzer.clone(), embedding: embedding.clone() };
    Ok(Trained {
        classifier,
        rows,
        abstracts: bodies,
        unlabelled: texts.len() - rows,
        lone_classes,
        features,
        accuracy,
        ece,
    })
}

/// The official titles of the classes' subclasses and main groups, as texts of those classes.
fn class_titles(kind: LabelKind, labels: &[String]) -> (Vec<ClassifiedText>, Vec<usize>) {
    let titles = IpcCode::titles().filter_map(|(symbol, title)| {
        let class = labels.binary_search(&kind.of_symbol(&symbol)?).ok()?;
        Some((ClassifiedText { title: title.to_owned(), ..ClassifiedText::default() }, class))
    });
    titles.unzip()
}

/// The letters, digits and characters of a title, or of the abstract where there is none.
fn twin_key(text: &ClassifiedText) -> String {
    let words = if text.title.is_empty() { &text.body } else { &text.title };
    words.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The labels in order, and the number of each row's.
fn numbered(
    kind: LabelKind,
    labelled: &[(&ClassifiedText, String)],
) -> Result<(Vec<String>, Vec<usize>), ClassifyError> {
    if labelled.is_empty() {
        return Err(ClassifyError::NoLabels { kind });
    }
    if labelled.len() < LEAST_ROWS {
        return Err(ClassifyError::TooFewRows { found: labelled.len(), needed: LEAST_ROWS });
    }
    let mut labels: Vec<String> = labelled.iter().map(|(_, label)| label.clone()).collect();
    labels.sort_unstable();
    labels.dedup();
    if labels.len() < 2 {
        return Err(ClassifyError::OneClass);
    }
    if labels.len() > MOST_CLASSES {
        return Err(ClassifyError::TooManyClasses { found: labels.len(), most: MOST_CLASSES });
    }
    let targets = labelled.iter().filter_map(|(_, label)| labels.binary_search(label).ok()).collect();
    Ok((labels, targets))
}

/// A text as features, before it is known which of them count.
struct Sample {
    counted: Counted,
    vectors: Vectors,
}

impl Sample {
    fn of(text: &ClassifiedText, analyzer: &Analyzer, embedding: &Embedding, settings: &TrainingSettings) -> Self {
        let vector = |part: &str| embedding.vector(part);
        Self {
            counted: features::counted(&settings.features, text, analyzer),
            vectors: vec![vector(&text.title), vector(&text.body)],
        }
    }
}

struct Rows<'a> {
    embedding: &'a Embedding,
    settings: &'a TrainingSettings,
    /// The rows, and behind them the titles of classes.
    samples: Vec<Sample>,
    targets: &'a [usize],
    /// How many samples are rows.
    rows: usize,
    /// What keeps twins together: the rows' titles.
    keys: Vec<String>,
    bodies: bool,
    classes: usize,
}

impl Rows<'_> {
    /// Learns from some of the rows and all titles of classes; document frequencies are theirs alone.
    fn fit(&self, mut samples: Vec<usize>) -> Result<(FeatureSpace, LinearModel), ClassifyError> {
        let mut weights = vec![1.0; samples.len()];
        samples.extend(self.rows..self.samples.len());
        weights.resize(samples.len(), self.settings.titles);
        let counted = samples.iter().map(|&sample| &self.samples[sample].counted);
        let space = FeatureSpace::of(self.settings.features, self.bodies, counted);
        let targets = samples.iter().map(|&sample| self.targets[sample]).collect();
        let model = self.settings.learner.learn(self.matrix(&space, &samples), targets, weights)?;
        Ok((space, model))
    }

    fn matrix(&self, space: &FeatureSpace, rows: &[usize]) -> SparseMatrix {
        let width = space.terms() + space.dimensions(self.embedding);
        let rows: Vec<Vec<(u32, f32)>> =
            rows.par_iter().map(|&row| space.row(&self.samples[row].counted, &self.samples[row].vectors)).collect();
        SparseMatrix::new(&rows, width)
    }

    /// The scores of every row by what was learnt from the parts it is not in; a class that is in no other part gets
    /// the least score there is, and so do all where the other parts are of one class only.
    fn scores_of_parts(&self) -> Result<Array2<f32>, ClassifyError> {
        let mut scores = Array2::from_elem((self.rows, self.classes), -1.0);
        for held in folds::stratified(&self.targets[..self.rows], &self.keys, PARTS, self.settings.seed) {
            let mut is_held = vec![false; self.rows];
            held.iter().for_each(|&row| is_held[row] = true);
            let (space, model) = match self.fit((0..self.rows).filter(|&row| !is_held[row]).collect()) {
                Err(ClassifyError::OneClass) => continue,
                learnt => learnt?,
            };
            let found = model.scores(&self.matrix(&space, &held));
            for (row, found) in held.iter().zip(found.axis_iter(Axis(0))) {
                scores.row_mut(*row).iter_mut().zip(found).for_each(|(score, found)| *score = *found);
            }
        }
        Ok(scores)
    }
}

/// The likeliest class's probability of every row, and whether it is right.
fn said(scores: &Array2<f32>, targets: &[usize], calibration: &Calibration) -> Vec<(f32, bool)> {
    let row = |(row, target): (usize, &usize)| {
        let probabilities = calibration.probabilities(&scores.row(row).to_vec());
        let best = super::best(probabilities.iter().copied());
        (probabilities[best], best == *target)
    };
    targets.par_iter().enumerate().map(row).collect()
}

/// The least probability from which on the predictions are right as often as asked for; 1, which none reaches, if that is
/// never so for enough of them.
fn threshold(mut said: Vec<(f32, bool)>, accuracy: f32) -> f32 {
    said.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut threshold) = (0_usize, 1.0);
    for (place, (probability, is_right)) in said.iter().enumerate() {
        right += usize::from(*is_right);
        // Rows of one probability are above the threshold or below it together.
        let is_last = said.get(place + 1).is_none_or(|next| next.0 < *probability);
        if is_last && place + 1 >= LEAST_CERTAIN && right as f32 >= accuracy * (place + 1) as f32 {
            threshold = *probability;
        }
    }
    threshold
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luck_at_the_top_makes_nothing_certain() {
        let lucky = (0..1_000).map(|row| (1.0 - row as f32 / 1_000.0, row < 50 || row % 2 == 0)).collect();
        assert_eq!(threshold(lucky, 0.8), 1.0);
    }

    #[test]
    fn rows_of_one_probability_are_certain_together_or_not_at_all() {
        let tied = (0..400).map(|row| (if row < 300 { 0.9 } else { 0.4 }, row < 200)).collect();
        assert_eq!(threshold(tied, 0.8), 1.0, "two in three of the first 300 are right");
        let well = (0..400).map(|row| (if row < 300 { 0.9 } else { 0.4 }, row < 270)).collect();
        assert_eq!(threshold(well, 0.8), 0.9);
    }
}
