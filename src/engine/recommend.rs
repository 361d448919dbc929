//! Recommendations for one enterprise.

use std::collections::HashMap;

use serde::Serialize;

use super::matching::Matcher;
use super::{Engine, EngineError};
use crate::domain::{Candidate, Date, Enterprise, Listing, ListingId, Offer, Recommendation};
use crate::profile::profile_of;
use crate::rank::Seeker;

/// Candidates ranked at first. Terms and place shift a score by less than a sixth, so the best ten of thousands are
/// among the best thousand by evidence.
const POOL: usize = 1_000;

/// One recommendation with its listing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recommended {
    /// Score and reasons.
    #[serde(flatten)]
    pub recommendation: Recommendation,
    /// The listing itself.
    pub details: Listing,
}

/// What an enterprise is recommended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recommendations {
    /// The enterprise, as known.
    pub enterprise: Enterprise,
    /// Best first.
    pub recommendations: Vec<Recommended>,
}

impl Engine {
    /// The best `limit` listings for the enterprise of this name, credit code or id, as of `today`.
    ///
    /// # Errors
    /// [`EngineError::UnknownEnterprise`], [`EngineError::AmbiguousEnterprise`] or [`EngineError::EmptyProfile`]; or
    /// what store and index fail with.
    pub async fn recommend(&self, enterprise: &str, limit: usize, today: Date) -> Result<Recommendations, EngineError> {
        let enterprise = self.enterprise(enterprise).await?;
        let profile = profile_of(&self.analyzer, &enterprise);
        if profile.is_empty() {
            return Err(EngineError::EmptyProfile { name: enterprise.name });
        }
        let snapshot = self.index.snapshot()?;
        let matcher = Matcher { snapshot: &snapshot, weights: &self.weights, today };
        let seeker = Seeker::of(&enterprise);
        let mut pool = POOL.max(limit.saturating_mul(2));
        loop {
            let candidates = tokio::task::block_in_place(|| matcher.candidates(&profile, pool))?;
            let listings = self.listings_of(&candidates).await?;
            let offers = listings.iter().map(|(id, listing)| (id.clone(), Offer::of(listing))).collect();
            let ranked = matcher.rank(&seeker, &candidates, &offers, limit)?;
            if ranked.len() < limit && candidates.len() == pool {
                // Too many were ruled out: look further down.
                pool = pool.saturating_mul(4);
                continue;
            }
            let mut listings = listings;
            let shown = ranked.iter().map(|ranked| &ranked.listing).collect::<Vec<_>>();
            let lacking = listings.values_mut().filter(|listing| shown.contains(&&listing.id));
            tokio::task::block_in_place(|| self.fill(lacking))?;
            let explained = tokio::task::block_in_place(|| matcher.explain(&enterprise, &profile, &ranked, &listings))?;
            let recommendations = explained
                .into_iter()
                .filter_map(|recommendation| {
                    let details = listings.get(&recommendation.listing)?.clone();
                    Some(Recommended { recommendation, details })
                })
                .collect();
            return Ok(Recommendations { enterprise, recommendations });
        }
    }

    /// The one enterprise of a name, credit code or id.
    ///
    /// # Errors
    /// [`EngineError::UnknownEnterprise`] or [`EngineError::AmbiguousEnterprise`].
    pub async fn enterprise(&self, text: &str) -> Result<Enterprise, EngineError> {
        let mut found = self.store.find_enterprise(text).await?;
        match found.len() {
            0 => Err(EngineError::UnknownEnterprise { text: text.chars().take(64).collect() }),
            1 => Ok(found.swap_remove(0)),
            _ => Err(EngineError::AmbiguousEnterprise {
                text: text.to_owned(),
                names: found.into_iter().map(|enterprise| enterprise.name).collect(),
            }),
        }
    }

    async fn listings_of(&self, candidates: &[Candidate]) -> Result<HashMap<ListingId, Listing>, EngineError> {
        let ids: Vec<ListingId> = candidates.iter().map(|candidate| candidate.listing.clone()).collect();
        let listings = self.store.listings(&ids).await?;
        Ok(listings.into_iter().map(|listing| (listing.id.clone(), listing)).collect())
    }
}
