//! The match matrix: rows by number, terms by number, in two layouts of the same values.
//!
//! **Rows** hold every value exactly, row by row. **Columns** hold, term by term and in blocks of rows that fit the
//! nearest cache, the row numbers with the value rounded up to one byte. A question is a sparse row too: the columns of
//! its terms are summed into upper bounds of all scores, and only rows whose bound reaches the best seen so far are
//! scored, from the exact values. So the answer is exact, and most of the work reads three bytes a posting. A row also has
//! a meaning, and what a question's meaning gives it by nearness goes into the same sums.
//!
//! The matrix does not know what rows and terms are: listings that a profile asks, or profiles that a listing asks. Equal
//! scores are ordered by row number, so whoever makes the rows decides how ties break.

mod columns;
mod meanings;
mod measure;
mod question;
mod rows;
mod scan;
mod top;

use std::sync::OnceLock;

use fixedbitset::FixedBitSet;

use super::RetrieveError;
use columns::Columns;

pub use meanings::Meanings;
pub use measure::{KINDS, Measure, TERM_KINDS};
pub use question::Question;
pub use rows::{Row, Rows, SparseRow};
pub use scan::Scratch;
pub use top::Hit;

/// A sparse matrix of values above zero that answers which rows fit a question best.
pub struct Matrix {
    rows: Rows,
    terms: usize,
    /// Made when first asked for: whoever only keeps a matrix on disk needs none.
    columns: OnceLock<Columns>,
}

/// Which rows are wanted.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// How many at most.
    pub limit: usize,
    /// The lowest score of interest; zero for any above zero.
    pub floor: f64,
    /// The rows that may be given; `None` for all.
    pub among: Option<&'a FixedBitSet>,
}

impl Wanted<'_> {
    /// The best `limit` of all rows.
    #[must_use]
    pub fn best(limit: usize) -> Self {
        Self { limit, floor: 0.0, among: None }
    }
}

impl Matrix {
    /// A matrix of these rows over terms numbered below `terms`. The first question takes a sort of all values, on all
    /// threads.
    ///
    /// # Errors
    /// [`RetrieveError::TooLarge`] beyond 2³² values.
    ///
    /// # Panics
    /// If a row names a term outside `0..terms`, which only a fault in the caller can bring about.
    pub fn of(rows: Rows, terms: usize) -> Result<Self, RetrieveError> {
        Columns::check(&rows)?;
        Ok(Self { rows, terms, columns: OnceLock::new() })
    }

    /// Does now what the first question would wait for.
    pub fn make_ready(&self) {
        self.columns();
    }

    fn columns(&self) -> &Columns {
        self.columns.get_or_init(|| Columns::of(&self.rows, self.terms))
    }

    /// The exact values.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// How many rows have a term.
    #[must_use]
    pub fn having(&self, term: u32) -> usize {
        self.columns().having(term)
    }

    /// Hands the number of every row that has a term to `visit`, ascending.
    pub fn visit(&self, term: u32, visit: impl FnMut(u32)) {
        self.columns().visit(term, visit);
    }

    /// The wanted rows of scores above zero, best first, equal scores by row number. The same for any number of threads
    /// and any history of `scratch`. Linear in the postings of the question's terms, less those that cannot matter, and
    /// in the rows if the question has a meaning.
    #[must_use]
    pub fn best(&self, question: &Question<'_>, wanted: Wanted<'_>, scratch: &mut Scratch) -> Vec<Hit> {
        scan::best(self, question, wanted, scratch)
    }

    /// How many postings a question's terms have.
    #[must_use]
    pub fn postings(&self, question: &Question<'_>) -> usize {
        question.terms().iter().map(|&term| self.having(term)).sum()
    }

    /// Reads every posting of a question's terms once and does nothing with them but add them up: what any way of
    /// scoring them all costs at least. For benches.
    #[must_use]
    pub fn read(&self, question: &Question<'_>) -> u32 {
        question.terms().iter().fold(0, |sum, &term| sum ^ self.columns().read(term))
    }

    /// Bytes held in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.bytes() + self.columns().bytes()
    }
}

#[cfg(test)]
mod tests;
