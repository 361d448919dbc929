//! The messages of campaigns: a row each, which is the job of sending it as well.
//!
//! What is taken up stands as being sent from then on, with the moment. Whoever took it up and died leaves it so; after a
//! while it is taken up again.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::pool::{Session, Transaction};
use super::rows::{from_body, sql_limit};
use super::statement::Statement;
use super::{Store, StoreError, WriteLock, deliveries};
use crate::domain::{Campaign, Channel, Delivery, EnterpriseId, LONGEST_WAIT, Message, MessageCause, MessageState};

const COLUMNS: &str = "SELECT m.campaign, m.firm_place, f.enterprise_id, m.channel, m.state, m.cause, m.attempts, m.at \
     FROM campaign_message m JOIN campaign_firm f ON f.campaign = m.campaign AND f.place = m.firm_place ";

const FILL: &str = "INSERT INTO campaign_message (campaign, firm_place, channel, state, cause, attempts, at) \
     SELECT campaign, place, $2, 'queued', NULL, 0, 0 FROM campaign_firm WHERE campaign = $1 AND outcome = 'sent'";

/// A moment far ahead means that the clock has been set back since.
const DUE: &str = "WHERE m.campaign = $1 AND m.state = $2 AND (m.at <= $3 OR m.at > $4) AND m.channel IN ";

const IN_ORDER: &str = " ORDER BY m.at, m.firm_place, m.channel LIMIT ";

const UPDATE: &str = "UPDATE campaign_message SET state = $4, cause = $5, attempts = $6, at = $7 \
     WHERE campaign = $1 AND firm_place = $2 AND channel = $3";

const EMPTY: &str = "UPDATE campaign_message SET state = 'skipped', cause = 'given_up', at = $2 \
     WHERE campaign = $1 AND state = 'queued'";

const REVIVE: &str = "UPDATE campaign_message SET state = 'queued', cause = NULL, attempts = 0, at = 0 \
     WHERE campaign = $1 AND state = 'dead'";

const INSERT_BOUNCED: &str = "INSERT INTO bounced_address (digest, bounced_at) VALUES ($1, $2) \
     ON CONFLICT (digest) DO NOTHING";

const BOUNCED: &str = "SELECT bounced_at FROM bounced_address WHERE digest = $1";

const PAGE: &str = "WHERE m.campaign = $1 AND m.firm_place IN (SELECT DISTINCT firm_place FROM campaign_message \
     WHERE campaign = $1 AND firm_place > $2 AND ($3 = '' OR state = $3) ORDER BY firm_place LIMIT $4) \
     AND ($3 = '' OR m.state = $3) ORDER BY m.firm_place, m.channel";

/// What a campaign's step does to its messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueChange {
    /// Nothing.
    None,
    /// Queues them: one for each enterprise with something in store, by each of the campaign's channels.
    Fill,
    /// Queues the dead ones again, with as many tries as at first.
    Revive,
    /// Takes those that are queued out at a moment, in seconds since 1970: they are not sent any more.
    Empty(i64),
}

/// What was done about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The message as it is now.
    pub message: Message,
    /// What the enterprise was shown by it; kept unless another channel has shown it before.
    pub delivery: Option<Delivery>,
    /// The digest of the address that reaches nobody.
    pub bounced: Option<String>,
}

type Row = (i64, i64, String, String, String, Option<String>, i64, i64);

