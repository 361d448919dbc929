use proptest::prelude::*;

use super::backend::{Backend, on_all, on_each_backend};
use super::example::firm;
use crate::domain::{Date, EnterpriseId, ListingId, Score};
use crate::store::statement::Statement;
use crate::store::{MatchList, MatchRun, Store, StoreError};

on_each_backend!(
    before_the_first_run_there_is_none_and_no_list,
    a_run_and_its_lists_read_back_as_saved_also_after_reopening,
    a_later_list_of_an_enterprise_takes_the_place_of_the_earlier_whole,
    an_adjusted_list_keeps_what_its_enterprise_asks_and_makes_none_for_others,
    pages_in_the_order_of_ids_cover_every_list_once,
    names_are_given_for_the_ids_that_are_known,
    a_list_that_cannot_be_read_is_named,
    a_record_keeps_the_word_it_is_known_by_and_no_other_has_it,
);

fn enterprise(name: &str) -> EnterpriseId {
    EnterpriseId::from_known(name)
}

fn run() -> MatchRun {
    MatchRun {
        basis: "1-0a0b0c0d".to_owned(),
        listing_revision: 7,
        enterprise_revision: 5,
        today: Date::new(2026, 11, 22).unwrap(),
        list_length: 20,
        done_after: None,
        finished: false,
    }
}

fn list(name: &str, scores: &[f64]) -> MatchList {
    let listing = |at: usize| format!("L{at}").parse::<ListingId>().unwrap();
    let listings = scores.iter().enumerate().map(|(at, score)| (listing(at), Score::new(*score).unwrap()));
    MatchList {
        enterprise: enterprise(name),
        seeker: r#"{"name":"样例"}"#.to_owned(),
        request: vec![0, 255, 39, 0, 1],
        complete: true,
        listings: listings.collect(),
    }
}

async fn names(store: &Store, after: Option<&str>, limit: usize) -> Vec<String> {
    let lists = store.match_lists(after.map(enterprise).as_ref(), limit).await.unwrap();
    lists.into_iter().map(|list| list.enterprise.to_string()).collect()
}

async fn before_the_first_run_there_is_none_and_no_list(backend: Backend) {
    let (_home, store, _lock) = backend.record().await;
    assert_eq!(store.match_run().await.unwrap(), None);
    assert_eq!(store.match_lists(None, 10).await.unwrap(), []);
}

async fn a_run_and_its_lists_read_back_as_saved_also_after_reopening(backend: Backend) {
    let (home, store, lock) = backend.record().await;
    let begun = MatchRun { done_after: Some(enterprise("样例二公司")), ..run() };
    let lists = [list("样例一公司", &[0.1 + 0.2, 1.0 / 3.0, 37.482_910_394_857_12]), list("样例二公司", &[])];
    store.save_matches(&lock, &begun, &lists).await.unwrap();
    assert_eq!(store.match_run().await.unwrap(), Some(begun));
    let finished = MatchRun { finished: true, done_after: None, ..run() };
    store.save_matches(&lock, &finished, &[]).await.unwrap();
    store.close().await;
    let store = Store::open_existing(home.place()).await.unwrap();
    assert_eq!(store.match_run().await.unwrap(), Some(finished));
    assert_eq!(store.match_lists(None, 10).await.unwrap(), lists);
}

async fn a_later_list_of_an_enterprise_takes_the_place_of_the_earlier_whole(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.save_matches(&lock, &run(), &[list("甲", &[3.0, 2.0]), list("乙", &[1.0])]).await.unwrap();
    let later = MatchList { complete: false, request: vec![9], seeker: "{}".to_owned(), ..list("甲", &[5.0]) };
    store.save_matches(&lock, &run(), std::slice::from_ref(&later)).await.unwrap();
    let mut expected = [later, list("乙", &[1.0])];
    expected.sort_by(|a, b| a.enterprise.cmp(&b.enterprise));
    assert_eq!(store.match_lists(None, 10).await.unwrap(), expected);
}

