//! Meaning as vectors: one vector per word and character pair, so that a text's meaning is a table lookup and a sum.
//!
//! In comes text, out comes a unit vector; texts of like meaning have vectors of a small angle, also where they share no
//! word. The table is distilled from a sentence encoder ([`distil`]) so that the weighted sum over a text's terms comes
//! near the encoder's vector of the whole text. A text has no vector when none of its terms is known: that is said, not
//! guessed.
//!
//! Not done here: asking the encoder (`models/teacher.py`), reading files (`engine`), matching (`retrieve`).

mod conjugate_gradient;
mod distil;
mod error;
mod sparse;
mod teacher;
mod terms;
#[cfg(test)]
pub(crate) mod tests;
mod vocabulary;

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::analysis::Analyzer;
use crate::domain::Meaning;
use crate::model_file::{self, ModelFileError, Origin};

pub use distil::{Distilled, Settings, distil};
pub use error::EmbedError;
pub use sparse::SparseMatrix;
pub use teacher::Teacher;
pub use vocabulary::Vocabulary;

const KIND: &str = "embedding/1";
/// Most numbers a vector may have.
const MOST_DIMENSIONS: usize = 1_024;

/// A table of vectors. Cloning is cheap.
#[derive(Clone)]
pub struct Embedding {
    table: Arc<Table>,
    analyzer: Analyzer,
    version: Arc<str>,
}

/// What is kept on disk: a row of `dimensions` whole numbers for each term, to be multiplied by the term's scale.
#[derive(Serialize, Deserialize)]
struct Table {
    dimensions: usize,
    vocabulary: Vocabulary,
    scales: Vec<f32>,
    rows: Vec<i8>,
}