impl Store {
    /// Takes up at most `limit` messages of a campaign by some channels at the moment `now`: those that somebody took up more
    /// than `patience` seconds ago, then those that are due, the longest due first. They stand as being sent.
    ///
    /// # Errors
    /// As [`Store::change_campaign`].
    pub async fn take_up(
        &self,
        lock: &WriteLock,
        campaign: i64,
        channels: &[Channel],
        limit: usize,
        (now, patience): (i64, i64),
    ) -> Result<Vec<Message>, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let mut taken = Vec::new();
        for (state, until, beyond) in
            [(MessageState::Sending, now - patience, now + patience), (MessageState::Queued, now, now + LONGEST_WAIT)]
        {
            if taken.len() >= limit {
                break;
            }
            let select = Statement::new(COLUMNS).push(DUE).bind(campaign).bind(state.word()).bind(until).bind(beyond);
            let select = select.list(channels.iter().map(|channel| channel.word())).push(IN_ORDER);
            let select = select.list([sql_limit(limit - taken.len())]);
            let rows = transaction.rows::<Row>(select).await?;
            for row in rows {
                taken.push(Message { state: MessageState::Sending, at: now, ..message(row)? });
            }
        }
        for message in &taken {
            update(&mut transaction, message).await?;
        }
        transaction.commit().await?;
        Ok(taken)
    }

    /// Keeps what was done about some messages, in one transaction.
    ///
    /// # Errors
    /// As [`Store::change_campaign`].
    pub async fn keep_tried(&self, lock: &WriteLock, tried: &[Tried]) -> Result<(), StoreError> {
        let mut transaction = self.begin(lock).await?;
        for Tried { message, delivery, bounced } in tried {
            update(&mut transaction, message).await?;
            if let Some(delivery) = delivery {
                deliveries::insert(&mut transaction, delivery).await?;
            }
            if let Some(digest) = bounced {
                let insert = Statement::new(INSERT_BOUNCED).bind(digest.as_str()).bind(message.at);
                transaction.run(insert).await?;
            }
        }
        transaction.commit().await
    }

    /// When the address of a digest was found to reach nobody, in seconds since 1970.
    ///
    /// # Errors
    /// As for every read.
    pub async fn bounced_at(&self, digest: &str) -> Result<Option<i64>, StoreError> {
        let rows: Vec<(i64,)> = self.rows(Statement::new(BOUNCED).bind(digest)).await?;
        Ok(rows.into_iter().next().map(|(at,)| at))
    }

    /// The messages of at most `limit` enterprises of a campaign behind a place, by place and channel: all, or those in one
    /// state.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when one cannot be read, else as for every read.
    pub async fn messages(
        &self,
        campaign: i64,
        state: Option<MessageState>,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError> {
        let select = Statement::new(COLUMNS).push(PAGE).bind(campaign).bind(after);
        let select = select.bind(state.map_or("", MessageState::word)).bind(sql_limit(limit));
        self.rows::<Row>(select).await?.into_iter().map(message).collect()
    }
}

/// Does to a campaign's messages what its step does.
pub(super) async fn change(
    transaction: &mut Transaction,
    campaign: &Campaign,
    queue: QueueChange,
) -> Result<(), StoreError> {
    let number = campaign.number;
    match queue {
        QueueChange::None => {}
        QueueChange::Fill => {
            for channel in &campaign.brief.sending.channels {
                transaction.run(Statement::new(FILL).bind(number).bind(channel.word())).await?;
            }
        }
        QueueChange::Revive => drop(transaction.run(Statement::new(REVIVE).bind(number)).await?),
        QueueChange::Empty(now) => drop(transaction.run(Statement::new(EMPTY).bind(number).bind(now)).await?),
    }
    Ok(())
}

async fn update(transaction: &mut Transaction, message: &Message) -> Result<(), StoreError> {
    let Message { campaign, place, channel, state, cause, attempts, at, .. } = message;
    let update = Statement::new(UPDATE).bind(*campaign).bind(*place).bind(channel.word()).bind(state.word());
    let update = update.bind(cause.map(MessageCause::word)).bind(i64::from(*attempts)).bind(*at);
    transaction.run(update).await?;
    Ok(())
}

fn message((campaign, place, enterprise, channel, state, cause, attempts, at): Row) -> Result<Message, StoreError> {
    let (channel, state, cause) = words(&format!("{campaign} {place}"), &channel, &state, cause.as_deref())?;
    Ok(Message {
        campaign,
        place,
        enterprise: EnterpriseId::from_known(&enterprise),
        channel,
        state,
        cause,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        at,
    })
}

/// What the words of a row mean, which is called so where one is unknown.
pub(super) fn words(
    row: &str,
    channel: &str,
    state: &str,
    cause: Option<&str>,
) -> Result<(Channel, MessageState, Option<MessageCause>), StoreError> {
    fn word<T: DeserializeOwned>(row: &str, word: &str) -> Result<T, StoreError> {
        from_body("campaign_message", row.to_owned(), &Value::from(word).to_string())
    }
    Ok((word(row, channel)?, word(row, state)?, cause.map(|cause| word(row, cause)).transpose()?))
}
