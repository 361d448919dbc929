//! Chinese patent application numbers and their check character.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::Notice;

/// What a patent protects, read from the kind digit of its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PatentKind {
    /// 发明: an invention, protected for 20 years from filing.
    Invention,
    /// 实用新型: a utility model, 10 years.
    UtilityModel,
    /// 外观设计: a design, 15 years.
    Design,
}

impl PatentKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Invention, Self::UtilityModel, Self::Design];

    /// The Chinese name used on forms.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Invention => "发明",
            Self::UtilityModel => "实用新型",
            Self::Design => "外观设计",
        }
    }

    /// Years of protection from the filing date (Patent Law 2020, article 42).
    #[must_use]
    pub fn term_years(self) -> i32 {
        match self {
            Self::Invention => 20,
            Self::UtilityModel => 10,
            Self::Design => 15,
        }
    }
}

/// A Chinese patent application number in the form `201710601862.3`.
///
/// Twelve digits (4 year, 1 kind, 7 serial), or eight for filings before October 2003 (2 year, 1 kind, 5 serial), and
/// one check character. Accepted on input and never stored: the `ZL` and `CN` prefixes, a missing dot, blanks,
/// full-width characters.
///
/// Source: CNIPA standard ZC 0006-2003.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = r"^([0-9]{8}|[0-9]{12})\.[0-9X]$", example = "201710601862.3")]
pub struct ApplicationNumber(String);

/// An application number as one integer: a 1, then its digits without the check character, which follows from them.
///
/// Two keys are equal where the numbers are, and only there: the 1 in front keeps short numbers apart from long ones that
/// begin with noughts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NumberKey(NonZeroU64);

/// Why a text is not an application number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ApplicationNumberError {
    /// Not eight or twelve digits followed by a check character.
    #[error("'{text}' is not a patent number: expected 12 digits and a check character, such as 201710601862.3")]
    Form {
        /// The text as given, shortened.
        text: String,
    },
    /// The kind digit names no kind of patent.
    #[error("'{text}' is not a patent number: kind digit '{digit}' is not one of 1, 2, 3, 8, 9")]
    Kind {
        /// The text as given, shortened.
        text: String,
        /// The digit found.
        digit: char,
    },
    /// The check character does not fit the digits.
    #[error("patent number '{text}' has check character '{found}', its digits ask for '{expected}'")]
    Check {
        /// The text as given, shortened.
        text: String,
        /// The character found.
        found: char,
        /// The character the digits ask for.
        expected: char,
    },
}

impl Notice for ApplicationNumberError {
    fn chinese(&self) -> String {
        match self {
            Self::Form { text } => format!("“{text}”不是专利号：应为12位数字加校验位，如 201710601862.3"),
            Self::Kind { text, digit } => format!("“{text}”不是专利号：种类号“{digit}”应为 1、2、3、8 或 9"),
            Self::Check { text, found, expected } => {
                format!("专利号“{text}”校验位为“{found}”，按号码应为“{expected}”，请核对")
            }
        }
    }
}

impl ApplicationNumber {
    /// Puts the right check character behind eight or twelve digits; `None` when they are not a number's digits.
    #[must_use]
    pub fn from_body(body: &str) -> Option<Self> {
        Self::from_str(&format!("{body}{}", check_character(body)?)).ok()
    }

    /// The kind of patent, from the kind digit (8 and 9 are PCT inventions and utility models).
    #[must_use]
    pub fn kind(&self) -> PatentKind {
        match kind_digit(&self.0) {
            '2' | '9' => PatentKind::UtilityModel,
            '3' => PatentKind::Design,
            _ => PatentKind::Invention,
        }
    }

    /// The number as one integer, for comparing many.
    #[must_use]
    pub fn key(&self) -> NumberKey {
        const TEN: NonZeroU64 = NonZeroU64::MIN.saturating_add(9);
        let body = self.0.bytes().take_while(u8::is_ascii_digit);
        NumberKey(
            body.fold(NonZeroU64::MIN, |key, digit| key.saturating_mul(TEN).saturating_add(u64::from(digit - b'0'))),
        )
    }

