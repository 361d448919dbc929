//! A report as a workbook: a sheet for each part that has a table, with its bars as a chart.

use rust_xlsxwriter::{Chart, ChartType, Format, Workbook, Worksheet, XlsxError};

use super::text::legal;
use super::{DocumentError, Page, Section};

/// As the library counts sizes of paper.
const A4: u8 = 9;
/// Characters a sheet's name can have.
const LONGEST_NAME: usize = 31;

/// Writes a report's tables: what is a whole number is a number, all else a text that is never worked out.
///
/// # Errors
/// [`DocumentError::Workbook`] if the library fails.
pub fn workbook(page: &Page) -> Result<Vec<u8>, DocumentError> {
    let mut workbook = Workbook::new();
    let write = || -> Result<Vec<u8>, XlsxError> {
        for (number, section) in (1..).zip(&page.sections) {
            let sheet = workbook.add_worksheet();
            let name: String = legal(&section.heading).replace(['[', ']', ':', '*', '?', '/', '\\'], " ");
            // Numbered, no two are called the same.
            sheet.set_name(format!("{number} {name}").chars().take(LONGEST_NAME).collect::<String>())?;
            fill(sheet, section)?;
        }
        workbook.save_to_buffer()
    };
    write_with(write)
}

fn write_with(write: impl FnOnce() -> Result<Vec<u8>, XlsxError>) -> Result<Vec<u8>, DocumentError> {
    write().map_err(|source| DocumentError::Workbook { source: Box::new(source) })
}

fn fill(sheet: &mut Worksheet, section: &Section) -> Result<(), XlsxError> {
    // Printed, a part is one page wide.
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    let bold = Format::new().set_bold();
    sheet.write_with_format(0, 0, legal(&section.heading), &bold)?;
    let mut row = 1;
    for note in &section.notes {
        sheet.write(row, 0, legal(note))?;
        row += 1;
    }
    let Some(table) = &section.table else { return Ok(()) };
    sheet.set_column_width(0, 36)?;
    for (column, name) in (0..).zip(&table.head) {
        sheet.write_with_format(row, column, legal(name), &bold)?;
    }
    for cells in &table.rows {
        row += 1;
        for (column, cell) in (0..).zip(cells) {
            match cell.parse::<u32>() {
                Ok(number) if column > 0 => sheet.write(row, column, number)?,
                _ => sheet.write_string_with_format(row, column, legal(cell), &Format::new().set_quote_prefix())?,
            };
        }
    }
    if let Some(bars) = &section.bars {
        chart(sheet, bars, row + 2)?;
    }
    Ok(())
}

/// The bars in cells of their own, and the chart of those.
fn chart(sheet: &mut Worksheet, bars: &super::Bars, first: u32) -> Result<(), XlsxError> {
    let name = sheet.name();
    sheet.write(first, 0, legal(&bars.caption))?;
    let mut last = first;
    for (label, value) in &bars.bars {
        last += 1;
        sheet.write(last, 0, legal(label))?;
        sheet.write(last, 1, *value as f64)?;
    }
    let mut chart = Chart::new(ChartType::Bar);
    let series = chart.add_series().set_categories((name.as_str(), first + 1, 0, last, 0));
    series.set_values((name.as_str(), first + 1, 1, last, 1));
    chart.title().set_name(legal(&bars.caption).as_str());
    chart.legend().set_hidden();
    chart.y_axis().set_reverse();
    sheet.insert_chart(first, 3, &chart)?;
    Ok(())
}
