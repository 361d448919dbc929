//! The catalogue at one moment: ids, lengths and statistics that do not depend on segments.

use tantivy::{DocAddress, Searcher, SegmentReader};

use super::IndexError;
use super::schema::{self, Fields};
use crate::analysis::Analyzer;
use crate::domain::ListingId;

/// An unchanging view of the index. Listings are numbered from 0 to [`Snapshot::slots`]; numbers of listings removed
/// since the last merge stay empty. Numbers hold for this snapshot only.
pub struct Snapshot {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    pub(super) analyzer: Analyzer,
    /// First number of each segment.
    pub(super) bases: Vec<u32>,
    /// Listing by number.
    ids: Vec<ListingId>,
    count: usize,
}

impl Snapshot {
    pub(super) fn new(searcher: Searcher, analyzer: Analyzer) -> Result<Self, IndexError> {
        let mut bases = Vec::new();
        let mut ids = Vec::new();
        for segment in searcher.segment_readers() {
            bases.push(ids.len() as u32);
            ids.extend(ids_of(segment)?);
        }
        let count = searcher.num_docs() as usize;
        Ok(Self { searcher, fields: schema::build().1, analyzer, bases, ids, count })
    }

    /// Whether this is a view of what the searcher sees.
    pub(super) fn is_of(&self, searcher: &Searcher) -> bool {
        self.searcher.generation().generation_id() == searcher.generation().generation_id()
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
