//! Published listings for partner platforms: what changed behind a place of the change feed, with what is gone.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Engine, EngineError};
use crate::domain::{Date, Listing, ListingId, Offer};
use crate::rank;
use crate::store::ListingChange;

/// One change a partner takes over.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SharedListing {
    /// Which listing.
    pub id: ListingId,
    /// Its place in the feed; a listing that changes again moves to a later place.
    pub revision: i64,
    /// What it is now; `None` once it is no longer on offer: withdrawn, suspended, ended, or kept under another number.
    pub listing: Option<Listing>,
}

/// A page of changes.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SharedPage {
    /// The changes, oldest first; each listing at most once.
    pub listings: Vec<SharedListing>,
    /// Where the next page, or the next day's question, begins.
    pub next: i64,
    /// Whether there is more by now.
    pub more: bool,
}

impl Engine {
    /// Changes behind the place `after` (0 for everything) of at most `limit` listings, as of `today`. What was never published
    /// is not told of, neither are plain patents, so that a page may be shorter than `limit`, even empty, though there is more.
    ///
    /// # Errors
    /// [`EngineError::UnknownPlace`] for a place the feed has not come to, as after a backup was put back;
    /// [`EngineError::Store`] if the record cannot be read.
    pub async fn shared_listings(&self, after: i64, limit: usize, today: Date) -> Result<SharedPage, EngineError> {
        let latest = self.store.listing_revision().await?;
        if !(0..=latest).contains(&after) {
            return Err(EngineError::UnknownPlace { place: after, latest });
        }
        let changes = self.store.listing_changes(after, limit).await?;
        let next = changes.last().map_or(after, |change| change.revision);
        let ids: Vec<&ListingId> = changes.iter().map(|change| &change.id).collect();
        let lives = self.store.lives(&ids).await?;
        let was_public = |id: &ListingId| lives.get(id).is_none_or(|life| life.was_published);
        let shared = changes.into_iter().filter_map(|ListingChange { revision, id, listing }| {
            let is_patent = listing.as_ref().is_some_and(|listing| listing.terms.is_none());
            let listing = listing.filter(|listing| rank::on_offer(&Offer::of(listing), today).is_ok());
            (!is_patent && (listing.is_some() || was_public(&id))).then_some(SharedListing { id, revision, listing })
        });
        let mut listings: Vec<SharedListing> = shared.collect();
        tokio::task::block_in_place(|| self.fill(listings.iter_mut().filter_map(|shared| shared.listing.as_mut())))?;
        Ok(SharedPage { listings, next, more: next < latest })
    }

    /// The listings on offer that changed last behind the place `after` and not behind `upto`, as of `today`.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the record cannot be read.
    pub async fn on_offer_between(&self, after: i64, upto: i64, today: Date) -> Result<Vec<ListingId>, EngineError> {
        let most = usize::try_from(upto.saturating_sub(after)).unwrap_or_default();
        let changes = self.store.listing_changes(after, most).await?;
        let near = changes.into_iter().take_while(|change| change.revision <= upto);
        let on_offer = near.filter_map(|ListingChange { id, listing, .. }| {
            let listing = listing.filter(|listing| listing.terms.is_some())?;
            rank::on_offer(&Offer::of(&listing), today).is_ok().then_some(id)
        });
        Ok(on_offer.collect())
    }

    /// The latest place of the change feed.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the record cannot be read.
    pub async fn latest_place(&self) -> Result<i64, EngineError> {
        Ok(self.store.listing_revision().await?)
    }

    /// How many changed listings of the record the index does not show yet.
    ///
    /// # Errors
    /// [`EngineError::Store`] or [`EngineError::Index`] if either cannot be read.
    pub async fn changes_behind(&self) -> Result<u64, EngineError> {
        Ok(self.store.listing_change_count(self.index.revision()?).await?)
    }
}
