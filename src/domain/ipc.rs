//! Symbols of the International Patent Classification.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use super::Notice;

/// A level of the classification, from coarse to fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IpcLevel {
    /// 部: `H`.
    Section,
    /// 大类: `H01`.
    Class,
    /// 小类: `H01M`.
    Subclass,
    /// 大组: `H01M10`.
    MainGroup,
    /// 小组: `H01M10/0525`.
    Group,
}

impl IpcLevel {
    /// All levels, coarse to fine.
    pub const ALL: [Self; 5] = [Self::Section, Self::Class, Self::Subclass, Self::MainGroup, Self::Group];

    /// The Chinese name of the level.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Section => "部",
            Self::Class => "大类",
            Self::Subclass => "小类",
            Self::MainGroup => "大组",
            Self::Group => "小组",
        }
    }
}

/// An IPC symbol at subclass level or below, such as `H01M` or `H01M10/0525`.
///
/// Accepted on input and never stored: blanks (`H01M 10/0525`), the padded form (`H01M0010/0525`), a version or
/// position mark behind it (`(2010.01)I`), lower case, full-width characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = "H01M10/0525")]
pub struct IpcCode(String);

/// The text is not an IPC symbol.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{text}' is not an IPC symbol: expected a form such as H01M10/0525 or H01M")]
pub struct IpcError {
    /// The text as given, shortened.
    pub text: String,
}

impl Notice for IpcError {
    fn chinese(&self) -> String {
        format!("“{}”不是 IPC 分类号：应如 H01M10/0525 或 H01M", self.text)
    }
}

impl IpcCode {
    /// The symbol as stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The subclass, always four characters: `H01M`.
    #[must_use]
    pub fn subclass(&self) -> &str {
        &self.0[..4]
    }

    /// The symbol cut to a level; `None` when it is coarser than that.
    #[must_use]
    pub fn at(&self, level: IpcLevel) -> Option<&str> {
        let slash = self.0.find('/');
        match level {
            IpcLevel::Section => Some(&self.0[..1]),
            IpcLevel::Class => Some(&self.0[..3]),
            IpcLevel::Subclass => Some(&self.0[..4]),
            IpcLevel::MainGroup => slash.map(|end| &self.0[..end]),
            IpcLevel::Group => slash.map(|_| self.0.as_str()),
        }
    }

    /// The official Chinese title of a section, class, subclass or main group (`H01M10`), without its notes in brackets.
    ///
    /// `None` for groups below, and where the 2026.01 edition has no such class.
    #[must_use]
    pub fn title(symbol: &str) -> Option<&'static str> {
        TITLES.get(symbol).copied()
    }

    /// Every subclass and main group of the 2026.01 edition with its Chinese title, in order of symbol.
    pub fn titles() -> impl Iterator<Item = (Self, &'static str)> {
        static SORTED: LazyLock<Vec<(IpcCode, &'static str)>> = LazyLock::new(|| {
            let symbol = |symbol: &&'static str| match symbol.len() {
                ..4 => None,
                4 => Some(IpcCode((*symbol).to_owned())),
                _ => Some(IpcCode(format!("{symbol}/00"))),
            };
            let mut titles: Vec<_> = TITLES.iter().filter_map(|(code, title)| Some((symbol(code)?, *title))).collect();
            titles.sort_unstable();
            titles
        });
        SORTED.iter().cloned()
    }
}

/// Section, class, subclass and main group titles by symbol.
static TITLES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let upper = include_str!("../../data/taxonomy/ipc_titles.csv").lines().skip(1);
    let groups = include_str!("../../data/taxonomy/ipc_main_groups.csv").lines().skip(1);
    upper
        .chain(groups)
        .filter_map(|row| row.split_once(','))
        .map(|(code, title)| (code, without_notes(title)))
        .collect()
});

/// Cuts a title at its first note in brackets.
fn without_notes(title: &'static str) -> &'static str {
    let title = title.trim_matches('"');
    title.split(['（', '(']).next().map_or(title, |t| t.trim_end_matches(['；', ' ']))
}

impl FromStr for IpcCode {
    type Err = IpcError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded: String = text.nfkc().take(40).collect::<String>().to_ascii_uppercase();
        let bare = folded.split('(').next().unwrap_or_default();
        let bare: String = bare.chars().filter(|c| !c.is_whitespace()).collect();
        parse_bare(&bare).ok_or_else(|| IpcError { text: text.trim().chars().take(40).collect() })
    }
}

fn parse_bare(bare: &str) -> Option<IpcCode> {
    let bytes = bare.as_bytes();
    let [b'A'..=b'H', b'0'..=b'9', b'0'..=b'9', b'A'..=b'Z', rest @ ..] = bytes else { return None };
    let rest = std::str::from_utf8(rest).ok()?.trim_start_matches('-');
    if rest.is_empty() {
        return Some(IpcCode(bare[..4].to_owned()));
    }
    let (main, sub) = rest.split_once('/')?;
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let main = if all_digits(main) { main.trim_start_matches('0') } else { return None };
    let fits = (1..=4).contains(&main.len()) && (2..=6).contains(&sub.len()) && all_digits(sub);
    fits.then(|| IpcCode(format!("{}{main}/{sub}", &bare[..4])))
}

impl TryFrom<String> for IpcCode {
    type Error = IpcError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<IpcCode> for String {
    fn from(code: IpcCode) -> Self {
        code.0
    }
}

impl fmt::Display for IpcCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_published_form_is_one_symbol() {
        for text in ["H01M10/0525", "H01M 10/0525", "h01m0010/0525", "Ｈ０１Ｍ１０／０５２５", "H01M10/0525(2010.01)I"]
        {
            assert_eq!(text.parse::<IpcCode>().unwrap().as_str(), "H01M10/0525", "{text}");
        }
        assert_eq!("H01M".parse::<IpcCode>().unwrap().at(IpcLevel::MainGroup), None);
    }

    #[test]
    fn each_level_is_a_cut_of_the_symbol() {
        let code: IpcCode = "H01M10/0525".parse().unwrap();
        let cuts: Vec<_> = IpcLevel::ALL.iter().filter_map(|&level| code.at(level)).collect();
        assert_eq!(cuts, ["H", "H01", "H01M", "H01M10", "H01M10/0525"]);
    }

    #[test]
    fn what_is_not_a_symbol_is_refused() {
        for text in ["", "X01M10/05", "H01", "H01M10", "H01M/05", "LOC 14-03", "H01M10/05A"] {
            assert!(text.parse::<IpcCode>().is_err(), "{text}");
        }
    }

    #[test]
    fn titles_come_without_their_notes() {
        assert_eq!(IpcCode::title("H01L"), Some("半导体器件；其他类目中不包括的电固体器件"));
        assert_eq!(IpcCode::title("A01C"), Some("种植；播种；施肥"));
        assert_eq!(IpcCode::title("A01B1"), Some("手动工具"));
        let titles: Vec<_> = IpcCode::titles().collect();
        assert!(titles.len() > 8_000 && titles.is_sorted() && titles.iter().all(|(_, title)| !title.is_empty()));
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_parses_reads_back(text in "[A-Ha-h]?[0-9]{0,2}[A-Z]?[ 0-9/]{0,12}\\PC{0,6}") {
            if let Ok(code) = text.parse::<IpcCode>() {
                prop_assert_eq!(code.as_str().parse::<IpcCode>().unwrap(), code);
            }
        }
    }
}
