//! The most that any assignment could be worth, by prices: weak duality. Any prices give a bound; those of the auction a tight
//! one.

use super::limits::{Limits, Pair};

/// What limits cost: each at 0 or above.
pub(super) struct Prices {
    /// A place of a listing, its holder's quota included.
    pub(super) listing: Vec<f64>,
    /// A place of a holder's quota.
    pub(super) holder: Vec<f64>,
    /// A place of a region's quota.
    pub(super) region: Vec<f64>,
    /// What is paid for each firm a listing is sent to, so that it is sent to as many as it should be.
    pub(super) reward: Vec<f64>,
}

/// The sum over firms of the best they can have at these prices, and what all limits are worth at them. Prices that are
/// infinite are of listings that nobody can have.
pub(super) fn bound(pools: &[Vec<Pair>], limits: &Limits, prices: &Prices) -> f64 {
    let mut gains = Vec::new();
    let mut best = 0.0;
    for (firm, pool) in pools.iter().enumerate() {
        let duty = prices.region[limits.region_of(firm)];
        gains.clear();
        gains.extend(pool.iter().filter_map(|pair| {
            let listing = pair.listing as usize;
            let gain = pair.value - duty - prices.listing[listing] + prices.reward[listing];
            (gain > 0.0).then_some(gain)
        }));
        gains.sort_unstable_by(|a, b| b.total_cmp(a));
        best += gains.iter().take(limits.places[firm]).sum::<f64>();
    }
    best + of_limits(limits, prices)
}

fn of_limits(limits: &Limits, prices: &Prices) -> f64 {
    let times = |most: usize, price: f64| if price > 0.0 && price.is_finite() { most as f64 * price } else { 0.0 };
    let listings = (0..limits.most.len()).map(|listing| {
        let own = prices.listing[listing] - prices.holder[limits.holder_of(listing as u32)];
        times(limits.most[listing], own) - limits.least[listing] as f64 * prices.reward[listing]
    });
    let holders = limits.holder_most.iter().zip(&prices.holder).map(|(most, price)| times(*most, *price));
    let regions = limits.region_most.iter().zip(&prices.region).map(|(most, price)| times(*most, *price));
    listings.sum::<f64>() + holders.sum::<f64>() + regions.sum::<f64>()
}
