//! Working a day's changes into what a full run found, to the same lists.
//!
//! Scores depend on one enterprise and one listing alone (see [`crate::retrieve::ListingMatrix`]), so only pairs with
//! a changed side can have changed. Changed enterprises are matched with everything, changed listings with everyone:
//! they leave each list and come back where they belong now. Below the last entry of a list nothing is known, so
//! whatever would come behind it is dropped; a list that has shrunk below the length shown is made anew.

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use super::batch::{MatchReport, PAGE, WhyAll, kept, list_of};
use super::matching::{MatchCatalogue, Matcher};
use super::{Engine, EngineError, OnProgress, Progress};
use crate::domain::{Date, EnterpriseId, ListingId, Score};
use crate::rank::{self, Seeker};
use crate::retrieve::matrix::{Scratch, SparseRow};
use crate::store::{MatchList, MatchRun, WriteLock};

/// What has changed since a run, and the means to match it.
struct Changes<'a> {
    /// Everything.
    matcher: Matcher<'a>,
    /// The changed listings alone.
    changed: Matcher<'a>,
    listings: HashSet<ListingId>,
    length: usize,
}

/// What became of a list.
enum Outcome {
    Untouched,
    Adjusted(MatchList),
    Matched(MatchList),
}

impl Engine {
    /// Brings the lists of the last run up to date with what has changed since, for that day and the same length; gives
    /// what [`Engine::match_all`] would. Where there is nothing to build on, matches everything, `length` for each.
    ///
    /// # Errors
    /// As [`Engine::match_all`].
    pub async fn match_changes(
        &self,
        length: usize,
        today: Date,
        progress: OnProgress<'_>,
    ) -> Result<MatchReport, EngineError> {
        let lock = self.store.lock_for_writing().await?;
        self.catch_up(lock.files(), &|_| ()).await?;
        let catalogue = self.matching().await?;
        let known = self.store.match_run().await?;
        let why_all = match &known {
            None => Some(WhyAll::NoRun),
            Some(run) if !run.finished => Some(WhyAll::Unfinished),
            Some(run) if run.basis != catalogue.basis() => Some(WhyAll::OtherBasis),
            Some(_) => None,
        };
        match known {
            Some(run) if why_all.is_none() => self.run_changes(&lock, run, catalogue, today, progress).await,
            known => {
                let length = known.map_or(length, |run| run.list_length);
                let report = self.run_all(&lock, length, today, progress).await?;
                Ok(MatchReport { why_all, ..report })
            }
        }
    }

    async fn run_changes(
        &self,
        lock: &WriteLock,
        run: MatchRun,
        catalogue: Arc<MatchCatalogue>,
        today: Date,
        progress: OnProgress<'_>,
    ) -> Result<MatchReport, EngineError> {
        let listings = self.changed_listings(&catalogue, &run, today).await?;
        let ids: Vec<ListingId> = listings.iter().cloned().collect();
        let only =
            MatchCatalogue::new(catalogue.matrix.only(&ids)?, catalogue.revision, Arc::clone(&catalogue.configuration));
        let matcher = |of| Matcher::new(of, &catalogue.configuration.weights, today);
        let changes =
            Changes { matcher: matcher(&catalogue), changed: matcher(&only), listings, length: run.list_length };
        let mut report = self.report(&catalogue).await?;
        let enterprise_revision = self.store.enterprise_revision().await?;
        let done_after = run.done_after.clone();
        let run = self.begun(lock, run, today).await?;
        let changed = self.match_changed_enterprises(lock, &run, &changes.matcher, &mut report).await?;
        self.adjust(lock, &changes, &changed, &mut report, progress).await?;
        let listing_revision = catalogue.revision;
        let finished = true;
        let now = MatchRun { listing_revision, enterprise_revision, today, done_after, finished, ..run };
        self.store.save_matches(lock, &now, &[]).await?;
        Ok(report)
    }

    /// The run while it is brought to another day: unfinished, because cut off it would not say which of its lists stand
    /// for which day. On the same day nothing is lost by being cut off: what changed is worked in again.
    async fn begun(&self, lock: &WriteLock, run: MatchRun, today: Date) -> Result<MatchRun, EngineError> {
        if run.today == today {
            return Ok(run);
        }
        let begun = MatchRun { finished: false, done_after: None, ..run };
        self.store.save_matches(lock, &begun, &[]).await?;
        Ok(begun)
    }

