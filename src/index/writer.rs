//! Putting listings into the index.

use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::schema::Field;
use tantivy::{Index, IndexWriter, TantivyDocument, Term};

use super::schema::{self, Fields, PairFields};
use super::{CommitNote, IndexError, ListingIndex};
use crate::domain::{IpcLevel, Listing, ListingId};

/// Memory a writing thread fills before it closes a segment: few segments mean little merging.
const BYTES_PER_THREAD: usize = 200_000_000;

/// The one writer of an index. What it was given is visible after [`ListingWriter::commit`] and a refresh; dropped
/// without a commit, it leaves the index as it was.
pub struct ListingWriter<'a> {
    of: &'a ListingIndex,
    main: IndexWriter,
    pairs: IndexWriter,
    fields: Fields,
    pair_fields: PairFields,
    /// Nothing was in the index when the writer was opened, so there is nothing to replace.
    fresh: bool,
}

impl<'a> ListingWriter<'a> {
    pub(super) fn new(of: &'a ListingIndex, threads: usize) -> Result<Self, IndexError> {
        let fresh =
            of.main.index.searchable_segment_ids()?.is_empty() && of.pairs.index.searchable_segment_ids()?.is_empty();
        // Each half is about half of the work.
        let pair_threads = (threads / 2).max(1);
        Ok(Self {
            of,
            main: open(&of.main.index, threads.saturating_sub(pair_threads).max(1))?,
            pairs: open(&of.pairs.index, pair_threads)?,
            fields: schema::build().1,
            pair_fields: schema::build_pairs().1,
            fresh,
        })
    }

    /// Adds a listing, in place of the one of the same id. On an empty index each id may be added once only.
    ///
    /// # Errors
    /// [`IndexError::Full`] or [`IndexError::Tantivy`] if a writing thread has failed.
    pub fn put(&self, listing: &Listing) -> Result<(), IndexError> {
        if !self.fresh {
            self.remove(&listing.id);
        }
        self.main.add_document(document(&self.fields, listing))?;
        self.pairs.add_document(pair_document(self.pair_fields, listing))?;
        Ok(())
    }

    /// Removes a listing; nothing happens if it is not there.
    pub fn remove(&self, id: &ListingId) {
        self.main.delete_term(Term::from_field_text(self.fields.id, id.as_str()));
        self.pairs.delete_term(Term::from_field_text(self.pair_fields.id, id.as_str()));
    }

    /// Removes every listing.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if the index cannot be written.
    pub fn clear(&self) -> Result<(), IndexError> {
        self.main.delete_all_documents()?;
        self.pairs.delete_all_documents()?;
        Ok(())
    }

    /// Makes all of it durable and notes the store revision it stands for.
    ///
    /// # Errors
    /// [`IndexError::Full`] or [`IndexError::Tantivy`]; the index then still is as of the last commit, or one half of
    /// it is ahead, which catching up mends.
    pub fn commit(&mut self, revision: i64) -> Result<(), IndexError> {
        let (analyzer, models) = (self.of.analyzer.version().to_owned(), self.of.models.clone());
        let note = CommitNote { analyzer, models, revision };
        let note = serde_json::to_string(&note).unwrap_or_default();
        // Both finish their segments at the same time.
        let Self { main, pairs, .. } = self;
        let (main, pairs) = both(|| commit(main, &note), || commit(pairs, &note));
        pairs.and(main)?;
        self.fresh = false;
        Ok(())
    }

    /// Merges each half into one segment and waits for it: slower now, faster reading afterwards.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if merging fails; nothing is lost then.
    pub fn merge(self) -> Result<(), IndexError> {
        let Self { of, main, pairs, .. } = self;
        let (main, pairs) = both(|| merge(&of.main.index, main), || merge(&of.pairs.index, pairs));
        main.and(pairs)
    }
}

/// Does the same for both halves at the same time.
fn both<A: Send, B>(main: impl FnOnce() -> A + Send, pairs: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let main = scope.spawn(main);
        let pairs = pairs();
        (main.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), pairs)
    })
}

fn open(index: &Index, threads: usize) -> Result<IndexWriter, IndexError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(threads)
        .memory_budget_per_thread(BYTES_PER_THREAD)
        .num_merge_threads(1)
        .build();
    Ok(index.writer_with_options(options)?)
}

fn commit(writer: &mut IndexWriter, note: &str) -> Result<(), IndexError> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(note);
    prepared.commit()?;
    Ok(())
}

fn merge(index: &Index, mut writer: IndexWriter) -> Result<(), IndexError> {
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.set_merge_policy(Box::new(NoMergePolicy));
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    Ok(())
}

/// The character pairs of a listing's texts.
fn pair_document(fields: PairFields, listing: &Listing) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_text(fields.id, listing.id.as_str());
    add_text(&mut document, fields.abstract_text, &listing.patent.abstract_text);
    add_text(&mut document, fields.claim, &listing.patent.claim);
    document
}

/// A listing as tantivy takes it. Only the id is stored: the texts are in the store.
fn document(fields: &Fields, listing: &Listing) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    let patent = &listing.patent;
    document.add_text(fields.id, listing.id.as_str());
    let application = patent.application_number.as_ref().map(|n| n.as_str());
    let publication = patent.publication_number.as_ref().map(|n| n.as_str());
    let joint = patent.publication_number.as_ref().map(|n| n.document()).filter(|joint| Some(*joint) != publication);
    let numbers = application.into_iter().chain(publication).chain(joint);
    numbers.for_each(|number| document.add_text(fields.number, number));
    add_text(&mut document, fields.title, &patent.title);
    add_text(&mut document, fields.title_pairs, &patent.title);
    add_text(&mut document, fields.abstract_text, &patent.abstract_text);
    add_text(&mut document, fields.claim, &patent.claim);
    patent.holders.iter().for_each(|holder| document.add_text(fields.holder, holder));
    let mut symbols: Vec<&str> =
        patent.ipc.iter().flat_map(|code| IpcLevel::ALL.iter().filter_map(|&level| code.at(level))).collect();
    symbols.sort_unstable();
    symbols.dedup();
    symbols.into_iter().for_each(|symbol| document.add_text(fields.ipc, symbol));
    patent.subclasses().into_iter().for_each(|subclass| document.add_text(fields.subclass, subclass));
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
        (fields.filed_on, patent.filed_on),
        (fields.announced_on, listing.announced_on.or(patent.published_on)),
        (fields.available_until, listing.available_until()),
    ] {
        if let Some(date) = date {
            document.add_i64(field, date.day_number());
        }
    }
}
