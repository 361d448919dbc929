//! Workbooks: the first sheet that has the columns we need, cell by cell.
//!
//! The workbook is read in a thread of its own that hands over rows through a short queue: its cell reader borrows the
//! workbook, and a panic in the reader of a hostile file stays there. A formula counts with its stored value. Blank rows
//! are skipped; of merged cells the first one holds the value.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxCellReader, XlsxError};

use super::super::columns::{Columns, Schema};
use super::super::error::Format;
use super::super::{IngestError, Reason};
use super::input::{Counted, magic, open_file};
use super::{CELL_LIMIT, Cell, Event, Opened, ROW_LIMIT, RawRow, Source, archive, header};
use crate::domain::Date;

/// Rows read ahead of the consumer.
const QUEUE: usize = 32;

type Bytes = BufReader<Counted<File>>;

enum Message {
    Header(Vec<(usize, String)>),
    Refused(IngestError),
    Event(Event),
    End,
}

struct XlsxSource {
    rows: Receiver<Message>,
    /// Column of the sheet to column of ours.
    places: BTreeMap<usize, usize>,
    last: u64,
    ended: bool,
}

pub(super) fn open(path: &Path, file: String, schema: &Schema) -> Result<Opened, IngestError> {
    let bytes = checked(path, &file)?;
    let (progress, size) = (Arc::new(AtomicU64::new(0)), bytes.1);
    let counted = BufReader::new(Counted::new(bytes.0, Arc::clone(&progress)));
    let (sender, rows) = sync_channel(QUEUE);
    let (name, owned) = (file.clone(), schema.clone());
    let reader = std::thread::Builder::new().name("workbook".to_owned());
    reader
        .spawn(move || {
            // Nobody listens any more when this fails.
            let _ = read(counted, &name, &owned, &sender);
        })
        .map_err(|source| IngestError::Unreadable { file: file.clone(), source })?;
    let mut columns = Columns::new(schema);
    let places = match rows.recv() {
        Ok(Message::Header(names)) => names.iter().map(|(at, name)| (*at, columns.push(name))).collect(),
        Ok(Message::Refused(error)) => return Err(error),
        _ => return Err(IngestError::Workbook { file, detail: None }),
    };
    let source = Box::new(XlsxSource { rows, places, last: 1, ended: false });
    Ok(Opened { file, source, columns, first: VecDeque::new(), progress, size })
}

/// Opens the archive after a look at its first bytes and its size when unpacked.
fn checked(path: &Path, file: &str) -> Result<(File, u64), IngestError> {
    let (mut opened, size) = open_file(path, file)?;
    let unreadable = |source| IngestError::Unreadable { file: file.to_owned(), source };
    let mut first = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(&opened, 8), &mut first).map_err(unreadable)?;
    let found = magic(&first);
    if found != Some(Format::Xlsx) {
        let found = found.unwrap_or(if first.contains(&0) { Format::Binary } else { Format::Text });
        return Err(IngestError::Content { file: file.to_owned(), expected: Format::Xlsx, found });
    }
    match archive::check(&mut opened) {
        archive::Verdict::Fits => {}
        archive::Verdict::TooLarge => {
            return Err(IngestError::TooLarge { file: file.to_owned(), limit_mib: archive::PART_LIMIT >> 20 });
        }
        archive::Verdict::Damaged => {
            return Err(IngestError::Workbook { file: file.to_owned(), detail: None });
        }
    }
    std::io::Seek::rewind(&mut opened).map_err(unreadable)?;
    Ok((opened, size))
}

/// The reader's thread: the header first, then rows until the end or until nobody listens.
fn read(bytes: Bytes, file: &str, schema: &Schema, sender: &SyncSender<Message>) -> Option<()> {
    let broken = |error: XlsxError| IngestError::Workbook { file: file.to_owned(), detail: Some(error.to_string()) };
    let opened = Xlsx::new(bytes).map_err(broken);
    let found = opened.and_then(|mut workbook| find_sheet(&mut workbook, file, schema).map(|sheet| (workbook, sheet)));
    let (mut workbook, (name, header_row, names)) = match found {
        Ok(found) => found,
        Err(error) => return sender.send(Message::Refused(error)).ok(),
    };
    sender.send(Message::Header(names)).ok()?;
    let mut cells = match workbook.worksheet_cells_reader(&name) {
        Ok(cells) => Rows { cells, next: None, ended: false },
        Err(error) => return sender.send(Message::Event(interrupted(header_row + 1, &error))).ok(),
    };
    let mut last = header_row;
    loop {
        match cells.next_row() {
            Ok(Some((number, _))) if number <= header_row => {}
            Ok(Some((number, cells))) => {
                last = number;
                sender.send(Message::Event(event(number, cells))).ok()?;
            }
            Ok(None) => return sender.send(Message::End).ok(),
            Err(error) => return sender.send(Message::Event(interrupted(last + 1, &error))).ok(),
        }
    }
}

fn interrupted(number: u64, error: &XlsxError) -> Event {
    Event::Broken { number, reason: Reason::Interrupted { detail: error.to_string() } }
}

fn event(number: u64, cells: Vec<(usize, Cell)>) -> Event {
    let bytes: usize = cells.iter().map(|(_, cell)| if let Cell::Text(text) = cell { text.len() } else { 8 }).sum();
    if bytes > ROW_LIMIT {
        return Event::Bad { number, column: None, reason: Reason::RowTooLarge { limit: ROW_LIMIT } };
    }
    Event::Row(RawRow { number, cells })
}

/// The number of a row, and what stands in it by the sheet's columns.
type Numbered<T> = (u64, Vec<(usize, T)>);

