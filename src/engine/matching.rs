//! One way from a profile to ranked listings, for pages, API, command line, batches and evaluation alike.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::EngineError;
use super::readers::Readers;
use crate::config::Configuration;
use crate::domain::{
    Candidate, Date, DivisionCode, Enterprise, EnterpriseProfile, EvidenceKind, HolderKey, IndustryCode, IndustryLevel,
    Listing, ListingId, Money, Recommendation, TechnologyField,
};
use crate::rank::{self, ListChange, POINTS, Ranked, Request, Seeker, Weights};
use crate::retrieve::matrix::{Scratch, SparseRow};
use crate::retrieve::{Counts, ListingMatrix, Retriever, Selection, Stream};

/// Raised when profile, retrieval or ranking change what they give, so that results kept from before are not mixed with
/// later ones.
const VERSION: u32 = 5;

/// Selections kept at a time: a bit for each listing, for as many places. A province has some hundred of them.
const MOST_SELECTIONS: usize = 512;

/// Listings on offer, by day and place.
type Selections = HashMap<(Date, Option<DivisionCode>), Arc<Selection>>;

/// The catalogue as matching sees it, as of one revision of the store.
pub(super) struct MatchCatalogue {
    pub(super) matrix: ListingMatrix,
    pub(super) revision: i64,
    /// What its scores count.
    pub(super) configuration: Arc<Configuration>,
    /// Who may be shown what, by day and place of the enterprise: worked out when first asked for.
    selections: Mutex<Selections>,
}

impl MatchCatalogue {
    pub(super) fn new(matrix: ListingMatrix, revision: i64, configuration: Arc<Configuration>) -> Self {
        Self { matrix, revision, configuration, selections: Mutex::default() }
    }

    /// The same listings with scores that count otherwise: by a configuration of the same text scoring.
    pub(super) fn counted_by(&self, configuration: Arc<Configuration>) -> Result<Self, EngineError> {
        let matrix = self.matrix.changed(&[], Vec::new(), &Counts::default())?;
        Ok(Self::new(matrix, self.revision, configuration))
    }

    /// Names what scores rest on: results of one basis may be compared and brought up to date.
    pub(super) fn basis(&self) -> String {
        let (base, counted) = (self.matrix.base().checksum(), self.configuration.ranking_fingerprint());
        format!("{VERSION}-{base:08x}-{}-{counted}", Readers::version())
    }

    /// The listings on offer on a day to an enterprise of a place.
    fn selection(&self, today: Date, place: Option<DivisionCode>) -> Arc<Selection> {
        let known = |of: &Selections| of.get(&(today, place)).map(Arc::clone);
        let selections = || self.selections.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(selection) = known(&selections()) {
            return selection;
        }
        let keep =
            |_: &ListingId, offer: &_| rank::on_offer(offer, today).is_ok() && rank::within_territory(offer, place);
        let selection = Arc::new(self.matrix.select(keep));
        let mut kept = selections();
        if kept.len() >= MOST_SELECTIONS {
            kept.clear();
        }
        kept.insert((today, place), Arc::clone(&selection));
        drop(kept);
        selection
    }
}

/// What a person wants of recommendations beyond their fit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Narrowing {
    /// Most that is certain to be paid in a year; what is to be agreed does not pass.
    pub fee_at_most: Option<Money>,
    /// Only patents of this holder, by its name.
    pub holder: Option<String>,
    /// Only patents of these fields; any if empty.
    pub fields: Vec<TechnologyField>,
    /// Only patents whose classes serve these industries, by their division; any if empty.
    pub industries: Vec<IndustryCode>,
    /// How the list is made of the ranking, where it is not as the configuration in force says.
    pub lists: ListChange,
}

impl Narrowing {
    /// Those of a selection that pass.
    fn apply(&self, matrix: &ListingMatrix, among: &Selection) -> Selection {
        let mut narrowed = among.clone();
        if self.fee_at_most.is_some() || self.holder.is_some() {
            let holder = self.holder.as_deref().map(HolderKey::of);
            narrowed = narrowed.and(&matrix.select(|_, offer| {
                let affordable = self.fee_at_most.is_none_or(|most| offer.cost_per_year().is_some_and(|c| c <= most));
                affordable && holder.is_none_or(|holder| offer.holders().any(|held| Some(held) == holder))
            }));
        }
        let fields = self.fields.iter().map(|field| matrix.having(Stream::Field, &field.number().to_string()));
        let divisions = self.industries.iter().filter_map(|industry| industry.at(IndustryLevel::Division));
        let industries = divisions.map(|division| matrix.having(Stream::Industry, division.as_str()));
        let any = |all: Selection, more: Selection| all.or(&more);
        for wanted in [fields.reduce(any), industries.reduce(any)].into_iter().flatten() {
            narrowed = narrowed.and(&wanted);
        }
        narrowed
    }
}

