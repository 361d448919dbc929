//! Dates in the forms people, spreadsheets and platforms write them.

use unicode_normalization::UnicodeNormalization;

use super::cells::shortened;
use crate::domain::{Date, DateError};

/// Reads `2019-07-09`, `2019/7/9`, `2019.7.9`, `2019年7月9日`, `20190709`, each perhaps with a time behind it, and
/// epoch milliseconds or seconds; of a cell of number type also the day count of a spreadsheet.
pub(super) fn parse(text: &str, figure: bool) -> Result<Date, DateError> {
    let folded: String = text.trim().nfkc().take(60).collect();
    let date = if figure { serial(&folded).or_else(|| digits(&folded)) } else { digits(&folded) };
    date.or_else(|| written(&folded)).ok_or_else(|| DateError { text: shortened(text) })
}

/// Days since 1899-12-30, as spreadsheets count them; 1927 to 2119.
fn serial(text: &str) -> Option<Date> {
    const UNIX_EPOCH: i64 = 25_569;
    let days: i64 = text.split('.').next()?.parse().ok()?;
    (10_000..80_000).contains(&days).then(|| Date::from_unix_seconds((days - UNIX_EPOCH) * 86_400))?
}

/// `20190709`, or a count of seconds or milliseconds since 1970.
fn digits(text: &str) -> Option<Date> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    match text.len() {
        8 => Date::new(i32::try_from(number / 10_000).ok()?, (number / 100 % 100) as u8, (number % 100) as u8),
        10 => Date::from_unix_seconds(number),
        12 | 13 => Date::from_unix_seconds(number / 1000),
        _ => None,
    }
}

/// Year, month and day with marks between them.
fn written(text: &str) -> Option<Date> {
    let text: String = text.replace(['年', '月', '/', '.'], "-");
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.trim();
    let month = parts.next()?.trim();
    let rest = parts.next()?.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, behind) = rest.split_at(end);
    let fits = |number: &str, most: usize| {
        (1..=most).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    if year.len() != 4 || !fits(year, 4) || !fits(month, 2) || !fits(day, 2) {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    time_behind(behind.trim_start_matches('日').trim_start(), date)
}

/// The day of a date with this time behind it: a time in UTC (`T16:00:00Z`) is already the next day in China.
fn time_behind(time: &str, date: Date) -> Option<Date> {
    let time = time.strip_prefix(['T', 't']).unwrap_or(time);
    if time.is_empty() {
        return Some(date);
    }
    let hour: i64 = time.split(':').next()?.parse().ok().filter(|hour| (0..24).contains(hour))?;
    let is_time = time.contains(':')
        && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z' | 'z' | '-' | '+'));
    match (is_time, time.ends_with(['Z', 'z'])) {
        (false, _) => None,
        (true, false) => Some(date),
        (true, true) => Date::from_unix_seconds(date.day_number() * 86_400 + hour * 3600),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_date_is_read_in_every_form_people_write() {
        for text in [
            "2019-07-09",
            "2019/7/9",
            "2019.7.9",
            "2019年7月9日",
            "20190709",
            "２０１９年７月９日",
            " 2019-07-09 00:00:00",
            "2019-07-09T10:30:00+08:00",
            "2019-07-08T16:00:00.000Z",
            "1562601600000",
            "1562601600",
        ] {
            assert_eq!(parse(text, false), Ok(Date::new(2019, 7, 9).unwrap()), "{text}");
        }
    }

    #[test]
    fn a_day_count_is_a_date_only_in_a_cell_of_number_type() {
        assert_eq!(parse("43655", true), Ok(Date::new(2019, 7, 9).unwrap()));
        assert!(parse("43655", false).is_err());
    }

    #[test]
    fn what_leaves_the_day_open_is_no_date() {
        for text in
            ["2019年7月", "7/9/2019", "2019-13-01", "2023-02-29", "19-07-09", "2019-07-09至2022-07-08", "长期", ""]
        {
            assert!(parse(text, false).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,30}", digits in "[0-9年月日/. :TZ-]{0,24}", figure: bool) {
            let _ = parse(&text, figure);
            let _ = parse(&digits, figure);
        }

        #[test]
        fn a_date_reads_back_in_every_form(year in 1985i32..2100, month in 1u8..13, day in 1u8..29) {
            let date = Date::new(year, month, day).unwrap();
            for text in [date.to_string(), format!("{year}年{month}月{day}日"), format!("{year}/{month}/{day}"), format!("{year}{month:02}{day:02}")] {
                prop_assert_eq!(parse(&text, false), Ok(date));
            }
        }
    }
}
