//! Exposure: how often each listing is shown.

use std::collections::BTreeMap;

use super::JudgedSet;

/// How many lists show each listing of the set; most may be 0.
pub(super) fn counts<'a>(set: &'a JudgedSet, lists: &[&[&'a str]]) -> BTreeMap<&'a str, usize> {
    let mut counts: BTreeMap<&str, usize> = set.listings.keys().map(|id| (id.as_str(), 0)).collect();
    for id in lists.iter().copied().flatten() {
        counts.entry(id).and_modify(|count| *count += 1);
    }
    counts
}

/// The Gini coefficient `Σ (2i − n − 1) · c(i) / (n · Σ c)` of counts `c(1) ≤ … ≤ c(n)`: 0 where all are alike (or all
/// zero), `1 − 1/n` where one has everything. Every place counts the same, the first as the twentieth.
///
/// Source: Gini, *Variabilità e mutabilità* (1912); for recommendations, Fleder, Hosanagar (2009).
#[must_use]
pub fn gini(mut counts: Vec<usize>) -> f64 {
    counts.sort_unstable();
    let (n, sum) = (counts.len() as f64, counts.iter().sum::<usize>() as f64);
    if sum == 0.0 {
        return 0.0;
    }
    let weighted: f64 = counts.iter().enumerate().map(|(i, count)| (2.0 * i as f64 + 1.0 - n) * *count as f64).sum();
    weighted / (n * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_give_zero_and_one_that_has_all_nearly_one() {
        assert_eq!((gini(vec![3, 3, 3]), gini(vec![]), gini(vec![0, 0])), (0.0, 0.0, 0.0));
        assert!((gini(vec![0, 8, 0, 0]) - 0.75).abs() < 1e-12);
        // (−3·0 − 1·1 + 1·1 + 3·2) / (4 · 4)
        assert!((gini(vec![1, 2, 0, 1]) - 0.375).abs() < 1e-12);
    }
}
