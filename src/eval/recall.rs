//! Recall.

use super::answer::Answer;

/// Relevant listings among the first `depth`, as a share of all relevant ones.
///
/// Source: trec_eval's `recall`.
pub(super) fn recall(answer: &Answer, depth: usize) -> f64 {
    answer.hits_within(depth) as f64 / answer.relevant.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_depth_or_nowhere_is_not_recalled() {
        let answer = Answer::graded(&[Some(1), Some(0), Some(2)], &[2, 1, 1, 1]);
        assert_eq!((recall(&answer, 2), recall(&answer, 3), recall(&answer, 50)), (0.25, 0.5, 0.5));
    }
}
