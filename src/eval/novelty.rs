//! Novelty.

use std::collections::BTreeMap;

/// The mean self-information of what a list shows, `−log2 (lists that show it / lists)`, in bits: 0 where every list shows
/// the same, log2 of the number of lists where none shares anything. 0 for an empty list.
///
/// Source: Zhou and others, *Solving the apparent diversity–accuracy dilemma of recommender systems* (2010).
pub(super) fn novelty(list: &[&str], exposure: &BTreeMap<&str, usize>, lists: usize) -> f64 {
    let counts = list.iter().filter_map(|id| exposure.get(id)).filter(|count| **count > 0);
    let (bits, shown) = counts.fold((0.0, 0.0), |(bits, shown): (f64, f64), count| {
        (bits + (lists as f64 / *count as f64).log2(), shown + 1.0)
    });
    if shown > 0.0 { bits / shown } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_few_lists_show_is_new() {
        let exposure = BTreeMap::from([("a", 4), ("b", 1), ("c", 2)]);
        assert_eq!(novelty(&["a"], &exposure, 4), 0.0);
        assert_eq!(novelty(&["a", "b", "c"], &exposure, 4), 1.0, "(0 + 2 + 1) / 3");
        assert_eq!(novelty(&[], &exposure, 4), 0.0);
    }
}
