//! One query's ranking beside its judgements.

use std::collections::{BTreeMap, BTreeSet};

use super::JudgedSet;
use crate::domain::{ListingId, Score};

/// How deep a ranking is read.
pub(super) const DEPTH: usize = 1000;

/// What the measures of one query look at.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// Grades of the listings ranked, best first; `None` where nobody has judged.
    pub grades: Vec<Option<u8>>,
    /// Grades of all relevant listings, the highest first; not empty.
    pub relevant: Vec<u8>,
    /// Whether the listings ranked are of a main class that a relevant listing has.
    pub in_class: Vec<bool>,
    /// Grades times weights of the listings ranked, best first; zero where nobody has judged.
    pub weighted: Vec<f64>,
    /// Those of all relevant listings, the highest first.
    pub relevant_weighted: Vec<f64>,
}

impl Answer {
    /// A ranking, read to [`DEPTH`], beside the grades of its query.
    pub(super) fn of(
        set: &JudgedSet,
        (query, grades): (&str, &BTreeMap<String, u8>),
        ranking: &[(ListingId, Score)],
    ) -> Self {
        let mut relevant: Vec<u8> = grades.values().copied().filter(|grade| *grade > 0).collect();
        relevant.sort_unstable_by(|a, b| b.cmp(a));
        let gain = |id: &str| grades.get(id).map_or(0.0, |grade| f64::from(*grade) * set.weights.get(query, id));
        let mut relevant_weighted: Vec<f64> = grades.keys().map(|id| gain(id)).filter(|gain| *gain > 0.0).collect();
        relevant_weighted.sort_unstable_by(|a, b| b.total_cmp(a));
        let main_class = |id: &str| set.listings.get(id).and_then(|facts| facts.main_class.as_deref());
        let classes: BTreeSet<&str> =
            grades.iter().filter(|(_, grade)| **grade > 0).filter_map(|(id, _)| main_class(id)).collect();
        let read = || ranking.iter().take(DEPTH).map(|(id, _)| id.as_str());
        Self {
            grades: read().map(|id| grades.get(id).copied()).collect(),
            relevant,
            in_class: read().map(|id| main_class(id).is_some_and(|class| classes.contains(class))).collect(),
            weighted: read().map(gain).collect(),
            relevant_weighted,
        }
    }

    /// The grades of the listings ranked, those not judged as 0.
    pub(super) fn gains(&self) -> impl Iterator<Item = u8> {
        self.grades.iter().map(|grade| grade.unwrap_or(0))
    }

    /// The places of the relevant listings ranked, from 0.
    pub(super) fn hits(&self) -> impl Iterator<Item = usize> {
        self.gains().enumerate().filter(|(_, grade)| *grade > 0).map(|(place, _)| place)
    }

    /// How many of the first `depth` are relevant.
    pub(super) fn hits_within(&self, depth: usize) -> usize {
        self.hits().take_while(|place| *place < depth).count()
    }

    /// An answer for tests: grades of a ranking, those of all relevant listings, no classes, all weights 1.
    #[cfg(test)]
    pub(super) fn graded(grades: &[Option<u8>], relevant: &[u8]) -> Self {
        Self {
            grades: grades.to_vec(),
            relevant: relevant.to_vec(),
            in_class: vec![false; grades.len()],
            weighted: grades.iter().map(|grade| f64::from(grade.unwrap_or(0))).collect(),
            relevant_weighted: relevant.iter().copied().map(f64::from).collect(),
        }
    }
}
