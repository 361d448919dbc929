//! Files as raw rows: XLSX, CSV and JSON lines, plain or behind gzip.
//!
//! Every reader numbers rows as a person sees them, holds at most one row (and a small look-ahead) in memory, and goes
//! on behind a row it cannot read. What a cell means is not known here.

mod archive;
mod csv;
mod encoding;
mod header;
mod input;
mod jsonl;
mod xlsx;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub(super) use jsonl::object_cells;
use serde_json::Value;

use super::columns::{Columns, Schema};
use super::{IngestError, Reason};
use crate::domain::Date;

/// Most characters of one cell.
pub(super) const CELL_LIMIT: usize = 1 << 20;
/// Most bytes of one row.
pub(super) const ROW_LIMIT: usize = 16 << 20;

/// One cell as the file holds it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// A text.
    Text(String),
    /// A number of a spreadsheet or of JSON, in decimals.
    Figure(String),
    /// A date of a spreadsheet.
    Day(Date),
    /// A JSON array or object.
    Json(Value),
    /// A cell that holds no value that can be read.
    Bad(Reason),
}

impl Cell {
    /// The cell as a person sees it; empty where it cannot be read.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Figure(text) => text.clone(),
            Self::Day(day) => day.to_string(),
            Self::Json(value) => value.to_string(),
            Self::Bad(_) => String::new(),
        }
    }
}

/// The cells of one row with their columns; empty cells may be left out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawRow {
    pub(super) number: u64,
    pub(super) cells: Vec<(usize, Cell)>,
}

/// What reading on brings.
#[derive(Debug)]
pub(super) enum Event {
    /// A row.
    Row(RawRow),
    /// A row that cannot be read; the next one can.
    Bad { number: u64, column: Option<usize>, reason: Reason },
    /// The file breaks off here.
    Broken { number: u64, reason: Reason },
}

/// A file being read row by row; `None` at its end.
pub(super) trait Source: Send {
    fn next(&mut self, columns: &mut Columns) -> Option<Event>;
}

/// A file opened, its columns known as far as its format tells them.
pub(super) struct Opened {
    pub(super) file: String,
    pub(super) source: Box<dyn Source>,
    pub(super) columns: Columns,
    /// Rows read while opening.
    pub(super) first: VecDeque<Event>,
    pub(super) progress: Arc<AtomicU64>,
    pub(super) size: u64,
}

/// Opens a file by its name's ending and checks that its content is what the name says.
pub(super) fn open(path: &Path, schema: &Schema) -> Result<Opened, IngestError> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let lower = file.to_lowercase();
    let plain = lower.strip_suffix(".gz").unwrap_or(&lower);
    let is_gzip = plain.len() < lower.len();
    match plain.rsplit_once('.').map(|(_, ending)| ending) {
        Some("xlsx") if !is_gzip => xlsx::open(path, file, schema),
        Some("csv") => csv::open(input::Input::open(path, &file, is_gzip)?, file, schema),
        Some("jsonl") => jsonl::open(input::Input::open(path, &file, is_gzip)?, file, schema),
        _ => Err(IngestError::Extension { file }),
    }
}
