//! One way from a ranking to the list that is shown: for recommendations, batches' files and evaluation alike.

use super::EngineError;
use super::batch::kept;
use super::matching::{MatchCatalogue, Matcher, Narrowing};
use crate::domain::Score;
use crate::rank::{self, Arranged, ListPolicy, Ranked, Seeker, Traits};
use crate::retrieve::matrix::{Row, Scratch, SparseRow};
use crate::retrieve::{ListingMatrix, Stream};

impl Matcher<'_> {
    /// The list of `limit` that an enterprise is shown, of those that pass what a person wants: made of as much of the
    /// ranking as a batch keeps of a list of that length, so that a list does not depend on whether it was stored. As ranked,
    /// its beginning is the list.
    pub(super) fn list(
        &self,
        narrowing: &Narrowing,
        request: &SparseRow,
        seeker: &Seeker,
        limit: usize,
        scratch: &mut Scratch,
    ) -> Result<Vec<Arranged>, EngineError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let policy = self.catalogue().configuration.lists.changed(&narrowing.lists)?;
        let deep = if policy == ListPolicy::AS_RANKED { limit } else { kept(limit) };
        let ranking = self.best_narrowed(narrowing, request, seeker, deep, scratch)?;
        self.catalogue().arranged(ranking, request, &policy, limit)
    }
}

impl MatchCatalogue {
    /// The list made of a ranking. Listings that are not in the catalogue are like nothing.
    pub(super) fn arranged(
        &self,
        ranking: Vec<Ranked>,
        request: &SparseRow,
        policy: &ListPolicy,
        limit: usize,
    ) -> Result<Vec<Arranged>, EngineError> {
        if *policy == ListPolicy::AS_RANKED {
            return Ok(rank::arrange(ranking, &[], std::iter::empty(), policy, limit)?);
        }
        let traits: Vec<Traits<'_>> = ranking.iter().map(|ranked| self.traits(ranked)).collect();
        let Row { terms, values, .. } = of_stream(&self.matrix, request.view(), Stream::Subclass);
        let classes = terms.iter().copied().zip(values.iter().copied().map(f64::from));
        Ok(rank::arrange(ranking, &traits, classes, policy, limit)?)
    }

    fn traits(&self, ranked: &Ranked) -> Traits<'_> {
        let Some((offer, row)) = self.matrix.listing(&ranked.listing) else { return Traits::default() };
        // Pairs of characters know no segmentation, and those of a title weigh most by far.
        let text = of_stream(&self.matrix, row, Stream::Bigrams);
        let classes = of_stream(&self.matrix, row, Stream::Subclass).terms;
        Traits { holders: offer.holders().collect(), terms: text.terms, values: text.values, classes }
    }
}

/// The part of a row that is of one stream.
fn of_stream<'a>(matrix: &ListingMatrix, row: Row<'a>, stream: Stream) -> Row<'a> {
    let vocabulary = matrix.base().vocabulary();
    let before = Stream::ALL.into_iter().take_while(|other| *other != stream).last();
    let from = row.terms.partition_point(|&term| term < before.map_or(0, |before| vocabulary.end_of(before)));
    let to = row.terms.partition_point(|&term| term < vocabulary.end_of(stream));
    Row { terms: &row.terms[from..to.max(from)], values: &row.values[from..to.max(from)], ..row }
}

/// Scores that put a list into its own order, for forms in which the score decides: each its own where it falls behind the
/// one before, else the next number below that.
pub(super) fn falling(list: &[Arranged]) -> Vec<Score> {
    let mut scores: Vec<Score> = Vec::with_capacity(list.len());
    for (place, Arranged { ranked, .. }) in list.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| (scores[before], &list[before].ranked.listing));
        let score = match before {
            Some(before) if Score::order(before, (ranked.score, &ranked.listing)).is_gt() => {
                Score::new(before.0.value().next_down()).unwrap_or(before.0)
            }
            _ => ranked.score,
        };
        scores.push(score);
    }
    scores
}
