//! The 35 technology fields patents are counted in.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::IpcCode;

/// One of the 35 fields of the WIPO IPC-technology concordance, numbered 1 to 35.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "u8", into = "u8")]
#[schema(value_type = u8, minimum = 1, maximum = 35)]
pub struct TechnologyField(u8);

impl TechnologyField {
    /// How many fields there are.
    pub const COUNT: usize = 35;

    /// The field of a number from 1 to 35.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        (1..=Self::COUNT as u8).contains(&number).then_some(Self(number))
    }

    /// The field an IPC symbol belongs to; the longest matching prefix of the concordance wins.
    ///
    /// Classes made after the concordance's last edition (2019) follow our own table,
    /// `data/taxonomy/field_ipc_after_2019.csv`. `None` for a symbol neither names.
    #[must_use]
    pub fn of(code: &IpcCode) -> Option<Self> {
        // The concordance writes a main group with its slash, `H04N5/`, so a prefix of the symbol is looked up.
        (4..=code.as_str().len()).rev().find_map(|end| PREFIXES.get(&code.as_str()[..end]).copied())
    }

    /// The number, 1 to 35.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// The Chinese name.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES[usize::from(self.0) - 1].1
    }

    /// The Chinese name of the sector above the field, one of five.
    #[must_use]
    pub fn sector(self) -> &'static str {
        NAMES[usize::from(self.0) - 1].0
    }
}

static PREFIXES: LazyLock<HashMap<&'static str, TechnologyField>> = LazyLock::new(|| {
    let official = include_str!("../../data/taxonomy/field_ipc.csv").lines().skip(1);
    let later = include_str!("../../data/taxonomy/field_ipc_after_2019.csv").lines().skip(1);
    official
        .chain(later)
        .filter_map(|row| {
            let mut cells = row.split(',');
            Some((cells.next()?, TechnologyField::from_number(cells.next()?.parse().ok()?)?))
        })
        .collect()
});

/// Sector and name by number, from 1.
static NAMES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let rows = include_str!("../../data/taxonomy/fields.csv").lines().skip(1);
    let mut names: Vec<_> = rows
        .filter_map(|row| {
            let mut cells = row.split(',').skip(1);
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    names.resize(TechnologyField::COUNT, ("", ""));
    names
});

impl TryFrom<u8> for TechnologyField {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        Self::from_number(number).ok_or_else(|| format!("{number} is not a technology field: expected 1 to 35"))
    }
}

impl From<TechnologyField> for u8 {
    fn from(field: TechnologyField) -> Self {
        field.0
    }
}

impl fmt::Display for TechnologyField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(symbol: &str) -> Option<u8> {
        TechnologyField::of(&symbol.parse().unwrap()).map(TechnologyField::number)
    }

    #[test]
    fn the_longest_prefix_decides() {
        assert_eq!(field("H01M10/0525"), Some(1));
        assert_eq!(field("H04N5/225"), Some(2));
        assert_eq!(field("H04N1/00"), Some(3));
        assert_eq!(field("G01N33/48"), Some(11));
        assert_eq!(field("G01N21/00"), Some(10));
    }

    #[test]
    fn classes_made_after_2019_have_a_field() {
        for (symbol, number) in [("G06V10/82", 6), ("H10K50/00", 8), ("G16Y10/00", 4), ("B64U10/14", 32)] {
            assert_eq!(field(symbol), Some(number), "{symbol}");
        }
    }

    #[test]
    fn every_field_has_a_name_and_a_sector() {
        for number in 1..=35 {
            let field = TechnologyField::from_number(number).unwrap();
            assert!(!field.name().is_empty() && !field.sector().is_empty());
        }
        assert_eq!(TechnologyField::from_number(36), None);
    }
}
