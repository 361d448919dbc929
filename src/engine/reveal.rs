//! What feedback is worth on a judged set: some relevant listings of each query are taken as saved, and the rest is looked for
//! with and without what that teaches.
//!
//! Source: the residual collection of Chang, Cirillo, Razon, *Evaluation of feedback retrieval using modified freezing,
//! residual collection and control groups* (1971): what is fed back is taken out of rankings and judgements on both sides,
//! so that nobody is rewarded for finding what it was told.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::evaluate::{Models, list_run};
use super::judged_set::SetFolder;
use super::judged_set_error::JudgedSetError;
use super::learnt::interest;
use super::{EngineError, OnProgress};
use crate::config::Configuration;
use crate::domain::{Enterprise, FeedbackEvent, FeedbackKind, LearntInterest, Listing, ListingId};
use crate::eval::{self, Assessment, Comparison, Draws, JudgedSet, Measure, Run};
use crate::feedback::lessons;

/// What the two ways are compared by.
const MEASURES: [Measure; 4] = [Measure::NdcgAt10, Measure::RecallAt100, Measure::Mrr, Measure::ClassPrecisionAt20];

/// What feedback was worth.
#[derive(Debug, Clone, Serialize)]
pub struct RevealReport {
    /// The set's name: its folder's.
    pub set: String,
    /// Listings that each query is taken to have saved.
    pub revealed: usize,
    /// Queries with more relevant listings than that; the others are left out.
    pub queries: usize,
    /// The record alone (a) beside the record with what was learnt (b), by one measure each.
    pub comparisons: Vec<Comparison>,
}

/// Takes `count` relevant listings of each query, drawn by the seed of `draws`, as saved, and compares what is found of the
/// others with and without that. Queries with fewer than `count + 1` relevant listings in the set are left out.
///
/// # Errors
/// [`EngineError::NoJudgements`] for a set without judgements, [`JudgedSetError::TooFewRelevant`] where no query has as many
/// relevant listings; what reading or matching fails with.
pub fn reveal(
    (set, count): (&Path, usize),
    k: usize,
    configuration: &Configuration,
    draws: Draws,
    progress: OnProgress<'_>,
) -> Result<RevealReport, EngineError> {
    let mut folder = SetFolder::read(set)?;
    let mut judged = folder.to_be_judged()?;
    let saved = drawn(&judged, count, draws.seed);
    if saved.is_empty() {
        return Err(JudgedSetError::TooFewRelevant { set: folder.name, wanted: count + 1 }.into());
    }
    hide(&mut judged, &saved);
    let queries: Vec<Enterprise> =
        folder.queries.iter().filter(|query| saved.contains_key(query.id.as_str())).cloned().collect();
    let taught = taught(&queries, &saved, &folder.listings)?;
    let models = Models::load()?;
    let catalogue = models.catalogue(&mut folder.listings, configuration)?;
    let assessed = |learnt: &dyn Fn(usize) -> LearntInterest| -> Result<Assessment, EngineError> {
        let profiles: Vec<_> =
            queries.iter().enumerate().map(|(at, query)| models.profile_with(query, &learnt(at))).collect();
        let run = list_run(&catalogue, (&queries, &profiles), k + count, progress)?;
        Ok(eval::assess(&judged, &without(&run, &saved, k)))
    };
    let (before, after) = (assessed(&|_| LearntInterest::default())?, assessed(&|at| taught[at].clone())?);
    let comparisons = MEASURES.map(|measure| eval::compare(&before, &after, measure, draws)).into();
    Ok(RevealReport { set: folder.name, revealed: count, queries: queries.len(), comparisons })
}

/// The listings of each query that are taken as known to it.
pub(super) type Drawn = BTreeMap<String, Vec<ListingId>>;

/// Draws `count` of the relevant listings that the set has, for every query of the set that has more.
pub(super) fn drawn(judged: &JudgedSet, count: usize, seed: u64) -> Drawn {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut saved = Drawn::new();
    for (query, grades) in judged.qrels.queries().filter(|(query, _)| judged.queries.contains_key(*query)) {
        let there = grades.iter().filter(|(id, grade)| **grade > 0 && judged.listings.contains_key(*id));
        let relevant: Vec<ListingId> = there.filter_map(|(id, _)| id.parse().ok()).collect();
        if relevant.len() > count {
            saved.insert(query.to_owned(), relevant.choose_multiple(&mut random, count).cloned().collect());
        }
    }
    saved
}

