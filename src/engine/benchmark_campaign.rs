//! Speed and quality of planning a campaign, from the record to who is sent what.

use std::collections::HashMap;
use std::time::Instant;

use serde::Serialize;

use super::batch::PAGE;
use super::campaign_pools::{Asked, TOLERANCE};
use super::matching::{MatchCatalogue, Matcher};
use super::{Engine, EngineError, OnProgress, Progress};
use crate::campaign::{Assignment, Limits, Pair, assign};
use crate::domain::{Date, ListingId};
use crate::eval;
use crate::rank;
use crate::retrieve::Selection;

/// How large a campaign is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CampaignSize {
    /// Enterprises, the first by id.
    pub enterprises: usize,
    /// Listings on offer, the first by id.
    pub listings: usize,
    /// Most listings for each enterprise.
    pub per_enterprise: usize,
    /// Most enterprises for each listing.
    pub most: usize,
    /// Enterprises that each listing should be sent to, where it suits as many.
    pub least: usize,
}

/// What planning took and gave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CampaignBenchmark {
    /// Enterprises that could be sent something.
    pub reachable: usize,
    /// All enterprises of the campaign.
    pub enterprises: usize,
    /// Listings of the campaign.
    pub listings: usize,
    /// Pairs that were chosen among.
    pub pairs: usize,
    /// Pairs of the plan.
    pub sent: usize,
    /// Seconds from the record to the plan.
    pub seconds: f64,
    /// Of these, those of the assignment.
    pub assign_seconds: f64,
    /// The most memory the process has had, in megabytes; `None` where the system does not tell.
    pub peak_mb: Option<f64>,
    /// Enterprises and listings beyond their cap, counted from the plan.
    pub over_cap: usize,
    /// Listings of the campaign that somebody is sent, as a share of all.
    pub coverage: f64,
    /// The Gini coefficient of how many are sent each listing.
    pub gini: f64,
    /// Listings that should be sent to more.
    pub short: usize,
    /// What the plan is worth, in shares of each enterprise's best.
    pub value: f64,
    /// How much more could be had at most, as a share.
    pub gap: f64,
    /// What it would be worth without caps and least exposure, and so what these cost.
    pub unlimited: f64,
}

impl Engine {
    /// Plans a campaign of so many of the catalogue's listings for so many of its enterprises, as of `today`.
    ///
    /// # Errors
    /// What reading the record and matching fail with.
    pub async fn benchmark_campaign(
        &self,
        size: CampaignSize,
        today: Date,
        progress: OnProgress<'_>,
    ) -> Result<CampaignBenchmark, EngineError> {
        let start = Instant::now();
        let catalogue = self.matching().await?;
        let matcher = Matcher::new(&catalogue, &catalogue.configuration.weights, today);
        let (chosen, numbers) = first(&catalogue, size.listings, today);
        let (mut pools, mut after) = (Vec::new(), None);
        while pools.len() < size.enterprises {
            let page = self.store.enterprises(after, PAGE.min(size.enterprises - pools.len())).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            let learnt = self.learnt(page.iter().map(|enterprise| &enterprise.id)).await?;
            let asked = Asked { matcher: &matcher, chosen: &chosen, numbers: &numbers, places: size.per_enterprise };
            let of_page = tokio::task::block_in_place(|| self.pools(&asked, &page, &learnt))?;
            pools.extend(of_page.into_iter().map(|pool| pool.pairs));
            progress(Progress { done: pools.len() as u64, total: size.enterprises as u64 });
        }
        let limits = limits(size, &pools, numbers.len());
        let (plan, assign_seconds) = tokio::task::block_in_place(|| planned(&pools, &limits))?;
        let seconds = start.elapsed().as_secs_f64();
        let bare = Limits::of_places(pools.len(), numbers.len(), size.per_enterprise);
        let unlimited = tokio::task::block_in_place(|| planned(&pools, &bare))?.0.value;
        let counts = counts(&plan, numbers.len());
        Ok(CampaignBenchmark {
            reachable: pools.iter().filter(|pool| !pool.is_empty()).count(),
            enterprises: pools.len(),
            listings: numbers.len(),
            pairs: pools.iter().map(Vec::len).sum(),
            sent: counts.iter().sum(),
            seconds,
            assign_seconds,
            peak_mb: peak_mb(),
            over_cap: plan.lists.iter().filter(|list| list.len() > size.per_enterprise).count()
                + counts.iter().filter(|count| **count > size.most).count(),
            coverage: counts.iter().filter(|count| **count > 0).count() as f64 / counts.len().max(1) as f64,
            gini: eval::gini(counts),
            short: plan.short.len(),
            gap: plan.gap(),
            value: plan.value,
            unlimited,
        })
    }
}

/// The first listings on offer by id, numbered in that order.
fn first(catalogue: &MatchCatalogue, count: usize, today: Date) -> (Selection, HashMap<ListingId, u32>) {
    let mut ids = Vec::new();
    catalogue.matrix.visit(|id, offer| {
        if rank::on_offer(offer, today).is_ok() {
            ids.push(id.clone());
        }
    });
    ids.sort_unstable();
    let numbers: HashMap<ListingId, u32> = ids.into_iter().take(count).zip(0..).collect();
    (catalogue.matrix.select(|id, _| numbers.contains_key(id)), numbers)
}

fn limits(size: CampaignSize, pools: &[Vec<Pair>], listings: usize) -> Limits {
    let mut suits = vec![0; listings];
    pools.iter().flatten().for_each(|pair| suits[pair.listing as usize] += 1);
    let least = suits.into_iter().map(|suits: usize| suits.min(size.least)).collect();
    Limits { most: vec![size.most; listings], least, ..Limits::of_places(pools.len(), listings, size.per_enterprise) }
}

fn planned(pools: &[Vec<Pair>], limits: &Limits) -> Result<(Assignment, f64), EngineError> {
    let start = Instant::now();
    let plan = assign(pools, limits, TOLERANCE).map_err(|_| EngineError::Stopped { step: "assignment" })?;
    Ok((plan, start.elapsed().as_secs_f64()))
}

fn counts(plan: &Assignment, listings: usize) -> Vec<usize> {
    let mut counts = vec![0; listings];
    plan.lists.iter().flatten().for_each(|pair| counts[pair.listing as usize] += 1);
    counts
}

/// The high-water mark of this process's memory, as Linux tells it.
fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}
