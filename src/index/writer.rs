//! Putting listings into the index.

use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::schema::Field;
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::listing_terms::{ListingTerms, Text};
use super::schema::{self, Fields};
use super::{CommitNote, IndexError, ListingIndex, orphans};
use crate::domain::{Listing, ListingId};

/// Memory the writing thread fills before it closes a segment: few segments mean little merging.
const BYTES: usize = 200_000_000;

/// The one writer of an index. What it was given is visible after [`ListingWriter::commit`] and a refresh; dropped
/// without a commit, it leaves the index as it was.
///
/// One thread of its own writes: a second one would leave a second segment, and merging two costs more than it saves.
/// What can be done side by side, the analysis, is done before, see [`ListingTerms`].
pub struct ListingWriter<'a> {
    of: &'a ListingIndex,
    writer: IndexWriter,
    fields: Fields,
    /// Nothing was in the index when the writer was opened, so there is nothing to replace.
    fresh: bool,
}

impl<'a> ListingWriter<'a> {
    pub(super) fn new(of: &'a ListingIndex) -> Result<Self, IndexError> {
        let fresh = of.index.searchable_segment_ids()?.is_empty();
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .memory_budget_per_thread(BYTES)
            .num_merge_threads(1)
            .build();
        let writer = of.index.writer_with_options(options)?;
        if let Some(directory) = &of.directory {
            orphans::sweep(&of.index, directory)?;
        }
        Ok(Self { of, writer, fields: schema::build().1, fresh })
    }

    /// Adds a listing, in place of the one of the same id; `terms` are those of this listing. On an empty index each id
    /// may be added once only. Waits while the writing thread is far behind.
    ///
    /// # Errors
    /// [`IndexError::Full`] or [`IndexError::Tantivy`] if the writing thread has failed.
    pub fn put(&self, listing: &Listing, terms: &ListingTerms) -> Result<(), IndexError> {
        if !self.fresh {
            self.remove(&listing.id);
        }
        self.writer.add_document(document(&self.fields, listing, terms))?;
        Ok(())
    }

    /// Why the writing thread has failed, if it has: [`Self::put`] may only learn that it is gone.
    pub fn cause(&mut self) -> Option<IndexError> {
        self.writer.prepare_commit().err().map(IndexError::from)
    }

    /// Removes a listing; nothing happens if it is not there.
    pub fn remove(&self, id: &ListingId) {
        self.writer.delete_term(Term::from_field_text(self.fields.id, id.as_str()));
    }

    /// Removes every listing.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if the index cannot be written.
    pub fn clear(&self) -> Result<(), IndexError> {
        self.writer.delete_all_documents()?;
        Ok(())
    }

    /// Makes all of it durable and notes the store revision it stands for.
    ///
    /// # Errors
    /// [`IndexError::Full`] or [`IndexError::Tantivy`]; the index then still is as of the last commit.
    pub fn commit(&mut self, revision: i64) -> Result<(), IndexError> {
        let (analyzer, models) = (self.of.analyzer.version().to_owned(), self.of.models.clone());
        let note = CommitNote { analyzer, models, revision };
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&serde_json::to_string(&note).unwrap_or_default());
        prepared.commit()?;
        self.fresh = false;
        Ok(())
    }

    /// Merges everything into one segment and waits for it: slower now, faster reading afterwards.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if merging fails; nothing is lost then.
    pub fn merge(mut self) -> Result<(), IndexError> {
        let segments = self.of.index.searchable_segment_ids()?;
        if segments.len() > 1 {
            self.writer.set_merge_policy(Box::new(NoMergePolicy));
            self.writer.merge(&segments).wait()?;
        }
        self.writer.wait_merging_threads()?;
        Ok(())
    }
}

/// A listing as tantivy takes it. Nothing is stored: the texts are in the store, the id is a column.
fn document(fields: &Fields, listing: &Listing, terms: &ListingTerms) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    let patent = &listing.patent;
    document.add_text(fields.id, listing.id.as_str());
    let application = patent.application_number.as_ref().map(|n| n.as_str());
    let publication = patent.publication_number.as_ref().map(|n| n.as_str());
    let joint = patent.publication_number.as_ref().map(|n| n.document()).filter(|joint| Some(*joint) != publication);
    let numbers = application.into_iter().chain(publication).chain(joint);
    numbers.for_each(|number| document.add_text(fields.number, number));
    add_text(&mut document, fields.title, terms.encoded_words(Text::Title));
    add_text(&mut document, fields.title_pairs, terms.encoded_pairs(Text::Title));
    add_text(&mut document, fields.abstract_text, terms.encoded_words(Text::Abstract));
    add_text(&mut document, fields.claim, terms.encoded_words(Text::Claim));
    add_text(&mut document, fields.holder, terms.encoded_holders());
    add_text(&mut document, fields.ipc, terms.encoded_ipc());
    add_facts(&mut document, fields, listing);
    document
}

fn add_text(document: &mut TantivyDocument, field: Field, text: &str) {
    if !text.is_empty() {
        document.add_text(field, text);
    }
}

fn add_facts(document: &mut TantivyDocument, fields: &Fields, listing: &Listing) {
    let patent = &listing.patent;
    if let Some(field) = patent.field() {
        document.add_u64(fields.field, u64::from(field.number()));
    }
    let mut division = patent.location.as_ref().and_then(|location| location.division);
    if let Some(place) = division {
        document.add_text(fields.province, place.province().to_string());
    }
    while let Some(place) = division {
        document.add_text(fields.division, place.to_string());
        division = place.parent();
    }
    if let Some(kind) = listing.holder_kind {
        document.add_text(fields.holder_kind, kind.as_str());
    }
    if let Some(kind) = patent.kind {
        document.add_text(fields.patent_kind, kind.chinese());
    }
    if let Some(terms) = &listing.terms {
        document.add_text(fields.fee_form, terms.fee.form());
        if let Some(cost) = terms.fee.fixed_cost_per_year(terms.years()) {
            document.add_i64(fields.fee_per_year, cost.fen());
        }
    }
    document.add_text(fields.status, listing.status.as_str());
    for (field, date) in [
        (fields.announced_on, listing.announced_on.or(patent.published_on)),
        (fields.available_until, listing.available_until()),
    ] {
        if let Some(date) = date {
            document.add_i64(field, date.day_number());
        }
    }
}
