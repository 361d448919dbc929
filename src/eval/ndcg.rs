//! Normalised discounted cumulative gain.

use super::answer::Answer;

/// `DCG@k / ideal DCG@k` with `DCG@k = Σ grade(i) / log2(i + 1)` over the places `i = 1 … k`; the ideal ranking has all
/// relevant listings by falling grade. Gains are the grades themselves, as in trec_eval's `ndcg_cut`.
///
/// Source: Järvelin, Kekäläinen, *Cumulated gain-based evaluation of IR techniques* (2002).
pub(super) fn ndcg(answer: &Answer, depth: usize) -> f64 {
    let ideal = discounted(answer.relevant.iter().copied().map(f64::from), depth);
    if ideal > 0.0 { discounted(answer.gains().map(f64::from), depth) / ideal } else { 0.0 }
}

/// The same with each judgement's gain times its weight. Of judgements that were made the rarer the further down a listing
/// was shown, weighed by one over that chance, the sum above is in the mean what all judgements would give; both sums are
/// weighed alike, so that the figure stays a share (self-normalised, as in Swaminathan and Joachims, *The self-normalized
/// estimator for counterfactual learning*, 2015). Without weights it is [`ndcg`].
pub(super) fn weighted_ndcg(answer: &Answer, depth: usize) -> f64 {
    let ideal = discounted(answer.relevant_weighted.iter().copied(), depth);
    if ideal > 0.0 { discounted(answer.weighted.iter().copied(), depth) / ideal } else { 0.0 }
}

fn discounted(gains: impl Iterator<Item = f64>, depth: usize) -> f64 {
    let gain = |(place, gain)| gain / (place as f64 + 2.0).log2();
    gains.take(depth).enumerate().map(gain).sum()
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
    fn a_judgement_of_twice_the_weight_counts_twice() {
        let mut answer = Answer::graded(&[Some(1), None, Some(2)], &[2, 1]);
        assert_eq!(weighted_ndcg(&answer, 10), ndcg(&answer, 10));
        answer.weighted[2] *= 3.0;
        answer.relevant_weighted[0] *= 3.0;
        let expected = (1.0 + 6.0 / 4f64.log2()) / (6.0 + 1.0 / 3f64.log2());
        assert!((weighted_ndcg(&answer, 10) - expected).abs() < 1e-12);
    }

    #[test]
    fn the_best_order_gives_one_and_any_other_less() {
        assert!((ndcg(&Answer::graded(&[Some(3), Some(2), Some(1)], &[3, 2, 1]), 10) - 1.0).abs() < 1e-12);
        assert!(ndcg(&Answer::graded(&[Some(1), Some(2), Some(3)], &[3, 2, 1]), 10) < 1.0);
    }
}
