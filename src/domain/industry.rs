//! Industry classes of the national economy.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::Notice;

/// A class of GB/T 4754-2017 at any of its four levels: `C`, `38`, `384`, `3841`.
///
/// Accepted on input and never stored: the section letter before digits (`C3841`), full-width characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = r"^[0-9]{2,4}$", example = "3841")]
pub struct IndustryCode(String);

/// A level of GB/T 4754-2017 that patents can be told apart at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndustryLevel {
    /// 大类: `38`.
    Division,
    /// 中类: `384`.
    Group,
}

impl IndustryLevel {
    /// Both, coarse to fine.
    pub const ALL: [Self; 2] = [Self::Division, Self::Group];

    /// The Chinese name of the level.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Division => "大类",
            Self::Group => "中类",
        }
    }

    /// How many digits a code of the level has.
    #[must_use]
    pub fn digits(self) -> usize {
        match self {
            Self::Division => 2,
            Self::Group => 3,
        }
    }
}

/// The text is not a class of GB/T 4754-2017.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{text}' is not a class of GB/T 4754-2017: expected a form such as C3841 or 3841")]
pub struct IndustryCodeError {
    /// The text as given, shortened.
    pub text: String,
}

impl Notice for IndustryCodeError {
    fn chinese(&self) -> String {
        format!("“{}”不是国民经济行业分类（GB/T 4754-2017）代码：应如 C3841 或 3841", self.text)
    }
}

impl IndustryCode {
    /// The code as stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The class's Chinese name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        CLASSES.get(self.0.as_str()).map_or("", |class| class.name)
    }

    /// The class cut to a level; `None` when it is coarser than that.
    #[must_use]
    pub fn at(&self, level: IndustryLevel) -> Option<Self> {
        let digits = self.0.get(..level.digits()).filter(|digits| CLASSES.contains_key(digits))?;
        Some(Self(digits.to_owned()))
    }

    /// All classes of a level, by code.
    #[must_use]
    pub fn all(level: IndustryLevel) -> Vec<Self> {
        let of_level = |code: &&&str| code.len() == level.digits();
        let mut codes: Vec<Self> = CLASSES.keys().filter(of_level).map(|code| Self((*code).to_owned())).collect();
        codes.sort_unstable();
        codes
    }

    /// The letter of the section the class is in.
    #[must_use]
    pub fn section(&self) -> &'static str {
        section_of(&self.0).unwrap_or_default()
    }

    /// The class one level up; `None` for a section.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let parent = CLASSES.get(self.0.as_str())?.parent;
        (!parent.is_empty()).then(|| Self(parent.to_owned()))
    }
}

/// One row of the table.
struct Class {
    name: &'static str,
    parent: &'static str,
}

static CLASSES: LazyLock<HashMap<&'static str, Class>> = LazyLock::new(|| {
    let rows = include_str!("../../data/taxonomy/industries.csv").lines().skip(1);
    rows.filter_map(|row| {
        let mut cells = row.split(',');
        let (code, _level, name, parent) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
        // Some names of the table end in a blank.
        Some((code, Class { name: name.trim_end(), parent }))
    })
    .collect()
});

impl FromStr for IndustryCode {
    type Err = IndustryCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded: String = text.nfkc().take(12).filter(|c| !c.is_whitespace()).collect();
        let upper = folded.to_ascii_uppercase();
        let digits = upper.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let code = if digits.is_empty() { upper.as_str() } else { digits };
        let section_fits = digits.is_empty()
            || upper.len() == digits.len()
            || section_of(digits) == upper.get(..upper.len() - digits.len());
        match CLASSES.contains_key(code) && section_fits {
            true => Ok(Self(code.to_owned())),
            false => Err(IndustryCodeError { text: text.trim().chars().take(40).collect() }),
        }
    }
}

/// The section letter above a numeric class.
fn section_of(code: &str) -> Option<&'static str> {
    let (key, class) = CLASSES.get_key_value(code)?;
    if class.parent.is_empty() { Some(key) } else { section_of(class.parent) }
}

impl TryFrom<String> for IndustryCode {
    type Error = IndustryCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<IndustryCode> for String {
    fn from(code: IndustryCode) -> Self {
        code.0
    }
}

impl fmt::Display for IndustryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_knows_its_name_and_parent() {
        let code: IndustryCode = "C3841".parse().unwrap();
        assert_eq!((code.as_str(), code.name()), ("3841", "锂离子电池制造"));
        assert_eq!(code.parent().unwrap().as_str(), "384");
    }

    #[test]
    fn a_class_is_cut_to_its_levels() {
        let cut = |text: &str, level| text.parse::<IndustryCode>().unwrap().at(level).map(String::from);
        assert_eq!(cut("3841", IndustryLevel::Division).as_deref(), Some("38"));
        assert_eq!(cut("3841", IndustryLevel::Group).as_deref(), Some("384"));
        assert_eq!(cut("38", IndustryLevel::Group), None);
        assert_eq!(cut("C", IndustryLevel::Division), None);
        assert_eq!("3841".parse::<IndustryCode>().unwrap().section(), "C");
        assert_eq!(IndustryLevel::ALL.map(|level| IndustryCode::all(level).len()), [97, 473]);
    }

    #[test]
    fn a_class_of_another_edition_or_section_is_refused() {
        for text in ["A3841", "0000", "", "38411", "锂电池"] {
            assert!(text.parse::<IndustryCode>().is_err(), "{text}");
        }
    }
}
