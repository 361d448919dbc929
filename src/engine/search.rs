//! Interactive search, and one listing by its number.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Engine, EngineError};
use crate::domain::{Date, Listing, ListingId, Offer};
use crate::index::{Facets, Filters, Fragment, Highlighter, SearchRequest};
use crate::rank;

/// Characters of abstract or claim shown with a hit.
const SNIPPET: usize = 90;

/// One listing found, ready to be shown.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FoundListing {
    /// BM25 score; comparable within one search only.
    pub score: f32,
    /// The title, highlighted.
    pub title: Vec<Fragment>,
    /// The holders, highlighted.
    pub holders: Vec<Vec<Fragment>>,
    /// The best stretch of abstract or claim, highlighted; empty where the listing has neither.
    pub snippet: Vec<Fragment>,
    /// The listing itself.
    pub listing: Listing,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Found {
    /// How many listings fit in all.
    pub total: usize,
    /// The wanted part, best first.
    pub hits: Vec<FoundListing>,
    /// Counts over all of them.
    pub facets: Facets,
}

impl Engine {
    /// Searches the catalogue.
    ///
    /// # Errors
    /// [`EngineError::Index`] or [`EngineError::Store`] if either cannot be read.
    pub async fn search(&self, request: &SearchRequest) -> Result<Found, EngineError> {
        let snapshot = self.index.snapshot()?;
        let results = tokio::task::block_in_place(|| snapshot.search(request))?;
        let ids: Vec<ListingId> = results.hits.iter().map(|hit| hit.listing.clone()).collect();
        let mut listings = self.store.listings(&ids).await?;
        tokio::task::block_in_place(|| self.fill(listings.iter_mut()))?;
        let mut listings: HashMap<ListingId, Listing> = listings.into_iter().map(|l| (l.id.clone(), l)).collect();
        let highlighter = Highlighter::for_query(&self.analyzer, &request.text);
        let hits = results.hits.iter().filter_map(|hit| {
            // The store is the truth: what is no longer on offer there is not shown, even if the index lags.
            let listing = listings.remove(&hit.listing).filter(|listing| in_status(listing, &request.filters))?;
            Some(shown(&highlighter, listing, hit.score))
        });
        Ok(Found { total: results.total, hits: hits.collect(), facets: results.facets })
    }

    /// The listing of an id, application number or publication number, if it is on offer on that day.
    ///
    /// # Errors
    /// [`EngineError::UnknownListing`] if there is none.
    pub async fn listing(&self, text: &str, today: Date) -> Result<Listing, EngineError> {
        let mut listing = self.any_listing(text).await?;
        if rank::on_offer(&Offer::of(&listing), today).is_err() {
            return Err(EngineError::UnknownListing { text: text.chars().take(64).collect() });
        }
        tokio::task::block_in_place(|| self.fill(std::iter::once(&mut listing)))?;
        Ok(listing)
    }

    /// A listing by any number of its patent.
    pub(super) async fn by_number(&self, number: String) -> Result<Option<Listing>, EngineError> {
        if let Ok(id) = number.parse::<ListingId>()
            && let Some(listing) = self.store.listing(&id).await?
        {
            return Ok(Some(listing));
        }
        let request = SearchRequest { text: number, limit: 1, ..SearchRequest::default() };
        let snapshot = self.index.snapshot()?;
        let results = tokio::task::block_in_place(|| snapshot.search(&request))?;
        match results.hits.first() {
            Some(hit) => Ok(self.store.listing(&hit.listing).await?),
            None => Ok(None),
        }
    }
}

fn in_status(listing: &Listing, filters: &Filters) -> bool {
    filters.status.is_empty() || filters.status.contains(&listing.status)
}

fn shown(highlighter: &Highlighter, listing: Listing, score: f32) -> FoundListing {
    let patent = &listing.patent;
    let title = highlighter.highlight(&patent.title);
    let from_abstract = highlighter.snippet(&patent.abstract_text, SNIPPET);
    let from_claim = highlighter.snippet(&patent.claim, SNIPPET);
    let marks = |fragments: &[Fragment]| fragments.iter().filter(|f| f.highlighted).count();
    let snippet = if marks(&from_claim) > marks(&from_abstract) || patent.abstract_text.is_empty() {
        from_claim
    } else {
        from_abstract
    };
    let holders = patent.holders.iter().map(|holder| highlighter.highlight(holder)).collect();
    FoundListing { score, title, holders, snippet, listing }
}
