//! The catalogue at one moment: ids, lengths and statistics that do not depend on segments.

use rustc_hash::FxHashMap;
use tantivy::{DocAddress, DocId, Searcher, SegmentReader};

use super::IndexError;
use super::postings::{FieldStatistics, MatchField};
use super::schema::{self, Fields, PairFields, SUBCLASS};
use crate::analysis::Analyzer;
use crate::domain::ListingId;

/// An unchanging view of the index. Listings are numbered from 0 to [`Snapshot::slots`]; numbers of listings removed
/// since the last merge stay empty. Numbers hold for this snapshot only.
pub struct Snapshot {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    pub(super) pairs: Pairs,
    pub(super) analyzer: Analyzer,
    /// First number of each segment.
    pub(super) bases: Vec<u32>,
    /// Listing by number.
    ids: Vec<ListingId>,
    pub(super) statistics: [FieldStatistics; MatchField::ALL.len()],
    count: usize,
}

/// The half with the character pairs of texts, its documents numbered as in the other half.
pub(super) struct Pairs {
    pub(super) searcher: Searcher,
    pub(super) fields: PairFields,
    /// For each segment the listing number of each document; `None` for a listing the other half does not have.
    pub(super) numbers: Vec<Vec<Option<u32>>>,
}

impl Snapshot {
    pub(super) fn new(searcher: Searcher, pairs: Searcher, analyzer: Analyzer) -> Result<Self, IndexError> {
        let mut bases = Vec::new();
        let mut ids = Vec::new();
        let mut living = FxHashMap::default();
        for segment in searcher.segment_readers() {
            let base = ids.len() as u32;
            bases.push(base);
            ids.extend(ids_of(segment)?);
            living.extend(segment.doc_ids_alive().map(|doc| (ids[(base + doc) as usize].clone(), base + doc)));
        }
        let mut numbers = Vec::new();
        for segment in pairs.segment_readers() {
            numbers.push(ids_of(segment)?.iter().map(|id| living.get(id).copied()).collect());
        }
        let count = living.len();
        let pairs = Pairs { searcher: pairs, fields: schema::build_pairs().1, numbers };
        let statistics = Default::default();
        let mut this = Self { searcher, fields: schema::build().1, pairs, analyzer, bases, ids, statistics, count };
        for field in MatchField::ALL {
            let (searcher, handle) = this.place_of(field);
            this.statistics[field as usize] = FieldStatistics::of(searcher, handle)?;
        }
        Ok(this)
    }

    /// Whether this is a view of what the searchers see.
    pub(super) fn is_of(&self, main: &Searcher, pairs: &Searcher) -> bool {
        let same = |a: &Searcher, b: &Searcher| a.generation().generation_id() == b.generation().generation_id();
        same(&self.searcher, main) && same(&self.pairs.searcher, pairs)
    }

    /// How many listings there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// One above the highest listing number.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.ids.len()
    }

    /// The listing of a number below [`Self::slots`].
    ///
    /// # Panics
    /// If the number is not below it, which postings never hand out.
    #[must_use]
    pub fn id(&self, number: u32) -> &ListingId {
        &self.ids[number as usize]
    }

    /// The IPC subclasses of a listing, each once.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if the index cannot be read.
    pub fn subclasses(&self, number: u32) -> Result<Vec<String>, IndexError> {
        let (segment, doc) = self.place(number);
        let Some(column) = segment.fast_fields().str(SUBCLASS)? else { return Ok(Vec::new()) };
        let mut subclasses = Vec::new();
        for ordinal in column.ords().values_for_doc(doc) {
            let mut text = String::new();
            column.ord_to_str(ordinal, &mut text).map_err(tantivy::TantivyError::from)?;
            subclasses.push(text);
        }
        Ok(subclasses)
    }

    /// The numbers of some listings, those that are there.
    #[must_use]
    pub fn numbers(&self, wanted: &[ListingId]) -> FxHashMap<ListingId, u32> {
        let wanted: rustc_hash::FxHashSet<&ListingId> = wanted.iter().collect();
        let alive = (0..self.ids.len() as u32).filter(|&number| self.is_alive(number));
        alive.filter(|&n| wanted.contains(self.id(n))).map(|n| (self.id(n).clone(), n)).collect()
    }

    fn is_alive(&self, number: u32) -> bool {
        let (segment, doc) = self.place(number);
        !segment.is_deleted(doc)
    }

    /// The segment of a number, and the document in it.
    fn place(&self, number: u32) -> (&SegmentReader, DocId) {
        let ordinal = self.bases.partition_point(|&base| base <= number) - 1;
        (self.searcher.segment_reader(ordinal as u32), number - self.bases[ordinal])
    }

    pub(super) fn number(&self, address: DocAddress) -> u32 {
        self.bases[address.segment_ord as usize] + address.doc_id
    }
}

/// The listing ids of a segment, by document.
fn ids_of(segment: &SegmentReader) -> Result<Vec<ListingId>, IndexError> {
    let missing = || tantivy::TantivyError::FieldNotFound("id".to_owned());
    let column = segment.fast_fields().str("id")?.ok_or_else(missing)?;
    let mut names = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream().map_err(tantivy::TantivyError::from)?;
    while stream.advance() {
        names.push(std::str::from_utf8(stream.key()).unwrap_or_default().parse::<ListingId>().ok());
    }
    let name = |doc| names.get(column.ords().first(doc)? as usize)?.clone();
    (0..segment.max_doc()).map(|doc| name(doc).ok_or_else(|| missing().into())).collect()
}
