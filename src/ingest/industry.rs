//! A row as evidence of how technology and industry go together.

use super::cells::{Cells, Found};
use super::columns::Field;
use super::{Reason, listing, text};
use crate::domain::{ClassNote, IndustryCode, IndustryPair, IndustryRule, IpcPattern};

/// A patent with its industries; `None` when there are industries and none can be read.
pub(super) fn pair(cells: &mut Cells<'_>) -> Option<IndustryPair> {
    let given = cells.list(Field::IndustryCode, text::words);
    let mut industries = Vec::new();
    let mut faults = Vec::new();
    for Found { column, text, .. } in &given {
        match text.parse::<IndustryCode>() {
            Ok(industry) => industries.push(industry),
            Err(error) => faults.push((*column, Reason::IndustryCode(error))),
        }
    }
    let none_read = industries.is_empty() && !given.is_empty();
    for (column, reason) in faults {
        if none_read { cells.reject(column, reason) } else { cells.warn(column, reason) }
    }
    Some(IndustryPair {
        title: cells.text(Field::Title).map(|found| found.text).unwrap_or_default(),
        family: cells.words(Field::Family, text::words),
        symbols: listing::ipc(cells),
        industries,
    })
}

/// A line of a concordance. An exclusion that cannot be read refuses the line: without it, it would say too much.
pub(super) fn rule(cells: &mut Cells<'_>) -> Option<IndustryRule> {
    let pattern = required(cells, Field::Pattern);
    let industry = required(cells, Field::IndustryCode);
    let mut exclusions: Vec<IpcPattern> = Vec::new();
    for found in cells.list(Field::Exclusions, text::symbols) {
        match found.text.parse() {
            Ok(exclusion) => exclusions.push(exclusion),
            Err(error) => cells.reject(found.column, Reason::IpcPattern(error)),
        }
    }
    Some(IndustryRule { pattern: pattern?, exclusions, industry: industry? })
}

/// A class and what is said of it.
pub(super) fn note(cells: &mut Cells<'_>) -> Option<ClassNote> {
    let Some(code) = cells.text(Field::ClassCode) else {
        cells.reject_missing(Field::ClassCode);
        return None;
    };
    let text = cells.words(Field::ClassText, text::whole).into_iter().next().unwrap_or_default();
    Some(ClassNote { code: code.text, text })
}

/// A value that the row cannot do without.
fn required<T: std::str::FromStr>(cells: &mut Cells<'_>, field: Field) -> Option<T>
where
    Reason: From<T::Err>,
{
    let Some(found) = cells.text(field) else {
        cells.reject_missing(field);
        return None;
    };
    found.text.parse().map_err(|error| cells.reject(found.column, Reason::from(error))).ok()
}
