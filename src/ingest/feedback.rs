//! A row as something a firm did with a listing it was shown.

use time::format_description::well_known::Rfc3339;
use time::macros::{format_description, offset};
use time::{OffsetDateTime, PrimitiveDateTime};

use super::Reason;
use super::cells::{Cells, Found, shortened};
use super::columns::Field;
use crate::domain::{FeedbackEvent, FeedbackKind, FeedbackRefusal};

/// An event; `None` when the row was rejected.
pub(super) fn event(cells: &mut Cells<'_>) -> Option<FeedbackEvent> {
    let id = read(cells, Field::EventId, |text| text.parse().map_err(Reason::Feedback));
    let delivery = read(cells, Field::Delivery, |text| text.parse().map_err(Reason::Feedback));
    let listing = read(cells, Field::Listing, |text| text.parse().map_err(Reason::ListingId));
    let code = cells.text(Field::DeclineCode).map(|found| found.text);
    let kind = read(cells, Field::Feedback, |text| FeedbackKind::read(text, code.as_deref()).map_err(Reason::Feedback));
    let at = read(cells, Field::HappenedAt, |text| moment(text).map_err(Reason::Feedback));
    Some(FeedbackEvent { id: id?, delivery: delivery?, listing: listing?, kind: kind?, at: at? })
}

/// A value every row needs; without it the row is rejected.
fn read<T>(cells: &mut Cells<'_>, field: Field, read: impl Fn(&str) -> Result<T, Reason>) -> Option<T> {
    let Some(Found { column, text, .. }) = cells.text(field) else {
        cells.reject_missing(field);
        return None;
    };
    read(&text).map_err(|reason| cells.reject(column, reason)).ok()
}

/// Seconds since 1970-01-01 UTC: given so, as `2026-11-22T09:30:00+08:00`, or as `2026-11-22 09:30:00`, which is the time in
/// China. A bare day is refused: what came before what would be lost.
fn moment(text: &str) -> Result<i64, FeedbackRefusal> {
    // From 2001 to 2286: ten digits.
    if text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_err(|_| FeedbackRefusal::Moment { text: shortened(text) });
    }
    let in_china = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let known = OffsetDateTime::parse(text, &Rfc3339).map(OffsetDateTime::unix_timestamp);
    let local = || PrimitiveDateTime::parse(text, in_china).map(|at| at.assume_offset(offset!(+8)).unix_timestamp());
    known.or_else(|_| local()).map_err(|_| FeedbackRefusal::Moment { text: shortened(text) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_moment_is_read_in_seconds_with_a_zone_or_as_the_time_in_china() {
        for text in ["1795311000", "2026-11-22T09:30:00+08:00", "2026-11-22T01:30:00Z", "2026-11-22 09:30:00"] {
            assert_eq!(moment(text), Ok(1_795_311_000), "{text}");
        }
        for text in ["2026-11-22", "2026-11-22T09:30:00", "gestern", "", "-1", "2026-13-01T00:00:00Z", "17953110001"] {
            assert!(moment(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}", figures in "[0-9:T +Z.-]{0,30}") {
            let _ = moment(&text);
            let _ = moment(&figures);
        }
    }
}