impl Embedding {
    /// The embedding that ships with the product.
    ///
    /// # Errors
    /// [`ModelFileError`] if it was made for another analyzer: `models/README.md` tells how to make it anew.
    pub fn shipped(analyzer: &Analyzer) -> Result<Self, ModelFileError> {
        Self::from_bytes(include_bytes!("../../models/embedding.bin"), analyzer)
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ModelFileError`] if it is damaged or made for another analyzer.
    pub fn from_bytes(bytes: &[u8], analyzer: &Analyzer) -> Result<Self, ModelFileError> {
        let (mut table, checksum): (Table, String) = model_file::decode(bytes, &origin(analyzer))?;
        let terms = table.vocabulary.len();
        let numbers = Some(table.dimensions).filter(|dimensions| (1..=MOST_DIMENSIONS).contains(dimensions));
        let numbers = numbers.and_then(|dimensions| terms.checked_mul(dimensions));
        let finite = terms > 0 && table.scales.iter().all(|scale| scale.is_finite());
        if !finite || !table.vocabulary.index() || numbers != Some(table.rows.len()) || table.scales.len() != terms {
            return Err(ModelFileError::Corrupt);
        }
        let version = model_file::version(&checksum).into();
        Ok(Self { table: Arc::new(table), analyzer: analyzer.clone(), version })
    }

    /// The bytes of a model file.
    ///
    /// # Errors
    /// [`ModelFileError::Unwritable`] if the table has no such form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelFileError> {
        model_file::encode(&origin(&self.analyzer), &*self.table)
    }

    /// The analyzer that makes its terms.
    #[must_use]
    pub fn analyzer(&self) -> &Analyzer {
        &self.analyzer
    }

    /// Names what this embedding gives. A model trained on other vectors does not fit.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How many numbers a vector has.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.table.dimensions
    }

    /// How many terms have a vector.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.table.vocabulary.len()
    }

    /// The unit vector of a text; `None` if none of its terms is known. Linear in the text.
    #[must_use]
    pub fn vector(&self, text: &str) -> Option<Vec<f32>> {
        self.sum(text).and_then(unit)
    }

    /// What a text is about. Linear in the text.
    #[must_use]
    pub fn meaning(&self, text: &str) -> Meaning {
        let mut places = Vec::new();
        let find = |places: &mut Vec<u32>, term: &str| places.extend(self.place(term));
        self.analyzer.visit_words(text, |term| find(&mut places, term.text));
        self.analyzer.visit_bigrams(text, |term| find(&mut places, term.text));
        self.analyzer.visit_characters(text, |term| find(&mut places, term.text));
        self.meaning_of(places)
    }

    /// What a text is about whose words and character pairs are known already, each as often as it stands there.
    #[must_use]
    pub fn meaning_of_terms<'t>(&self, text: &str, terms: impl Iterator<Item = &'t str>) -> Meaning {
        let mut places: Vec<u32> = terms.filter_map(|term| self.place(term)).collect();
        self.analyzer.visit_characters(text, |term| places.extend(self.place(term.text)));
        self.meaning_of(places)
    }

    fn place(&self, term: &str) -> Option<u32> {
        Some(self.table.vocabulary.find(term)?.0)
    }

    /// The first numbers of the sum that [`Self::vector`] makes of a text with the terms at these places, at length one.
    fn meaning_of(&self, mut places: Vec<u32>) -> Meaning {
        let Table { dimensions, scales, rows, .. } = &*self.table;
        places.sort_unstable();
        let mut sum = [0.0_f32; Meaning::DIMENSIONS];
        for same in places.chunk_by(|a, b| a == b) {
            let place = same[0] as usize;
            let weight = scales[place] * terms::weight(same.len() as f32);
            let row = &rows[place * dimensions..(place + 1) * dimensions];
            sum.iter_mut().zip(row).for_each(|(sum, &value)| *sum += weight * f32::from(value));
        }
        Meaning::nearest_to(&sum).unit()
    }

    /// The weighted sum of a text's rows; `None` if none of its terms is known.
    fn sum(&self, text: &str) -> Option<Vec<f32>> {
        let Table { dimensions, scales, rows, vocabulary } = &*self.table;
        let (mut sum, mut any) = (vec![0.0_f32; *dimensions], false);
        for (term, weight) in terms::weighted(&self.analyzer, text) {
            let Some((place, _)) = vocabulary.find(&term) else { continue };
            any = true;
            let (weight, start) = (weight * scales[place as usize], place as usize * dimensions);
            let row = &rows[start..start + dimensions];
            sum.iter_mut().zip(row).for_each(|(sum, &value)| *sum += weight * f32::from(value));
        }
        any.then_some(sum)
    }

    /// What each term adds to the product of a text's unit vector with a direction; together, the product. Empty if the
    /// text has no vector.
    #[must_use]
    pub fn shares(&self, text: &str, direction: &[f32]) -> Vec<(String, f32)> {
        let Table { dimensions, scales, rows, vocabulary } = &*self.table;
        let Some(length) = self.sum(text).map(|sum| dot(&sum, &sum).sqrt()).filter(|length| *length > 0.0) else {
            return Vec::new();
        };
        let known = terms::weighted(&self.analyzer, text).into_iter().filter_map(|(term, weight)| {
            let place = vocabulary.find(&term)?.0 as usize;
            let row = &rows[place * dimensions..(place + 1) * dimensions];
            let product: f32 = row.iter().zip(direction).map(|(&value, along)| f32::from(value) * along).sum();
            Some((term, weight * scales[place] * product / length))
        });
        known.collect()
    }

    /// How near two texts are in meaning: the cosine of their vectors, −1 to 1; `None` if either has none.
    #[must_use]
    pub fn similarity(&self, left: &str, right: &str) -> Option<f32> {
        Some(dot(&self.vector(left)?, &self.vector(right)?))
    }

    /// The known terms nearest to a text in meaning with their cosines, best first; ties by term. `None` if the text has
    /// no vector.
    ///
    /// A term means what it would mean as a text: its own row, and those of the words and characters inside it. Only
    /// words of two characters or more are named. Goes through the whole table, in parallel.
    #[must_use]
    pub fn nearest(&self, text: &str, limit: usize) -> Option<Vec<(&str, f32)>> {
        let vector = self.vector(text)?;
        let terms = self.table.vocabulary.terms().par_iter().filter(|term| self.is_word(term));
        let near = terms.filter_map(|term| Some((term.as_str(), dot(&self.vector(term)?, &vector))));
        let mut found: Vec<(&str, f32)> = near.collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        found.truncate(limit);
        Some(found)
    }

    fn is_word(&self, term: &str) -> bool {
        let mut is_word = false;
        if term.chars().nth(1).is_some() {
            self.analyzer.visit_words(term, |word| is_word |= word.text == term);
        }
        is_word
    }
}

fn origin(analyzer: &Analyzer) -> Origin {
    Origin { kind: KIND.to_owned(), analyzer: analyzer.version().to_owned(), embedding: None }
}

/// The sum of products of two vectors of one length.
#[must_use]
pub fn dot(left: &[f32], right: &[f32]) -> f32 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// A vector at length one; `None` for the zero vector.
fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = dot(&vector, &vector).sqrt();
    (length > 0.0).then(|| {
        vector.iter_mut().for_each(|value| *value /= length);
        vector
    })
}
