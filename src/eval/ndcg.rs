//! Normalised discounted cumulative gain.

use super::answer::Answer;

/// `DCG@k / ideal DCG@k` with `DCG@k = Σ grade(i) / log2(i + 1)` over the places `i = 1 … k`; the ideal ranking has all
/// relevant listings by falling grade. Gains are the grades themselves, as in trec_eval's `ndcg_cut`.
///
/// Source: Järvelin, Kekäläinen, *Cumulated gain-based evaluation of IR techniques* (2002).
pub(super) fn ndcg(answer: &Answer, depth: usize) -> f64 {
    let ideal = discounted(answer.relevant.iter().copied(), depth);
    if ideal > 0.0 { discounted(answer.gains(), depth) / ideal } else { 0.0 }
}

fn discounted(grades: impl Iterator<Item = u8>, depth: usize) -> f64 {
    let gain = |(place, grade)| f64::from(grade) / (place as f64 + 2.0).log2();
    grades.take(depth).enumerate().map(gain).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_are_discounted_by_the_logarithm_of_their_place_and_set_against_the_best_order() {
        let answer = Answer::graded(&[None, Some(1), Some(0), Some(3)], &[3, 2, 1]);
        let reached = 1.0 / 3f64.log2() + 3.0 / 5f64.log2();
        let ideal = 3.0 + 2.0 / 3f64.log2() + 1.0 / 4f64.log2();
        assert!((ndcg(&answer, 5) - reached / ideal).abs() < 1e-12);
        let (first_two, best_two) = (1.0 / 3f64.log2(), 3.0 + 2.0 / 3f64.log2());
        assert!((ndcg(&answer, 2) - first_two / best_two).abs() < 1e-12, "both sides are cut");
    }

    #[test]
    fn the_best_order_gives_one_and_any_other_less() {
        assert!((ndcg(&Answer::graded(&[Some(3), Some(2), Some(1)], &[3, 2, 1]), 10) - 1.0).abs() < 1e-12);
        assert!(ndcg(&Answer::graded(&[Some(1), Some(2), Some(3)], &[3, 2, 1]), 10) < 1.0);
    }
}
