//! Average precision.

use super::answer::Answer;

/// Mean over all relevant listings of the precision at their place, 0 for those not found.
///
/// Source: trec_eval's `map`.
pub(super) fn average_precision(answer: &Answer) -> f64 {
    let precisions = answer.hits().enumerate().map(|(before, place)| (before + 1) as f64 / (place + 1) as f64);
    precisions.sum::<f64>() / answer.relevant.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_is_taken_at_each_relevant_listing() {
        let answer = Answer::graded(&[None, Some(1), Some(2)], &[2, 1, 1]);
        assert!((average_precision(&answer) - (1.0 / 2.0 + 2.0 / 3.0) / 3.0).abs() < 1e-12);
    }
}
