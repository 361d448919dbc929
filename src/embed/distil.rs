//! Distilling a table of vectors from an encoder's vectors of whole texts.
//!
//! A text is the sum of its terms, each weighted by how often and how rarely it is said, at length one; ridge regression finds
//! the terms' vectors with which these sums come nearest to the encoder's. The encoder's vectors are first turned to
//! their main directions and cut: ridge regression treats every direction by itself, so nothing is lost by doing it
//! before.

use ndarray::{Array2, ArrayView1, Axis};
use rayon::prelude::*;

use super::conjugate_gradient::ridge;
use super::sparse::SparseMatrix;
use super::{EmbedError, Embedding, Table, Teacher, Vocabulary, dot, terms};
use crate::analysis::Analyzer;
use crate::model_file;

/// One text in so many is kept from training, to see how near the table comes to the encoder on texts it has not seen.
const HELD_OUT: usize = 20;

/// How to distil.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Numbers in a vector.
    pub dimensions: usize,
    /// Texts a term must be in to have a vector.
    pub least_texts: u32,
    /// How strongly vectors are drawn to zero: rare terms most.
    pub ridge: f32,
    /// Steps of the solver at most.
    pub steps: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { dimensions: 128, least_texts: 3, ridge: 1.0, steps: 60 }
    }
}

/// A table, and how near it comes to its teacher.
pub struct Distilled {
    /// The table.
    pub embedding: Embedding,
    /// Texts trained on.
    pub texts: usize,
    /// Mean cosine to the encoder's centred vectors, cut to the table's dimensions, on texts kept from training.
    pub cosine: f32,
}

/// Distils a table from a teacher; the same teacher and settings give the same table.
///
/// # Errors
/// [`EmbedError`] if the teacher's texts have too few terms in common or its vectors no directions.
pub fn distil(analyzer: &Analyzer, teacher: &Teacher, settings: Settings) -> Result<Distilled, EmbedError> {
    let targets = teacher.main_directions(settings.dimensions)?;
    let texts: Vec<Vec<(String, f32)>> =
        teacher.texts().par_iter().map(|text| terms::weighted(analyzer, text)).collect();
    let (trained, held): (Vec<usize>, Vec<usize>) = (0..texts.len()).partition(|text| text % HELD_OUT != 0);
    let vocabulary = Vocabulary::of(trained.iter().map(|&text| texts[text].as_slice()), settings.least_texts);
    if vocabulary.is_empty() {
        return Err(EmbedError::NoTerms { least_texts: settings.least_texts });
    }
    let rows: Vec<Vec<(u32, f32)>> = trained.par_iter().map(|&text| vocabulary.row(&texts[text])).collect();
    let matrix = SparseMatrix::new(&rows, vocabulary.len());
    let vectors = ridge(&matrix, targets.select(Axis(0), &trained).view(), settings.ridge, settings.steps);
    let embedding = quantised(vocabulary, &vectors, analyzer)?;
    let cosines: Vec<f32> = held
        .par_iter()
        .filter_map(|&text| Some(cosine(&embedding.vector(&teacher.texts()[text])?, targets.row(text))))
        .collect();
    let cosine = cosines.iter().sum::<f32>() / cosines.len().max(1) as f32;
    Ok(Distilled { embedding, texts: trained.len(), cosine })
}

fn cosine(unit: &[f32], target: ArrayView1<'_, f32>) -> f32 {
    let length = target.dot(&target).sqrt();
    dot(unit, &target.to_vec()) / length.max(f32::MIN_POSITIVE)
}

/// The terms' vectors times their rarity, as whole numbers of eight bits.
fn quantised(vocabulary: Vocabulary, vectors: &Array2<f32>, analyzer: &Analyzer) -> Result<Embedding, EmbedError> {
    const LARGEST: f32 = 127.0;
    let (mut scales, mut rows) = (Vec::with_capacity(vocabulary.len()), Vec::with_capacity(vectors.len()));
    for (rarity, vector) in vocabulary.rarities().iter().zip(vectors.rows()) {
        let largest = vector.iter().fold(f32::MIN_POSITIVE, |largest, value| value.abs().max(largest));
        scales.push(largest / LARGEST * rarity);
        rows.extend(vector.iter().map(|value| (value / largest * LARGEST).round() as i8));
    }
    let table = Table { dimensions: vectors.ncols(), vocabulary, scales, rows };
    // Through its bytes, so that its version is the one it will have when read back.
    let bytes = model_file::encode(&super::origin(analyzer), &table)?;
    Ok(Embedding::from_bytes(&bytes, analyzer)?)
}
