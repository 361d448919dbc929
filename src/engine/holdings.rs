//! What a holder has here.

use super::{Engine, EngineError};
use crate::domain::{HolderKey, Life, Listing, ListingId};

impl Engine {
    /// At most `limit` listings of a holder, in whatever state, with their lives, behind the id `after`, in the order of ids.
    ///
    /// The match matrix knows whose every listing is, and is as new as the record: no second table has to agree with it.
    ///
    /// # Errors
    /// [`EngineError::Store`] or [`EngineError::Index`] if they cannot be read.
    pub async fn holdings(
        &self,
        holder: HolderKey,
        after: Option<&ListingId>,
        limit: usize,
    ) -> Result<Vec<(Listing, Life)>, EngineError> {
        let catalogue = self.matching().await?;
        let mut ids: Vec<ListingId> = Vec::new();
        catalogue.matrix.visit(|id, offer| {
            if after.is_none_or(|after| id > after) && offer.holders().any(|held_by| held_by == holder) {
                ids.push(id.clone());
            }
        });
        ids.sort_unstable();
        ids.truncate(limit);
        let mut lives = self.store.lives(&ids.iter().collect::<Vec<_>>()).await?;
        let listings = self.store.listings(&ids).await?;
        let with_life = |listing: Listing| (lives.remove(&listing.id).unwrap_or_default(), listing);
        Ok(listings.into_iter().map(with_life).map(|(life, listing)| (listing, life)).collect())
    }
}
