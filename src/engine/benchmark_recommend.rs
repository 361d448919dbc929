//! Speed of one recommendation, from a profile in memory to an explained list.

use std::time::Instant;

use serde::Serialize;

use super::matching::Narrowing;
use super::{Engine, EngineError};
use crate::domain::{Date, Enterprise, LearntInterest};
use crate::rank::Seeker;

/// Enterprises read from the store at a time.
const PAGE: usize = 1_000;
/// Every enterprise is answered so often; the last time counts.
const PASSES: usize = 3;

/// How fast enterprises were answered, one after the other.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RecommendBenchmark {
    /// Listings.
    pub listings: u64,
    /// Enterprises answered.
    pub enterprises: usize,
    /// Listings given to each, on average.
    pub given: f64,
    /// Terms of a profile, on average.
    pub terms: f64,
    /// Milliseconds from the profile to the list with its reasons, the listings read from the store: median, 99th
    /// percentile, mean.
    pub p50_ms: f64,
    /// See `p50_ms`.
    pub p99_ms: f64,
    /// See `p50_ms`.
    pub mean_ms: f64,
    /// Bytes of postings and vocabulary.
    pub bytes: usize,
}

impl Engine {
    /// Recommends `length` listings to `count` enterprises spread evenly over all.
    ///
    /// # Errors
    /// As [`Engine::recommend`].
    pub async fn benchmark_recommend(
        &self,
        count: usize,
        length: usize,
        today: Date,
    ) -> Result<RecommendBenchmark, EngineError> {
        let enterprises = self.spread(count).await?;
        let profiled = enterprises
            .into_iter()
            .map(|enterprise| Ok((self.profile(&enterprise, &LearntInterest::default())?, enterprise)));
        let profiled: Vec<_> = profiled.collect::<Result<_, EngineError>>()?;
        let (catalogue, any) = (self.matching().await?, Narrowing::default());
        let (mut seconds, mut given) = (Vec::new(), 0);
        for _ in 0..PASSES {
            (seconds, given) = (Vec::new(), 0);
            for (profile, enterprise) in &profiled {
                let asked = (profile, &Seeker::of(enterprise));
                let start = Instant::now();
                given += self.recommended(enterprise, asked, length, today, &any).await?.len();
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
        seconds.sort_by(f64::total_cmp);
        let at = |share: f64| 1e3 * seconds.get((seconds.len() as f64 * share) as usize).copied().unwrap_or_default();
        let number = profiled.len().max(1) as f64;
        let terms = |profile: &crate::domain::EnterpriseProfile| {
            profile.words.len() + profile.bigrams.len() + profile.ipc.len()
        };
        Ok(RecommendBenchmark {
            listings: catalogue.matrix.len() as u64,
            enterprises: profiled.len(),
            given: given as f64 / number,
            terms: profiled.iter().map(|(profile, _)| terms(profile)).sum::<usize>() as f64 / number,
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            mean_ms: seconds.iter().sum::<f64>() * 1e3 / number,
            bytes: catalogue.matrix.bytes(),
        })
    }

    /// Enterprises spread evenly over all, in the order of their ids.
    async fn spread(&self, count: usize) -> Result<Vec<Enterprise>, EngineError> {
        let all = self.store.enterprise_count().await? as usize;
        let every = (all / count.max(1)).max(1);
        let (mut spread, mut after, mut number) = (Vec::new(), None, 0_usize);
        loop {
            let page = self.store.enterprises(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(spread) };
            after = Some(last.id.clone());
            for enterprise in page {
                if number.is_multiple_of(every) && spread.len() < count {
                    spread.push(enterprise);
                }
                number += 1;
            }
        }
    }
}
