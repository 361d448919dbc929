use std::collections::BTreeMap;

use proptest::prelude::*;

use super::example::{Counted, count, id, matrix, offer, offers, titled};
use crate::domain::{ListingId, ListingStatus, Offer};
use crate::retrieve::matrix::{KINDS, Question, Scratch, SparseRow};
use crate::retrieve::{Counter, ListingMatrix, Selection, Stream, is_stale};

const EVEN: [f64; KINDS] = [1.0; KINDS];

/// What a catalogue holds: offer and row of every listing, the row by terms.
fn contents(matrix: &ListingMatrix) -> BTreeMap<ListingId, (Offer, Vec<(String, u32)>)> {
    let vocabulary = matrix.base().vocabulary();
    let mut contents = BTreeMap::new();
    matrix.visit(|id, offer| {
        let (same, row) = matrix.listing(id).unwrap();
        assert_eq!(same, offer, "{id}");
        let terms = row.iter().map(|(term, value)| (vocabulary.text(term).to_owned(), value.to_bits())).collect();
        assert_eq!(contents.insert(id.clone(), (offer.clone(), terms)), None, "{id} is visited twice");
    });
    assert_eq!(contents.len(), matrix.len());
    contents
}

fn all(matrix: &ListingMatrix) -> Selection {
    matrix.select(|_, _| true)
}

/// The best listings for some words, scores to the last bit.
fn best(matrix: &ListingMatrix, words: &[&str], limit: usize, among: &Selection) -> Vec<(ListingId, u64)> {
    let number = |word: &&str| matrix.base().vocabulary().number(Stream::Words, word);
    let asked: SparseRow = words.iter().filter_map(number).map(|term| (term, 1.0)).collect();
    let measure = matrix.base().measure(EVEN);
    let question = Question::new(&asked, &measure).unwrap();
    let found = matrix.best(&question, limit, 0.0, among, &mut Scratch::default());
    found.into_iter().map(|found| (found.id.clone(), found.score.to_bits())).collect()
}

const WORDS: [&str; 5] = ["电池", "隔膜", "电机", "轴承", "阀"];

fn some_listings() -> impl Strategy<Value = Vec<Counted>> {
    let words = prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..5);
    prop::collection::vec(words, 1..14).prop_map(|all| {
        all.into_iter().enumerate().map(|(at, words)| titled(&format!("L{at:02}"), &words.join(" "))).collect()
    })
}

proptest! {
    #[test]
    fn a_changed_catalogue_is_the_one_made_anew_while_the_statistics_are_the_same(
        (listings, order) in some_listings().prop_flat_map(|listings| {
            let order: Vec<usize> = (0..listings.len()).collect();
            (Just(listings), Just(order).prop_shuffle())
        }),
    ) {
        // Each listing takes the text of another: so many listings have a term as before.
        let exchanged: Vec<Counted> =
            order.iter().zip(&listings).map(|(&at, (id, _))| (id.clone(), listings[at].1.clone())).collect();
        let put: Vec<Counted> = exchanged.iter().zip(&listings).filter(|(a, b)| a != b).map(|(a, _)| a.clone()).collect();
        let changed = matrix(&listings).changed(&[], offers(&put), &count(&put)).unwrap();
        let anew = matrix(&exchanged);
        prop_assert_eq!(contents(&changed), contents(&anew));
        for limit in [1, 3, 100] {
            let answers = [&changed, &anew].map(|matrix| best(matrix, &WORDS, limit, &all(matrix)));
            prop_assert_eq!(&answers[0], &answers[1]);
        }
    }

    #[test]
    fn changes_one_by_one_end_where_all_at_once_end(
        listings in some_listings(),
        changes in prop::collection::vec((0usize..20, prop::option::of(prop::sample::select(WORDS.to_vec()))), 0..12),
    ) {
        let before = matrix(&listings);
        let (mut stepwise, mut last) = (matrix(&listings), BTreeMap::new());
        for (at, word) in changes {
            let name = format!("L{at:02}");
            match word {
                Some(word) => {
                    let put = [titled(&name, word)];
                    stepwise = stepwise.changed(&[], offers(&put), &count(&put)).unwrap();
                }
                None => stepwise = stepwise.changed(&[id(&name)], Vec::new(), &count(&[])).unwrap(),
            }
            last.insert(name, word);
        }
        let removed: Vec<ListingId> = last.iter().filter(|(_, word)| word.is_none()).map(|(name, _)| id(name)).collect();
        let put: Vec<Counted> = last.iter().filter_map(|(name, word)| Some(titled(name, (*word)?))).collect();
        let at_once = before.changed(&removed, offers(&put), &count(&put)).unwrap();
        prop_assert_eq!(contents(&stepwise), contents(&at_once));
        prop_assert_eq!(best(&stepwise, &WORDS, 5, &all(&stepwise)), best(&at_once, &WORDS, 5, &all(&at_once)));
        prop_assert_eq!(contents(&before), contents(&matrix(&listings)), "what was there before is as it was");
    }

    #[test]
    fn some_listings_by_themselves_score_as_among_all(
        listings in some_listings(), put in some_listings(), chosen in prop::collection::vec(0usize..16, 0..10),
    ) {
        let put = &put[put.len() / 2..];
        let whole = matrix(&listings).changed(&[listings[0].0.clone()], offers(put), &count(put)).unwrap();
        let ids: Vec<ListingId> = chosen.iter().map(|at| id(&format!("L{at:02}"))).collect();
        let only = whole.only(&ids).unwrap();
        let mut expected = contents(&whole);
        expected.retain(|id, _| ids.contains(id));
        prop_assert_eq!(contents(&only), expected);
        let among = whole.select(|id, _| ids.contains(id));
        prop_assert_eq!(among.len(), only.len());
        prop_assert_eq!(best(&only, &WORDS, 4, &all(&only)), best(&whole, &WORDS, 4, &among));
    }
}

