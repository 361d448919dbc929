//! One way from a profile to ranked listings, for pages, API, command line and evaluation alike.

use std::collections::HashMap;

use super::EngineError;
use crate::domain::{Candidate, Date, Enterprise, EnterpriseProfile, Listing, ListingId, Offer, Recommendation};
use crate::index::Snapshot;
use crate::rank::{self, Ranked, Request, Seeker, Weights};
use crate::retrieve::Retriever;

/// What matching needs: a catalogue at one moment, and weights.
#[derive(Clone, Copy)]
pub(super) struct Matcher<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) weights: &'a Weights,
    pub(super) today: Date,
}

impl Matcher<'_> {
    /// The listings worth ranking.
    pub(super) fn candidates(&self, profile: &EnterpriseProfile, pool: usize) -> Result<Vec<Candidate>, EngineError> {
        Ok(Retriever::new(self.snapshot, self.weights.evidence()).candidates(profile, pool)?)
    }

    /// The best of them that may be shown.
    pub(super) fn rank(
        &self,
        seeker: &Seeker,
        candidates: &[Candidate],
        offers: &HashMap<ListingId, Offer>,
        limit: usize,
    ) -> Result<Vec<Ranked>, EngineError> {
        let request = Request { seeker, today: self.today, weights: self.weights };
        Ok(rank::rank(candidates, |id| offers.get(id), request, limit)?)
    }

    /// The reasons for each.
    pub(super) fn explain(
        &self,
        enterprise: &Enterprise,
        profile: &EnterpriseProfile,
        ranked: &[Ranked],
        listings: &HashMap<ListingId, Listing>,
    ) -> Result<Vec<Recommendation>, EngineError> {
        let ids: Vec<ListingId> = ranked.iter().map(|ranked| ranked.listing.clone()).collect();
        let evidence = Retriever::new(self.snapshot, self.weights.evidence()).evidence(profile, &ids)?;
        let Some(best) = ranked.first().map(|ranked| ranked.score) else { return Ok(Vec::new()) };
        let explained = ranked.iter().zip(&evidence).filter_map(|(ranked, evidence)| {
            Some(rank::explain(ranked, evidence, listings.get(&ranked.listing)?, enterprise, best))
        });
        Ok(explained.collect())
    }
}
