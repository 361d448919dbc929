//! A report as a document (DOCX): headings, paragraphs, tables, and bars drawn of blocks that every font has.

use docx_rs::{
    AlignmentType, LineSpacing, Paragraph, Run, Shading, ShdType, Table as DocxTable, TableCell, TableRow, WidthType,
};

use super::docx::{document, heading, packed, title};
use super::text::legal;
use super::{Bars, DocumentError, Page, Table};
use crate::domain::Date;

/// Sizes in half points.
const HEADING_SIZE: usize = 28;
const CELL_SIZE: usize = 18;
/// Room above a heading, in twentieths of a point.
const ABOVE: u32 = 240;
/// The width of a page between its margins, in twentieths of a point.
const WIDTH: usize = 8_300;
/// Blocks of the longest bar.
const LONGEST: f64 = 24.0;
const BLUE: &str = "2171B5";
const SHADE: &str = "E8EEF5";

/// Writes a report made on a day; the same report gives the same bytes.
///
/// # Errors
/// [`DocumentError::Report`] if the library fails.
pub fn report_docx(page: &Page, made_on: Date) -> Result<Vec<u8>, DocumentError> {
    let mut docx = document(made_on).add_paragraph(title(&page.title));
    for section in &page.sections {
        let spacing = LineSpacing::new().before(ABOVE);
        let head = Paragraph::new().line_spacing(spacing).add_run(heading(&section.heading, HEADING_SIZE));
        docx = docx.add_paragraph(head.keep_next(true));
        for note in &section.notes {
            docx = docx.add_paragraph(Paragraph::new().add_run(Run::new().add_text(legal(note))));
        }
        if let Some(table) = &section.table {
            docx = docx.add_table(table_of(table)).add_paragraph(Paragraph::new());
        }
        if let Some(bars) = &section.bars {
            docx = docx.add_paragraph(
                Paragraph::new().keep_next(true).add_run(Run::new().bold().add_text(legal(&bars.caption))),
            );
            docx = docx.add_table(bars_of(bars)).add_paragraph(Paragraph::new());
        }
    }
    packed(docx).map_err(|source| DocumentError::Report { source })
}

fn table_of(table: &Table) -> DocxTable {
    let widths = widths(table);
    let row = |cells: &[String], head: bool| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(column, (text, width))| {
            let run = Run::new().size(CELL_SIZE).add_text(legal(text));
            let run = if head { run.bold() } else { run };
            let is_number = |cells: &Vec<String>| cells.get(column).is_some_and(|cell| cell.parse::<u64>().is_ok());
            let side = if table.rows.iter().all(is_number) { AlignmentType::Right } else { AlignmentType::Left };
            // A head alone at the foot of a page heads nothing.
            let cell = cell(Paragraph::new().align(side).keep_next(head).add_run(run), *width);
            if head { cell.shading(Shading::new().shd_type(ShdType::Clear).fill(SHADE)) } else { cell }
        });
        TableRow::new(cells.collect())
    };
    let head = std::iter::once(row(&table.head, true));
    let rows = head.chain(table.rows.iter().map(|cells| row(cells, false)));
    DocxTable::new(rows.collect()).set_grid(widths.clone()).width(WIDTH, WidthType::Dxa)
}

/// Room for each column, by its longest text within bounds.
fn widths(table: &Table) -> Vec<usize> {
    let longest = |column: usize| {
        let cells = table.rows.iter().chain([&table.head]).filter_map(|cells| cells.get(column));
        let ems = cells.map(|cell| cell.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>()).max();
        // With the margins of a cell.
        ems.unwrap_or_default().clamp(6, 36) + 3
    };
    let longest: Vec<usize> = (0..table.head.len()).map(longest).collect();
    let all: usize = longest.iter().sum::<usize>().max(1);
    longest.into_iter().map(|ems| WIDTH * ems / all).collect()
}

fn bars_of(bars: &Bars) -> DocxTable {
    let widths = [WIDTH / 4, WIDTH * 3 / 4];
    let rows = bars.bars.iter().map(|(name, value)| {
        let blocks = (*value as f64 / bars.most() as f64 * LONGEST).round() as usize;
        let drawn = Run::new().size(CELL_SIZE).color(BLUE).add_text("█".repeat(blocks));
        let number = Run::new().size(CELL_SIZE).add_text(format!(" {value}"));
        let name =
            Paragraph::new().align(AlignmentType::Right).add_run(Run::new().size(CELL_SIZE).add_text(legal(name)));
        let bar = Paragraph::new().add_run(drawn).add_run(number);
        TableRow::new(vec![cell(name, widths[0]), cell(bar, widths[1])])
    });
    DocxTable::without_borders(rows.collect()).set_grid(widths.to_vec()).width(WIDTH, WidthType::Dxa)
}

fn cell(paragraph: Paragraph, width: usize) -> TableCell {
    TableCell::new().add_paragraph(paragraph).width(width, WidthType::Dxa)
}
