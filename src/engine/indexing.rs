//! From listings to index and match matrix: analysed side by side, written in order.

use rayon::prelude::*;

use super::EngineError;
use super::match_base::Collected;
use crate::bridge::Bridge;
use crate::domain::{IndustryCode, IndustryLevel, Listing, Meaning};
use crate::embed::Embedding;
use crate::index::{ListingTerms, ListingWriter, Text};
use crate::retrieve::{Base, Counts, Stream};

/// Listings analysed and counted together on one thread. The more, the fewer terms are known to several counts; their
/// terms, a few kilobytes a listing, wait beside the writer's own queue.
pub(super) const CHUNK: usize = 128;

/// Chunks a thread analyses while the ones before are handed over: enough that nobody waits long for the last one.
const CHUNKS: usize = 4;

/// Different terms that so many abstracts have, or a few more: their table is small enough for a core's own cache.
const ROOM: usize = 14_000;

/// What share of the bridge's say an industry must have to be one that a listing serves.
const LIKELY: f64 = 0.25;

/// Some listings' terms, and their counts if a matrix is made of them.
type Analysed = (Vec<ListingTerms>, Option<Counts>);

/// Analyses listings on rayon's threads, by the analyzer of `reader`, and hands each with its terms to the writer, and their counts to `collected`, in
/// the order given. While some are handed over the next are analysed, and the writer's own thread writes what it has.
///
/// # Errors
/// [`EngineError::Index`] if the writer has failed.
pub(super) fn put_all(
    reader: &Embedding,
    writer: &mut ListingWriter<'_>,
    listings: &[&Listing],
    collected: Option<&mut Collected>,
) -> Result<(), EngineError> {
    let put = put_each(reader, writer, listings, collected);
    put.map_err(|error| writer.cause().map_or(error, EngineError::from))
}

fn put_each(
    reader: &Embedding,
    writer: &ListingWriter<'_>,
    listings: &[&Listing],
    mut collected: Option<&mut Collected>,
) -> Result<(), EngineError> {
    let counted = collected.is_some();
    let mut hand_over = |listings: &[&Listing], analysed: Vec<Analysed>| -> Result<(), EngineError> {
        for (listings, (terms, counts)) in listings.chunks(CHUNK).zip(analysed) {
            for (listing, terms) in listings.iter().zip(&terms) {
                writer.put(listing, terms)?;
            }
            if let (Some(collected), Some(counts)) = (&mut collected, counts) {
                collected.take(listings, &counts);
            }
        }
        Ok(())
    };
    let mut waiting: (&[&Listing], Vec<Analysed>) = (&[], Vec::new());
    for batch in listings.chunks(CHUNK * CHUNKS * rayon::current_num_threads()) {
        let (listings, analysed) = std::mem::take(&mut waiting);
        let (handed, analysed) = rayon::join(|| hand_over(listings, analysed), || analyse(reader, batch, counted));
        handed?;
        waiting = (batch, analysed);
    }
    hand_over(waiting.0, waiting.1)
}

fn analyse(reader: &Embedding, listings: &[&Listing], counted: bool) -> Vec<Analysed> {
    let analysed = listings.par_chunks(CHUNK).map(|listings| {
        let terms = terms_of(reader, listings);
        let counts = counted.then(|| count_all(reader, listings, &terms));
        (terms, counts)
    });
    analysed.collect()
}

/// Makes what was put durable, with the revision it stands for, and meanwhile the base of what was collected, which
/// `keep` makes durable too.
///
/// # Errors
/// [`EngineError::Index`] if the index cannot be written, [`EngineError::Retrieve`] for too many postings, that of `keep`.
pub(super) fn finish(
    writer: &mut ListingWriter<'_>,
    revision: i64,
    collected: Option<Collected>,
    keep: impl FnOnce(&Base) -> Result<(), EngineError> + Send,
) -> Result<Option<Base>, EngineError> {
    let make = move |collected: Collected| {
        let base = collected.base()?;
        keep(&base)?;
        Ok(base)
    };
    let (committed, base) = rayon::join(|| writer.commit(revision), move || collected.map(make).transpose());
    committed?;
    base
}

/// Analyses and counts listings for the match matrix on all threads; the counts of each [`CHUNK`], in their order.
pub(super) fn counted(reader: &Embedding, listings: &[&Listing]) -> Vec<Counts> {
    let counts = listings.par_chunks(CHUNK).map(|listings| count_all(reader, listings, &terms_of(reader, listings)));
    counts.collect()
}

fn terms_of(reader: &Embedding, listings: &[&Listing]) -> Vec<ListingTerms> {
    listings.iter().map(|listing| ListingTerms::of(reader.analyzer(), listing)).collect()
}

fn count_all(reader: &Embedding, listings: &[&Listing], terms: &[ListingTerms]) -> Counts {
    let mut counts = Counts::with_room_for(ROOM);
    listings
        .iter()
        .zip(terms)
        .for_each(|(listing, terms)| count(&mut counts, listing, terms, about(reader, listing, terms)));
    counts
}

/// What a listing is about: its title. Abstracts differ in length and manner from source to source.
fn about(reader: &Embedding, listing: &Listing, terms: &ListingTerms) -> Meaning {
    reader.meaning_of_terms(&listing.patent.title, terms.words(Text::Title).chain(terms.pairs(Text::Title)))
}

fn count(counts: &mut Counts, listing: &Listing, terms: &ListingTerms, meaning: Meaning) {
    for (place, text) in Text::ALL.into_iter().enumerate() {
        terms.words(text).for_each(|word| counts.count(Stream::Words, place, word));
        terms.pairs(text).for_each(|pair| counts.count(Stream::Bigrams, place, pair));
    }
    // A section, one of eight, tells nobody apart.
    terms.ipc().filter(|symbol| symbol.len() > 1).for_each(|symbol| counts.count(Stream::Ipc, 0, symbol));
    terms.subclasses().for_each(|subclass| counts.count(Stream::Subclass, 0, subclass));
    if let Some(field) = listing.patent.field() {
        counts.count(Stream::Field, 0, &field.number().to_string());
    }
    likely_industries(listing).for_each(|industry| counts.count(Stream::Industry, 0, industry.as_str()));
    counts.end(meaning);
}

/// The divisions of GB/T 4754 that a listing's symbols speak for, by the bridge. A damaged bridge speaks for none: a test
/// reads the one that is shipped.
fn likely_industries(listing: &Listing) -> impl Iterator<Item = IndustryCode> {
    let likely = Bridge::shipped().map(|bridge| bridge.industries_of(&listing.patent.ipc, IndustryLevel::Division));
    likely.unwrap_or_default().into_iter().filter(|likely| likely.weight >= LIKELY).map(|likely| likely.industry)
}
