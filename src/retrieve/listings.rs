//! The catalogue as matching sees it: a base with frozen statistics, and what has changed since.
//!
//! How rare a term is and how long a text is on average are counted once, when the base is made, and hold until it is
//! made anew. So a score depends on one profile and one listing alone: a listing that comes or goes moves no other, and
//! what changed can be matched by itself. Terms first seen since then say nothing until the base is renewed, which is due
//! when [`is_stale`] says so.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::RetrieveError;
use super::bm25f::TextScoring;
use super::counts::{Counter, Counts, Frequencies, Means, TextLengths};
use super::file;
use super::matrix::{Hit, KINDS, Matrix, Measure, Question, Row, Rows, Scratch, TERM_KINDS, Wanted};
use super::vocabulary::{Stream, Vocabulary};
use crate::domain::{ListingId, Offer};

/// The share of the base that may change before it is made anew.
const STALE: f64 = 0.1;

/// Whether so many changed listings are too many for a base of so many: more than a tenth.
#[must_use]
pub fn is_stale(changed: u64, base: u64) -> bool {
    changed as f64 > STALE * base as f64
}

/// The listings the statistics were counted from.
pub struct Base {
    pub(super) part: Part,
    pub(super) vocabulary: Vocabulary,
    pub(super) means: Means,
    pub(super) scoring: TextScoring,
    ends: [u32; TERM_KINDS],
    checksum: u32,
}

/// Listings in the order of their ids.
pub(super) struct Part {
    pub(super) ids: Vec<ListingId>,
    pub(super) offers: Vec<Offer>,
    pub(super) matrix: Matrix,
}

impl Part {
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    fn number(&self, id: &ListingId) -> Option<usize> {
        self.ids.binary_search(id).ok()
    }
}

/// The value of a term in a listing's row.
fn value(scoring: &TextScoring, stream: Stream, frequencies: Frequencies, lengths: &TextLengths, means: &Means) -> f32 {
    let text = (stream as usize).min(1);
    scoring.impact(stream, frequencies.get(), lengths[text], means[text]) as f32
}

impl Base {
    /// The base of counted listings, with id and offer of each in the same order. Listings counted in the order of
    /// their ids need half of the memory.
    ///
    /// # Errors
    /// [`RetrieveError::Scoring`] for numbers that cannot be scored with; [`RetrieveError::TooLarge`] beyond 2³² postings; [`RetrieveError::Damaged`] if the listings are not those counted,
    /// or an id comes twice.
    pub fn of(
        mut counter: Counter,
        mut listings: Vec<(ListingId, Offer)>,
        scoring: &TextScoring,
    ) -> Result<Self, RetrieveError> {
        let scoring = scoring.checked()?;
        if !listings.is_sorted_by(|a, b| a.0 < b.0) {
            let mut order: Vec<u32> = (0..listings.len() as u32).collect();
            order.sort_unstable_by(|&a, &b| listings[a as usize].0.cmp(&listings[b as usize].0));
            counter.reorder(&order);
            listings.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        }
        let (rows, vocabulary, means) =
            counter.finish(|stream, frequencies, lengths, means| value(&scoring, stream, frequencies, lengths, means));
        let (ids, offers) = listings.into_iter().unzip();
        let mut base = Self::from_parts(ids, offers, rows, vocabulary, (means, scoring))?;
        base.checksum = file::checksum(&base)?;
        Ok(base)
    }

    pub(super) fn from_parts(
        ids: Vec<ListingId>,
        offers: Vec<Offer>,
        rows: Rows,
        vocabulary: Vocabulary,
        (means, scoring): (Means, TextScoring),
    ) -> Result<Self, RetrieveError> {
        let known = vocabulary.len();
        let strays = rows.parts().1.iter().any(|&term| term as usize >= known);
        if strays || ids.len() != rows.len() || offers.len() != rows.len() || !ids.is_sorted_by(|a, b| a < b) {
            return Err(RetrieveError::Damaged);
        }
        let matrix = Matrix::of(rows, known)?;
        let ends = [Stream::Words, Stream::Bigrams, Stream::Ipc, Stream::Subclass].map(|s| vocabulary.end_of(s));
        Ok(Self { part: Part { ids, offers, matrix }, vocabulary, means, scoring, ends, checksum: 0 })
    }

    pub(super) fn set_checksum(&mut self, checksum: u32) {
        self.checksum = checksum;
    }

    /// The checksum of its contents: two bases of one checksum give the same scores.
    #[must_use]
    pub fn checksum(&self) -> u32 {
        self.checksum
    }

