//! What each rule of lists costs and gives, on a judged set.

use std::path::Path;

use serde::Serialize;

use super::batch::kept;
use super::evaluate::{DAY, Models, Scored, for_each, in_order, run_of};
use super::judged_set::SetFolder;
use super::matching::Matcher;
use super::{EngineError, OnProgress};
use crate::config::Configuration;
use crate::eval::{self, Metrics};
use crate::rank::{Arranged, ListPolicy, PAGE, Seeker};
use crate::retrieve::matrix::{Scratch, SparseRow};

/// How long the lists are that prices are measured on: as deep as recall at a hundred reads.
const DEPTH: usize = 100;

/// One policy, and the figures of its lists of a hundred.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListPrice {
    /// The policy.
    #[serde(flatten)]
    pub policy: ListPolicy,
    /// The figures.
    pub metrics: Metrics,
    /// Of the first twenty of a list, how many another rule than folding moved: the mean over queries.
    #[serde(rename = "moved@20")]
    pub moved: f64,
    /// How many listings the first twenty of a list name instead of showing them: the mean over queries.
    #[serde(rename = "folded@20")]
    pub folded: f64,
}

/// The ranking as it is, each rule alone in several strengths, and all rules mildly.
fn policies() -> Vec<ListPolicy> {
    let (none, all) = (ListPolicy::AS_RANKED, ListPolicy::MILD);
    let folds = [0.9, 0.8, 0.7].map(|fold| ListPolicy { fold, ..none });
    let varieties = [0.05, 0.1, 0.2, 0.4, 0.8].map(|variety| ListPolicy { variety, ..none });
    let balances = [0.05, 0.1, 0.2, 0.4, 0.8].map(|balance| ListPolicy { balance, ..none });
    [&[none][..], &folds, &varieties, &balances, &[all]].concat()
}

/// The figures of a set's lists by several policies. Every query is ranked once.
///
/// # Errors
/// As [`super::evaluate`], and [`EngineError::NoJudgements`].
pub fn price_lists(
    set: &Path,
    configuration: &Configuration,
    progress: OnProgress<'_>,
) -> Result<Vec<ListPrice>, EngineError> {
    let mut folder = SetFolder::read(set)?;
    folder.to_be_judged()?;
    let models = Models::load()?;
    let catalogue = models.catalogue(&mut folder.listings, configuration)?;
    let profiles = models.profiles(&folder.queries);
    let matcher = Matcher::new(&catalogue, &configuration.weights, DAY);
    let policies = policies();
    let lists = |request: &SparseRow, seeker: &Seeker, scratch: &mut Scratch| {
        let ranking = matcher.best(request, seeker, kept(DEPTH), 0.0, scratch)?;
        let list = |policy| Ok(Priced::of(catalogue.arranged(ranking.clone(), request, policy, DEPTH)?));
        policies.iter().map(list).collect::<Result<Vec<Priced>, EngineError>>()
    };
    let mut by_query = for_each(&matcher, (&folder.queries, &profiles), lists, progress)?;
    let judged = folder.to_be_judged()?;
    let queries = by_query.len().max(1) as f64;
    let price = |(at, policy): (usize, &ListPolicy)| {
        let priced: Vec<Priced> = by_query.iter_mut().map(|lists| std::mem::take(&mut lists[at])).collect();
        let moved = priced.iter().map(|priced| priced.moved).sum::<usize>() as f64 / queries;
        let folded = priced.iter().map(|priced| priced.folded).sum::<usize>() as f64 / queries;
        let run = run_of(&folder.queries, priced.into_iter().map(|priced| priced.list).collect());
        ListPrice { policy: *policy, metrics: eval::assess(&judged, &run).metrics, moved, folded }
    };
    Ok(policies.iter().enumerate().map(price).collect())
}

/// A list, and what was done to its first places.
#[derive(Default)]
struct Priced {
    list: Scored,
    moved: usize,
    folded: usize,
}

impl Priced {
    fn of(list: Vec<Arranged>) -> Self {
        let first = || list.iter().take(PAGE);
        let (moved, folded) = (
            first().filter(|arranged| arranged.moved.is_some()).count(),
            first().map(|arranged| arranged.folded.len()).sum(),
        );
        Self { list: in_order(list), moved, folded }
    }
}
