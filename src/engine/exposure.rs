//! What a campaign of each enterprise's best would look like from the listings' side, and what fairer exposure costs.

use std::collections::HashMap;

use serde::Serialize;

use super::batch::PAGE;
use super::{Engine, EngineError};
use crate::domain::ListingId;
use crate::eval;
use crate::rank::{ExposurePolicy, Offered, expose};
use crate::store::MatchList;

/// How a campaign spreads over the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exposure {
    /// Which rules are in force.
    pub rules: &'static str,
    /// Places given out.
    pub places: usize,
    /// Listings of the catalogue that somebody is shown, as a share of all.
    pub coverage: f64,
    /// The Gini coefficient of how many are shown each listing, those nobody is shown among them.
    pub gini: f64,
    /// How many are shown the most popular listing.
    pub most: usize,
    /// The sum of scores, each as a share of its enterprise's best, as a share of the same without rules: what is kept of
    /// the fit.
    pub kept: f64,
    /// Enterprises with fewer listings than without rules.
    pub short: usize,
}

/// A campaign with and without rules.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExposureReport {
    /// Enterprises in it.
    pub enterprises: usize,
    /// Listings in the catalogue.
    pub listings: usize,
    /// Without rules, then with each, then with both.
    pub with: Vec<Exposure>,
}

impl Engine {
    /// Spreads the lists of the last run over `enterprises` of those that have one, evenly chosen by id, under no rule,
    /// each rule of `policy` and both. What is kept of each list is the pool it is filled from.
    ///
    /// # Errors
    /// [`EngineError::NotMatched`] before a run is finished, [`EngineError::Rank`] for a policy that cannot be.
    pub async fn exposure(&self, enterprises: usize, policy: ExposurePolicy) -> Result<ExposureReport, EngineError> {
        self.store.match_run().await?.filter(|run| run.finished).ok_or(EngineError::NotMatched)?;
        let total = usize::try_from(self.store.enterprise_count().await?).unwrap_or(usize::MAX);
        let listings = self.matching().await?.matrix.len();
        let mut pools = Pools::new(total, enterprises);
        let mut after = None;
        loop {
            let page = self.store.match_lists(after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.enterprise.clone());
            page.iter().for_each(|list| pools.take(list));
        }
        let pools = pools.taken;
        let bare = ExposurePolicy::as_ranked(policy.places);
        let rules = [
            ("none", bare),
            ("cap", ExposurePolicy { most: policy.most, ..bare }),
            ("first exposure", ExposurePolicy { most: None, ..policy }),
            ("both", policy),
        ];
        let plain = expose(&pools, &bare)?;
        let with = rules.into_iter().map(|(name, rules)| Ok(figures(name, listings, &expose(&pools, &rules)?, &plain)));
        let with = with.collect::<Result<_, EngineError>>()?;
        Ok(ExposureReport { enterprises: pools.len(), listings, with })
    }
}

/// What enterprises could be shown, of an even choice of them.
struct Pools {
    total: usize,
    wanted: usize,
    seen: usize,
    numbers: HashMap<ListingId, u32>,
    taken: Vec<Vec<Offered>>,
}

impl Pools {
    fn new(total: usize, wanted: usize) -> Self {
        Self { total: total.max(1), wanted, seen: 0, numbers: HashMap::new(), taken: Vec::new() }
    }

    /// Takes in the next list, if it is one of those chosen.
    fn take(&mut self, list: &MatchList) {
        let before = self.seen * self.wanted / self.total;
        self.seen += 1;
        if self.seen * self.wanted / self.total == before && self.wanted < self.total {
            return;
        }
        let best = list.listings.first().map_or(0.0, |(_, score)| score.value());
        let scored = list.listings.iter().filter(|_| best > 0.0);
        let pool = scored.map(|(listing, score)| {
            let next = self.numbers.len() as u32;
            Offered { listing: *self.numbers.entry(listing.clone()).or_insert(next), share: score.value() / best }
        });
        let pool = pool.collect();
        self.taken.push(pool);
    }
}

fn figures(rules: &'static str, listings: usize, lists: &[Vec<Offered>], plain: &[Vec<Offered>]) -> Exposure {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    lists.iter().flatten().for_each(|offered| *counts.entry(offered.listing).or_default() += 1);
    let most = counts.values().copied().max().unwrap_or_default();
    let shown = counts.len();
    let mut counts: Vec<usize> = counts.into_values().collect();
    counts.resize(listings.max(shown), 0);
    let sum = |lists: &[Vec<Offered>]| lists.iter().flatten().map(|offered| offered.share).sum::<f64>();
    Exposure {
        rules,
        places: lists.iter().map(Vec::len).sum(),
        coverage: shown as f64 / counts.len().max(1) as f64,
        gini: eval::gini(counts),
        most,
        kept: sum(lists) / sum(plain).max(f64::MIN_POSITIVE),
        short: lists.iter().zip(plain).filter(|(list, plain)| list.len() < plain.len()).count(),
    }
}
