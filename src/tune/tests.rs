use std::convert::Infallible;

use proptest::prelude::*;

use super::*;

const SEARCH: Search = Search { folds: 3, seed: 1, tries: 200 };
const ONE: Setting = Setting { start: 1.0, least: 0.0, most: f64::MAX };

/// Every query fares best where all settings are 4, each by its own measure.
fn hill(settings: &[f64]) -> Vec<f64> {
    (1..=9).map(|query| settings.iter().map(|s| -f64::from(query) * (s.log2() - 2.0).abs()).sum()).collect()
}

fn tuned(search: Search, mut fare: impl FnMut(&[f64]) -> Vec<f64>) -> Tuned {
    super::search::<Infallible>(&[ONE, ONE], search, |settings| Ok(Some(fare(settings)))).unwrap().unwrap()
}

#[test]
fn the_top_of_a_hill_is_found_by_all_and_by_every_fold() {
    let tuned = tuned(SEARCH, hill);
    assert_eq!(tuned.settings, [4.0, 4.0]);
    assert!(tuned.folds.len() == 3 && tuned.folds.iter().all(|fold| *fold == [4.0, 4.0]));
    assert_eq!((tuned.before, tuned.after, tuned.held_out), (hill(&[1.0, 1.0]), hill(&[4.0, 4.0]), hill(&[4.0, 4.0])));
    assert!(tuned.finished);
}

#[test]
fn where_every_query_wants_something_else_what_is_held_out_gains_nothing() {
    // Settings that suit one half of the queries harm the other half as much: chance, whatever is chosen.
    let noise = |settings: &[f64]| -> Vec<f64> {
        let bits = settings.iter().fold(7_u64, |hash, s| (hash ^ s.to_bits()).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        (0..64).map(|query| f64::from((bits.rotate_left(query) >> 11) as u32 % 1_000) / 1_000.0).collect()
    };
    let mean = |fares: &[f64]| fares.iter().sum::<f64>() / fares.len() as f64;
    let tuned = tuned(SEARCH, noise);
    assert!(mean(&tuned.after) > mean(&tuned.before), "what was chosen by looks better");
    assert!(mean(&tuned.held_out) < mean(&tuned.after), "and is believed by nobody");
}

#[test]
fn a_setting_stays_within_its_bounds_and_one_of_nothing_can_become_something() {
    let start = [Setting { start: 1.0, least: 0.3, most: 2.5 }, Setting { start: 0.0, ..ONE }];
    let tried = |settings: &[f64]| {
        assert!((0.3..=2.5).contains(&settings[0]), "{settings:?}");
        Ok(Some(vec![settings[0] - (settings[1] - 1.0).abs(); 9]))
    };
    let tuned = super::search::<Infallible>(&start, SEARCH, tried).unwrap().unwrap();
    assert_eq!(tuned.settings, [2.5, 1.0]);
    let down = super::search::<Infallible>(&start, SEARCH, |s| Ok(Some(vec![-s[0]; 9]))).unwrap().unwrap();
    assert_eq!(down.settings[0], 0.3);
}

#[test]
fn settings_are_tried_once_and_never_more_than_allowed() {
    let mut seen = Vec::new();
    let all = tuned(SEARCH, |settings| {
        assert!(!seen.contains(&settings.to_vec()), "{settings:?} again");
        seen.push(settings.to_vec());
        hill(settings)
    });
    assert_eq!(all.tried, seen.len());
    let few = tuned(Search { tries: 5, ..SEARCH }, hill);
    assert!(few.tried == 5 && !few.finished);
}

#[test]
fn without_time_or_queries_there_is_no_outcome() {
    let search = |search, fares: Option<Vec<f64>>| super::search::<Infallible>(&[ONE], search, |_| Ok(fares.clone()));
    assert_eq!(search(SEARCH, None), Ok(None));
    assert_eq!(search(SEARCH, Some(vec![0.0; 2])), Ok(None), "two queries are not three folds");
    assert_eq!(search(Search { folds: 1, ..SEARCH }, Some(vec![0.0; 9])), Ok(None));
    let failing = super::search(&[ONE], SEARCH, |_| Err::<Option<Vec<f64>>, _>("broken"));
    assert_eq!(failing, Err("broken"));
}

proptest! {
    #[test]
    fn every_query_is_held_out_exactly_once(queries in 2_usize..60, folds in 2_usize..9, seed in 0_u64..9) {
        let Some(folds) = folds::of(queries, folds, seed) else { return Ok(()) };
        let mut all: Vec<usize> = folds.iter().flatten().copied().collect();
        all.sort_unstable();
        prop_assert_eq!(all, (0..queries).collect::<Vec<_>>());
        let sizes = folds.iter().map(Vec::len);
        prop_assert!(sizes.clone().max().unwrap() - sizes.min().unwrap() <= 1);
        prop_assert_eq!(folds::of(queries, folds.len(), seed).unwrap(), folds);
    }
}
