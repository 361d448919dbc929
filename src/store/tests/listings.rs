use super::backend::{Backend, on_each_backend};
use super::example::{application, full, patent, publication, terms};
use crate::domain::{Date, Fee, Listing, ListingId};
use crate::store::{Saved, Store};

on_each_backend!(
    a_listing_reads_back_as_saved,
    listings_come_in_the_order_asked_and_missing_ones_are_left_out,
    pages_by_id_cover_every_listing_once,
    saving_the_same_again_changes_nothing,
    a_later_announcement_replaces_the_terms_and_moves_to_the_end_of_the_feed,
    several_rows_of_one_patent_in_a_batch_are_one_listing,
    a_row_with_both_numbers_moves_the_listing_to_its_application,
    a_row_with_only_the_publication_number_finds_its_application,
    a_publication_number_two_applications_claim_joins_nothing,
    a_name_given_by_a_judged_set_joins_nothing,
    what_was_stored_under_the_publication_number_lies_below_the_whole_batch,
);

fn id(text: &str) -> ListingId {
    text.parse().unwrap()
}

fn added(added: usize) -> Saved {
    Saved { added, ..Saved::default() }
}

async fn feed(store: &Store, after: i64) -> Vec<(String, bool)> {
    let changes = store.listing_changes(after, usize::MAX).await.unwrap();
    assert!(changes.is_sorted_by(|a, b| a.revision < b.revision));
    changes.into_iter().map(|change| (change.id.to_string(), change.listing.is_some())).collect()
}

async fn a_listing_reads_back_as_saved(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let batch = [full(1), full(2)];
    assert_eq!(store.save_listings(&lock, &batch).await.unwrap(), added(2));
    assert_eq!(store.listing(&batch[1].id).await.unwrap(), Some(batch[1].clone()));
    assert_eq!(store.listing(&id("nobody")).await.unwrap(), None);
    assert_eq!(store.listing_count().await.unwrap(), 2);
}

async fn listings_come_in_the_order_asked_and_missing_ones_are_left_out(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let batch: Vec<Listing> = (0..450).map(full).collect();
    store.save_listings(&lock, &batch).await.unwrap();
    let mut wanted: Vec<ListingId> = batch.iter().rev().map(|listing| listing.id.clone()).collect();
    wanted.insert(200, id("nobody"));
    let found = store.listings(&wanted).await.unwrap();
    assert!(found.iter().eq(batch.iter().rev()));
}

async fn pages_by_id_cover_every_listing_once(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let batch: Vec<Listing> = (0..25).map(full).collect();
    store.save_listings(&lock, &batch).await.unwrap();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.all_listings(after, 10).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        seen.extend(page);
    }
    let mut expected = batch;
    expected.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(seen, expected);
}

async fn saving_the_same_again_changes_nothing(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let batch = [full(1), full(2)];
    store.save_listings(&lock, &batch).await.unwrap();
    assert_eq!(store.listing_revision().await.unwrap(), 2);
    let again = store.save_listings(&lock, &batch).await.unwrap();
    assert_eq!(again, Saved { unchanged: 2, ..Saved::default() });
    assert_eq!(store.listing_revision().await.unwrap(), 2);
}

async fn a_later_announcement_replaces_the_terms_and_moves_to_the_end_of_the_feed(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.save_listings(&lock, &[full(1), full(2)]).await.unwrap();
    let mut later = full(1);
    later.announced_on = Date::new(2024, 1, 1);
    later.terms = Some(terms(Fee::Negotiable));
    later.patent.abstract_text.clear();
    let saved = store.save_listings(&lock, &[later.clone()]).await.unwrap();
    assert_eq!(saved, Saved { changed: 1, ..Saved::default() });
    let kept = store.listing(&later.id).await.unwrap().unwrap();
    assert_eq!(kept.terms, later.terms);
    assert_eq!(kept.patent.abstract_text, full(1).patent.abstract_text);
    assert_eq!(feed(&store, 2).await, [(later.id.to_string(), true)]);
    assert_eq!(feed(&store, 0).await.len(), 2, "each listing comes once");
    assert_eq!(store.listing_changes(0, 1).await.unwrap()[0].revision, 2);
}

