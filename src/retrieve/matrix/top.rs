//! Rows with their scores, in the order of lists.

use std::cmp::Ordering;

/// A row and its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The row's number.
    pub row: u32,
    /// Above zero.
    pub score: f64,
}

impl Eq for Hit {}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Hit {
    /// Better comes first: the higher score, of equal scores the lower row.
    fn cmp(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.row.cmp(&other.row))
    }
}

/// The best `limit` of some hits, best first.
pub(super) fn best_of(mut hits: Vec<Hit>, limit: usize) -> Vec<Hit> {
    if limit > 0 && hits.len() > limit {
        hits.select_nth_unstable(limit - 1);
    }
    hits.truncate(limit);
    hits.sort_unstable();
    hits
}
