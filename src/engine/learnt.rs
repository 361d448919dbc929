//! What was learnt of an enterprise from its feedback: used in matching, shown, and taken back.

use std::collections::HashMap;

use serde::Serialize;

use super::{Engine, EngineError};
use crate::domain::{
    Enterprise, EnterpriseId, EnterpriseProfile, EventId, FeedbackEvent, FeedbackKind, LearntInterest, LearntListing,
    Lesson, Listing, ListingId, ProfileTerm,
};
use crate::feedback::lessons;
use crate::store::KeptEvent;

/// A term that feedback changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearntTerm {
    /// The word, or the IPC symbol.
    pub term: String,
    /// How much the record alone asks for it, as in a profile.
    pub before: f64,
    /// How much is asked for it now.
    pub now: f64,
}

/// A listing that taught something.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaughtBy {
    /// The listing.
    pub listing: ListingId,
    /// Its title; empty if it is no longer in the catalogue, and then it teaches nothing.
    pub title: String,
    /// The event that counts.
    pub event: EventId,
    /// What was done.
    pub kind: FeedbackKind,
    /// How much more of its kind is wanted; below zero less.
    pub weight: f64,
    /// Whether the listing is not shown again.
    pub set_aside: bool,
}

/// What was learnt of an enterprise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearntReport {
    /// The enterprise's id.
    pub enterprise: EnterpriseId,
    /// Its name.
    pub name: String,
    /// Events that stand.
    pub events: usize,
    /// Events taken back.
    pub withdrawn: usize,
    /// The listings that taught, in the order of their ids.
    pub listings: Vec<TaughtBy>,
    /// Words whose weight is another now, the greatest change first.
    pub words: Vec<LearntTerm>,
    /// IPC symbols whose weight is another now, the greatest change first.
    pub classes: Vec<LearntTerm>,
    /// Likely subclasses whose weight is another now, the greatest change first.
    pub likely: Vec<LearntTerm>,
}

impl Engine {
    /// What was learnt of some enterprises; those of which nothing was are left out.
    pub(super) async fn learnt(
        &self,
        enterprises: impl Iterator<Item = &EnterpriseId>,
    ) -> Result<HashMap<EnterpriseId, LearntInterest>, EngineError> {
        let enterprises: Vec<&EnterpriseId> = enterprises.collect();
        let kept = self.store.feedback(&enterprises).await?;
        let by_firm = kept.chunk_by(|a, b| a.enterprise == b.enterprise);
        let taught: Vec<(EnterpriseId, Vec<Lesson>)> =
            by_firm.filter_map(|of| Some((of.first()?.enterprise.clone(), lessons(standing(of))))).collect();
        let listings = self.listings_behind(taught.iter().flat_map(|(_, lessons)| lessons)).await?;
        let mut learnt: HashMap<EnterpriseId, LearntInterest> =
            taught.into_iter().map(|(firm, lessons)| (firm, interest(&lessons, &listings))).collect();
        for (firm, listing) in self.store.licensed(&enterprises).await? {
            learnt.entry(firm).or_default().licensed.push(listing);
        }
        Ok(learnt)
    }

    /// What was learnt of one enterprise.
    pub(super) async fn learnt_of(&self, enterprise: &EnterpriseId) -> Result<LearntInterest, EngineError> {
        Ok(self.learnt(std::iter::once(enterprise)).await?.remove(enterprise).unwrap_or_default())
    }

    /// What was learnt of the enterprise of this name, credit code or id, from what, and how its profile differs for it.
    ///
    /// # Errors
    /// As [`Self::enterprise`], or what the store fails with.
    pub async fn show_feedback(&self, enterprise: &str) -> Result<LearntReport, EngineError> {
        let enterprise = self.enterprise(enterprise).await?;
        let kept = self.store.feedback(&[&enterprise.id]).await?;
        let lessons = lessons(standing(&kept));
        let listings = self.listings_behind(lessons.iter()).await?;
        let profile = |learnt: &LearntInterest| tokio::task::block_in_place(|| self.profile(&enterprise, learnt));
        let (before, now) = (profile(&LearntInterest::default())?, profile(&interest(&lessons, &listings))?);
        let standing = standing(&kept).count();
        let withdrawn = kept.len() - standing;
        let title = |id: &ListingId| listings.get(id).map_or_else(String::new, |listing| listing.patent.title.clone());
        let listings = lessons.into_iter().map(|lesson| TaughtBy {
            title: title(&lesson.listing),
            listing: lesson.listing,
            event: lesson.event,
            kind: lesson.kind,
            weight: lesson.weight,
            set_aside: lesson.set_aside,
        });
        let listings = listings.collect();
        Ok(report(&enterprise, (standing, withdrawn), listings, (&before, &now)))
    }