/// A sheet's name, its header's row number, and the names in it by column.
type Sheet = (String, u64, Vec<(usize, String)>);

/// The first sheet with every required column; else what the first sheet with a known one lacks.
fn find_sheet(workbook: &mut Xlsx<Bytes>, file: &str, schema: &Schema) -> Result<Sheet, IngestError> {
    let sheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    let mut refused = None;
    for name in names {
        let broken =
            |error: XlsxError| IngestError::Workbook { file: file.to_owned(), detail: Some(error.to_string()) };
        let Some((row, header)) = find_header(workbook, &name, schema).map_err(broken)? else { continue };
        let mut columns = Columns::new(schema);
        header.iter().for_each(|(_, name)| {
            columns.push(name);
        });
        match columns.check_required(file) {
            Ok(()) => return Ok((name, row, header)),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    Err(refused.unwrap_or_else(|| IngestError::NoKnownColumn { file: file.to_owned(), expected: schema.expected() }))
}

/// The header of one sheet, when one of its first rows is one.
fn find_header(workbook: &mut Xlsx<Bytes>, name: &str, schema: &Schema) -> Result<Option<Numbered<String>>, XlsxError> {
    let mut rows = Rows { cells: workbook.worksheet_cells_reader(name)?, next: None, ended: false };
    let mut first = Vec::new();
    while let Some((number, cells)) = rows.next_row()?.filter(|(number, _)| *number <= header::SEARCHED as u64) {
        let text = |(at, cell)| if let Cell::Text(text) = cell { Some((at, text)) } else { None };
        first.push((number, cells.into_iter().filter_map(text).collect::<Vec<_>>()));
    }
    let names: Vec<Vec<String>> =
        first.iter().map(|(_, cells)| cells.iter().map(|(_, text)| text.clone()).collect()).collect();
    Ok(header::find(&names, schema).map(|(at, _)| first.swap_remove(at)))
}

/// The cells of a sheet gathered into rows.
struct Rows<'a> {
    cells: XlsxCellReader<'a, Bytes>,
    /// The first cell of the next row.
    next: Option<(u64, usize, Cell)>,
    /// The cell reader fails when asked again behind its end.
    ended: bool,
}

impl Rows<'_> {
    fn next_row(&mut self) -> Result<Option<Numbered<Cell>>, XlsxError> {
        let mut row: Option<Numbered<Cell>> = None;
        loop {
            let (number, column, cell) = match self.next.take() {
                Some(cell) => cell,
                None => match self.next_cell()? {
                    Some(cell) => cell,
                    None => return Ok(row),
                },
            };
            match &mut row {
                Some((current, cells)) if *current == number => cells.push((column, cell)),
                Some(_) => {
                    self.next = Some((number, column, cell));
                    return Ok(row);
                }
                None => row = Some((number, vec![(column, cell)])),
            }
        }
    }

    fn next_cell(&mut self) -> Result<Option<(u64, usize, Cell)>, XlsxError> {
        while !self.ended {
            let Some(record) = self.cells.next_cell_with_formula_metadata()? else {
                self.ended = true;
                break;
            };
            if let Some(cell) = cell(record.value, record.formula.is_some()) {
                return Ok(Some((u64::from(record.pos.0) + 1, record.pos.1 as usize, cell)));
            }
        }
        Ok(None)
    }
}

/// A spreadsheet's value as a cell; `None` when it is empty.
///
/// A formula whose stored value is an empty text is empty; one without a stored value cannot be read.
fn cell(value: DataRef<'_>, is_formula: bool) -> Option<Cell> {
    let text = |text: &str| match () {
        () if text.trim().is_empty() => None,
        () if text.len() > CELL_LIMIT && text.chars().count() > CELL_LIMIT => {
            Some(Cell::Bad(Reason::CellTooLarge { limit: CELL_LIMIT }))
        }
        () => Some(Cell::Text(text.to_owned())),
    };
    match value {
        DataRef::Empty => is_formula.then_some(Cell::Bad(Reason::Formula)),
        DataRef::String(value) => text(&value),
        DataRef::SharedString(value) => text(value),
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => text(&value),
        DataRef::Int(value) => Some(Cell::Figure(value.to_string())),
        DataRef::Float(value) => Some(Cell::Figure(value.to_string())),
        DataRef::Bool(value) => text(if value { "是" } else { "否" }),
        DataRef::DateTime(value) => {
            let (year, month, day, ..) = value.to_ymd_hms_milli();
            let date = Date::new(i32::from(year), month, day).filter(|_| value.is_datetime());
            Some(date.map_or_else(|| Cell::Figure(value.as_f64().to_string()), Cell::Day))
        }
        DataRef::Error(error) => Some(Cell::Bad(Reason::ErrorCell { text: error.to_string() })),
    }
}

impl Source for XlsxSource {
    fn next(&mut self, _: &mut Columns) -> Option<Event> {
        while !self.ended {
            match self.rows.recv() {
                Ok(Message::Event(Event::Row(mut row))) => {
                    self.last = row.number;
                    let placed = row.cells.into_iter().filter_map(|(at, cell)| Some((*self.places.get(&at)?, cell)));
                    row.cells = placed.collect();
                    if !row.cells.is_empty() {
                        return Some(Event::Row(row));
                    }
                }
                Ok(Message::Event(event)) => return Some(event),
                Ok(Message::End) => self.ended = true,
                Ok(Message::Header(_) | Message::Refused(_)) | Err(_) => {
                    self.ended = true;
                    return Some(Event::Broken { number: self.last + 1, reason: Reason::Truncated });
                }
            }
        }
        None
    }
}
