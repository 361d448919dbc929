//! The optimum of a small campaign, by another way: cheapest augmenting paths in a network with lower bounds on arcs.
//!
//! Source: Ahuja, Magnanti, Orlin, *Network flows* (1993), successive shortest paths; lower bounds as a reward no value can
//! outweigh.

use super::{Limits, Pair};

/// More than all values of a small campaign together.
const REWARD: f64 = 1_000.0;

struct Arc {
    to: usize,
    room: usize,
    gain: f64,
}

/// Arcs in pairs: each with its reverse behind it.
#[derive(Default)]
struct Network {
    arcs: Vec<Arc>,
    from: Vec<Vec<usize>>,
}

impl Network {
    fn node(&mut self) -> usize {
        self.from.push(Vec::new());
        self.from.len() - 1
    }

    fn arc(&mut self, from: usize, to: usize, room: usize, gain: f64) {
        for (from, to, room, gain) in [(from, to, room, gain), (to, from, 0, -gain)] {
            self.from[from].push(self.arcs.len());
            self.arcs.push(Arc { to, room, gain });
        }
    }

    /// The path of greatest gain from 0 to 1, as arcs (Bellman and Ford); none where there is no path, or none that gains.
    fn path(&self) -> Option<Vec<usize>> {
        let mut best = vec![f64::NEG_INFINITY; self.from.len()];
        let mut by = vec![usize::MAX; self.from.len()];
        best[0] = 0.0;
        for _ in 0..self.from.len() {
            for (number, arc) in self.arcs.iter().enumerate().filter(|(_, arc)| arc.room > 0) {
                let from = self.arcs[number ^ 1].to;
                if best[from] + arc.gain > best[arc.to] + 1e-9 {
                    (best[arc.to], by[arc.to]) = (best[from] + arc.gain, number);
                }
            }
        }
        let mut path = Vec::new();
        let mut at = 1;
        while best[1] > 0.0 && at != 0 {
            path.push(by[at]);
            at = self.arcs[by[at] ^ 1].to;
        }
        (!path.is_empty()).then_some(path)
    }
}

/// The greatest value within all limits; `None` where the minimums cannot all be had.
pub(super) fn best(pools: &[Vec<Pair>], limits: &Limits) -> Option<f64> {
    let mut network = Network::default();
    let (source, sink) = (network.node(), network.node());
    let regions: Vec<usize> = limits.region_most.iter().map(|_| network.node()).collect();
    let holders: Vec<usize> = limits.holder_most.iter().map(|_| network.node()).collect();
    let listings: Vec<usize> = limits.most.iter().map(|_| network.node()).collect();
    for (region, most) in regions.iter().zip(&limits.region_most) {
        network.arc(source, *region, *most, 0.0);
    }
    for (holder, most) in holders.iter().zip(&limits.holder_most) {
        network.arc(*holder, sink, *most, 0.0);
    }
    for (number, listing) in listings.iter().enumerate() {
        let (least, holder) = (limits.least[number], holders[limits.holder[number] as usize]);
        network.arc(*listing, holder, least, REWARD);
        network.arc(*listing, holder, limits.most[number].saturating_sub(least), 0.0);
    }
    for (firm, pool) in pools.iter().enumerate() {
        let node = network.node();
        network.arc(regions[limits.region[firm] as usize], node, limits.places[firm], 0.0);
        for pair in pool {
            network.arc(node, listings[pair.listing as usize], 1, pair.value);
        }
    }
    let mut total = 0.0;
    while let Some(path) = network.path() {
        for arc in path {
            total += network.arcs[arc].gain;
            network.arcs[arc].room -= 1;
            network.arcs[arc ^ 1].room += 1;
        }
    }
    let wanted = limits.least.iter().sum::<usize>() as f64 * REWARD;
    (total >= wanted).then_some(total - wanted)
}
