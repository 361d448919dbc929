//! Sending a campaign, as staff steer it and look how far it is.

use serde::Serialize;
use utoipa::ToSchema;

use super::{CampaignReport, Engine, EngineError};
use crate::domain::{Account, Campaign, CampaignRefusal, Channel, Message, MessageState, Moment, SendingStep};
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
    /// Takes a step, for a reason that the trail keeps. Started, a campaign's messages are queued, and go out by and by
    /// ([`Engine::send_due`]). Once halting or giving up is answered, no further message is begun; those under way, a handful,
    /// arrive.
    ///
    /// # Errors
    /// [`CampaignRefusal`] if there is no such campaign, the step does not start from where it stands, or it is to go by mail
    /// and no letters can be sent.
    pub async fn steer_campaign(
        &self,
        number: i64,
        step: SendingStep,
        (by, reason): (&Account, &str),
        seen: Option<i64>,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let next = |campaign: Campaign| {
            let next = campaign.stepped(step)?;
            let by_mail = next.brief.sending.channels.contains(&Channel::Email);
            if step == SendingStep::Start && by_mail && !self.outside.writes_letters() {
                return Err(CampaignRefusal::NoMail { number });
            }
            Ok(next)
        };
        self.step_campaign(number, step.verb(), next, (by, reason), seen, at).await
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