/// Leaves the judgements of these queries, without those of what was saved.
pub(super) fn hide(judged: &mut JudgedSet, saved: &Drawn) {
    let mut left = eval::Qrels::default();
    for (query, listing, grade) in judged.qrels.judgements() {
        let told = |saved: &Vec<ListingId>| saved.iter().any(|id| id.as_str() == listing);
        if saved.get(query).is_some_and(|saved| !told(saved)) {
            left.judge(query, listing, grade);
        }
    }
    judged.qrels = left;
    judged.queries.retain(|query, _| saved.contains_key(query));
}

/// What each query's saved listings teach, in the way of real feedback.
fn taught(queries: &[Enterprise], saved: &Drawn, listings: &[Listing]) -> Result<Vec<LearntInterest>, EngineError> {
    let wanted: BTreeSet<&ListingId> = saved.values().flatten().collect();
    let behind: HashMap<ListingId, Listing> = listings
        .iter()
        .filter(|listing| wanted.contains(&listing.id))
        .map(|listing| (listing.id.clone(), listing.clone()))
        .collect();
    let of_query = |query: &Enterprise| {
        let events = saved.get(query.id.as_str()).into_iter().flatten().enumerate();
        let events = events.map(|(at, listing)| event(at, listing)).collect::<Result<Vec<_>, _>>()?;
        Ok(interest(&lessons(&events), &behind))
    };
    queries.iter().map(of_query).collect()
}

fn event(at: usize, listing: &ListingId) -> Result<FeedbackEvent, EngineError> {
    let (id, delivery) = (format!("revealed-{at}").parse()?, "revealed".parse()?);
    Ok(FeedbackEvent { id, delivery, listing: listing.clone(), kind: FeedbackKind::Saved, at: 0 })
}

/// The first `k` of each ranking that were not saved.
pub(super) fn without(run: &Run, saved: &Drawn, k: usize) -> Run {
    let mut left = Run::default();
    for (query, ranking) in run.rankings() {
        let told: BTreeSet<&ListingId> = saved.get(query).into_iter().flatten().collect();
        let others = ranking.iter().filter(|(id, _)| !told.contains(id)).take(k).cloned();
        left.insert(query, others.collect());
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Score;
    use crate::eval::{ListingFacts, QueryFacts};

    fn judged() -> JudgedSet {
        let qrels =
            "q 0 a 1\nq 0 b 2\nq 0 c 1\nq 0 d 0\nr 0 a 1\nr 0 gone 1\nlost 0 a 1\nlost 0 b 1\n".parse().unwrap();
        let listings = ["a", "b", "c", "d"].map(|id| (id.to_owned(), ListingFacts::default())).into();
        let queries = ["q", "r"].map(|id| (id.to_owned(), QueryFacts::default())).into();
        JudgedSet { qrels, listings, queries, ..JudgedSet::default() }
    }

    #[test]
    fn what_is_drawn_is_relevant_and_there_leaves_something_to_find_and_follows_the_seed() {
        let mut seen = BTreeSet::new();
        for seed in 0..20 {
            let saved = drawn(&judged(), 1, seed);
            assert_eq!(saved, drawn(&judged(), 1, seed));
            assert_eq!(saved.keys().collect::<Vec<_>>(), ["q"], "r has one that is there, lost is no query");
            seen.extend(saved["q"].iter().map(ToString::to_string));
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(drawn(&judged(), 3, 1).is_empty());
    }

    #[test]
    fn what_was_saved_is_in_neither_ranking_nor_judgements() {
        let (mut set, saved) = (judged(), Drawn::from([("q".to_owned(), vec!["b".parse().unwrap()])]));
        hide(&mut set, &saved);
        let left: Vec<_> = set.qrels.judgements().collect();
        assert_eq!(left, [("q", "a", 1), ("q", "c", 1), ("q", "d", 0)]);
        let mut run = Run::default();
        let row = |(place, id): (u8, &str)| (id.parse().unwrap(), Score::new(9.0 - f64::from(place)).unwrap());
        run.insert("q", (0..).zip(["b", "d", "a", "c"]).map(row).collect());
        let ids: Vec<_> = without(&run, &saved, 2).ranking("q").iter().map(|(id, _)| id.to_string()).collect();
        assert_eq!(ids, ["d", "a"]);
    }
}