    /// How features are told apart and weighed.
    #[must_use]
    pub fn measure(&self, weights: [f64; KINDS]) -> Measure {
        Measure { ends: self.ends, weights }
    }

    /// The terms' numbers.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// How much the rarity of a term counts; zero for one that no listing had.
    #[must_use]
    pub fn rarity(&self, term: u32) -> f64 {
        self.scoring.rarity(self.vocabulary.stream(term), self.part.len(), self.part.matrix.having(term))
    }

    /// The numbers it was made with.
    #[must_use]
    pub fn scoring(&self) -> &TextScoring {
        &self.scoring
    }

    pub(super) fn listings(&self) -> usize {
        self.part.len()
    }

    pub(super) fn matrix(&self) -> &Matrix {
        &self.part.matrix
    }
}

/// A set of listings of one [`ListingMatrix`].
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    base: FixedBitSet,
    fresh: FixedBitSet,
}

impl Selection {
    /// Those that are in both.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.base.intersect_with(&other.base);
        self.fresh.intersect_with(&other.fresh);
        self
    }

    /// Those that are in either.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        self.base.union_with(&other.base);
        self.fresh.union_with(&other.fresh);
        self
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.base.count_ones(..) + self.fresh.count_ones(..)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A listing found, and how well it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'a> {
    /// The listing.
    pub id: &'a ListingId,
    /// Its values.
    pub row: Row<'a>,
    /// The weighted sum of its features.
    pub score: f64,
}

/// The catalogue at one moment. Cheap to change: the base is shared.
pub struct ListingMatrix {
    base: Arc<Base>,
    /// Listings that came or changed since.
    fresh: Part,
    /// Those of the base that still are as they were.
    current: FixedBitSet,
}

impl ListingMatrix {
    /// A catalogue in which nothing has changed since the base was made.
    ///
    /// # Errors
    /// None in practice: see [`Matrix::of`].
    pub fn of(base: Arc<Base>) -> Result<Self, RetrieveError> {
        let mut current = FixedBitSet::with_capacity(base.listings());
        current.insert_range(..);
        let matrix = Matrix::of(Rows::default(), base.vocabulary.len())?;
        Ok(Self { base, fresh: Part { ids: Vec::new(), offers: Vec::new(), matrix }, current })
    }

    /// The same catalogue after changes: `removed` are gone, `put` came or changed, counted in the order given.
    ///
    /// # Errors
    /// [`RetrieveError::TooLarge`] beyond 2³² postings.
    pub fn changed(
        &self,
        removed: &[ListingId],
        put: Vec<(ListingId, Offer)>,
        counts: &Counts,
    ) -> Result<Self, RetrieveError> {
        let base = &self.base;
        let rows = counts.rows_in(&base.vocabulary, |term, frequencies, lengths| {
            value(&base.scoring, base.vocabulary.stream(term), frequencies, lengths, &base.means)
        });
        let mut current = self.current.clone();
        let mut fresh = std::collections::BTreeMap::new();
        for (number, (id, offer)) in self.fresh.ids.iter().zip(&self.fresh.offers).enumerate() {
            fresh.insert(id.clone(), (offer.clone(), self.fresh.matrix.rows().row(number)));
        }
        for id in removed.iter().chain(put.iter().map(|(id, _)| id)) {
            base.part.number(id).into_iter().for_each(|number| current.remove(number));
            fresh.remove(id);
        }
        for ((id, offer), row) in put.into_iter().zip(&rows) {
            fresh.insert(id, (offer, row.view()));
        }
        let mut rows = Rows::default();
        fresh.values().for_each(|(_, row)| rows.push(*row));
        let matrix = Matrix::of(rows, base.vocabulary.len())?;
        let (ids, offers) = fresh.into_iter().map(|(id, (offer, _))| (id, offer)).unzip();
        Ok(Self { base: Arc::clone(base), fresh: Part { ids, offers, matrix }, current })
    }

    /// The base, with the statistics in force.
    #[must_use]
    pub fn base(&self) -> &Arc<Base> {
        &self.base
    }

    /// How many listings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.current.count_ones(..) + self.fresh.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands every listing to `visit`.
    pub fn visit(&self, mut visit: impl FnMut(&ListingId, &Offer)) {
        let base = &self.base.part;
        self.current.ones().for_each(|number| visit(&base.ids[number], &base.offers[number]));
        self.fresh.ids.iter().zip(&self.fresh.offers).for_each(|(id, offer)| visit(id, offer));
    }

