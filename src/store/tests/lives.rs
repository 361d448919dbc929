use super::backend::{Backend, on_each_backend};
use super::example::{full, patent, publication};
use crate::domain::{Actor, AuditEntry, Life, Listing, ListingStatus};
use crate::store::{LifeChange, Store};

on_each_backend!(
    a_step_is_kept_with_its_listing_and_its_entry,
    a_file_does_not_bring_back_what_was_withdrawn,
    a_life_follows_its_listing_to_another_id,
    the_queue_gives_who_came_first_first,
    a_changed_or_missing_entry_breaks_the_chain,
);

fn change(listing: &Listing, status: ListingStatus, now: i64) -> LifeChange {
    let entry = AuditEntry {
        subject_kind: "listing".into(),
        subject: listing.id.to_string(),
        action: "suspend".into(),
        actor: Actor::bureau("审核员甲"),
        at: now,
        before: Some(listing.status.as_str().into()),
        after: status.as_str().into(),
        reason: "权利人变更，待核实".into(),
        detail: String::new(),
    };
    let life = Life { version: 1, since: now, ..Life::default() };
    LifeChange { listing: Listing { status, ..listing.clone() }, life, entry }
}

async fn status(store: &Store, listing: &Listing) -> Option<ListingStatus> {
    store.listing(&listing.id).await.unwrap().map(|listing| listing.status)
}

async fn a_step_is_kept_with_its_listing_and_its_entry(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let listing = full(1);
    store.save_listings(&lock, std::slice::from_ref(&listing)).await.unwrap();
    let before = store.listing_revision().await.unwrap();
    let (suspended, expired) =
        (change(&listing, ListingStatus::Suspended, 100), change(&listing, ListingStatus::Expired, 100));
    store.change_lives(&lock, &[suspended.clone(), expired.clone()]).await.unwrap();
    assert_eq!(status(&store, &listing).await, Some(ListingStatus::Expired), "the last step stands");
    assert_eq!(store.listing_changes(before, 10).await.unwrap().len(), 1, "the index is told once");
    assert_eq!(store.lives(&[&listing.id]).await.unwrap()[&listing.id], expired.life);
    let kept = store.trail_of("listing", listing.id.as_str()).await.unwrap();
    assert_eq!(kept.iter().map(|kept| kept.entry.clone()).collect::<Vec<_>>(), [suspended.entry, expired.entry]);
    store.change_lives(&lock, &[]).await.unwrap();
    assert_eq!(store.trail(1, 10).await.unwrap(), kept[1..]);
    assert_eq!(store.life_counts().await.unwrap(), [("expired".to_owned(), 1)]);
}

async fn a_file_does_not_bring_back_what_was_withdrawn(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let (listing, other) = (full(1), full(2));
    let batch = [listing.clone(), other.clone()];
    store.save_listings(&lock, &batch).await.unwrap();
    store.change_lives(&lock, &[change(&listing, ListingStatus::Withdrawn, 100)]).await.unwrap();
    let saved = store.save_listings(&lock, &batch).await.unwrap();
    assert_eq!((saved.changed, saved.unchanged), (0, 2), "the same file brings nothing new");
    let mut corrected = listing.clone();
    corrected.patent.abstract_text = "更正后的摘要".into();
    corrected.patent.published_on = crate::domain::Date::new(2025, 1, 1);
    assert_eq!(store.save_listings(&lock, &[corrected]).await.unwrap().changed, 1);
    assert_eq!(status(&store, &listing).await, Some(ListingStatus::Withdrawn));
    assert_eq!(status(&store, &other).await, Some(ListingStatus::Published));
}

async fn a_life_follows_its_listing_to_another_id(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let first = patent(None, Some(7), "隔膜");
    store.save_listings(&lock, std::slice::from_ref(&first)).await.unwrap();
    store.change_lives(&lock, &[change(&first, ListingStatus::Suspended, 100)]).await.unwrap();
    let both = patent(Some(7), Some(7), "隔膜");
    assert_ne!(first.id, both.id, "{}", publication(7));
    store.save_listings(&lock, std::slice::from_ref(&both)).await.unwrap();
    assert_eq!(status(&store, &first).await, None);
    assert_eq!(status(&store, &both).await, Some(ListingStatus::Suspended));
    assert_eq!(store.lives(&[&first.id, &both.id]).await.unwrap().keys().collect::<Vec<_>>(), [&both.id]);
}

async fn the_queue_gives_who_came_first_first(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let listings = [1, 2, 3, 4].map(full);
    store.save_listings(&lock, &listings).await.unwrap();
    let submitted = ListingStatus::Submitted;
    let changes = [
        change(&listings[0], submitted, 300),
        change(&listings[1], submitted, 100),
        change(&listings[2], submitted, 300),
        change(&listings[3], ListingStatus::Verifying, 50),
    ];
    store.change_lives(&lock, &changes).await.unwrap();
    let all = store.life_queue(submitted, None, 10).await.unwrap();
    assert_eq!(all, [1, 0, 2].map(|at: usize| listings[at].id.clone()));
    let rest = store.life_queue(submitted, Some((300, &listings[0].id)), 10).await.unwrap();
    assert_eq!(rest, [listings[2].id.clone()]);
}

async fn a_changed_or_missing_entry_breaks_the_chain(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let listing = full(1);
    for now in [100, 200, 300] {
        store.change_lives(&lock, &[change(&listing, ListingStatus::Suspended, now)]).await.unwrap();
    }
    let kept = store.trail(0, 10).await.unwrap();
    assert!(kept[0].follows(0, ""));
    assert!(kept[1].follows(1, &kept[0].digest) && kept[2].follows(2, &kept[1].digest));
    assert!(!kept[2].follows(1, &kept[0].digest), "one is missing");
    let mut forged = kept[1].clone();
    forged.entry.reason = "无".into();
    assert!(!forged.follows(1, &kept[0].digest));
    let mut moved = kept[1].clone();
    moved.entry.subject_kind.push('l');
    moved.entry.subject.remove(0);
    assert!(!moved.follows(1, &kept[0].digest), "letters do not move from one part to the next unseen");
}
