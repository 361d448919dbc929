//! What our documents (DOCX) have in common: fonts that Chinese readers have, sizes, a page number, bytes that stay.

use std::io::Cursor;

use docx_rs::{AlignmentType, Docx, Footer, PageNum, Paragraph, Run, RunFonts};

use super::text::legal;
use crate::domain::Date;

const BODY: &str = "宋体";
const HEADING: &str = "黑体";
/// Sizes in half points.
const TITLE_SIZE: usize = 36;
const BODY_SIZE: usize = 21;

/// An empty document of a day: made of the same, it has the same bytes.
pub(super) fn document(made_on: Date) -> Docx {
    let day = format!("{made_on}T00:00:00Z");
    let number = Paragraph::new().add_page_num(PageNum::new()).align(AlignmentType::Center);
    let fonts = RunFonts::new().east_asia(BODY).ascii("Times New Roman").hi_ansi("Times New Roman");
    Docx::new()
        .default_fonts(fonts)
        .default_size(BODY_SIZE)
        .created_at(&day)
        .updated_at(&day)
        .footer(Footer::new().add_paragraph(number))
}

/// A document's title.
pub(super) fn title(text: &str) -> Paragraph {
    Paragraph::new().add_run(heading(text, TITLE_SIZE)).align(AlignmentType::Center)
}

/// The words of a heading, of a size in half points.
pub(super) fn heading(text: &str, size: usize) -> Run {
    Run::new().add_text(legal(text)).size(size).bold().fonts(RunFonts::new().east_asia(HEADING))
}

/// The document as a file; what the library fails with otherwise.
pub(super) fn packed(docx: Docx) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let mut bytes = Cursor::new(Vec::new());
    docx.build().pack(&mut bytes)?;
    Ok(bytes.into_inner())
}
