//! The other direction: enterprises for a listing, by the same structure over what enterprises ask.

use super::RetrieveError;
use super::matrix::{Hit, Matrix, Measure, Question, Row, Rows, Scratch, SparseRow, Wanted};

/// What many enterprises ask of one catalogue, as rows in the order of their ids.
pub struct ProfileMatrix {
    matrix: Matrix,
    measure: Measure,
}

impl ProfileMatrix {
    /// A matrix of these requests (see [`super::Retriever::request`]), made with the measure and vocabulary of one base.
    ///
    /// # Errors
    /// [`RetrieveError::TooLarge`] beyond 2³² values.
    pub fn of(requests: Rows, terms: usize, measure: Measure) -> Result<Self, RetrieveError> {
        Ok(Self { matrix: Matrix::of(requests, terms)?, measure })
    }

    /// The enterprises that ask most for a listing: the number of each and its weighted evidence, bit for bit that of
    /// the other direction. Best first, ties by number.
    ///
    /// # Errors
    /// [`RetrieveError::TooManyTerms`] for a listing of more than 16,384 terms.
    pub fn best(&self, listing: Row<'_>, wanted: Wanted<'_>, scratch: &mut Scratch) -> Result<Vec<Hit>, RetrieveError> {
        let row = SparseRow::from(listing);
        let question = Question::new(&row, &self.measure)?;
        Ok(self.matrix.best(&question, wanted, scratch))
    }

    /// What an enterprise asks.
    #[must_use]
    pub fn request(&self, number: usize) -> Row<'_> {
        self.matrix.rows().row(number)
    }
}
