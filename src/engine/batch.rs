//! Matching every enterprise with every listing, in steps that survive being killed.
//!
//! Enterprises are taken in the order of their ids, a page at a time; each page's lists and how far the run has come are
//! saved together. A run that was cut off goes on behind the last page saved, as long as neither listings nor
//! enterprises nor the day have changed; otherwise it starts anew. What is kept of an enterprise is what it asks and
//! more listings than are shown, so that what changes later can be worked in ([`super::batch_changes`]).

use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use super::matching::{MatchCatalogue, Matcher};
use super::{Engine, EngineError, OnProgress, Progress};
use crate::domain::{Date, Enterprise, EnterpriseId, LearntInterest};
use crate::rank::{Ranked, Seeker};
use crate::retrieve::matrix::{Scratch, SparseRow};
use crate::store::{MatchList, MatchRun, WriteLock};

/// Enterprises matched and saved together.
pub(super) const PAGE: usize = 1_000;

/// What a batch did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatchReport {
    /// Enterprises with a list now.
    pub enterprises: u64,
    /// Of these, those whose list was made anew in full by this call.
    pub matched: u64,
    /// Those whose list was changed without that.
    pub adjusted: u64,
    /// Listings on offer or not.
    pub listings: u64,
    /// Whether the call went on with a run that had been cut off.
    pub continued: bool,
    /// Why everything was matched where only changes were asked for.
    pub why_all: Option<WhyAll>,
}

/// Why changes could not be worked into what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyAll {
    /// Nothing was matched before.
    NoRun,
    /// The last run was cut off.
    Unfinished,
    /// The statistics, or the program's formula, are others now.
    OtherBasis,
}

/// More listings are kept for an enterprise than are shown: so many for a list of `length`.
pub(super) fn kept(length: usize) -> usize {
    length.saturating_add(length / 2).saturating_add(10)
}

impl Engine {
    /// Matches every enterprise with every listing on offer on that day and keeps the best `length` of each.
    ///
    /// # Errors
    /// [`EngineError::Store`] while another process is writing or on a full disk: run it again, it goes on where it was.
    pub async fn match_all(
        &self,
        length: usize,
        today: Date,
        progress: OnProgress<'_>,
    ) -> Result<MatchReport, EngineError> {
        let lock = self.store.lock_for_writing().await?;
        self.catch_up(lock.files(), &|_| ()).await?;
        self.run_all(&lock, length, today, progress).await
    }

    pub(super) async fn run_all(
        &self,
        lock: &WriteLock,
        length: usize,
        today: Date,
        progress: OnProgress<'_>,
    ) -> Result<MatchReport, EngineError> {
        let catalogue = self.matching().await?;
        let fresh = MatchRun {
            basis: catalogue.basis(),
            listing_revision: catalogue.revision,
            enterprise_revision: self.store.enterprise_revision().await?,
            today,
            list_length: length,
            done_after: None,
            finished: false,
        };
        let known = self.store.match_run().await?.filter(|known| same_work(known, &fresh));
        let continued = known.as_ref().is_some_and(|known| known.done_after.is_some() && !known.finished);
        let mut run = known.unwrap_or(fresh);
        let total = self.store.enterprise_count().await?;
        let mut report = self.report(&catalogue).await?;
        report.continued = continued;
        if run.finished {
            return Ok(report);
        }
        let matcher = Matcher::new(&catalogue, &catalogue.configuration.weights, today);
        let mut done = match &run.done_after {
            Some(after) => self.store.enterprise_count_through(after).await?,
            None => 0,
        };
        while !run.finished {
            let page = self.store.enterprises(run.done_after.clone(), PAGE).await?;
            let learnt = self.learnt(page.iter().map(|enterprise| &enterprise.id)).await?;
            let lists = tokio::task::block_in_place(|| self.lists(&matcher, &page, &learnt, length))?;
            match page.last() {
                Some(last) => run.done_after = Some(last.id.clone()),
                None => run.finished = true,
            }
            self.store.save_matches(lock, &run, &lists).await?;
            report.matched += lists.len() as u64;
            done += lists.len() as u64;
            progress(Progress { done, total });
        }
        Ok(report)
    }

    pub(super) async fn report(&self, catalogue: &MatchCatalogue) -> Result<MatchReport, EngineError> {
        Ok(MatchReport {
            enterprises: self.store.enterprise_count().await?,
            matched: 0,
            adjusted: 0,
            listings: catalogue.matrix.len() as u64,
            continued: false,
            why_all: None,
        })
    }

    /// The lists of some enterprises, on all threads.
    pub(super) fn lists(
        &self,
        matcher: &Matcher<'_>,
        enterprises: &[Enterprise],
        learnt: &HashMap<EnterpriseId, LearntInterest>,
        length: usize,
    ) -> Result<Vec<MatchList>, EngineError> {
        let nothing = LearntInterest::default();
        let list = |scratch: &mut Scratch, enterprise: &Enterprise| {
            let learnt = learnt.get(&enterprise.id).unwrap_or(&nothing);
            let request = matcher.request(&self.profile(enterprise, learnt)?, scratch)?;
            let seeker = Seeker::of(enterprise).taught(learnt);
            list_of(matcher, &enterprise.id, &seeker, &request, length, scratch)
        };
        enterprises.par_iter().map_init(Scratch::default, list).collect()
    }
}

/// Whether going on with a run gives what a new one would.
fn same_work(known: &MatchRun, fresh: &MatchRun) -> bool {
    let work =
        |run: &MatchRun| (run.basis.clone(), run.listing_revision, run.enterprise_revision, run.today, run.list_length);
    work(known) == work(fresh)
}

/// The list of one enterprise.
pub(super) fn list_of(
    matcher: &Matcher<'_>,
    enterprise: &EnterpriseId,
    seeker: &Seeker,
    request: &SparseRow,
    length: usize,
    scratch: &mut Scratch,
) -> Result<MatchList, EngineError> {
    let ranked = matcher.best(request, seeker, kept(length), 0.0, scratch)?;
    Ok(MatchList {
        enterprise: enterprise.clone(),
        seeker: serde_json::to_string(seeker).unwrap_or_default(),
        request: request.to_bytes(),
        complete: ranked.len() < kept(length),
        listings: ranked.into_iter().map(|Ranked { listing, score, .. }| (listing, score)).collect(),
    })
}
