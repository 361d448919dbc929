//! Classification: from a patent's words to its technology.
//!
//! In come titles, with or without abstracts, out come classes with probabilities that mean what they say, and the terms
//! that spoke for them. Learners are linfa's kind: they take a dataset and give a model, on a sparse matrix of ours,
//! because linfa's own take no sparse input. A text of which nothing is known gets no class.
//!
//! Not done here: what follows from IPC symbols (`domain`), reading files (`engine`), drawing (`document`).

mod calibration;
mod classifier;
mod error;
mod evaluation;
mod features;
mod folds;
mod learner;
mod linear_svm;
mod naive_bayes;
mod shipped;
#[cfg(test)]
mod tests;
mod training;
mod weights;

pub use classifier::{Classification, Classifier, Prediction, SpokenTerm};
pub use error::ClassifyError;
pub use evaluation::{Bin, ClassScore, Coverage, Evaluation, Judged};
pub use features::FeatureSettings;
pub use learner::Learner;
pub use linear_svm::{LinearModel, LinearSvm};
pub use naive_bayes::ComplementNaiveBayes;
pub use shipped::Shipped;
pub use training::{Trained, TrainingSettings, train};

/// The place of the largest number, the first of equals.
fn best(numbers: impl Iterator<Item = f32>) -> usize {
    let larger = |best: (usize, f32), next: (usize, f32)| if next.1 > best.1 { next } else { best };
    numbers.enumerate().fold((0, f32::NEG_INFINITY), larger).0
}
