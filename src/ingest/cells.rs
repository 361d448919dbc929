//! One row as fields: values by field, and what was wrong with them.

use std::str::FromStr;

use serde_json::Value;

use super::columns::{Columns, Field};
use super::date;
use super::reader::{Cell, RawRow};
use super::{Reason, Rejection};
use crate::domain::Date;

/// One row being read. Values are taken by field; faults gather as rejections and warnings.
pub(super) struct Cells<'a> {
    columns: &'a Columns,
    file: &'a str,
    number: u64,
    cells: Vec<(usize, Cell)>,
    pub(super) rejections: Vec<Rejection>,
    pub(super) warnings: Vec<Rejection>,
}

/// A text and the column it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) column: usize,
    pub(super) text: String,
    /// The cell is of a spreadsheet's or JSON's number type.
    pub(super) figure: bool,
}

/// What people write where they have nothing to say.
const BLANKS: [&str; 13] = ["-", "--", "—", "——", "/", "\\", "无", "暂无", "null", "none", "n/a", "nan", "\\n"];

impl<'a> Cells<'a> {
    /// Takes a raw row; a cell that could not be read rejects it, but does not matter when its column is not used.
    pub(super) fn new(columns: &'a Columns, file: &'a str, row: RawRow) -> Self {
        let mut cells =
            Self { columns, file, number: row.number, cells: Vec::new(), rejections: Vec::new(), warnings: Vec::new() };
        for (column, cell) in row.cells {
            match (cell, columns.known(column)) {
                (Cell::Bad(reason), Some(_)) => cells.reject(column, reason),
                (_, None) => {}
                (cell, Some(_)) => cells.cells.push((column, cell)),
            }
        }
        // The name that stands first in the table of names wins; the sort is stable.
        cells.cells.sort_by_key(|(column, _)| columns.known(*column).map(|known| known.rank));
        cells
    }

    /// The row's number, as a person counts.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    fn rejection(&self, column: Option<String>, reason: Reason) -> Rejection {
        Rejection { file: self.file.to_owned(), row: Some(self.number), column, reason }
    }

    pub(super) fn reject(&mut self, column: usize, reason: Reason) {
        let column = self.columns.name(column);
        self.rejections.push(self.rejection(column, reason));
    }

    pub(super) fn warn(&mut self, column: usize, reason: Reason) {
        let column = self.columns.name(column);
        self.warnings.push(self.rejection(column, reason));
    }

    /// Rejects the row because a field is not given, unless its cell was already found unreadable.
    pub(super) fn reject_missing(&mut self, field: Field) {
        let column = Some(self.columns.name_of(field));
        if !self.rejections.iter().any(|r| r.column == column) {
            self.rejections.push(self.rejection(column, Reason::Missing));
        }
    }

    pub(super) fn warn_missing(&mut self, field: Field) {
        let column = self.columns.name_of(field);
        self.warnings.push(self.rejection(Some(column), Reason::Missing));
    }

    fn of(&self, field: Field) -> impl Iterator<Item = &(usize, Cell)> {
        self.cells.iter().filter(move |(column, _)| self.columns.known(*column).is_some_and(|k| k.field == field))
    }

    /// All texts of a field, those of lists one by one, in the order of the columns' names.
    fn texts(&self, field: Field) -> Vec<(Found, bool)> {
        let mut texts = Vec::new();
        for (column, cell) in self.of(field) {
            let mut add = |text: &str, figure: bool, listed: bool| {
                if let Some(text) = stated(text) {
                    texts.push((Found { column: *column, text, figure }, listed));
                }
            };
            match cell {
                Cell::Text(text) => add(text, false, false),
                Cell::Figure(text) => add(text, true, false),
                Cell::Day(date) => add(&date.to_string(), false, false),
                Cell::Json(Value::Array(values)) => {
                    values.iter().filter_map(Value::as_str).for_each(|text| add(text, false, true));
                }
                Cell::Json(_) | Cell::Bad(_) => {}
            }
        }
        texts
    }

    /// The first text of a field that is given.
    pub(super) fn text(&self, field: Field) -> Option<Found> {
        self.texts(field).into_iter().next().map(|(found, _)| found)
    }

    /// Every text of a field, lists taken apart; texts in one cell are taken apart by `split`.
    pub(super) fn list(&self, field: Field, split: fn(&str) -> Vec<String>) -> Vec<Found> {
        let mut all: Vec<Found> = Vec::new();
        for (found, listed) in self.texts(field) {
            let parts = if listed { vec![found.text] } else { split(&found.text) };
            for text in parts.iter().filter_map(|part| stated(part)) {
                if !all.iter().any(|known| known.text == text) {
                    all.push(Found { column: found.column, text, figure: false });
                }
            }
        }
        all
    }

    /// The same as [`Cells::list`], without the places.
    pub(super) fn words(&self, field: Field, split: fn(&str) -> Vec<String>) -> Vec<String> {
        self.list(field, split).into_iter().map(|found| found.text).collect()
    }

    /// The JSON values of a field that are no texts or figures.
    pub(super) fn json(&self, field: Field) -> Option<(usize, &Value)> {
        self.of(field).find_map(|(column, cell)| match cell {
            Cell::Json(value) => Some((*column, value)),
            _ => None,
        })
    }

    /// A text read as a type; what cannot be read is warned about and left out.
    pub(super) fn optional<T: FromStr>(&mut self, field: Field) -> Option<T>
    where
        Reason: From<T::Err>,
    {
        let found = self.text(field)?;
        match found.text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.warn(found.column, Reason::from(error));
                None
            }
        }
    }

    /// The date of a field and where it stands, or why it is none.
    pub(super) fn date(&self, field: Field) -> Option<(Found, Result<Date, Reason>)> {
        let found = self.text(field)?;
        let date = date::parse(&found.text, found.figure).map_err(Reason::Date);
        Some((found, date))
    }

    /// A date; what is none is warned about and left out.
    pub(super) fn optional_date(&mut self, field: Field) -> Option<Date> {
        let (found, date) = self.date(field)?;
        date.map_err(|reason| self.warn(found.column, reason)).ok()
    }

    /// A word of a form, by `read`; one that is not known is warned about and left out.
    pub(super) fn word<T>(
        &mut self,
        field: Field,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let found = self.text(field)?;
        let value = read(&found.text);
        if value.is_none() {
            self.warn(found.column, Reason::Word { text: shortened(&found.text), expected });
        }
        value
    }

    /// A text with the unit of its column's name put behind it, when it is a bare figure: `5` below `费用(万元)`.
    pub(super) fn with_unit(&self, found: &Found) -> String {
        let bare = found.text.chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | '，' | '．'));
        let unit = self.unit(found).filter(|note| bare && is_unit(note));
        format!("{}{}", found.text, unit.unwrap_or_default())
    }

    /// What stands in brackets behind the name of a text's column.
    pub(super) fn unit(&self, found: &Found) -> Option<&str> {
        self.columns.note(found.column)
    }
}

fn is_unit(note: &str) -> bool {
    matches!(note, "元" | "万元" | "亿元" | "元/年" | "万元/年" | "年" | "月" | "个月" | "人民币元" | "人民币万元")
}

/// A text without the blanks around it and the `="…"` that forces text in CSV; `None` when it says nothing.
fn stated(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    let text = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let says_nothing = text.is_empty() || text.len() < 8 && BLANKS.contains(&text.to_lowercase().as_str());
    (!says_nothing).then(|| text.to_owned())
}

/// The first 60 characters of a text, for a message.
pub(super) fn shortened(text: &str) -> String {
    text.trim().chars().take(60).collect()
}
