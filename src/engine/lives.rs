//! The life of listings: steps taken by holders, the bureau and, where one is due, by duijie itself.
//!
//! A step is on the disk, in the trail, the index and the match matrix before it is answered.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Engine, EngineError};
use crate::domain::{
    Actor, ApplicationNumber, AuditEntry, Life, LifeRefusal, LifeStep, Listing, ListingId, ListingStatus, Moment,
    PublicationNumber,
};
use crate::store::{Interest, KeptEntry, LifeChange, WriteLock};

/// What the trail calls listings.
const SUBJECT: &str = "listing";
/// Listings looked at at a time.
const PAGE: usize = 1_000;

/// A listing with its life.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LifeReport {
    /// The listing, in whatever state.
    pub listing: Listing,
    /// Its life.
    pub life: Life,
    /// What was done to it, oldest first.
    pub trail: Vec<TrailEntry>,
}

/// An entry of the trail as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TrailEntry {
    /// Its number.
    pub number: i64,
    /// What it says.
    #[serde(flatten)]
    pub entry: AuditEntry,
}

impl From<KeptEntry> for TrailEntry {
    fn from(kept: KeptEntry) -> Self {
        Self { number: kept.number, entry: kept.entry }
    }
}

/// What was due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Settlement {
    /// Listings looked at.
    pub looked_at: u64,
    /// Published ones suspended.
    pub suspended: u64,
    /// Suspended ones that expired.
    pub expired: u64,
}

impl Engine {
    /// Takes a step on a listing named by any of its numbers; `seen` is the version the actor looked at, if it said so.
    ///
    /// # Errors
    /// [`EngineError::UnknownListing`] if there is none, [`EngineError::Life`] if the step cannot be taken,
    /// [`EngineError::Store`] or [`EngineError::Index`] if it cannot be kept; a step that was kept and not indexed is
    /// indexed by whatever writes next.
    pub async fn take_step(
        &self,
        number: &str,
        step: LifeStep,
        actor: &Actor,
        seen: Option<i64>,
        at: Moment,
    ) -> Result<LifeReport, EngineError> {
        let lock = self.writing().await?;
        let listing = self.any_listing(number).await?;
        let id = listing.id.clone();
        let life = self.life_of(&id).await?;
        if let Some(expected) = seen.filter(|seen| *seen != life.version) {
            return Err(LifeRefusal::Changed { listing: id, expected, found: life.version }.into());
        }
        let change = changed(Some(listing), &life, &step, actor, at)?;
        self.keep_steps(&lock, &[change]).await?;
        self.life(id.as_str()).await
    }

