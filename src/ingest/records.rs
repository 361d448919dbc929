//! A file as a stream of checked rows.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value};

use super::cells::Cells;
use super::columns::{Columns, Schema};
use super::reader::{self, Event, RawRow, Source};
use super::{IngestError, Reason, Rejection};

/// One row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<T> {
    /// The row as a spreadsheet numbers it, the header being row 1 (a field of several lines is one row, a blank line
    /// is one too); for JSON lines the number of the line.
    pub number: u64,
    /// What the row holds, or every reason why it was refused.
    pub outcome: Result<T, Vec<Rejection>>,
    /// Optional values that were left out of a row that was taken.
    pub warnings: Vec<Rejection>,
}

fn checked<T>(columns: &Columns, file: &str, row: RawRow, read: fn(&mut Cells<'_>) -> Option<T>) -> Row<T> {
    let number = row.number;
    let mut cells = Cells::new(columns, file, row);
    let value = read(&mut cells);
    let (rejections, warnings) = (cells.rejections, cells.warnings);
    match value {
        Some(value) if rejections.is_empty() => Row { number, outcome: Ok(value), warnings },
        _ => Row { number, outcome: Err(rejections), warnings },
    }
}

/// One row that comes as a JSON object instead of in a file, under a name for its problems; and the names of members that
/// mean nothing to us.
pub(super) fn of_object<T>(
    object: Map<String, Value>,
    name: &str,
    schema: &Schema,
    read: fn(&mut Cells<'_>) -> Option<T>,
) -> (Row<T>, Vec<String>) {
    let mut columns = Columns::new(schema);
    let row = RawRow { number: 1, cells: reader::object_cells(object, &mut columns) };
    (checked(&columns, name, row, read), columns.unknown())
}

/// Cells as a person sees them, each with its column.
pub type ShownCells = Vec<(usize, String)>;

/// The rows of one file, read as they are asked for: memory is bounded by the longest row, not by the file.
///
/// A bad row is a row with rejections and stops nothing. Where the file itself breaks off, one last row says so.
pub struct Records<T> {
    file: String,
    source: Box<dyn Source>,
    columns: Columns,
    pending: VecDeque<Event>,
    read: fn(&mut Cells<'_>) -> Option<T>,
    progress: Arc<AtomicU64>,
    size: u64,
    ended: bool,
}

impl<T> Records<T> {
    pub(super) fn open(
        path: &Path,
        schema: &Schema,
        read: fn(&mut Cells<'_>) -> Option<T>,
    ) -> Result<Self, IngestError> {
        let opened = reader::open(path, schema)?;
        Ok(Self {
            file: opened.file,
            source: opened.source,
            columns: opened.columns,
            pending: opened.first,
            read,
            progress: opened.progress,
            size: opened.size,
            ended: false,
        })
    }

    /// The names of columns that mean nothing to us; complete once the last row was read.
    #[must_use]
    pub fn unknown_columns(&self) -> Vec<String> {
        self.columns.unknown()
    }

    /// Bytes of the file read so far, ahead of the rows by what is buffered; never above [`Records::size`].
    #[must_use]
    pub fn position(&self) -> u64 {
        self.progress.load(Ordering::Relaxed).min(self.size)
    }

    /// The size of the file in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The file's name, as rejections give it.
    #[must_use]
    pub fn file_name(&self) -> &str {
        &self.file
    }

    fn refused(&self, number: u64, column: Option<usize>, reason: Reason) -> Row<T> {
        let column = column.and_then(|column| self.columns.name(column));
        let rejection = Rejection { file: self.file.clone(), row: Some(number), column, reason };
        Row { number, outcome: Err(vec![rejection]), warnings: Vec::new() }
    }
}

impl<T> Records<T> {
    /// The next row with its cells as they stand in the file, by column; none of a row that cannot be read at all.
    pub fn next_with_cells(&mut self) -> Option<(Row<T>, ShownCells)> {
        self.advance(|row| row.cells.iter().map(|(column, cell)| (*column, cell.shown())).collect())
    }

    /// The names of the columns met so far; complete once the last row was read.
    #[must_use]
    pub fn column_names(&self) -> Vec<String> {
        (0..self.columns.len()).filter_map(|column| self.columns.name(column)).collect()
    }

    fn advance<C: Default>(&mut self, cells: impl Fn(&RawRow) -> C) -> Option<(Row<T>, C)> {
        if self.ended {
            return None;
        }
        match self.pending.pop_front().or_else(|| self.source.next(&mut self.columns)) {
            None => {
                self.ended = true;
                None
            }
            Some(Event::Bad { number, column, reason }) => Some((self.refused(number, column, reason), C::default())),
            Some(Event::Broken { number, reason }) => {
                self.ended = true;
                Some((self.refused(number, None, reason), C::default()))
            }
            Some(Event::Row(row)) => {
                let cells = cells(&row);
                Some((checked(&self.columns, &self.file, row, self.read), cells))
            }
        }
    }
}

impl<T> Iterator for Records<T> {
    type Item = Row<T>;

    fn next(&mut self) -> Option<Row<T>> {
        self.advance(|_| ()).map(|(row, ())| row)
    }
}

impl<T> std::fmt::Debug for Records<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("file", &self.file).field("size", &self.size).finish_non_exhaustive()
    }
}
