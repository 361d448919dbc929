//! Reciprocal rank.

use super::answer::Answer;

/// One over the place of the first relevant listing, 0 if there is none within the depth read.
///
/// Source: Voorhees, *The TREC-8 question answering track report* (1999).
pub(super) fn reciprocal_rank(answer: &Answer) -> f64 {
    answer.hits().next().map_or(0.0, |place| 1.0 / (place + 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_relevant_listing_counts() {
        assert_eq!(reciprocal_rank(&Answer::graded(&[None, Some(0), Some(1), Some(3)], &[3, 1])), 1.0 / 3.0);
        assert_eq!(reciprocal_rank(&Answer::graded(&[None, Some(0)], &[3])), 0.0);
    }
}
