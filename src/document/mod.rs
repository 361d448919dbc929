//! Documents: charts of quality as SVG text, pages that hold tables and charts in one HTML file, and the draft of a
//! licence contract as DOCX, letters that offer listings, the
//! list of those whom staff call.
//!
//! Input are the figures of an evaluation and a caption; output is one SVG image that scales, prints and can be read
//! aloud: its `<title>` is the caption, its `<desc>` says in words and numbers what the picture shows. Pure: the same
//! figures give the same bytes. Labels may hold any text; it is escaped, and cut where it would not fit. What is not a
//! number never reaches the image: it is an error that names the place.
//!
//! Text is set by whoever shows the image, in the first CJK font of a list, so widths are estimated generously here.
//!
//! Pages carry everything they need, fetch nothing and run nothing.
//!
//! Not done here: making the figures (`classify`, `eval`), reading or writing files, naming classes (the caller).

mod bars;
mod call_list;
mod confusion;
mod contract;
mod coverage;
mod docx;
mod error;
mod heat_map;
mod histogram;
mod letter;
mod marked;
mod page;
mod plot;
mod reliability;
mod report_docx;
mod sheet;
mod text;
mod workbook;

#[cfg(test)]
mod tests;

pub use bars::{Bars, bar_chart};
pub use call_list::{Call, CallItem, call_list};
pub use confusion::{Class, ConfusionCell, ConfusionMatrix, confusion_matrix};
pub use contract::contract;
pub use coverage::{Coverage, CoveragePoint, coverage_curve};
pub use error::{DocumentError, Figure};
pub use histogram::{Histogram, histogram};
pub use letter::{LetterItem, OfferLetter};
pub use marked::{Mark, MarkedRow, marked_workbook};
pub use page::{Page, Section, Table, page};
pub use reliability::{Reliability, ReliabilityBin, reliability_diagram};
pub use report_docx::report_docx;
pub use workbook::workbook;
