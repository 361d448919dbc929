//! Floors and ceilings: what figures must not fall below, or not rise above.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use super::Metrics;
use crate::domain::Notice;

/// The least, or the most, that figures may be, by set: `{"a set": {"ndcg@10": 0.37, "exposure-gini@20": {"most": 0.9}}}`.
///
/// In JSON, which the program reads anyway; a number that is none, such as NaN, has no form in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Floors {
    /// Sets in the order of the file, each with its limits, of which there is at least one.
    pub sets: Vec<(String, Vec<Limited>)>,
}

/// A figure and its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limited {
    /// The figure: one of [`Metrics::rising`] with a floor, or of [`Metrics::falling`] with a ceiling.
    pub figure: &'static str,
    /// The limit.
    pub limit: Limit,
}

/// How far a figure may go.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub enum Limit {
    /// The least it may be: a floor.
    #[serde(rename = "floor")]
    Least(f64),
    /// The most it may be: a ceiling.
    #[serde(rename = "ceiling")]
    Most(f64),
}

/// How a figure stands to its limit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LimitResult {
    /// The set.
    pub set: String,
    /// The figure's name.
    pub figure: &'static str,
    /// Its value.
    pub value: f64,
    /// The limit.
    #[serde(flatten)]
    pub limit: Limit,
    /// Whether the value keeps to the limit.
    pub holds: bool,
}

/// A file of floors cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FloorsError {
    /// It is not of the form expected.
    #[error("expected {{\"set\": {{\"figure\": number}}}}, or {{\"most\": number}} for a ceiling: {reason}")]
    Malformed {
        /// What is wrong, with line and column.
        reason: String,
    },
    /// A limit is set for what is no figure, or a floor for one that is better when lower, or the other way round.
    #[error(
        "set '{set}' has a limit for '{figure}' that it cannot have: give a floor for one of {}, or a ceiling \
         ({{\"most\": number}}) for one of {}",
        rising().join(", "), falling().join(", ")
    )]
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
            Self::Malformed { reason } => {
                format!("应为 {{\"评测集\": {{\"指标\": 数}}}}，上限写作 {{\"most\": 数}}（{reason}）")
            }
            Self::UnknownFigure { set, figure } => format!(
                "评测集“{set}”的指标“{figure}”不能这样限定：可设下限的有 {}；可设上限（{{\"most\": 数}}）的有 {}",
                rising().join("、"),
                falling().join("、")
            ),
        }
    }
}

/// The figures a floor can be set for.
fn rising() -> Vec<&'static str> {
    Metrics::default().rising().map(|(name, _)| name).collect()
}

/// The figures a ceiling can be set for.
fn falling() -> Vec<&'static str> {
    Metrics::default().falling().map(|(name, _)| name).into()
}

impl Limit {
    /// How a value stands to this limit. What is not a number keeps to none.
    #[must_use]
    pub fn held(self, set: &str, figure: &'static str, value: f64) -> LimitResult {
        let holds = match self {
            Self::Least(least) => value >= least,
            Self::Most(most) => value <= most,
        };
        LimitResult { set: set.to_owned(), figure, value, limit: self, holds }
    }
}

impl Limited {
    /// How a set's figures stand to this limit.
    #[must_use]
    pub fn held(&self, set: &str, metrics: &Metrics) -> LimitResult {
        let found = metrics.rising().chain(metrics.falling()).find(|(name, _)| *name == self.figure);
        // A figure that is not there keeps to no limit.
        self.limit.held(set, self.figure, found.map_or(f64::NAN, |(_, value)| value))
    }
}

impl FromStr for Floors {
    type Err = FloorsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let failed = |error: serde_json::Error| FloorsError::Malformed { reason: error.to_string() };
        let Pairs::<Pairs<Written>>(sets) = serde_json::from_str(text).map_err(failed)?;
        let mut floors = Vec::new();
        for (set, figures) in sets {
            let figures = figures.0.iter().map(|(name, limit)| limited(&set, name, limit));
            floors.push((set.clone(), figures.collect::<Result<_, _>>()?));
        }
        Ok(Self { sets: floors })
    }
}

/// A limit as it is written: a floor as a number, a ceiling as an object that says so.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a number, or {\"most\": number}")]
enum Written {
    Least(f64),
    Most(Ceiling),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ceiling {
    most: f64,
}

fn limited(set: &str, name: &str, limit: &Written) -> Result<Limited, FloorsError> {
    let (limit, known) = match limit {
        Written::Least(least) => (Limit::Least(*least), rising()),
        Written::Most(Ceiling { most }) => (Limit::Most(*most), falling()),
    };
    let known = known.into_iter().find(|known| *known == name);
    let unknown = || FloorsError::UnknownFigure { set: set.to_owned(), figure: name.to_owned() };
    known.map(|figure| Limited { figure, limit }).ok_or_else(unknown)
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
    fn a_figure_holds_at_its_limit_and_fails_beyond() {
        let text =
            r#"{"one": {"mrr": 0, "novelty@20": 0.5, "exposure-gini@20": {"most": 0}}, "two": {"ndcg@10": 0.37}}"#;
        let floors: Floors = text.parse().unwrap();
        let mut metrics = Metrics::default();
        let held = |metrics: &Metrics| {
            let results = floors.sets[0].1.iter().map(|limited| limited.held("one", metrics));
            results.map(|result| (result.figure, result.holds)).collect::<Vec<_>>()
        };
        assert_eq!(held(&metrics), [("mrr", true), ("novelty@20", false), ("exposure-gini@20", true)]);
        metrics.lists.exposure_gini = 0.1;
        metrics.lists.novelty = 0.5;
        assert_eq!(held(&metrics), [("mrr", true), ("novelty@20", true), ("exposure-gini@20", false)]);
        let two = Limited { figure: "ndcg@10", limit: Limit::Least(0.37) };
        assert_eq!(floors.sets[1], ("two".to_owned(), vec![two]));
        let json = serde_json::to_value(Limit::Most(0.5).held("one", "mrr", f64::NAN)).unwrap();
        assert!(json["ceiling"] == 0.5 && json["holds"] == false, "{json}");
    }

    #[test]
    fn what_would_hold_nothing_up_is_refused_and_named() {
        for (text, named) in [
            (r#"{"s": {"ndcg@11": 0.3}}"#, "ndcg@11"),
            (r#"{"s": {"exposure-gini@20": 0.3}}"#, "exposure-gini@20"),
            (r#"{"s": {"mrr": {"most": 0.3}}}"#, "mrr"),
            (r#"{"s": {"exposure-gini@20": {"least": 0.3}}}"#, "line 1"),
            (r#"{"s": {"ineligible-served": {"most": 3}}}"#, "ineligible-served"),
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
