//! Recommendations for one enterprise.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::matching::{Matcher, Narrowing};
use super::{Engine, EngineError};
use crate::domain::{Date, Enterprise, EnterpriseProfile, Listing, ListingId, Offer, Recommendation};
use crate::rank::{self, Arranged, Moved, Ranked, Seeker};
use crate::retrieve::matrix::Scratch;

/// How often a list is made anew because something in it was taken back meanwhile.
const ATTEMPTS: usize = 5;

/// One recommendation with its listing.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Recommended {
    /// Score and reasons.
    #[serde(flatten)]
    pub recommendation: Recommendation,
    /// The listing itself.
    pub details: Listing,
    /// Its place by score, from 1: where a list as ranked would have it.
    pub rank: usize,
    /// Why it is not where its score would put it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
    /// Nearly the same patents that are not shown for that: each can be asked for by its number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub similar: Vec<SimilarListing>,
}

/// A listing that is named instead of shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SimilarListing {
    /// Its id.
    pub listing: ListingId,
    /// The patent's title.
    pub title: String,
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
        self.recommend_narrowed(enterprise, limit, today, &Narrowing::default()).await
    }

    /// The best `limit` of the listings that pass what a person wants; their scores are those of [`Self::recommend`].
    ///
    /// # Errors
    /// As [`Self::recommend`].
    pub async fn recommend_narrowed(
        &self,
        enterprise: &str,
        limit: usize,
        today: Date,
        narrowing: &Narrowing,
    ) -> Result<Recommendations, EngineError> {
        let enterprise = self.enterprise(enterprise).await?;
        // The first to ask waits for the classifiers to be read.
        let learnt = self.learnt_of(&enterprise.id).await?;
        let profile = tokio::task::block_in_place(|| self.profile(&enterprise, &learnt))?;
        if profile.is_empty() {
            return Err(EngineError::EmptyProfile { name: enterprise.name });
        }
        let seeker = Seeker::of(&enterprise).taught(&learnt);
        let recommendations = self.recommended(&enterprise, (&profile, &seeker), limit, today, narrowing).await?;
        Ok(Recommendations { enterprise, recommendations })
    }

    /// The best `limit` listings for a profile, explained.
    pub(super) async fn recommended(
        &self,
        enterprise: &Enterprise,
        (profile, seeker): (&EnterpriseProfile, &Seeker),
        limit: usize,
        today: Date,
        narrowing: &Narrowing,
    ) -> Result<Vec<Recommended>, EngineError> {
        for _ in 0..ATTEMPTS {
            let catalogue = self.matching().await?;
            let matcher = Matcher::new(&catalogue, &catalogue.configuration.weights, today);
            let (request, list) = tokio::task::block_in_place(|| -> Result<_, EngineError> {
                let mut scratch = Scratch::default();
                let request = matcher.request(profile, &mut scratch)?;
                let list = matcher.list(narrowing, &request, seeker, limit, &mut scratch)?;
                Ok((request, list))
            })?;
            let mut listings = self.listings_of(&list).await?;
            // The store is the truth: what was taken back a moment ago is not shown.
            let served = |id: &ListingId| {
                let listing = listings.get(id);
                listing.is_some_and(|listing| rank::eligible(id, &Offer::of(listing), seeker, today).is_ok())
            };
            if !list.iter().all(|arranged| served(&arranged.ranked.listing)) {
                continue;
            }
            let similar: Vec<Vec<SimilarListing>> = list
                .iter()
                .map(|arranged| {
                    let named = arranged.folded.iter().filter(|id| served(id)).filter_map(|id| listings.get(id));
                    let named =
                        named.map(|of| SimilarListing { listing: of.id.clone(), title: of.patent.title.clone() });
                    named.collect()
                })
                .collect();
            tokio::task::block_in_place(|| self.fill(listings.values_mut()))?;
            let ranked: Vec<Ranked> = list.iter().map(|arranged| arranged.ranked.clone()).collect();
            let explained = matcher.explain(enterprise, profile, &request, &ranked, &listings)?;
            let placed = explained.into_iter().zip(&list).zip(similar);
            let recommended = placed.filter_map(|((recommendation, Arranged { rank, moved, .. }), similar)| {
                let details = listings.remove(&recommendation.listing)?;
                Some(Recommended { recommendation, details, rank: *rank, moved: *moved, similar })
            });
            return Ok(recommended.collect());
        }
        Err(EngineError::Stopped { step: "recommendation: the catalogue keeps changing" })
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

    /// The listings of a list, and those folded in it.
    async fn listings_of(&self, list: &[Arranged]) -> Result<HashMap<ListingId, Listing>, EngineError> {
        let named = |of: &Arranged| [std::slice::from_ref(&of.ranked.listing), &of.folded].concat();
        let ids: Vec<ListingId> = list.iter().flat_map(named).collect();
        let listings = self.store.listings(&ids).await?;
        Ok(listings.into_iter().map(|listing| (listing.id.clone(), listing)).collect())
    }
}
