//! What of a judged set the measures look at.

use std::collections::BTreeMap;

use super::{JudgementWeights, Qrels};
use crate::domain::{DivisionCode, Enterprise, IpcCode, Listing, Location, TechnologyField};

/// A set of queries, the listings they choose from, and judgements.
#[derive(Debug, Clone, Default)]
pub struct JudgedSet {
    /// The listings by id.
    pub listings: BTreeMap<String, ListingFacts>,
    /// The queries by name, judged or not.
    pub queries: BTreeMap<String, QueryFacts>,
    /// The judgements.
    pub qrels: Qrels,
    /// How much each of them counts, for the measures that ask.
    pub weights: JudgementWeights,
}

/// Where a listing is classed, by its own symbols: what a classifier makes of it does not enter any figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListingFacts {
    /// The subclass of its first symbol.
    pub main_class: Option<String>,
    /// The subclasses of all its symbols, ascending, without repeats.
    pub classes: Vec<String>,
    /// Its technology field.
    pub field: Option<TechnologyField>,
}

/// How much is known of who asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueryFacts {
    /// Own patents.
    pub own_patents: usize,
    /// Characters of needs, business, products, industries and concepts; titles of own patents and the name do not count.
    pub text: usize,
    /// The province the enterprise sits in; `None` where that is not known, or abroad.
    pub province: Option<DivisionCode>,
}

impl JudgedSet {
    /// The facts of a set. Of two listings of one id the later counts.
    #[must_use]
    pub fn of(listings: &[Listing], queries: &[Enterprise], qrels: Qrels) -> Self {
        Self {
            listings: listings.iter().map(|listing| (listing.id.to_string(), ListingFacts::of(listing))).collect(),
            queries: queries.iter().map(|query| (query.id.to_string(), QueryFacts::of(query))).collect(),
            qrels,
            weights: JudgementWeights::default(),
        }
    }
}

impl ListingFacts {
    /// Those of a listing.
    #[must_use]
    pub fn of(listing: &Listing) -> Self {
        let mut classes: Vec<String> = listing.patent.ipc.iter().map(|code| code.subclass().to_owned()).collect();
        classes.sort_unstable();
        classes.dedup();
        Self {
            main_class: listing.patent.ipc.first().map(IpcCode::subclass).map(str::to_owned),
            classes,
            field: listing.patent.classified_field(),
        }
    }
}

impl QueryFacts {
    /// Those of an enterprise.
    #[must_use]
    pub fn of(enterprise: &Enterprise) -> Self {
        let lists = [&enterprise.products, &enterprise.industries, &enterprise.concepts];
        let words = lists.into_iter().flatten().chain(enterprise.needs.iter().map(|need| &need.0));
        let text = words.chain([&enterprise.business]).map(|text| text.chars().count()).sum();
        let province = enterprise.location.as_ref().and_then(Location::province);
        Self { own_patents: enterprise.own_patents.len(), text, province }
    }
}
