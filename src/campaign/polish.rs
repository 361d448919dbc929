//! The last of the way to the optimum, where there is time for it: as long as some round of exchanges gains, it is made.
//!
//! Of all places that could be taken and given back a network is made, hub to region to firm to listing to holder to hub; a
//! circle in it that gains is an exchange that keeps every limit. Without such a circle an assignment is optimal. Looking for
//! one reads every pair many times, which a small campaign has time for and a large one has not: `looks` says how often a pair
//! may be read in all.
//!
//! Source: Klein, *A primal method for minimal cost flows* (1967); circles by Bellman and Ford.

use super::standing::Standing;

/// Gains below this, as a share of the greatest value, are rounding.
const HAIR: f64 = 1e-9;
/// What filling a place that should be filled is worth, in greatest values: more than any round of exchanges could cost.
const SHORTAGE: f64 = 1e4;

/// What an arc of the network does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Deed {
    Nothing,
    Send { firm: u32, listing: u32 },
    TakeBack { firm: u32, listing: u32 },
}

/// How far a node is from anywhere, and by which arc.
struct Search {
    gain: Vec<f64>,
    by: Vec<(usize, Deed)>,
    hair: f64,
    any: bool,
}

const NOWHERE: usize = usize::MAX;

impl Search {
    fn arc(&mut self, from: usize, to: usize, gain: f64, deed: Deed) {
        if self.gain[from] + gain > self.gain[to] + self.hair {
            self.gain[to] = self.gain[from] + gain;
            self.by[to] = (from, deed);
            self.any = true;
        }
    }

    /// A circle among the arcs by which nodes are reached, as its deeds.
    fn circle(&self) -> Option<Vec<Deed>> {
        let mut seen_from = vec![NOWHERE; self.by.len()];
        for start in 0..self.by.len() {
            let mut at = start;
            while at != NOWHERE && seen_from[at] == NOWHERE {
                seen_from[at] = start;
                at = self.by[at].0;
            }
            if at != NOWHERE && seen_from[at] == start {
                return Some(self.deeds(at));
            }
        }
        None
    }

    fn deeds(&self, start: usize) -> Vec<Deed> {
        let (mut deeds, mut at) = (Vec::new(), start);
        loop {
            let (from, deed) = self.by[at];
            deeds.push(deed);
            at = from;
            if at == start {
                return deeds;
            }
        }
    }
}

impl Standing<'_> {
    /// Makes exchanges that gain until there are none, or pairs have been looked at so often.
    pub(super) fn polish(&mut self, looks: usize) {
        let pairs: usize = self.pools.iter().map(Vec::len).sum();
        let most = self.pools.iter().flatten().map(|pair| pair.value).fold(0.0, f64::max);
        let mut left = looks / pairs.max(1);
        while left > 0 {
            let Some(deeds) = self.gaining_circle(most, &mut left) else { return };
            for deed in &deeds {
                if let Deed::TakeBack { firm, listing } = *deed {
                    self.drop_pair(firm, listing);
                }
            }
            for deed in deeds {
                if let Deed::Send { firm, listing } = deed {
                    self.add_pair(firm, listing);
                }
            }
        }
    }

    /// An exchange that gains. Counts down `left` for every time all pairs are read.
    fn gaining_circle(&self, most: f64, left: &mut usize) -> Option<Vec<Deed>> {
        let nodes = 1 + self.of_region.len() + self.held.len() + self.of_listing.len() + self.of_holder.len();
        let mut search =
            Search { gain: vec![0.0; nodes], by: vec![(NOWHERE, Deed::Nothing); nodes], hair: HAIR * most, any: false };
        while *left > 0 {
            *left -= 1;
            search.any = false;
            self.firms_side(&mut search);
            self.listings_side(&mut search, SHORTAGE * most);
            if !search.any {
                return None;
            }
            if let Some(circle) = search.circle() {
                return Some(circle);
            }
        }
        None
    }

    fn firms_side(&self, search: &mut Search) {
        let (regions, firms) = (1, 1 + self.of_region.len());
        let listings = firms + self.held.len();
        for (region, count) in self.of_region.iter().enumerate() {
            if *count < self.limits.region_most[region] {
                search.arc(0, regions + region, 0.0, Deed::Nothing);
            }
            if *count > 0 {
                search.arc(regions + region, 0, 0.0, Deed::Nothing);
            }
        }
        for (firm, held) in self.held.iter().enumerate() {
            let region = regions + self.limits.region_of(firm);
            if held.len() < self.limits.places[firm] {
                search.arc(region, firms + firm, 0.0, Deed::Nothing);
            }
            if !held.is_empty() {
                search.arc(firms + firm, region, 0.0, Deed::Nothing);
            }
            for pair in &self.pools[firm] {
                let (listing, number) = (pair.listing, firm as u32);
                let node = listings + listing as usize;
                if held.contains(&listing) {
                    search.arc(node, firms + firm, -pair.value, Deed::TakeBack { firm: number, listing });
                } else {
                    search.arc(firms + firm, node, pair.value, Deed::Send { firm: number, listing });
                }
            }
        }
    }

    fn listings_side(&self, search: &mut Search, shortage: f64) {
        let listings = 1 + self.of_region.len() + self.held.len();
        let holders = listings + self.of_listing.len();
        for (listing, count) in self.of_listing.iter().enumerate() {
            let holder = holders + self.limits.holder_of(listing as u32);
            let (least, most) = (self.limits.least[listing], self.limits.most[listing]);
            if *count < most {
                let gain = if *count < least { shortage } else { 0.0 };
                search.arc(listings + listing, holder, gain, Deed::Nothing);
            }
            if *count > least {
                search.arc(holder, listings + listing, 0.0, Deed::Nothing);
            }
        }
        for (holder, count) in self.of_holder.iter().enumerate() {
            if *count < self.limits.holder_most[holder] {
                search.arc(holders + holder, 0, 0.0, Deed::Nothing);
            }
            if *count > 0 {
                search.arc(0, holders + holder, 0.0, Deed::Nothing);
            }
        }
    }
}
