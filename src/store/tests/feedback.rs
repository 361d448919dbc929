use proptest::prelude::*;

use super::backend::{Backend, on_all, on_each_backend};
use super::example::firm;
use crate::domain::{Delivery, EnterpriseId, FeedbackEvent, FeedbackKind, ListingId};
use crate::store::{Interest, KeptEvent, SavedFeedback, Store, WriteLock};

on_each_backend!(
    a_delivery_reads_back_with_its_places_and_is_saved_once,
    a_good_event_survives_bad_ones_beside_it_and_only_its_firm_changes,
    what_changes_nothing_raises_no_revision,
    what_is_taken_back_is_kept_and_a_replay_does_not_bring_it_back,
    interest_counts_firms_and_forgets_what_was_taken_back,
    what_has_been_kept_long_enough_is_forgotten_with_what_was_done,
);

const NOW: i64 = 1_000;

fn listing(name: &str) -> ListingId {
    name.parse().unwrap()
}

fn delivery(id: &str, firm: &str, listings: &[&str]) -> Delivery {
    let listings = listings.iter().map(|name| listing(name)).collect();
    Delivery { id: id.parse().unwrap(), enterprise: EnterpriseId::from_known(firm), at: 100, listings }
}

fn event(id: &str, delivery: &str, of: &str, kind: FeedbackKind) -> FeedbackEvent {
    FeedbackEvent { id: id.parse().unwrap(), delivery: delivery.parse().unwrap(), listing: listing(of), kind, at: 150 }
}

/// Two firms that were shown something.
async fn shown(store: &Store, lock: &WriteLock) {
    store.save_enterprises(lock, &[firm("甲公司", None, "隔膜"), firm("乙公司", None, "电机")]).await.unwrap();
    assert!(store.save_delivery(lock, &delivery("d1", "甲公司", &["a", "b", "c"])).await.unwrap());
    assert!(store.save_delivery(lock, &delivery("d2", "乙公司", &["b"])).await.unwrap());
}

async fn all(store: &Store) -> Vec<KeptEvent> {
    let firms = ["乙公司", "甲公司"].map(EnterpriseId::from_known);
    store.feedback(&firms.iter().collect::<Vec<_>>()).await.unwrap()
}

async fn a_delivery_reads_back_with_its_places_and_is_saved_once(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    shown(&store, &lock).await;
    assert!(!store.save_delivery(&lock, &delivery("d1", "甲公司", &["z"])).await.unwrap());
    let expected = [delivery("d1", "甲公司", &["a", "b", "c"]), delivery("d2", "乙公司", &["b"])];
    assert_eq!(store.deliveries(None, 10).await.unwrap(), expected);
    assert_eq!(store.deliveries(Some(&expected[0].id), 10).await.unwrap(), expected[1..]);
    assert_eq!(store.last_delivered(&EnterpriseId::from_known("甲公司")).await.unwrap(), Some(100));
    assert_eq!(store.last_delivered(&EnterpriseId::from_known("丙公司")).await.unwrap(), None);
    assert!(store.save_delivery(&lock, &delivery("d3", "丙公司", &["a"])).await.is_err(), "nobody was shown it");
    assert_eq!(store.deliveries(None, 10).await.unwrap().len(), 2);
}

async fn a_good_event_survives_bad_ones_beside_it_and_only_its_firm_changes(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    shown(&store, &lock).await;
    let before = store.enterprise_revision().await.unwrap();
    let batch = [
        event("e1", "d9", "a", FeedbackKind::Opened),
        event("e2", "d1", "z", FeedbackKind::Opened),
        event("e3", "d1", "a", FeedbackKind::Saved),
        FeedbackEvent { at: 99, ..event("e4", "d1", "a", FeedbackKind::Opened) },
        FeedbackEvent { at: NOW + 1, ..event("e5", "d1", "a", FeedbackKind::Opened) },
        event("e3", "d1", "a", FeedbackKind::Saved),
        event("e3", "d1", "b", FeedbackKind::Saved),
    ];
    let SavedFeedback { accepted, replayed, refused } = store.save_feedback(&lock, &batch, NOW).await.unwrap();
    assert_eq!((accepted, replayed), (1, 1));
    let codes: Vec<(usize, &str)> = refused.iter().map(|(place, refusal)| (*place, refusal.code())).collect();
    let expected =
        [(0, "unknown_delivery"), (1, "not_delivered"), (3, "before_delivery"), (4, "after_now"), (6, "contradiction")];
    assert_eq!(codes, expected);
    let enterprise = EnterpriseId::from_known("甲公司");
    assert_eq!(all(&store).await, [KeptEvent { enterprise, event: batch[2].clone(), withdrawn_at: None }]);
    let changed = store.enterprise_changes(before, 10).await.unwrap();
    assert_eq!(changed.iter().map(|(_, firm)| firm.name.as_str()).collect::<Vec<_>>(), ["甲公司"]);
}

