//! Parts of the IPC, as concordances write them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{IpcCode, IpcLevel, Notice};

/// A part of the IPC as concordances write it: `C08*`, `H01M*`, `G06F11*` or one group, `G06F11/14`.
///
/// A star stands for all that lies below a class, subclass or main group. Behind a main group's number it is no
/// wildcard for further digits: `G06F1*` is the main group G06F1 and does not cover G06F11. The 2021 table of strategic
/// emerging industries says so by listing both side by side in more than a hundred of its lists. A group without a star is
/// that group alone, not the groups indented under it (the same table lists H01M10/052 beside H01M10/0525). A class,
/// subclass or main group that lacks its star is read as if it had one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IpcPattern(String);

/// The text is not a pattern of IPC symbols.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{text}' is not an IPC pattern: expected a form such as H01M*, H01M10* or H01M10/0525")]
pub struct IpcPatternError {
    /// The text as given, shortened.
    pub text: String,
}

impl Notice for IpcPatternError {
    fn chinese(&self) -> String {
        format!("“{}”不是 IPC 分类号范围：应如 H01M*、H01M10* 或 H01M10/0525", self.text)
    }
}

impl IpcPattern {
    /// Whether a symbol lies in this part. A symbol that is only a subclass does not lie in a main group.
    #[must_use]
    pub fn covers(&self, code: &IpcCode) -> bool {
        code.at(self.level()).is_some_and(|cut| cut == self.0)
    }

    /// What is covered, without the star: a class, subclass, main group or group.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The level of what is covered.
    #[must_use]
    pub fn level(&self) -> IpcLevel {
        match self.0.len() {
            3 => IpcLevel::Class,
            4 => IpcLevel::Subclass,
            _ if self.0.contains('/') => IpcLevel::Group,
            _ => IpcLevel::MainGroup,
        }
    }

    /// The main group that is covered, or that the group covered lies in; `None` above.
    #[must_use]
    pub fn main_group(&self) -> Option<&str> {
        match self.level() {
            IpcLevel::Group => self.0.split('/').next(),
            IpcLevel::MainGroup => Some(&self.0),
            _ => None,
        }
    }
}

impl FromStr for IpcPattern {
    type Err = IpcPatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parsed(&text.trim().to_ascii_uppercase())
            .ok_or_else(|| IpcPatternError { text: text.trim().chars().take(40).collect() })
    }
}

fn parsed(text: &str) -> Option<IpcPattern> {
    let bare = text.strip_suffix('*').unwrap_or(text);
    let is_class = matches!(bare.as_bytes(), [b'A'..=b'H', b'0'..=b'9', b'0'..=b'9', rest @ ..] if rest.first().is_none_or(u8::is_ascii_uppercase));
    // A star behind a group would be digits left open, or the groups under it: tables mean either, so it is refused.
    if !is_class || bare.contains('/') && bare.len() < text.len() {
        return None;
    }
    match bare.len() {
        3 | 4 => Some(IpcPattern(bare.to_owned())),
        _ if bare.contains('/') => bare.parse::<IpcCode>().ok().map(|code| IpcPattern(code.into())),
        _ => {
            let first_group: IpcCode = format!("{bare}/00").parse().ok()?;
            first_group.at(IpcLevel::MainGroup).map(|main_group| IpcPattern(main_group.to_owned()))
        }
    }
}

impl TryFrom<String> for IpcPattern {
    type Error = IpcPatternError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<IpcPattern> for String {
    fn from(pattern: IpcPattern) -> Self {
        pattern.to_string()
    }
}

impl fmt::Display for IpcPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let star = if self.level() == IpcLevel::Group { "" } else { "*" };
        write!(f, "{}{star}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn covers(pattern: &str, symbol: &str) -> bool {
        pattern.parse::<IpcPattern>().unwrap().covers(&symbol.parse().unwrap())
    }

    #[test]
    fn a_star_behind_a_main_group_is_that_main_group_alone() {
        assert!(covers("G06F11*", "G06F11/14") && covers("G06F1*", "G06F1/16"));
        assert!(!covers("G06F1*", "G06F11/14"), "a further digit is another main group");
        assert!(!covers("G06F11*", "G06F1/16"));
    }

    #[test]
    fn a_class_or_subclass_covers_all_below_it() {
        assert!(covers("C08*", "C08L83/07") && covers("B41J*", "B41J2/01") && covers("G16H", "G16H50/20"));
        assert!(covers("H01M*", "H01M") && !covers("H01M10*", "H01M"), "a bare subclass is not in a main group");
    }

    #[test]
    fn a_group_covers_itself_alone() {
        assert!(covers("H01M10/052", "H01M10/052"));
        assert!(!covers("H01M10/052", "H01M10/0525") && !covers("H01M10/00", "H01M10/0525"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["", "*", "H*", "H0*", "H01m1*0", "H01M10/05*", "X01M*", "H01M12345*", "01M*", "H01é*"] {
            assert!(text.parse::<IpcPattern>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_parses_reads_back(text in "[A-Ha-h]?[0-9]{0,3}[A-Z]?[0-9]{0,5}[/*]{0,2}[0-9]{0,4}\\PC{0,3}") {
            if let Ok(pattern) = text.parse::<IpcPattern>() {
                prop_assert_eq!(pattern.to_string().parse::<IpcPattern>().unwrap(), pattern);
            }
        }
    }
}
