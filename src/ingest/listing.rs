//! A row as a listing: an open licence with its terms, or a plain patent without.

use super::cells::{Cells, Found, shortened};
use super::columns::Field;
use super::{Reason, fee, period, text, words};
use crate::domain::{
    ApplicationNumber, Fee, IpcCode, LicenceTerms, Listing, ListingId, ListingStatus, Location, Patent, PatentKind,
    PublicationNumber, Territory,
};

/// What is done about a fault in a column: [`Cells::reject`] or [`Cells::warn`].
type Fault<'a> = fn(&mut Cells<'a>, usize, Reason);

/// An open-licence listing; `None` when the row was rejected.
pub(super) fn listing(cells: &mut Cells<'_>) -> Option<Listing> {
    let number = number(cells, true);
    let publication = cells.optional::<PublicationNumber>(Field::PublicationNumber);
    let patent = patent_of(cells, number, publication, Cells::reject);
    if patent.application_number.is_none() {
        cells.reject_missing(Field::ApplicationNumber);
    }
    if patent.holders.is_empty() {
        cells.reject_missing(Field::Holders);
    }
    let terms = terms(cells);
    let id = ListingId::of(&patent).filter(|_| !patent.title.is_empty())?;
    Some(whole(cells, id, patent, Some(terms?)))
}

/// A plain patent; `None` when the row was rejected.
pub(super) fn patent(cells: &mut Cells<'_>) -> Option<Listing> {
    let id = named_id(cells);
    let key = cells.text(Field::Key);
    let mut publication = cells.optional::<PublicationNumber>(Field::PublicationNumber);
    for name in [id.as_ref().map(|id| id.as_str()), key.as_ref().map(|key| key.text.as_str())].into_iter().flatten() {
        publication = publication.or_else(|| name.parse().ok());
    }
    let has_other_name = id.is_some() || publication.is_some() || key.is_some();
    let number = number(cells, !has_other_name);
    let patent = patent_of(cells, number, publication, Cells::warn);
    let id = id.or_else(|| ListingId::of(&patent)).or_else(|| key_id(cells, key));
    if id.is_none() {
        cells.reject_missing(Field::ApplicationNumber);
    }
    let id = id.filter(|_| !patent.title.is_empty())?;
    Some(whole(cells, id, patent, None))
}

fn whole(cells: &mut Cells<'_>, id: ListingId, patent: Patent, terms: Option<LicenceTerms>) -> Listing {
    let holder_kind = cells.word(Field::HolderKind, words::HOLDER_KINDS, words::holder_kind);
    let announced_on = cells.optional_date(Field::AnnouncedOn);
    Listing { id, patent, holder_kind, terms, status: ListingStatus::Published, announced_on }
}

/// The `id` column of a judged set, as it stands.
fn named_id(cells: &mut Cells<'_>) -> Option<ListingId> {
    let found = cells.text(Field::Id)?;
    found.text.parse().map_err(|error| cells.reject(found.column, Reason::ListingId(error))).ok()
}

fn key_id(cells: &mut Cells<'_>, key: Option<Found>) -> Option<ListingId> {
    let key = key?;
    key.text.parse().map_err(|error| cells.reject(key.column, Reason::ListingId(error))).ok()
}

/// The patent number. One that cannot be read rejects the row when it is `needed`, else it is left out with a warning.
///
/// 湖南 calls it `ipc`: where no column of numbers has a value, an IPC column that holds an application number does.
fn number(cells: &mut Cells<'_>, needed: bool) -> Option<ApplicationNumber> {
    let Some(found) = cells.text(Field::ApplicationNumber) else {
        return cells.text(Field::Ipc).and_then(|ipc| ipc.text.parse().ok());
    };
    let reason = match found.text.parse::<ApplicationNumber>() {
        Ok(number) => return Some(number),
        Err(_) if is_mangled(&found) => Reason::NumberAsFigure { text: shortened(&found.text) },
        Err(error) => Reason::ApplicationNumber(error),
    };
    match needed {
        true => cells.reject(found.column, reason),
        false => cells.warn(found.column, reason),
    }
    None
}

/// A number in the way spreadsheets show large figures, `2.01710601862E+11`, or of number type.
fn is_mangled(found: &Found) -> bool {
    let exponent = found.text.to_ascii_uppercase().split_once('E').is_some_and(|(figure, power)| {
        let is_figure =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '+'));
        is_figure(figure) && is_figure(power)
    });
    found.figure || exponent
}

