//! Quotas of regions: a duty on every place of a region, as high as keeps it within its quota.

use super::auction::{Outcome, auction};
use super::limits::{Limits, Pair};
use super::standing::Standing;

/// How often the range of duties is halved: to a thousandth of the greatest value and less.
const HALVINGS: usize = 12;

/// What is sent within the quotas of regions, and what it was settled at.
pub(super) struct Settled {
    pub(super) held: Vec<Vec<u32>>,
    pub(super) prices: Vec<f64>,
    pub(super) holder_prices: Vec<f64>,
    pub(super) duty: Vec<f64>,
}

/// Holds auctions until every region is within its quota. What is left over by a region that is full goes to the others.
pub(super) fn within_regions(pools: &[Vec<Pair>], limits: &Limits, step: f64) -> Settled {
    let free = vec![0.0; limits.region_most.len()];
    let open = auction(pools, limits, &free, step);
    if is_within(&open.held, limits) {
        let Outcome { held, prices, holder_prices } = open;
        return Settled { held, prices, holder_prices, duty: free };
    }
    let duty = duties(pools, limits, step);
    let outcome = auction(pools, limits, &duty, step);
    let mut standing = Standing::of(pools, limits, outcome.held.clone());
    leave_out(pools, limits, &outcome.prices, &mut standing);
    let kept = standing.held();
    let (pools_left, limits_left) = with_full_regions_closed(pools, limits, &kept);
    let rest = auction(&pools_left, &limits_left, &free, step);
    let mut standing = Standing::of(pools, limits, rest.held);
    leave_out(pools, limits, &outcome.prices, &mut standing);
    Settled { held: standing.held(), prices: outcome.prices, holder_prices: outcome.holder_prices, duty }
}

fn counts(held: &[Vec<u32>], limits: &Limits) -> Vec<usize> {
    let mut counts = vec![0; limits.region_most.len()];
    for (firm, listings) in held.iter().enumerate() {
        counts[limits.region_of(firm)] += listings.len();
    }
    counts
}

fn is_within(held: &[Vec<u32>], limits: &Limits) -> bool {
    counts(held, limits).iter().zip(&limits.region_most).all(|(count, most)| count <= most)
}

/// The highest duties, found by halving for all regions at once, at which regions still ask for their whole quota.
fn duties(pools: &[Vec<Pair>], limits: &Limits, step: f64) -> Vec<f64> {
    let most = pools.iter().flatten().map(|pair| pair.value).fold(0.0, f64::max);
    let has_quota = |most: &usize| *most != usize::MAX;
    let mut low = vec![0.0; limits.region_most.len()];
    let mut high: Vec<f64> = limits.region_most.iter().map(|quota| if has_quota(quota) { most } else { 0.0 }).collect();
    for _ in 0..HALVINGS {
        let middle: Vec<f64> = low.iter().zip(&high).map(|(low, high)| (low + high) / 2.0).collect();
        let counts = counts(&auction(pools, limits, &middle, step).held, limits);
        for (region, middle) in middle.into_iter().enumerate() {
            let is_over = counts[region] > limits.region_most[region];
            if is_over { low[region] = middle } else { high[region] = middle }
        }
    }
    low
}

/// Leaves out what is too much for a region all the same, what gains least first.
fn leave_out(pools: &[Vec<Pair>], limits: &Limits, prices: &[f64], standing: &mut Standing<'_>) {
    for region in (0..limits.region_most.len()).filter(|region| limits.region_most[*region] != usize::MAX) {
        let over = standing.over(region);
        if over == 0 {
            continue;
        }
        let mut gains = Vec::new();
        for firm in (0..pools.len()).filter(|firm| limits.region_of(*firm) == region) {
            let held = pools[firm].iter().filter(|pair| standing.has(firm as u32, pair.listing));
            gains.extend(held.map(|pair| (pair.value - prices[pair.listing as usize], firm as u32, pair.listing)));
        }
        gains.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        gains.into_iter().take(over).for_each(|(_, firm, listing)| standing.drop_pair(firm, listing));
    }
}

/// The same campaign in which firms of full regions may be sent nothing but what they have.
fn with_full_regions_closed(pools: &[Vec<Pair>], limits: &Limits, held: &[Vec<u32>]) -> (Vec<Vec<Pair>>, Limits) {
    let counts = counts(held, limits);
    let is_full = |firm: usize| counts[limits.region_of(firm)] >= limits.region_most[limits.region_of(firm)];
    let mut left = limits.clone();
    let pools = pools.iter().enumerate().map(|(firm, pool)| {
        if !is_full(firm) {
            return pool.clone();
        }
        left.places[firm] = held[firm].len();
        pool.iter().filter(|pair| held[firm].contains(&pair.listing)).copied().collect()
    });
    let pools = pools.collect();
    (pools, left)
}
