//! Putting listings into the index.

use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::schema::{Fields, TextPair};
use super::{CommitNote, IndexError, ListingIndex};
use crate::domain::{IpcLevel, Listing, ListingId};

/// Memory a writing thread fills before it closes a segment: few segments mean little merging.
const BYTES_PER_THREAD: usize = 200_000_000;

/// The one writer of an index. What it was given is visible after [`ListingWriter::commit`] and a refresh; dropped
/// without a commit, it leaves the index as it was.
pub struct ListingWriter<'a> {
    of: &'a ListingIndex,
    writer: IndexWriter,
    /// Nothing was in the index when the writer was opened, so there is nothing to replace.
    fresh: bool,
}

impl<'a> ListingWriter<'a> {
    pub(super) fn new(of: &'a ListingIndex, threads: usize) -> Result<Self, IndexError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads.max(1))
            .memory_budget_per_thread(BYTES_PER_THREAD)
            .num_merge_threads(1)
            .build();
        let fresh = of.index.searchable_segment_ids()?.is_empty();
        Ok(Self { of, writer: of.index.writer_with_options(options)?, fresh })
    }

    /// Adds a listing, in place of the one of the same id. On an empty index each id may be added once only.
    ///
    /// # Errors
    /// [`IndexError::Full`] or [`IndexError::Tantivy`] if a writing thread has failed.
    pub fn put(&self, listing: &Listing) -> Result<(), IndexError> {
        if !self.fresh {
            self.remove(&listing.id);
        }
        self.writer.add_document(document(&self.of.fields, listing))?;
        Ok(())
    }

    /// Removes a listing; nothing happens if it is not there.
    pub fn remove(&self, id: &ListingId) {
        self.writer.delete_term(Term::from_field_text(self.of.fields.id, id.as_str()));
    }

    /// Makes all of it durable and notes the store revision it stands for.
    ///
    /// # Errors
    /// [`IndexError::Full`] or [`IndexError::Tantivy`]; the index then still is as of the last commit.
    pub fn commit(&mut self, revision: i64) -> Result<(), IndexError> {
        let note = CommitNote { analyzer: self.of.analyzer.version().to_owned(), revision };
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

/// A listing as tantivy takes it. Only the id is stored: the texts are in the store.
fn document(fields: &Fields, listing: &Listing) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    let patent = &listing.patent;
    document.add_text(fields.id, listing.id.as_str());
    let application = patent.application_number.as_ref().map(|n| n.as_str());
    let publication = patent.publication_number.as_ref().map(|n| n.as_str());
    application.into_iter().chain(publication).for_each(|number| document.add_text(fields.number, number));
    add_text(&mut document, fields.title, &patent.title);
    add_text(&mut document, fields.abstract_text, &patent.abstract_text);
    add_text(&mut document, fields.claim, &patent.claim);
    patent.holders.iter().for_each(|holder| document.add_text(fields.holder, holder));
    let mut symbols: Vec<&str> =
        patent.ipc.iter().flat_map(|code| IpcLevel::ALL.iter().filter_map(|&level| code.at(level))).collect();
    symbols.sort_unstable();
    symbols.dedup();
    symbols.into_iter().for_each(|symbol| document.add_text(fields.ipc, symbol));
    let mut subclasses: Vec<&str> = patent.ipc.iter().map(|code| code.subclass()).collect();
    subclasses.sort_unstable();
    subclasses.dedup();
    subclasses.into_iter().for_each(|subclass| document.add_text(fields.subclass, subclass));
    add_facts(&mut document, fields, listing);
    document
}

fn add_text(document: &mut TantivyDocument, pair: TextPair, text: &str) {
    if !text.is_empty() {
        document.add_text(pair.words, text);
        document.add_text(pair.bigrams, text);
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
        (fields.filed_on, patent.filed_on),
        (fields.announced_on, listing.announced_on.or(patent.published_on)),
        (fields.available_until, listing.available_until()),
    ] {
        if let Some(date) = date {
            document.add_i64(field, date.day_number());
        }
    }
}
