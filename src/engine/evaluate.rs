//! Measuring match quality on a judged set: with our own run or any other, alone, side by side, or against floors.

use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::arranging::falling;
use super::hard_zeros::{Audit, Auditor};
use super::judged_set::SetFolder;
use super::match_base::Collected;
use super::matching::{MatchCatalogue, Matcher, Narrowing};
use super::readers::Readers;
use super::{EngineError, OnProgress, Progress, technology};
use crate::analysis::Analyzer;
use crate::config::Configuration;
use crate::domain::{Date, Enterprise, EnterpriseProfile, LearntInterest, Listing, ListingId, Offer, Score};
use crate::eval::{
    self, Assessment, Comparison, Draws, Floors, LimitResult, Limited, Measure, Metrics, Oddities, QueryFigures, Run,
    Slice,
};
use crate::rank::{Arranged, Seeker, Weights};
use crate::retrieve::ListingMatrix;
use crate::retrieve::matrix::{Scratch, SparseRow};

/// The name our runs carry.
const TAG: &str = "duijie";

/// How many listings a query is answered with where nothing else is asked for: as deep as the measures read.
pub const EVALUATION_DEPTH: usize = 1000;

/// What an evaluation gave.
#[derive(Debug, Clone, Serialize)]
pub struct Evaluation {
    /// The set's name: its folder's.
    pub set: String,
    /// Listings to choose from.
    pub listings: usize,
    /// Queries of the set.
    pub queries: usize,
    /// Rows of the set that could not be read.
    pub rejected: usize,
    /// The figures; `None` for a set without judgements.
    pub metrics: Option<Metrics>,
    /// What set, judgements and run name that is not there; zeros without judgements.
    pub oddities: Oddities,
    /// What no list may do, and where the run does it. Sets have no feedback, and no cap is asked for: of licences and
    /// caps nothing is found here.
    pub audit: Audit,
    /// The figures of parts of the judged queries.
    pub slices: Vec<Slice>,
    /// The figures of each judged query.
    pub per_query: Vec<QueryFigures>,
}

/// Two runs on one set.
#[derive(Debug, Clone, Serialize)]
pub struct RunComparison {
    /// The set's name: its folder's.
    pub set: String,
    /// The first run's file name.
    pub name_a: String,
    /// The second's.
    pub name_b: String,
    /// How they compare.
    #[serde(flatten)]
    pub comparison: Comparison,
    /// What the first run and the judgements name that is not there.
    pub oddities_a: Oddities,
    /// What the second does.
    pub oddities_b: Oddities,
}

/// Answers every query of a judged set with its best `k` listings by this configuration, writes the run, and
/// scores it if there are judgements.
///
/// # Errors
/// [`EngineError::NoQueries`] for another folder; what reading, matching or writing fails with.
pub fn evaluate(
    set: &Path,
    k: usize,
    configuration: &Configuration,
    out: Option<&Path>,
    progress: OnProgress<'_>,
) -> Result<Evaluation, EngineError> {
    let mut folder = SetFolder::read(set)?;
    let models = Models::load()?;
    let catalogue = models.catalogue(&mut folder.listings, configuration)?;
    let profiles = models.profiles(&folder.queries);
    let run = list_run(&catalogue, (&folder.queries, &profiles), k, progress)?;
    if let Some(path) = out {
        write_run(&run, path)?;
    }
    Ok(Evaluation::new(&folder, &run, folder.judged().map(|judged| eval::assess(&judged, &run))))
}

/// Scores a run in TREC's form, whoever made it.
///
/// # Errors
/// [`EngineError::Run`] for a run that cannot be read or ranks nothing, [`EngineError::NoJudgements`], or as
/// [`evaluate`].
pub fn score_run(set: &Path, run: &Path) -> Result<Evaluation, EngineError> {
    let folder = SetFolder::read(set)?;
    let judged = folder.to_be_judged()?;
    let run = read_run(run)?;
    Ok(Evaluation::new(&folder, &run, Some(eval::assess(&judged, &run))))
}

/// Scores two runs and tests their difference.
///
/// # Errors
/// As [`score_run`].
pub fn compare_runs(
    set: &Path,
    a: &Path,
    b: &Path,
    measure: Measure,
    draws: Draws,
) -> Result<RunComparison, EngineError> {
    let folder = SetFolder::read(set)?;
    let judged = folder.to_be_judged()?;
    let assess = |path: &Path| Ok::<_, EngineError>(eval::assess(&judged, &read_run(path)?));
    let (first, second) = (assess(a)?, assess(b)?);
    let name = |path: &Path| path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(RunComparison {
        set: folder.name,
        name_a: name(a),
        name_b: name(b),
        comparison: eval::compare(&first, &second, measure, draws),
        oddities_a: first.oddities,
        oddities_b: second.oddities,
    })
}

