use super::backend::{Backend, on_each_backend};
use super::example::full;
use crate::domain::{
    Actor, AuditEntry, Enquiry, Enterprise, HolderKey, Licence, LicenceState, Licensee, Listing, ListingStatus, Moment,
};
use crate::store::{Party, Store};

on_each_backend!(
    licences_are_numbered_and_found_by_their_parties,
    one_licence_of_a_listing_stands_at_a_time,
    a_licence_raises_its_enterprise_and_outlives_its_listing,
    enquiries_are_kept_for_both_sides,
    a_forgotten_enquiry_is_gone_and_its_number_is_not_given_again,
);

fn entry(action: &str, number: i64) -> AuditEntry {
    AuditEntry {
        subject_kind: "licence".into(),
        subject: number.to_string(),
        action: action.into(),
        actor: Actor::enterprise("样例公司"),
        at: 100,
        before: None,
        after: "accepted".into(),
        reason: String::new(),
        detail: String::new(),
    }
}

fn listing(number: u32, holders: &[&str]) -> Listing {
    let mut listing = full(number);
    listing.patent.holders = holders.iter().map(|&name| name.to_owned()).collect();
    listing
}

fn licence(listing: &Listing, firm: &Enterprise) -> Licence {
    let at = Moment { today: "2026-11-22".parse().unwrap(), now: 100 };
    Licence::accepted(listing.clone(), firm, at).unwrap()
}

async fn firm(store: &Store, lock: &crate::store::WriteLock, name: &str) -> Enterprise {
    store.save_enterprises(lock, &[Enterprise::named(name, None)]).await.unwrap();
    store.find_enterprise(name).await.unwrap().remove(0)
}

async fn licences_are_numbered_and_found_by_their_parties(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let (one, other) = (firm(&store, &lock, "样例甲公司").await, firm(&store, &lock, "样例乙公司").await);
    let (first, second) = (listing(1, &["样例大学", "样例大学"]), listing(2, &["样例大学", "样例院"]));
    for (number, (listing, firm)) in (1..).zip([(&first, &one), (&second, &one), (&first, &other)]) {
        let given = store.add_licence(&lock, &licence(listing, firm), |number| entry("accept", number)).await.unwrap();
        assert_eq!(given, number);
    }
    let numbers = |licences: Vec<Licence>| licences.iter().map(|licence| licence.number).collect::<Vec<_>>();
    let of = |party, after, limit| {
        let store = &store;
        async move { numbers(store.licences(&party, after, limit).await.unwrap()) }
    };
    let holder = |name| Party::Holder(HolderKey::of(name).unwrap());
    assert_eq!(of(Party::Enterprise(one.id.clone()), 0, 10).await, [1, 2]);
    assert_eq!(of(holder("样例大学"), 0, 10).await, [1, 2, 3]);
    assert_eq!(of(holder("样例院"), 0, 10).await, [2]);
    assert_eq!(of(Party::Anyone, 1, 1).await, [2]);
    assert_eq!(of(holder("样例"), 0, 10).await, [0; 0]);
    assert_eq!(numbers(store.licences_of(&first.id).await.unwrap()), [1, 3]);
    assert_eq!(store.trail_of("licence", "2").await.unwrap().len(), 1);
    assert_eq!(store.licence(3).await.unwrap().map(|licence| licence.licensee), Some(Licensee::of(&other)));
    assert_eq!(store.licence(4).await.unwrap(), None);
}

async fn one_licence_of_a_listing_stands_at_a_time(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let firm = firm(&store, &lock, "样例甲公司").await;
    let taken = licence(&listing(1, &["样例大学"]), &firm);
    let add = || store.add_licence(&lock, &taken, |number| entry("accept", number));
    add().await.unwrap();
    assert!(add().await.is_err(), "whoever asked too late is held back by the record itself");
    assert_eq!(store.trail(0, 10).await.unwrap().len(), 1, "what was refused left nothing");
    let ended = Licence { number: 1, state: LicenceState::Ended, ..taken.clone() };
    store.change_licences(&lock, &[(ended, entry("end", 1))]).await.unwrap();
    assert_eq!(store.licensed(&[&firm.id]).await.unwrap(), []);
    assert_eq!(add().await.unwrap(), 2);
    assert_eq!(store.licensed(&[&firm.id]).await.unwrap(), [(firm.id.clone(), taken.listing.id.clone())]);
    store.change_licences(&lock, &[]).await.unwrap();
}

