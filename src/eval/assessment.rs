//! A run scored against a judged set.

use std::collections::BTreeSet;

use serde::Serialize;

use super::answer::Answer;
use super::{Figures, JudgedSet, ListFigures, Measure, Run, Slice, slices};
use crate::domain::Language;

/// Means over every judged query, one with at least one relevant listing, in which a query without a ranking counts as
/// zero; and figures of the lists themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Metrics {
    /// Judged queries.
    pub queries: usize,
    /// The means.
    #[serde(flatten)]
    pub figures: Figures,
    /// What the lists are like.
    #[serde(flatten)]
    pub lists: ListFigures,
}

impl Metrics {
    /// The mean of a measure.
    #[must_use]
    pub fn get(&self, measure: Measure) -> f64 {
        self.figures.get(measure)
    }

    /// Every figure that is better when higher, by name: those a floor can be set for.
    pub fn rising(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let means = Measure::ALL.into_iter().map(|measure| (measure.name(), self.get(measure)));
        means.chain(self.lists.rising())
    }

    /// Every figure that is better when lower, by name: those a ceiling can be set for.
    #[must_use]
    pub fn falling(&self) -> [(&'static str, f64); 1] {
        self.lists.falling()
    }
}

/// The figures of one judged query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryFigures {
    /// The query.
    pub query: String,
    /// Listings ranked for it.
    pub ranked: usize,
    /// Its figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// What set, judgements and run name that is not there. None of it stops an evaluation; all of it may be a mistake.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Oddities {
    /// Lines of the qrels that repeat an earlier one.
    pub repeated_judgements: usize,
    /// Judgements of listings that the set does not have: they cannot be found, and count as missed where relevant.
    pub judged_unknown_listings: usize,
    /// Queries of the qrels that the set does not have: a run may answer them; ours cannot.
    pub judged_unknown_queries: usize,
    /// Judged queries without a ranking: they count as zero.
    pub unanswered_queries: usize,
    /// Queries of the run that neither set nor qrels have: left out.
    pub run_unknown_queries: usize,
    /// Places of the run that hold a listing the set does not have: they keep their place.
    pub run_unknown_listings: usize,
}

impl Oddities {
    /// A sentence for each that is there.
    #[must_use]
    pub fn told(&self, language: Language) -> Vec<String> {
        let Self { repeated_judgements, judged_unknown_listings, judged_unknown_queries, .. } = *self;
        let Self { unanswered_queries, run_unknown_queries, run_unknown_listings, .. } = *self;
        let all = [
            (repeated_judgements, "qrels 中重复的行", "repeated lines of the qrels"),
            (
                judged_unknown_listings,
                "qrels 中评测集没有的许可信息（条）",
                "judgements of listings the set does not have",
            ),
            (judged_unknown_queries, "qrels 中评测集没有的查询", "queries of the qrels that the set does not have"),
            (unanswered_queries, "没有排序结果、按 0 计的查询", "judged queries without a ranking, counted as zero"),
            (run_unknown_queries, "排序结果中未知的查询（略去）", "unknown queries of the run, left out"),
            (
                run_unknown_listings,
                "排序结果中评测集没有的许可信息（条）",
                "places of the run with a listing the set does not have",
            ),
        ];
        let there = all.into_iter().filter(|(count, ..)| *count > 0);
        there
            .map(|(count, chinese, english)| match language {
                Language::Chinese => format!("{chinese} {count}"),
                Language::English => format!("{english} {count}"),
            })
            .collect()
    }
}

/// All that is known of how well a run answers a judged set.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Assessment {
    /// The means.
    pub metrics: Metrics,
    /// What should perhaps not be so.
    pub oddities: Oddities,
    /// The means of parts.
    pub slices: Vec<Slice>,
    /// The figures of each judged query, by name.
    pub per_query: Vec<QueryFigures>,
}

/// Scores a run against a judged set.
#[must_use]
pub fn assess(set: &JudgedSet, run: &Run) -> Assessment {
    let per_query: Vec<QueryFigures> = set
        .qrels
        .queries()
        .map(|(query, grades)| {
            let ranking = run.ranking(query);
            let figures = Figures::of(&Answer::of(set, (query, grades), ranking));
            QueryFigures { query: query.to_owned(), ranked: ranking.len(), figures }
        })
        .collect();
    let metrics = Metrics {
        queries: per_query.len(),
        figures: Figures::mean(per_query.iter().map(|query| &query.figures)),
        lists: ListFigures::of(set, run),
    };
    Assessment { metrics, oddities: oddities(set, run), slices: slices::slices(set, &per_query), per_query }
}

fn oddities(set: &JudgedSet, run: &Run) -> Oddities {
    let known: BTreeSet<&str> = set.queries.keys().map(String::as_str).collect();
    let is_listing = |id: &str| set.listings.contains_key(id);
    let of_the_set = |query: &str| known.contains(query) || set.qrels.judges(query);
    let places = run.rankings().filter(|(query, _)| of_the_set(query)).flat_map(|(_, ranking)| ranking);
    Oddities {
        repeated_judgements: set.qrels.repeated(),
        judged_unknown_listings: set.qrels.judgements().filter(|(_, id, _)| !is_listing(id)).count(),
        judged_unknown_queries: set.qrels.names().filter(|query| !known.contains(query)).count(),
        unanswered_queries: set.qrels.queries().filter(|(query, _)| run.ranking(query).is_empty()).count(),
        run_unknown_queries: run.rankings().filter(|(query, _)| !of_the_set(query)).count(),
        run_unknown_listings: places.filter(|(id, _)| !is_listing(id.as_str())).count(),
    }
}
