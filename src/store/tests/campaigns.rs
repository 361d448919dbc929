use super::backend::{Backend, on_each_backend};
use super::example::firm;
use crate::domain::{
    Actor, Audience, AuditEntry, Campaign, CampaignBrief, CampaignCatalogue, CampaignLimits, Delivery, EnterpriseId,
    Outcome, PlannedFirm, Score, Sending, SendingStep,
};
use crate::store::QueueChange;

on_each_backend!(
    a_campaign_reads_back_with_its_province_and_steps,
    a_plan_takes_the_place_of_the_one_before_it,
    a_plan_for_somebody_unknown_changes_nothing,
    who_has_opted_out_and_what_was_shown_lately_is_told_of_many_at_once,
);

fn campaign(title: &str, province: Option<&str>) -> Campaign {
    let limits =
        CampaignLimits { per_enterprise: 2, most: None, least: 0, per_holder: None, per_region: None, frequency: None };
    let brief = CampaignBrief {
        title: title.to_owned(),
        audience: Audience::default(),
        catalogue: CampaignCatalogue::default(),
        limits,
        held_back: 0,
        seed: 0,
        sending: Sending::default(),
    };
    Campaign::drafted(brief, province.map(|code| code.parse().unwrap()), "jia")
}

fn entry(number: i64) -> AuditEntry {
    AuditEntry::step(("campaign", number), "draft", (None, "draft"), &Actor::bureau("经办人"), 7)
}

fn planned(firm: &str, outcome: Outcome, listings: &[(&str, f64)]) -> PlannedFirm {
    let listing = |(id, score): &(&str, f64)| (id.parse().unwrap(), Score::new(*score).unwrap());
    PlannedFirm {
        enterprise: EnterpriseId::from_known(firm),
        outcome,
        listings: listings.iter().map(listing).collect(),
    }
}

async fn a_campaign_reads_back_with_its_province_and_steps(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let first = store.add_campaign(&lock, &campaign("甲", Some("330000")), entry).await.unwrap();
    let second = store.add_campaign(&lock, &campaign("乙", None), entry).await.unwrap();
    assert_eq!((first, second), (1, 2));
    let found = store.campaign(first).await.unwrap().unwrap();
    assert_eq!(found, Campaign { number: first, ..campaign("甲", Some("330000")) });
    let cancelled = found.stepped(SendingStep::Cancel).unwrap();
    store.change_campaign(&lock, &cancelled, QueueChange::None, entry(first)).await.unwrap();
    assert_eq!(store.campaign(first).await.unwrap(), Some(cancelled));
    let numbers = async |province: Option<&str>, before| {
        let province = province.map(|code| code.parse().unwrap());
        let page = store.campaigns(province, before, 9).await.unwrap();
        page.iter().map(|campaign| campaign.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(None, i64::MAX).await, [2, 1]);
    assert_eq!(numbers(None, 2).await, [1]);
    assert_eq!(numbers(Some("330000"), i64::MAX).await, [1]);
    assert_eq!(store.campaign(3).await.unwrap(), None);
    assert_eq!(store.trail(0, 9).await.unwrap().len(), 3);
}

async fn a_plan_takes_the_place_of_the_one_before_it(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.save_enterprises(&lock, &[firm("甲公司", None, "隔膜"), firm("乙公司", None, "电机")]).await.unwrap();
    let number = store.add_campaign(&lock, &campaign("甲", None), entry).await.unwrap();
    let of = store.campaign(number).await.unwrap().unwrap();
    let first =
        [planned("乙公司", Outcome::Sent, &[("b", 0.1 + 0.2), ("a", 1e-9)]), planned("甲公司", Outcome::OptedOut, &[])];
    store.save_plan(&lock, &of, &first, entry(number)).await.unwrap();
    let all = async || store.planned_firms(number, None, 0, 9).await.unwrap();
    assert_eq!(all().await, [(1, first[0].clone()), (2, first[1].clone())]);
    assert_eq!(store.planned_firms(number, None, 1, 9).await.unwrap(), [(2, first[1].clone())]);
    let opted_out = store.planned_firms(number, Some(Outcome::OptedOut), 0, 9).await.unwrap();
    assert_eq!(opted_out, [(2, first[1].clone())]);
    let second = [planned("甲公司", Outcome::Sent, &[("c", 2.0)])];
    store.save_plan(&lock, &of, &second, entry(number)).await.unwrap();
    assert_eq!(all().await, [(1, second[0].clone())]);
    assert!(store.planned_firms(9, None, 0, 9).await.unwrap().is_empty());
}

async fn a_plan_for_somebody_unknown_changes_nothing(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.save_enterprises(&lock, &[firm("甲公司", None, "隔膜")]).await.unwrap();
    let number = store.add_campaign(&lock, &campaign("甲", None), entry).await.unwrap();
    let of = store.campaign(number).await.unwrap().unwrap();
    let first = [planned("甲公司", Outcome::Sent, &[("a", 1.0)])];
    store.save_plan(&lock, &of, &first, entry(number)).await.unwrap();
    let cancelled = of.stepped(SendingStep::Cancel).unwrap();
    let second = [planned("甲公司", Outcome::Sent, &[("b", 1.0)]), planned("无名", Outcome::Sent, &[])];
    assert!(store.save_plan(&lock, &cancelled, &second, entry(number)).await.is_err());
    assert_eq!(store.planned_firms(number, None, 0, 9).await.unwrap(), [(1, first[0].clone())]);
    assert_ne!(store.campaign(number).await.unwrap(), Some(cancelled));
}

async fn who_has_opted_out_and_what_was_shown_lately_is_told_of_many_at_once(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.save_enterprises(&lock, &[firm("甲公司", None, "隔膜"), firm("乙公司", None, "电机")]).await.unwrap();
    let ids = ["甲公司", "乙公司"].map(EnterpriseId::from_known);
    let both: Vec<&EnterpriseId> = ids.iter().collect();
    assert!(store.opted_out_among(&both).await.unwrap().is_empty());
    store.set_opt_out(&lock, &ids[1], Some(7), entry(1)).await.unwrap();
    assert_eq!(store.opted_out_among(&both).await.unwrap(), [ids[1].clone()].into());
    for (id, at, listings) in [("d1", 100, vec!["a", "b"]), ("d2", 200, vec!["a"])] {
        let listings = listings.into_iter().map(|id| id.parse().unwrap()).collect();
        let delivery = Delivery { id: id.parse().unwrap(), enterprise: ids[0].clone(), at, listings };
        assert!(store.save_delivery(&lock, &delivery).await.unwrap());
    }
    for (since, expected) in [(100, Some(3)), (101, Some(1)), (201, None)] {
        let shown = store.shown_since(since, &both).await.unwrap();
        assert_eq!((shown.get(&ids[0]).copied(), shown.get(&ids[1])), (expected, None), "since {since}");
    }
}