    /// Hands every listing of a selection to `visit`.
    pub fn visit_among(&self, among: &Selection, mut visit: impl FnMut(&ListingId, &Offer)) {
        for (part, chosen) in [(&self.base.part, &among.base), (&self.fresh, &among.fresh)] {
            chosen.ones().for_each(|number| visit(&part.ids[number], &part.offers[number]));
        }
    }

    /// The listings whose offer passes `keep`. Linear in all listings.
    #[must_use]
    pub fn select(&self, keep: impl Fn(&ListingId, &Offer) -> bool) -> Selection {
        let kept = |part: &Part, may_be: &dyn Fn(usize) -> bool| {
            let mut set = FixedBitSet::with_capacity(part.len());
            let kept = (0..part.len()).filter(|&n| may_be(n) && keep(&part.ids[n], &part.offers[n]));
            kept.for_each(|number| set.insert(number));
            set
        };
        Selection {
            base: kept(&self.base.part, &|number| self.current.contains(number)),
            fresh: kept(&self.fresh, &|_| true),
        }
    }

    /// The catalogue of nothing but these of its listings, with the same statistics: to match what has changed by itself.
    ///
    /// # Errors
    /// None in practice: see [`Matrix::of`].
    pub fn only(&self, ids: &[ListingId]) -> Result<Self, RetrieveError> {
        let mut ids: Vec<ListingId> = ids.iter().filter(|id| self.listing(id).is_some()).cloned().collect();
        ids.sort_unstable();
        ids.dedup();
        let (mut rows, mut offers) = (Rows::default(), Vec::new());
        for (offer, row) in ids.iter().filter_map(|id| self.listing(id)) {
            rows.push(row);
            offers.push(offer.clone());
        }
        let matrix = Matrix::of(rows, self.base.vocabulary.len())?;
        let current = FixedBitSet::with_capacity(self.base.listings());
        Ok(Self { base: Arc::clone(&self.base), fresh: Part { ids, offers, matrix }, current })
    }

    /// The listings that have a term.
    #[must_use]
    pub fn having(&self, stream: Stream, term: &str) -> Selection {
        let term = self.base.vocabulary.number(stream, term);
        let having = |part: &Part| {
            let mut set = FixedBitSet::with_capacity(part.len());
            term.iter().for_each(|&term| part.matrix.visit(term, |number| set.insert(number as usize)));
            set
        };
        let mut base = having(&self.base.part);
        base.intersect_with(&self.current);
        Selection { base, fresh: having(&self.fresh) }
    }

    /// A listing by its id.
    #[must_use]
    pub fn listing(&self, id: &ListingId) -> Option<(&Offer, Row<'_>)> {
        let (part, number) = match self.fresh.number(id) {
            Some(number) => (&self.fresh, number),
            None => (&self.base.part, self.base.part.number(id).filter(|&number| self.current.contains(number))?),
        };
        Some((&part.offers[number], part.matrix.rows().row(number)))
    }

    /// The best `limit` of the listings `among`, of scores of at least `floor` and above zero; best first, ties by id.
    #[must_use]
    pub fn best(
        &self,
        question: &Question<'_>,
        limit: usize,
        floor: f64,
        among: &Selection,
        scratch: &mut Scratch,
    ) -> Vec<Found<'_>> {
        let wanted = |among| Wanted { limit, floor, among: Some(among) };
        let some = !among.base.is_clear();
        let base = if some { self.base.matrix().best(question, wanted(&among.base), scratch) } else { Vec::new() };
        let fresh = self.fresh.matrix.best(question, wanted(&among.fresh), scratch);
        let of = |part, hits: Vec<Hit>| hits.into_iter().map(move |hit| found(part, hit));
        let mut all: Vec<Found<'_>> = of(&self.base.part, base).chain(of(&self.fresh, fresh)).collect();
        all.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(b.id)));
        all.truncate(limit);
        all
    }

    /// The best `limit` of every listing the statistics were counted from, changed since or not: whom an enterprise's
    /// field is read from. Ties by id.
    #[must_use]
    pub fn neighbours(&self, question: &Question<'_>, limit: usize, scratch: &mut Scratch) -> Vec<Hit> {
        self.base.matrix().best(question, Wanted::best(limit), scratch)
    }

    /// Does now what the first question would wait for.
    pub fn make_ready(&self) {
        self.base.matrix().make_ready();
        self.fresh.matrix.make_ready();
    }

    /// Bytes held in memory for postings and vocabulary.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.base.matrix().bytes() + self.base.vocabulary.bytes() + self.fresh.matrix.bytes()
    }
}

fn found(part: &Part, hit: Hit) -> Found<'_> {
    let number = hit.row as usize;
    Found { id: &part.ids[number], row: part.matrix.rows().row(number), score: hit.score }
}
