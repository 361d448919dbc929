//! The messages of campaigns on either database.

use super::backend::{Backend, on_each_backend};
use super::example::firm;
use crate::domain::{
    Actor, Attempt, Audience, AuditEntry, Campaign, CampaignBrief, CampaignCatalogue, CampaignLimits, CampaignState,
    Channel, Delivery, DeliveryId, Enterprise, EnterpriseId, Message, MessageState, Outcome, PlannedFirm, Score,
    Sending,
};
use crate::store::{MessageCount, QueueChange, Store, Tried, WriteLock};

on_each_backend!(
    messages_are_queued_taken_up_once_and_kept,
    what_was_taken_up_and_forgotten_is_taken_up_again_whatever_the_clock_does,
    what_is_given_up_is_not_sent,
    a_delivery_is_kept_once_by_whatever_channel,
    keys_and_receivers_read_back,
);

const CHANNELS: [Channel; 2] = [Channel::Inbox, Channel::Email];

pub(super) fn entry(number: i64) -> AuditEntry {
    AuditEntry::step(("campaign", number), "step", (None, "x"), &Actor::bureau("经办人"), 7)
}

/// A campaign of three enterprises that are sent something and one kept back, started.
pub(super) async fn started(store: &Store, lock: &WriteLock) -> Campaign {
    let limits =
        CampaignLimits { per_enterprise: 2, most: None, least: 0, per_holder: None, per_region: None, frequency: None };
    let brief = CampaignBrief {
        title: "甲".to_owned(),
        audience: Audience::default(),
        catalogue: CampaignCatalogue::default(),
        limits,
        held_back: 0,
        seed: 0,
        sending: Sending { channels: CHANNELS.to_vec(), ..Sending::default() },
    };
    let number = store.add_campaign(lock, &Campaign::drafted(brief.clone(), None, "jia"), entry).await.unwrap();
    let names = ["甲公司", "乙公司", "丙公司", "丁公司"];
    let firms: Vec<Enterprise> = names.map(|name| firm(name, None, "")).to_vec();
    store.save_enterprises(lock, &firms).await.unwrap();
    let planned = names.map(|name| PlannedFirm {
        enterprise: EnterpriseId::from_known(name),
        outcome: if name == "丁公司" { Outcome::HeldBack } else { Outcome::Sent },
        listings: vec![("a".parse().unwrap(), Score::new(1.0).unwrap())],
    });
    let campaign = Campaign { number, ..Campaign::drafted(brief, None, "jia") };
    store.save_plan(lock, &campaign, &planned, entry(number)).await.unwrap();
    let campaign = Campaign { state: CampaignState::Running, ..campaign };
    store.change_campaign(lock, &campaign, QueueChange::Fill, entry(number)).await.unwrap();
    campaign
}

fn tried(message: Message, attempt: Attempt, now: i64) -> Tried {
    Tried { message: message.tried(attempt, now), delivery: None, bounced: None }
}

async fn messages_are_queued_taken_up_once_and_kept(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let campaign = started(&store, &lock).await;
    assert_eq!(store.running_campaigns().await.unwrap(), std::slice::from_ref(&campaign));
    assert_eq!(store.messages_left(campaign.number).await.unwrap(), 6, "nothing for the one kept back");
    let take = async |limit, now| store.take_up(&lock, campaign.number, &CHANNELS, limit, (now, 90)).await.unwrap();
    let first = take(4, 1_000).await;
    let places: Vec<(i64, Channel)> = first.iter().map(|message| (message.place, message.channel)).collect();
    assert_eq!(places, [(1, Channel::Email), (1, Channel::Inbox), (2, Channel::Email), (2, Channel::Inbox)]);
    assert!(first.iter().all(|message| message.state == MessageState::Sending && message.at == 1_000));
    assert_eq!(take(9, 1_000).await.len(), 2, "what is being sent is not taken up twice");
    let attempts = [Attempt::Sent, Attempt::Trouble, Attempt::Failed(crate::domain::MessageCause::Bounced)];
    let done: Vec<Tried> =
        first.into_iter().zip(attempts).map(|(message, attempt)| tried(message, attempt, 1_001)).collect();
    store.keep_tried(&lock, &done).await.unwrap();
    let kept = store.messages(campaign.number, None, 0, 2).await.unwrap();
    assert_eq!(kept[..3].iter().collect::<Vec<_>>(), done.iter().map(|tried| &tried.message).collect::<Vec<_>>());
    assert_eq!(kept.len(), 4, "two enterprises, by two ways");
    assert_eq!(store.messages(campaign.number, Some(MessageState::Dead), 0, 9).await.unwrap().len(), 1);
    let counts = store.message_counts(campaign.number).await.unwrap();
    let sent = MessageCount { channel: Channel::Email, state: MessageState::Sent, cause: None, messages: 1 };
    assert!(counts.contains(&sent) && counts.iter().map(|count| count.messages).sum::<i64>() == 6, "{counts:?}");
    assert_eq!(take(9, 1_060).await, [], "not yet due again");
    assert_eq!(take(9, 1_061).await.len(), 1);
    assert_eq!(store.leaving_between(campaign.number, 1_000, 1_061).await.unwrap(), 1, "the letter sent");
    store.change_campaign(&lock, &campaign, QueueChange::Revive, entry(1)).await.unwrap();
    assert_eq!(store.messages(campaign.number, Some(MessageState::Dead), 0, 9).await.unwrap(), []);
}