async fn several_rows_of_one_patent_in_a_batch_are_one_listing(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let mut second = full(1);
    second.patent.title = "改后的名称".to_owned();
    let saved = store.save_listings(&lock, &[full(1), second.clone(), full(1), second.clone()]).await.unwrap();
    assert_eq!(saved, Saved { added: 1, changed: 0, unchanged: 3 });
    assert_eq!(store.listing(&second.id).await.unwrap().unwrap().patent.title, "改后的名称");
    assert_eq!(store.listing_revision().await.unwrap(), 1);
}

async fn a_row_with_both_numbers_moves_the_listing_to_its_application(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let mut early = patent(None, Some(1), "隔膜");
    early.patent.abstract_text = "只有公开号时的摘要".to_owned();
    store.save_listings(&lock, &[early]).await.unwrap();
    let saved = store.save_listings(&lock, &[patent(Some(1), Some(1), "隔膜")]).await.unwrap();
    assert_eq!(saved, Saved { changed: 1, ..Saved::default() });
    let moved = store.listing(&id(application(1).as_str())).await.unwrap().unwrap();
    assert_eq!(moved.patent.abstract_text, "只有公开号时的摘要");
    let document = publication(1).trim_end_matches('A').to_owned();
    assert_eq!(store.listing(&id(&document)).await.unwrap(), None);
    assert_eq!(store.listing_count().await.unwrap(), 1);
    assert_eq!(store.all_listings(None, 10).await.unwrap().len(), 1);
    assert_eq!(feed(&store, 1).await, [(document, false), (application(1).to_string(), true)]);
}

async fn a_row_with_only_the_publication_number_finds_its_application(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.save_listings(&lock, &[patent(Some(1), Some(1), "隔膜")]).await.unwrap();
    let mut late = patent(None, Some(1), "隔膜");
    late.patent.claim = "1.一种隔膜".to_owned();
    let saved = store.save_listings(&lock, &[late]).await.unwrap();
    assert_eq!(saved, Saved { changed: 1, ..Saved::default() });
    let kept = store.listing(&id(application(1).as_str())).await.unwrap().unwrap();
    assert_eq!((kept.patent.claim.as_str(), kept.id.as_str()), ("1.一种隔膜", application(1).as_str()));
    assert_eq!(store.listing_count().await.unwrap(), 1);
}

async fn a_publication_number_two_applications_claim_joins_nothing(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let batch = [patent(Some(1), Some(9), "甲"), patent(None, Some(9), "乙"), patent(Some(2), Some(9), "丙")];
    assert_eq!(store.save_listings(&lock, &batch).await.unwrap(), added(3));
}

async fn a_name_given_by_a_judged_set_joins_nothing(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let mut judged = patent(Some(1), Some(1), "隔膜");
    judged.id = id("Q-17");
    let batch = [judged, patent(None, Some(1), "隔膜")];
    assert_eq!(store.save_listings(&lock, &batch).await.unwrap(), added(2));
}

async fn what_was_stored_under_the_publication_number_lies_below_the_whole_batch(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let dated = |mut listing: Listing| {
        listing.announced_on = Date::new(2023, 1, 1);
        listing
    };
    store.save_listings(&lock, &[dated(patent(None, Some(1), "先存的名称"))]).await.unwrap();
    let batch = [dated(patent(Some(1), None, "本批的名称")), patent(Some(1), Some(1), "无日期的名称")];
    let saved = store.save_listings(&lock, &batch).await.unwrap();
    assert_eq!(saved, Saved { changed: 1, unchanged: 1, ..Saved::default() });
    assert_eq!(store.listing(&batch[0].id).await.unwrap().unwrap().patent.title, "本批的名称");
}
