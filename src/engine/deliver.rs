//! Recording what an enterprise was shown, so that what it does with it can be understood.

use sha2::{Digest, Sha256};

use super::{Engine, EngineError, Recommendations};
use crate::domain::{Date, Delivery, DeliveryId, DeliveryRefusal, EnterpriseId, ListingId};

impl Engine {
    /// The best `limit` listings for the enterprise, as of `today`, recorded as shown at `now` (seconds since 1970).
    ///
    /// # Errors
    /// As [`Self::recommend`] and [`Self::record_delivery`].
    pub async fn deliver(
        &self,
        enterprise: &str,
        limit: usize,
        today: Date,
        now: i64,
    ) -> Result<(Recommendations, Delivery), EngineError> {
        let shown = self.recommend(enterprise, limit, today).await?;
        let delivery = self.record_delivery(&shown, now).await?;
        Ok((shown, delivery))
    }

    /// Records a list as shown at `now`, with the places of its listings. The same list shown at the same second to the same
    /// enterprise is one delivery.
    ///
    /// # Errors
    /// [`DeliveryRefusal::OptedOut`] if the enterprise wants nothing sent; [`DeliveryRefusal::ClockBackwards`] if it was
    /// shown something later than `now`: the order in which it saw things would be lost. [`EngineError::Store`] while
    /// another process is writing, or if saving fails.
    pub async fn record_delivery(&self, shown: &Recommendations, now: i64) -> Result<Delivery, EngineError> {
        let lock = self.store.lock_for_writing().await?;
        let enterprise = shown.enterprise.id.clone();
        if self.store.opted_out_at(&enterprise).await?.is_some() {
            return Err(DeliveryRefusal::OptedOut { name: shown.enterprise.name.clone() }.into());
        }
        if let Some(latest) = self.store.last_delivered(&enterprise).await?.filter(|latest| *latest > now) {
            return Err(DeliveryRefusal::ClockBackwards { enterprise, now, latest }.into());
        }
        let listings: Vec<ListingId> =
            shown.recommendations.iter().map(|shown| shown.recommendation.listing.clone()).collect();
        let delivery = Delivery { id: name_of(&enterprise, now, &listings)?, enterprise, at: now, listings };
        self.store.save_delivery(&lock, &delivery).await?;
        Ok(delivery)
    }
}

/// A name made of what was shown to whom and when: 80 bits of its SHA-256.
fn name_of(enterprise: &EnterpriseId, now: i64, listings: &[ListingId]) -> Result<DeliveryId, EngineError> {
    let mut digest = Sha256::new();
    digest.update(enterprise.as_str());
    digest.update(now.to_le_bytes());
    for listing in listings {
        digest.update([0]);
        digest.update(listing.as_str());
    }
    let digits: String = digest.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect();
    format!("d-{digits}").parse().map_err(|_| EngineError::Stopped { step: "naming a delivery" })
}
