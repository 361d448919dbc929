//! Retrieval: the listings worth ranking for a profile, and what speaks for each.
//!
//! Input are an [`EnterpriseProfile`] and a snapshot of the index; output are [`Candidate`]s with one value for each
//! kind of evidence. Scores are exact: every posting of every term is read, term by term, into one sum per listing, so
//! the result depends neither on segments nor on threads.
//!
//! Not done here: which candidate may be shown, in what order, with what words (`rank`).

mod accumulator;
mod bm25f;
mod neighbours;

use thiserror::Error;

use crate::domain::{Candidate, EnterpriseProfile, Evidence, EvidenceKind, ListingId, Notice};
use crate::index::{IndexError, Snapshot};
use accumulator::Accumulator;
use bm25f::Stream;

/// Why no candidates could be found.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RetrieveError {
    /// The index could not be read.
    #[error("cannot read the index while matching")]
    Index {
        /// What the index said.
        #[from]
        source: IndexError,
    },
}

impl Notice for RetrieveError {
    fn chinese(&self) -> String {
        match self {
            Self::Index { source } => source.chinese(),
        }
    }
}

/// Finds candidates in one snapshot.
pub struct Retriever<'a> {
    snapshot: &'a Snapshot,
    /// How much each kind of evidence counts, in the order of [`EvidenceKind::ALL`]; the ranking's own weights.
    weights: [f64; EvidenceKind::ALL.len()],
}

/// What one term of a profile gives one listing.
struct Contribution<'p> {
    kind: EvidenceKind,
    term: &'p str,
    part: Option<crate::domain::ProfilePart>,
    number: u32,
    value: f64,
}

impl<'a> Retriever<'a> {
    /// A retriever whose first choice agrees with a ranking of these weights.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, weights: [f64; EvidenceKind::ALL.len()]) -> Self {
        Self { snapshot, weights }
    }

    /// The best `limit` listings by weighted evidence, best first, ties by listing id. Linear in the postings of the
    /// profile's terms.
    ///
    /// # Errors
    /// [`RetrieveError::Index`] if the index cannot be read.
    pub fn candidates(&self, profile: &EnterpriseProfile, limit: usize) -> Result<Vec<Candidate>, RetrieveError> {
        let mut sums = Accumulator::new(self.snapshot.slots(), self.weights);
        let asked = self.contributions(profile, |c| sums.add(c.kind, c.number, c.value))?;
        if asked <= 0.0 {
            return Ok(Vec::new());
        }
        let field = neighbours::Field::of(self.snapshot, &sums, profile.neighbour_trust)?;
        field.visit(self.snapshot, |_, number, value| sums.raise(EvidenceKind::NeighbourIpc, number, value))?;
        let best = sums.best(limit, |a, b| self.snapshot.id(a).cmp(self.snapshot.id(b)));
        let candidate = |number| Candidate {
            listing: self.snapshot.id(number).clone(),
            features: sums.of(number).map(|sum| sum / asked),
        };
        Ok(best.into_iter().map(candidate).collect())
    }

    /// What speaks for each of some listings, term by term, in the order given; the weights of one kind sum to the
    /// candidate's feature. Listings that are not in the snapshot have no evidence.
    ///
    /// # Errors
    /// [`RetrieveError::Index`] if the index cannot be read.
    pub fn evidence(
        &self,
        profile: &EnterpriseProfile,
        listings: &[ListingId],
    ) -> Result<Vec<Vec<Evidence>>, RetrieveError> {
        let numbers = self.snapshot.numbers(listings);
        let places: rustc_hash::FxHashMap<u32, usize> =
            listings.iter().enumerate().filter_map(|(place, id)| Some((*numbers.get(id)?, place))).collect();
        let mut evidence = vec![Vec::new(); listings.len()];
        let mut sums = Accumulator::new(self.snapshot.slots(), self.weights);
        let asked = self.contributions(profile, |c| {
            sums.add(c.kind, c.number, c.value);
            if let Some(&place) = places.get(&c.number) {
                evidence[place].push(Evidence { kind: c.kind, term: c.term.to_owned(), part: c.part, weight: c.value });
            }
        })?;
        let field = neighbours::Field::of(self.snapshot, &sums, profile.neighbour_trust)?;
        field.visit(self.snapshot, |subclass, number, value| {
            if let Some(&place) = places.get(&number) {
                let kind = EvidenceKind::NeighbourIpc;
                let best = Evidence { kind, term: subclass.to_owned(), part: None, weight: value };
                match evidence[place].iter_mut().find(|known| known.kind == kind) {
                    Some(known) if known.weight >= value => {}
                    Some(known) => *known = best,
                    None => evidence[place].push(best),
                }
            }
        })?;
        evidence.iter_mut().flatten().for_each(|evidence: &mut Evidence| evidence.weight /= asked);
        Ok(evidence)
    }

    /// Hands what each term gives each listing to `visit`, in the order of the profile's terms; returns all that the
    /// profile asks for: the weighted sum no listing can exceed.
    fn contributions<'p>(
        &self,
        profile: &'p EnterpriseProfile,
        mut visit: impl FnMut(Contribution<'p>),
    ) -> Result<f64, RetrieveError> {
        let mut asked = 0.0;
        let mut scratch = bm25f::Scratch::new(self.snapshot.slots());
        let streams = [
            (EvidenceKind::Words, &profile.words, Stream::Words),
            (EvidenceKind::Bigrams, &profile.bigrams, Stream::Bigrams),
            (EvidenceKind::Ipc, &profile.ipc, Stream::Ipc),
        ];
        for (kind, terms, stream) in streams {
            for term in terms {
                let idf = bm25f::score_term(self.snapshot, stream, term, &mut scratch, |number, value| {
                    visit(Contribution { kind, term: &term.text, part: Some(term.part), number, value });
                })?;
                asked += self.weights[kind as usize] * term.weight * idf;
            }
        }
        Ok(asked)
    }
}
