//! Sending a campaign, as staff steer it: starting, halting, going on, trying again what lies dead, looking how far it is.

use serde::Serialize;
use utoipa::ToSchema;

use super::campaigns::entry;
use super::{CampaignReport, Engine, EngineError};
use crate::domain::{Account, Campaign, CampaignRefusal, CampaignVerb, Channel, Message, MessageState, Moment};
use crate::store::MessageCount;

/// How far a campaign's messages have come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CampaignProgress {
    /// How many messages stand how.
    pub counts: Vec<MessageCount>,
    /// Those asked for, by the enterprise's place and by channel.
    pub messages: Vec<Message>,
}

impl Engine {
    /// Begins to send what was approved: its messages are queued, and go out by and by ([`Engine::send_due`]).
    ///
    /// # Errors
    /// [`CampaignRefusal`] if there is none, it is not approved, or it is to go by mail and no letters can be sent.
    pub async fn start_campaign(
        &self,
        number: i64,
        by: &Account,
        seen: Option<i64>,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let lock = self.writing().await?;
        let before = self.known_campaign(number, seen).await?;
        let next = before.clone().stepped(CampaignVerb::Start)?;
        if next.brief.sending.channels.contains(&Channel::Email) && !self.outside.writes_letters() {
            return Err(CampaignRefusal::NoMail { number }.into());
        }
        let kept = entry(CampaignVerb::Start.word(), Some(&before), &next, (&by.actor(), ""), at);
        self.store.start_campaign(&lock, &next, kept).await?;
        drop(lock);
        self.campaign(number).await
    }

    /// Halts a campaign: when this has answered, no further message is begun. Those under way, a handful, arrive.
    ///
    /// # Errors
    /// [`CampaignRefusal`] if there is none or it is not being sent.
    pub async fn pause_campaign(
        &self,
        number: i64,
        by: &Account,
        seen: Option<i64>,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let next = |campaign: Campaign| campaign.stepped(CampaignVerb::Pause);
        self.step_campaign(number, CampaignVerb::Pause, next, (by, ""), seen, at).await
    }

    /// Goes on with a campaign.
    ///
    /// # Errors
    /// [`CampaignRefusal`] if there is none or it is not halted.
    pub async fn resume_campaign(
        &self,
        number: i64,
        by: &Account,
        seen: Option<i64>,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let next = |campaign: Campaign| campaign.stepped(CampaignVerb::Resume);
        self.step_campaign(number, CampaignVerb::Resume, next, (by, ""), seen, at).await
    }

    /// Queues again what could not be sent, with as many tries as at first.
    ///
    /// # Errors
    /// [`CampaignRefusal`] if there is none, or it is neither being sent, halted nor done.
    pub async fn retry_campaign(
        &self,
        number: i64,
        by: &Account,
        seen: Option<i64>,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let lock = self.writing().await?;
        let before = self.known_campaign(number, seen).await?;
        let next = before.clone().stepped(CampaignVerb::Retry)?;
        let kept = entry(CampaignVerb::Retry.word(), Some(&before), &next, (&by.actor(), ""), at);
        self.store.revive_messages(&lock, &next, kept).await?;
        drop(lock);
        self.campaign(number).await
    }

    /// How far a campaign's messages have come, with those of at most `limit` enterprises behind a place: all, or those in
    /// one state.
    ///
    /// # Errors
    /// What the store fails with.
    pub async fn campaign_progress(
        &self,
        number: i64,
        state: Option<MessageState>,
        after: i64,
        limit: usize,
    ) -> Result<CampaignProgress, EngineError> {
        let counts = self.store.message_counts(number).await?;
        let messages = self.store.messages(number, state, after, limit).await?;
        Ok(CampaignProgress { counts, messages })
    }
}
