//! A row as an enterprise, or as a query of a judged set.

use serde_json::Value;

use super::cells::{Cells, shortened};
use super::columns::Field;
use super::{Reason, fee, text, words};
use crate::domain::{
    ApplicationNumber, CreditCode, DivisionCode, EmailAddress, Enterprise, EnterpriseId, IndustryCode, IpcCode,
    Location, Need, OwnPatent,
};

/// An enterprise; `None` when the row was rejected.
pub(super) fn enterprise(cells: &mut Cells<'_>) -> Option<Enterprise> {
    let Some(name) = cells.text(Field::Name) else {
        cells.reject_missing(Field::Name);
        return None;
    };
    let code = match cells.text(Field::CreditCode) {
        None => None,
        Some(found) => match found.text.parse::<CreditCode>() {
            Ok(code) => Some(code),
            Err(error) => {
                cells.reject(found.column, Reason::CreditCode(error));
                return None;
            }
        },
    };
    let id = EnterpriseId::new(code.as_ref(), &name.text);
    if id.as_str().is_empty() {
        cells.reject_missing(Field::Name);
        return None;
    }
    Some(described(cells, Enterprise { id, ..Enterprise::named(&name.text, code) }))
}

/// A query, named by the judged set; `None` when the row was rejected.
pub(super) fn query(cells: &mut Cells<'_>) -> Option<Enterprise> {
    let Some(id) = cells.text(Field::Id) else {
        cells.reject_missing(Field::Id);
        return None;
    };
    let name = cells.text(Field::Name).map(|found| found.text).unwrap_or_default();
    let code = cells.optional::<CreditCode>(Field::CreditCode);
    Some(described(cells, Enterprise { id: EnterpriseId::from_known(&id.text), ..Enterprise::named(&name, code) }))
}

/// Adds all that is optional.
fn described(cells: &mut Cells<'_>, named: Enterprise) -> Enterprise {
    let budget_per_year = cells.text(Field::Budget).and_then(|found| {
        let read = fee::budget(&cells.with_unit(&found));
        read.map_err(|error| cells.warn(found.column, Reason::Fee(error))).ok()
    });
    Enterprise {
        location: location(cells),
        business: cells.words(Field::Business, text::whole).join("\n"),
        products: cells.words(Field::Products, text::words),
        industries: cells.words(Field::Industries, text::words),
        industry_code: cells.optional::<IndustryCode>(Field::IndustryCode),
        concepts: cells.words(Field::Concepts, text::words),
        tags: cells.words(Field::Tags, text::words),
        needs: cells.words(Field::Needs, text::lines).into_iter().map(Need).collect(),
        own_patents: own_patents(cells),
        scale: cells.word(Field::Scale, words::SCALES, words::scale),
        budget_per_year,
        email: cells.optional::<EmailAddress>(Field::Email),
        phone: cells.text(Field::Phone).map(|found| shortened(&found.text)),
        ..named
    }
}

/// The place: one text, or province and city joined, or a division code.
fn location(cells: &mut Cells<'_>) -> Option<Location> {
    if let Some(found) = cells.text(Field::Place) {
        return Some(Location::parse(&found.text));
    }
    let named = |field| cells.text(field).map(|found| found.text);
    let (province, city) = (named(Field::Province), named(Field::City));
    // Direct-controlled cities are written in both columns.
    let city = city.filter(|city| province.as_ref() != Some(city));
    let text = format!("{}{}", province.unwrap_or_default(), city.unwrap_or_default());
    if !text.is_empty() {
        return Some(Location::parse(&text));
    }
    let code = cells.optional::<DivisionCode>(Field::DivisionCode)?;
    Some(Location { text: code.full_name(), division: Some(code) })
}

/// Own patents: JSON objects with `title`, `ipc` and a number, or texts `title|IPC|number`.
fn own_patents(cells: &mut Cells<'_>) -> Vec<OwnPatent> {
    let mut faults = Vec::new();
    let patents = match cells.json(Field::OwnPatents) {
        Some((column, Value::Array(values))) => {
            values.iter().filter_map(|value| own_patent(column, &parts_of(value), &mut faults)).collect()
        }
        Some((column, _)) => {
            faults.push((column, Reason::JsonType));
            Vec::new()
        }
        None => {
            let entries = cells.list(Field::OwnPatents, entries).into_iter();
            entries
                .filter_map(|found| {
                    let parts: Vec<String> = found.text.split(['|', '｜']).map(|part| part.trim().to_owned()).collect();
                    own_patent(found.column, &parts, &mut faults)
                })
                .collect()
        }
    };
    for (column, reason) in faults {
        cells.warn(column, reason);
    }
    patents
}

fn entries(text: &str) -> Vec<String> {
    let entries = text.split(['；', ';', '\n']).map(|entry| entry.trim().to_owned());
    entries.filter(|entry| !entry.is_empty()).collect()
}

/// A JSON entry as title, symbols and number.
fn parts_of(value: &Value) -> Vec<String> {
    let text = |key: &str| match value.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(";"),
        _ => String::new(),
    };
    let number = ["application_number", "app_no"].into_iter().map(text).find(|number| !number.is_empty());
    match value {
        Value::String(text) => text.split(['|', '｜']).map(|part| part.trim().to_owned()).collect(),
        _ => vec![text("title"), text("ipc"), number.unwrap_or_default()],
    }
}

/// One entry; its parts but the title are known by their form, so that one left out does not shift the others.
fn own_patent(column: usize, parts: &[String], faults: &mut Vec<(usize, Reason)>) -> Option<OwnPatent> {
    let mut patent = OwnPatent { title: String::new(), ipc: Vec::new(), application_number: None };
    for (place, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
        if let Ok(number) = part.parse::<ApplicationNumber>() {
            patent.application_number = Some(number);
        } else if place == 0 {
            part.clone_into(&mut patent.title);
        } else if place == 2 {
            faults.extend(part.parse::<ApplicationNumber>().err().map(|error| (column, error.into())));
        } else {
            for symbol in text::symbols(part) {
                match symbol.parse::<IpcCode>() {
                    Ok(symbol) => patent.ipc.push(symbol),
                    Err(error) => faults.push((column, error.into())),
                }
            }
        }
    }
    (!patent.title.is_empty() || patent.application_number.is_some()).then_some(patent)
}
