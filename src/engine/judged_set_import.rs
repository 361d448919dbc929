//! Making a judged set of what somebody hands in: listings, enterprises, judgements.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::EngineError;
use super::Problem;
use super::judged_set_error::JudgedSetError;
use super::judged_set_writer::write_set;
use crate::domain::{ApplicationNumber, Enterprise, Listing, normalised_name};
use crate::eval::{GivenJudgement, JudgementFault, JudgementWeights, given_judgements, sound_judgements};
use crate::ingest::{self, Records};

/// Names of the columns of judgements: who asks, what is judged, how relevant it is.
const COLUMNS: [&[&str]; 3] = [
    &["query", "query_id", "查询", "企业", "需求", "企业编号"],
    &["listing", "listing_id", "doc", "许可编号", "许可信息", "专利号"],
    &["grade", "relevance", "等级", "相关度"],
];

/// What became of an import.
#[derive(Debug, Clone, Serialize)]
pub struct SetImport {
    /// Listings of the set.
    pub listings: usize,
    /// Queries of the set.
    pub queries: usize,
    /// Judgements kept.
    pub judgements: usize,
    /// Queries that a measure counts: with something relevant.
    pub judged_queries: usize,
    /// Rows of listings and enterprises that were left out, with every reason.
    pub rejected: Vec<Problem>,
    /// What is wrong with the judgements.
    pub faults: Vec<JudgementFault>,
}

/// Makes a judged set in `folder`. A row or judgement that is not sound is named and left out; the others are kept. Listings
/// are named as in their file, or by patent number; enterprises by the `id` of their file, credit code or name.
///
/// # Errors
/// [`EngineError::Ingest`] for a file of which no row can be read, [`JudgedSetError::NothingJudged`] where no relevant listing is
/// left for any query: nothing is written then; as [`write_set`].
pub fn import_set(
    folder: &Path,
    listings: &Path,
    enterprises: &Path,
    judgements: &Path,
) -> Result<SetImport, EngineError> {
    let (listings, mut rejected) = sound(ingest::open_patents(listings)?, |listing: &Listing| listing.id.to_string());
    let (queries, more) = queries(enterprises)?;
    rejected.extend(more);
    let (given, mut faults) = given(judgements)?;
    let (listing_names, query_names) = (listing_names(&listings), query_names(&queries));
    let query = |name: &str| query_names.get(name).or_else(|| query_names.get(&normalised_name(name))).cloned();
    let listing = |name: &str| {
        let number = || listing_names.get(name.parse::<ApplicationNumber>().ok()?.as_str());
        listing_names.get(name).or_else(number).cloned()
    };
    let (qrels, more) = sound_judgements(&given, query, listing);
    faults.extend(more);
    let judged_queries = qrels.queries().count();
    if judged_queries == 0 {
        let first = faults.first().cloned().map(Box::new);
        return Err(JudgedSetError::NothingJudged { given: given.len(), faults: faults.len(), first }.into());
    }
    write_set(folder, &listings, &queries, (&qrels, &JudgementWeights::default()))?;
    let judgements = qrels.judgements().count();
    let (listings, queries) = (listings.len(), queries.len());
    Ok(SetImport { listings, queries, judgements, judged_queries, rejected, faults })
}

/// The rows that can be read, the first of each name, and why the others cannot.
fn sound<T>(records: Records<T>, name: impl Fn(&T) -> String) -> (Vec<T>, Vec<Problem>) {
    let (mut values, mut rejected, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    let file = records.file_name().to_owned();
    for row in records {
        match row.outcome {
            Ok(value) if names.insert(name(&value)) => values.push(value),
            Ok(value) => rejected.push(repeated(&file, row.number, &name(&value))),
            Err(rejections) => rejected.extend(rejections.iter().map(Problem::from)),
        }
    }
    (values, rejected)
}

/// A row that names what an earlier one has named.
fn repeated(file: &str, row: u64, name: &str) -> Problem {
    Problem {
        row: Some(row),
        column: None,
        code: "repeated".to_owned(),
        message: format!("{file} 第 {row} 行：“{name}”在前面已经出现，这一行没有采用"),
        message_en: format!("{file} row {row}: '{name}' stands further up already; this row is left out"),
    }
}

/// Enterprises named by an `id` column if there is one, else by code or name.
fn queries(path: &Path) -> Result<(Vec<Enterprise>, Vec<Problem>), EngineError> {
    let records = ingest::open_queries(path).or_else(|_| ingest::open_enterprises(path))?;
    Ok(sound(records, |enterprise: &Enterprise| enterprise.id.to_string()))
}

/// Every name by which a listing may be called, with the name the set has for it.
fn listing_names(listings: &[Listing]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for listing in listings {
        let patent = &listing.patent;
        let publication = patent.publication_number.as_ref().map(ToString::to_string);
        let application = patent.application_number.as_ref().map(|number| number.as_str().to_owned());
        for name in [application, publication].into_iter().flatten() {
            names.entry(name).or_insert_with(|| listing.id.to_string());
        }
    }
    names.extend(listings.iter().map(|listing| (listing.id.to_string(), listing.id.to_string())));
    names
}

fn query_names(queries: &[Enterprise]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for query in queries {
        let code = query.credit_code.as_ref().map(|code| code.as_str().to_owned());
        let name = Some(normalised_name(&query.name)).filter(|name| !name.is_empty());
        for name in [code, name].into_iter().flatten() {
            names.entry(name).or_insert_with(|| query.id.to_string());
        }
    }
    names.extend(queries.iter().map(|query| (query.id.to_string(), query.id.to_string())));
    names
}

/// The judgements of a CSV file with named columns, or of TREC's form.
fn given(path: &Path) -> Result<(Vec<GivenJudgement>, Vec<JudgementFault>), EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(failed)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let is_csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    if is_csv { given_in_columns(path, text) } else { Ok(given_judgements(text)) }
}

fn given_in_columns(path: &Path, text: &str) -> Result<(Vec<GivenJudgement>, Vec<JudgementFault>), EngineError> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = rows.headers().cloned().unwrap_or_default();
    let place = |names: &[&str]| header.iter().position(|cell| names.contains(&cell.to_lowercase().as_str()));
    let [Some(query), Some(listing), Some(grade)] = COLUMNS.map(place) else {
        return Err(JudgedSetError::JudgementColumns { path: path.to_owned() }.into());
    };
    let (mut given, mut faults) = (Vec::new(), Vec::new());
    for row in rows.records() {
        let line = |row: &csv::StringRecord| row.position().map_or(0, |place| place.line() as usize);
        match row {
            Ok(row) => match [query, listing, grade].map(|place| row.get(place).map(str::to_owned)) {
                [Some(query), Some(listing), Some(grade)] => {
                    given.push(GivenJudgement { line: line(&row), query, listing, grade });
                }
                _ => faults.push(JudgementFault::Malformed { line: line(&row) }),
            },
            Err(fault) => {
                let line = fault.position().map_or(0, |place| place.line() as usize);
                faults.push(JudgementFault::Malformed { line });
            }
        }
    }
    Ok((given, faults))
}
