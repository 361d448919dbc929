//! Chinese patent publication numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::{Notice, PatentKind};

/// A Chinese publication number such as `CN109996757A`: `CN`, 7 to 9 digits, a kind letter, perhaps a digit.
///
/// Source: CNIPA standard ZC 0007-2012. It has no check character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "CN107394091B")]
pub struct PublicationNumber(String);

/// The text is not a Chinese publication number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{text}' is not a publication number: expected a form such as CN109996757A")]
pub struct PublicationNumberError {
    /// The text as given, shortened.
    pub text: String,
}

impl Notice for PublicationNumberError {
    fn chinese(&self) -> String {
        format!("“{}”不是公开（公告）号：应如 CN109996757A", self.text)
    }
}

impl PublicationNumber {
    /// The number as stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number by which an invention's application (`CN119134906A`) and its grant (`CN119134906B`) are one document,
    /// `CN119134906`: since 2010 both have the same nine digits. Any other number stands for itself.
    #[must_use]
    pub fn document(&self) -> &str {
        match self.0.strip_suffix(['A', 'B', 'C']) {
            Some(document) if document.len() == 11 => document,
            _ => &self.0,
        }
    }

    /// The kind of patent: A, B, C are inventions, U and Y utility models, D and S designs.
    #[must_use]
    pub fn kind(&self) -> PatentKind {
        match self.0.trim_end_matches(|c: char| c.is_ascii_digit()).chars().last() {
            Some('U' | 'Y') => PatentKind::UtilityModel,
            Some('D' | 'S') => PatentKind::Design,
            _ => PatentKind::Invention,
        }
    }
}

impl FromStr for PublicationNumber {
    type Err = PublicationNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded: String = text.nfkc().take(40).filter(|c| !c.is_whitespace()).collect();
        let upper = folded.to_ascii_uppercase();
        let refused = || PublicationNumberError { text: text.trim().chars().take(40).collect() };
        let rest = upper.strip_prefix("CN").ok_or_else(refused)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let kind = rest.as_bytes().get(digits..).unwrap_or_default();
        let kind_is_right =
            matches!(kind, [b'A' | b'B' | b'C' | b'U' | b'Y' | b'D' | b'S'] | [b'A'..=b'Z', b'0'..=b'9']);
        if !(7..=9).contains(&digits) || !kind_is_right {
            return Err(refused());
        }
        Ok(Self(upper))
    }
}

impl TryFrom<String> for PublicationNumber {
    type Error = PublicationNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PublicationNumber> for String {
    fn from(number: PublicationNumber) -> Self {
        number.0
    }
}

impl fmt::Display for PublicationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_letter_tells_the_kind_of_patent() {
        for (text, kind) in [
            ("CN109996757A", PatentKind::Invention),
            ("cn 201886762 u", PatentKind::UtilityModel),
            ("CN303143741S", PatentKind::Design),
        ] {
            assert_eq!(text.parse::<PublicationNumber>().unwrap().kind(), kind);
        }
    }

    #[test]
    fn application_and_grant_are_one_document() {
        let document = |text: &str| text.parse::<PublicationNumber>().unwrap().document().to_owned();
        assert_eq!(document("CN119134906A"), document("CN119134906B"));
        assert_ne!(document("CN209079626U"), "CN209079626");
        assert_eq!(document("CN1815552B"), "CN1815552B");
    }

    #[test]
    fn a_number_without_country_or_kind_is_refused() {
        for text in ["109996757A", "CN109996757", "CN12A", "", "ＣＮ1099９67570011A"] {
            assert!(text.parse::<PublicationNumber>().is_err(), "{text}");
        }
    }
}
