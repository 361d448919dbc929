//! Where a link comes from.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::BridgeError;

/// One kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Patents whose industries are known.
    Pairs,
    /// The concordance of strategic emerging industries.
    Table,
    /// Words that the titles of both classifications share.
    Titles,
}

impl Source {
    /// All sources, the best first.
    pub const ALL: [Self; 3] = [Self::Pairs, Self::Table, Self::Titles];

    /// The word it goes by in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pairs => "pairs",
            Self::Table => "table",
            Self::Titles => "titles",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Pairs => "专利实例",
            Self::Table => "参照关系表",
            Self::Titles => "类名相似",
        }
    }
}

/// The sources that make up a link's weight, each at least a tenth of it. Written `pairs+table`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Sources([bool; 3]);

/// The least share of a weight that a source must give to be named.
const NAMED: f64 = 0.1;

impl Sources {
    /// The sources of a weight by what each gives to it, in the order of [`Source::ALL`].
    pub(super) fn of(parts: [f64; 3]) -> Self {
        let whole: f64 = parts.iter().sum();
        Self(parts.map(|part| part > 0.0 && part >= NAMED * whole))
    }

    /// Both together.
    pub(super) fn with(self, other: Self) -> Self {
        Self(std::array::from_fn(|source| self.0[source] || other.0[source]))
    }

    /// Whether a source is among them.
    #[must_use]
    pub fn has(self, source: Source) -> bool {
        self.iter().any(|named| named == source)
    }

    /// The sources, the best first.
    pub fn iter(self) -> impl Iterator<Item = Source> {
        Source::ALL.into_iter().zip(self.0).filter_map(|(source, named)| named.then_some(source))
    }
}

impl fmt::Display for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.iter().map(Source::word).collect();
        f.write_str(&words.join("+"))
    }
}

impl FromStr for Sources {
    type Err = BridgeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut sources = Self::default();
        for word in text.split('+') {
            let place = Source::ALL.iter().position(|source| source.word() == word);
            let place = place.ok_or_else(|| BridgeError::Sources { text: text.chars().take(40).collect() })?;
            sources.0[place] = true;
        }
        Ok(sources)
    }
}

impl Serialize for Sources {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Source::word))
    }
}
