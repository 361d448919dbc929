//! The assignment of greatest value within limits.

use std::collections::BTreeSet;

use thiserror::Error;

use super::bound::{Prices, bound};
use super::limits::{Limits, Pair};
use super::regions::within_regions;
use super::standing::Standing;

/// How often places are given anew around those that had to be given.
const ROUNDS: usize = 3;

/// How often a pair is looked at when the last of the way to the optimum is gone: seconds' work at most, for campaigns of
/// some thousand pairs all that is needed.
const LOOKS: usize = 100_000_000;

/// Who is sent what.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// What each firm is sent, the most valuable first, equals by number.
    pub lists: Vec<Vec<Pair>>,
    /// What all of it is worth.
    pub value: f64,
    /// What any assignment within the limits is worth at most.
    pub bound: f64,
    /// Listings that are sent to fewer than they should be, with how many are missing: no firm has them in its pool, or
    /// every place is needed by others like them.
    pub short: Vec<(u32, usize)>,
}

impl Assignment {
    /// How much more could be had at most, as a share of the bound: 0 to 1.
    #[must_use]
    pub fn gap(&self) -> f64 {
        if self.bound > 0.0 { ((self.bound - self.value) / self.bound).max(0.0) } else { 0.0 }
    }
}

/// Limits that are not those of these pools.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("limits and pools do not name the same firms, listings, holders and regions, or a value is none")]
pub struct LimitsMismatch;

/// Assigns listings to firms so that the sum of values is as great as can be within the limits, to about `tolerance` (a share
/// of what a pair is worth on average, above 0; 0.001 is much finer than what pairs are worth is known).
///
/// Most exposure, places and quotas hold always; least exposure as far as it can. In `pools`, each listing stands once for a
/// firm. Takes time in proportion to pairs times bids: seconds for a hundred thousand firms.
///
/// # Errors
/// [`LimitsMismatch`] where the limits are not made for the pools.
pub fn assign(pools: &[Vec<Pair>], limits: &Limits, tolerance: f64) -> Result<Assignment, LimitsMismatch> {
    if !limits.fit(pools) || !tolerance.is_finite() || tolerance <= 0.0 {
        return Err(LimitsMismatch);
    }
    let (sum, count) = pools.iter().flatten().fold((0.0, 0_usize), |(sum, count), pair| (sum + pair.value, count + 1));
    let step = tolerance * sum / count.max(1) as f64;
    if step <= 0.0 {
        return Ok(Assignment {
            lists: vec![Vec::new(); pools.len()],
            value: 0.0,
            bound: 0.0,
            short: short(limits, &[]),
        });
    }
    let first = within_regions(pools, limits, step);
    let (held, reward) = with_least(pools, limits, step, first.held);
    let mut standing = Standing::of(pools, limits, held);
    standing.polish(LOOKS);
    let held = standing.held();
    let sent = sent(limits, &held);
    let mut prices = Prices { listing: first.prices, holder: first.holder_prices, region: first.duty, reward };
    // What could not be had anyway binds nobody.
    let could = limits.least.iter().zip(&sent).map(|(least, sent)| *least.min(sent)).collect();
    let could = Limits { least: could, ..limits.clone() };
    let rewarded = bound(pools, &could, &prices);
    prices.reward.fill(0.0);
    let bound = rewarded.min(bound(pools, &could, &prices));
    let lists = lists(pools, &held);
    let value = lists.iter().flatten().map(|pair| pair.value).sum();
    Ok(Assignment { lists, value, bound, short: short(limits, &sent) })
}

