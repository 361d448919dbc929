//! Complement naive Bayes on sparse rows: what the support vector machine is compared with.

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array1, Array2};

use super::{ClassifyError, LinearModel};
use crate::embed::SparseMatrix;

/// Complement naive Bayes (Rennie et al. 2003, Tackling the Poor Assumptions of Naive Bayes Text Classifiers): a class's
/// weight of a feature is how rare the feature is in all other classes. Features must not be negative: the embedding's
/// numbers are none for it.
#[derive(Debug, Clone, PartialEq)]
pub struct ComplementNaiveBayes {
    /// What is added to every count. Above zero.
    pub smoothing: f32,
}

impl Default for ComplementNaiveBayes {
    fn default() -> Self {
        Self { smoothing: 0.3 }
    }
}

impl Fit<SparseMatrix, Array1<usize>, ClassifyError> for ComplementNaiveBayes {
    type Object = LinearModel;

    /// Finds the weights of classes 0 to the largest target.
    ///
    /// # Errors
    /// [`ClassifyError::OneClass`] if there is nothing to tell apart.
    fn fit(&self, dataset: &DatasetBase<SparseMatrix, Array1<usize>>) -> Result<LinearModel, ClassifyError> {
        let (rows, targets) = (&dataset.records, &dataset.targets);
        let classes = targets.iter().max().map_or(0, |largest| largest + 1);
        if classes < 2 {
            return Err(ClassifyError::OneClass);
        }
        let mut counts = Array2::<f32>::zeros((rows.width(), classes));
        let row_weights = dataset.weights().unwrap_or_default();
        for (row, &class) in targets.iter().enumerate() {
            let weight = row_weights.get(row).copied().unwrap_or(1.0);
            rows.entries(row).for_each(|(column, value)| counts[[column, class]] += weight * value.max(0.0));
        }
        let mut weights = Array2::zeros((rows.width() + 1, classes));
        for (mut to, counts) in weights.rows_mut().into_iter().zip(counts.rows()) {
            let all = counts.sum();
            to.iter_mut().zip(counts).for_each(|(to, own)| *to = self.smoothing + (all - own).max(0.0));
        }
        for mut class in weights.columns_mut() {
            let constant = class.len() - 1;
            class[constant] = 0.0;
            let sum = class.sum();
            class.iter_mut().take(constant).for_each(|count| *count = -(*count / sum).ln());
            // As long as the others, so that a class of few words is not preferred.
            let length: f32 = class.iter().map(|weight| weight.abs()).sum();
            class.mapv_inplace(|weight| weight / length.max(f32::MIN_POSITIVE) * constant as f32);
        }
        // What a feature says for all classes alike says nothing, and would drown the rest when scores are calibrated.
        for mut classes in weights.rows_mut() {
            let mean = classes.sum() / classes.len() as f32;
            classes -= mean;
        }
        Ok(LinearModel { weights })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_speaks_for_the_class_that_has_it() {
        let rows: Vec<Vec<(u32, f32)>> = (0..30).map(|row| vec![(row % 3, 1.0), (3, 0.5)]).collect();
        let targets: Vec<usize> = (0..30).map(|row| row % 3).collect();
        let matrix = SparseMatrix::new(&rows, 4);
        let dataset = DatasetBase::new(matrix.clone(), Array1::from_vec(targets.clone()));
        let model = ComplementNaiveBayes::default().fit(&dataset).unwrap();
        assert_eq!(model.classes(&matrix), targets);
    }
}
