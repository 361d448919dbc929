//! A message of a campaign to one enterprise by one channel: where it stands, and what becomes of it when it is tried.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Channel, DeliveryId, EnterpriseId};

/// How often a message that leaves this program is tried: the waits between double from a minute to an hour, about five
/// hours in all.
pub const MOST_ATTEMPTS: u32 = 10;
/// The first wait, in seconds.
const FIRST_WAIT: i64 = 60;
/// The longest wait, in seconds: a message that is due later was queued before the clock was set back.
pub const LONGEST_WAIT: i64 = 3_600;

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// It waits to be sent, for the first time or again.
    Queued,
    /// It is on its way: somebody has taken it up and has not said yet what became of it.
    Sending,
    /// It has been sent, once.
    Sent,
    /// It is not sent, for a good reason.
    Skipped,
    /// It could not be sent, and is not tried any more unless somebody asks for it.
    Dead,
}

impl MessageState {
    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Skipped => "skipped",
            Self::Dead => "dead",
        }
    }
}

/// Why a message is not sent, or has not been yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageCause {
    /// The enterprise has opted out since the preview.
    OptedOut,
    /// Others have sent it as much as it may be sent since the preview.
    SentEnough,
    /// None of its listings is on offer to it any more.
    NothingLeft,
    /// The channel does not reach it: it has no mail address, number or receiver.
    Unreachable,
    /// Its mail server says that nobody is reached by its address.
    Bounced,
    /// The other side takes it for wrong, and would the next time.
    Refused,
    /// The other side could not be reached or could not take it; that may change.
    Trouble,
    /// The campaign was given up before it was sent.
    GivenUp,
}

impl MessageCause {
    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OptedOut => "opted_out",
            Self::SentEnough => "sent_enough",
            Self::NothingLeft => "nothing_left",
            Self::Unreachable => "unreachable",
            Self::Bounced => "bounced",
            Self::Refused => "refused",
            Self::Trouble => "trouble",
            Self::GivenUp => "given_up",
        }
    }
}

/// What came of trying to send a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It was sent.
    Sent,
    /// There was a good reason not to.
    Skipped(MessageCause),
    /// It failed and would fail again.
    Failed(MessageCause),
    /// It failed and may not the next time.
    Trouble,
}

/// A message of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignMessage)]
pub struct Message {
    /// The campaign's number.
    pub campaign: i64,
    /// The enterprise's place in it.
    pub place: i64,
    /// The enterprise.
    pub enterprise: EnterpriseId,
    /// By which way.
    pub channel: Channel,
    /// Where it stands.
    pub state: MessageState,
    /// Why, where there is a reason.
    pub cause: Option<MessageCause>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next, or was sent or given up, in seconds since 1970-01-01 UTC; 0 for as soon as can be.
    pub at: i64,
}

impl Message {
    /// What an enterprise is sent by a campaign, by all channels together, is one delivery of this name.
    #[must_use]
    pub fn delivery(&self) -> DeliveryId {
        DeliveryId::of_campaign(self.campaign, self.place)
    }

    /// What it becomes by an attempt at a moment, in seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn tried(self, attempt: Attempt, now: i64) -> Self {
        let attempts = self.attempts + 1;
        let (state, cause, at) = match attempt {
            Attempt::Sent => (MessageState::Sent, None, now),
            Attempt::Skipped(cause) => (MessageState::Skipped, Some(cause), now),
            Attempt::Failed(cause) => (MessageState::Dead, Some(cause), now),
            Attempt::Trouble if attempts >= MOST_ATTEMPTS => (MessageState::Dead, Some(MessageCause::Trouble), now),
            Attempt::Trouble => (MessageState::Queued, Some(MessageCause::Trouble), now + wait(attempts)),
        };
        Self { state, cause, attempts, at, ..self }
    }
}

/// How long to wait after so many attempts, in seconds.
fn wait(attempts: u32) -> i64 {
    (FIRST_WAIT << attempts.saturating_sub(1).min(16)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Message {
        Message {
            campaign: 3,
            place: 7,
            enterprise: EnterpriseId::from_known("f"),
            channel: Channel::Email,
            state: MessageState::Sending,
            cause: None,
            attempts: 0,
            at: 0,
        }
    }

    #[test]
    fn what_may_succeed_later_is_tried_ten_times_over_five_hours_and_then_lies_where_staff_see_it() {
        let (mut message, mut now, mut waits) = (message(), 1_000, Vec::new());
        while message.state != MessageState::Dead {
            message = message.tried(Attempt::Trouble, now);
            waits.push(message.at - now);
            now = message.at;
        }
        assert_eq!(waits, [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600, 0]);
        assert_eq!((message.attempts, message.cause), (MOST_ATTEMPTS, Some(MessageCause::Trouble)));
    }

    #[test]
    fn what_is_sent_skipped_or_refused_is_not_tried_again() {
        let state = |attempt| message().tried(attempt, 5).state;
        assert_eq!(state(Attempt::Sent), MessageState::Sent);
        assert_eq!(state(Attempt::Skipped(MessageCause::OptedOut)), MessageState::Skipped);
        assert_eq!(state(Attempt::Failed(MessageCause::Bounced)), MessageState::Dead);
    }

    #[test]
    fn all_channels_of_an_enterprise_share_one_delivery() {
        let other = Message { channel: Channel::Inbox, ..message() };
        assert_eq!((message().delivery(), message().delivery().as_str()), (other.delivery(), "c-3-7"));
    }
}