/// What is sent once listings below their least have been given places, and what was paid for each of them. The places so
/// given are kept for them, and all others given anew, as long as that is worth more.
fn with_least(pools: &[Vec<Pair>], limits: &Limits, step: f64, first: Vec<Vec<u32>>) -> (Vec<Vec<u32>>, Vec<f64>) {
    let mut standing = Standing::of(pools, limits, first);
    let mut paid = standing.raise();
    let mut best = standing.held();
    let mut kept: BTreeSet<(u32, u32)> = BTreeSet::new();
    for _ in 0..ROUNDS {
        let before = kept.len();
        kept.extend(needed(limits, &best, &paid));
        if kept.len() == before {
            break;
        }
        let (pools_left, limits_left) = without(pools, limits, &kept);
        let mut held = within_regions(&pools_left, &limits_left, step).held;
        kept.iter().for_each(|(firm, listing)| held[*firm as usize].push(*listing));
        let mut standing = Standing::of(pools, limits, held);
        let again = standing.raise();
        paid.iter_mut().zip(again).for_each(|(paid, again)| *paid = paid.max(again));
        let held = standing.held();
        // What should be sent comes before what it is worth.
        let (missing, least) = (missing(limits, &held), missing(limits, &best));
        if missing > least || (missing == least && worth(pools, &held) <= worth(pools, &best)) {
            break;
        }
        best = held;
    }
    (best, paid)
}

/// To how many firms each listing is sent.
fn sent(limits: &Limits, held: &[Vec<u32>]) -> Vec<usize> {
    let mut sent = vec![0; limits.most.len()];
    held.iter().flatten().for_each(|listing| sent[*listing as usize] += 1);
    sent
}

/// How many more firms listings should be sent to, all together.
fn missing(limits: &Limits, held: &[Vec<u32>]) -> usize {
    short(limits, &sent(limits, held)).into_iter().map(|(_, missing)| missing).sum()
}

/// The pairs of listings that had to be given places and have no more than they should.
fn needed(limits: &Limits, held: &[Vec<u32>], paid: &[f64]) -> Vec<(u32, u32)> {
    let sent = sent(limits, held);
    let is_needed = |listing: u32| {
        let listing = listing as usize;
        paid[listing] > 0.0 && sent[listing] <= limits.least[listing]
    };
    let pairs = held.iter().zip(0..).flat_map(|(held, firm)| held.iter().map(move |listing| (firm, *listing)));
    pairs.filter(|(_, listing)| is_needed(*listing)).collect()
}

/// What is left to assign once some pairs are.
fn without(pools: &[Vec<Pair>], limits: &Limits, kept: &BTreeSet<(u32, u32)>) -> (Vec<Vec<Pair>>, Limits) {
    let mut left = limits.clone();
    let less = |most: &mut usize| *most = if *most == usize::MAX { *most } else { most.saturating_sub(1) };
    for (firm, listing) in kept {
        less(&mut left.places[*firm as usize]);
        less(&mut left.most[*listing as usize]);
        less(&mut left.holder_most[limits.holder_of(*listing)]);
        less(&mut left.region_most[limits.region_of(*firm as usize)]);
    }
    let pools = pools
        .iter()
        .zip(0..)
        .map(|(pool, firm)| pool.iter().filter(|pair| !kept.contains(&(firm, pair.listing))).copied().collect());
    let pools = pools.collect();
    (pools, left)
}

fn worth(pools: &[Vec<Pair>], held: &[Vec<u32>]) -> f64 {
    let of_firm = |(pool, held): (&Vec<Pair>, &Vec<u32>)| {
        pool.iter().filter(|pair| held.contains(&pair.listing)).map(|pair| pair.value).sum::<f64>()
    };
    pools.iter().zip(held).map(of_firm).sum()
}

fn lists(pools: &[Vec<Pair>], held: &[Vec<u32>]) -> Vec<Vec<Pair>> {
    let list = |(pool, held): (&Vec<Pair>, &Vec<u32>)| {
        let mut list: Vec<Pair> = pool.iter().filter(|pair| held.contains(&pair.listing)).copied().collect();
        list.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.listing.cmp(&b.listing)));
        list
    };
    pools.iter().zip(held).map(list).collect()
}

fn short(limits: &Limits, sent: &[usize]) -> Vec<(u32, usize)> {
    let missing = |(listing, least): (usize, &usize)| {
        let missing = least.saturating_sub(sent.get(listing).copied().unwrap_or_default());
        (missing > 0).then_some((listing as u32, missing))
    };
    limits.least.iter().enumerate().filter_map(missing).collect()
}
