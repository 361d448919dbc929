//! CSV and its kin: comma, tab or semicolon, UTF-8 or GB18030, quoted fields of several lines.
//!
//! Written out here rather than left to the `csv` crate, because a field that opens a quotation mark and never closes
//! it must cost one row, not the rest of the file, and no row may fill the memory. Where both read a file they agree
//! (a property test). The number of a row is the one a spreadsheet shows: a field of several lines is one row, and a
//! blank line is one too.

use std::collections::VecDeque;

use super::super::columns::{Columns, Schema};
use super::super::{IngestError, Reason};
use super::encoding::{BOM, TextEncoding};
use super::input::{Input, Line};
use super::{CELL_LIMIT, Cell, Event, Opened, ROW_LIMIT, RawRow, Source, header};

/// The delimiters tried, the commonest first.
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// Rows cut into fields of bytes.
struct RowReader {
    input: Input,
    delimiter: u8,
    number: u64,
}

enum Fields {
    Whole(Vec<Vec<u8>>),
    Bad(Reason),
    Broken(Reason),
}

struct CsvSource {
    rows: RowReader,
    encoding: TextEncoding,
}

pub(super) fn open(mut input: Input, file: String, schema: &Schema) -> Result<Opened, IngestError> {
    let encoding = TextEncoding::of(&input.sample);
    let no_column = || IngestError::NoKnownColumn { file: file.clone(), expected: schema.expected() };
    let looked_at = DELIMITERS.map(|delimiter| {
        let rows = sample_rows(&input.sample, delimiter, encoding);
        (delimiter, header::find(&rows, schema))
    });
    let best = looked_at.into_iter().rev().max_by_key(|(_, found)| found.map_or(0, |(_, known)| known));
    let Some((delimiter, Some((header_at, _)))) = best else { return Err(no_column()) };
    input.sample = Vec::new();
    let (progress, size) = (input.progress.clone(), input.size);
    let mut rows = RowReader { input, delimiter, number: 0 };
    let mut columns = Columns::new(schema);
    for at in 0..=header_at {
        match rows.next_row() {
            Some(Fields::Whole(names)) if at == header_at => {
                for name in &names {
                    columns.push(&encoding.decode(name).unwrap_or_default());
                }
            }
            Some(Fields::Whole(_) | Fields::Bad(_)) if at < header_at => {}
            _ => return Err(no_column()),
        }
    }
    columns.check_required(&file)?;
    let source = Box::new(CsvSource { rows, encoding });
    Ok(Opened { file, source, columns, first: VecDeque::new(), progress, size })
}

/// The first rows of a sample, for finding the header.
fn sample_rows(sample: &[u8], delimiter: u8, encoding: TextEncoding) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut cutter = Cutter::new(delimiter);
    for line in sample.strip_prefix(BOM).unwrap_or(sample).split_inclusive(|&byte| byte == b'\n') {
        if rows.len() == header::SEARCHED {
            break;
        }
        if cutter.feed(line) {
            let fields = std::mem::replace(&mut cutter, Cutter::new(delimiter)).fields();
            rows.push(fields.iter().map(|field| encoding.decode(field).unwrap_or_default()).collect());
        }
    }
    rows
}

impl RowReader {
    fn next_row(&mut self) -> Option<Fields> {
        self.number += 1;
        let (mut row, mut first_line) = (Vec::new(), 0);
        let mut cutter = Cutter::new(self.delimiter);
        loop {
            let before = row.len();
            match self.input.read_line(&mut row, ROW_LIMIT) {
                Line::Failed(reason) => return Some(Fields::Broken(reason)),
                Line::End if before == 0 => return None,
                Line::TooLong if before == 0 => {
                    return Some(Fields::Bad(Reason::RowTooLarge { limit: ROW_LIMIT }));
                }
                // The mark was never closed: the line that opened it is lost, those behind it are read again.
                Line::End | Line::TooLong => return Some(self.give_up(row, first_line)),
                Line::Whole if row.len() > ROW_LIMIT => return Some(self.give_up(row, first_line)),
                Line::Whole => {}
            }
            if before == 0 {
                first_line = row.len();
            }
            let line =
                if self.number == 1 && before == 0 { row.strip_prefix(BOM).unwrap_or(&row) } else { &row[before..] };
            if cutter.feed(line) {
                let torn = cutter.torn && row.len() > first_line;
                return Some(if torn { self.give_up(row, first_line) } else { Fields::Whole(cutter.fields()) });
            }
        }
    }

    fn give_up(&mut self, row: Vec<u8>, first_line: usize) -> Fields {
        let mut lines: Vec<&[u8]> = row[first_line..].split_inclusive(|&byte| byte == b'\n').collect();
        while let Some(line) = lines.pop() {
            self.input.hand_back(line.to_vec());
        }
        Fields::Bad(Reason::OpenQuote)
    }
}