    /// The number as stored and shown, with the dot: `201710601862.3`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ApplicationNumber {
    type Err = ApplicationNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded: String = text.nfkc().take(40).filter(|c| !c.is_whitespace() && *c != '.').collect();
        let upper = folded.to_ascii_uppercase();
        let bare = upper.strip_prefix("ZL").unwrap_or(&upper);
        let bare = bare.strip_prefix("CN").unwrap_or(bare);
        let shown = || text.trim().chars().take(40).collect::<String>();
        let (Some(found), true) = (bare.chars().last(), matches!(bare.len(), 9 | 13) && bare.is_ascii()) else {
            return Err(ApplicationNumberError::Form { text: shown() });
        };
        let body = &bare[..bare.len() - 1];
        let Some(expected) = check_character(body).filter(|_| found.is_ascii_digit() || found == 'X') else {
            return Err(ApplicationNumberError::Form { text: shown() });
        };
        let digit = kind_digit(body);
        if !matches!(digit, '1' | '2' | '3' | '8' | '9') {
            return Err(ApplicationNumberError::Kind { text: shown(), digit });
        }
        if found != expected {
            return Err(ApplicationNumberError::Check { text: shown(), found, expected });
        }
        Ok(Self(format!("{body}.{found}")))
    }
}

impl TryFrom<String> for ApplicationNumber {
    type Error = ApplicationNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ApplicationNumber> for String {
    fn from(number: ApplicationNumber) -> Self {
        number.0
    }
}

impl fmt::Display for ApplicationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kind digit stands fifth in the long form and third in the short one.
fn kind_digit(body: &str) -> char {
    let at = if body.len() >= 12 { 4 } else { 2 };
    body.chars().nth(at).unwrap_or('0')
}

/// Weighted sum modulo 11, weights 2 to 9 repeating; 10 is written `X` (ZC 0006-2003).
fn check_character(body: &str) -> Option<char> {
    if !matches!(body.len(), 8 | 12) {
        return None;
    }
    let mut sum = 0;
    for (position, c) in body.chars().enumerate() {
        sum += c.to_digit(10)? * (2 + position as u32 % 8);
    }
    Some(char::from_digit(sum % 11, 10).unwrap_or('X'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn real_numbers_are_accepted_in_every_form_people_write() {
        for text in [
            "201710117081.7",
            "CN201710117081.7",
            "ZL 2017 1 0117081.7",
            "ＺＬ２０１７１０１１７０８１．７",
            "200610038589X",
            "200610038589x",
        ] {
            assert!(text.parse::<ApplicationNumber>().is_ok(), "{text}");
        }
        assert_eq!("ZL2017101170817".parse::<ApplicationNumber>().unwrap().as_str(), "201710117081.7");
    }

    #[test]
    fn a_wrong_check_character_says_what_was_expected() {
        let error = "201710117081.8".parse::<ApplicationNumber>().unwrap_err();
        assert_eq!(error, ApplicationNumberError::Check { text: "201710117081.8".into(), found: '8', expected: '7' });
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_caught_by_the_check_character(
            year in 1985u32..2030, kind in prop::sample::select(vec![1u32, 2, 3]), serial in 0u32..10_000_000, at in 0usize..12, by in 1u32..10,
        ) {
            let body = format!("{year:04}{kind}{serial:07}");
            let right = ApplicationNumber::from_body(&body).unwrap();
            let mut digits: Vec<u32> = body.chars().filter_map(|c| c.to_digit(10)).collect();
            digits[at] = (digits[at] + by) % 10;
            let wrong: String = digits.iter().map(u32::to_string).collect::<String>() + &right.as_str()[13..];
            prop_assert!(wrong.parse::<ApplicationNumber>().is_err());
            prop_assert_eq!(right.as_str().parse::<ApplicationNumber>().unwrap(), right);
        }

        #[test]
        fn two_numbers_have_one_key_only_if_they_are_the_same(
            a in "(0000)?[0-9]{2}[12389][0-9]{5}", b in "(0000)?[0-9]{2}[12389][0-9]{5}",
        ) {
            // Twelve digits that begin with four noughts have their kind digit fifth.
            let number = |body: &str| ApplicationNumber::from_body(body);
            if let (Some(a), Some(b)) = (number(&a), number(&b)) {
                prop_assert_eq!(a.key() == b.key(), a == b);
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<ApplicationNumber>();
        }
    }
}
