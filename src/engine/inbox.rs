//! An enterprise's inbox: what campaigns have sent it, and what it did with that.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Engine, EngineError};
use crate::domain::{
    Actor, AuditEntry, Date, DeliveryId, DeliveryRefusal, Enterprise, EnterpriseId, FeedbackKind, ListingId,
    MessageFields, Moment, Recommendation,
};

/// A message in an inbox.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct InboxMessage {
    /// Its name.
    #[schema(value_type = String)]
    pub delivery: DeliveryId,
    /// When it came, in seconds since 1970-01-01 UTC.
    pub at: i64,
    /// What it is about.
    pub subject: String,
    /// What stands before the listings.
    pub opening: String,
    /// The listings, best first; why they suit the enterprise is said of those it may still have.
    pub listings: Vec<InboxListing>,
}

/// A listing of a message.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct InboxListing {
    /// Its id.
    pub listing: ListingId,
    /// The patent's title.
    pub title: String,
    /// Why it suits the enterprise, by what is known today; none once it may not be sent any more.
    pub why: Option<Recommendation>,
    /// What the enterprise has done with it: opened, saved, enquired, licensed, declined.
    pub done: Vec<String>,
}

impl Engine {
    /// At most `limit` messages of an enterprise's inbox from before a moment (seconds since 1970), the latest first.
    ///
    /// # Errors
    /// What store and index fail with.
    pub async fn inbox(
        &self,
        firm: &Enterprise,
        before: i64,
        limit: usize,
        today: Date,
    ) -> Result<Vec<InboxMessage>, EngineError> {
        let kept = self.store.feedback(&[&firm.id]).await?;
        let mut messages = Vec::new();
        for delivery in self.store.inbox(&firm.id, before, limit).await? {
            let Some(number) = delivery.id.campaign() else { continue };
            let campaign = self.known_campaign(number, None).await?;
            let done = |id: &ListingId| {
                let theirs = kept.iter().filter(|kept| kept.event.delivery == delivery.id && kept.event.listing == *id);
                let standing = theirs.filter(|kept| kept.withdrawn_at.is_none());
                standing.map(|kept| kept.event.kind.word().to_owned()).collect()
            };
            let mut offered = self.offered(firm, &delivery.listings, today).await?;
            let fields = MessageFields {
                enterprise: &firm.name,
                listings: delivery.listings.len(),
                campaign: &campaign.brief.title,
            };
            let words = &campaign.brief.sending.message;
            let listings = delivery.listings.iter().map(|id| {
                let (title, why) = offered.remove(id).map(|it| (it.listing.patent.title, it.why)).unwrap_or_default();
                InboxListing { listing: id.clone(), title, why, done: done(id) }
            });
            messages.push(InboxMessage {
                delivery: delivery.id.clone(),
                at: delivery.at,
                subject: fields.filled(&words.subject),
                opening: fields.filled(&words.opening),
                listings: listings.collect(),
            });
        }
        Ok(messages)
    }

    /// Forgets everything that an enterprise was ever shown and what it did with that, at its wish; returns how many
    /// messages and lists. What was learnt of it is unlearnt, reports count it no more.
    ///
    /// # Errors
    /// [`EngineError::Store`] if it cannot be done; then part may be forgotten, and the rest is by asking again.
    pub async fn erase_showings(
        &self,
        enterprise: &EnterpriseId,
        actor: &Actor,
        at: Moment,
    ) -> Result<u64, EngineError> {
        let lock = self.writing().await?;
        let entry = AuditEntry::of(("enterprise", enterprise.as_str()), "erase", (None, "erased"), actor, at.now);
        Ok(self.store.forget_deliveries_of(&lock, enterprise, entry).await?)
    }

    /// Keeps what an enterprise did with a listing of a message in its inbox, once of each kind, while it counts for the
    /// message. Returns whether that was new.
    ///
    /// # Errors
    /// [`DeliveryRefusal::Unknown`] for a message that is not the enterprise's; [`EngineError::Store`] while somebody else
    /// writes, or if the record cannot be written.
    pub async fn act_on_message(
        &self,
        firm: &Enterprise,
        delivery: &DeliveryId,
        listing: &ListingId,
        kind: FeedbackKind,
        now: i64,
    ) -> Result<bool, EngineError> {
        let known = self.store.delivery(delivery).await?;
        if known.is_none_or(|known| known.enterprise != firm.id || !known.listings.contains(listing)) {
            return Err(DeliveryRefusal::Unknown { delivery: delivery.clone() }.into());
        }
        self.record_deed(delivery, listing, kind, now).await
    }
}
