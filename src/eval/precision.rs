//! Precision.

use super::answer::Answer;

/// Relevant listings among the first `depth`, divided by `depth` even where the ranking is shorter.
///
/// Source: trec_eval's `P`.
pub(super) fn precision(answer: &Answer, depth: usize) -> f64 {
    answer.hits_within(depth) as f64 / depth as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_ranking_is_divided_by_the_whole_depth() {
        assert_eq!(precision(&Answer::graded(&[Some(3), None], &[3]), 5), 0.2);
        let six = [Some(1), None, Some(0), Some(1), Some(2), Some(3)];
        assert_eq!(precision(&Answer::graded(&six, &[3, 2, 1, 1]), 5), 0.6, "the sixth does not count");
    }
}
