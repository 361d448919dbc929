//! Making and asking the embedding.

use std::path::Path;

use serde::Serialize;

use super::{EngineError, models};
use crate::analysis::Analyzer;
use crate::embed::{EmbedError, Settings, Teacher, distil};

/// What distilling came to.
#[derive(Debug, Clone, Serialize)]
pub struct DistillingReport {
    /// Texts trained on.
    pub texts: usize,
    /// Terms with a vector.
    pub terms: usize,
    /// Numbers in a vector.
    pub dimensions: usize,
    /// Mean cosine to the teacher on texts kept from training.
    pub cosine: f32,
    /// Bytes of the model file.
    pub bytes: usize,
    /// What models trained on it will name.
    pub version: String,
}

/// A term, and how near it is.
#[derive(Debug, Clone, Serialize)]
pub struct Neighbour {
    /// The word, character pair or character.
    pub term: String,
    /// Cosine, −1 to 1.
    pub similarity: f32,
}

/// Distils an embedding from a teacher's texts and vectors (`models/teacher.py`) and keeps it in a file.
///
/// # Errors
/// [`EngineError::File`] if a file cannot be read or written, [`EngineError::Embed`] if they do not fit together.
pub fn train_embedding(
    texts: &Path,
    vectors: &Path,
    out: &Path,
    settings: Settings,
) -> Result<DistillingReport, EngineError> {
    let bytes = models::read(texts)?;
    let lines_before = |end: usize| bytes[..end].iter().filter(|&&byte| byte == b'\n').count();
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| EmbedError::Encoding { line: lines_before(error.valid_up_to()) + 1 })?;
    let teacher = Teacher::new(text, &models::read(vectors)?)?;
    let distilled = distil(&Analyzer::new(), &teacher, settings)?;
    let embedding = distilled.embedding;
    let bytes = embedding.to_bytes().map_err(EmbedError::Model)?;
    models::write(out, &bytes)?;
    Ok(DistillingReport {
        texts: distilled.texts,
        terms: embedding.terms(),
        dimensions: embedding.dimensions(),
        cosine: distilled.cosine,
        bytes: bytes.len(),
        version: embedding.version().to_owned(),
    })
}

/// The terms nearest to a text in meaning; `None` if no term of the text is known.
///
/// # Errors
/// [`EngineError::File`] or [`EngineError::Embed`] if the embedding cannot be read.
pub fn nearest_terms(
    embedding: Option<&Path>,
    text: &str,
    limit: usize,
) -> Result<Option<Vec<Neighbour>>, EngineError> {
    let embedding = models::embedding(embedding, &Analyzer::new())?;
    let neighbour = |(term, similarity): (&str, f32)| Neighbour { term: term.to_owned(), similarity };
    Ok(embedding.nearest(text, limit).map(|found| found.into_iter().map(neighbour).collect()))
}

/// How near two texts are in meaning, −1 to 1; `None` if no term of one of them is known.
///
/// # Errors
/// As [`nearest_terms`].
pub fn similarity(embedding: Option<&Path>, left: &str, right: &str) -> Result<Option<f32>, EngineError> {
    Ok(models::embedding(embedding, &Analyzer::new())?.similarity(left, right))
}
