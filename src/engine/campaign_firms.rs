//! What a campaign has in store for each enterprise, as staff look at it: with titles and reasons.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::matching::Matcher;
use super::{Engine, EngineError};
use crate::domain::{Date, Enterprise, EnterpriseId, Listing, ListingId, Offer, Outcome, Recommendation, Score};
use crate::rank::{self, Ranked, Seeker};
use crate::retrieve::matrix::Scratch;

/// A listing that a campaign sends an enterprise.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CampaignListing {
    /// Its id.
    pub listing: ListingId,
    /// The patent's title.
    pub title: String,
    /// The score it had at the preview.
    pub score: Score,
    /// Why it suits the enterprise, by what is known today; none once it may not be sent any more.
    pub why: Option<Recommendation>,
}

/// An enterprise of a campaign's audience.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CampaignFirm {
    /// Where the lot puts it, from 1: the first so many are a random sample.
    pub place: i64,
    /// Its id.
    pub enterprise: EnterpriseId,
    /// Its name.
    pub name: String,
    /// What is in store for it.
    pub outcome: Outcome,
    /// What it is sent, best first.
    pub listings: Vec<CampaignListing>,
}

/// A listing as it may be offered to an enterprise.
pub(super) struct Offered {
    pub(super) listing: Listing,
    /// Why it suits the enterprise; none where it may not be sent to it.
    pub(super) why: Option<Recommendation>,
}

impl Engine {
    /// At most `limit` enterprises of a campaign's audience behind a place, with what is in store for them and why: all, or
    /// those of one outcome. None before the first preview.
    ///
    /// # Errors
    /// What store and index fail with.
    pub async fn campaign_firms(
        &self,
        number: i64,
        outcome: Option<Outcome>,
        after: i64,
        limit: usize,
        today: Date,
    ) -> Result<Vec<CampaignFirm>, EngineError> {
        let mut firms = Vec::new();
        for (place, planned) in self.store.planned_firms(number, outcome, after, limit).await? {
            let Some(firm) = self.store.enterprise(&planned.enterprise).await? else { continue };
            let ids: Vec<ListingId> = planned.listings.iter().map(|(id, _)| id.clone()).collect();
            let mut offered = self.offered(&firm, &ids, today).await?;
            let listings = planned.listings.into_iter().map(|(listing, score)| {
                // One that has moved to another id since is shown without a title.
                let (title, why) =
                    offered.remove(&listing).map(|it| (it.listing.patent.title, it.why)).unwrap_or_default();
                CampaignListing { listing, title, score, why }
            });
            let listings = listings.collect();
            firms.push(CampaignFirm {
                place,
                enterprise: firm.id,
                name: firm.name,
                outcome: planned.outcome,
                listings,
            });
        }
        Ok(firms)
    }

    /// What is known today of some listings, and why they suit an enterprise; no reasons for one that may not be sent to it.
    pub(super) async fn offered(
        &self,
        firm: &Enterprise,
        ids: &[ListingId],
        today: Date,
    ) -> Result<HashMap<ListingId, Offered>, EngineError> {
        let listings = self.store.listings(ids).await?;
        let listings: HashMap<ListingId, Listing> =
            listings.into_iter().map(|listing| (listing.id.clone(), listing)).collect();
        let mut why = self.why(firm, ids, &listings, today).await?;
        let offered = listings.into_iter().map(|(id, listing)| {
            let why = why.remove(&id);
            (id, Offered { listing, why })
        });
        Ok(offered.collect())
    }

    /// The reasons for some listings, of those that may be shown to an enterprise.
    async fn why(
        &self,
        firm: &Enterprise,
        ids: &[ListingId],
        listings: &HashMap<ListingId, Listing>,
        today: Date,
    ) -> Result<HashMap<ListingId, Recommendation>, EngineError> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let (learnt, catalogue) = (self.learnt_of(&firm.id).await?, self.matching().await?);
        let opted_out = self.store.opted_out_at(&firm.id).await?.is_some();
        tokio::task::block_in_place(|| {
            let matcher = Matcher::new(&catalogue, &catalogue.configuration.weights, today);
            let profile = self.profile(firm, &learnt)?;
            let request = matcher.request(&profile, &mut Scratch::default())?;
            let seeker = Seeker::of(firm).taught(&learnt);
            let mut ranked: Vec<Ranked> = Vec::new();
            for id in ids.iter().filter(|_| !opted_out) {
                // The store is the truth: what was taken back a moment ago is not shown.
                let may = |listing: &Listing| rank::eligible(id, &Offer::of(listing), &seeker, today).is_ok();
                let Some((_, row)) = catalogue.matrix.listing(id).filter(|_| listings.get(id).is_some_and(may)) else {
                    continue;
                };
                let features = matcher.retriever().measure().between(request.view(), row);
                ranked.extend(matcher.pair(&seeker, features, id)?);
            }
            let explained = matcher.explain(firm, &profile, &request, &ranked, listings)?;
            Ok(explained.into_iter().map(|why| (why.listing.clone(), why)).collect())
        })
    }
}