/// What matching needs: a catalogue at one moment, and weights.
pub(super) struct Matcher<'a> {
    catalogue: &'a MatchCatalogue,
    retriever: Retriever<'a>,
    weights: &'a Weights,
    today: Date,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(catalogue: &'a MatchCatalogue, weights: &'a Weights, today: Date) -> Self {
        let retriever = Retriever::new(&catalogue.matrix, weights.evidence());
        Self { catalogue, retriever, weights, today }
    }

    pub(super) fn catalogue(&self) -> &'a MatchCatalogue {
        self.catalogue
    }

    pub(super) fn retriever(&self) -> &Retriever<'a> {
        &self.retriever
    }

    /// What a profile asks of the catalogue.
    pub(super) fn request(&self, profile: &EnterpriseProfile, scratch: &mut Scratch) -> Result<SparseRow, EngineError> {
        Ok(self.retriever.request(profile, scratch)?)
    }

    /// The best `limit` listings that may be shown, of scores of at least `floor`: exactly those that ranking the whole
    /// catalogue would give.
    pub(super) fn best(
        &self,
        request: &SparseRow,
        seeker: &Seeker,
        limit: usize,
        floor: f64,
        scratch: &mut Scratch,
    ) -> Result<Vec<Ranked>, EngineError> {
        let among = self.catalogue.selection(self.today, seeker.division());
        self.best_among(&among, request, seeker, limit, floor, scratch)
    }

    /// The best of those that also pass what a person wants.
    pub(super) fn best_narrowed(
        &self,
        narrowing: &Narrowing,
        request: &SparseRow,
        seeker: &Seeker,
        limit: usize,
        scratch: &mut Scratch,
    ) -> Result<Vec<Ranked>, EngineError> {
        let among = self.catalogue.selection(self.today, seeker.division());
        let among = narrowing.apply(&self.catalogue.matrix, &among);
        self.best_among(&among, request, seeker, limit, 0.0, scratch)
    }

    /// The best of those that are also among some that were chosen.
    pub(super) fn best_of(
        &self,
        chosen: &Selection,
        request: &SparseRow,
        seeker: &Seeker,
        limit: usize,
        scratch: &mut Scratch,
    ) -> Result<Vec<Ranked>, EngineError> {
        let among = Selection::clone(&self.catalogue.selection(self.today, seeker.division())).and(chosen);
        self.best_among(&among, request, seeker, limit, 0.0, scratch)
    }

    fn best_among(
        &self,
        among: &Selection,
        request: &SparseRow,
        seeker: &Seeker,
        limit: usize,
        floor: f64,
        scratch: &mut Scratch,
    ) -> Result<Vec<Ranked>, EngineError> {
        let lift = self.weights.largest_lift_for(seeker);
        let floor = floor / lift / POINTS;
        let mut pool = limit.saturating_add(limit / 2).saturating_add(20);
        loop {
            let candidates = self.retriever.candidates(request, pool, floor, among, scratch)?;
            let ranked = self.rank(seeker, &candidates, limit)?;
            // Terms and place lift a score by so much at most: whoever was not looked at cannot be among the best.
            let next = candidates.last().map_or(0.0, |last| self.weights.fit(&last.features) * lift);
            let all = candidates.len() < pool;
            if all || ranked.get(limit.wrapping_sub(1)).is_some_and(|last| next < last.score.value()) {
                return Ok(ranked);
            }
            pool = pool.saturating_mul(2);
        }
    }

    fn rank(&self, seeker: &Seeker, candidates: &[Candidate], limit: usize) -> Result<Vec<Ranked>, EngineError> {
        let request = Request { seeker, today: self.today, weights: self.weights };
        let offer = |id: &ListingId| Some(self.catalogue.matrix.listing(id)?.0);
        Ok(rank::rank(candidates, offer, request, limit)?)
    }

    /// The score of one pair; `None` if the listing may not be shown to the enterprise, or nothing speaks for it.
    pub(super) fn pair(
        &self,
        seeker: &Seeker,
        features: [f64; EvidenceKind::ALL.len()],
        listing: &ListingId,
    ) -> Result<Option<Ranked>, EngineError> {
        let candidate = Candidate { listing: listing.clone(), features };
        Ok(self.rank(seeker, &[candidate], 1)?.pop().filter(|ranked| ranked.score.value() > 0.0))
    }

    /// The reasons for each.
    pub(super) fn explain(
        &self,
        enterprise: &Enterprise,
        profile: &EnterpriseProfile,
        request: &SparseRow,
        ranked: &[Ranked],
        listings: &HashMap<ListingId, Listing>,
    ) -> Result<Vec<Recommendation>, EngineError> {
        let ids: Vec<ListingId> = ranked.iter().map(|ranked| ranked.listing.clone()).collect();
        let evidence = self.retriever.evidence(profile, request, &ids)?;
        // A list need not begin with the best.
        let best = ranked.iter().map(|ranked| ranked.score).max_by(|a, b| a.value().total_cmp(&b.value()));
        let Some(best) = best else { return Ok(Vec::new()) };
        let explained = ranked.iter().zip(&evidence).filter_map(|(ranked, evidence)| {
            Some(rank::explain(ranked, evidence, listings.get(&ranked.listing)?, enterprise, best))
        });
        Ok(explained.collect())
    }
}
