//! The auction: firms bid for places of listings until nobody is outbid any more.
//!
//! A firm with free places bids for its best listings at today's prices, each as high as leaves it no worse off than with its
//! next best, and a little more (`step`). A listing keeps its highest bidders, a holder with a quota the highest of all its
//! listings; who is outbid bids again. Prices only rise, by at least a step a bid, so that it ends; then every firm has what is
//! best for it at the prices there are, to within a step for each place, and the sum is within that of the greatest possible.
//!
//! Source: Bertsekas, *The auction algorithm: a distributed relaxation method for the assignment problem* (1988); for many
//! places of one kind, Bertsekas and Castañón, *The auction algorithm for the transportation problem* (1989).

use std::collections::{BTreeSet, VecDeque};

use super::limits::{Limits, Pair};

/// A bid as it is kept: its height as ordered bits, the listing, the firm.
type Bid = (u64, u32, u32);

/// Who has which place, and at what price.
struct Auction<'a> {
    pools: &'a [Vec<Pair>],
    limits: &'a Limits,
    /// What a place costs firms of each region besides its price: how a region is kept within its quota.
    duty: &'a [f64],
    step: f64,
    /// The bids that stand, by listing.
    taken: Vec<BTreeSet<Bid>>,
    /// Of holders with a quota, all their listings' bids.
    of_holder: Vec<BTreeSet<Bid>>,
    /// The listings each firm has.
    held: Vec<Vec<u32>>,
    waiting: VecDeque<u32>,
    waits: Vec<bool>,
}

/// What an auction ends with.
pub(super) struct Outcome {
    /// The listings each firm has.
    pub(super) held: Vec<Vec<u32>>,
    /// What the last place of each listing went for; 0 where one is free.
    pub(super) prices: Vec<f64>,
    /// The same of each holder's quota.
    pub(super) holder_prices: Vec<f64>,
}

/// Holds the auction. `step` is above 0, in the unit of values.
pub(super) fn auction(pools: &[Vec<Pair>], limits: &Limits, duty: &[f64], step: f64) -> Outcome {
    let firms = pools.len();
    let mut auction = Auction {
        pools,
        limits,
        duty,
        step,
        taken: vec![BTreeSet::new(); limits.most.len()],
        of_holder: vec![BTreeSet::new(); limits.holder_most.len()],
        held: vec![Vec::new(); firms],
        waiting: (0..firms as u32).collect(),
        waits: vec![true; firms],
    };
    let mut wanted = Vec::new();
    while let Some(firm) = auction.waiting.pop_front() {
        auction.waits[firm as usize] = false;
        auction.bid(firm, &mut wanted);
    }
    let prices = (0..limits.most.len() as u32).map(|listing| auction.price(listing)).collect();
    let holder_prices = (0..limits.holder_most.len()).map(|holder| auction.holder_price(holder)).collect();
    Outcome { held: auction.held, prices, holder_prices }
}

impl Auction<'_> {
    /// What a place of a listing costs: what the lowest bidder gave who would have to go, nothing where a place is free.
    fn price(&self, listing: u32) -> f64 {
        let taken = &self.taken[listing as usize];
        if taken.len() >= self.limits.most[listing as usize] {
            return lowest(taken);
        }
        self.holder_price(self.limits.holder_of(listing))
    }

    fn holder_price(&self, holder: usize) -> f64 {
        let most = self.limits.holder_most[holder];
        if most == usize::MAX || self.of_holder[holder].len() < most {
            return 0.0;
        }
        lowest(&self.of_holder[holder])
    }

    /// Bids for as many of the firm's best as it has free places.
    fn bid(&mut self, firm: u32, wanted: &mut Vec<(f64, f64, u32)>) {
        let number = firm as usize;
        let free = self.limits.places[number].saturating_sub(self.held[number].len());
        if free == 0 {
            return;
        }
        let duty = self.duty[self.limits.region_of(number)];
        wanted.clear();
        for pair in &self.pools[number] {
            let value = pair.value - duty;
            // What is worth less than nothing at no price is not asked for its price.
            if value >= self.step && !self.held[number].contains(&pair.listing) {
                let gain = value - self.price(pair.listing);
                if gain >= self.step {
                    wanted.push((gain, value, pair.listing));
                }
            }
        }
        wanted.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
        let next = wanted.get(free).map_or(0.0, |(gain, ..)| *gain);
        for &(_, value, listing) in wanted.iter().take(free) {
            let bid = value.min(value - next + self.step);
            // Of one holder, a firm's own bid may have raised the price a moment ago.
            if bid > self.price(listing) {
                self.take(firm, listing, bid);
            } else {
                self.wait(firm);
            }
        }
    }

    /// Gives a place to a bid that is above the price; whoever has to go bids again.
    fn take(&mut self, firm: u32, listing: u32, bid: f64) {
        let holder = self.limits.holder_of(listing);
        let has_quota = self.limits.holder_most[holder] != usize::MAX;
        let outbid = if self.taken[listing as usize].len() >= self.limits.most[listing as usize] {
            self.taken[listing as usize].first().copied()
        } else if has_quota && self.of_holder[holder].len() >= self.limits.holder_most[holder] {
            self.of_holder[holder].first().copied()
        } else {
            None
        };
        if let Some(gone) = outbid {
            self.taken[gone.1 as usize].remove(&gone);
            self.of_holder[holder].remove(&gone);
            self.held[gone.2 as usize].retain(|held| *held != gone.1);
            self.wait(gone.2);
        }
        let kept = (bid.to_bits(), listing, firm);
        self.taken[listing as usize].insert(kept);
        if has_quota {
            self.of_holder[holder].insert(kept);
        }
        self.held[firm as usize].push(listing);
    }

    fn wait(&mut self, firm: u32) {
        if !self.waits[firm as usize] {
            self.waits[firm as usize] = true;
            self.waiting.push_back(firm);
        }
    }
}

/// The lowest of bids; beyond all where there can be none. Bids are above 0, where bits are in the order of numbers.
fn lowest(bids: &BTreeSet<Bid>) -> f64 {
    bids.first().map_or(f64::INFINITY, |(bits, ..)| f64::from_bits(*bits))
}
