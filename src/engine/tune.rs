//! Tuning the numbers of a configuration on a judged set.

use std::path::Path;

use serde::Serialize;

use super::evaluate::{EVALUATION_DEPTH, Models, answer, catalogue_of};
use super::judged_set::SetFolder;
use super::match_base::Collected;
use super::matching::MatchCatalogue;
use super::{EngineError, OnProgress, Progress, tune_learnt};
use crate::config::{self, Configuration, Difference};
use crate::domain::{Enterprise, EnterpriseProfile, Listing};
use crate::eval::{self, Draws, JudgedSet, Measure};
use crate::tune::{self, Candidates, Search, Setting};

/// Rounds of the bootstrap that gives the interval.
const ROUNDS: u32 = 10_000;
/// Rounds in which weights are learnt.
const LEARNING: usize = 100;
/// What weights are measured by: only what they are to each other matters.
const YARDSTICK: &str = "weights.bigrams";
/// What judged sets know nothing of, and what makes lists of rankings, which are what is measured here.
const UNJUDGED: [&str; 5] = ["weights.fee", "weights.region", "lists.fold", "lists.variety", "lists.balance"];

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tunable {
    /// What the kinds of evidence are to each other: how their lists are fused.
    Weights,
    /// How words and character pairs speak for a listing.
    Text,
    /// Both.
    All,
    /// The weights, not searched but learnt from what relevant listings have more of ([`tune::lambda_rank`]).
    LearntWeights,
}

/// What tuning found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TuningReport {
    /// The set's name: its folder's.
    pub set: String,
    /// What was tuned for.
    pub measure: &'static str,
    /// Judged queries.
    pub queries: usize,
    /// The numbers searched.
    pub searched: Vec<String>,
    /// Different settings tried.
    pub tried: usize,
    /// Whether the search ended by itself, not because tries or time were used up.
    pub finished: bool,
    /// The mean under the configuration started from.
    pub before: f64,
    /// The mean under the best one: optimistic, as it was chosen by it.
    pub after: f64,
    /// The mean over queries that had no part in the choice: what to expect elsewhere.
    pub held_out: f64,
    /// The 95 % interval of `held_out − before`.
    pub interval: (f64, f64),
    /// The best configuration.
    pub configuration: Configuration,
    /// In what it differs from the one started from.
    pub changes: Vec<Difference>,
    /// In what those differ that were chosen without each fold.
    pub folds: Vec<Vec<Difference>>,
}

/// Searches numbers of a configuration under which a set's queries fare better by `measure`, starting from `start`. The
/// weight of character pairs stays, as only what weights are to each other matters, and so do those of fee and place, of
/// which judged sets know nothing; of text scoring, what no listing of the set has a text for. Texts are analysed once and
/// profiles made once for all tries. Ends early where `go_on` says so.
///
/// # Errors
/// [`EngineError::NoJudgements`] and whatever evaluating fails with; [`EngineError::TooFewQueries`].
pub fn tune(
    set: &Path,
    (start, what): (&Configuration, Tunable),
    measure: Measure,
    search: Search,
    progress: OnProgress<'_>,
    go_on: &dyn Fn() -> bool,
) -> Result<TuningReport, EngineError> {
    let folder = SetFolder::read(set)?;
    let name = folder.name.clone();
    let few = || EngineError::TooFewQueries { set: name.clone(), folds: search.folds };
    let searched = numbers(start, what, &folder.listings);
    let mut bench = Bench::of(folder, measure)?;
    let settings: Vec<Setting> = searched.iter().filter_map(|name| setting(start, name)).collect();
    let lists = match what {
        Tunable::LearntWeights => bench.candidates(start)?,
        _ => Vec::new(),
    };
    let most = if what == Tunable::LearntWeights { search.folds + 2 } else { search.tries };
    let (mut tried, total) = (0, most.min(search.tries) as u64);
    let fare = |values: &[f64]| -> Result<Option<Vec<f64>>, EngineError> {
        if tried > 0 && !go_on() {
            return Ok(None);
        }
        let fares = bench.fares(&with(start, &searched, values))?;
        tried += 1;
        progress(Progress { done: tried, total });
        Ok(Some(fares))
    };
    let tuned = match what {
        Tunable::LearntWeights => {
            let learn = |queries: &[usize]| {
                let lists = queries.iter().map(|query| &lists[*query]);
                tune_learnt::scaled(&tune::lambda_rank(&start.weights.evidence(), lists, LEARNING), &start.weights)
            };
            tune::learn(&start.weights.evidence(), search, learn, fare)?
        }
        _ => tune::search(&settings, search, fare)?,
    };
    let tuned = tuned.ok_or_else(few)?;
    let gains: Vec<f64> = tuned.held_out.iter().zip(&tuned.before).map(|(held, before)| held - before).collect();
    let mean = |fares: &[f64]| fares.iter().sum::<f64>() / fares.len().max(1) as f64;
    let best = with(start, &searched, &tuned.settings);
    Ok(TuningReport {
        set: name.clone(),
        measure: measure.name(),
        queries: gains.len(),
        tried: tuned.tried,
        finished: tuned.finished,
        before: mean(&tuned.before),
        after: mean(&tuned.after),
        held_out: mean(&tuned.held_out),
        interval: eval::bootstrap(&gains, Draws { rounds: ROUNDS, seed: search.seed }),
        changes: start.differences(&best),
        configuration: best,
        folds: tuned.folds.iter().map(|values| start.differences(&with(start, &searched, values))).collect(),
        searched,
    })
}

