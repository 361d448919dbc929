//! Least exposure: listings that are sent to too few take places where that costs least.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::standing::Standing;

/// A place a listing could take, the cheapest the greatest; equals by firm, then listing.
struct Chance {
    loss: f64,
    firm: u32,
    listing: u32,
}

impl Ord for Chance {
    fn cmp(&self, other: &Self) -> Ordering {
        other.loss.total_cmp(&self.loss).then((other.firm, other.listing).cmp(&(self.firm, self.listing)))
    }
}

impl PartialOrd for Chance {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Chance {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Chance {}

impl Standing<'_> {
    /// Lets listings below their least take the places that cost least, one after another. Returns the most that was paid
    /// for each.
    pub(super) fn raise(&mut self) -> Vec<f64> {
        let mut paid = vec![0.0_f64; self.limits.most.len()];
        let mut chances = BinaryHeap::new();
        for (firm, pool) in self.pools.iter().enumerate() {
            for pair in pool.iter().filter(|pair| self.is_short(pair.listing)) {
                if let Some((loss, _)) = self.cheapest(firm as u32, pair.listing) {
                    chances.push(Chance { loss, firm: firm as u32, listing: pair.listing });
                }
            }
        }
        while let Some(Chance { loss, firm, listing }) = chances.pop() {
            if !self.is_short(listing) {
                continue;
            }
            // What it costs may have changed since; what is cheapest today is done today.
            let Some((now, gone)) = self.cheapest(firm, listing) else { continue };
            if now > loss {
                chances.push(Chance { loss: now, firm, listing });
                continue;
            }
            if let Some(gone) = gone {
                self.drop_pair(firm, gone);
            }
            self.add_pair(firm, listing);
            paid[listing as usize] = paid[listing as usize].max(now);
        }
        paid
    }

    fn is_short(&self, listing: u32) -> bool {
        let listing = listing as usize;
        self.of_listing[listing] < self.limits.least[listing].min(self.limits.most[listing])
    }

    /// What it costs that a firm is sent a listing, and what it is sent no more for that.
    fn cheapest(&self, firm: u32, listing: u32) -> Option<(f64, Option<u32>)> {
        let held = &self.held[firm as usize];
        if held.contains(&listing) || self.limits.places[firm as usize] == 0 {
            return None;
        }
        let (holder, region) = (self.limits.holder_of(listing), self.limits.region_of(firm as usize));
        let holder_has_room = self.of_holder[holder] < self.limits.holder_most[holder];
        let region_has_room = self.of_region[region] < self.limits.region_most[region];
        let value = self.value(firm, listing);
        if held.len() < self.limits.places[firm as usize] && holder_has_room && region_has_room {
            return Some((-value, None));
        }
        let spared = held.iter().filter(|other| {
            let other = **other;
            let can_spare = self.of_listing[other as usize] > self.limits.least[other as usize];
            can_spare && (holder_has_room || self.limits.holder_of(other) == holder)
        });
        let worst = spared.map(|other| (self.value(firm, *other), *other));
        let (least, gone) = worst.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))?;
        Some((least - value, Some(gone)))
    }
}
