//! How much each judgement counts where judgements were not made evenly.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::str::FromStr;

use thiserror::Error;

/// The most that a weight may be.
const LARGEST: f64 = 1_000.0;

/// For how many of its kind a judgement stands, by query and listing: 1 where nothing else is said. Judgements that come from
/// feedback are made more often at the first places of lists than further down; see `feedback`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JudgementWeights(BTreeMap<String, BTreeMap<String, f64>>);

/// A line is not of the form `query listing weight` with a weight above 0 and at most 1,000, or repeats an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("line {line} of the weights: expected 'query listing weight', once for each pair, with a weight above 0")]
pub struct WeightsError {
    /// The line, from 1.
    pub line: usize,
}

impl JudgementWeights {
    /// The weight of a judgement.
    #[must_use]
    pub fn get(&self, query: &str, listing: &str) -> f64 {
        self.0.get(query).and_then(|of| of.get(listing)).copied().unwrap_or(1.0)
    }

    /// Keeps a weight.
    pub fn insert(&mut self, query: &str, listing: &str, weight: f64) {
        self.0.entry(query.to_owned()).or_default().insert(listing.to_owned(), weight);
    }

    /// The lines it is read from, in the order of queries and listings.
    #[must_use]
    pub fn lines(&self) -> String {
        let mut lines = String::new();
        for (query, of) in &self.0 {
            of.iter().for_each(|(listing, weight)| _ = writeln!(lines, "{query} {listing} {weight:?}"));
        }
        lines
    }
}

impl FromStr for JudgementWeights {
    type Err = WeightsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut this = Self::default();
        for (line, content) in (1..).zip(text.lines()).filter(|(_, content)| !content.trim().is_empty()) {
            let cells: Vec<&str> = content.split_whitespace().collect();
            let [query, listing, weight] = cells[..] else { return Err(WeightsError { line }) };
            let weight = weight.parse().ok().filter(|weight| *weight > 0.0 && *weight <= LARGEST);
            let of = this.0.entry(query.to_owned()).or_default();
            if of.insert(listing.to_owned(), weight.ok_or(WeightsError { line })?).is_some() {
                return Err(WeightsError { line });
            }
        }
        Ok(this)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_what_is_not_said_is_one() {
        let mut weights = JudgementWeights::default();
        weights.insert("q", "b", 2.5);
        weights.insert("q", "a", 1.0 / 3.0);
        assert_eq!(weights.lines(), "q a 0.3333333333333333\nq b 2.5\n");
        assert_eq!(weights.lines().parse(), Ok(weights.clone()));
        assert_eq!((weights.get("q", "b"), weights.get("q", "c")), (2.5, 1.0));
    }

    #[test]
    fn a_line_that_is_no_weight_is_named() {
        for (text, line) in
            [("q a", 1), ("q a 1\nq b NaN", 2), ("q a 0", 1), ("q a inf", 1), ("q a 2\n\nq a 2", 3), ("q a -1", 1)]
        {
            assert_eq!(text.parse::<JudgementWeights>(), Err(WeightsError { line }), "{text}");
        }
    }
}
