//! Who a campaign would send what, before anyone is bothered.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::batch::PAGE;
use super::campaign_figures::Planned;
use super::campaign_pools::{Asked, PoolOf, TOLERANCE};
use super::matching::{MatchCatalogue, Matcher};
use super::{Engine, EngineError};
use crate::campaign::{Assignment, Limits, Pair, assign};
use crate::domain::{
    Campaign, CampaignBrief, CampaignPlan, CampaignRefusal, DivisionCode, Enterprise, EnterpriseId, HolderKey,
    ListingId, Moment, Outcome, PlannedFirm, Score, other_province, place_of,
};
use crate::rank;
use crate::retrieve::{Selection, Stream};

const DAY: i64 = 86_400;

/// An enterprise of the audience.
pub(super) struct Drawn {
    /// Where the lot puts it.
    order: u64,
    pub(super) enterprise: EnterpriseId,
    /// `Sent` until the plan has nothing for it.
    pub(super) outcome: Outcome,
    /// Listings that it may be sent.
    places: usize,
    province: Option<DivisionCode>,
    pool: PoolOf,
}

/// The campaign's listings.
pub(super) struct Chosen {
    selection: Selection,
    ids: Vec<ListingId>,
    holders: Vec<Option<HolderKey>>,
}

impl Engine {
    /// Works out what a campaign has in store for each enterprise of its audience. Takes seconds for a province and a minute
    /// for a hundred thousand enterprises.
    ///
    /// # Errors
    /// [`CampaignRefusal::NoListings`] or [`CampaignRefusal::NoAudience`], or what reading the record and matching fail with.
    pub(super) async fn planned(
        &self,
        campaign: &Campaign,
        at: Moment,
    ) -> Result<(CampaignPlan, Vec<PlannedFirm>), EngineError> {
        let catalogue = self.matching().await?;
        let chosen = tokio::task::block_in_place(|| chosen(&catalogue, &campaign.brief, at));
        if chosen.ids.is_empty() {
            return Err(CampaignRefusal::NoListings.into());
        }
        let firms = self.audience(&catalogue, campaign, &chosen, at).await?;
        if firms.is_empty() {
            return Err(CampaignRefusal::NoAudience.into());
        }
        tokio::task::block_in_place(|| plan(&campaign.brief, firms, &chosen, at))
    }

    /// The audience in the order of the draw, each with what it could be sent.
    async fn audience(
        &self,
        catalogue: &MatchCatalogue,
        campaign: &Campaign,
        chosen: &Chosen,
        at: Moment,
    ) -> Result<Vec<Drawn>, EngineError> {
        let matcher = Matcher::new(catalogue, &catalogue.configuration.weights, at.today);
        let numbers: HashMap<ListingId, u32> = chosen.ids.iter().cloned().zip(0..).collect();
        let places = campaign.brief.limits.per_enterprise as usize;
        let asked = Asked { matcher: &matcher, chosen: &chosen.selection, numbers: &numbers, places };
        let (mut drawn, mut after) = (Vec::new(), None);
        loop {
            let page = self.store.enterprises(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            let is_theirs = |firm: &Enterprise| other_province(campaign.province, place_of(firm)).is_none();
            let page: Vec<Enterprise> =
                page.into_iter().filter(|firm| is_theirs(firm) && campaign.brief.audience.takes(firm)).collect();
            drawn.extend(self.drawn(&asked, &campaign.brief, &page, at).await?);
        }
        drawn.sort_unstable_by(|a, b| a.order.cmp(&b.order).then_with(|| a.enterprise.cmp(&b.enterprise)));
        Ok(drawn)
    }

    async fn drawn(
        &self,
        asked: &Asked<'_>,
        brief: &CampaignBrief,
        firms: &[Enterprise],
        at: Moment,
    ) -> Result<Vec<Drawn>, EngineError> {
        let ids: Vec<&EnterpriseId> = firms.iter().map(|firm| &firm.id).collect();
        let opted_out = self.store.opted_out_among(&ids).await?;
        let shown = match brief.limits.frequency {
            Some(frequency) => self.store.shown_since(at.now - i64::from(frequency.days) * DAY, &ids).await?,
            None => HashMap::new(),
        };
        let learnt = self.learnt(ids.iter().copied()).await?;
        let pools = tokio::task::block_in_place(|| self.pools(asked, firms, &learnt))?;
        let drawn = firms.iter().zip(pools).map(|(firm, pool)| {
            let lot = Lot::of(brief.seed, &firm.id);
            let left = brief.limits.frequency.map_or(usize::MAX, |frequency| {
                (frequency.listings as usize).saturating_sub(shown.get(&firm.id).copied().unwrap_or_default())
            });
            let outcome = match () {
                () if opted_out.contains(&firm.id) => Outcome::OptedOut,
                () if left == 0 => Outcome::SentEnough,
                () if pool.pairs.is_empty() => Outcome::NothingFits,
                () if lot.is_within(brief.held_back) => Outcome::HeldBack,
                () => Outcome::Sent,
            };
            Drawn {
                order: lot.order,
                enterprise: firm.id.clone(),
                outcome,
                places: asked.places.min(left),
                province: place_of(firm).map(DivisionCode::province),
                pool: if outcome == Outcome::Sent { pool } else { PoolOf::default() },
            }
        });
        Ok(drawn.collect())
    }
}

/// What chance has for an enterprise under a seed: the same on every machine, at every preview.
struct Lot {
    /// Where it stands among the others.
    order: u64,
    /// Whether it is kept back.
    draw: u64,
}

impl Lot {
    fn of(seed: u32, enterprise: &EnterpriseId) -> Self {
        let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(enterprise.as_str()).finalize();
        let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        Self { order: number(&digest[..8]), draw: number(&digest[8..16]) }
    }

