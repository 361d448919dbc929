//! What came of a campaign, counted.

use super::deliveries::{delivery_of_firm, known};
use super::rows::from_body;
use super::statement::Statement;
use super::{Store, StoreError};
use crate::domain::{DeliveryId, EnterpriseId, Licence, ListingId, Outcome};

const DELIVERED: &str = concat!(
    "SELECT COUNT(DISTINCT l.delivery_id), COUNT(*) FROM campaign_firm f JOIN delivered_listing l ON l.delivery_id = ",
    delivery_of_firm!(),
    " WHERE f.campaign = $1"
);

const DEEDS: &str = concat!(
    "SELECT e.kind, COALESCE(e.decline_code, ''), COUNT(DISTINCT f.place), COUNT(*) FROM campaign_firm f \
     JOIN feedback_event e ON e.delivery_id = ",
    delivery_of_firm!(),
    " WHERE f.campaign = $1 AND e.withdrawn_at IS NULL GROUP BY e.kind, e.decline_code ORDER BY e.kind, e.decline_code"
);

const DECLINED_BY: &str = concat!(
    "SELECT COUNT(DISTINCT f.place) FROM campaign_firm f JOIN feedback_event e ON e.delivery_id = ",
    delivery_of_firm!(),
    " WHERE f.campaign = $1 AND e.withdrawn_at IS NULL AND e.kind = 'declined'"
);

const GROUPS: &str = "SELECT outcome, COUNT(*) FROM campaign_firm WHERE campaign = $1 GROUP BY outcome";

const ASKED: &str = "SELECT f.outcome, COUNT(DISTINCT f.place) FROM campaign_firm f \
     JOIN enquiry q ON q.enterprise_id = f.enterprise_id \
     WHERE f.campaign = $1 AND q.asked_at >= $2 AND q.asked_at < $3 GROUP BY f.outcome";

const LICENCES: &str = "SELECT f.outcome, f.place, l.number, l.body FROM campaign_firm f \
     JOIN licence l ON l.enterprise_id = f.enterprise_id \
     WHERE f.campaign = $1 AND l.state IN ('paid', 'recorded', 'in_use', 'ended') ORDER BY f.place";

const LAST_SHOWN: &str = "SELECT d.delivery_id FROM delivery d \
     JOIN delivered_listing l ON l.delivery_id = d.delivery_id \
     WHERE d.enterprise_id = $1 AND l.listing_id = $2 ORDER BY d.delivered_at DESC, d.delivery_id LIMIT 1";

/// So many enterprises did something with so many listings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeedCount {
    /// What: opened, saved, enquired, licensed, declined.
    pub kind: String,
    /// Why it was declined; empty for all else.
    pub code: String,
    /// By how many enterprises.
    pub enterprises: u64,
    /// With how many listings, each counted for each enterprise.
    pub pairs: u64,
}

impl Store {
    /// How many messages of a campaign have reached their enterprises by at least one channel, and how many listings they
    /// had.
    ///
    /// # Errors
    /// As for every read.
    pub async fn delivered_by(&self, campaign: i64) -> Result<(u64, u64), StoreError> {
        let rows: Vec<(i64, i64)> = self.rows(Statement::new(DELIVERED).bind(campaign)).await?;
        let (deliveries, listings) = rows.into_iter().next().unwrap_or_default();
        Ok((deliveries.unsigned_abs(), listings.unsigned_abs()))
    }

    /// What enterprises did with what a campaign sent them.
    ///
    /// # Errors
    /// As for every read.
    pub async fn deeds_after(&self, campaign: i64) -> Result<Vec<DeedCount>, StoreError> {
        let rows: Vec<(String, String, i64, i64)> = self.rows(Statement::new(DEEDS).bind(campaign)).await?;
        let count = |(kind, code, enterprises, pairs): (String, String, i64, i64)| DeedCount {
            kind,
            code,
            enterprises: enterprises.unsigned_abs(),
            pairs: pairs.unsigned_abs(),
        };
        Ok(rows.into_iter().map(count).collect())
    }

    /// How many enterprises declined anything that a campaign sent them.
    ///
    /// # Errors
    /// As for every read.
    pub async fn declined_by(&self, campaign: i64) -> Result<u64, StoreError> {
        let count: i64 = self.value(Statement::new(DECLINED_BY).bind(campaign)).await?;
        Ok(count.unsigned_abs())
    }

    /// How many enterprises of a campaign's audience there are of an outcome.
    ///
    /// # Errors
    /// As for every read.
    pub async fn outcome_counts(&self, campaign: i64) -> Result<Vec<(Outcome, u64)>, StoreError> {
        self.by_outcome(Statement::new(GROUPS).bind(campaign)).await
    }

    /// How many enterprises of each outcome have asked about any listing from a moment on and before another, in seconds
    /// since 1970.
    ///
    /// # Errors
    /// As for every read.
    pub async fn asked_between(&self, campaign: i64, from: i64, to: i64) -> Result<Vec<(Outcome, u64)>, StoreError> {
        self.by_outcome(Statement::new(ASKED).bind(campaign).bind(from).bind(to)).await
    }

    /// The licences that hold, or have held, of a campaign's audience, with each licensee's outcome and place.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when one cannot be read, else as for every read.
    pub async fn licences_among(&self, campaign: i64) -> Result<Vec<(Outcome, i64, Licence)>, StoreError> {
        let select = Statement::new(LICENCES).bind(campaign);
        let rows: Vec<(String, i64, i64, String)> = self.rows(select).await?;
        let mut found = Vec::new();
        for (outcome, place, number, body) in rows {
            let licence = from_body("licence", number.to_string(), &body)?;
            found.extend(Outcome::of_word(&outcome).map(|outcome| (outcome, place, licence)));
        }
        Ok(found)
    }

    /// The last that an enterprise was shown a listing by.
    ///
    /// # Errors
    /// As for every read.
    pub async fn last_showing(
        &self,
        enterprise: &EnterpriseId,
        listing: &ListingId,
    ) -> Result<Option<DeliveryId>, StoreError> {
        let select = Statement::new(LAST_SHOWN).bind(enterprise.as_str()).bind(listing.as_str());
        let rows: Vec<(String,)> = self.rows(select).await?;
        rows.into_iter().next().map(|(id,)| known(&id)).transpose()
    }

    async fn by_outcome(&self, select: Statement) -> Result<Vec<(Outcome, u64)>, StoreError> {
        let rows: Vec<(String, i64)> = self.rows(select).await?;
        let read = |(word, count): (String, i64)| Some((Outcome::of_word(&word)?, count.unsigned_abs()));
        Ok(rows.into_iter().filter_map(read).collect())
    }
}
