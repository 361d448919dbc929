//! Making a judged set of what firms did with what they were shown.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::judged_set_error::JudgedSetError;
use super::judged_set_writer::write_set;
use super::{Engine, EngineError};
use crate::domain::{Date, Delivery, EnterpriseId, Listing};
use crate::eval::{JudgementWeights, Qrels};
use crate::feedback::{Deed, FeedbackJudgement, judgements};
use crate::store::KeptEvent;

/// Rows read at a time.
const PAGE: usize = 2_000;
/// Places of which the report says how often they are looked at.
const PLACES: usize = 20;

/// What a set was made of.
#[derive(Debug, Clone, Serialize)]
pub struct SetBuilding {
    /// Deliveries looked at.
    pub deliveries: usize,
    /// Events on them that stand.
    pub events: usize,
    /// Events that were taken back: they say nothing.
    pub withdrawn: usize,
    /// Listings of the set: all of the record, whether on offer now or not.
    pub listings: usize,
    /// Queries of the set: enterprises with at least one judgement of 1 or above, as their records are now, without what was
    /// learnt of them.
    pub queries: usize,
    /// Enterprises that were shown something and wanted none of it: there is nothing to find for them.
    pub without_relevant: usize,
    /// Judgements by grade, 0 to 3.
    pub grades: [usize; 4],
    /// Judgements of listings that are no longer in the record: left out.
    pub gone: usize,
    /// The share of lists in which each of the first places is looked at, as fitted.
    pub examination: Vec<f64>,
}

impl Engine {
    /// Makes a judged set in `folder` of all deliveries from the day `from` to the day `to` and of what firms did with them. The
    /// same record gives the same files.
    ///
    /// # Errors
    /// [`JudgedSetError::Days`] for days in the wrong order, [`JudgedSetError::NoFeedback`] where nothing relevant would be in it; as [`write_set`]; what the store fails with.
    /// Nothing is written then.
    pub async fn build_judged_set(
        &self,
        folder: &Path,
        (from, to): (Option<Date>, Option<Date>),
    ) -> Result<SetBuilding, EngineError> {
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(JudgedSetError::Days { from, to }.into());
        }
        let deliveries = self.deliveries_between(from, to).await?;
        let firms: BTreeSet<&EnterpriseId> = deliveries.iter().map(|delivery| &delivery.enterprise).collect();
        let kept = self.store.feedback(&firms.iter().copied().collect::<Vec<_>>()).await?;
        let names: BTreeSet<_> = deliveries.iter().map(|delivery| &delivery.id).collect();
        let kept: Vec<&KeptEvent> = kept.iter().filter(|kept| names.contains(&kept.event.delivery)).collect();
        let deeds: Vec<Deed<'_>> =
            kept.iter().map(|kept| Deed { event: &kept.event, stands: kept.withdrawn_at.is_none() }).collect();
        let (judged, examination) = judgements(&deliveries, &deeds);
        let listings = self.every_listing().await?;
        let known: BTreeSet<&str> = listings.iter().map(|listing| listing.id.as_str()).collect();
        let (judged, gone): (Vec<_>, Vec<_>) =
            judged.into_iter().partition(|judged| known.contains(judged.listing.as_str()));
        let mut by_firm: BTreeMap<&EnterpriseId, Vec<&FeedbackJudgement>> = BTreeMap::new();
        judged.iter().for_each(|judged| by_firm.entry(&judged.enterprise).or_default().push(judged));
        by_firm.retain(|_, judged| judged.iter().any(|judged| judged.grade > 0));
        if by_firm.is_empty() {
            return Err(JudgedSetError::NoFeedback { deliveries: deliveries.len() }.into());
        }
        let mut queries = self.store.enterprises_of(&by_firm.keys().copied().collect::<Vec<_>>()).await?;
        queries.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let (qrels, weights, grades) = written(by_firm.into_values().flatten());
        write_set(folder, &listings, &queries, (&qrels, &weights))?;
        let events = deeds.iter().filter(|deed| deed.stands).count();
        Ok(SetBuilding {
            deliveries: deliveries.len(),
            events,
            withdrawn: deeds.len() - events,
            listings: listings.len(),
            queries: queries.len(),
            without_relevant: firms.len() - queries.len(),
            grades,
            gone: gone.len(),
            examination: examination.places().iter().take(PLACES).copied().collect(),
        })
    }

    /// What was shown from one day in China to another.
    pub(super) async fn deliveries_between(
        &self,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Result<Vec<Delivery>, EngineError> {
        let within = |delivery: &Delivery| {
            let day = Date::from_unix_seconds(delivery.at);
            from.is_none_or(|from| day >= Some(from)) && to.is_none_or(|to| day <= Some(to))
        };
        let mut all: Vec<Delivery> = Vec::new();
        let mut last = None;
        loop {
            let page = self.store.deliveries(last.as_ref(), PAGE).await?;
            let Some(end) = page.last().map(|delivery| delivery.id.clone()) else { return Ok(all) };
            last = Some(end);
            all.extend(page.into_iter().filter(within));
        }
    }

    pub(super) async fn every_listing(&self) -> Result<Vec<Listing>, EngineError> {
        let mut all: Vec<Listing> = Vec::new();
        loop {
            let page = self.store.all_listings(all.last().map(|listing| listing.id.clone()), PAGE).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }
}

/// Judgements as files keep them, and how many there are of each grade.
fn written<'a>(judged: impl Iterator<Item = &'a FeedbackJudgement>) -> (Qrels, JudgementWeights, [usize; 4]) {
    let (mut qrels, mut weights, mut grades) = (Qrels::default(), JudgementWeights::default(), [0; 4]);
    for FeedbackJudgement { enterprise, listing, grade, weight } in judged {
        qrels.judge(enterprise.as_str(), listing.as_str(), *grade);
        weights.insert(enterprise.as_str(), listing.as_str(), *weight);
        grades[usize::from(*grade).min(3)] += 1;
    }
    (qrels, weights, grades)
}