async fn an_adjusted_list_keeps_what_its_enterprise_asks_and_makes_none_for_others(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.save_matches(&lock, &run(), &[list("甲", &[3.0, 2.0])]).await.unwrap();
    let adjusted = MatchList { complete: false, request: vec![9], seeker: "{}".to_owned(), ..list("甲", &[5.0]) };
    store.adjust_matches(&lock, &[adjusted, list("丙", &[1.0])]).await.unwrap();
    let expected = MatchList { complete: false, ..list("甲", &[5.0]) };
    assert_eq!(store.match_lists(None, 10).await.unwrap(), [expected]);
    assert_eq!(store.match_run().await.unwrap(), Some(run()));
}

async fn pages_in_the_order_of_ids_cover_every_list_once(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let lists: Vec<MatchList> = (0..450).rev().map(|at| list(&format!("E{at:03}"), &[f64::from(at)])).collect();
    store.save_matches(&lock, &run(), &lists).await.unwrap();
    let first = names(&store, None, 200).await;
    assert_eq!((first.len(), first[0].as_str(), first[199].as_str()), (200, "E000", "E199"));
    assert_eq!(names(&store, Some("E199"), 200).await[0], "E200");
    assert_eq!(names(&store, Some("E399"), 200).await.len(), 50);
    assert_eq!(names(&store, Some("E449"), 200).await, [""; 0]);
}

async fn names_are_given_for_the_ids_that_are_known(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let firms: Vec<_> = (0..250).map(|at| firm(&format!("样例{at}公司"), None, "隔膜")).collect();
    store.save_enterprises(&lock, &firms).await.unwrap();
    let unknown = enterprise("nobody");
    let ids: Vec<&EnterpriseId> = firms.iter().map(|firm| &firm.id).chain([&unknown]).collect();
    let mut names = store.enterprise_names(&ids).await.unwrap();
    names.sort();
    let mut expected: Vec<_> = firms.iter().map(|firm| (firm.id.clone(), firm.name.clone())).collect();
    expected.sort();
    assert_eq!(names, expected);
}

async fn a_list_that_cannot_be_read_is_named(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.save_matches(&lock, &run(), &[list("样例一公司", &[1.0])]).await.unwrap();
    store.run(Statement::new("UPDATE match_list SET body = '[['")).await.unwrap();
    let error = store.match_lists(None, 10).await.unwrap_err();
    assert!(matches!(&error, StoreError::CorruptRow { table: "match_list", id, .. } if id == "样例一公司"), "{error}");
}

async fn a_record_keeps_the_word_it_is_known_by_and_no_other_has_it(backend: Backend) {
    let (home, store, _lock) = backend.record().await;
    let other = Store::open_existing(home.place()).await.unwrap();
    let (word, same) = tokio::join!(store.identity(), other.identity());
    let word = word.unwrap();
    assert_eq!(word, same.unwrap(), "who asks first decides");
    assert_eq!((word.len(), store.identity().await.unwrap()), (32, word.clone()));
    store.close().await;
    let store = Store::open_existing(home.place()).await.unwrap();
    assert_eq!(store.identity().await.unwrap(), word);
    let (_elsewhere, another, _) = backend.record().await;
    assert_ne!(another.identity().await.unwrap(), word);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn every_score_reads_back_to_the_last_bit(scores in prop::collection::vec(0.0f64..120.0, 1..200)) {
        on_all(async |backend| {
            let (_home, store, lock) = backend.record().await;
            store.save_matches(&lock, &run(), &[list("甲", &scores)]).await.unwrap();
            let read = store.match_lists(None, 1).await.unwrap().swap_remove(0);
            let bits: Vec<u64> = read.listings.iter().map(|(_, score)| score.value().to_bits()).collect();
            prop_assert_eq!(bits, scores.iter().map(|score| score.to_bits()).collect::<Vec<_>>());
            Ok(())
        })?;
    }
}