/// The facts of the patent itself. A missing title rejects the row; what becomes of one whose stated kind is not that of
/// its number, `disagreement` says: a holder has to correct it, in a gazette the number is right.
fn patent_of<'a>(
    cells: &mut Cells<'a>,
    application_number: Option<ApplicationNumber>,
    publication_number: Option<PublicationNumber>,
    disagreement: Fault<'a>,
) -> Patent {
    let title = cells.text(Field::Title).map(|found| found.text).unwrap_or_default();
    if title.is_empty() {
        cells.reject_missing(Field::Title);
    }
    let kind = kind(cells, application_number.as_ref(), publication_number.as_ref(), disagreement);
    let (filed_on, published_on) = (cells.optional_date(Field::FiledOn), cells.optional_date(Field::PublishedOn));
    if let (Some(filed), Some(published), Some(found)) = (filed_on, published_on, cells.text(Field::FiledOn))
        && filed > published
    {
        cells.warn(found.column, Reason::DateOrder { filed, published });
    }
    Patent {
        predicted: None,
        kind,
        title,
        abstract_text: prose(cells, Field::Abstract),
        claim: prose(cells, Field::Claim),
        ipc: ipc(cells),
        holders: cells.words(Field::Holders, text::names),
        location: cells.text(Field::Place).map(|found| Location::parse(&found.text)),
        filed_on,
        published_on,
        application_number,
        publication_number,
    }
}

pub(super) fn prose(cells: &Cells<'_>, field: Field) -> String {
    cells.words(field, text::whole).into_iter().next().unwrap_or_default()
}

fn kind<'a>(
    cells: &mut Cells<'a>,
    application: Option<&ApplicationNumber>,
    publication: Option<&PublicationNumber>,
    disagreement: Fault<'a>,
) -> Option<PatentKind> {
    let stated = cells.word(Field::Kind, words::KINDS, words::patent_kind);
    let shown = application.map(|number| (number.kind(), number.as_str()));
    let shown = shown.or_else(|| publication.map(|number| (number.kind(), number.as_str())));
    if let (Some(stated), Some((shown, number)), Some(found)) = (stated, shown, cells.text(Field::Kind))
        && stated != shown
    {
        let reason = Reason::KindDisagrees { stated, shown, number: number.to_owned() };
        disagreement(cells, found.column, reason);
    }
    shown.map(|(kind, _)| kind).or(stated)
}

/// IPC symbols, the main one first; subclasses only where there is nothing finer. What is none is left out with a
/// warning, except a patent number in the IPC column.
pub(super) fn ipc(cells: &mut Cells<'_>) -> Vec<IpcCode> {
    let mut symbols: Vec<IpcCode> = Vec::new();
    for field in [Field::IpcMain, Field::Ipc, Field::IpcSubclass] {
        if field == Field::IpcSubclass && !symbols.is_empty() {
            break;
        }
        for found in cells.list(field, text::symbols) {
            match found.text.parse::<IpcCode>() {
                Ok(symbol) if symbols.contains(&symbol) => {}
                Ok(symbol) => symbols.push(symbol),
                Err(_) if found.text.parse::<ApplicationNumber>().is_ok() => {}
                Err(error) => cells.warn(found.column, Reason::Ipc(error)),
            }
        }
    }
    symbols
}

/// The published terms; `None` when fee or end of the offer reject the row.
fn terms(cells: &mut Cells<'_>) -> Option<LicenceTerms> {
    let fee = fee(cells);
    let months = cells.text(Field::Period).and_then(|found| {
        let read = period::months(&cells.with_unit(&found));
        read.map_err(|reason| cells.warn(found.column, reason)).ok()
    });
    let ends_on = match cells.date(Field::EndsOn) {
        Some((_, Ok(date))) => Some(date),
        // 长期 and the like: the offer stands as long as the patent.
        Some((found, Err(reason))) if !found.text.chars().any(char::is_numeric) => {
            cells.warn(found.column, reason);
            None
        }
        Some((found, Err(reason))) => {
            cells.reject(found.column, reason);
            None
        }
        None => None,
    };
    if cells.text(Field::Period).is_none() && ends_on.is_none() {
        cells.warn_missing(Field::Period);
    }
    let contact = cells.text(Field::Contact).map(|found| found.text);
    if contact.is_none() {
        cells.warn_missing(Field::Contact);
    }
    // A listing that names no place is not limited to one: the patent holds in the whole country.
    let territory = cells.text(Field::Territory).map_or(Territory::Nationwide, |found| Territory::parse(&found.text));
    Some(LicenceTerms { fee: fee?, months, ends_on, territory, contact })
}

fn fee(cells: &mut Cells<'_>) -> Option<Fee> {
    let form = cells.text(Field::FeeForm);
    let standard = cells.text(Field::FeeStandard);
    let lump_sum = cells.text(Field::LumpSum).filter(|_| standard.is_none());
    let column = standard.as_ref().or(lump_sum.as_ref()).or(form.as_ref()).map(|found| found.column);
    let Some(column) = column else {
        cells.reject_missing(Field::FeeStandard);
        return None;
    };
    let form_text = match (&form, &lump_sum) {
        (Some(form), _) => form.text.clone(),
        (None, Some(_)) => "一次总付".to_owned(),
        (None, None) => String::new(),
    };
    let standard_text = standard.or(lump_sum).map_or_else(String::new, |found| cells.with_unit(&found));
    let read = fee::parse(&form_text, &standard_text);
    read.map_err(|error| cells.reject(column, Reason::Fee(error))).ok()
}