/// Evaluates every set that a file of floors names, and says how its figures stand to them, and its hard zeros to 0, which
/// no file needs to ask for. `sets` is the folder the sets are in.
///
/// # Errors
/// [`EngineError::Floors`] for a file that cannot be understood, [`EngineError::NoSet`] for a set that is not there,
/// [`EngineError::NoJudgements`], or as [`evaluate`]. All sets are looked for before the first is evaluated.
pub fn gate(floors: &Path, sets: &Path, progress: OnProgress<'_>) -> Result<Vec<LimitResult>, EngineError> {
    let failed = |source| EngineError::File { path: floors.to_owned(), source };
    let text = std::fs::read_to_string(floors).map_err(failed)?;
    let read: Floors = text.parse().map_err(|source| EngineError::Floors { path: floors.to_owned(), source })?;
    // A name is one folder of `sets`, not a way out of it.
    let there = |name: &str| !name.contains(['/', '\\']) && name != ".." && sets.join(name).is_dir();
    if let Some((missing, _)) = read.sets.iter().find(|(name, _)| !there(name)) {
        return Err(EngineError::NoSet { set: missing.clone(), folder: sets.to_owned(), floors: floors.to_owned() });
    }
    let mut results = Vec::new();
    for (name, floors) in &read.sets {
        let evaluation = evaluate(&sets.join(name), EVALUATION_DEPTH, &Configuration::default(), None, progress)?;
        results.extend(evaluation.held(floors)?);
    }
    Ok(results)
}

impl Evaluation {
    fn new(folder: &SetFolder, run: &Run, assessment: Option<Assessment>) -> Self {
        let metrics = assessment.as_ref().map(|assessment| assessment.metrics);
        let Assessment { oddities, slices, per_query, .. } = assessment.unwrap_or_default();
        Self {
            set: folder.name.clone(),
            listings: folder.listings.len(),
            queries: folder.queries.len(),
            rejected: folder.rejected,
            metrics,
            oddities,
            audit: audit(folder, run),
            slices,
            per_query,
        }
    }

    /// How the figures stand to limits, and the hard zeros to 0.
    fn held(&self, limits: &[Limited]) -> Result<Vec<LimitResult>, EngineError> {
        let metrics = self.metrics.ok_or_else(|| EngineError::NoJudgements { set: self.set.clone() })?;
        let figures = limits.iter().map(|limited| limited.held(&self.set, &metrics));
        Ok(figures.chain(self.audit.zeros.held(&self.set)).collect())
    }
}

/// A set's lists, asked once more whether they may be so. Queries the set does not have are left out.
fn audit(folder: &SetFolder, run: &Run) -> Audit {
    let offers: HashMap<&str, Offer> =
        folder.listings.iter().map(|listing| (listing.id.as_str(), Offer::of(listing))).collect();
    let mut auditor = Auditor::default();
    for query in &folder.queries {
        let list = run.ranking(query.id.as_str()).iter().map(|(listing, _)| listing);
        auditor.take((query.id.as_str(), &Seeker::of(query)), list, |id| offers.get(id.as_str()), DAY);
    }
    auditor.finish(None)
}

/// What reads texts: as an engine has it, without a store.
pub(super) struct Models {
    analyzer: Analyzer,
    readers: Readers,
}

impl Models {
    pub(super) fn load() -> Result<Self, EngineError> {
        let analyzer = Analyzer::new();
        Ok(Self { readers: Readers::load(&analyzer)?, analyzer })
    }

    /// A set's listings as matching sees them; fields that follow from words alone are filled in.
    pub(super) fn catalogue(
        &self,
        listings: &mut [Listing],
        configuration: &Configuration,
    ) -> Result<MatchCatalogue, EngineError> {
        catalogue_of(self.collected(listings)?.rescored(configuration.text), configuration)
    }

    /// A set's listings analysed and counted, as yet to be scored by no numbers of one's own.
    pub(super) fn collected(&self, listings: &mut [Listing]) -> Result<Collected, EngineError> {
        technology::fill(listings.iter_mut(), || Ok(self.readers.classifiers.clone()))?;
        let mut collected = Collected::default();
        collected.add(self.readers.classifiers.embedding(), &listings.iter().collect::<Vec<_>>());
        Ok(collected)
    }

    /// What each of some queries asks with, on all threads.
    pub(super) fn profiles(&self, queries: &[Enterprise]) -> Vec<EnterpriseProfile> {
        queries.par_iter().map(|query| self.profile(query)).collect()
    }

    pub(super) fn profile(&self, enterprise: &Enterprise) -> EnterpriseProfile {
        self.profile_with(enterprise, &LearntInterest::default())
    }

    /// The same with what was learnt of it.
    pub(super) fn profile_with(&self, enterprise: &Enterprise, learnt: &LearntInterest) -> EnterpriseProfile {
        self.readers.profile(&self.analyzer, enterprise, learnt)
    }
}

/// The catalogue of what was counted.
pub(super) fn catalogue_of(collected: Collected, configuration: &Configuration) -> Result<MatchCatalogue, EngineError> {
    let matrix = ListingMatrix::of(Arc::new(collected.base()?))?;
    Ok(MatchCatalogue::new(matrix, 0, Arc::new(configuration.clone())))
}

