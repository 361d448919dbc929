//! Tuning: settings under which a judged set's queries fare better, and what to expect of them elsewhere.
//!
//! In come settings to start from and a closure that says how each query fares under any settings; out come the best
//! settings found, how the queries fare under them, and how queries fare that had no part in the choice
//! (cross-validation): the latter is the figure to believe. Pure: the same seed and answers give the same outcome.
//!
//! Settings are searched ([`search`]) by trying them, or learnt ([`learn`]) from the queries themselves ([`lambda_rank`]).
//!
//! Not done here: answering and judging queries (`engine`, `eval`), what settings mean (`rank`).

mod climb;
mod folds;
mod lambda_rank;
#[cfg(test)]
mod tests;

use serde::Serialize;

use climb::{Climb, Tried};

pub use lambda_rank::{Candidates, lambda_rank};

/// A number that may be set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Where the search begins.
    pub start: f64,
    /// The least it may become.
    pub least: f64,
    /// The greatest.
    pub most: f64,
}

/// How to search.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// Parts the queries are divided into, each held out once; 2 or more.
    pub folds: usize,
    /// How queries are shuffled before they are divided.
    pub seed: u64,
    /// Settings tried at most.
    pub tries: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tuned {
    /// The best settings for all queries.
    pub settings: Vec<f64>,
    /// How each query fares under the settings started from.
    pub before: Vec<f64>,
    /// How each fares under the best: optimistic, as they were chosen by it.
    pub after: Vec<f64>,
    /// How each fares under settings chosen by the other folds' queries.
    pub held_out: Vec<f64>,
    /// The settings chosen without each fold.
    pub folds: Vec<Vec<f64>>,
    /// Different settings tried.
    pub tried: usize,
    /// Whether the search ended by itself, not because tries or time were used up.
    pub finished: bool,
}

/// Searches by coordinate ascent from `start`, within the bounds of each setting, on all queries and on all but each fold. `fare` says how each query fares,
/// always the same queries in the same order; it gives `None` where time is up. Settings tried once are not asked for
/// again, whatever fold wants them.
///
/// # Errors
/// What `fare` fails with. No outcome (`None`) if it does not answer for `start`, or for too few queries to divide.
pub fn search<E>(
    start: &[Setting],
    search: Search,
    fare: impl FnMut(&[f64]) -> Result<Option<Vec<f64>>, E>,
) -> Result<Option<Tuned>, E> {
    let mut tried = Tried::new(search.tries, fare);
    let begin: Vec<f64> = start.iter().map(|setting| setting.start).collect();
    let Some(before) = tried.fare(&begin)? else { return Ok(None) };
    let Some(folds) = folds::of(before.len(), search.folds, search.seed) else { return Ok(None) };
    let all: Vec<usize> = (0..before.len()).collect();
    let whole = Climb::up(start, &all, &mut tried)?;
    let mut held_out = before.clone();
    let mut chosen = Vec::with_capacity(folds.len());
    for fold in &folds {
        let others: Vec<usize> = all.iter().copied().filter(|query| !fold.contains(query)).collect();
        let climb = Climb::up(start, &others, &mut tried)?;
        fold.iter().for_each(|&query| held_out[query] = climb.fares[query]);
        chosen.push(climb.settings);
    }
    let (tried, finished) = (tried.count(), !tried.ran_out());
    Ok(Some(Tuned { settings: whole.settings, before, after: whole.fares, held_out, folds: chosen, tried, finished }))
}

/// What `learn` makes of all queries, and of all but each fold, starting from `start`. `fare` is as in [`search`], and
/// `search.tries` bounds how often it is asked.
///
/// # Errors
/// What `fare` fails with. No outcome (`None`) if it does not answer for `start`, or for too few queries to divide.
pub fn learn<E>(
    start: &[f64],
    search: Search,
    learn: impl Fn(&[usize]) -> Vec<f64>,
    fare: impl FnMut(&[f64]) -> Result<Option<Vec<f64>>, E>,
) -> Result<Option<Tuned>, E> {
    let mut tried = Tried::new(search.tries, fare);
    let Some(before) = tried.fare(start)? else { return Ok(None) };
    let Some(folds) = folds::of(before.len(), search.folds, search.seed) else { return Ok(None) };
    let all: Vec<usize> = (0..before.len()).collect();
    // Where time is up, nothing is better known than what was started from.
    let mut settled = |settings: Vec<f64>| -> Result<(Vec<f64>, Vec<f64>), E> {
        let fares = tried.fare(&settings)?;
        Ok(fares.map_or_else(|| (start.to_vec(), before.clone()), |fares| (settings, fares)))
    };
    let (settings, after) = settled(learn(&all))?;
    let mut held_out = before.clone();
    let mut chosen = Vec::with_capacity(folds.len());
    for fold in &folds {
        let others: Vec<usize> = all.iter().copied().filter(|query| !fold.contains(query)).collect();
        let (settings, fares) = settled(learn(&others))?;
        fold.iter().for_each(|&query| held_out[query] = fares[query]);
        chosen.push(settings);
    }
    let (tried, finished) = (tried.count(), !tried.ran_out());
    Ok(Some(Tuned { settings, before, after, held_out, folds: chosen, tried, finished }))
}
