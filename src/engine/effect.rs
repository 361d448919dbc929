//! What came of pushing in a period: listings, holders, reach, funnel, licences, as figures that reports are made of.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::campaign_results::{DeclineCount, FunnelStep};
use super::effect_slices::{EffectSlice, slices};
use super::{Engine, EngineError};
use crate::domain::{
    Date, DeclineCode, DivisionCode, Enterprise, EnterpriseId, FeedbackKind, HolderKey, HolderKind, Licence, Listing,
    ListingId, ListingStatus, Offer, PeriodRefusal, other_province, place_of,
};
use crate::store::Party;

/// Rows read at a time.
const PAGE: usize = 1_000;
/// Most cases that are told of.
const CASES: usize = 5;
/// Longest period, in years.
const LONGEST: i32 = 3;

/// So many listings in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatusCount {
    /// The state.
    pub status: ListingStatus,
    /// How many.
    pub listings: u64,
}

/// Holders of a kind with something on offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HolderCount {
    /// Which kind; none where it is not known.
    pub kind: Option<HolderKind>,
    /// How many.
    pub holders: u64,
    /// Their published listings.
    pub listings: u64,
}

/// The licences of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct LicenceFigures {
    /// Those taken in the period, by where they stand now.
    pub by_state: BTreeMap<String, u64>,
    /// Those of them that hold, or have held: paid, recorded, in use, ended.
    pub licences: u64,
    /// Enterprises that have them.
    pub enterprises: u64,
    /// Patents that they are of.
    pub patents: u64,
    /// Patents of these that two or more enterprises have a licence of.
    pub one_to_many: u64,
    /// How they are paid, by the words of the form.
    pub by_payment: BTreeMap<String, u64>,
    /// What was due when they were taken, all together, in fen; later payments and royalties are not counted.
    pub due_on_acceptance: i64,
}

/// A patent with many licences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EffectCase {
    /// Its listing.
    pub listing: ListingId,
    /// Its title.
    pub title: String,
    /// Who holds it.
    pub holders: Vec<String>,
    /// Licences of the period.
    pub licences: u64,
}

/// What came of pushing in a period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EffectReport {
    /// Its first day in China,
    pub from: Date,
    /// and its last.
    pub to: Date,
    /// The province whose it is; none for all.
    pub province: Option<DivisionCode>,
    /// Listings by state, as it is now.
    pub listings: Vec<StatusCount>,
    /// Holders with something on offer now.
    pub holders: Vec<HolderCount>,
    /// What was shown in the period, and what was done with that until its end.
    pub funnel: Vec<FunnelStep>,
    /// Lists and messages of the period.
    pub deliveries: u64,
    /// Why listings were declined.
    pub declines: Vec<DeclineCount>,
    /// The licences taken in the period, pushed or not.
    pub licences: LicenceFigures,
    /// The funnel by the enterprises' province, the listings' field and the holders' kind.
    pub slices: Vec<EffectSlice>,
    /// The patents with most licences of the period.
    pub cases: Vec<EffectCase>,
}

/// What an enterprise did with a listing it was shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// The kinds of deeds, as words.
    pub(super) deeds: BTreeSet<&'static str>,
    declined: BTreeSet<DeclineCode>,
}

/// Every pair that was shown in the period.
pub(super) type Pairs = BTreeMap<(EnterpriseId, ListingId), Shown>;

impl Engine {
    /// What came of pushing from one day in China to another, both included: of one province, or of all. Listings and holders
    /// are counted as they are now: the record does not know how they stood on a day.
    ///
    /// # Errors
    /// [`PeriodRefusal`] for a period that ends before it begins or is too long, or what the store fails with.
    pub async fn effect(
        &self,
        from: Date,
        to: Date,
        province: Option<DivisionCode>,
    ) -> Result<EffectReport, EngineError> {
        if from > to || to.year() - from.year() > LONGEST {
            return Err(PeriodRefusal { from, to, years: LONGEST }.into());
        }
        let all = self.every_listing().await?;
        let theirs = |listing: &&Listing| other_province(province, Offer::of(listing).province()).is_none();
        let (listings, holders) = catalogue(all.iter().filter(theirs));
        let known: HashMap<&ListingId, &Listing> = all.iter().map(|listing| (&listing.id, listing)).collect();
        let (deliveries, pairs, firms) = self.shown(from, to, province).await?;
        let taken = self.licences_taken(from, to, province).await?;
        Ok(EffectReport {
            from,
            to,
            province,
            listings,
            holders,
            funnel: funnel(&pairs),
            deliveries,
            declines: declines(&pairs),
            licences: figures(&taken),
            slices: slices(&pairs, &firms, &known),
            cases: cases(&taken),
        })
    }

    /// What was shown in a period and done with it until its end, and to whom.
    async fn shown(
        &self,
        from: Date,
        to: Date,
        province: Option<DivisionCode>,
    ) -> Result<(u64, Pairs, HashMap<EnterpriseId, Enterprise>), EngineError> {
        let mut deliveries = self.deliveries_between(Some(from), Some(to)).await?;
        let ids: BTreeSet<&EnterpriseId> = deliveries.iter().map(|delivery| &delivery.enterprise).collect();
        let ids: Vec<&EnterpriseId> = ids.into_iter().collect();
        let firms = self.store.enterprises_of(&ids).await?;
        let theirs = |firm: &Enterprise| other_province(province, place_of(firm)).is_none();
        let firms = firms.into_iter().filter(theirs).map(|firm| (firm.id.clone(), firm));
        let firms: HashMap<EnterpriseId, Enterprise> = firms.collect();
        deliveries.retain(|delivery| firms.contains_key(&delivery.enterprise));
        let mut pairs = Pairs::new();
        for delivery in &deliveries {
            for listing in &delivery.listings {
                pairs.entry((delivery.enterprise.clone(), listing.clone())).or_default();
            }
        }
        let names: BTreeSet<_> = deliveries.iter().map(|delivery| &delivery.id).collect();
        for kept in self.store.feedback(&firms.keys().collect::<Vec<_>>()).await? {
            let event = kept.event;
            let in_time = Date::from_unix_seconds(event.at).is_some_and(|day| day <= to);
            if kept.withdrawn_at.is_some() || !in_time || !names.contains(&event.delivery) {
                continue;
            }
            let shown = pairs.entry((kept.enterprise, event.listing)).or_default();
            shown.deeds.insert(event.kind.word());
            shown.declined.extend(event.kind.decline_code());
        }
        Ok((deliveries.len() as u64, pairs, firms))
    }