    /// Takes every step that is due on a day by itself: what has ended is suspended or expires. Doing it again changes
    /// nothing.
    ///
    /// # Errors
    /// As [`Self::take_step`]; what was kept until then stays.
    pub async fn settle(&self, at: Moment) -> Result<Settlement, EngineError> {
        let lock = self.writing().await?;
        let (mut settlement, mut after) = (Settlement::default(), None);
        loop {
            let page = self.store.all_listings(after.take(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            settlement.looked_at += page.len() as u64;
            let steps = self.due_steps(page, at).await?;
            for change in &steps {
                match change.listing.status {
                    ListingStatus::Expired => settlement.expired += 1,
                    _ => settlement.suspended += 1,
                }
            }
            self.store.change_lives(&lock, &steps).await?;
        }
        self.catch_up(lock.files(), &|_| ()).await?;
        Ok(settlement)
    }

    /// The steps due on listings, in their order; two where the first makes the second due.
    async fn due_steps(&self, listings: Vec<Listing>, at: Moment) -> Result<Vec<LifeChange>, EngineError> {
        let ids: Vec<&ListingId> = listings.iter().map(|listing| &listing.id).collect();
        let mut lives = self.store.lives(&ids).await?;
        let mut steps = Vec::new();
        for mut listing in listings {
            let mut life = lives.remove(&listing.id).unwrap_or_default();
            while let Some(step) = life.due(&listing, at.today) {
                let change = changed(Some(listing), &life, &step, &Actor::system(), at)?;
                (listing, life) = (change.listing.clone(), change.life.clone());
                steps.push(change);
            }
        }
        Ok(steps)
    }

    async fn keep_steps(&self, lock: &WriteLock, steps: &[LifeChange]) -> Result<(), EngineError> {
        self.store.change_lives(lock, steps).await?;
        self.catch_up(lock.files(), &|_| ()).await?;
        Ok(())
    }

    /// A listing in whatever state, with its life and trail.
    ///
    /// # Errors
    /// [`EngineError::UnknownListing`] if there is none, [`EngineError::Store`] if it cannot be read.
    pub async fn life(&self, number: &str) -> Result<LifeReport, EngineError> {
        let listing = self.any_listing(number).await?;
        let life = self.life_of(&listing.id).await?;
        let trail = self.store.trail_of(SUBJECT, listing.id.as_str()).await?;
        Ok(LifeReport { listing, life, trail: trail.into_iter().map(TrailEntry::from).collect() })
    }

    /// How many enterprises a listing was shown to, and what they did.
    ///
    /// # Errors
    /// [`EngineError::Store`] if it cannot be read.
    pub async fn interest(&self, listing: &ListingId) -> Result<Interest, EngineError> {
        Ok(self.store.interest(listing).await?)
    }

    /// At most `limit` listings in a state that pass `wanted`, those first that came to it first, behind the listing `after`
    /// of that order.
    ///
    /// # Errors
    /// [`EngineError::UnknownListing`] for an `after` that is none, [`EngineError::Store`] if they cannot be read.
    pub async fn work_queue(
        &self,
        status: ListingStatus,
        after: Option<&ListingId>,
        limit: usize,
        wanted: impl Fn(&Listing) -> bool,
    ) -> Result<Vec<(Listing, Life)>, EngineError> {
        let (mut after, mut found) = (after.cloned(), Vec::new());
        while found.len() < limit {
            let place = match &after {
                Some(id) => Some((self.life_of(id).await?.since, id)),
                None => None,
            };
            let ids = self.store.life_queue(status, place, limit).await?;
            let Some(last) = ids.last() else { break };
            let mut lives = self.store.lives(&ids.iter().collect::<Vec<_>>()).await?;
            let listings = self.store.listings(&ids).await?.into_iter().filter(&wanted);
            found.extend(listings.map(|listing| (lives.remove(&listing.id), listing)).map(unlived));
            after = Some(last.clone());
        }
        found.truncate(limit);
        Ok(found)
    }

    pub(super) async fn life_of(&self, id: &ListingId) -> Result<Life, EngineError> {
        Ok(self.store.lives(&[id]).await?.remove(id).unwrap_or_default())
    }

    /// The listing of an id, application number or publication number, on offer or not.
    ///
    /// # Errors
    /// [`EngineError::UnknownListing`] if there is none, [`EngineError::Store`] if it cannot be read.
    pub async fn any_listing(&self, text: &str) -> Result<Listing, EngineError> {
        let text = text.trim();
        let number = match (text.parse::<ApplicationNumber>(), text.parse::<PublicationNumber>()) {
            (Ok(number), _) => Some(number.as_str().to_owned()),
            (_, Ok(number)) => Some(number.document().to_owned()),
            _ => None,
        };
        let mut found = match text.parse::<ListingId>() {
            Ok(id) => self.store.listing(&id).await?,
            Err(_) => None,
        };
        if let Some(number) = number.filter(|_| found.is_none()) {
            found = self.by_number(number).await?;
        }
        found.ok_or_else(|| EngineError::UnknownListing { text: text.chars().take(64).collect() })
    }
}

fn unlived((life, listing): (Option<Life>, Listing)) -> (Listing, Life) {
    (listing, life.unwrap_or_default())
}

/// What a step makes of a listing and its life, with what is kept of it.
pub(super) fn changed(
    listing: Option<Listing>,
    life: &Life,
    step: &LifeStep,
    actor: &Actor,
    at: Moment,
) -> Result<LifeChange, EngineError> {
    let before = listing.as_ref().map(|listing| listing.status.as_str().to_owned());
    let (listing, life) = life.take(listing, step, actor, at)?;
    let entry = AuditEntry {
        subject_kind: SUBJECT.to_owned(),
        subject: listing.id.to_string(),
        action: step.verb().word().to_owned(),
        actor: actor.clone(),
        at: at.now,
        before,
        after: listing.status.as_str().to_owned(),
        reason: step.reason().to_owned(),
        detail: detail(step, &listing, &life),
    };
    Ok(LifeChange { listing, life, entry })
}

/// What of a step the states and the reason do not say: the words handed in, the answer given, the worksheet published on.
fn detail(step: &LifeStep, listing: &Listing, life: &Life) -> String {
    let detail = match step {
        LifeStep::Write(_) | LifeStep::Submit(_) => {
            serde_json::json!({ "terms": listing.terms, "holders": listing.patent.holders })
        }
        LifeStep::Check(kind, _) => serde_json::json!({ "check": kind, "answer": life.worksheet.0.get(kind) }),
        LifeStep::Publish => serde_json::json!({ "worksheet": life.worksheet, "terms": listing.terms }),
        _ => return String::new(),
    };
    detail.to_string()
}
