//! What came of campaigns, counted on either database.

use super::backend::{Backend, on_each_backend};
use super::example::full;
use super::messages::{entry, started};
use crate::domain::{
    Attempt, DeclineCode, Delivery, DeliveryId, Enquiry, EnterpriseId, FeedbackEvent, FeedbackKind, Licence,
    LicenceState, Moment, Outcome,
};
use crate::store::{DeedCount, Store, Tried, WriteLock};

on_each_backend!(what_came_of_a_campaign_is_counted_for_it_alone, an_enterprise_can_have_all_it_was_shown_forgotten,);

/// The campaign of [`started`] with everything sent to everyone at the moment 5, and its number.
async fn sent(store: &Store, lock: &WriteLock) -> i64 {
    let campaign = started(store, lock).await;
    let channels = &campaign.brief.sending.channels;
    let taken = store.take_up(lock, campaign.number, channels, 9, (5, 90)).await.unwrap();
    let tried = taken.into_iter().map(|message| {
        let (id, enterprise) = (message.delivery(), message.enterprise.clone());
        let delivery = Some(Delivery { id, enterprise, at: 5, listings: vec!["a".parse().unwrap()] });
        Tried { message: message.tried(Attempt::Sent, 5), delivery, bounced: None }
    });
    store.keep_tried(lock, &tried.collect::<Vec<_>>()).await.unwrap();
    campaign.number
}

async fn did(store: &Store, lock: &WriteLock, delivery: &DeliveryId, kind: FeedbackKind) {
    let id = format!("{delivery}.{}", kind.word()).parse().unwrap();
    let event = FeedbackEvent { id, delivery: delivery.clone(), listing: "a".parse().unwrap(), kind, at: 6 };
    assert_eq!(store.save_feedback(lock, &[event], 6).await.unwrap().accepted, 1);
}

async fn what_came_of_a_campaign_is_counted_for_it_alone(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let number = sent(&store, &lock).await;
    assert_eq!(store.delivered_by(number).await.unwrap(), (3, 3), "once, by two channels");
    let place = |place| DeliveryId::of_campaign(number, place);
    did(&store, &lock, &place(1), FeedbackKind::Opened).await;
    did(&store, &lock, &place(2), FeedbackKind::Opened).await;
    did(&store, &lock, &place(2), FeedbackKind::Declined(DeclineCode::TooDear)).await;
    // What another list showed is not the campaign's.
    let (id, enterprise) = ("d-1".parse().unwrap(), EnterpriseId::from_known("丙公司"));
    let other = Delivery { id, enterprise: enterprise.clone(), at: 6, listings: vec!["a".parse().unwrap()] };
    store.save_delivery(&lock, &other).await.unwrap();
    did(&store, &lock, &other.id, FeedbackKind::Opened).await;
    let count = |kind: &str, code: &str, enterprises| DeedCount {
        kind: kind.to_owned(),
        code: code.to_owned(),
        enterprises,
        pairs: enterprises,
    };
    let deeds = store.deeds_after(number).await.unwrap();
    assert_eq!(deeds, [count("declined", "too_dear", 1), count("opened", "", 2)]);
    assert_eq!(store.declined_by(number).await.unwrap(), 1);
    assert_eq!(store.last_showing(&enterprise, &"a".parse().unwrap()).await.unwrap(), Some(other.id), "the later");
    let mut groups = store.outcome_counts(number).await.unwrap();
    groups.sort_unstable();
    assert_eq!(groups, [(Outcome::Sent, 3), (Outcome::HeldBack, 1)]);

    let firm = store.enterprise(&EnterpriseId::from_known("丁公司")).await.unwrap().unwrap();
    let enquiry = Enquiry {
        number: 0,
        listing: "a".parse().unwrap(),
        title: "题".into(),
        holders: vec!["样例大学".into()],
        enterprise: firm.id.clone(),
        name: firm.name.clone(),
        text: "问".into(),
        asked_at: 10,
        answer: None,
    };
    store.add_enquiry(&lock, &enquiry, entry).await.unwrap();
    assert_eq!(store.asked_between(number, 10, 11).await.unwrap(), [(Outcome::HeldBack, 1)]);
    assert_eq!(store.asked_between(number, 11, 20).await.unwrap(), []);
    let at = Moment { today: "2026-11-22".parse().unwrap(), now: 10 };
    let accepted = Licence::accepted(full(1), &firm, at).unwrap();
    let taken = store.add_licence(&lock, &accepted, entry).await.unwrap();
    assert_eq!(store.licences_among(number).await.unwrap(), [], "nothing is paid");
    let paid = Licence { number: taken, state: LicenceState::Paid, ..accepted };
    store.change_licences(&lock, &[(paid.clone(), entry(taken))]).await.unwrap();
    assert_eq!(store.licences_among(number).await.unwrap(), [(Outcome::HeldBack, 4, paid)]);
}

async fn an_enterprise_can_have_all_it_was_shown_forgotten(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let number = sent(&store, &lock).await;
    did(&store, &lock, &DeliveryId::of_campaign(number, 1), FeedbackKind::Opened).await;
    let enterprise = EnterpriseId::from_known("甲公司");
    assert_eq!(store.forget_deliveries_of(&lock, &enterprise, entry(1)).await.unwrap(), 1);
    assert_eq!(store.forget_deliveries_of(&lock, &enterprise, entry(1)).await.unwrap(), 0);
    assert_eq!(store.delivered_by(number).await.unwrap(), (2, 2), "the others' stays");
    assert_eq!(store.deeds_after(number).await.unwrap(), []);
    assert_eq!(store.inbox(&enterprise, i64::MAX, 9).await.unwrap(), []);
}