/// The numbers that may be searched, by section and name.
fn numbers(start: &Configuration, what: Tunable, listings: &[Listing]) -> Vec<String> {
    let any = |has: fn(&Listing) -> bool| listings.iter().any(has);
    let abstracts = any(|listing| !listing.patent.abstract_text.is_empty());
    let claims = any(|listing| !listing.patent.claim.is_empty());
    let speaks = |name: &str| match name {
        "text.abstract_boost" => abstracts,
        "text.claim_boost" => claims,
        "text.text_b" | "text.temper" => abstracts || claims,
        YARDSTICK => false,
        other => !UNJUDGED.contains(&other),
    };
    let wanted = |name: &str| match what {
        Tunable::Weights => name.starts_with("weights."),
        Tunable::Text => name.starts_with("text."),
        Tunable::All => true,
        Tunable::LearntWeights => false,
    };
    if what == Tunable::LearntWeights {
        return tune_learnt::LEARNT.map(str::to_owned).to_vec();
    }
    let names = start.numbers().into_iter().map(|(name, _)| name);
    names.filter(|name| wanted(name) && speaks(name)).collect()
}

fn setting(start: &Configuration, name: &str) -> Option<Setting> {
    let (_, start) = start.numbers().into_iter().find(|(known, _)| known == name)?;
    let (least, most) = config::range(name);
    Some(Setting { start, least, most })
}

/// A configuration with some of its numbers replaced; a number that cannot be scored with stays as it was.
fn with(start: &Configuration, names: &[String], values: &[f64]) -> Configuration {
    let set = |all: Configuration, (name, value): (&String, &f64)| all.with(name, *value).unwrap_or(all);
    let all = names.iter().zip(values).fold(start.clone(), set);
    Configuration { about: None, ..all }
}

/// A judged set made ready to be asked again and again.
struct Bench {
    judged: JudgedSet,
    queries: Vec<Enterprise>,
    profiles: Vec<EnterpriseProfile>,
    collected: Collected,
    /// The catalogue of the text scoring tried last.
    catalogue: Option<MatchCatalogue>,
    measure: Measure,
}

impl Bench {
    fn of(mut folder: SetFolder, measure: Measure) -> Result<Self, EngineError> {
        let models = Models::load()?;
        let judged = folder.to_be_judged()?;
        let collected = models.collected(&mut folder.listings)?;
        let is_judged = |query: &Enterprise| judged.qrels.judges(query.id.as_str());
        let queries: Vec<Enterprise> = folder.queries.into_iter().filter(is_judged).collect();
        let profiles = models.profiles(&queries);
        Ok(Self { judged, queries, profiles, collected, catalogue: None, measure })
    }

    /// What there is to learn from.
    fn candidates(&mut self, by: &Configuration) -> Result<Vec<Candidates>, EngineError> {
        let catalogue = catalogue_of(self.collected.clone().rescored(by.text), by)?;
        let found = tune_learnt::candidates((&catalogue, &by.weights), (&self.queries, &self.profiles), &self.judged)?;
        self.catalogue = Some(catalogue);
        Ok(found)
    }

    /// How every judged query fares.
    fn fares(&mut self, by: &Configuration) -> Result<Vec<f64>, EngineError> {
        let known = self.catalogue.take().filter(|known| *known.matrix.base().scoring() == by.text);
        let catalogue = match known {
            Some(known) => known,
            None => catalogue_of(self.collected.clone().rescored(by.text), by)?,
        };
        let depth = self.measure.depth().unwrap_or(EVALUATION_DEPTH);
        let run = answer((&catalogue, &by.weights), (&self.queries, &self.profiles), depth, &|_| ())?;
        self.catalogue = Some(catalogue);
        let assessed = eval::assess(&self.judged, &run);
        Ok(assessed.per_query.iter().map(|query| query.figures.get(self.measure)).collect())
    }
}
