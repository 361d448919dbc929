//! Interactive search, and one listing by its number.

use std::collections::HashMap;

use serde::Serialize;

use super::{Engine, EngineError};
use crate::domain::{ApplicationNumber, Date, Listing, ListingId, PublicationNumber};
use crate::index::{Facets, Filters, Fragment, Highlighter, SearchRequest};
use crate::rank;

/// Characters of abstract or claim shown with a hit.
const SNIPPET: usize = 90;

/// One listing found, ready to be shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
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
        let listings = self.store.listings(&ids).await?;
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
        let unknown = || EngineError::UnknownListing { text: text.chars().take(64).collect() };
        let number = text.parse::<ApplicationNumber>().map(String::from);
        let number = number.or_else(|_| text.parse::<PublicationNumber>().map(String::from));
        let id: ListingId = number.unwrap_or_else(|_| text.to_owned()).parse().map_err(|_| unknown())?;
        let found = match self.store.listing(&id).await? {
            Some(listing) => Some(listing),
            None => self.by_other_number(&id).await?,
        };
        found.filter(|listing| rank::on_offer(listing, today).is_ok()).ok_or_else(unknown)
    }

    /// A listing known under its application number, asked for by its publication number.
    async fn by_other_number(&self, number: &ListingId) -> Result<Option<Listing>, EngineError> {
        let request = SearchRequest { text: number.as_str().to_owned(), limit: 1, ..SearchRequest::default() };
        let results = self.index.snapshot()?.search(&request)?;
        match results.hits.first() {
            Some(hit) => Ok(self.store.listing(&hit.listing).await?.filter(|l| has_number(l, number.as_str()))),
            None => Ok(None),
        }
    }
}

fn has_number(listing: &Listing, number: &str) -> bool {
    let application = listing.patent.application_number.as_ref().map(|n| n.as_str());
    let publication = listing.patent.publication_number.as_ref().map(|n| n.as_str());
    application == Some(number) || publication == Some(number)
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
