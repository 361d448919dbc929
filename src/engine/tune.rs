//! Tuning the weights of matching on a judged set.

use std::path::Path;

use serde::Serialize;

use super::evaluate::{EVALUATION_DEPTH, Models, answer};
use super::judged_set::SetFolder;
use super::{EngineError, OnProgress, Progress};
use crate::eval::{self, Draws, Measure};
use crate::rank::Weights;
use crate::tune::{self, Search};

/// Rounds of the bootstrap that gives the interval.
const ROUNDS: u32 = 10_000;

/// What tuning found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TuningReport {
    /// The set's name: its folder's.
    pub set: String,
    /// What was tuned for.
    pub measure: &'static str,
    /// Judged queries.
    pub queries: usize,
    /// Different weights tried.
    pub tried: usize,
    /// Whether the search ended by itself, not because tries or time were used up.
    pub finished: bool,
    /// The mean under the weights started from.
    pub before: f64,
    /// The mean under the best weights: optimistic, as they were chosen by it.
    pub after: f64,
    /// The mean over queries that had no part in the choice: what to expect elsewhere.
    pub held_out: f64,
    /// The 95 % interval of `held_out − before`.
    pub interval: (f64, f64),
    /// The best weights.
    pub weights: Weights,
    /// Those chosen without each fold.
    pub folds: Vec<Weights>,
}

/// Searches weights of the evidence under which a set's queries fare better by `measure`, starting from `start`; the
/// weight of character pairs stays, as only what weights are to each other matters, and so do those of fee and place, of
/// which judged sets know nothing. Ends early where `go_on` says so.
///
/// # Errors
/// [`EngineError::NoJudgements`] and whatever evaluating fails with; [`EngineError::TooFewQueries`].
pub fn tune_weights(
    set: &Path,
    start: &Weights,
    measure: Measure,
    search: Search,
    progress: OnProgress<'_>,
    go_on: &dyn Fn() -> bool,
) -> Result<TuningReport, EngineError> {
    let mut folder = SetFolder::read(set)?;
    let models = Models::load()?;
    let catalogue = models.catalogue(&mut folder.listings)?;
    let judged = folder.to_be_judged()?;
    let (mut tried, total) = (0, search.tries as u64);
    let fare = |settings: &[f64]| -> Result<Option<Vec<f64>>, EngineError> {
        if tried > 0 && !go_on() {
            return Ok(None);
        }
        let weights = with(start, settings).checked()?;
        let run = answer((&models, &catalogue, &weights), &folder.queries, EVALUATION_DEPTH, &|_| ())?;
        tried += 1;
        progress(Progress { done: tried, total });
        Ok(Some(eval::assess(&judged, &run).per_query.iter().map(|query| query.figures.get(measure)).collect()))
    };
    let tuned = tune::search(&[start.words, start.ipc, start.likely_ipc], search, fare)?;
    let few = || EngineError::TooFewQueries { set: folder.name.clone(), folds: search.folds };
    let tuned = tuned.ok_or_else(few)?;
    let gains: Vec<f64> = tuned.held_out.iter().zip(&tuned.before).map(|(held, before)| held - before).collect();
    let mean = |fares: &[f64]| fares.iter().sum::<f64>() / fares.len().max(1) as f64;
    Ok(TuningReport {
        set: folder.name.clone(),
        measure: measure.name(),
        queries: gains.len(),
        tried: tuned.tried,
        finished: tuned.finished,
        before: mean(&tuned.before),
        after: mean(&tuned.after),
        held_out: mean(&tuned.held_out),
        interval: eval::bootstrap(&gains, Draws { rounds: ROUNDS, seed: search.seed }),
        weights: with(start, &tuned.settings),
        folds: tuned.folds.iter().map(|settings| with(start, settings)).collect(),
    })
}

fn with(start: &Weights, settings: &[f64]) -> Weights {
    match *settings {
        [words, ipc, likely_ipc] => Weights { words, ipc, likely_ipc, ..start.clone() },
        _ => start.clone(),
    }
}
