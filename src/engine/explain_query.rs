//! One query of a judged set: its list with reasons, and where the relevant listings went that it does not show.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use super::EngineError;
use super::evaluate::{DAY, Models};
use super::judged_set::SetFolder;
use super::matching::Matcher;
use crate::config::Configuration;
use crate::domain::{Enterprise, Explanation, Listing, ListingId, Offer, ReasonKind, Recommendation, Score};
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
        /// Where it would stand by each kind of evidence alone, of those that speak for it: which source brought it, and
        /// at what rank.
        sources: Vec<Source>,
    },
    /// It has none.
    Absent {
        /// Why.
        absence: Absence,
    },
}

/// A listing's place by one kind of evidence alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The reason the evidence is shown under.
    pub kind: ReasonKind,
    /// From 1; listings for which it speaks equally share the best place of theirs.
    pub rank: usize,
}

/// The reasons that are evidence. Terms and place only move what fits.
const SOURCES: [ReasonKind; 5] =
    [ReasonKind::Words, ReasonKind::Wording, ReasonKind::OwnPatents, ReasonKind::Field, ReasonKind::Meaning];

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
    let mut sources = sources(&ranked);
    let wanted: Vec<(usize, Ranked)> =
        ranked.into_iter().enumerate().filter(|(place, of)| *place < k || folder.is_relevant(query, of)).collect();
    let (places, shown): (Vec<usize>, Vec<Ranked>) = wanted.into_iter().unzip();
    let listings: HashMap<ListingId, Listing> =
        folder.listings.iter().map(|listing| (listing.id.clone(), listing.clone())).collect();
    let explained = matcher.explain(&enterprise, &profile, &request, &shown, &listings)?;
    let mut list: Vec<ExplainedListing> =
        places.iter().zip(explained).map(|(place, of)| folder.placed(query, place + 1, of, &mut sources)).collect();
    let mut missing = list.split_off(places.partition_point(|place| *place < k));
    missing.extend(folder.absent(&enterprise, &shown));
    Ok(ExplainedQuery { set: folder.name, query: enterprise, list, missing })
}

/// Where each listing of a whole ranking stands by each kind of evidence alone.
fn sources(ranked: &[Ranked]) -> HashMap<ListingId, Vec<Source>> {
    let mut sources: HashMap<ListingId, Vec<Source>> = HashMap::new();
    for kind in SOURCES {
        let part = |of: &Ranked| of.parts.iter().find(|(known, _)| *known == kind).map(|(_, part)| *part);
        let mut by_part: Vec<(f64, &Ranked)> = ranked.iter().filter_map(|of| Some((part(of)?, of))).collect();
        by_part.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (part, of) in &by_part {
            let rank = 1 + by_part.partition_point(|(other, _)| other > part);
            sources.entry(of.listing.clone()).or_default().push(Source { kind, rank });
        }
    }
    sources
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

    fn placed(
        &self,
        query: &str,
        rank: usize,
        of: Recommendation,
        sources: &mut HashMap<ListingId, Vec<Source>>,
    ) -> ExplainedListing {
        let Recommendation { listing, score, explanation } = of;
        let sources = sources.remove(&listing).unwrap_or_default();
        let id = listing.as_str();
        let title = self.listing(id).map_or_else(String::new, |listing| listing.patent.title.clone());
        let standing = Standing::Ranked { rank, score, explanation, sources };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(id: &str, parts: &[(ReasonKind, f64)]) -> Ranked {
        let score = Score::new(parts.iter().map(|(_, part)| part).sum()).unwrap();
        Ranked { listing: id.parse().unwrap(), score, parts: parts.to_vec() }
    }

    #[test]
    fn each_listing_keeps_which_source_brought_it_and_at_what_rank() {
        use ReasonKind::{Fee, Meaning, Words};
        let all = [
            ranked("A", &[(Words, 3.0), (Meaning, 0.5), (Fee, 9.0)]),
            ranked("B", &[(Words, 2.0), (Meaning, 0.9)]),
            ranked("C", &[(Meaning, 0.9)]),
        ];
        let sources = sources(&all);
        let of = |id: &str| {
            sources[&id.parse::<ListingId>().unwrap()].iter().map(|of| (of.kind, of.rank)).collect::<Vec<_>>()
        };
        assert_eq!(of("A"), [(Words, 1), (Meaning, 3)], "fees bring nothing");
        assert_eq!((of("B"), of("C")), (vec![(Words, 2), (Meaning, 1)], vec![(Meaning, 1)]), "equals share a place");
    }
}
