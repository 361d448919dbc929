//! A row as what licences of an industry cost.

use super::Reason;
use super::cells::{Cells, Found, shortened};
use super::columns::Field;
use super::{fee, words};
use crate::domain::{IndustryCode, IndustryFees, Money, Rate};

/// Years that contracts can be of: from China's first patent law on.
const YEARS: (u32, u32) = (1985, 2100);
/// Most contracts in a year.
const MOST_CONTRACTS: u32 = 10_000_000;
/// Most characters of a source.
const LONGEST_SOURCE: usize = 200;

/// The figures; `None` when the row was rejected.
pub(super) fn fees(cells: &mut Cells<'_>) -> Option<IndustryFees> {
    let industry = read(cells, Field::IndustryCode, |text| text.parse::<IndustryCode>().map_err(Reason::from));
    let year = read(cells, Field::Year, |text| whole(text.trim_end_matches('年'), YEARS.0, YEARS.1));
    let contracts = read(cells, Field::Contracts, |text| whole(text, 1, MOST_CONTRACTS));
    let source = read(cells, Field::Source, |text| match text.chars().count() {
        0..=LONGEST_SOURCE => Ok(text.to_owned()),
        _ => Err(Reason::CellTooLarge { limit: LONGEST_SOURCE }),
    });
    let fixed_mean = mean(cells);
    let royalty_mean = royalty(cells);
    let nothing_given = [Field::FixedMean, Field::RoyaltyMean].into_iter().all(|field| cells.text(field).is_none());
    if nothing_given {
        cells.reject_missing(Field::FixedMean);
    }
    let royalty_base = cells.word(Field::RoyaltyBase, words::ROYALTY_BASES, words::royalty_base);
    let (industry, year, contracts, source) = (industry?, u16::try_from(year?).ok()?, contracts?, source?);
    // A figure that cannot be read refuses the row: without it, the table would say something else.
    (cells.rejections.is_empty()).then_some(IndustryFees {
        industry,
        year,
        contracts,
        fixed_mean,
        royalty_mean,
        royalty_base,
        source,
    })
}

/// A value every row needs; without it the row is rejected.
fn read<T>(cells: &mut Cells<'_>, field: Field, read: impl Fn(&str) -> Result<T, Reason>) -> Option<T> {
    let Some(Found { column, text, .. }) = cells.text(field) else {
        cells.reject_missing(field);
        return None;
    };
    read(&text).map_err(|reason| cells.reject(column, reason)).ok()
}

/// The mean fee, in the unit of the cell or of the column's name.
fn mean(cells: &mut Cells<'_>) -> Option<Money> {
    let found = cells.text(Field::FixedMean)?;
    let read = fee::budget(&cells.with_unit(&found)).map_err(Reason::Fee);
    read.map_err(|reason| cells.reject(found.column, reason)).ok()
}

/// The mean royalty: `4.5%`, or `4.5` below a column whose name says `%`. A spreadsheet's per cent is a share: `0.045`.
fn royalty(cells: &mut Cells<'_>) -> Option<Rate> {
    let found = cells.text(Field::RoyaltyMean)?;
    let in_percent = cells.unit(&found).is_some_and(|unit| unit == "%");
    share(&found, in_percent).map_err(|reason| cells.reject(found.column, reason)).ok()
}

fn share(found: &Found, in_percent: bool) -> Result<Rate, Reason> {
    let text = found.text.trim();
    let (digits, is_percent) = match text.strip_suffix(['%', '％']) {
        Some(digits) => (digits, true),
        None => (text, in_percent),
    };
    let refused = || Reason::Share { text: shortened(text) };
    let figure: f64 = digits.trim().parse().map_err(|_| refused())?;
    let points = if is_percent {
        figure * 100.0
    } else if found.figure && figure < 1.0 {
        figure * 10_000.0
    } else {
        return Err(refused());
    };
    let points = Some(points.round()).filter(|points| (0.0..=10_000.0).contains(points)).ok_or_else(refused)?;
    Rate::from_basis_points(points as u16).map_err(|_| refused())
}

fn whole(text: &str, least: u32, most: u32) -> Result<u32, Reason> {
    let digits = text.trim().trim_end_matches(".0");
    let read = digits.parse::<u32>().ok().filter(|number| (least..=most).contains(number));
    read.ok_or_else(|| Reason::Whole { text: shortened(text), least, most })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str, figure: bool) -> Found {
        Found { column: 0, text: text.to_owned(), figure }
    }

    #[test]
    fn a_share_says_what_it_is_of() {
        let percent = |text, figure, unit| share(&found(text, figure), unit).map(Rate::percent);
        assert_eq!(percent("4.5%", false, false), Ok(4.5));
        assert_eq!(percent("4.5％", false, false), Ok(4.5));
        assert_eq!(percent("4.5", true, true), Ok(4.5));
        assert_eq!(percent("0.045", true, false), Ok(4.5), "as a spreadsheet keeps 4.5%");
        for (text, figure) in
            [("4.5", true), ("4.5", false), ("0.045", false), ("101%", false), ("-1%", false), ("多", false)]
        {
            assert!(percent(text, figure, false).is_err(), "{text}");
        }
    }

    #[test]
    fn a_whole_number_stays_within_what_there_can_be() {
        assert_eq!(whole("2023", 1985, 2100), Ok(2023));
        assert_eq!(whole("12.0", 1, 20), Ok(12));
        for text in ["0", "21", "-3", "1.5", "", "很多"] {
            assert!(whole(text, 1, 20).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,30}", figures in "[0-9.%eE+-]{0,20}") {
            for (figure, unit) in [(true, true), (true, false), (false, true), (false, false)] {
                let _ = share(&found(&text, figure), unit);
                let _ = share(&found(&figures, figure), unit);
            }
            let _ = whole(&figures, 0, u32::MAX);
        }
    }
}
