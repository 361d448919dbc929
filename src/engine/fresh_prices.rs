//! What it costs that listings nobody has seen are shown to somebody, on a judged set.

use std::collections::HashMap;
use std::path::Path;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::evaluate::{EVALUATION_DEPTH, Models, answer};
use super::judged_set::SetFolder;
use super::{EngineError, OnProgress};
use crate::config::Configuration;
use crate::domain::{ListingId, Score};
use crate::eval::{self, Metrics, Run};
use crate::rank::{ExposurePolicy, Offered, expose};

/// How long the lists are: what is given away is the last place, and nDCG@10 is to see it.
const PLACES: usize = 10;

/// How near a fresh listing has to come to what it takes the place of: as a campaign asks by default, and not at all.
const NEAR: [f64; 2] = [0.8, 0.0];

/// Which listings count as new, and unseen as yet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fresh {
    /// The share of the set's listings, 0 to 1.
    pub share: f64,
    /// From which they are drawn.
    pub seed: u64,
}

/// The lists of ten under one rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FreshPrice {
    /// The least share of the score of what a fresh listing takes the place of; `None` where none is given a place.
    pub near: Option<f64>,
    /// Listings that count as fresh.
    pub fresh: usize,
    /// Of these, those that somebody is shown.
    pub shown: usize,
    /// The figures.
    pub metrics: Metrics,
}

/// The figures of a set's lists as ranked, and with a first exposure of fresh listings at the cost of one place of an
/// enterprise ([`expose`]). Every query is ranked once.
///
/// # Errors
/// As [`super::evaluate`], and [`EngineError::NoJudgements`].
pub fn price_fresh(
    set: &Path,
    configuration: &Configuration,
    fresh: Fresh,
    progress: OnProgress<'_>,
) -> Result<Vec<FreshPrice>, EngineError> {
    let mut folder = SetFolder::read(set)?;
    let judged = folder.to_be_judged()?;
    let models = Models::load()?;
    let catalogue = models.catalogue(&mut folder.listings, configuration)?;
    let profiles = models.profiles(&folder.queries);
    let queries = (folder.queries.as_slice(), profiles.as_slice());
    let ranking = answer((&catalogue, &configuration.weights), queries, EVALUATION_DEPTH, progress)?;
    let campaign = Campaign::of(folder.listings.iter().map(|listing| &listing.id), fresh);
    let (queries, pools): (Vec<&str>, Vec<Vec<Offered>>) =
        ranking.rankings().map(|(query, ranking)| (query, campaign.pool(ranking))).unzip();
    let bare = ExposurePolicy::as_ranked(PLACES);
    let rules = NEAR.map(|near| (Some(near), ExposurePolicy { least: 1, near, ..bare }));
    let price = |(near, policy)| {
        let lists = expose(&pools, &policy)?;
        let metrics = eval::assess(&judged, &campaign.run(&queries, &lists)).metrics;
        Ok(FreshPrice { near, fresh: campaign.fresh(), shown: campaign.shown(&lists), metrics })
    };
    [(None, bare)].into_iter().chain(rules).map(price).collect()
}

/// A set's listings by number, in the order of their ids.
struct Campaign<'a> {
    ids: Vec<&'a ListingId>,
    numbers: HashMap<&'a ListingId, u32>,
    is_fresh: Vec<bool>,
}

impl<'a> Campaign<'a> {
    fn of(ids: impl Iterator<Item = &'a ListingId>, Fresh { share, seed }: Fresh) -> Self {
        let mut ids: Vec<&ListingId> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let wanted = (share.clamp(0.0, 1.0) * ids.len() as f64).round() as usize;
        let mut is_fresh: Vec<bool> = (0..ids.len()).map(|number| number < wanted).collect();
        is_fresh.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        let numbers = ids.iter().zip(0..).map(|(id, number)| (*id, number)).collect();
        Self { ids, numbers, is_fresh }
    }

    /// What a query may be shown: its best, and whatever is fresh below, so that nothing else moves up.
    fn pool(&self, ranking: &[(ListingId, Score)]) -> Vec<Offered> {
        let best = ranking.first().map_or(0.0, |(_, score)| score.value());
        let offered = ranking.iter().enumerate().filter_map(|(place, (id, score))| {
            let listing = *self.numbers.get(id)?;
            let wanted = best > 0.0 && (place < PLACES || self.is_fresh[listing as usize]);
            wanted.then(|| Offered { listing, share: score.value() / best })
        });
        offered.collect()
    }

    fn run(&self, queries: &[&str], lists: &[Vec<Offered>]) -> Run {
        let mut run = Run::default();
        for (query, list) in queries.iter().zip(lists) {
            let scored = |of: &Offered| Some((self.ids[of.listing as usize].clone(), Score::new(of.share)?));
            run.insert(query, list.iter().filter_map(scored).collect());
        }
        run
    }

    fn fresh(&self) -> usize {
        self.is_fresh.iter().filter(|fresh| **fresh).count()
    }

    /// How many of the fresh ones stand in some list.
    fn shown(&self, lists: &[Vec<Offered>]) -> usize {
        let mut shown = vec![false; self.ids.len()];
        lists.iter().flatten().for_each(|of| shown[of.listing as usize] = self.is_fresh[of.listing as usize]);
        shown.into_iter().filter(|shown| *shown).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_has_the_best_and_below_them_what_is_fresh_and_the_seed_decides_what_that_is() {
        let ids: Vec<ListingId> = (0..40).map(|number| format!("L{number:02}").parse().unwrap()).collect();
        let campaign = Campaign::of(ids.iter(), Fresh { share: 0.1, seed: 1 });
        let drawn = |seed| Campaign::of(ids.iter(), Fresh { share: 0.1, seed }).is_fresh;
        assert_eq!((campaign.fresh(), &campaign.is_fresh), (4, &drawn(1)));
        assert_ne!(drawn(1), drawn(2));
        let ranking: Vec<_> =
            ids.iter().zip(0..).map(|(id, place)| (id.clone(), Score::new(f64::from(80 - place)).unwrap())).collect();
        let pool = campaign.pool(&ranking);
        let below = campaign.is_fresh[PLACES..].iter().filter(|fresh| **fresh).count();
        assert_eq!(pool.len(), PLACES + below);
        assert!(pool[PLACES..].iter().all(|of| campaign.is_fresh[of.listing as usize]), "{pool:?}");
        let policy = ExposurePolicy { least: 1, near: 0.0, ..ExposurePolicy::as_ranked(PLACES) };
        let pools = [pool.clone(), pool.clone(), pool];
        let lists = expose(&pools, &policy).unwrap();
        assert!(campaign.shown(&lists) >= campaign.shown(&expose(&pools, &ExposurePolicy::as_ranked(PLACES)).unwrap()));
        let run = campaign.run(&["q", "r", "s"], &lists);
        assert!(run.rankings().all(|(_, list)| list.len() == PLACES && list[0].0 == ids[0]));
    }
}
