//! What becomes of links in messages when they are followed.

use super::links::Link;
use super::{Engine, EngineError};
use crate::domain::{Actor, DeliveryId, Enterprise, EnterpriseId, FeedbackEvent, FeedbackKind, ListingId, Moment};

/// How long after it was sent a message is what an enterprise acts upon, in days.
pub const ATTRIBUTION_DAYS: i64 = 90;

const DAY: i64 = 86_400;

impl Engine {
    /// The message and the listing that a link leads to; `None` for a link that was not signed here.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the record cannot be read.
    pub async fn listing_of_link(&self, link: &str) -> Result<Option<(DeliveryId, ListingId)>, EngineError> {
        let Some(Link::Listing { campaign, place, listing }) = Link::read(link, &self.link_key().await?) else {
            return Ok(None);
        };
        let planned = self.planned_at(campaign, place).await?;
        let nth = usize::try_from(listing - 1).ok();
        let found = planned.zip(nth).and_then(|(planned, nth)| Some(planned.listings.get(nth)?.0.clone()));
        Ok(found.map(|listing| (DeliveryId::of_campaign(campaign, place), listing)))
    }

    /// Keeps that the listing of a message was opened, the first time within the days it counts for; afterwards nothing.
    ///
    /// # Errors
    /// [`EngineError::Store`] while somebody else writes, or if the record cannot be written.
    pub async fn record_opened(&self, delivery: &DeliveryId, listing: &ListingId, now: i64) -> Result<(), EngineError> {
        self.record_deed(delivery, listing, FeedbackKind::Opened, now).await?;
        Ok(())
    }

    /// The enterprise that a link for opting out is for, by name; `None` for a link that was not signed here.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the record cannot be read.
    pub async fn enterprise_of_link(&self, link: &str) -> Result<Option<Enterprise>, EngineError> {
        let Some(Link::OptOut { campaign, place }) = Link::read(link, &self.link_key().await?) else {
            return Ok(None);
        };
        let Some(planned) = self.planned_at(campaign, place).await? else { return Ok(None) };
        Ok(self.store.enterprise(&planned.enterprise).await?)
    }

    /// The enterprise of such a link is sent nothing from now on; `None` for a link that was not signed here.
    ///
    /// # Errors
    /// As [`Engine::set_push_wish`].
    pub async fn opt_out_by_link(&self, link: &str, at: Moment) -> Result<Option<Enterprise>, EngineError> {
        let Some(firm) = self.enterprise_of_link(link).await? else { return Ok(None) };
        self.set_push_wish(&firm.id, false, &Actor::enterprise(&firm.name), at).await?;
        Ok(Some(firm))
    }

    /// Counts a deed for the message that showed an enterprise a listing last, if any did in the days before. It has been
    /// done and answered: what fails here is told to the log alone.
    pub(super) async fn attribute(&self, enterprise: &EnterpriseId, listing: &ListingId, kind: FeedbackKind, now: i64) {
        let attributed = async {
            let Some(delivery) = self.store.last_showing(enterprise, listing).await? else { return Ok(false) };
            self.record_deed(&delivery, listing, kind, now).await
        };
        if let Err(error) = attributed.await {
            tracing::warn!(%error, %kind, "a deed is not counted for the message before it");
        }
    }

    /// Keeps what an enterprise did with a listing of a delivery, once of each kind, within the days it counts for. Returns
    /// whether that was new.
    pub(super) async fn record_deed(
        &self,
        delivery: &DeliveryId,
        listing: &ListingId,
        kind: FeedbackKind,
        now: i64,
    ) -> Result<bool, EngineError> {
        let lock = self.writing().await?;
        let Some(shown) = self.store.delivery(delivery).await? else { return Ok(false) };
        let place = shown.listings.iter().position(|shown| shown == listing);
        if place.is_none() || now > shown.at + ATTRIBUTION_DAYS * DAY {
            return Ok(false);
        }
        let id = format!("{delivery}.{}.{}", place.unwrap_or_default() + 1, kind.word());
        let id = id.parse().map_err(|_| EngineError::Stopped { step: "naming an event" })?;
        let event =
            FeedbackEvent { id, delivery: delivery.clone(), listing: listing.clone(), kind, at: now.max(shown.at) };
        let saved = self.store.save_feedback(&lock, &[event], now.max(shown.at)).await?;
        Ok(saved.accepted > 0)
    }
}
