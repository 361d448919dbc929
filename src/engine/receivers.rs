//! Enterprises' own systems that take messages (webhooks): where they are, and sending to them.

use serde::Serialize;
use utoipa::ToSchema;

use super::attempt::{Item, Parcel};
use super::passwords::random;
use super::{Engine, EngineError};
use crate::domain::{Attempt, Campaign, DeliveryRefusal, EnterpriseId, Message, MessageCause, MessageFields, Moment};
use crate::webhook::{self, Courier, HookError, Reach};

/// Where an enterprise's own system takes messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Receiver {
    /// Its address; none if there is none.
    pub url: Option<String>,
    /// What messages are signed with, told once: when the address is set.
    pub secret: Option<String>,
}

/// What a message says.
#[derive(Serialize)]
struct Said<'a> {
    /// What has happened.
    r#type: &'static str,
    /// The message's name, as in the inbox.
    delivery: &'a str,
    at: i64,
    subject: String,
    opening: String,
    listings: Vec<SaidListing<'a>>,
}

#[derive(Serialize)]
struct SaidListing<'a> {
    listing: &'a str,
    title: &'a str,
    reasons: Vec<&'a str>,
}

impl Engine {
    /// Messages to enterprises' systems may go this far.
    ///
    /// # Errors
    /// [`HookError::Client`] where no requests can be made.
    pub fn reach_receivers(&mut self, reach: Reach) -> Result<(), HookError> {
        self.outside.courier = Some((Courier::new(reach)?, reach));
        Ok(())
    }

    /// Where an enterprise's own system takes messages. The secret is not told again.
    ///
    /// # Errors
    /// [`EngineError::Store`] if it cannot be read.
    pub async fn receiver(&self, enterprise: &EnterpriseId) -> Result<Receiver, EngineError> {
        Ok(Receiver { url: self.store.webhook(enterprise).await?.map(|(url, _)| url), secret: None })
    }

    /// An enterprise's own system takes messages there from now on, signed with a new secret; nowhere for none.
    ///
    /// # Errors
    /// [`DeliveryRefusal::Receiver`] for an address that messages cannot be sent to; [`EngineError::Store`] if it cannot be kept.
    pub async fn set_receiver(&self, enterprise: &EnterpriseId, url: Option<&str>) -> Result<Receiver, EngineError> {
        let reach = self.outside.courier.as_ref().map_or(Reach::Public, |(_, reach)| *reach);
        let refused = |_| DeliveryRefusal::Receiver;
        let url = url.map(|url| webhook::address(url, reach)).transpose().map_err(refused)?;
        let secret = url.is_some().then(random).transpose()?.map(webhook::secret);
        let lock = self.writing().await?;
        self.store.set_webhook(&lock, enterprise, url.as_deref().zip(secret.as_deref())).await?;
        Ok(Receiver { url, secret })
    }

    /// Sends a message to its enterprise's own system.
    pub(super) async fn notify(
        &self,
        campaign: &Campaign,
        message: &Message,
        parcel: &Parcel,
        at: Moment,
    ) -> Result<Attempt, EngineError> {
        let Some((url, secret)) = self.store.webhook(&message.enterprise).await? else {
            return Ok(Attempt::Skipped(MessageCause::Unreachable));
        };
        let Some((courier, _)) = &self.outside.courier else { return Ok(Attempt::Trouble) };
        let (name, body) = (message.delivery(), said(campaign, message, parcel, at)?);
        let parcel = webhook::Parcel { url: &url, secret: &secret, name: name.as_str(), at: at.now, body: &body };
        let Err(error) = courier.deliver(parcel).await else { return Ok(Attempt::Sent) };
        tracing::warn!(%error, campaign = message.campaign, place = message.place, "a receiver did not take a message");
        Ok(if error.is_lasting() { Attempt::Failed(MessageCause::Refused) } else { Attempt::Trouble })
    }
}

fn said(campaign: &Campaign, message: &Message, parcel: &Parcel, at: Moment) -> Result<String, EngineError> {
    let fields = MessageFields {
        enterprise: &parcel.firm.name,
        listings: parcel.listings.len(),
        campaign: &campaign.brief.title,
    };
    let words = &campaign.brief.sending.message;
    let listings = parcel.listings.iter().map(|Item { listing, why, .. }| SaidListing {
        listing: listing.id.as_str(),
        title: &listing.patent.title,
        reasons: why.explanation.reasons.iter().map(|reason| reason.text.as_str()).collect(),
    });
    let delivery = message.delivery();
    let said = Said {
        r#type: "listings.offered",
        delivery: delivery.as_str(),
        at: at.now,
        subject: fields.filled(&words.subject),
        opening: fields.filled(&words.opening),
        listings: listings.collect(),
    };
    serde_json::to_string(&said).map_err(|_| EngineError::Stopped { step: "writing a message" })
}
