//! Unified social credit codes (统一社会信用代码) and their check character.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::{DivisionCode, Notice};

/// The 31 characters of a credit code in value order: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// An 18-character unified social credit code, such as `91440300192317458F`.
///
/// Two characters for authority and kind, six digits of a division, nine for the organisation, one check character.
/// Accepted on input and never stored: lower case, blanks, hyphens, full-width characters.
///
/// Source: GB 32100-2015.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = r"^[0-9A-HJ-NP-RTUWXY]{18}$")]
pub struct CreditCode(String);

/// Why a text is not a credit code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CreditCodeError {
    /// Not 18 characters of the code's alphabet with a six-digit division.
    #[error("'{text}' is not a credit code: expected 18 digits and capitals without I, O, S, V, Z")]
    Form {
        /// The text as given, shortened.
        text: String,
    },
    /// The check character does not fit the rest.
    #[error("credit code '{text}' ends in '{found}', its first 17 characters ask for '{expected}'")]
    Check {
        /// The text as given, shortened.
        text: String,
        /// The character found.
        found: char,
        /// The character the others ask for.
        expected: char,
    },
}

impl Notice for CreditCodeError {
    fn chinese(&self) -> String {
        match self {
            Self::Form { text } => {
                format!("“{text}”不是统一社会信用代码：应为18位数字或大写字母（不含 I、O、S、V、Z）")
            }
            Self::Check { text, found, expected } => {
                format!("统一社会信用代码“{text}”校验位为“{found}”，按前17位应为“{expected}”，请核对")
            }
        }
    }
}

impl CreditCode {
    /// The code as stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The division whose authority gave the code (its third to eighth characters); `None` for one that is no more.
    #[must_use]
    pub fn division(&self) -> Option<DivisionCode> {
        let digits = self.0.get(2..8)?;
        // A division that was merged away is still in its province.
        digits.parse().or_else(|_| digits.get(..2).unwrap_or_default().parse()).ok()
    }
}

impl FromStr for CreditCode {
    type Err = CreditCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded: String = text.nfkc().take(40).filter(|c| !c.is_whitespace() && *c != '-').collect();
        let code = folded.to_ascii_uppercase();
        let shown = || text.trim().chars().take(40).collect::<String>();
        let division_is_digits = code.get(2..8).is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit()));
        let expected = code.get(..17).and_then(check_character);
        let found = code.chars().nth(17).filter(|c| ALPHABET.contains(&(*c as u8)));
        let (18, true, Some(expected), Some(found)) = (code.len(), division_is_digits, expected, found) else {
            return Err(CreditCodeError::Form { text: shown() });
        };
        if found != expected {
            return Err(CreditCodeError::Check { text: shown(), found, expected });
        }
        Ok(Self(code))
    }
}

impl TryFrom<String> for CreditCode {
    type Error = CreditCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> Self {
        code.0
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `(31 − Σ value · 3^position mod 31) mod 31` over the first 17 characters (GB 32100-2015, annex A).
fn check_character(first17: &str) -> Option<char> {
    let (mut sum, mut weight) = (0, 1);
    for byte in first17.bytes() {
        sum += ALPHABET.iter().position(|&a| a == byte)? * weight;
        weight = weight * 3 % 31;
    }
    Some(char::from(ALPHABET[(31 - sum % 31) % 31]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn real_codes_are_accepted_in_every_form_people_write() {
        for text in [
            "91440300192317458F",
            " 9144030019-2317458f ",
            "９１４４０３００１９２３１７４５８Ｆ",
            "9142000071451795XA",
        ] {
            assert!(text.parse::<CreditCode>().is_ok(), "{text}");
        }
    }

    #[test]
    fn a_wrong_check_character_says_what_was_expected() {
        let error = "91330100799655058C".parse::<CreditCode>().unwrap_err();
        assert_eq!(error, CreditCodeError::Check { text: "91330100799655058C".into(), found: 'C', expected: 'B' });
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_caught(body in "9[1-3][0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}", at in 8usize..17, by in 1usize..31) {
            let right = format!("{body}{}", check_character(&body).unwrap());
            prop_assert!(right.parse::<CreditCode>().is_ok());
            let mut bytes = right.into_bytes();
            let value = ALPHABET.iter().position(|&a| a == bytes[at]).unwrap();
            bytes[at] = ALPHABET[(value + by) % 31];
            prop_assert!(String::from_utf8(bytes).unwrap().parse::<CreditCode>().is_err());
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<CreditCode>();
        }
    }
}
