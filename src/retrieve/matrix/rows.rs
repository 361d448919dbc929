//! Rows of exact values, one behind the other.

use bytemuck::allocation;

use super::Meanings;
use crate::domain::Meaning;

/// Sparse rows. In each row the terms ascend and the values are above zero; beside them each has a meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Where each row starts; one more than rows.
    starts: Vec<u64>,
    terms: Vec<u32>,
    values: Vec<f32>,
    meanings: Meanings,
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// Ascending.
    pub terms: &'a [u32],
    /// The value of each term.
    pub values: &'a [f32],
    /// What the row is about.
    pub meaning: Meaning,
}

/// A row that stands by itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SparseRow {
    /// Ascending.
    pub terms: Vec<u32>,
    /// The value of each term, above zero.
    pub values: Vec<f32>,
    /// What the row is about.
    pub meaning: Meaning,
}

impl SparseRow {
    /// The numbers and the scale of the meaning, then all terms, then all values, in the byte order of the machine.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let (numbers, scale) = (self.meaning.numbers(), self.meaning.scale().to_ne_bytes());
        let terms = bytemuck::cast_slice::<_, u8>(&self.terms);
        [bytemuck::cast_slice(numbers), &scale, terms, bytemuck::cast_slice(&self.values)].concat()
    }

    /// The row of [`Self::to_bytes`]; `None` if these are not its bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, bytes) = bytes.split_first_chunk::<{ Meaning::DIMENSIONS }>()?;
        let (scale, bytes) = bytes.split_first_chunk()?;
        let meaning = Meaning::from_parts(bytemuck::cast(*numbers), f32::from_ne_bytes(*scale))?;
        let whole = bytes.len().is_multiple_of(8);
        let (terms, values) = whole.then(|| bytes.split_at(bytes.len() / 2))?;
        let (terms, values) = (allocation::pod_collect_to_vec(terms), allocation::pod_collect_to_vec(values));
        let this = Self { terms, values, meaning };
        (this.terms.is_sorted_by(|a, b| a < b) && this.values.iter().all(|value| *value > 0.0)).then_some(this)
    }

    /// The row as a view.
    #[must_use]
    pub fn view(&self) -> Row<'_> {
        Row { terms: &self.terms, values: &self.values, meaning: self.meaning }
    }

    /// The same row with another meaning.
    #[must_use]
    pub fn with_meaning(self, meaning: Meaning) -> Self {
        Self { meaning, ..self }
    }
}

impl From<Row<'_>> for SparseRow {
    fn from(row: Row<'_>) -> Self {
        Self { terms: row.terms.to_vec(), values: row.values.to_vec(), meaning: row.meaning }
    }
}

impl FromIterator<(u32, f32)> for SparseRow {
    /// Sorts by term; of a term given twice, the values are added. Without a meaning.
    fn from_iter<I: IntoIterator<Item = (u32, f32)>>(entries: I) -> Self {
        let mut entries: Vec<(u32, f32)> = entries.into_iter().collect();
        entries.sort_by_key(|(term, _)| *term);
        entries.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                kept.1 += later.1;
            }
            same
        });
        let (terms, values) = entries.into_iter().unzip();
        Self { terms, values, meaning: Meaning::NONE }
    }
}

impl Row<'_> {
    /// Terms with their values.
    pub fn iter(&self) -> impl Iterator<Item = (u32, f32)> {
        self.terms.iter().copied().zip(self.values.iter().copied())
    }
}

impl Default for Rows {
    fn default() -> Self {
        Self { starts: vec![0], terms: Vec::new(), values: Vec::new(), meanings: Meanings::default() }
    }
}

impl Rows {
    /// Rows from their parts, as a file keeps them; `None` if the parts do not fit each other.
    #[must_use]
    pub fn from_parts(starts: Vec<u64>, terms: Vec<u32>, values: Vec<f32>, meanings: Meanings) -> Option<Self> {
        let whole = starts.first() == Some(&0) && starts.last() == Some(&(terms.len() as u64));
        let fits = whole && terms.len() == values.len() && meanings.len() + 1 == starts.len();
        let fits = fits && starts.is_sorted() && values.iter().all(|v| *v > 0.0);
        let this = Self { starts, terms, values, meanings };
        (fits && (0..this.len()).all(|number| this.row(number).terms.is_sorted_by(|a, b| a < b))).then_some(this)
    }

    /// Rows from parts that are known to fit each other.
    pub(in crate::retrieve) fn from_sorted(
        starts: Vec<u64>,
        terms: Vec<u32>,
        values: Vec<f32>,
        meanings: Meanings,
    ) -> Self {
        debug_assert_eq!(starts.last().copied(), Some(terms.len() as u64));
        debug_assert_eq!(starts.len(), meanings.len() + 1);
        Self { starts, terms, values, meanings }
    }

    /// Starts, terms and values, as a file keeps them.
    #[must_use]
    pub fn parts(&self) -> (&[u64], &[u32], &[f32]) {
        (&self.starts, &self.terms, &self.values)
    }

    /// Adds a row behind the others.
    pub fn push(&mut self, row: Row<'_>) {
        self.terms.extend_from_slice(row.terms);
        self.values.extend_from_slice(row.values);
        self.meanings.push(row.meaning);
        self.starts.push(self.terms.len() as u64);
    }

    /// The meanings.
    #[must_use]
    pub fn meanings(&self) -> &Meanings {
        &self.meanings
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many values there are in all.
    #[must_use]
    pub fn values(&self) -> usize {
        self.values.len()
    }

    /// One row.
    #[must_use]
    pub fn row(&self, number: usize) -> Row<'_> {
        let range = self.starts[number] as usize..self.starts[number + 1] as usize;
        let meaning = self.meanings.get(number);
        Row { terms: &self.terms[range.clone()], values: &self.values[range], meaning }
    }

    /// Reads something of every line of memory that a row lies on.
    pub(super) fn touch(&self, number: usize) -> u32 {
        const LINE: usize = 16;
        let row = self.row(number);
        let values = row.values.iter().step_by(LINE).fold(0, |sum, value| sum ^ value.to_bits());
        row.terms.iter().step_by(LINE).fold(values, |sum, term| sum ^ term)
    }

    /// Bytes held in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.starts.capacity() * 8 + (self.terms.capacity() + self.values.capacity()) * 4 + self.meanings.bytes()
    }
}
