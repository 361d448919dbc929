//! Postings as matching reads them: exact counts of living listings, lengths beside frequencies.

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Searcher, TERMINATED, Term};

use super::{IndexError, Snapshot};

/// A field that matching reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchField {
    /// Words of the title.
    TitleWords,
    /// Words of the abstract.
    AbstractWords,
    /// Words of the claim.
    ClaimWords,
    /// Character pairs of the title.
    TitleBigrams,
    /// Character pairs of the abstract.
    AbstractBigrams,
    /// Character pairs of the claim.
    ClaimBigrams,
    /// IPC symbols cut to every level; frequencies are 1.
    Ipc,
}

impl MatchField {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::TitleWords,
        Self::AbstractWords,
        Self::ClaimWords,
        Self::TitleBigrams,
        Self::AbstractBigrams,
        Self::ClaimBigrams,
        Self::Ipc,
    ];
}

/// One listing that has a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The listing's number in the snapshot.
    pub number: u32,
    /// How often the term stands in the field.
    pub frequency: u32,
    /// Terms in the field, to the precision of one byte (exact to 40).
    pub length: u32,
}

/// What BM25 needs to know of a field.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct FieldStatistics {
    /// Mean length over the listings that have the field at all.
    pub(super) mean_length: f64,
}

impl FieldStatistics {
    /// Counts living listings only, so that the mean does not depend on when segments were merged.
    pub(super) fn of(searcher: &Searcher, field: Field) -> Result<Self, IndexError> {
        let (mut terms, mut listings) = (0_u64, 0_u64);
        for segment in searcher.segment_readers() {
            let Some(lengths) = segment.fieldnorms_readers().get_field(field)? else { continue };
            for doc in segment.doc_ids_alive() {
                let length = lengths.fieldnorm(doc);
                terms += u64::from(length);
                listings += u64::from(length > 0);
            }
        }
        Ok(Self { mean_length: terms as f64 / listings.max(1) as f64 })
    }
}

impl Snapshot {
    /// Mean length of a field over the listings that have it; zero when none has.
    #[must_use]
    pub fn mean_length(&self, field: MatchField) -> f64 {
        self.statistics[field as usize].mean_length
    }

    /// Hands every living listing that has `term` in `field` to `visit`, by number. Linear in the term's postings.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if the index cannot be read.
    pub fn visit_postings(
        &self,
        field: MatchField,
        term: &str,
        mut visit: impl FnMut(Posting),
    ) -> Result<(), IndexError> {
        let (searcher, handle) = self.place_of(field);
        let term = Term::from_field_text(handle, term);
        let record = if field == MatchField::Ipc { IndexRecordOption::Basic } else { IndexRecordOption::WithFreqs };
        for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
            let inverted = segment.inverted_index(handle)?;
            let Some(mut postings) = inverted.read_postings(&term, record).map_err(tantivy::TantivyError::from)? else {
                continue;
            };
            let lengths = segment.fieldnorms_readers().get_field(handle)?;
            let alive = segment.alive_bitset();
            let mut doc = postings.doc();
            while doc != TERMINATED {
                let number = self.number_of(field, ordinal, doc);
                if let Some(number) = number.filter(|_| alive.is_none_or(|alive| alive.is_alive(doc))) {
                    let length = lengths.as_ref().map_or(1, |lengths| lengths.fieldnorm(doc));
                    visit(Posting { number, frequency: postings.term_freq(), length });
                }
                doc = postings.advance();
            }
        }
        Ok(())
    }

    /// The half a field is in, and its handle there.
    pub(super) fn place_of(&self, field: MatchField) -> (&Searcher, Field) {
        let (main, pairs) = (&self.fields, &self.pairs.fields);
        match field {
            MatchField::TitleWords => (&self.searcher, main.title),
            MatchField::AbstractWords => (&self.searcher, main.abstract_text),
            MatchField::ClaimWords => (&self.searcher, main.claim),
            MatchField::TitleBigrams => (&self.searcher, main.title_pairs),
            MatchField::AbstractBigrams => (&self.pairs.searcher, pairs.abstract_text),
            MatchField::ClaimBigrams => (&self.pairs.searcher, pairs.claim),
            MatchField::Ipc => (&self.searcher, main.ipc),
        }
    }

    /// The listing number of a document of the half that `field` is in.
    fn number_of(&self, field: MatchField, segment: usize, doc: DocId) -> Option<u32> {
        match field {
            MatchField::AbstractBigrams | MatchField::ClaimBigrams => self.pairs.numbers[segment][doc as usize],
            _ => Some(self.bases[segment] + doc),
        }
    }
}
