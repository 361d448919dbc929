//! Retrieval: the listings worth ranking for a profile, and what speaks for each.
//!
//! Input are [`EnterpriseProfile`]s and listings' counted terms; output are [`Candidate`]s with one value for each kind of
//! evidence. Scores are exact and depend on one profile and one listing alone, given the statistics of the base: not on
//! segments, threads, filters, or which of the two asks.
//!
//! Not done here: which candidate may be shown, in what order, with what words (`rank`); reading and writing files
//! (`engine`).

pub mod bm25f;
mod counts;
mod error;
mod field;
mod file;
mod listings;
pub mod matrix;
mod profiles;
#[cfg(test)]
mod tests;
mod vocabulary;

use crate::domain::{Candidate, EnterpriseProfile, Evidence, EvidenceKind, ListingId};
use matrix::{KINDS, Measure, Question, Scratch, SparseRow};

pub use bm25f::TextScoring;
pub use counts::{Counter, Counts, Frequencies, Means, TextLengths};
pub use error::RetrieveError;
pub use file::{MatrixHead, MatrixOrigin, peek, read, write};
pub use listings::{Base, Found, ListingMatrix, Selection, is_stale};
pub use profiles::ProfileMatrix;
pub use vocabulary::{Stream, Vocabulary};

/// Terms of a profile that are asked for at most, those that count most: room for its field is left in a question.
const MOST_ASKED: usize = Question::MOST_TERMS - 1_024;

/// Finds candidates in one catalogue.
pub struct Retriever<'a> {
    matrix: &'a ListingMatrix,
    measure: Measure,
}

impl<'a> Retriever<'a> {
    /// A retriever whose first choice agrees with a ranking of these weights of evidence, in the order of
    /// [`EvidenceKind::ALL`].
    #[must_use]
    pub fn new(matrix: &'a ListingMatrix, weights: [f64; KINDS]) -> Self {
        Self { matrix, measure: matrix.base().measure(weights) }
    }

    /// How features are told apart and weighed.
    #[must_use]
    pub fn measure(&self) -> &Measure {
        &self.measure
    }

    /// What a profile asks of the catalogue: for each of its terms the weight that, times the term's impact, is the share
    /// of all it asks for; its field and its meaning with it. Empty if the statistics know none of its terms. A profile of very many terms
    /// keeps those that count most.
    ///
    /// # Errors
    /// [`RetrieveError::Weight`] for a weight below zero or not finite, [`RetrieveError::TooManyTerms`].
    pub fn request(&self, profile: &EnterpriseProfile, scratch: &mut Scratch) -> Result<SparseRow, RetrieveError> {
        let base = self.matrix.base();
        let streams =
            [(Stream::Words, &profile.words), (Stream::Bigrams, &profile.bigrams), (Stream::Ipc, &profile.ipc)];
        let mut asked = 0.0;
        let mut weights: Vec<(u32, f64)> = Vec::new();
        for (stream, terms) in streams {
            for term in terms {
                if !(term.weight.is_finite() && term.weight >= 0.0) {
                    return Err(RetrieveError::Weight { weight: term.weight });
                }
                if let Some(number) = base.vocabulary().number(stream, &term.text).filter(|_| term.weight > 0.0) {
                    let weight = term.weight * base.rarity(number);
                    asked += self.measure.weight(number) * weight;
                    weights.push((number, weight));
                }
            }
        }
        if asked <= 0.0 {
            return Ok(SparseRow::default());
        }
        if weights.len() > MOST_ASKED {
            let gives = |(number, weight): &(u32, f64)| self.measure.weight(*number) * weight;
            weights.sort_unstable_by(|a, b| gives(b).total_cmp(&gives(a)).then(a.0.cmp(&b.0)));
            weights.truncate(MOST_ASKED);
        }
        let shares = weights.into_iter().map(|(term, weight)| (term, (weight / asked) as f32));
        let row: SparseRow = shares.filter(|(_, share)| *share > 0.0).collect();
        let question = Question::new(&row, &self.measure)?;
        let (field, best) = field::field(self.matrix, &question, profile, scratch);
        let all: SparseRow = row.view().iter().chain(field.view().iter()).collect();
        Ok(all.with_meaning(profile.meaning.times(best)))
    }

    /// The best `limit` of the listings `among` by weighted evidence, best first, ties by listing id; only those whose
    /// weighted evidence reaches `floor`.
    ///
    /// # Errors
    /// [`RetrieveError::Weight`] or [`RetrieveError::TooManyTerms`] for a request that is none.
    pub fn candidates(
        &self,
        request: &SparseRow,
        limit: usize,
        floor: f64,
        among: &Selection,
        scratch: &mut Scratch,
    ) -> Result<Vec<Candidate>, RetrieveError> {
        let question = Question::new(request, &self.measure)?;
        let found = self.matrix.best(&question, limit, floor, among, scratch);
        let candidate =
            |found: Found<'_>| Candidate { listing: found.id.clone(), features: question.features(found.row) };
        Ok(found.into_iter().map(candidate).collect())
    }

    /// What speaks for each of some listings, term by term, in the order given; the weights of one kind sum to the
    /// candidate's feature. Listings that are not in the catalogue have no evidence.
    ///
    /// # Errors
    /// As [`Self::candidates`].
    pub fn evidence(
        &self,
        profile: &EnterpriseProfile,
        request: &SparseRow,
        listings: &[ListingId],
    ) -> Result<Vec<Vec<Evidence>>, RetrieveError> {
        let question = Question::new(request, &self.measure)?;
        let of = |id: &ListingId| match self.matrix.listing(id) {
            Some((_, row)) => self.shared(profile, &question, row),
            None => Vec::new(),
        };
        Ok(listings.iter().map(of).collect())
    }

    fn shared(&self, profile: &EnterpriseProfile, question: &Question<'_>, row: matrix::Row<'_>) -> Vec<Evidence> {
        let vocabulary = self.matrix.base().vocabulary();
        let mut evidence: Vec<Evidence> = Vec::new();
        let mut best_class: Option<Evidence> = None;
        for (number, weight) in question.shared(row) {
            let term = vocabulary.text(number);
            let (kind, terms) = match vocabulary.stream(number) {
                Stream::Words => (EvidenceKind::Words, &profile.words),
                Stream::Bigrams => (EvidenceKind::Bigrams, &profile.bigrams),
                Stream::Ipc => (EvidenceKind::Ipc, &profile.ipc),
                _ => {
                    if best_class.as_ref().is_none_or(|best| best.weight < weight) {
                        let (kind, term) = (EvidenceKind::LikelyIpc, term.to_owned());
                        best_class = Some(Evidence { kind, term, part: None, weight });
                    }
                    continue;
                }
            };
            let place = terms.binary_search_by(|known| known.text.as_str().cmp(term));
            let part = place.ok().map(|place| terms[place].part);
            evidence.push(Evidence { kind, term: term.to_owned(), part, weight });
        }
        evidence.extend(best_class);
        let nearness = question.nearness(row);
        if nearness > 0.0 {
            evidence.push(Evidence { kind: EvidenceKind::Meaning, term: String::new(), part: None, weight: nearness });
        }
        evidence
    }
}
