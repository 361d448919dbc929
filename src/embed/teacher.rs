//! What the encoder said of the texts: the vectors the table is distilled from.

use linfa_linalg::eigh::{EigSort, Eigh};
use ndarray::{Array2, ArrayView2, Axis, Slice};

use super::EmbedError;

/// Texts and the encoder's vector of each.
pub struct Teacher {
    texts: Vec<String>,
    vectors: Array2<f32>,
}

impl Teacher {
    /// Texts, one a line, and their vectors one behind the other, as 32-bit little-endian numbers.
    ///
    /// # Errors
    /// [`EmbedError::TooFewTexts`] for fewer than a hundred; [`EmbedError::VectorSize`] if the bytes do not divide
    /// among the texts; [`EmbedError::NotFinite`] for a vector with a number that is none.
    pub fn new(texts: &str, vectors: &[u8]) -> Result<Self, EmbedError> {
        const FEWEST: usize = 100;
        const NUMBER: usize = size_of::<f32>();
        let texts: Vec<String> = texts.lines().map(str::to_owned).collect();
        if texts.len() < FEWEST {
            return Err(EmbedError::TooFewTexts { found: texts.len(), needed: FEWEST });
        }
        let wrong_size = EmbedError::VectorSize { texts: texts.len(), bytes: vectors.len() };
        let numbers: Vec<f32> =
            vectors.as_chunks::<NUMBER>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        let dimensions = numbers.len() / texts.len();
        if dimensions == 0 || vectors.len() != texts.len() * dimensions * NUMBER {
            return Err(wrong_size);
        }
        if let Some(place) = numbers.iter().position(|number| !number.is_finite()) {
            return Err(EmbedError::NotFinite { line: place / dimensions + 1 });
        }
        let vectors = Array2::from_shape_vec((texts.len(), dimensions), numbers).map_err(|_| wrong_size)?;
        Ok(Self { texts, vectors })
    }

    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The vectors less their mean, at length one, turned to their main directions and cut to so many.
    ///
    /// # Errors
    /// [`EmbedError::NoDirections`] if they are all the same but for what rounding adds.
    pub(super) fn main_directions(&self, dimensions: usize) -> Result<Array2<f32>, EmbedError> {
        const ROUNDING: f32 = 1e-4;
        let largest = |vectors: &Array2<f32>| vectors.iter().fold(0.0_f32, |largest, value| value.abs().max(largest));
        let mut vectors = self.vectors.clone();
        if let Some(mean) = vectors.mean_axis(Axis(0)) {
            vectors -= &mean;
        }
        if largest(&vectors) <= ROUNDING * largest(&self.vectors) {
            return Err(EmbedError::NoDirections);
        }
        for mut row in vectors.rows_mut() {
            let length = row.dot(&row).sqrt();
            row /= length.max(f32::MIN_POSITIVE);
        }
        let (_, directions) = spread(vectors.view()).eigh().map_err(|_| EmbedError::NoDirections)?.sort_eig_desc();
        let kept = dimensions.min(directions.ncols());
        Ok(vectors.dot(&directions.slice_axis(Axis(1), Slice::from(..kept)).mapv(|value| value as f32)))
    }
}

/// The matrix of second moments.
fn spread(vectors: ArrayView2<'_, f32>) -> Array2<f64> {
    const ROWS: usize = 4_096;
    let mut sum = Array2::<f64>::zeros((vectors.ncols(), vectors.ncols()));
    for part in vectors.axis_chunks_iter(Axis(0), ROWS) {
        let part = part.mapv(f64::from);
        sum += &part.t().dot(&part);
    }
    sum / vectors.nrows() as f64
}
