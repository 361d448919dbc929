//! JSON lines: one object a line, UTF-8. Blank lines are skipped; the number of a row is the number of its line.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use super::super::cells::shortened;
use super::super::columns::{Columns, Schema};
use super::super::error::Format;
use super::super::{IngestError, Reason};
use super::encoding::{BOM, TextEncoding};
use super::input::{Input, Line};
use super::{CELL_LIMIT, Cell, Event, Opened, ROW_LIMIT, RawRow, Source};

struct JsonLines {
    input: Input,
    line: Vec<u8>,
    number: u64,
}

pub(super) fn open(input: Input, file: String, schema: &Schema) -> Result<Opened, IngestError> {
    let start = input.sample.strip_prefix(BOM).unwrap_or(&input.sample).trim_ascii_start();
    if !start.starts_with(b"{") {
        return Err(IngestError::Content { file, expected: Format::JsonLines, found: Format::Text });
    }
    let (progress, size) = (input.progress.clone(), input.size);
    let mut columns = Columns::new(schema);
    let mut source = JsonLines { input, line: Vec::new(), number: 0 };
    let first: VecDeque<Event> = source.next(&mut columns).into_iter().collect();
    if matches!(first.front(), Some(Event::Row(_))) && !columns.any_known() {
        return Err(IngestError::NoKnownColumn { file, expected: schema.expected() });
    }
    Ok(Opened { file, source: Box::new(source), columns, first, progress, size })
}

impl Source for JsonLines {
    fn next(&mut self, columns: &mut Columns) -> Option<Event> {
        loop {
            self.line.clear();
            self.number += 1;
            let number = self.number;
            match self.input.read_line(&mut self.line, ROW_LIMIT) {
                Line::End => return None,
                Line::Failed(reason) => return Some(Event::Broken { number, reason }),
                Line::TooLong => {
                    let reason = Reason::RowTooLarge { limit: ROW_LIMIT };
                    return Some(Event::Bad { number, column: None, reason });
                }
                Line::Whole => {}
            }
            let line = self.line.strip_prefix(BOM).unwrap_or(&self.line).trim_ascii();
            if !line.is_empty() {
                return Some(match cells(line, columns) {
                    Ok(cells) => Event::Row(RawRow { number, cells }),
                    Err(reason) => Event::Bad { number, column: None, reason },
                });
            }
        }
    }
}

fn cells(line: &[u8], columns: &mut Columns) -> Result<Vec<(usize, Cell)>, Reason> {
    let text = std::str::from_utf8(line).map_err(|_| Reason::Encoding { encoding: TextEncoding::UTF_8_NAME })?;
    let object: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| Reason::Json { detail: shortened(&error.to_string()) })?;
    Ok(object_cells(object, columns))
}

/// The members of an object whose names are columns.
pub(in super::super) fn object_cells(object: Map<String, Value>, columns: &mut Columns) -> Vec<(usize, Cell)> {
    let cell_of = |(key, value): (String, Value)| Some((columns.of_key(&key)?, cell(value)?));
    object.into_iter().filter_map(cell_of).collect()
}

/// A JSON value as a cell; `None` for null and empty texts.
fn cell(value: Value) -> Option<Cell> {
    let too_large = |text: &str| text.len() > CELL_LIMIT && text.chars().count() > CELL_LIMIT;
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::String(text) if too_large(&text) => Some(Cell::Bad(Reason::CellTooLarge { limit: CELL_LIMIT })),
        Value::String(text) => Some(Cell::Text(text)),
        Value::Number(number) => Some(Cell::Figure(number.to_string())),
        Value::Bool(_) => Some(Cell::Bad(Reason::JsonType)),
        Value::Array(values) if values.iter().filter_map(Value::as_str).any(too_large) => {
            Some(Cell::Bad(Reason::CellTooLarge { limit: CELL_LIMIT }))
        }
        Value::Array(_) | Value::Object(_) => Some(Cell::Json(value)),
    }
}