    /// Takes back one event of an enterprise, or all if none is named, at the moment `now` (seconds since 1970); returns how
    /// many stood until now. What was learnt of them is unlearnt: lists are again what they were without them.
    ///
    /// # Errors
    /// [`EngineError::UnknownEvent`] for an event the enterprise does not have, [`EngineError::Store`] while another process
    /// is writing; else as [`Self::enterprise`].
    pub async fn undo_feedback(&self, enterprise: &str, event: Option<&EventId>, now: i64) -> Result<u64, EngineError> {
        let enterprise = self.enterprise(enterprise).await?.id;
        let lock = self.store.lock_for_writing().await?;
        let kept = self.store.feedback(&[&enterprise]).await?;
        let wanted = |kept: &&KeptEvent| event.is_none_or(|event| *event == kept.event.id);
        let events: Vec<EventId> = kept.iter().filter(wanted).map(|kept| kept.event.id.clone()).collect();
        if let (Some(event), true) = (event, events.is_empty()) {
            return Err(EngineError::UnknownEvent { enterprise, event: event.clone() });
        }
        Ok(self.store.withdraw_feedback(&lock, &enterprise, &events, now).await?)
    }

    async fn listings_behind(
        &self,
        lessons: impl Iterator<Item = &Lesson>,
    ) -> Result<HashMap<ListingId, Listing>, EngineError> {
        let mut ids: Vec<ListingId> = lessons.map(|lesson| lesson.listing.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let listings = self.store.listings(&ids).await?;
        Ok(listings.into_iter().map(|listing| (listing.id.clone(), listing)).collect())
    }
}

fn standing(kept: &[KeptEvent]) -> impl Iterator<Item = &FeedbackEvent> {
    kept.iter().filter(|kept| kept.withdrawn_at.is_none()).map(|kept| &kept.event)
}

/// Lessons with what their listings are about. One that is no longer in the catalogue teaches nothing.
pub(super) fn interest(lessons: &[Lesson], listings: &HashMap<ListingId, Listing>) -> LearntInterest {
    let taught = lessons.iter().filter(|lesson| lesson.weight != 0.0).filter_map(|lesson| {
        let patent = &listings.get(&lesson.listing)?.patent;
        Some(LearntListing { weight: lesson.weight, title: patent.title.clone(), ipc: patent.ipc.clone() })
    });
    let those = |wanted: fn(FeedbackKind) -> bool| {
        lessons.iter().filter(|lesson| wanted(lesson.kind)).map(|lesson| lesson.listing.clone()).collect()
    };
    LearntInterest {
        listings: taught.collect(),
        declined: those(|kind| matches!(kind, FeedbackKind::Declined(_))),
        licensed: those(|kind| kind == FeedbackKind::Licensed),
    }
}

fn report(
    enterprise: &Enterprise,
    (events, withdrawn): (usize, usize),
    listings: Vec<TaughtBy>,
    (before, now): (&EnterpriseProfile, &EnterpriseProfile),
) -> LearntReport {
    let weights = |terms: &[ProfileTerm]| terms.iter().map(|term| (term.text.clone(), term.weight)).collect::<Vec<_>>();
    let likely = |profile: &EnterpriseProfile| profile.likely.iter().map(|l| (l.symbol.clone(), l.weight)).collect();
    LearntReport {
        enterprise: enterprise.id.clone(),
        name: enterprise.name.clone(),
        events,
        withdrawn,
        listings,
        words: changed(weights(&before.words), weights(&now.words)),
        classes: changed(weights(&before.ipc), weights(&now.ipc)),
        likely: changed(likely(before), likely(now)),
    }
}

/// What weighs something else now, the greatest change first.
fn changed(before: Vec<(String, f64)>, now: Vec<(String, f64)>) -> Vec<LearntTerm> {
    let mut terms: HashMap<String, (f64, f64)> = HashMap::new();
    before.into_iter().for_each(|(term, weight)| terms.entry(term).or_default().0 = weight);
    now.into_iter().for_each(|(term, weight)| terms.entry(term).or_default().1 = weight);
    let differs = |(_, (before, now)): &(String, (f64, f64))| before != now;
    let mut changed: Vec<LearntTerm> =
        terms.into_iter().filter(differs).map(|(term, (before, now))| LearntTerm { term, before, now }).collect();
    let change = |term: &LearntTerm| (term.now - term.before).abs();
    changed.sort_by(|a, b| change(b).total_cmp(&change(a)).then_with(|| a.term.cmp(&b.term)));
    changed
}