async fn a_licence_raises_its_enterprise_and_outlives_its_listing(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let firm = firm(&store, &lock, "样例甲公司").await;
    let before = store.enterprise_revision().await.unwrap();
    let offered = listing(1, &["样例大学"]);
    store.save_listings(&lock, std::slice::from_ref(&offered)).await.unwrap();
    store.add_licence(&lock, &licence(&offered, &firm), |number| entry("accept", number)).await.unwrap();
    assert_eq!(store.enterprise_changes(before, 10).await.unwrap().len(), 1, "matched anew");
    let withdrawn = Listing { status: ListingStatus::Withdrawn, ..offered.clone() };
    store.save_listings(&lock, &[withdrawn]).await.unwrap();
    let kept = store.licence(1).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.listing), (LicenceState::Accepted, offered));
}

fn question(offered: &Listing, firm: &Enterprise, asked_at: i64) -> Enquiry {
    Enquiry {
        number: 0,
        listing: offered.id.clone(),
        title: offered.patent.title.clone(),
        holders: offered.patent.holders.clone(),
        enterprise: firm.id.clone(),
        name: firm.name.clone(),
        text: "能否提供样品？".into(),
        asked_at,
        answer: None,
    }
}

async fn a_forgotten_enquiry_is_gone_and_its_number_is_not_given_again(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let firm = firm(&store, &lock, "样例甲公司").await;
    let offered = listing(1, &["样例大学"]);
    for asked_at in [100, 300, 200] {
        store
            .add_enquiry(&lock, &question(&offered, &firm, asked_at), |number| entry("enquire", number))
            .await
            .unwrap();
    }
    assert_eq!(store.forget_enquiries(&lock, 250).await.unwrap(), 2);
    assert_eq!(store.forget_enquiries(&lock, 250).await.unwrap(), 0);
    let left = store.enquiries(&Party::Enterprise(firm.id.clone()), 0, 10).await.unwrap();
    assert_eq!(left.iter().map(|enquiry| enquiry.number).collect::<Vec<_>>(), [2]);
    assert_eq!(store.forget_enquiries(&lock, 400).await.unwrap(), 1);
    let next = store.add_enquiry(&lock, &question(&offered, &firm, 500), |number| entry("enquire", number)).await;
    assert_eq!(next.unwrap(), 4, "the trail names the others by their numbers");
    assert_eq!(store.trail(0, 10).await.unwrap().len(), 4, "that it was asked stays");
}

async fn enquiries_are_kept_for_both_sides(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let firm = firm(&store, &lock, "样例甲公司").await;
    let offered = listing(1, &["样例大学", "样例院"]);
    let asked = question(&offered, &firm, 100);
    assert_eq!(store.add_enquiry(&lock, &asked, |number| entry("enquire", number)).await.unwrap(), 1);
    let at = Moment { today: "2026-11-22".parse().unwrap(), now: 200 };
    let kept = store.enquiry(1).await.unwrap().unwrap();
    let answered = kept.answered("可以", &Actor::holder("样例院"), at).unwrap();
    store.change_enquiry(&lock, &answered, entry("answer", 1)).await.unwrap();
    for party in [Party::Enterprise(firm.id), Party::Holder(HolderKey::of("样例大学").unwrap()), Party::Anyone] {
        assert_eq!(store.enquiries(&party, 0, 10).await.unwrap(), std::slice::from_ref(&answered), "{party:?}");
        assert_eq!(store.enquiries(&party, 1, 10).await.unwrap(), []);
    }
}
