//! Trying to send one message: whether its enterprise may still be sent what was planned, and sending it.

use super::campaign_firms::Offered;
use super::passwords::digest;
use super::{Engine, EngineError};
use crate::domain::{
    Attempt, Campaign, Channel, Delivery, EmailAddress, Enterprise, Listing, ListingId, Message, MessageCause, Moment,
    PlannedFirm, Recommendation,
};
use crate::mail::Hope;
use crate::store::Tried;

const DAY: i64 = 86_400;

/// What an enterprise is sent, checked a moment ago.
pub(super) struct Parcel {
    pub(super) firm: Enterprise,
    /// The listings, best first.
    pub(super) listings: Vec<Item>,
}

/// A listing of it.
pub(super) struct Item {
    /// Its place among those planned.
    pub(super) place: i64,
    pub(super) listing: Listing,
    pub(super) why: Recommendation,
}

/// What came of trying.
struct Came {
    attempt: Attempt,
    delivery: Option<Delivery>,
    /// The digest of an address that reaches nobody.
    bounced: Option<String>,
}

impl Came {
    fn to(attempt: Attempt) -> Self {
        Self { attempt, delivery: None, bounced: None }
    }
}

impl Engine {
    /// A message, tried. What fails on our side is tried again like everything that may pass.
    pub(super) async fn tried(&self, campaign: &Campaign, message: Message, at: Moment) -> Tried {
        let came = self.try_to_send(campaign, &message, at).await.unwrap_or_else(|error| {
            tracing::warn!(%error, campaign = message.campaign, place = message.place, "a message waits");
            Came::to(Attempt::Trouble)
        });
        Tried { message: message.tried(came.attempt, at.now), delivery: came.delivery, bounced: came.bounced }
    }

    async fn try_to_send(&self, campaign: &Campaign, message: &Message, at: Moment) -> Result<Came, EngineError> {
        let parcel = match self.parcel(campaign, message, at).await? {
            Ok(parcel) => parcel,
            Err(cause) => return Ok(Came::to(Attempt::Skipped(cause))),
        };
        let mut came = match (message.channel, &parcel.firm.email) {
            (Channel::Email, Some(email)) => self.write_to(campaign, message, &parcel, email).await?,
            (Channel::Email, None) => Came::to(Attempt::Skipped(MessageCause::Unreachable)),
            (Channel::Phone, _) if parcel.firm.phone.is_none() => Came::to(Attempt::Skipped(MessageCause::Unreachable)),
            (Channel::Webhook, _) => Came::to(self.notify(campaign, message, &parcel, at).await?),
            (Channel::Inbox | Channel::Phone, _) => Came::to(Attempt::Sent),
        };
        if came.attempt == Attempt::Sent {
            let shown = parcel.listings.iter().map(|item| item.listing.id.clone()).collect();
            // Set back, the clock must not mix up the order in which the enterprise saw things.
            let latest = self.store.last_delivered(&message.enterprise).await?.unwrap_or(at.now);
            let (id, enterprise) = (message.delivery(), message.enterprise.clone());
            came.delivery = Some(Delivery { id, enterprise, at: latest.max(at.now), listings: shown });
        }
        Ok(came)
    }

    /// What of a plan its enterprise may still be sent, or why nothing. This is where eligibility, opting out and frequency
    /// are held once more: the preview may be weeks old.
    async fn parcel(
        &self,
        campaign: &Campaign,
        message: &Message,
        at: Moment,
    ) -> Result<Result<Parcel, MessageCause>, EngineError> {
        let Some(firm) = self.store.enterprise(&message.enterprise).await? else {
            return Ok(Err(MessageCause::Unreachable));
        };
        if self.store.opted_out_at(&firm.id).await?.is_some() {
            return Ok(Err(MessageCause::OptedOut));
        }
        let Some(planned) = self.planned_at(message.campaign, message.place).await? else {
            return Ok(Err(MessageCause::NothingLeft));
        };
        let ids: Vec<ListingId> = planned.listings.into_iter().map(|(id, _)| id).collect();
        let mut offered = self.offered(&firm, &ids, at.today).await?;
        let items = (1..).zip(&ids).filter_map(|(place, id)| {
            let Offered { listing, why } = offered.remove(id)?;
            Some(Item { place, listing, why: why? })
        });
        let mut listings: Vec<Item> = items.collect();
        match self.store.delivery(&message.delivery()).await? {
            // Another channel was first: all say the same.
            Some(shown) => listings.retain(|item| shown.listings.contains(&item.listing.id)),
            None => {
                let left = self.left_to_send(campaign, &firm, at).await?;
                if left == 0 {
                    return Ok(Err(MessageCause::SentEnough));
                }
                listings.truncate(left);
            }
        }
        if listings.is_empty() {
            return Ok(Err(MessageCause::NothingLeft));
        }
        Ok(Ok(Parcel { firm, listings }))
    }

    /// How many listings an enterprise may still be sent by the campaign's frequency.
    async fn left_to_send(&self, campaign: &Campaign, firm: &Enterprise, at: Moment) -> Result<usize, EngineError> {
        let Some(frequency) = campaign.brief.limits.frequency else { return Ok(usize::MAX) };
        let shown = self.store.shown_since(at.now - i64::from(frequency.days) * DAY, &[&firm.id]).await?;
        Ok((frequency.listings as usize).saturating_sub(shown.get(&firm.id).copied().unwrap_or_default()))
    }

    /// What is planned for the enterprise at a place.
    pub(super) async fn planned_at(&self, campaign: i64, place: i64) -> Result<Option<PlannedFirm>, EngineError> {
        let found = self.store.planned_firms(campaign, None, place - 1, 1).await?;
        Ok(found.into_iter().find(|(at, _)| *at == place).map(|(_, firm)| firm))
    }

    async fn write_to(
        &self,
        campaign: &Campaign,
        message: &Message,
        parcel: &Parcel,
        email: &EmailAddress,
    ) -> Result<Came, EngineError> {
        let address = digest(email.as_str());
        if self.store.bounced_at(&address).await?.is_some() {
            return Ok(Came::to(Attempt::Skipped(MessageCause::Bounced)));
        }
        let letter = self.offer_letter(campaign, message, parcel, email).await?;
        let Err(error) = self.post(letter).await else { return Ok(Came::to(Attempt::Sent)) };
        let hope = error.hope();
        tracing::warn!(%error, ?hope, campaign = message.campaign, place = message.place, "a letter was not taken");
        Ok(match hope {
            Hope::NoSuchAddress => Came { bounced: Some(address), ..Came::to(Attempt::Failed(MessageCause::Bounced)) },
            Hope::None => Came::to(Attempt::Failed(MessageCause::Refused)),
            Hope::Later => Came::to(Attempt::Trouble),
        })
    }
}
