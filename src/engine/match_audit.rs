//! The lists of the last run, held to the rules as things are today.
//!
//! An independent check: what is shown of stored lists is read as an export reads it, and every place asked for again of
//! the store's enterprises, listings and feedback as they stand now. Nothing is matched. Lists that were right when they
//! were made are stale where something was taken back, ended, was declined or licensed since.

use std::collections::HashMap;

use serde::Serialize;

use super::batch::PAGE;
use super::batch_answers::shown;
use super::hard_zeros::{Audit, Auditor};
use super::matching::MatchCatalogue;
use super::{Engine, EngineError};
use crate::domain::{Date, Enterprise, EnterpriseId, LearntInterest, ListingId, Offer};
use crate::rank::{ListPolicy, Seeker};
use crate::store::{MatchList, MatchRun};

/// What became of the lists of the last run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatchAudit {
    /// The day on which listings must be on offer.
    pub day: Date,
    /// Enterprises that are shown something.
    pub enterprises: u64,
    /// Places of their lists.
    pub places: u64,
    /// What was found.
    #[serde(flatten)]
    pub audit: Audit,
}

impl Engine {
    /// Asks of every place of the last run's lists whether it may be there on that day, and where `most` is given, of every
    /// listing whether it is shown to no more enterprises than that. Reads all lists, and each listing of them once.
    ///
    /// # Errors
    /// [`EngineError::NotMatched`] before a run is finished, [`EngineError::CorruptMatch`] for the list of an enterprise
    /// that is not there, or what the store fails with.
    pub async fn audit_matches(&self, day: Date, most: Option<usize>) -> Result<MatchAudit, EngineError> {
        let run = self.finished_run().await?;
        // Rankings shown as they are need no catalogue to be read.
        let as_ranked = self.in_force().lists == ListPolicy::AS_RANKED;
        let catalogue = if as_ranked { None } else { Some(self.matching().await?) };
        let (mut auditor, mut offers) = (Auditor::default(), HashMap::new());
        let (mut after, mut enterprises, mut places) = (None, 0, 0);
        loop {
            let page = self.store.match_lists(after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.enterprise.clone());
            let lists = page.iter().map(|list| Ok((&list.enterprise, served(catalogue.as_deref(), &run, list)?)));
            let lists: Vec<_> = tokio::task::block_in_place(|| lists.collect::<Result<_, EngineError>>())?;
            self.learn_offers(&mut offers, &lists).await?;
            let seekers = self.seekers(&lists).await?;
            for (enterprise, list) in &lists {
                let corrupt = || EngineError::CorruptMatch { enterprise: enterprise.as_str().to_owned() };
                let seeker = seekers.get(enterprise).ok_or_else(corrupt)?;
                auditor.take((enterprise.as_str(), seeker), list.iter(), |id| offers.get(id), day);
                enterprises += u64::from(!list.is_empty());
                places += list.len() as u64;
            }
        }
        Ok(MatchAudit { day, enterprises, places, audit: auditor.finish(most) })
    }

    /// Reads the listings of some lists that are not known yet.
    async fn learn_offers(
        &self,
        offers: &mut HashMap<ListingId, Offer>,
        lists: &[(&EnterpriseId, Vec<ListingId>)],
    ) -> Result<(), EngineError> {
        let mut unknown: Vec<ListingId> =
            lists.iter().flat_map(|(_, list)| list).filter(|id| !offers.contains_key(id)).cloned().collect();
        unknown.sort_unstable();
        unknown.dedup();
        let read = self.store.listings(&unknown).await?;
        offers.extend(read.iter().map(|listing| (listing.id.clone(), Offer::of(listing))));
        Ok(())
    }

    /// Who asks, with what is known of each now.
    async fn seekers(
        &self,
        lists: &[(&EnterpriseId, Vec<ListingId>)],
    ) -> Result<HashMap<EnterpriseId, Seeker>, EngineError> {
        let ids: Vec<&EnterpriseId> = lists.iter().map(|(enterprise, _)| *enterprise).collect();
        let learnt = self.learnt(ids.iter().copied()).await?;
        let nothing = LearntInterest::default();
        let seeker = |enterprise: Enterprise| {
            let learnt = learnt.get(&enterprise.id).unwrap_or(&nothing);
            (enterprise.id.clone(), Seeker::of(&enterprise).taught(learnt))
        };
        Ok(self.store.enterprises_of(&ids).await?.into_iter().map(seeker).collect())
    }
}

/// What is shown of a stored list: by the configuration in force, where that does not show the ranking as it is.
fn served(catalogue: Option<&MatchCatalogue>, run: &MatchRun, list: &MatchList) -> Result<Vec<ListingId>, EngineError> {
    let Some(catalogue) = catalogue else {
        return Ok(list.listings.iter().take(run.list_length).map(|(listing, _)| listing.clone()).collect());
    };
    let arranged = shown(catalogue, run, list, &catalogue.configuration.lists)?;
    Ok(arranged.into_iter().map(|arranged| arranged.ranked.listing).collect())
}
