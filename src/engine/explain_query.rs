//! One query of a judged set: its list with reasons, and where the relevant listings went that it does not show.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use super::EngineError;
use super::evaluate::{DAY, Models};
use super::judged_set::SetFolder;
use super::matching::Matcher;
use crate::config::Configuration;
use crate::domain::{Enterprise, Explanation, Listing, ListingId, Offer, Recommendation, Score};
use crate::rank::{Ranked, Seeker, eligible};
use crate::retrieve::matrix::Scratch;

/// A query and its list.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedQuery {
    /// The set's name: its folder's.
    pub set: String,
    /// The query.
    pub query: Enterprise,
    /// The best listings, best first.
    pub list: Vec<ExplainedListing>,
    /// The relevant listings that the list does not have: by rank, then those without one by id.
    pub missing: Vec<ExplainedListing>,
}

/// A listing and how it came to its place.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedListing {
    /// Its id.
    pub listing: String,
    /// Its title; empty where the set does not have it.
    pub title: String,
    /// What the judgements say of it; `None` where nobody has judged.
    pub grade: Option<u8>,
    /// Where it stands.
    #[serde(flatten)]
    pub standing: Standing,
}

/// Where a listing stands in the whole ranking of a query.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Standing {
    /// It has a place.
    Ranked {
        /// The place, from 1.
        rank: usize,
        /// Its score.
        score: Score,
        /// The parts that sum to the score.
        explanation: Explanation,
    },
    /// It has none.
    Absent {
        /// Why.
        absence: Absence,
    },
}

/// Why a listing has no rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// The set has no such listing.
    NotInTheSet,
    /// It may not be shown to this enterprise: its own, or not for its place.
    NotOnOffer,
    /// Nothing in it speaks for it.
    NothingShared,
}

/// Explains the best `k` listings of one query by this configuration, and every relevant listing that is not among them.
///
/// # Errors
/// [`EngineError::UnknownQuery`] if the set has no such query, or what reading and matching fail with.
pub fn explain_query(
    set: &Path,
    query: &str,
    k: usize,
    configuration: &Configuration,
) -> Result<ExplainedQuery, EngineError> {
    let mut folder = SetFolder::read(set)?;
    let found = folder.queries.iter().find(|enterprise| enterprise.id.as_str() == query);
    let unknown = || EngineError::UnknownQuery { set: folder.name.clone(), query: query.chars().take(64).collect() };
    let enterprise = found.ok_or_else(unknown)?.clone();
    let models = Models::load()?;
    let catalogue = models.catalogue(&mut folder.listings, configuration)?;
    let matcher = Matcher::new(&catalogue, &configuration.weights, DAY);
    let (profile, mut scratch) = (models.profile(&enterprise), Scratch::default());
    let request = matcher.request(&profile, &mut scratch)?;
    // The whole ranking: what stands behind the list is asked for too.
    let ranked = matcher.best(&request, &Seeker::of(&enterprise), folder.listings.len(), 0.0, &mut scratch)?;
    let wanted: Vec<(usize, Ranked)> =
        ranked.into_iter().enumerate().filter(|(place, of)| *place < k || folder.is_relevant(query, of)).collect();
    let (places, shown): (Vec<usize>, Vec<Ranked>) = wanted.into_iter().unzip();
    let listings: HashMap<ListingId, Listing> =
        folder.listings.iter().map(|listing| (listing.id.clone(), listing.clone())).collect();
    let explained = matcher.explain(&enterprise, &profile, &request, &shown, &listings)?;
    let mut list: Vec<ExplainedListing> =
        places.iter().zip(explained).map(|(place, of)| folder.placed(query, place + 1, of)).collect();
    let mut missing = list.split_off(places.partition_point(|place| *place < k));
    missing.extend(folder.absent(&enterprise, &shown));
    Ok(ExplainedQuery { set: folder.name, query: enterprise, list, missing })
}

impl SetFolder {
    fn grade(&self, query: &str, listing: &str) -> Option<u8> {
        self.qrels.as_ref()?.grade(query, listing)
    }

    fn is_relevant(&self, query: &str, ranked: &Ranked) -> bool {
        self.grade(query, ranked.listing.as_str()).is_some_and(|grade| grade > 0)
    }

    fn listing(&self, id: &str) -> Option<&Listing> {
        self.listings.iter().find(|listing| listing.id.as_str() == id)
    }

    fn placed(&self, query: &str, place: usize, of: Recommendation) -> ExplainedListing {
        let Recommendation { listing, score, explanation } = of;
        let id = listing.as_str();
        let title = self.listing(id).map_or_else(String::new, |listing| listing.patent.title.clone());
        let standing = Standing::Ranked { rank: place, score, explanation };
        ExplainedListing { listing: id.to_owned(), title, grade: self.grade(query, id), standing }
    }

    /// The relevant listings that have no rank.
    fn absent(&self, enterprise: &Enterprise, ranked: &[Ranked]) -> Vec<ExplainedListing> {
        let judgements = self.qrels.iter().flat_map(|qrels| qrels.judgements());
        let relevant = judgements.filter(|(query, _, grade)| *query == enterprise.id.as_str() && *grade > 0);
        let without = relevant.filter(|(_, id, _)| !ranked.iter().any(|ranked| ranked.listing.as_str() == *id));
        without
            .map(|(_, id, grade)| {
                let listing = self.listing(id);
                let absence = listing.map_or(Absence::NotInTheSet, |listing| absence(listing, enterprise));
                let title = listing.map_or_else(String::new, |listing| listing.patent.title.clone());
                ExplainedListing {
                    listing: id.to_owned(),
                    title,
                    grade: Some(grade),
                    standing: Standing::Absent { absence },
                }
            })
            .collect()
    }
}

fn absence(listing: &Listing, enterprise: &Enterprise) -> Absence {
    let may_be_shown = eligible(&listing.id, &Offer::of(listing), &Seeker::of(enterprise), DAY).is_ok();
    if may_be_shown { Absence::NothingShared } else { Absence::NotOnOffer }
}
