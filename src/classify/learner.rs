//! Which learner finds the weights.

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::Array1;

use super::{ClassifyError, ComplementNaiveBayes, LinearModel, LinearSvm};
use crate::embed::SparseMatrix;

/// A learner and its settings.
#[derive(Debug, Clone, PartialEq)]
pub enum Learner {
    /// Support vector machines: the better one, see `models/README.md`.
    Svm(LinearSvm),
    /// Complement naive Bayes, to compare with.
    Bayes(ComplementNaiveBayes),
}

impl Learner {
    /// Whether it can use numbers below zero, as the embedding's are.
    pub(super) fn takes_negatives(&self) -> bool {
        matches!(self, Self::Svm(_))
    }

    /// Finds the weights of rows and their classes, numbered from 0, each row counting as much as its weight says.
    ///
    /// # Errors
    /// [`ClassifyError::OneClass`] if there is nothing to tell apart.
    pub fn learn(
        &self,
        rows: SparseMatrix,
        targets: Vec<usize>,
        weights: Vec<f32>,
    ) -> Result<LinearModel, ClassifyError> {
        let dataset = DatasetBase::new(rows, Array1::from_vec(targets)).with_weights(Array1::from_vec(weights));
        match self {
            Self::Svm(learner) => learner.fit(&dataset),
            Self::Bayes(learner) => learner.fit(&dataset),
        }
    }
}