    /// Listings that came, went or changed since a run, or are on offer on one of the two days only.
    async fn changed_listings(
        &self,
        catalogue: &MatchCatalogue,
        run: &MatchRun,
        today: Date,
    ) -> Result<HashSet<ListingId>, EngineError> {
        let mut listings = HashSet::new();
        let mut after = run.listing_revision;
        loop {
            let changes = self.store.listing_changes(after, PAGE).await?;
            let Some(last) = changes.last() else { break };
            after = last.revision;
            listings.extend(changes.into_iter().map(|change| change.id));
        }
        if run.today != today {
            let on_offer = |offer: &_, day| rank::on_offer(offer, day).is_ok();
            catalogue.matrix.visit(|id, offer| {
                if on_offer(offer, run.today) != on_offer(offer, today) {
                    listings.insert(id.clone());
                }
            });
        }
        Ok(listings)
    }

    /// Matches the enterprises that came or changed since a run; returns who they are.
    async fn match_changed_enterprises(
        &self,
        lock: &WriteLock,
        run: &MatchRun,
        matcher: &Matcher<'_>,
        report: &mut MatchReport,
    ) -> Result<HashSet<EnterpriseId>, EngineError> {
        let mut changed = HashSet::new();
        let mut after = run.enterprise_revision;
        loop {
            let page = self.store.enterprise_changes(after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            let enterprises: Vec<_> = page.into_iter().map(|(_, enterprise)| enterprise).collect();
            let learnt = self.learnt(enterprises.iter().map(|enterprise| &enterprise.id)).await?;
            let lists = tokio::task::block_in_place(|| self.lists(matcher, &enterprises, &learnt, run.list_length))?;
            // The run itself is marked at the end: cut off here, all of it is done again.
            self.store.save_matches(lock, run, &lists).await?;
            report.matched += lists.len() as u64;
            changed.extend(lists.into_iter().map(|list| list.enterprise));
        }
        Ok(changed)
    }

    /// Works changed listings into the lists of everyone else.
    async fn adjust(
        &self,
        lock: &WriteLock,
        changes: &Changes<'_>,
        changed: &HashSet<EnterpriseId>,
        report: &mut MatchReport,
        progress: OnProgress<'_>,
    ) -> Result<(), EngineError> {
        if changes.listings.is_empty() {
            return Ok(());
        }
        let mut after: Option<EnterpriseId> = None;
        let mut done = 0;
        loop {
            let page = self.store.match_lists(after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.enterprise.clone());
            done += page.len() as u64;
            let outcomes = tokio::task::block_in_place(|| {
                let others = page.into_par_iter().filter(|list| !changed.contains(&list.enterprise));
                let adjusted = others.map_init(Scratch::default, |scratch, list| changes.adjusted(list, scratch));
                adjusted.collect::<Result<Vec<_>, _>>()
            })?;
            let mut lists = Vec::new();
            for outcome in outcomes {
                match outcome {
                    Outcome::Untouched => {}
                    Outcome::Adjusted(list) => (report.adjusted += 1, lists.push(list)).1,
                    Outcome::Matched(list) => (report.matched += 1, lists.push(list)).1,
                }
            }
            if !lists.is_empty() {
                self.store.adjust_matches(lock, &lists).await?;
            }
            progress(Progress { done, total: report.enterprises });
        }
    }
}

/// The order of lists.
fn order(a: &(ListingId, Score), b: &(ListingId, Score)) -> std::cmp::Ordering {
    Score::order((a.1, &a.0), (b.1, &b.0))
}

impl Changes<'_> {
    fn adjusted(&self, mut list: MatchList, scratch: &mut Scratch) -> Result<Outcome, EngineError> {
        let corrupt = || EngineError::CorruptMatch { enterprise: list.enterprise.as_str().to_owned() };
        let request = SparseRow::from_bytes(&list.request).ok_or_else(corrupt)?;
        let seeker: Seeker = serde_json::from_str(&list.seeker).map_err(|_| corrupt())?;
        let last = list.listings.last().filter(|_| !list.complete).cloned();
        let floor = last.as_ref().map_or(0.0, |(_, score)| score.value());
        let most = kept(self.length);
        let found = self.changed.best(&request, &seeker, most, floor, scratch)?;
        let found = found.into_iter().map(|ranked| (ranked.listing, ranked.score));
        // Who else comes behind the last entry is not known.
        let known = |entry: &(ListingId, Score)| last.as_ref().is_none_or(|last| order(entry, last).is_le());
        let before = list.listings.clone();
        list.listings.retain(|(listing, _)| !self.listings.contains(listing));
        list.listings.extend(found.filter(known));
        list.listings.sort_by(order);
        if list.listings.len() >= most {
            list.listings.truncate(most);
            list.complete = false;
        }
        if !list.complete && list.listings.len() < self.length {
            let anew = list_of(&self.matcher, &list.enterprise, &seeker, &request, self.length, scratch)?;
            return Ok(Outcome::Matched(anew));
        }
        Ok(if list.listings == before { Outcome::Untouched } else { Outcome::Adjusted(list) })
    }
}
