//! The only place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::{Date, Moment};

/// Seconds since 1970-01-01 UTC.
#[must_use]
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

/// The day in China.
#[must_use]
pub fn today() -> Date {
    Date::from_unix_seconds(now()).unwrap_or(Date::EPOCH)
}

/// Both.
#[must_use]
pub fn moment() -> Moment {
    Moment { today: today(), now: now() }
}
