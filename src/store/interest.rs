//! How many enterprises a listing was shown to, and what they did: counts, never who.

use utoipa::ToSchema;

use super::statement::Statement;
use super::{Store, StoreError};
use crate::domain::{FeedbackKind, ListingId};

const SHOWN: &str = "SELECT COUNT(DISTINCT delivery.enterprise_id) FROM delivered_listing \
     JOIN delivery ON delivery.delivery_id = delivered_listing.delivery_id WHERE delivered_listing.listing_id = $1";

const DONE: &str = "SELECT feedback_event.kind, COUNT(DISTINCT delivery.enterprise_id) FROM feedback_event \
     JOIN delivery ON delivery.delivery_id = feedback_event.delivery_id \
     WHERE feedback_event.listing_id = $1 AND feedback_event.withdrawn_at IS NULL GROUP BY feedback_event.kind";

const ASKED: &str = "SELECT COUNT(DISTINCT enterprise_id) FROM enquiry WHERE listing_id = $1";

const TAKEN: &str = "SELECT COUNT(DISTINCT enterprise_id) FROM licence WHERE listing_id = $1 \
     AND state IN ('paid', 'recorded', 'in_use', 'ended')";

/// Enterprises by what they did with a listing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, ToSchema)]
pub struct Interest {
    /// It was recommended to.
    pub shown: u64,
    /// Opened it.
    pub opened: u64,
    /// Saved it.
    pub saved: u64,
    /// Declined it, for whatever reason.
    pub declined: u64,
    /// Asked its holder.
    pub enquired: u64,
    /// Have, or had, a licence that holds.
    pub licensed: u64,
}

impl Store {
    /// What enterprises did with a listing.
    ///
    /// # Errors
    /// As for every read.
    pub async fn interest(&self, listing: &ListingId) -> Result<Interest, StoreError> {
        let count = async |select: &'static str| -> Result<u64, StoreError> {
            let count: i64 = self.value(Statement::new(select).bind(listing.as_str())).await?;
            Ok(count.unsigned_abs())
        };
        let done: Vec<(String, i64)> = self.rows(Statement::new(DONE).bind(listing.as_str())).await?;
        let did = |kind: &str| done.iter().find(|(word, _)| word == kind).map_or(0, |(_, count)| count.unsigned_abs());
        Ok(Interest {
            shown: count(SHOWN).await?,
            opened: did(FeedbackKind::Opened.word()),
            saved: did(FeedbackKind::Saved.word()),
            declined: did("declined"),
            enquired: count(ASKED).await?,
            licensed: count(TAKEN).await?,
        })
    }
}
