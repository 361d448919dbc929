//! Whether a ranking is in the field of what is relevant at all.

use super::answer::Answer;

/// Share of the first `depth` places whose listing has a main IPC subclass (that of its first symbol) which is the main
/// subclass of a relevant listing too; divided by `depth` even where the ranking is shorter.
///
/// A kinder question than precision, for sets whose relevant listings are a sample of what would do: it sees whether the
/// technology is right. Listings without a symbol are of no class. A measure of our own.
pub(super) fn class_precision(answer: &Answer, depth: usize) -> f64 {
    answer.in_class.iter().take(depth).filter(|hit| **hit).count() as f64 / depth as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_ranking_is_divided_by_the_whole_depth() {
        let answer = Answer { in_class: vec![false, true, true], ..Answer::default() };
        assert_eq!((class_precision(&answer, 20), class_precision(&answer, 1)), (0.1, 0.0));
    }
}
