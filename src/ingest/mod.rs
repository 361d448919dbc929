//! Files of listings, patents and enterprises as checked rows.
//!
//! Comes in: XLSX, CSV (UTF-8 or GB18030) and JSON lines, the latter two also behind gzip, with the column names of the
//! provincial forms. Goes out: `domain` values, row by row. A bad row never stops a file and is never dropped in
//! silence: it comes back with file, row, column and reason. An optional value that cannot be read is left out of its
//! row with a warning; a wrong identifier, fee or offer's end refuses the row. An unknown column is reported, never
//! guessed.
//!
//! Not done here: keeping what was read, and merging two rows of one patent (`store`).

mod aliases;
mod cells;
mod classified_text;
mod columns;
mod date;
mod enterprise;
mod error;
mod fee;
mod feedback;
mod industry;
mod industry_fees;
mod listing;
mod period;
mod reader;
mod records;
mod rejection;
#[cfg(test)]
mod tests;
mod text;
mod words;

use std::path::Path;

pub use columns::Mapping;
pub use error::{Format, IngestError};
pub use fee::{FeeError, Needed};
pub use records::{Records, Row, ShownCells};
pub use rejection::{Reason, Rejection};
use serde_json::{Map, Value};

use crate::domain::{
    ClassNote, ClassifiedText, Enterprise, Fee, FeedbackEvent, IndustryFees, IndustryPair, IndustryRule, Listing,
};

/// Reads a fee from form of payment and standard as listings give them; either may be empty, not both.
///
/// # Errors
/// [`FeeError`] for a fee that is not understood in every word.
pub fn read_fee(form: &str, standard: &str) -> Result<Fee, FeeError> {
    fee::parse(form, standard)
}

/// Opens a file of open-licence listings.
///
/// A row needs a valid patent number, title, holder and fee; a missing contact or licence period is a warning.
///
/// # Errors
/// [`IngestError`] when no row can be read: the file is missing, empty, not what its name says, or lacks a column.
pub fn open_listings(path: &Path) -> Result<Records<Listing>, IngestError> {
    Records::open(path, &aliases::LISTINGS, listing::listing)
}

/// Reads one listing that comes as a JSON object with the members a row of a file has columns; and the members unknown.
#[must_use]
pub fn listing_of(object: Map<String, Value>) -> (Row<Listing>, Vec<String>) {
    records::of_object(object, "JSON", &aliases::LISTINGS, listing::listing)
}

/// Reads one enterprise that comes as a JSON object; and the members unknown.
#[must_use]
pub fn enterprise_of(object: Map<String, Value>) -> (Row<Enterprise>, Vec<String>) {
    records::of_object(object, "JSON", &aliases::ENTERPRISES, enterprise::enterprise)
}

/// Opens a file of open-licence listings some of whose columns mean what a person says.
///
/// # Errors
/// As [`open_listings`]; [`IngestError::UnknownTarget`] for a column that is said to mean nothing we know.
pub fn open_listings_as(path: &Path, mapping: &Mapping) -> Result<Records<Listing>, IngestError> {
    Records::open(path, &aliases::LISTINGS.mapped(mapping)?, listing::listing)
}

/// As [`open_listings_as`], plain patents.
///
/// # Errors
/// As [`open_listings_as`].
pub fn open_patents_as(path: &Path, mapping: &Mapping) -> Result<Records<Listing>, IngestError> {
    Records::open(path, &aliases::PATENTS.mapped(mapping)?, listing::patent)
}

/// As [`open_listings_as`], enterprises.
///
/// # Errors
/// As [`open_listings_as`].
pub fn open_enterprises_as(path: &Path, mapping: &Mapping) -> Result<Records<Enterprise>, IngestError> {
    Records::open(path, &aliases::ENTERPRISES.mapped(mapping)?, enterprise::enterprise)
}

/// Opens a table of what licences of industries cost, some of whose columns mean what a person says. A row is taken whole
/// or refused.
///
/// # Errors
/// As [`open_listings_as`].
pub fn open_industry_fees_as(path: &Path, mapping: &Mapping) -> Result<Records<IndustryFees>, IngestError> {
    Records::open(path, &aliases::INDUSTRY_FEES.mapped(mapping)?, industry_fees::fees)
}

/// Opens a file of plain patents: listings without terms.
///
/// A row needs a title and a patent number, a publication number, an `id` or a `key`; an `id` names the listing as it
/// stands. A wrong patent number is only warned about where another number or id is given.
///
/// # Errors
/// As [`open_listings`].
pub fn open_patents(path: &Path) -> Result<Records<Listing>, IngestError> {
    Records::open(path, &aliases::PATENTS, listing::patent)
}

/// Opens a file of enterprises. A row needs a name; a wrong credit code refuses it.
///
/// # Errors
/// As [`open_listings`].
pub fn open_enterprises(path: &Path) -> Result<Records<Enterprise>, IngestError> {
    Records::open(path, &aliases::ENTERPRISES, enterprise::enterprise)
}

/// Opens the queries of a judged set: enterprises named by the set's `id`, whose name may be empty.
///
/// # Errors
/// As [`open_listings`].
pub fn open_queries(path: &Path) -> Result<Records<Enterprise>, IngestError> {
    Records::open(path, &aliases::QUERIES, enterprise::query)
}

/// Opens a file of texts with or without their classes. A row needs a title or an abstract.
///
/// # Errors
/// As [`open_listings`].
pub fn open_texts(path: &Path) -> Result<Records<ClassifiedText>, IngestError> {
    Records::open(path, &aliases::TEXTS, classified_text::text)
}

/// Opens a file of patents whose industries are known.
///
/// A row may lack symbols or industries: it is then a pair with nothing on one side. A code that cannot be read is left
/// out with a warning; a row of whose industries none can be read is refused.
///
/// # Errors
/// As [`open_listings`].
pub fn open_industry_pairs(path: &Path) -> Result<Records<IndustryPair>, IngestError> {
    Records::open(path, &aliases::INDUSTRY_PAIRS, industry::pair)
}

/// Opens a concordance from parts of the IPC to industries. A row is taken whole or refused.
///
/// # Errors
/// As [`open_listings`].
pub fn open_industry_rules(path: &Path) -> Result<Records<IndustryRule>, IngestError> {
    Records::open(path, &aliases::INDUSTRY_RULES, industry::rule)
}

/// Opens a file of what firms did with listings they were shown. A row is taken whole or refused; whether its delivery was
/// ever made is not known here.
///
/// # Errors
/// As [`open_listings`].
pub fn open_feedback(path: &Path) -> Result<Records<FeedbackEvent>, IngestError> {
    Records::open(path, &aliases::FEEDBACK, feedback::event)
}

/// Opens what a classification says of its classes: a code and a text that may be empty.
///
/// # Errors
/// As [`open_listings`].
pub fn open_class_notes(path: &Path) -> Result<Records<ClassNote>, IngestError> {
    Records::open(path, &aliases::CLASS_NOTES, industry::note)
}
