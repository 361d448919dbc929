//! A file's rows as a workbook, with each problem at its cell: staff mend it there and import it again.
//!
//! Every cell is a text, and one that begins like a formula stays one when it is edited (quote prefix): nothing that came
//! with a file is ever worked out.

use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet, XlsxError};

use super::DocumentError;
use super::text::legal;

/// Rows a sheet can hold behind its header.
const MOST_ROWS: usize = 1_048_575;
/// Characters a cell can hold, with room for an ellipsis; and those of a note.
const LONGEST: usize = 32_000;
const LONGEST_NOTE: usize = 1_000;
/// Columns a sheet can hold, less the one for problems.
const MOST_COLUMNS: usize = 16_383;
const PROBLEMS: &str = "问题";

/// A row of a file and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedRow {
    /// What stands in it, by column.
    pub cells: Vec<(usize, String)>,
    /// What is wrong.
    pub marks: Vec<Mark>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The column's name; `None` for the row as a whole.
    pub column: Option<String>,
    /// What is wrong, where, and what to do.
    pub text: String,
    /// Whether it refuses the row; otherwise only a value was left out.
    pub refuses: bool,
}

/// A workbook of these rows below their columns' names; red where a row is refused, yellow where a value is left out, each
/// with a note, and all of a row's problems in its last cell.
///
/// # Errors
/// [`DocumentError::Workbook`] for more rows or columns than a sheet holds, or if the library fails.
pub fn marked_workbook(names: &[String], rows: &[MarkedRow]) -> Result<Vec<u8>, DocumentError> {
    if rows.len() > MOST_ROWS || names.len() > MOST_COLUMNS {
        return Err(DocumentError::TooManyRows { rows: rows.len(), columns: names.len() });
    }
    let mut workbook = Workbook::new();
    write(workbook.add_worksheet(), names, rows)
        .and_then(|()| workbook.save_to_buffer())
        .map_err(|source| DocumentError::Workbook { source: Box::new(source) })
}

fn write(sheet: &mut Worksheet, names: &[String], rows: &[MarkedRow]) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    for (column, name) in (0_u16..).zip(names.iter().map(String::as_str).chain([PROBLEMS])) {
        sheet.write_string_with_format(0, column, legal(name), &head)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (number, row) in (1_u32..).zip(rows) {
        for (column, text) in &row.cells {
            let marked: Vec<&Mark> =
                row.marks.iter().filter(|mark| mark.column.as_ref() == names.get(*column)).collect();
            write_cell(sheet, (number, *column as u16), text, &marked)?;
        }
        // What is missing has no cell to be marked.
        for (column, name) in
            names.iter().enumerate().filter(|(at, _)| row.cells.iter().all(|(column, _)| column != at))
        {
            let marked: Vec<&Mark> = row.marks.iter().filter(|mark| mark.column.as_ref() == Some(name)).collect();
            if !marked.is_empty() {
                write_cell(sheet, (number, column as u16), "", &marked)?;
            }
        }
        if !row.marks.is_empty() {
            let all = row.marks.iter().map(|mark| mark.text.as_str()).collect::<Vec<_>>().join("\n");
            write_cell(sheet, (number, names.len() as u16), &all, &row.marks.iter().collect::<Vec<_>>())?;
        }
    }
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, at: (u32, u16), text: &str, marks: &[&Mark]) -> Result<(), XlsxError> {
    let mut format = Format::new();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format = format.set_quote_prefix();
    }
    if let Some(worst) = marks.iter().max_by_key(|mark| mark.refuses) {
        let colour = if worst.refuses { 0xFF_C7CE } else { 0xFF_EB9C };
        format = format.set_background_color(Color::RGB(colour));
        let note = marks.iter().map(|mark| mark.text.as_str()).collect::<Vec<_>>().join("\n");
        sheet.insert_note(at.0, at.1, &Note::new(shortened(&note, LONGEST_NOTE)).add_author_prefix(false))?;
    }
    sheet.write_string_with_format(at.0, at.1, shortened(&legal(text), LONGEST), &format)?;
    Ok(())
}

fn shortened(text: &str, most: usize) -> String {
    // Counted as the form counts, in UTF-16.
    let mut left = most;
    text.chars()
        .take_while(|c| {
            left = left.saturating_sub(c.len_utf16());
            left > 0
        })
        .collect()
}