fn twenty() -> Vec<Counted> {
    (0..20).map(|at| titled(&format!("L{at:02}"), "电池 隔膜")).collect()
}

#[test]
fn equal_scores_come_in_the_order_of_ids_whether_changed_since_or_not() {
    let put: Vec<Counted> = ["L03", "L11x", "A"].iter().map(|name| titled(name, "电池 隔膜")).collect();
    let changed = matrix(&twenty()).changed(&[id("L04")], offers(&put), &count(&put)).unwrap();
    let found: Vec<String> =
        best(&changed, &["电池"], 9, &all(&changed)).iter().map(|(id, _)| id.to_string()).collect();
    assert_eq!(found, ["A", "L00", "L01", "L02", "L03", "L05", "L06", "L07", "L08"]);
}

#[test]
fn a_selection_holds_the_listings_whose_offer_passes_and_no_others() {
    let withdrawn = |name: &str| (id(name), offer(&id(name), ListingStatus::Withdrawn));
    let put = [titled("L02", "电池"), titled("N", "电池")];
    let changed = matrix(&twenty()).changed(&[], vec![withdrawn("L02"), withdrawn("N")], &count(&put)).unwrap();
    let published = changed.select(|_, offer| offer.status() == ListingStatus::Published);
    assert_eq!((changed.len(), published.len(), published.is_empty()), (21, 19, false));
    let found = best(&changed, &["电池"], 100, &published);
    assert!(found.len() == 19 && found.iter().all(|(name, _)| ![id("L02"), id("N")].contains(name)), "{found:?}");
    let others = changed.select(|_, offer| offer.status() == ListingStatus::Withdrawn);
    assert_eq!(best(&changed, &["电池"], 100, &others).len(), 2);
    assert_eq!(all(&changed).and(&published), published);
    assert_eq!(others.or(&published), all(&changed));
    assert!(best(&changed, &["电池"], 100, &changed.select(|_, _| false)).is_empty());
}

#[test]
fn listings_are_found_by_a_class_whether_changed_since_or_not() {
    let classed = |name: &str, field: &str| (id(name), vec![(Stream::Field, 0, field.to_owned())]);
    let listings = [classed("A", "1"), classed("B", "2"), classed("C", "1")];
    let put = [classed("C", "2"), classed("D", "1")];
    let changed = matrix(&listings).changed(&[], offers(&put), &count(&put)).unwrap();
    let names = |field: &str| {
        let having = changed.having(Stream::Field, field);
        let mut names = Vec::new();
        changed.visit(|id, _| names.push(id.clone()));
        names.retain(|name| !having.clone().and(&changed.select(|id, _| id == name)).is_empty());
        names
    };
    assert_eq!((names("1"), names("2"), names("3")), (vec![id("A"), id("D")], vec![id("B"), id("C")], Vec::new()));
}

#[test]
fn terms_first_seen_since_the_base_say_nothing_yet() {
    let put = [titled("N", "电池 石墨烯")];
    let changed = matrix(&twenty()).changed(&[], offers(&put), &count(&put)).unwrap();
    assert!(best(&changed, &["石墨烯"], 5, &all(&changed)).is_empty());
    assert_eq!(best(&changed, &["电池"], 50, &all(&changed)).len(), 21);
}

#[test]
fn an_id_that_comes_twice_or_is_missing_is_refused() {
    for ids in [&["A", "A"][..], &["A"], &["A", "B", "C"]] {
        let mut counter = Counter::default();
        counter.take(&count(&[titled("A", "电"), titled("B", "池")]));
        let listings = ids.iter().map(|name| (id(name), offer(&id(name), ListingStatus::Published))).collect();
        assert!(crate::retrieve::Base::of(counter, listings, &Default::default()).is_err(), "{ids:?}");
    }
}

#[test]
fn the_order_in_which_listings_arrive_changes_nothing() {
    let mut listings = twenty();
    listings[7] = titled("L07", "电机 电池");
    let one = matrix(&listings);
    listings.reverse();
    let other = matrix(&listings);
    assert_eq!(contents(&one), contents(&other));
    assert_eq!(one.base().checksum(), other.base().checksum(), "so results of both may be compared");
}

#[test]
fn a_base_is_stale_when_more_than_a_tenth_of_it_has_changed() {
    assert!(!is_stale(2, 20) && is_stale(3, 20));
    assert!(!is_stale(0, 0) && is_stale(1, 0), "the first listing makes a base");
}