    /// Whether it is among so many of a hundred.
    fn is_within(&self, percent: u32) -> bool {
        u128::from(self.draw) * 100 < u128::from(percent) << 64
    }
}

/// The listings on offer that a brief takes, by id.
fn chosen(catalogue: &MatchCatalogue, brief: &CampaignBrief, at: Moment) -> Chosen {
    let (matrix, wanted) = (&catalogue.matrix, &brief.catalogue);
    let mut selection = matrix.select(|id, offer| rank::on_offer(offer, at.today).is_ok() && wanted.takes(id, offer));
    let fields = wanted.fields.iter().map(|field| matrix.having(Stream::Field, &field.number().to_string()));
    if let Some(of_fields) = fields.reduce(|all, more| all.or(&more)) {
        selection = selection.and(&of_fields);
    }
    let mut listings = Vec::new();
    matrix.visit_among(&selection, |id, offer| listings.push((id.clone(), offer.holders().next())));
    listings.sort_unstable();
    let (ids, holders) = listings.into_iter().unzip();
    Chosen { selection, ids, holders }
}

/// Gives places to listings, and says what came of it.
fn plan(
    brief: &CampaignBrief,
    mut firms: Vec<Drawn>,
    chosen: &Chosen,
    at: Moment,
) -> Result<(CampaignPlan, Vec<PlannedFirm>), EngineError> {
    let limits = limits(brief, &firms, chosen);
    let pools: Vec<_> = firms.iter_mut().map(|firm| std::mem::take(&mut firm.pool.pairs)).collect();
    let assigned = assign(&pools, &limits, TOLERANCE).map_err(|_| EngineError::Stopped { step: "assignment" })?;
    for (firm, list) in firms.iter_mut().zip(&assigned.lists) {
        if firm.outcome == Outcome::Sent && list.is_empty() {
            firm.outcome = Outcome::CrowdedOut;
        }
    }
    let figures = Planned { brief, firms: &firms, limits: &limits, pools: &pools, assigned: &assigned }.figures(at);
    let firms = firms.into_iter().enumerate().map(|(number, firm)| {
        let listings = listings_of(&pools[number], &firm.pool.scores, &assigned, number, &chosen.ids);
        PlannedFirm { enterprise: firm.enterprise, outcome: firm.outcome, listings }
    });
    Ok((figures, firms.collect()))
}

fn listings_of(
    pool: &[Pair],
    scores: &[Score],
    assigned: &Assignment,
    firm: usize,
    ids: &[ListingId],
) -> Vec<(ListingId, Score)> {
    let score = |listing: u32| {
        let place = pool.iter().position(|pair| pair.listing == listing)?;
        Some((ids[listing as usize].clone(), *scores.get(place)?))
    };
    assigned.lists[firm].iter().filter_map(|pair| score(pair.listing)).collect()
}

fn limits(brief: &CampaignBrief, firms: &[Drawn], chosen: &Chosen) -> Limits {
    let any = |most: Option<u32>| most.map_or(usize::MAX, |most| most as usize);
    let (mut holders, mut regions) = (HashMap::new(), HashMap::new());
    let holder = chosen.holders.iter().map(|holder| numbered(&mut holders, *holder)).collect();
    let region = firms.iter().map(|firm| numbered(&mut regions, firm.province)).collect();
    let listings = chosen.ids.len();
    Limits {
        places: firms.iter().map(|firm| if firm.outcome == Outcome::Sent { firm.places } else { 0 }).collect(),
        most: vec![any(brief.limits.most); listings],
        least: vec![brief.limits.least as usize; listings],
        holder,
        holder_most: quotas(&holders, any(brief.limits.per_holder)),
        region,
        region_most: quotas(&regions, any(brief.limits.per_region)),
    }
}

fn numbered<K: std::hash::Hash + Eq>(numbers: &mut HashMap<K, u32>, key: K) -> u32 {
    let next = numbers.len() as u32;
    *numbers.entry(key).or_insert(next)
}

/// The quota of each; what is of no known holder or place has none.
fn quotas<K: std::hash::Hash + Eq>(numbers: &HashMap<Option<K>, u32>, most: usize) -> Vec<usize> {
    let mut quotas = vec![most; numbers.len()];
    if let Some(unknown) = numbers.get(&None) {
        quotas[*unknown as usize] = usize::MAX;
    }
    quotas
}