    /// The licences taken in a period, those of a province if its licensee or its patent is there.
    async fn licences_taken(
        &self,
        from: Date,
        to: Date,
        province: Option<DivisionCode>,
    ) -> Result<Vec<Licence>, EngineError> {
        let (mut found, mut after) = (Vec::new(), 0);
        let theirs = |licence: &Licence| {
            let licensee = licence.licensee.location.as_ref().and_then(|location| location.division);
            let licensee = licensee.or_else(|| licence.licensee.credit_code.as_ref()?.division());
            let patent = Offer::of(&licence.listing).province();
            other_province(province, licensee).is_none() || other_province(province, patent).is_none()
        };
        loop {
            let page = self.store.licences(&Party::Anyone, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(found) };
            after = last.number;
            let within = |licence: &Licence| (from..=to).contains(&licence.accepted_on) && theirs(licence);
            found.extend(page.into_iter().filter(within));
        }
    }
}

fn catalogue<'l>(listings: impl Iterator<Item = &'l Listing>) -> (Vec<StatusCount>, Vec<HolderCount>) {
    let mut by_status: BTreeMap<ListingStatus, u64> = BTreeMap::new();
    let mut by_kind: BTreeMap<Option<HolderKind>, (BTreeSet<HolderKey>, u64)> = BTreeMap::new();
    for listing in listings {
        *by_status.entry(listing.status).or_default() += 1;
        if listing.status == ListingStatus::Published {
            let (holders, count) = by_kind.entry(listing.holder_kind).or_default();
            holders.extend(listing.patent.holders.iter().filter_map(|name| HolderKey::of(name)));
            *count += 1;
        }
    }
    let holders = by_kind.into_iter().map(|(kind, (holders, listings))| HolderCount {
        kind,
        holders: holders.len() as u64,
        listings,
    });
    (by_status.into_iter().map(|(status, listings)| StatusCount { status, listings }).collect(), holders.collect())
}

/// How many enterprises and pairs came so far.
pub(super) fn step(name: &str, pairs: &Pairs, wanted: impl Fn(&Shown) -> bool) -> FunnelStep {
    let (mut firms, mut count) = (BTreeSet::new(), 0);
    for ((firm, _), _) in pairs.iter().filter(|(_, shown)| wanted(shown)) {
        firms.insert(firm);
        count += 1;
    }
    FunnelStep { step: name.to_owned(), enterprises: firms.len() as u64, pairs: count }
}

fn funnel(pairs: &Pairs) -> Vec<FunnelStep> {
    let deeds = FeedbackKind::WORDS.into_iter().map(|word| step(word, pairs, |shown| shown.deeds.contains(word)));
    std::iter::once(step("delivered", pairs, |_| true)).chain(deeds).collect()
}

fn declines(pairs: &Pairs) -> Vec<DeclineCount> {
    let count = |code: DeclineCode| {
        let pairs = pairs.values().filter(|shown| shown.declined.contains(&code)).count() as u64;
        DeclineCount { code, reason: code.chinese().to_owned(), pairs }
    };
    DeclineCode::ALL.map(count).into_iter().filter(|count| count.pairs > 0).collect()
}

fn holds(licence: &&Licence) -> bool {
    licence.state.holds()
}

fn figures(taken: &[Licence]) -> LicenceFigures {
    let mut figures = LicenceFigures::default();
    let mut firms_of: BTreeMap<&ListingId, BTreeSet<&EnterpriseId>> = BTreeMap::new();
    for licence in taken {
        *figures.by_state.entry(licence.state.word().to_owned()).or_default() += 1;
    }
    for licence in taken.iter().filter(holds) {
        figures.licences += 1;
        firms_of.entry(&licence.listing.id).or_default().insert(&licence.licensee.enterprise);
        figures.due_on_acceptance += licence.due_on_acceptance().fen();
        if let Some(terms) = &licence.listing.terms {
            *figures.by_payment.entry(terms.fee.form().to_owned()).or_default() += 1;
        }
    }
    figures.enterprises = firms_of.values().flatten().collect::<BTreeSet<_>>().len() as u64;
    figures.patents = firms_of.len() as u64;
    figures.one_to_many = firms_of.values().filter(|firms| firms.len() > 1).count() as u64;
    figures
}

fn cases(taken: &[Licence]) -> Vec<EffectCase> {
    let mut by_listing: BTreeMap<&ListingId, (&Listing, u64)> = BTreeMap::new();
    for licence in taken.iter().filter(holds) {
        by_listing.entry(&licence.listing.id).or_insert((&licence.listing, 0)).1 += 1;
    }
    let mut cases: Vec<(&Listing, u64)> = by_listing.into_values().collect();
    cases.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id)));
    let case = |(listing, licences): (&Listing, u64)| EffectCase {
        listing: listing.id.clone(),
        title: listing.patent.title.clone(),
        holders: listing.patent.holders.clone(),
        licences,
    };
    cases.into_iter().take(CASES).map(case).collect()
}
