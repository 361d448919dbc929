//! Sparse matrices, and their products with dense ones.

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

/// A matrix of which only the numbers that are not zero are kept, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct SparseMatrix {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    width: usize,
}

impl SparseMatrix {
    /// Rows of (column, value), each in order of columns, all columns below `width`.
    #[must_use]
    pub fn new(rows: &[Vec<(u32, f32)>], width: usize) -> Self {
        debug_assert!(rows.iter().flatten().all(|(column, _)| (*column as usize) < width));
        let mut starts = Vec::with_capacity(rows.len() + 1);
        starts.push(0);
        starts.extend(rows.iter().scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        }));
        let (columns, values) = rows.iter().flatten().copied().unzip();
        Self { starts, columns, values, width }
    }

    /// How many rows.
    #[must_use]
    pub fn height(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Columns and values of a row.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let range = self.starts[row]..self.starts[row + 1];
        (&self.columns[range.clone()], &self.values[range])
    }

    /// Columns and values of a row, pair by pair.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn entries(&self, row: usize) -> impl Iterator<Item = (usize, f32)> {
        let (columns, values) = self.row(row);
        columns.iter().map(|&column| column as usize).zip(values.iter().copied())
    }

    /// Some of the rows, in the order asked for.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let rows: Vec<Vec<(u32, f32)>> = rows
            .iter()
            .map(|&row| {
                let (columns, values) = self.row(row);
                columns.iter().copied().zip(values.iter().copied()).collect()
            })
            .collect();
        Self::new(&rows, self.width)
    }

    /// The same matrix with rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let mut rows = vec![Vec::new(); self.width];
        for row in 0..self.height() {
            self.entries(row).for_each(|(column, value)| rows[column].push((row as u32, value)));
        }
        Self::new(&rows, self.height())
    }

    /// The product with a dense matrix, rows in parallel. Each sum runs in order of columns, so the result is the same
    /// on any number of threads.
    #[must_use]
    pub fn times(&self, dense: ArrayView2<'_, f32>) -> Array2<f32> {
        let mut product = Array2::zeros((self.height(), dense.ncols()));
        let rows: Vec<_> = product.axis_iter_mut(Axis(0)).enumerate().collect();
        rows.into_par_iter().for_each(|(row, mut sum)| {
            self.entries(row).for_each(|(column, value)| sum.scaled_add(value, &dense.row(column)));
        });
        product
    }
}
