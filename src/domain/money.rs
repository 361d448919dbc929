//! Money in whole fen.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Notice;

/// An amount of renminbi in whole fen (1 yuan = 100 fen), from 0 to 1,000 亿元.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = i64, minimum = 0, maximum = 10_000_000_000_000_i64, example = 5_000_000)]
pub struct Money(i64);

/// The largest amount: 1,000 亿元, far above any licence, far below overflow when amounts are added up.
const MAX_FEN: i64 = 100_000_000_000 * 100;

/// The amount is negative or larger than any licence fee.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{fen} fen is not an amount of money: expected 0 to 100,000,000,000 yuan")]
pub struct MoneyError {
    /// The count of fen given.
    pub fen: i64,
}

impl Notice for MoneyError {
    fn chinese(&self) -> String {
        format!("金额 {} 分不在 0 至 1000 亿元之间", self.fen)
    }
}

impl Money {
    /// No money at all.
    pub const ZERO: Self = Self(0);

    /// An amount from whole fen.
    ///
    /// # Errors
    /// [`MoneyError`] if it is negative or above 1,000 亿元.
    pub fn from_fen(fen: i64) -> Result<Self, MoneyError> {
        if (0..=MAX_FEN).contains(&fen) { Ok(Self(fen)) } else { Err(MoneyError { fen }) }
    }

    /// The amount in fen.
    #[must_use]
    pub fn fen(self) -> i64 {
        self.0
    }

    /// The amount in yuan, for statistics; exact up to 2^53 fen.
    #[must_use]
    pub fn yuan(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// Sum, held at the largest amount.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self((self.0 + other.0).min(MAX_FEN))
    }

    /// Product with a count, held at the largest amount.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(i64::from(count)).min(MAX_FEN))
    }
}

impl TryFrom<i64> for Money {
    type Error = MoneyError;

    fn try_from(fen: i64) -> Result<Self, Self::Error> {
        Self::from_fen(fen)
    }
}

impl From<Money> for i64 {
    fn from(money: Money) -> Self {
        money.0
    }
}

/// As Chinese readers write it: `5万元`, `2.5万元`, `800元`, `0.05元`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WAN: i64 = 1_000_000;
        if self.0 >= WAN && self.0 % 100 == 0 {
            write!(f, "{}万元", trimmed(self.0 / 100, 4))
        } else {
            write!(f, "{}元", trimmed(self.0, 2))
        }
    }
}

/// `value / 10^places` in decimals without trailing zeros.
fn trimmed(value: i64, places: u32) -> String {
    let unit = 10_i64.pow(places);
    let fraction = format!("{:0width$}", value % unit, width = places as usize);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{}", value / unit) } else { format!("{}.{fraction}", value / unit) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_shown_as_chinese_readers_write_it() {
        for (fen, shown) in [
            (5_000_000, "5万元"),
            (2_500_000, "2.5万元"),
            (80_000, "800元"),
            (5, "0.05元"),
            (1_234_567, "12345.67元"),
            (0, "0元"),
            (1_234_500, "1.2345万元"),
        ] {
            assert_eq!(Money::from_fen(fen).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn negative_money_does_not_exist() {
        assert!(Money::from_fen(-1).is_err());
        assert!(serde_json::from_str::<Money>("-5").is_err());
    }
}
