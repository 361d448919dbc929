//! Sending what is due: messages are taken up, a few at a time, tried side by side, and what became of them is kept.
//!
//! Between taking up and keeping nothing is locked. Who dies in between leaves messages that stand as being sent; after
//! [`PATIENCE`] they are taken up again, under the same names. So a message arrives at least once, in the inbox exactly
//! once, and no more letters come twice than were under way at each death.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::campaigns::entry;
use super::{Engine, EngineError};
use crate::domain::{Actor, Campaign, CampaignState, CampaignVerb, Channel, Message, Moment, SendingStep};
use crate::store::{QueueChange, Tried};

/// Most messages of a campaign under way at a time that leave this program.
const LEAVING: usize = 8;
/// Most at a time that stay within it.
const STAYING: usize = 64;
/// How long whoever took up a message is believed to be at it, in seconds: longer than any letter or request may take.
const PATIENCE: i64 = 60;
/// How long a minute is.
const MINUTE: i64 = 60;
/// How often, and how long in between, what became of messages is tried to be kept: what was sent must not be forgotten.
const ATTEMPTS: u32 = 600;
const PAUSE: Duration = Duration::from_secs(1);

impl Engine {
    /// Sends some of what is due of every campaign that is being sent; returns how many messages were tried. Called again
    /// and again, it sends all of it, and ends campaigns that have nothing left. Several servers of one record may call it.
    ///
    /// # Errors
    /// [`EngineError::Store`] if nobody lets go of the right to write, or the record cannot be reached.
    pub async fn send_due(self: &Arc<Self>, at: Moment) -> Result<usize, EngineError> {
        let mut sending = JoinSet::new();
        for campaign in self.store.running_campaigns().await? {
            if campaign.brief.sending.is_open(at.now) {
                let engine = Arc::clone(self);
                sending.spawn(async move { engine.send_some(campaign.number, at).await });
            }
        }
        // One that fails must not end the others half-way: what they have under way would be sent again.
        let (mut tried, mut failed) = (0, None);
        while let Some(joined) = sending.join_next().await {
            match joined.unwrap_or(Err(EngineError::Stopped { step: "sending" })) {
                Ok(count) => tried += count,
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(tried), Err)
    }

    async fn send_some(self: &Arc<Self>, number: i64, at: Moment) -> Result<usize, EngineError> {
        let Some((campaign, taken)) = self.take_up(number, at).await? else { return Ok(0) };
        let (campaign, mut trying) = (Arc::new(campaign), JoinSet::new());
        for message in taken {
            let (engine, campaign) = (Arc::clone(self), Arc::clone(&campaign));
            trying.spawn(async move { engine.tried(&campaign, message, at).await });
        }
        let (mut count, mut failed) = (0, None);
        while let Some(first) = trying.join_next().await {
            // Kept as soon as it is known, with what else is by then: the slowest keeps nobody waiting.
            let ready = std::iter::once(first).chain(std::iter::from_fn(|| trying.try_join_next()));
            let stopped = |error: &_| tracing::error!(%error, "trying to send a message has stopped");
            let tried: Vec<Tried> = ready.filter_map(|joined| joined.inspect_err(stopped).ok()).collect();
            match self.keep_tried(&tried).await {
                Ok(()) => count += tried.len(),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(count), Err)
    }

    /// The messages that this is the moment for, and their campaign; `None` if it is not being sent any more, or has come to
    /// its end.
    async fn take_up(&self, number: i64, at: Moment) -> Result<Option<(Campaign, Vec<Message>)>, EngineError> {
        let lock = self.writing().await?;
        let campaign = self.known_campaign(number, None).await?;
        if campaign.state != CampaignState::Running {
            return Ok(None);
        }
        let (leaving, staying): (Vec<Channel>, Vec<Channel>) = Channel::ALL.into_iter().partition(|it| it.leaves());
        let mut taken = self.store.take_up(&lock, number, &staying, STAYING, (at.now, PATIENCE)).await?;
        let left = self.store.leaving_between(number, at.now - MINUTE, at.now + PATIENCE).await?;
        let room = usize::try_from(i64::from(campaign.brief.sending.per_minute) - left).unwrap_or(0).min(LEAVING);
        if room > 0 {
            taken.extend(self.store.take_up(&lock, number, &leaving, room, (at.now, PATIENCE)).await?);
        }
        if taken.is_empty() && self.store.messages_left(number).await? == 0 {
            let done = campaign.clone().stepped(SendingStep::Finish)?;
            let kept = entry(CampaignVerb::Finish.word(), Some(&campaign), &done, (&Actor::system(), ""), at);
            self.store.change_campaign(&lock, &done, QueueChange::None, kept).await?;
            return Ok(None);
        }
        Ok(Some((campaign, taken)))
    }

    async fn keep_tried(&self, tried: &[Tried]) -> Result<(), EngineError> {
        let mut kept = self.keep_once(tried).await;
        for _ in 1..ATTEMPTS {
            let Err(error) = &kept else { break };
            tracing::warn!(%error, "cannot keep what was sent; another try in a second");
            tokio::time::sleep(PAUSE).await;
            kept = self.keep_once(tried).await;
        }
        kept
    }

    async fn keep_once(&self, tried: &[Tried]) -> Result<(), EngineError> {
        if tried.is_empty() {
            return Ok(());
        }
        let lock = self.writing().await?;
        Ok(self.store.keep_tried(&lock, tried).await?)
    }
}
