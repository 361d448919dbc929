//! Small catalogues the tests are written with.

use std::sync::Arc;

use crate::domain::{Fee, LicenceTerms, Listing, ListingId, ListingStatus, Meaning, Offer, Patent, Territory};
use crate::retrieve::{Base, Counter, Counts, ListingMatrix, Stream, TextScoring};

/// Terms of a listing: stream, text, term.
pub(super) type Terms = Vec<(Stream, usize, String)>;

/// A listing as counted: its id and its terms.
pub(super) type Counted = (ListingId, Terms);

pub(super) fn id(name: &str) -> ListingId {
    name.parse().unwrap()
}

/// Words of a title.
pub(super) fn titled(name: &str, words: &str) -> Counted {
    (id(name), words.split_whitespace().map(|word| (Stream::Words, 0, word.to_owned())).collect())
}

pub(super) fn count(listings: &[Counted]) -> Counts {
    let mut counts = Counts::default();
    for (_, terms) in listings {
        terms.iter().for_each(|(stream, text, term)| counts.count(*stream, *text, term));
        counts.end(Meaning::NONE);
    }
    counts
}

/// An offer that tells listings apart by their status.
pub(super) fn offer(name: &ListingId, status: ListingStatus) -> Offer {
    let patent = Patent {
        application_number: None,
        publication_number: None,
        kind: None,
        title: name.to_string(),
        abstract_text: String::new(),
        claim: String::new(),
        ipc: Vec::new(),
        holders: vec!["样例大学".to_owned()],
        location: None,
        filed_on: None,
        published_on: None,
        predicted: None,
    };
    let terms =
        LicenceTerms { fee: Fee::Free, months: None, ends_on: None, territory: Territory::Nationwide, contact: None };
    Offer::of(&Listing { id: name.clone(), patent, holder_kind: None, terms: Some(terms), status, announced_on: None })
}

/// Ids with the offers of published listings.
pub(super) fn offers(listings: &[Counted]) -> Vec<(ListingId, Offer)> {
    listings.iter().map(|(id, _)| (id.clone(), offer(id, ListingStatus::Published))).collect()
}

pub(super) fn base(listings: &[Counted]) -> Base {
    let mut counter = Counter::default();
    counter.take(&count(listings));
    Base::of(counter, offers(listings), &TextScoring::default()).unwrap()
}

pub(super) fn matrix(listings: &[Counted]) -> ListingMatrix {
    ListingMatrix::of(Arc::new(base(listings))).unwrap()
}
