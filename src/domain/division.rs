//! Administrative divisions of China.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Notice;

/// A six-digit division code that exists: province `320000`, city `320500`, county `320581`.
///
/// Source: the division codes behind GB/T 2260, see `data/README.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = r"^[0-9]{6}$", example = "330100")]
pub struct DivisionCode(u32);

/// The text is not the code of a division.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{text}' is not a division code: expected six digits such as 320500")]
pub struct DivisionError {
    /// The text as given, shortened.
    pub text: String,
}

impl Notice for DivisionError {
    fn chinese(&self) -> String {
        format!("“{}”不是行政区划代码：应为六位数字，如 320500", self.text)
    }
}

impl DivisionCode {
    /// The official Chinese name, without those above it: `苏州市`.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.get(&self.0).copied().unwrap_or_default()
    }

    /// The province the division lies in (itself for a province).
    #[must_use]
    pub fn province(self) -> Self {
        Self(self.0 / 10_000 * 10_000)
    }

    /// The division one level up; `None` for a province.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let city = self.0 / 100 * 100;
        match (self.0 % 10_000, self.0 % 100) {
            (0, _) => None,
            (_, 0) => Some(self.province()),
            // Counties run by the province itself, and districts of a municipality, have no city above them.
            _ if NAMES.contains_key(&city) => Some(Self(city)),
            _ => Some(self.province()),
        }
    }

    /// Whether `other` is this division or lies within it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self == other || other.parent().is_some_and(|parent| self.contains(parent))
    }

    /// The name with those above it, as on an address: `江苏省苏州市`.
    #[must_use]
    pub fn full_name(self) -> String {
        self.parent().map_or_else(String::new, Self::full_name) + self.name()
    }

    /// All divisions, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        CODES.iter().map(|&code| Self(code))
    }
}

static NAMES: LazyLock<HashMap<u32, &'static str>> = LazyLock::new(|| {
    let rows = include_str!("../../data/taxonomy/divisions.csv").lines().skip(1);
    rows.filter_map(|row| {
        let mut cells = row.split(',');
        Some((padded(cells.next()?)?, cells.next()?))
    })
    .collect()
});

static CODES: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut codes: Vec<u32> = NAMES.keys().copied().collect();
    codes.sort_unstable();
    codes
});

/// Two, four or six digits as a six-digit number: `32` is 320000.
fn padded(digits: &str) -> Option<u32> {
    let places = digits.len();
    let fits = matches!(places, 2 | 4 | 6) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| digits.parse::<u32>().ok().map(|n| n * 10_u32.pow(6 - places as u32)))?
}

impl FromStr for DivisionCode {
    type Err = DivisionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = padded(text.trim()).filter(|code| NAMES.contains_key(code));
        code.map(Self).ok_or_else(|| DivisionError { text: text.trim().chars().take(40).collect() })
    }
}

impl TryFrom<String> for DivisionCode {
    type Error = DivisionError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DivisionCode> for String {
    fn from(code: DivisionCode) -> Self {
        code.to_string()
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_knows_those_above_it() {
        let kunshan: DivisionCode = "320583".parse().unwrap();
        assert_eq!(kunshan.full_name(), "江苏省苏州市昆山市");
        assert!(kunshan.province().contains(kunshan));
        assert_eq!("429004".parse::<DivisionCode>().unwrap().full_name(), "湖北省仙桃市");
        assert_eq!("110108".parse::<DivisionCode>().unwrap().full_name(), "北京市海淀区");
    }

    #[test]
    fn a_code_that_no_division_has_is_refused() {
        for text in ["999999", "3", "32O500", ""] {
            assert!(text.parse::<DivisionCode>().is_err(), "{text}");
        }
    }
}
