//! What the lists of a whole run are like, apart from whether they are right.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{JudgedSet, Run, calibration, coverage, diversity, exposure, novelty};

/// Places of a list that count as shown.
const SHOWN: usize = 20;

/// Places whose listings are compared with each other.
const COMPARED: usize = 10;

/// Figures of all lists that a run gives the set's queries, judged or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct ListFigures {
    /// Share of the set's listings that stand among the first twenty of some list.
    #[serde(rename = "catalogue-coverage@20")]
    pub catalogue_coverage: f64,
    /// Share of the judged queries whose list has at least one listing of the set.
    #[serde(rename = "enterprise-coverage")]
    pub enterprise_coverage: f64,
    /// How unequally places among the first twenty are spread over the set's listings: 0 all alike, towards 1 all to one.
    #[serde(rename = "exposure-gini@20")]
    pub exposure_gini: f64,
    /// How different the first ten of a list are from each other, by subclass: the mean over lists.
    #[serde(rename = "diversity@10")]
    pub diversity: f64,
    /// How rarely what a list shows is shown to others, in bits: the mean over lists.
    #[serde(rename = "novelty@20")]
    pub novelty: f64,
    /// How near the classes of the first twenty of a list are to those of the query's relevant listings, by subclass: 0
    /// none in common, 1 the same shares; the mean over the judged queries that have a list.
    #[serde(rename = "calibration@20")]
    pub calibration: f64,
}

impl ListFigures {
    /// The figures that are better when higher, by name: those a floor can be set for.
    #[must_use]
    pub fn rising(&self) -> [(&'static str, f64); 5] {
        [
            ("catalogue-coverage@20", self.catalogue_coverage),
            ("enterprise-coverage", self.enterprise_coverage),
            ("diversity@10", self.diversity),
            ("novelty@20", self.novelty),
            ("calibration@20", self.calibration),
        ]
    }

    /// The figures that are better when lower, by name: those a ceiling can be set for.
    #[must_use]
    pub fn falling(&self) -> [(&'static str, f64); 1] {
        [("exposure-gini@20", self.exposure_gini)]
    }

    pub(super) fn of(set: &JudgedSet, run: &Run) -> Self {
        let shown: BTreeMap<&str, Vec<&str>> = shown(set, run);
        let answered: Vec<&[&str]> = shown.values().map(Vec::as_slice).filter(|list| !list.is_empty()).collect();
        let exposure = exposure::counts(set, &answered);
        let judged: Vec<&str> = set.qrels.queries().map(|(query, _)| query).collect();
        Self {
            catalogue_coverage: coverage::share(exposure.values().filter(|count| **count > 0).count(), exposure.len()),
            enterprise_coverage: coverage::share(
                judged.iter().filter(|query| shown.get(**query).is_some_and(|list| !list.is_empty())).count(),
                judged.len(),
            ),
            exposure_gini: exposure::gini(exposure.values().copied().collect()),
            diversity: mean(answered.iter().filter_map(|list| {
                let facts = list.iter().take(COMPARED).filter_map(|id| set.listings.get(*id));
                diversity::diversity(&facts.map(|facts| facts.classes.as_slice()).collect::<Vec<_>>())
            })),
            novelty: mean(answered.iter().map(|list| novelty::novelty(list, &exposure, answered.len()))),
            calibration: mean(set.qrels.queries().filter_map(|(query, grades)| {
                let relevant = grades.iter().filter(|(_, grade)| **grade > 0).map(|(id, _)| id.as_str());
                calibration::calibration(&classes(set, relevant), &classes(set, shown.get(query)?.iter().copied()))
            })),
        }
    }
}

/// The classes of those listings that the set has.
fn classes<'a>(set: &'a JudgedSet, ids: impl Iterator<Item = &'a str>) -> Vec<&'a [String]> {
    ids.filter_map(|id| set.listings.get(id)).map(|facts| facts.classes.as_slice()).collect()
}

/// The first [`SHOWN`] of each list for a query of the set; listings that the set does not have keep their place, and are
/// left out.
fn shown<'a>(set: &JudgedSet, run: &'a Run) -> BTreeMap<&'a str, Vec<&'a str>> {
    let known = |query: &str| set.queries.contains_key(query) || set.qrels.judges(query);
    let lists = run.rankings().filter(|(query, _)| known(query));
    lists
        .map(|(query, ranking)| {
            let first = ranking.iter().take(SHOWN).map(|(id, _)| id.as_str());
            (query, first.filter(|id| set.listings.contains_key(*id)).collect())
        })
        .collect()
}

/// The mean; 0 of nothing.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}
