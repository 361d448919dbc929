//! The list of those whom staff call, as a workbook: whom, on which number, about what and why, and room for the answer.
//!
//! Every cell is a text: nothing that came with a record is ever worked out.

use rust_xlsxwriter::{DataValidation, Format, Workbook, Worksheet, XlsxError};

use super::DocumentError;
use super::text::legal;

/// Characters of a cell, well below what a sheet can hold.
const LONGEST: usize = 2_000;
const HEAD: [(&str, f64); 7] = [
    ("企业", 32.0),
    ("电话", 18.0),
    ("许可编号", 18.0),
    ("发明名称", 44.0),
    ("推荐理由", 60.0),
    ("答复", 16.0),
    ("备注", 30.0),
];
/// The column of the answer.
const ANSWER: u16 = 5;

/// A listing to tell somebody of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallItem {
    /// The listing's id.
    pub listing: String,
    /// The patent's title.
    pub title: String,
    /// Why it suits the enterprise.
    pub reasons: Vec<String>,
}

/// An enterprise to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub enterprise: String,
    /// Its number, as it was written.
    pub phone: String,
    /// What about, best first.
    pub items: Vec<CallItem>,
}

/// Writes the list: a row for each listing of each enterprise. `answers` are what the column for it offers.
///
/// # Errors
/// [`DocumentError::Workbook`] if it cannot be written.
pub fn call_list(calls: &[Call], answers: &[&str]) -> Result<Vec<u8>, DocumentError> {
    write(calls, answers).map_err(|source| DocumentError::Workbook { source: Box::new(source) })
}

fn write(calls: &[Call], answers: &[&str]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("电话名单")?;
    let bold = Format::new().set_bold();
    for (column, (name, width)) in (0..).zip(HEAD) {
        sheet.write_with_format(0, column, name, &bold)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut row = 0;
    for call in calls {
        for item in &call.items {
            row += 1;
            let reasons = item.reasons.join("；");
            let cells = [&call.enterprise, &call.phone, &item.listing, &item.title, &reasons];
            for (column, text) in (0..).zip(cells) {
                text_cell(sheet, row, column, text)?;
            }
        }
    }
    if row > 0 {
        sheet.add_data_validation(1, ANSWER, row, ANSWER, &DataValidation::new().allow_list_strings(answers)?)?;
    }
    workbook.save_to_buffer()
}

fn text_cell(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
    let text: String = legal(text).chars().take(LONGEST).collect();
    // Edited, what begins like a formula stays a text.
    sheet.write_string_with_format(row, column, text, &Format::new().set_quote_prefix())?;
    Ok(())
}
