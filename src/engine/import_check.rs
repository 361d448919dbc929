//! Trying a file: what an import of it would say, with nothing kept; and the file with its problems marked in place.

use std::path::Path;

use super::imported_rows::{Importable, of_another};
use super::{EngineError, ImportKind, ImportReport, Mapping, OnProgress, Problem, Progress};
use crate::document::{self, Mark, MarkedRow};
use crate::domain::{DivisionCode, other_province};
use crate::ingest::{self, Records};

/// Rows between two words of how far it is.
const STEP: u64 = 1_000;

/// Reads a file as an import of a province (`None` for all) would, keeps nothing, and tells every problem; with `marked`, writes the file's rows there as
/// a workbook with each problem at its cell. What only the record knows (new or changed, two firms of one name, whose a listing
/// without a place is) is not told.
///
/// # Errors
/// [`EngineError::Ingest`] if the file cannot be read at all, [`EngineError::Document`] or [`EngineError::File`] if the
/// workbook cannot be written.
pub fn check_file(
    path: &Path,
    kind: ImportKind,
    mapping: &Mapping,
    province: Option<DivisionCode>,
    marked: Option<&Path>,
    progress: OnProgress<'_>,
) -> Result<ImportReport, EngineError> {
    match kind {
        ImportKind::Listings => check(ingest::open_listings_as(path, mapping)?, province, marked, progress),
        ImportKind::Patents => check(ingest::open_patents_as(path, mapping)?, province, marked, progress),
        ImportKind::IndustryFees => check(ingest::open_industry_fees_as(path, mapping)?, province, marked, progress),
        ImportKind::Enterprises => check(ingest::open_enterprises_as(path, mapping)?, province, marked, progress),
    }
}

fn check<T: Importable>(
    mut records: Records<T>,
    province: Option<DivisionCode>,
    marked: Option<&Path>,
    progress: OnProgress<'_>,
) -> Result<ImportReport, EngineError> {
    let mut report = ImportReport { file: records.file_name().to_owned(), ..ImportReport::default() };
    let mut rows = Vec::new();
    while let Some((row, cells)) = records.next_with_cells() {
        report.read += 1;
        let other = row.outcome.as_ref().ok().and_then(|value| other_province(province, value.place()));
        let other = other.map(|other| of_another(&report.file, row.number, other));
        let rejections = row.outcome.err().unwrap_or_default();
        let rejections: Vec<Problem> = rejections.iter().map(Problem::from).chain(other).collect();
        let warnings: Vec<Problem> = row.warnings.iter().map(Problem::from).collect();
        if marked.is_some() {
            let refusing = rejections.iter().map(|problem| mark(problem, true));
            let marks = refusing.chain(warnings.iter().map(|problem| mark(problem, false))).collect();
            rows.push(MarkedRow { cells, marks });
        }
        if !rejections.is_empty() {
            report.refuse(&rejections);
        }
        report.warn(&warnings);
        if report.read.is_multiple_of(STEP) {
            progress(Progress { done: records.position(), total: records.size() });
        }
    }
    report.taken = report.read - report.rejected;
    report.unknown_columns = records.unknown_columns();
    if let Some(path) = marked {
        let workbook = document::marked_workbook(&records.column_names(), &rows)?;
        std::fs::write(path, workbook).map_err(|source| EngineError::File { path: path.to_owned(), source })?;
    }
    Ok(report)
}

fn mark(problem: &Problem, refuses: bool) -> Mark {
    Mark { column: problem.column.clone(), text: problem.message.clone(), refuses }
}
