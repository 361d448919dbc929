//! Those whom staff call for a campaign.

use super::campaign_firms::Offered;
use super::{Engine, EngineError};
use crate::document::{Call, CallItem, call_list};
use crate::domain::{Channel, Date, DeclineCode, MessageState};

/// What may be answered besides the reasons for declining.
const ANSWERS: [&str; 3] = ["未接通", "感兴趣", "要求不再联系"];

impl Engine {
    /// The list of those at most `limit` enterprises of a campaign behind a place whom staff are to call, as a workbook: those
    /// whose messages by telephone have come to their turn. A listing that may not be offered any more is left out.
    ///
    /// # Errors
    /// What store, index and the document fail with.
    pub async fn calls(&self, number: i64, after: i64, limit: usize, today: Date) -> Result<Vec<u8>, EngineError> {
        let mut calls = Vec::new();
        let messages = self.store.messages(number, Some(MessageState::Sent), after, limit).await?;
        for message in messages.into_iter().filter(|message| message.channel == Channel::Phone) {
            let (firm, shown) =
                (self.store.enterprise(&message.enterprise).await?, self.store.delivery(&message.delivery()).await?);
            let Some((firm, shown)) = firm.zip(shown) else { continue };
            let mut offered = self.offered(&firm, &shown.listings, today).await?;
            let items = shown.listings.iter().filter_map(|id| {
                let Offered { listing, why } = offered.remove(id)?;
                let reasons = why?.explanation.reasons.into_iter().map(|reason| reason.text).collect();
                Some(CallItem { listing: id.to_string(), title: listing.patent.title, reasons })
            });
            let items: Vec<CallItem> = items.collect();
            calls.push(Call { enterprise: firm.name, phone: firm.phone.unwrap_or_default(), items });
        }
        let answers: Vec<&str> = ANSWERS.into_iter().chain(DeclineCode::ALL.map(DeclineCode::chinese)).collect();
        Ok(call_list(&calls, &answers)?)
    }
}
