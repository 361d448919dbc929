//! What each enterprise of a campaign could be sent, and what that is worth.

use std::collections::HashMap;

use rayon::prelude::*;

use super::matching::Matcher;
use super::{Engine, EngineError};
use crate::campaign::Pair;
use crate::domain::{Enterprise, EnterpriseId, LearntInterest, ListingId, Score};
use crate::rank::Seeker;
use crate::retrieve::Selection;
use crate::retrieve::matrix::Scratch;

/// Listings that an enterprise may be sent one of, for each it is sent.
const DEPTH: usize = 8;

/// How near the optimum is aimed at, as a share of what a pair is worth on average.
pub(super) const TOLERANCE: f64 = 0.002;

/// What is asked for each enterprise.
pub(super) struct Asked<'a> {
    pub(super) matcher: &'a Matcher<'a>,
    /// The campaign's listings,
    pub(super) chosen: &'a Selection,
    /// and their numbers.
    pub(super) numbers: &'a HashMap<ListingId, u32>,
    /// Most that each is sent.
    pub(super) places: usize,
}

/// What an enterprise could be sent, the best first.
#[derive(Default)]
pub(super) struct PoolOf {
    /// Each worth its share of the enterprise's best, so that no enterprise counts for more than another.
    pub(super) pairs: Vec<Pair>,
    /// Their scores.
    pub(super) scores: Vec<Score>,
}

impl Engine {
    /// What each of some enterprises could be sent, on all threads.
    pub(super) fn pools(
        &self,
        asked: &Asked<'_>,
        enterprises: &[Enterprise],
        learnt: &HashMap<EnterpriseId, LearntInterest>,
    ) -> Result<Vec<PoolOf>, EngineError> {
        let nothing = LearntInterest::default();
        let wanted = asked.places.saturating_mul(DEPTH);
        let pool = |scratch: &mut Scratch, enterprise: &Enterprise| {
            let learnt = learnt.get(&enterprise.id).unwrap_or(&nothing);
            let request = asked.matcher.request(&self.profile(enterprise, learnt)?, scratch)?;
            let seeker = Seeker::of(enterprise).taught(learnt);
            let best = asked.matcher.best_of(asked.chosen, &request, &seeker, wanted, scratch)?;
            let top = best.first().map_or(0.0, |ranked| ranked.score.value());
            let mut pool = PoolOf::default();
            for ranked in &best {
                let value = ranked.score.value() / top;
                if let Some(&listing) = asked.numbers.get(&ranked.listing).filter(|_| value > 0.0 && value.is_finite())
                {
                    pool.pairs.push(Pair { listing, value });
                    pool.scores.push(ranked.score);
                }
            }
            Ok(pool)
        };
        enterprises.par_iter().map_init(Scratch::default, pool).collect()
    }
}