async fn what_changes_nothing_raises_no_revision(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    shown(&store, &lock).await;
    let batch = [event("e1", "d1", "a", FeedbackKind::Saved)];
    store.save_feedback(&lock, &batch, NOW).await.unwrap();
    let revision = store.enterprise_revision().await.unwrap();
    let refused = event("e2", "d9", "a", FeedbackKind::Saved);
    store.save_feedback(&lock, &[batch[0].clone(), refused], NOW).await.unwrap();
    let (firm, event) = (EnterpriseId::from_known("乙公司"), batch[0].id.clone());
    assert_eq!(store.withdraw_feedback(&lock, &firm, &[event], NOW).await.unwrap(), 0, "it is another firm's");
    assert_eq!(store.enterprise_revision().await.unwrap(), revision);
}

async fn what_is_taken_back_is_kept_and_a_replay_does_not_bring_it_back(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    shown(&store, &lock).await;
    let batch = [event("e1", "d1", "a", FeedbackKind::Saved), event("e2", "d1", "b", FeedbackKind::Opened)];
    store.save_feedback(&lock, &batch, NOW).await.unwrap();
    let revision = store.enterprise_revision().await.unwrap();
    let firm = EnterpriseId::from_known("甲公司");
    let undo = || store.withdraw_feedback(&lock, &firm, std::slice::from_ref(&batch[0].id), 700);
    assert_eq!((undo().await.unwrap(), undo().await.unwrap()), (1, 0));
    assert_eq!(store.enterprise_changes(revision, 10).await.unwrap().len(), 1);
    assert_eq!(store.save_feedback(&lock, &batch, NOW).await.unwrap().replayed, 2);
    let withdrawn: Vec<Option<i64>> = all(&store).await.into_iter().map(|kept| kept.withdrawn_at).collect();
    assert_eq!(withdrawn, [Some(700), None]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn events_in_any_order_and_number_end_in_the_same_state(
        order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle(),
        again in prop::collection::vec(0..6usize, 0..6),
        cut in 0..12usize,
    ) {
        let events = [
            event("e0", "d1", "a", FeedbackKind::Opened),
            event("e1", "d1", "a", FeedbackKind::Saved),
            event("e2", "d2", "b", FeedbackKind::Enquired),
            event("e3", "d1", "b", FeedbackKind::Declined(crate::domain::DeclineCode::TooDear)),
            event("e4", "d2", "a", FeedbackKind::Opened),
            event("e5", "d1", "c", FeedbackKind::Licensed),
        ];
        on_all(async |backend| {
            let (_home, store, lock) = backend.record().await;
            shown(&store, &lock).await;
            let sent: Vec<FeedbackEvent> = order.iter().chain(&again).map(|at| events[*at].clone()).collect();
            let (first, second) = sent.split_at(cut.min(sent.len()));
            store.save_feedback(&lock, first, NOW).await.unwrap();
            store.save_feedback(&lock, second, NOW).await.unwrap();
            let kept: Vec<FeedbackEvent> = all(&store).await.into_iter().map(|kept| kept.event).collect();
            let mut kept = kept;
            kept.sort_by(|a, b| a.id.cmp(&b.id));
            let expected: Vec<FeedbackEvent> = events.iter().filter(|e| e.id.as_str() != "e4").cloned().collect();
            prop_assert_eq!(kept, expected, "e4 was never delivered");
            Ok(())
        })?;
    }
}

async fn interest_counts_firms_and_forgets_what_was_taken_back(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    shown(&store, &lock).await;
    let batch = [
        event("e1", "d1", "b", FeedbackKind::Opened),
        event("e2", "d1", "b", FeedbackKind::Saved),
        event("e3", "d2", "b", FeedbackKind::Opened),
        event("e4", "d1", "a", FeedbackKind::Opened),
    ];
    store.save_feedback(&lock, &batch, NOW).await.unwrap();
    let counted = store.interest(&listing("b")).await.unwrap();
    assert_eq!(counted, Interest { shown: 2, opened: 2, saved: 1, ..Interest::default() });
    let firm = EnterpriseId::from_known("乙公司");
    store.withdraw_feedback(&lock, &firm, &["e3".parse().unwrap()], NOW).await.unwrap();
    assert_eq!(store.interest(&listing("b")).await.unwrap(), Interest { opened: 1, ..counted });
    assert_eq!(store.interest(&listing("z")).await.unwrap(), Interest::default());
}

async fn what_has_been_kept_long_enough_is_forgotten_with_what_was_done(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    shown(&store, &lock).await;
    let late = Delivery { at: 500, ..delivery("d3", "甲公司", &["c"]) };
    store.save_delivery(&lock, &late).await.unwrap();
    let mut after = event("e2", "d3", "c", FeedbackKind::Saved);
    after.at = 600;
    store.save_feedback(&lock, &[event("e1", "d1", "a", FeedbackKind::Opened), after], NOW).await.unwrap();
    let before = store.enterprise_revision().await.unwrap();
    assert_eq!(store.forget_deliveries(&lock, 500).await.unwrap(), 2);
    assert_eq!(store.deliveries(None, 10).await.unwrap(), [late]);
    assert_eq!(all(&store).await.len(), 1, "what was done with them is gone, too");
    assert_eq!(store.enterprise_changes(before, 10).await.unwrap().len(), 2, "both are matched anew");
    assert_eq!(store.forget_deliveries(&lock, 500).await.unwrap(), 0);
}
