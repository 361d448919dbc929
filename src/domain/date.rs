//! Calendar dates, written `2019-07-09`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::macros::format_description;
use utoipa::ToSchema;

use super::Notice;

/// A day of the Gregorian calendar between 1900 and 2199, written `2019-07-09`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Date, example = "2019-07-09")]
pub struct Date(time::Date);

/// The text is not a day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{text}' is not a date: expected a form such as 2019-07-09")]
pub struct DateError {
    /// The text as given, shortened.
    pub text: String,
}

impl Notice for DateError {
    fn chinese(&self) -> String {
        format!("“{}”不是日期：应如 2019-07-09", self.text)
    }
}

impl Date {
    /// 1970-01-01.
    pub const EPOCH: Self = Self(time::macros::date!(1970 - 01 - 01));

    /// A day from year, month (1–12) and day (1–31); `None` when the calendar has no such day.
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        let date = time::Date::from_calendar_date(year, month, day).ok()?;
        (1900..2200).contains(&year).then_some(Self(date))
    }

    /// The calendar day of a count of seconds since 1970-01-01 in China Standard Time (UTC+8).
    #[must_use]
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        let moment = time::OffsetDateTime::from_unix_timestamp(seconds.checked_add(8 * 3600)?).ok()?;
        Self::new(moment.year(), moment.month().into(), moment.day())
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// Days since 1970-01-01, for sorting and range filters.
    #[must_use]
    pub fn day_number(self) -> i64 {
        i64::from(self.0.to_julian_day()) - 2_440_588
    }

    /// The same day so many months later, the month's last where it has no such day; `None` behind the year 9999.
    #[must_use]
    pub fn plus_months(self, months: u16) -> Option<Self> {
        let counted = i32::from(self.0.month() as u8) - 1 + i32::from(months);
        let (year, month) = (self.0.year() + counted / 12, (counted % 12) as u8 + 1);
        let day = self.0.day();
        (28..=day).rev().chain(std::iter::once(day)).find_map(|day| Self::new(year, month, day))
    }

    /// The day before.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        self.0.previous_day().map(Self)
    }

    /// The same day `years` later; 29 February becomes 28 February. `None` past the year 2199.
    #[must_use]
    pub fn plus_years(self, years: i32) -> Option<Self> {
        let (year, month, day) = (self.0.year() + years, self.0.month() as u8, self.0.day());
        Self::new(year, month, day).or_else(|| Self::new(year, month, 28))
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || DateError { text: text.trim().chars().take(40).collect() };
        let date = time::Date::parse(text, format_description!("[year]-[month]-[day]")).map_err(|_| refused())?;
        Self::new(date.year(), date.month().into(), date.day()).ok_or_else(refused)
    }
}

impl TryFrom<String> for Date {
    type Error = DateError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month() as u8, self.0.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_back_as_written() {
        assert_eq!("2024-02-29".parse::<Date>().unwrap().to_string(), "2024-02-29");
        assert!("2023-02-29".parse::<Date>().is_err());
        assert!("1899-12-31".parse::<Date>().is_err());
    }

    #[test]
    fn the_leap_day_moves_to_the_28th() {
        let leap = Date::new(2024, 2, 29).unwrap();
        assert_eq!(leap.plus_years(10), Date::new(2034, 2, 28));
    }

    #[test]
    fn months_are_counted_over_the_year_and_held_to_the_months_end() {
        let (last, leap) = (Date::new(2026, 11, 30).unwrap(), Date::new(2024, 2, 29).unwrap());
        assert_eq!(last.plus_months(1), Date::new(2026, 12, 30));
        assert_eq!(last.plus_months(3), Date::new(2027, 2, 28));
        assert_eq!(leap.plus_months(36), Date::new(2027, 2, 28));
        assert_eq!(Date::new(2026, 1, 5).unwrap().plus_months(0), Date::new(2026, 1, 5));
        assert_eq!(Date::new(2026, 1, 1).unwrap().previous(), Date::new(2025, 12, 31));
    }

    #[test]
    fn an_epoch_moment_is_the_day_in_china() {
        // 2022-12-31T16:00:00Z is already New Year's Day in Beijing.
        assert_eq!(Date::from_unix_seconds(1_672_502_400), Date::new(2023, 1, 1));
        assert_eq!(Date::new(1970, 1, 2).unwrap().day_number(), 1);
    }
}