/// Cuts a row into fields, line by line.
///
/// A mark inside an unquoted field, and text behind a closing mark, are kept as they stand. But text behind a mark that
/// closes a field of several lines means that the two marks do not belong together: the row is torn.
struct Cutter {
    delimiter: u8,
    fields: Vec<Vec<u8>>,
    field: Vec<u8>,
    quoted: bool,
    at_start: bool,
    torn: bool,
}

impl Cutter {
    fn new(delimiter: u8) -> Self {
        Self { delimiter, fields: Vec::new(), field: Vec::new(), quoted: false, at_start: true, torn: false }
    }

    /// Adds a line; tells whether the row ends with it.
    fn feed(&mut self, line: &[u8]) -> bool {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let mut bytes = text.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' if self.quoted && bytes.peek() == Some(&b'"') => {
                    bytes.next();
                    self.field.push(b'"');
                }
                b'"' if self.quoted => {
                    self.quoted = false;
                    self.torn |= bytes.peek().is_some_and(|next| *next != self.delimiter);
                }
                b'"' if self.at_start => self.quoted = true,
                byte if byte == self.delimiter && !self.quoted => {
                    self.fields.push(std::mem::take(&mut self.field));
                    self.at_start = true;
                    continue;
                }
                byte => self.field.push(byte),
            }
            self.at_start = false;
        }
        if self.quoted {
            self.field.extend_from_slice(&line[text.len()..]);
        }
        !self.quoted
    }

    fn fields(mut self) -> Vec<Vec<u8>> {
        self.fields.push(self.field);
        self.fields
    }
}

impl CsvSource {
    fn decoded(&self, fields: &[Vec<u8>], columns: &Columns) -> Event {
        let number = self.rows.number;
        let expected = columns.len();
        let surplus = fields.iter().skip(expected).any(|field| !field.trim_ascii().is_empty());
        if fields.len() < expected || surplus {
            let reason = Reason::FieldCount { found: fields.len(), expected };
            return Event::Bad { number, column: None, reason };
        }
        let mut cells = Vec::with_capacity(expected);
        for (column, field) in fields.iter().take(expected).enumerate().filter(|(_, field)| !field.is_empty()) {
            let text = match self.encoding.decode(field) {
                Ok(text) => text,
                Err(reason) => return Event::Bad { number, column: Some(column), reason },
            };
            if text.len() > CELL_LIMIT && text.chars().count() > CELL_LIMIT {
                let reason = Reason::CellTooLarge { limit: CELL_LIMIT };
                return Event::Bad { number, column: Some(column), reason };
            }
            let cell = if is_error_value(&text) { Cell::Bad(Reason::ErrorCell { text }) } else { Cell::Text(text) };
            cells.push((column, cell));
        }
        Event::Row(RawRow { number, cells })
    }
}

impl Source for CsvSource {
    fn next(&mut self, columns: &mut Columns) -> Option<Event> {
        loop {
            let fields = self.rows.next_row()?;
            let number = self.rows.number;
            match fields {
                Fields::Broken(reason) => return Some(Event::Broken { number, reason }),
                Fields::Bad(reason) => return Some(Event::Bad { number, column: None, reason }),
                Fields::Whole(fields) if fields.iter().all(|field| field.trim_ascii().is_empty()) => {}
                Fields::Whole(fields) => return Some(self.decoded(&fields, columns)),
            }
        }
    }
}

/// The error values a spreadsheet writes out.
fn is_error_value(text: &str) -> bool {
    matches!(text.trim(), "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NUM!" | "#NULL!")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(row: &[u8]) -> Option<Vec<Vec<u8>>> {
        let mut cutter = Cutter::new(b',');
        let ended = row.split_inclusive(|&byte| byte == b'\n').fold(false, |_, line| cutter.feed(line));
        ended.then(|| cutter.fields())
    }

    #[test]
    fn quoted_delimiters_marks_and_line_feeds_stay_in_their_field() {
        let fields = cut(b"a,\"b,\"\"c\"\"\nd\",,e\r\n").unwrap();
        assert_eq!(fields, [&b"a"[..], b"b,\"c\"\nd", b"", b"e"]);
        assert_eq!(cut(b"a,\"b\n"), None);
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_back(row in prop::collection::vec("[a中\",;\t\n ]{0,8}", 2..6)) {
            let mut writer = ::csv::Writer::from_writer(Vec::new());
            writer.write_record(&row).unwrap();
            let written = writer.into_inner().unwrap();
            let read: Vec<String> =
                cut(&written).unwrap().into_iter().map(|f| String::from_utf8(f).unwrap()).collect();
            prop_assert_eq!(read, row);
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = cut(&bytes);
            let _ = sample_rows(&bytes, b',', TextEncoding::of(&bytes));
        }
    }
}
