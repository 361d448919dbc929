//! Why a period cannot be reported on.

use thiserror::Error;

use super::{Date, Notice};

/// A period that ends before it begins, or is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a report goes from one day to the same or a later one, at most {years} years on, not from {from} to {to}")]
pub struct PeriodRefusal {
    /// The first day given.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// How many years it may be long.
    pub years: i32,
}

impl Notice for PeriodRefusal {
    fn chinese(&self) -> String {
        let Self { from, to, years } = self;
        format!("报告的时期应从起始日到同日或以后、至多{years}年，不能是 {from} 至 {to}")
    }
}
