//! Parting rows for cross-validation.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rustc_hash::FxHashMap;

/// Parts rows so that every class is spread over the parts as evenly as can be, and rows of one key, such as an invention
/// and its twin of the same title, stay together; the same seed gives the same parts.
///
/// linfa's own folds are runs of neighbouring rows, which leave rare classes whole in one part.
pub(super) fn stratified(targets: &[usize], keys: &[String], parts: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (row, key) in keys.iter().enumerate() {
        let place = *places.entry(key).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(row);
    }
    groups.shuffle(&mut random);
    groups.sort_by_key(|group| targets[group[0]]);
    let mut folds = vec![Vec::new(); parts];
    groups.into_iter().enumerate().for_each(|(place, group)| folds[place % parts].extend(group));
    folds.iter_mut().for_each(|fold| fold.sort_unstable());
    folds
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_row_is_in_one_part_and_twins_are_together(rows in proptest::collection::vec((0_usize..4, 0_u8..20), 1..80), seed: u64) {
            let targets: Vec<usize> = rows.iter().map(|(target, _)| *target).collect();
            let keys: Vec<String> = rows.iter().map(|(_, key)| key.to_string()).collect();
            let folds = stratified(&targets, &keys, 5, seed);
            let mut all = folds.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..rows.len()).collect::<Vec<_>>());
            for key in &keys {
                let parts = folds.iter().filter(|fold| fold.iter().any(|&row| keys[row] == *key));
                prop_assert_eq!(parts.count(), 1);
            }
        }

        #[test]
        fn a_class_is_spread_evenly(count in 1_usize..60) {
            let keys: Vec<String> = (0..count).map(|row| row.to_string()).collect();
            let folds = stratified(&vec![0; count], &keys, 5, 1);
            prop_assert!(folds.iter().all(|fold| fold.len() == count / 5 || fold.len() == count / 5 + 1));
        }
    }
}
