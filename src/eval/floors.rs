//! Floors: what figures must not fall below.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use super::Metrics;
use crate::domain::Notice;

/// The least values of figures, by set: `{"a set": {"ndcg@10": 0.37}}`.
///
/// In JSON, which the program reads anyway; a number that is none, such as NaN, has no form in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Floors {
    /// Sets in the order of the file, each with its floors, of which there is at least one.
    pub sets: Vec<(String, Vec<Floor>)>,
}

/// The least value of one figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Floor {
    /// The figure: one of [`Metrics::rising`].
    pub figure: &'static str,
    /// The least value.
    pub least: f64,
}

/// How a figure stands to its floor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FloorResult {
    /// The set.
    pub set: String,
    /// The figure's name.
    pub figure: &'static str,
    /// Its value.
    pub value: f64,
    /// The floor.
    pub floor: f64,
    /// Whether the value reaches the floor.
    pub holds: bool,
}

/// A file of floors cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FloorsError {
    /// It is not of the form expected.
    #[error("expected {{\"set\": {{\"figure\": number}}}}: {reason}")]
    Malformed {
        /// What is wrong, with line and column.
        reason: String,
    },
    /// A floor is set for what is no figure, or for one that is not better when higher.
    #[error("set '{set}' has a floor for '{figure}': give one of {}", names().join(", "))]
    UnknownFigure {
        /// The set.
        set: String,
        /// What was given.
        figure: String,
    },
}

impl Notice for FloorsError {
    fn chinese(&self) -> String {
        match self {
            Self::Malformed { reason } => format!("应为 {{\"评测集\": {{\"指标\": 数}}}}（{reason}）"),
            Self::UnknownFigure { set, figure } => {
                format!("评测集“{set}”的指标“{figure}”不能设下限：应为 {} 之一", names().join("、"))
            }
        }
    }
}

/// The figures a floor can be set for.
fn names() -> Vec<&'static str> {
    Metrics::default().rising().map(|(name, _)| name).collect()
}

impl Floor {
    /// How a set's figures stand to this floor.
    #[must_use]
    pub fn held(&self, set: &str, metrics: &Metrics) -> FloorResult {
        let found = metrics.rising().find(|(name, _)| *name == self.figure);
        // A figure that is not there, or not a number, reaches no floor.
        let value = found.map_or(f64::NAN, |(_, value)| value);
        FloorResult { set: set.to_owned(), figure: self.figure, value, floor: self.least, holds: value >= self.least }
    }
}

impl FromStr for Floors {
    type Err = FloorsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let failed = |error: serde_json::Error| FloorsError::Malformed { reason: error.to_string() };
        let Pairs::<Pairs<f64>>(sets) = serde_json::from_str(text).map_err(failed)?;
        let mut floors = Vec::new();
        for (set, figures) in sets {
            let figures = figures.0.iter().map(|(name, least)| floor(&set, name, *least));
            floors.push((set.clone(), figures.collect::<Result<_, _>>()?));
        }
        Ok(Self { sets: floors })
    }
}

fn floor(set: &str, name: &str, least: f64) -> Result<Floor, FloorsError> {
    let known = names().into_iter().find(|known| *known == name);
    let unknown = || FloorsError::UnknownFigure { set: set.to_owned(), figure: name.to_owned() };
    known.map(|figure| Floor { figure, least }).ok_or_else(unknown)
}

/// An object in the order of the file, without repeated names and not empty: a floor that is overwritten or not there
/// would hold nothing up.
struct Pairs<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfPairs<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OfPairs<T> {
            type Value = Pairs<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs: Vec<(String, T)> = Vec::new();
                while let Some((name, value)) = map.next_entry()? {
                    if pairs.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom(format!("'{name}' stands twice")));
                    }
                    pairs.push((name, value));
                }
                if pairs.is_empty() { Err(A::Error::custom("an object is empty")) } else { Ok(Pairs(pairs)) }
            }
        }
        deserializer.deserialize_map(OfPairs(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_holds_at_its_floor_and_fails_below() {
        let floors: Floors = r#"{"one": {"mrr": 0, "novelty@20": 0.5}, "two": {"ndcg@10": 0.37}}"#.parse().unwrap();
        let metrics = Metrics::default();
        let results: Vec<_> = floors.sets[0].1.iter().map(|floor| floor.held("one", &metrics)).collect();
        assert_eq!(
            results.iter().map(|result| (result.figure, result.holds)).collect::<Vec<_>>(),
            [("mrr", true), ("novelty@20", false)]
        );
        assert_eq!(floors.sets[1], ("two".to_owned(), vec![Floor { figure: "ndcg@10", least: 0.37 }]));
    }

    #[test]
    fn what_would_hold_nothing_up_is_refused_and_named() {
        for (text, named) in [
            (r#"{"s": {"ndcg@11": 0.3}}"#, "ndcg@11"),
            (r#"{"s": {"exposure-gini@20": 0.3}}"#, "exposure-gini@20"),
            (r#"{"s": {"mrr": NaN}}"#, "line 1 column 15"),
            (r#"{"s": {"mrr": 1e999}}"#, "out of range"),
            (r#"{"s": {"mrr": "0.3"}}"#, "line 1"),
            (r#"{"s": {"mrr": 0.3, "mrr": 0.1}}"#, "'mrr' stands twice"),
            (r#"{"s": {"mrr": 0.3}, "s": {"map": 0.1}}"#, "'s' stands twice"),
            (r#"{"s": {}}"#, "empty"),
            ("{}", "empty"),
            ("", "EOF"),
        ] {
            let error = text.parse::<Floors>().unwrap_err();
            assert!(error.to_string().contains(named) && error.chinese().contains(named), "{text}: {error}");
        }
    }
}
