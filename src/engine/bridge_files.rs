//! Reading what the industry bridge is learnt from.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{EngineError, Problem};
use crate::bridge::{Material, Stock, TitleSimilarity};
use crate::domain::{ClassNote, IndustryPair, IndustryRule, Listing};
use crate::ingest::{self, Records};

/// Problems kept of a file; beyond them only the counts grow.
const KEPT_PROBLEMS: usize = 1_000;

/// The files an industry bridge is learnt from.
#[derive(Debug, Clone)]
pub struct BridgeFiles {
    /// Patents with IPC symbols and industries.
    pub pairs: PathBuf,
    /// The concordance from the IPC to industries.
    pub table: PathBuf,
    /// Chinese IPC titles and the notes of GB/T 4754; compared only when both are given.
    pub texts: Option<(PathBuf, PathBuf)>,
    /// Patents of all kinds, to know how common each subclass is.
    pub stock: Option<PathBuf>,
}

/// What became of a file's rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FileReading {
    /// The file's name.
    pub file: String,
    /// Rows read.
    pub read: u64,
    /// Rows used.
    pub used: u64,
    /// Rows that can be read but lack what is learnt from.
    pub incomplete: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Values left out of rows that were used.
    pub left_out: u64,
    /// What was refused or left out, the first thousand.
    pub problems: Vec<Problem>,
}

/// What the files hold.
pub(super) struct BridgeMaterial {
    pub(super) pairs: Vec<IndustryPair>,
    rules: Vec<IndustryRule>,
    titles: Option<TitleSimilarity>,
    stock: Option<Stock>,
    pub(super) readings: Vec<FileReading>,
}

impl BridgeMaterial {
    /// Reads all files.
    ///
    /// # Errors
    /// [`EngineError::Ingest`] if one cannot be read at all, [`EngineError::NoPairs`] if no pair has both sides.
    pub(super) fn read(files: &BridgeFiles) -> Result<Self, EngineError> {
        let mut readings = Vec::new();
        let is_whole = |pair: &IndustryPair| !pair.symbols.is_empty() && !pair.industries.is_empty();
        let pairs = rows(ingest::open_industry_pairs(&files.pairs)?, is_whole, &mut readings);
        if pairs.is_empty() {
            return Err(EngineError::NoPairs { file: name(&files.pairs) });
        }
        let rules = rows(ingest::open_industry_rules(&files.table)?, |_| true, &mut readings);
        let titles = match &files.texts {
            None => None,
            Some((titles, notes)) => {
                let mut texts = |path| Ok::<_, EngineError>(all_notes(ingest::open_class_notes(path)?, &mut readings));
                Some(TitleSimilarity::of_texts(&texts(titles)?, &texts(notes)?))
            }
        };
        let stock = match &files.stock {
            None => None,
            Some(path) => Some(stock(path, &mut readings)?),
        };
        Ok(Self { pairs, rules, titles, stock, readings })
    }

    pub(super) fn material(&self) -> Material<'_> {
        Material { pairs: &self.pairs, rules: &self.rules, titles: self.titles.as_ref(), stock: self.stock.as_ref() }
    }
}

fn all_notes(records: Records<ClassNote>, readings: &mut Vec<FileReading>) -> Vec<ClassNote> {
    rows(records, |_| true, readings)
}

fn stock(path: &Path, readings: &mut Vec<FileReading>) -> Result<Stock, EngineError> {
    let mut stock = Stock::default();
    let is_classified = |listing: &Listing| !listing.patent.ipc.is_empty();
    for listing in rows(ingest::open_patents(path)?, is_classified, readings) {
        listing.patent.ipc.first().into_iter().for_each(|symbol| stock.count(symbol.subclass()));
    }
    Ok(stock)
}

/// The rows that can be learnt from; what became of all of them is noted.
fn rows<T>(records: Records<T>, is_whole: impl Fn(&T) -> bool, readings: &mut Vec<FileReading>) -> Vec<T> {
    let mut reading = FileReading { file: records.file_name().to_owned(), ..FileReading::default() };
    let mut values = Vec::new();
    for row in records {
        reading.read += 1;
        reading.left_out += row.warnings.len() as u64;
        let mut problems = row.warnings;
        match row.outcome {
            Ok(value) if is_whole(&value) => values.push(value),
            Ok(_) => reading.incomplete += 1,
            Err(rejections) => {
                reading.rejected += 1;
                problems.extend(rejections);
            }
        }
        let room = KEPT_PROBLEMS.saturating_sub(reading.problems.len());
        reading.problems.extend(problems.iter().take(room).map(Problem::from));
    }
    reading.used = values.len() as u64;
    readings.push(reading);
    values
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
