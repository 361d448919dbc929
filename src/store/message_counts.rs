//! How far the messages of a campaign have come, as counts.

use serde::Serialize;
use utoipa::ToSchema;

use super::messages::words;
use super::statement::Statement;
use super::{Store, StoreError};
use crate::domain::{Channel, MessageCause, MessageState};

const COUNTS: &str = "SELECT channel, state, cause, COUNT(*) FROM campaign_message WHERE campaign = $1 \
     GROUP BY channel, state, cause ORDER BY channel, state, cause";

const LEFT: &str = "SELECT COUNT(*) FROM campaign_message WHERE campaign = $1 AND state IN ('queued', 'sending')";

/// What left this program lately, or has been taken up to.
const LEAVING_SINCE: &str = "SELECT COUNT(*) FROM campaign_message WHERE campaign = $1 \
     AND state IN ('sent', 'sending') AND channel IN ('email', 'webhook') AND at > $2 AND at <= $3";

/// So many messages stand alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageCount {
    /// By which way they go.
    pub channel: Channel,
    /// Where they stand.
    pub state: MessageState,
    /// Why, where there is a reason.
    pub cause: Option<MessageCause>,
    /// How many.
    pub messages: i64,
}

impl Store {
    /// How many messages of a campaign stand how.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when a word is unknown, else as for every read.
    pub async fn message_counts(&self, campaign: i64) -> Result<Vec<MessageCount>, StoreError> {
        let rows: Vec<(String, String, Option<String>, i64)> = self.rows(Statement::new(COUNTS).bind(campaign)).await?;
        let count = |(channel, state, cause, messages): (String, String, Option<String>, i64)| {
            let (channel, state, cause) = words(&campaign.to_string(), &channel, &state, cause.as_deref())?;
            Ok(MessageCount { channel, state, cause, messages })
        };
        rows.into_iter().map(count).collect()
    }

    /// How many messages of a campaign are still to be sent.
    ///
    /// # Errors
    /// As for every read.
    pub async fn messages_left(&self, campaign: i64) -> Result<i64, StoreError> {
        self.value(Statement::new(LEFT).bind(campaign)).await
    }

    /// How many messages of a campaign have left this program, or are about to, after a moment and up to another, in seconds
    /// since 1970.
    ///
    /// # Errors
    /// As for every read.
    pub async fn leaving_between(&self, campaign: i64, since: i64, until: i64) -> Result<i64, StoreError> {
        self.value(Statement::new(LEAVING_SINCE).bind(campaign).bind(since).bind(until)).await
    }
}