async fn what_was_taken_up_and_forgotten_is_taken_up_again_whatever_the_clock_does(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let campaign = started(&store, &lock).await;
    let take = async |now| store.take_up(&lock, campaign.number, &[Channel::Email], 9, (now, 90)).await.unwrap().len();
    assert_eq!(take(10_000).await, 3);
    assert_eq!(take(10_089).await, 0);
    assert_eq!(take(10_090).await, 3);
    assert_eq!(take(10_000).await, 0, "set back a little");
    assert_eq!(take(9_999).await, 3, "set back further than anyone sends");
    let again = store.take_up(&lock, campaign.number, &[Channel::Email], 9, (10_089, 90)).await.unwrap();
    let waiting: Vec<Tried> = again.into_iter().map(|message| tried(message, Attempt::Trouble, 90_000)).collect();
    store.keep_tried(&lock, &waiting).await.unwrap();
    assert_eq!(take(89_000).await, 0, "due in a while");
    assert_eq!(take(20_000).await, 3, "due further ahead than anyone waits");
}

async fn what_is_given_up_is_not_sent(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let campaign = started(&store, &lock).await;
    let (number, all) = (campaign.number, &CHANNELS);
    let taken = store.take_up(&lock, number, all, 1, (5, 90)).await.unwrap();
    let cancelled = Campaign { state: CampaignState::Cancelled, ..campaign };
    store.change_campaign(&lock, &cancelled, QueueChange::Empty(6), entry(number)).await.unwrap();
    assert_eq!(store.messages_left(number).await.unwrap(), taken.len() as i64, "what is on its way arrives");
    assert_eq!(store.running_campaigns().await.unwrap(), []);
}

async fn a_delivery_is_kept_once_by_whatever_channel(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let campaign = started(&store, &lock).await;
    let taken = store.take_up(&lock, campaign.number, &CHANNELS, 2, (5, 90)).await.unwrap();
    let done: Vec<Tried> = (7..)
        .zip(taken)
        .map(|(at, message)| {
            let (id, enterprise) = (message.delivery(), message.enterprise.clone());
            let delivery = Delivery { id, enterprise, at, listings: vec!["a".parse().unwrap()] };
            Tried { delivery: Some(delivery), bounced: Some("00".into()), ..tried(message, Attempt::Sent, at) }
        })
        .collect();
    store.keep_tried(&lock, &done).await.unwrap();
    let id = DeliveryId::of_campaign(campaign.number, 1);
    let kept = store.delivery(&id).await.unwrap().unwrap();
    assert_eq!(Some(&kept), done[0].delivery.as_ref(), "the first stays");
    let enterprise = EnterpriseId::from_known("甲公司");
    assert_eq!(store.inbox(&enterprise, i64::MAX, 9).await.unwrap(), [kept]);
    assert_eq!(store.inbox(&enterprise, 7, 9).await.unwrap(), []);
    assert_eq!((store.bounced_at("00").await.unwrap(), store.bounced_at("01").await.unwrap()), (Some(7), None));
}

async fn keys_and_receivers_read_back(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.save_enterprises(&lock, &[firm("甲公司", None, "")]).await.unwrap();
    let (jia, yi) = (EnterpriseId::from_known("甲公司"), EnterpriseId::from_known("乙公司"));
    store.set_webhook(&lock, &jia, Some(("https://a.cn/", "s"))).await.unwrap();
    store.set_webhook(&lock, &jia, Some(("https://b.cn/", "t"))).await.unwrap();
    assert_eq!(store.webhook(&jia).await.unwrap(), Some(("https://b.cn/".into(), "t".into())));
    assert!(store.set_webhook(&lock, &yi, Some(("https://a.cn/", "s"))).await.is_err());
    store.set_webhook(&lock, &jia, None).await.unwrap();
    assert_eq!(store.webhook(&jia).await.unwrap(), None);
    assert_eq!(store.link_key("first").await.unwrap(), "first");
    assert_eq!(store.link_key("second").await.unwrap(), "first");
}