/// The day on which sets are matched: judged sets are of the past, no listing of theirs has ended.
pub(super) const DAY: Date = Date::EPOCH;

/// The ranking of every query, each with its profile; not yet made a list of.
pub(super) fn answer(
    (catalogue, weights): (&MatchCatalogue, &Weights),
    queries: Queries<'_>,
    k: usize,
    progress: OnProgress<'_>,
) -> Result<Run, EngineError> {
    let matcher = Matcher::new(catalogue, weights, DAY);
    let ranking = |request: &SparseRow, seeker: &Seeker, scratch: &mut Scratch| {
        let ranked = matcher.best(request, seeker, k, 0.0, scratch)?;
        Ok(ranked.into_iter().map(|ranked| (ranked.listing, ranked.score)).collect())
    };
    let rankings: Vec<Scored> = for_each(&matcher, queries, ranking, progress)?;
    Ok(run_of(queries.0, rankings))
}

/// The list that every query is shown.
pub(super) fn list_run(
    catalogue: &MatchCatalogue,
    queries: Queries<'_>,
    k: usize,
    progress: OnProgress<'_>,
) -> Result<Run, EngineError> {
    let matcher = Matcher::new(catalogue, &catalogue.configuration.weights, DAY);
    let narrowing = Narrowing::default();
    let list = |request: &SparseRow, seeker: &Seeker, scratch: &mut Scratch| {
        Ok(in_order(matcher.list(&narrowing, request, seeker, k, scratch)?))
    };
    let rankings: Vec<Scored> = for_each(&matcher, queries, list, progress)?;
    Ok(run_of(queries.0, rankings))
}

/// Queries, each with its profile.
pub(super) type Queries<'a> = (&'a [Enterprise], &'a [EnterpriseProfile]);

/// What a run says of one query.
pub(super) type Scored = Vec<(ListingId, Score)>;

/// A list with scores that keep its order.
pub(super) fn in_order(list: Vec<Arranged>) -> Scored {
    let scores = falling(&list);
    list.into_iter().zip(scores).map(|(arranged, score)| (arranged.ranked.listing, score)).collect()
}

/// What `answer` makes of the request of each query, on all threads.
pub(super) fn for_each<T: Send>(
    matcher: &Matcher<'_>,
    (queries, profiles): Queries<'_>,
    answer: impl Fn(&SparseRow, &Seeker, &mut Scratch) -> Result<T, EngineError> + Sync,
    progress: OnProgress<'_>,
) -> Result<Vec<T>, EngineError> {
    let done = std::sync::atomic::AtomicU64::new(0);
    let of_query = |scratch: &mut Scratch, (enterprise, profile)| {
        let request = matcher.request(profile, scratch)?;
        let answered = answer(&request, &Seeker::of(enterprise), scratch)?;
        let done = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        progress(Progress { done, total: queries.len() as u64 });
        Ok(answered)
    };
    queries.par_iter().zip(profiles).map_init(Scratch::default, of_query).collect()
}

pub(super) fn run_of(queries: &[Enterprise], rankings: Vec<Scored>) -> Run {
    let mut run = Run::default();
    for (enterprise, ranking) in queries.iter().zip(rankings) {
        run.insert(enterprise.id.as_str(), ranking);
    }
    run
}

fn write_run(run: &Run, path: &Path) -> Result<(), EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let mut file = BufWriter::new(std::fs::File::create(path).map_err(failed)?);
    run.write(TAG, &mut file).and_then(|()| file.flush()).map_err(failed)
}

pub(super) fn read_run(path: &Path) -> Result<Run, EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(failed)?;
    text.parse().map_err(|source| EngineError::Run { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::HardZeros;

    #[test]
    fn a_set_with_a_place_that_should_not_be_fails_the_gate_whatever_its_floors_say() {
        let with = |zeros: HardZeros| Evaluation {
            set: "s".to_owned(),
            listings: 1,
            queries: 1,
            rejected: 0,
            metrics: Some(Metrics::default()),
            oddities: Oddities::default(),
            audit: Audit { zeros, ..Audit::default() },
            slices: Vec::new(),
            per_query: Vec::new(),
        };
        let floors: Floors = r#"{"s": {"mrr": 0}}"#.parse().unwrap();
        let fails = |zeros: HardZeros| {
            let results = with(zeros).held(&floors.sets[0].1).unwrap();
            assert_eq!(results.len(), 5, "one floor, and four that need none");
            results.into_iter().filter(|result| !result.holds).map(|result| result.figure).collect::<Vec<_>>()
        };
        assert_eq!(fails(HardZeros::default()), [""; 0]);
        assert_eq!(fails(HardZeros { ineligible_served: 1, ..HardZeros::default() }), ["ineligible-served"]);
        assert_eq!(fails(HardZeros { over_cap: 1, ..HardZeros::default() }), ["over-cap"]);
        assert_eq!(fails(HardZeros { already_licensed: 1, ..HardZeros::default() }), ["already-licensed"]);
        assert_eq!(fails(HardZeros { duplicates_served: 1, ..HardZeros::default() }), ["duplicates-served"]);
    }
}
