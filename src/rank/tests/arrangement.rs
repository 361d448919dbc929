//! What a list is, made of a ranking.

use super::*;
use crate::domain::HolderKey;

/// A listing of a ranking: its score, holder, the terms of its text (each of value 1) and its class.
type Entry = (f64, &'static str, Vec<u32>, u32);

fn arranged(entries: &[Entry], classes: &[(u32, f64)], policy: ListPolicy, limit: usize) -> Vec<Arranged> {
    let ranking: Vec<Ranked> = entries.iter().enumerate().map(|(place, entry)| ranked(place, entry.0)).collect();
    let ones = vec![1.0_f32; 64];
    let of = |(_, holder, terms, class): &'_ Entry| (HolderKey::of(holder), terms.clone(), [*class]);
    let owned: Vec<_> = entries.iter().map(of).collect();
    let traits: Vec<Traits<'_>> = owned
        .iter()
        .map(|(holder, terms, classes)| Traits {
            holders: holder.iter().copied().collect(),
            terms,
            values: &ones[..terms.len()],
            classes,
        })
        .collect();
    arrange(ranking, &traits, classes.iter().copied(), &policy, limit).unwrap()
}

fn ranked(place: usize, score: f64) -> Ranked {
    Ranked { listing: format!("L{place:03}").parse().unwrap(), score: Score::new(score).unwrap(), parts: Vec::new() }
}

fn ranks(list: &[Arranged]) -> Vec<usize> {
    list.iter().map(|arranged| arranged.rank).collect()
}

const FOLD: ListPolicy = ListPolicy { fold: 0.8, ..ListPolicy::AS_RANKED };

#[test]
fn of_one_invention_offered_twice_the_better_is_shown_and_names_the_other() {
    let entries = [
        (9.0, "样例大学", vec![1, 2, 3, 4, 5], 1),
        (8.0, "样例研究院", vec![7], 1),
        (7.0, "样例大学", vec![1, 2, 3, 4, 5, 6], 1),
        (6.0, "样例学院", vec![1, 2, 3, 4, 5, 6], 1),
        (5.0, "样例学院", vec![8], 1),
    ];
    let list = arranged(&entries, &[], FOLD, 4);
    assert_eq!(ranks(&list), [1, 2, 4, 5], "the same text of another holder stays");
    assert_eq!(list[0].folded, ["L002".parse().unwrap()]);
    assert!(list.iter().all(|arranged| arranged.moved.is_none()), "what moves up behind a folded one is not moved");
    let same_text = [(9.0, "样例大学", vec![1, 2], 1), (8.0, "样例学院", vec![1, 2], 1), (7.0, "样例学院", vec![3], 1)];
    assert_eq!(ranks(&arranged(&same_text, &[], FOLD, 2)), [1, 3], "the very same text is one, whoever holds it");
}

#[test]
fn a_list_is_as_long_as_the_ranking_allows_though_all_of_it_is_one_invention() {
    let entries = [(9.0, "样例大学", vec![1], 1), (8.0, "样例大学", vec![1], 1), (7.0, "样例大学", vec![1], 1)];
    let list = arranged(&entries, &[], FOLD, 2);
    assert_eq!(ranks(&list), [1, 2]);
    assert_eq!(list[0].folded, ["L002".parse().unwrap()], "what is shown is not named a second time");
}

#[test]
fn what_is_like_the_first_goes_behind_what_is_not_and_both_say_why() {
    let entries = [(9.0, "甲", vec![1], 1), (8.9, "甲", vec![1], 1), (8.5, "乙", vec![2], 2)];
    let variety = ListPolicy { variety: 0.2, ..ListPolicy::AS_RANKED };
    let list = arranged(&entries, &[], variety, 3);
    assert_eq!(ranks(&list), [1, 3, 2]);
    let why: Vec<_> = list.iter().map(|arranged| arranged.moved).collect();
    assert_eq!(why, [None, Some(Moved::UpForVariety), Some(Moved::DownForVariety)]);
    assert_eq!(list[1].ranked.score.value(), 8.5, "no score is touched");
}

#[test]
fn a_list_comes_nearer_to_the_classes_of_the_profile() {
    let entries = [(9.0, "甲", vec![1], 1), (8.9, "乙", vec![2], 1), (8.5, "丙", vec![3], 2)];
    let balance = ListPolicy { balance: 0.5, ..ListPolicy::AS_RANKED };
    let list = arranged(&entries, &[(1, 1.0), (2, 1.0)], balance, 3);
    assert_eq!(ranks(&list), [1, 3, 2]);
    assert_eq!(list[1].moved, Some(Moved::UpForBalance));
    assert_eq!(ranks(&arranged(&entries, &[], balance, 3)), [1, 2, 3], "nothing known, nothing moved");
}

#[test]
fn knobs_that_are_no_number_or_out_of_range_are_refused_by_name() {
    for value in [f64::NAN, f64::INFINITY, -0.1, 2.1] {
        for policy in [
            ListPolicy { fold: value, ..ListPolicy::AS_RANKED },
            ListPolicy { variety: value, ..ListPolicy::AS_RANKED },
            ListPolicy { balance: value, ..ListPolicy::AS_RANKED },
        ] {
            let refused = arrange(Vec::new(), &[], std::iter::empty(), &policy, 1).unwrap_err();
            assert!(matches!(refused, RankError::Policy { .. }), "{refused}");
            assert!(policy.checked().is_err() && refused.chinese().contains("列表参数"));
        }
    }
    assert!(ListPolicy::default().checked().is_ok() && ListPolicy { fold: 1.1, ..FOLD }.checked().is_err());
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let holder = prop::sample::select(vec!["样例甲公司", "样例乙公司", "样例丙大学"]);
    let terms = prop::collection::btree_set(0_u32..6, 0..5).prop_map(|terms| terms.into_iter().collect());
    let entry = (0.0..10.0_f64, holder, terms, 0_u32..4);
    prop::collection::vec(entry, 0..70).prop_map(|mut entries: Vec<Entry>| {
        entries.sort_by(|a, b| b.0.total_cmp(&a.0));
        entries
    })
}

fn policy() -> impl Strategy<Value = ListPolicy> {
    (0.0..=1.0_f64, 0.0..=2.0_f64, 0.0..=2.0_f64).prop_map(|(fold, variety, balance)| ListPolicy {
        fold,
        variety,
        balance,
    })
}

proptest! {
    #[test]
    fn nothing_is_lost_or_doubled_and_no_list_is_shorter_than_it_could_be(
        entries in entries(), policy in policy(), limit in 0_usize..90,
    ) {
        let classes = [(0, 2.0), (1, 1.0)];
        let list = arranged(&entries, &classes, policy, limit);
        prop_assert_eq!(list.len(), limit.min(entries.len()));
        let shown = list.iter().map(|of| of.ranked.listing.clone());
        let mut named: Vec<ListingId> = shown.chain(list.iter().flat_map(|of| of.folded.clone())).collect();
        named.sort();
        let many = named.len();
        named.dedup();
        prop_assert_eq!(named.len(), many, "a listing stands or is named once");
        if limit >= entries.len() {
            prop_assert_eq!(many, entries.len());
        }
        prop_assert!(list.iter().all(|of| of.ranked.score.value() == entries[of.rank - 1].0));
        prop_assert_eq!(arranged(&entries, &classes, policy, limit), list, "and again the same");
    }

    #[test]
    fn without_strength_the_list_is_the_ranking(entries in entries(), limit in 0_usize..90) {
        let list = arranged(&entries, &[(0, 1.0)], ListPolicy::AS_RANKED, limit);
        prop_assert_eq!(ranks(&list), (1..=limit.min(entries.len())).collect::<Vec<_>>());
        prop_assert!(list.iter().all(|of| of.moved.is_none() && of.folded.is_empty()));
    }

    #[test]
    fn a_longer_list_begins_with_the_shorter_one_of_a_page_or_more(
        entries in entries(), policy in policy(), limit in PAGE..60,
    ) {
        let folds_nothing = ListPolicy { fold: 0.0, ..policy };
        let (short, long) = (PAGE, limit);
        let longer = ranks(&arranged(&entries, &[(1, 1.0)], folds_nothing, long));
        let shorter = ranks(&arranged(&entries, &[(1, 1.0)], folds_nothing, short));
        prop_assert!(longer.starts_with(&shorter));
    }
}
