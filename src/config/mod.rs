//! Configuration: what an operator may change of matching, as one file that can be read and checked.
//!
//! In comes the text of a file in the form of `models/ranker/linear.toml`; out comes a [`Configuration`] that can be ranked
//! with, or the line that is wrong. Pure: where files lie, and which one is in force, is the business of `engine`.
//!
//! Not done here: what the numbers mean (`rank`, `retrieve`), finding better ones (`tune`).

mod about;
mod error;
mod form;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::rank::{ListPolicy, Weights};
use crate::retrieve::TextScoring;

pub use about::About;
pub use error::ConfigError;

/// The configuration that ships, with a remark on every number.
pub const SHIPPED: &str = include_str!("../../models/ranker/linear.toml");

/// What matching counts, and how much.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// Where it comes from, if it was proposed or put in force; of no effect on scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// What each reason adds.
    pub weights: Weights,
    /// How words and character pairs speak for a listing.
    pub text: TextScoring,
    /// How a list is made of the ranking. A file that says nothing of it means the ranking as it is.
    #[serde(default)]
    pub lists: ListPolicy,
}

/// How the names of the numbers begin by which lists are made.
const LISTS: &str = "lists.";

/// The least and the greatest that a number may be, by its section and name.
#[must_use]
pub fn range(name: &str) -> (f64, f64) {
    match name.split_once('.') {
        Some(("text", name)) => crate::retrieve::bm25f::range(name),
        Some(("lists", name)) => (0.0, ListPolicy::most(name)),
        _ => (0.0, f64::MAX),
    }
}

/// A number that differs between two configurations.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Its section and name, as in `weights.words`.
    pub name: String,
    /// In the first.
    pub a: f64,
    /// In the second.
    pub b: f64,
}

impl Configuration {
    /// This configuration, if it can be ranked with.
    ///
    /// # Errors
    /// [`ConfigError::Weight`], [`ConfigError::Text`] or [`ConfigError::Lists`] for the first number that is out of its range, infinite or NaN.
    pub fn checked(self) -> Result<Self, ConfigError> {
        let Self { about, weights, text, lists } = self;
        let weights = weights.checked().map_err(|source| ConfigError::Weight { line: None, source })?;
        let text = text.checked().map_err(|source| ConfigError::Text { line: None, source })?;
        let lists = lists.checked().map_err(|source| ConfigError::Lists { line: None, source })?;
        Ok(Self { about, weights, text, lists })
    }

    /// The form of `models/ranker/linear.toml`, with its remarks. Reads back the same.
    #[must_use]
    pub fn to_toml(&self) -> String {
        form::written(self)
    }

    /// Eight digits that name what the numbers are, whatever the remarks say: lists of one name may be compared.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.fingerprint_of(|_| true)
    }

    /// The same of those numbers alone that a ranking rests on: rankings of one name may be compared, however lists are
    /// made of them.
    #[must_use]
    pub fn ranking_fingerprint(&self) -> String {
        self.fingerprint_of(|name| !name.starts_with(LISTS))
    }

    /// Whether another ranks as this one does, and differs at most in how lists are made of it.
    #[must_use]
    pub fn ranks_as(&self, other: &Self) -> bool {
        self.weights == other.weights && self.text == other.text
    }

    fn fingerprint_of(&self, counts: impl Fn(&str) -> bool) -> String {
        let mut checksum = crc32fast::Hasher::new();
        for (name, value) in self.numbers().into_iter().filter(|(name, _)| counts(name)) {
            checksum.update(name.as_bytes());
            checksum.update(&value.to_bits().to_le_bytes());
        }
        format!("{:08x}", checksum.finalize())
    }

    /// Every number by its section and name, in the order of their declaration.
    #[must_use]
    pub fn numbers(&self) -> Vec<(String, f64)> {
        form::sections(self).into_iter().map(|(section, name, value)| (format!("{section}.{name}"), value)).collect()
    }

    /// This configuration with one number replaced, by its section and name; `None` if there is no such number or it cannot
    /// be ranked with.
    #[must_use]
    pub fn with(&self, name: &str, value: f64) -> Option<Self> {
        let (section, name) = name.split_once('.')?;
        let mut all = serde_json::to_value(self).ok()?;
        *all.get_mut(section)?.get_mut(name)? = value.into();
        serde_json::from_value::<Self>(all).ok()?.checked().ok()
    }

    /// The numbers in which this one and another differ.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let pairs = self.numbers().into_iter().zip(other.numbers());
        let differ = pairs.filter(|((_, a), (_, b))| a != b);
        differ.map(|((name, a), (_, b))| Difference { name, a, b }).collect()
    }
}

/// Reads a file in the form of `models/ranker/linear.toml`: every number by its name, and nothing else.
impl FromStr for Configuration {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        form::read(text)
    }
}
