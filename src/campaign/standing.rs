//! Who has what, while places change hands.

use super::limits::{Limits, Pair};

/// What each firm has, and how often each listing, holder and region has its turn.
pub(super) struct Standing<'a> {
    pub(super) pools: &'a [Vec<Pair>],
    pub(super) limits: &'a Limits,
    pub(super) held: Vec<Vec<u32>>,
    pub(super) of_listing: Vec<usize>,
    pub(super) of_holder: Vec<usize>,
    pub(super) of_region: Vec<usize>,
}

impl<'a> Standing<'a> {
    pub(super) fn of(pools: &'a [Vec<Pair>], limits: &'a Limits, held: Vec<Vec<u32>>) -> Self {
        let mut of_listing = vec![0; limits.most.len()];
        let mut of_holder = vec![0; limits.holder_most.len()];
        let mut of_region = vec![0; limits.region_most.len()];
        for (firm, listings) in held.iter().enumerate() {
            of_region[limits.region_of(firm)] += listings.len();
            for listing in listings {
                of_listing[*listing as usize] += 1;
                of_holder[limits.holder_of(*listing)] += 1;
            }
        }
        Self { pools, limits, held, of_listing, of_holder, of_region }
    }

    pub(super) fn held(self) -> Vec<Vec<u32>> {
        self.held
    }

    pub(super) fn has(&self, firm: u32, listing: u32) -> bool {
        self.held[firm as usize].contains(&listing)
    }

    /// How many more are sent to a region than may be.
    pub(super) fn over(&self, region: usize) -> usize {
        self.of_region[region].saturating_sub(self.limits.region_most[region])
    }

    pub(super) fn value(&self, firm: u32, listing: u32) -> f64 {
        let pair = self.pools[firm as usize].iter().find(|pair| pair.listing == listing);
        pair.map_or(0.0, |pair| pair.value)
    }

    pub(super) fn drop_pair(&mut self, firm: u32, listing: u32) {
        self.held[firm as usize].retain(|held| *held != listing);
        self.of_listing[listing as usize] -= 1;
        self.of_holder[self.limits.holder_of(listing)] -= 1;
        self.of_region[self.limits.region_of(firm as usize)] -= 1;
    }

    pub(super) fn add_pair(&mut self, firm: u32, listing: u32) {
        self.held[firm as usize].push(listing);
        self.of_listing[listing as usize] += 1;
        self.of_holder[self.limits.holder_of(listing)] += 1;
        self.of_region[self.limits.region_of(firm as usize)] += 1;
    }
}
