//! What a firm did with listings it was shown, as a correction of what its record asks for.
//!
//! Rocchio's formula (1971) over the terms of titles and their IPC symbols: the mean of what was wanted is added, the mean of
//! what was declined as foreign is taken away, and nothing falls below zero. Three bounds keep the record in front: no
//! term gains more than [`MORE`], all together not more than [`SHARE`] of what the record says, and what the firm's own
//! patents and needs say is never lowered.

use std::collections::{BTreeMap, BTreeSet};

use super::own_patents;
use super::terms::PartTerms;
use crate::analysis::Analyzer;
use crate::domain::{LearntInterest, LearntListing, LikelySubclass, ProfilePart, ProfileTerm};

/// What a term gains that all wanted listings have, once much is known; a term the record says once weighs 1. This, the half
/// that is believed and the share were measured by revealing relevant listings of judged sets: `models/README.md`.
const MORE: f64 = 1.5;
/// What a term loses that all declined listings have: a third of what Salton and Buckley (1990) let the wanted say, since
/// what is not wanted has less in common. Not measured: judged sets know no declines.
const LESS: f64 = 0.25;
/// Weight of lessons at which half of them is believed: one saved listing.
const HALF_BELIEVED: f64 = 2.0;
/// What all learnt terms together may weigh, as a share of what the record asks for.
const SHARE: f64 = 0.5;
/// The least a record is taken to say by symbols: as much as one own patent with one symbol.
const ONE_PATENT: f64 = 1.75;

/// How much more and less of each term is wanted; both above zero.
pub(super) struct Votes {
    more: BTreeMap<String, f64>,
    less: BTreeMap<String, f64>,
}

impl Votes {
    fn of(learnt: &LearntInterest, terms_of: impl Fn(&LearntListing) -> BTreeMap<String, f64>) -> Self {
        let mean = |wanted: fn(f64) -> bool, most: f64| {
            let listings: Vec<&LearntListing> = learnt.listings.iter().filter(|l| wanted(l.weight)).collect();
            let all: f64 = listings.iter().map(|listing| listing.weight.abs()).sum();
            let mut votes: BTreeMap<String, f64> = BTreeMap::new();
            for listing in listings {
                // The share of the lessons, times how far so many of them are believed: all / (all + half) / all.
                let say = most * listing.weight.abs() / (all + HALF_BELIEVED);
                terms_of(listing).into_iter().for_each(|(term, level)| *votes.entry(term).or_default() += say * level);
            }
            votes
        };
        Self { more: mean(|weight| weight > 0.0, MORE), less: mean(|weight| weight < 0.0, LESS) }
    }

    /// What is wanted on balance: above zero more, below zero less.
    fn balance(&self) -> BTreeMap<&str, f64> {
        let mut balance: BTreeMap<&str, f64> = self.more.iter().map(|(term, more)| (term.as_str(), *more)).collect();
        self.less.iter().for_each(|(term, less)| *balance.entry(term).or_default() -= less);
        balance
    }

    /// The record's terms after these votes, sorted by text; none falls below `kept`. `least` is what the record is taken to
    /// say in all if it says less.
    pub(super) fn applied(&self, own: Vec<ProfileTerm>, kept: &BTreeMap<&str, f64>, least: f64) -> Vec<ProfileTerm> {
        let said: f64 = own.iter().map(|term| term.weight).sum();
        let balance = self.balance();
        let gained: f64 = balance.values().filter(|balance| **balance > 0.0).sum();
        let scale = if gained > 0.0 { (SHARE * said.max(least) / gained).min(1.0) } else { 1.0 };
        let mut terms: BTreeMap<String, ProfileTerm> = own.into_iter().map(|term| (term.text.clone(), term)).collect();
        for (text, balance) in balance {
            let new = || ProfileTerm { text: text.to_owned(), weight: 0.0, part: ProfilePart::Feedback };
            let term = terms.entry(text.to_owned()).or_insert_with(new);
            if balance > 0.0 {
                let gain = scale * balance;
                term.part = if gain > term.weight { ProfilePart::Feedback } else { term.part };
                term.weight += gain;
            } else {
                let floor = kept.get(text).copied().unwrap_or(0.0);
                term.weight = (term.weight + balance).max(floor);
            }
        }
        terms.into_values().filter(|term| term.weight > 0.0).collect()
    }
}

/// The votes of the listings' titles: by words, and by character pairs.
pub(super) fn of_titles(analyzer: &Analyzer, learnt: &LearntInterest) -> (Votes, Votes) {
    let read = |listing: &LearntListing| PartTerms::read(analyzer, ProfilePart::Feedback, &[&listing.title]);
    let once = |terms: BTreeMap<String, u32>| terms.into_keys().map(|term| (term, 1.0)).collect();
    (Votes::of(learnt, |listing| once(read(listing).words)), Votes::of(learnt, |listing| once(read(listing).bigrams)))
}

/// The votes of the listings' IPC symbols, at the levels and with the weights of own patents.
pub(super) fn of_symbols(learnt: &LearntInterest) -> Votes {
    Votes::of(learnt, |listing| {
        let mut symbols = BTreeMap::new();
        for (level, weight) in own_patents::LEVELS {
            let at: BTreeSet<&str> = listing.ipc.iter().filter_map(|code| code.at(level)).collect();
            symbols.extend(at.into_iter().map(|symbol| (symbol.to_owned(), weight)));
        }
        symbols
    })
}

/// The symbols after these votes; those of own patents are not lowered.
pub(super) fn symbols(votes: &Votes, own: Vec<ProfileTerm>) -> Vec<ProfileTerm> {
    let kept: Vec<(String, f64)> = own.iter().map(|term| (term.text.clone(), term.weight)).collect();
    let kept = kept.iter().map(|(text, weight)| (text.as_str(), *weight)).collect();
    votes.applied(own, &kept, ONE_PATENT)
}

/// The likely subclasses without what was declined as foreign: a subclass that all declined listings are in loses up to
/// [`LESS`] of its weight for each level that says so, half of it at most.
pub(super) fn likely(votes: &Votes, likely: Vec<LikelySubclass>) -> Vec<LikelySubclass> {
    let balance = votes.balance();
    let lowered = |likely: LikelySubclass| {
        let less = -balance.get(likely.symbol.as_str()).copied().unwrap_or(0.0).min(0.0);
        LikelySubclass { weight: likely.weight * (1.0 - 2.0 * less).max(0.5), ..likely }
    };
    likely.into_iter().map(lowered).collect()
}
