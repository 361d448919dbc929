//! A campaign sent: to inboxes and by mail, once each, and to nobody who may not be sent anything any more.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use calamine::{Reader, Xlsx};
use duijie::domain::{FeedbackKind, Moment, Role};
use duijie::engine::{Engine, ImportKind, Reach};
use duijie::webhook::signature;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::api::{Answer, Api, Client};
use crate::fixtures::{NOW, sample_enterprises, settings, today};
use crate::mail_server::{first_part, header, mail_server};

const PATH: &str = "/api/v1/campaigns";
const SITE: &str = "https://duijie.example.cn";

/// The sample, with a bureau's two people and a mail server.
struct Office {
    api: Api,
    author: Client,
    chief: Client,
    letters: UnboundedReceiver<String>,
}

/// What a campaign to everyone says; letters go out at any hour.
fn brief(channels: Value) -> Value {
    json!({
        "title": "锂电定向推送",
        "limits": { "per_enterprise": 3 },
        "sending": { "channels": channels, "quiet": null, "per_minute": 6000 },
    })
}

/// The mail address of the n-th enterprise of the sample, under a name.
fn file_of_addresses(name: impl Fn(usize) -> String) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    writeln!(file, "企业名称,联系邮箱,联系电话").unwrap();
    for (place, firm) in sample_enterprises().iter().enumerate() {
        writeln!(file, "{},{},0{place:03}", firm.name, name(place)).unwrap();
    }
    file
}

impl Office {
    async fn new(name: impl Fn(usize) -> String) -> Self {
        let (server, letters) = mail_server().await;
        let prepare = |engine: &mut Engine| {
            engine.post_by(&format!("smtp://{server}"), "对接 <duijie@example.cn>").unwrap();
            engine.known_as(SITE.to_owned());
            engine.reach_receivers(Reach::Anywhere).unwrap();
        };
        let api = Api::prepared(settings(), prepare).await;
        let file = file_of_addresses(name);
        let report = api.engine.import(file.path(), ImportKind::Enterprises, NOW, &|_| ()).await.unwrap();
        assert_eq!((report.taken, report.rejected), (51, 0), "{report:?}");
        let author = api.client(Role::Bureau, "经办人").await;
        let chief = api.client(Role::Bureau, "负责人").await;
        Self { api, author, chief, letters }
    }

    async fn step(&self, client: &Client, number: i64, step: &str) -> Answer {
        self.api.post(client, &format!("{PATH}/{number}/steps"), &json!({ "step": step })).await
    }

    /// A campaign that is being sent; and how many enterprises it is for.
    async fn started(&self, brief: &Value) -> (i64, u64) {
        let number = self.api.post(&self.author, PATH, brief).await.of(201)["number"].as_i64().unwrap();
        let previewed = self.step(&self.author, number, "preview").await.of(200);
        self.step(&self.chief, number, "approve").await.of(200);
        assert_eq!(self.step(&self.author, number, "start").await.of(200)["state"], "running");
        let outcomes = previewed["plan"]["outcomes"].as_array().unwrap();
        let sent = outcomes.iter().find(|count| count["outcome"] == "sent").unwrap();
        (number, sent["enterprises"].as_u64().unwrap())
    }

    /// Sends what is due at a moment until nothing is; how much that was.
    async fn send(&self, now: i64) -> usize {
        let mut all = 0;
        loop {
            match self.api.engine.send_due(Moment { today: today(), now }).await.unwrap() {
                0 => return all,
                tried => all += tried,
            }
        }
    }

    /// How many messages stand how: channel, state, cause.
    async fn counts(&self, number: i64) -> BTreeMap<String, u64> {
        let progress = self.api.get(&self.author, &format!("{PATH}/{number}/messages?limit=1")).await.of(200);
        let word = |count: &Value, member: &str| count[member].as_str().unwrap_or("-").to_owned();
        let counts = progress["counts"].as_array().unwrap().iter();
        let of = |count: &Value| ["channel", "state", "cause"].map(|member| word(count, member)).join(" ");
        counts.map(|count| (of(count), count["messages"].as_u64().unwrap())).collect()
    }

    async fn results(&self, number: i64) -> Value {
        self.api.get(&self.author, &format!("{PATH}/{number}/results")).await.of(200)
    }

    fn received(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.letters.try_recv().ok()).collect()
    }

    async fn state(&self, number: i64) -> String {
        let report = self.api.get(&self.author, &format!("{PATH}/{number}")).await.of(200);
        report["state"].as_str().unwrap().to_owned()
    }
}

fn to_firm(place: usize) -> String {
    format!("firm{place}@example.cn")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_firm_gets_one_message_by_each_channel_and_the_campaign_ends() {
    let mut office = Office::new(to_firm).await;
    let (number, firms) = office.started(&brief(json!(["inbox", "email", "phone", "webhook"]))).await;
    let tried = office.send(NOW).await as u64;
    assert_eq!(tried, 4 * firms);
    let counts = office.counts(number).await;
    let expected = [
        ("email sent -", firms),
        ("inbox sent -", firms),
        ("phone sent -", firms),
        ("webhook skipped unreachable", firms),
    ];
    assert_eq!(counts, expected.map(|(word, count)| (word.to_owned(), count)).into());
    assert_eq!(office.state(number).await, "done");
    assert_eq!(office.send(NOW + 100_000).await, 0);
    let letters = office.received();
    let mut to: Vec<&str> = letters.iter().map(|letter| header(letter, "To")).collect();
    to.sort_unstable();
    to.dedup();
    assert_eq!((letters.len() as u64, to.len() as u64), (firms, firms), "one letter each");

    let letter = &letters[0];
    assert!(header(letter, "Message-ID").starts_with(&format!("<c-{number}-")), "{letter}");
    assert!(header(letter, "Message-ID").ends_with("@example.cn>"));
    let out = header(letter, "List-Unsubscribe");
    assert_eq!(header(letter, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let text = first_part(letter);
    assert!(text.contains("推荐理由：") && text.contains("许可使用费：") && text.contains("专利权人："), "{text}");
    assert!(text.contains(out.trim_matches(['<', '>'])) && text.contains("公司：\n"), "{text}");
    assert!(letter.contains("Content-Type: text/html") && !text.contains('{'), "{text}");

    // Those whom staff call, with every listing and room for the answer.
    let path = format!("{PATH}/{number}/calls");
    let list = office.api.get(&office.author, &path).await;
    assert_eq!(list.status, 200);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(list.bytes.to_vec())).unwrap();
    let rows = workbook.worksheet_range("电话名单").unwrap();
    let cell = |row: usize, column: usize| rows.get((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!([cell(0, 1), cell(0, 4)], ["电话", "推荐理由"]);
    assert!(cell(1, 1).starts_with('0') && !cell(1, 3).is_empty() && !cell(1, 4).is_empty(), "{:?}", cell(1, 1));

    // What was sent is on record once, whatever the channels.
    let report = office.api.get(&office.author, &format!("{PATH}/{number}")).await.of(200);
    let results = office.results(number).await;
    assert_eq!(json!(rows.height() - 1), report["plan"]["pairs"]);
    let delivered = json!({ "step": "delivered", "enterprises": firms, "pairs": report["plan"]["pairs"] });
    assert_eq!(results["funnel"][0], delivered);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_or_opted_out_of_meanwhile_is_sent_to_no_one() {
    let mut office = Office::new(to_firm).await;
    let mut slow = brief(json!(["email"]));
    slow["sending"]["per_minute"] = 8.into();
    let (number, firms) = office.started(&slow).await;
    let moment = |now| Moment { today: today(), now };
    assert_eq!(office.api.engine.send_due(moment(NOW)).await.unwrap(), 8, "eight a minute");
    assert_eq!(office.api.engine.send_due(moment(NOW + 30)).await.unwrap(), 0);
    let before = office.received();

    // The listing that most are still to be sent, and one of those firms.
    let path = format!("{PATH}/{number}/enterprises?limit=50&outcome=sent");
    let planned = office.api.get(&office.author, &path).await.of(200);
    let waiting: Vec<&Value> = planned["enterprises"].as_array().unwrap().iter().skip(8).collect();
    let mut counts = BTreeMap::new();
    for listing in waiting.iter().flat_map(|firm| firm["listings"].as_array().unwrap()) {
        *counts.entry(listing["listing"].as_str().unwrap()).or_insert(0) += 1;
    }
    let (withdrawn, _) = counts.iter().max_by_key(|(_, count)| **count).unwrap();
    let step = json!({ "step": "suspend", "reason": "权利人撤回" });
    office.api.post(&office.author, &format!("/api/v1/listings/{withdrawn}/steps"), &step).await.of(200);
    let out = waiting.last().unwrap();
    let firm = office.api.client(Role::Enterprise, out["name"].as_str().unwrap()).await;
    // Told so on the telephone, staff do it; taking it back is the firm's.
    let push = format!("/api/v1/enterprises/{}/push", out["enterprise"].as_str().unwrap());
    let wish = async |client: &Client, wanted: bool| {
        office.api.ask(client, "PUT", &push, Some(&json!({ "wanted": wanted }))).await
    };
    wish(&office.author, false).await.of(200);
    assert_eq!(wish(&office.author, true).await.problem(404), "not-yours");
    wish(&firm, true).await.of(200);
    wish(&firm, false).await.of(200);

    for minute in 1..=firms as i64 {
        office.send(NOW + minute * 61).await;
    }
    assert_eq!(office.state(number).await, "done");
    let after = office.received();
    assert!(before.len() == 8 && after.len() as u64 >= firms - 8 - 4, "{} {}", before.len(), after.len());
    let title = office.api.engine.life(withdrawn).await.unwrap().listing.patent.title;
    assert!(after.iter().all(|letter| !first_part(letter).contains(&title)), "withdrawn, and sent");
    let counts = office.counts(number).await;
    assert_eq!(counts["email skipped opted_out"], 1);
    let name = out["name"].as_str().unwrap();
    assert!(after.iter().all(|letter| !first_part(letter).contains(&format!("{name}：\n"))), "opted out, and sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_campaign_sends_nothing_until_it_goes_on_and_a_cancelled_one_never() {
    let mut office = Office::new(to_firm).await;
    let mut slow = brief(json!(["email"]));
    slow["sending"]["per_minute"] = 5.into();
    let (number, firms) = office.started(&slow).await;
    let moment = |now| Moment { today: today(), now };
    assert_eq!(office.api.engine.send_due(moment(NOW)).await.unwrap(), 5);
    assert_eq!(office.step(&office.chief, number, "pause").await.of(200)["state"], "paused");
    assert_eq!(office.step(&office.chief, number, "pause").await.problem(409), "not-in-this-state");
    assert_eq!(office.send(NOW + 600).await, 0);
    assert_eq!(office.step(&office.chief, number, "resume").await.of(200)["state"], "running");
    assert_eq!(office.api.engine.send_due(moment(NOW + 600)).await.unwrap(), 5);
    assert_eq!(office.step(&office.chief, number, "cancel").await.of(200)["state"], "cancelled");
    assert_eq!(office.send(NOW + 6_000).await, 0);
    let counts = office.counts(number).await;
    assert_eq!((counts["email sent -"], counts["email skipped given_up"]), (10, firms - 10));
    assert_eq!(office.received().len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_out_at_night_or_before_its_time() {
    let office = Office::new(to_firm).await;
    let mut brief = brief(json!(["inbox"]));
    // The clock of these tests stands at half past six in the morning.
    brief["sending"] = json!({ "channels": ["inbox"], "not_before": NOW + 86_400 });
    let (number, firms) = office.started(&brief).await;
    assert_eq!(office.send(NOW).await, 0, "night");
    assert_eq!(office.send(NOW + 4 * 3_600).await, 0, "a day early");
    assert_eq!(office.send(NOW + 86_400).await, 0, "the night after");
    assert_eq!(office.send(NOW + 86_400 + 4 * 3_600).await as u64, firms);
    assert_eq!(office.state(number).await, "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_bounces_waits_or_lies_where_staff_see_it() {
    let address = |place: usize| match place % 5 {
        0 => format!("nobody{place}@example.cn"),
        1 => format!("blocked{place}@example.cn"),
        2 => format!("full{place}@example.cn"),
        3 => format!("drop{place}@example.cn"),
        _ => to_firm(place),
    };
    let mut office = Office::new(address).await;
    let (number, firms) = office.started(&brief(json!(["email"]))).await;
    office.send(NOW).await;
    let first = office.counts(number).await;
    let count = |counts: &BTreeMap<String, u64>, word: &str| counts.get(word).copied().unwrap_or_default();
    let (bounced, blocked) = (count(&first, "email dead bounced"), count(&first, "email dead refused"));
    let waiting = count(&first, "email queued trouble");
    assert!(bounced > 3 && blocked > 3 && waiting > 10, "{first:?}");
    assert_eq!(bounced + blocked + waiting + count(&first, "email sent -"), firms);
    assert_eq!(office.state(number).await, "running");

    // Five hours later it has been tried ten times.
    let (mut now, mut tries) = (NOW, 1);
    while office.state(number).await == "running" {
        now += 3_600;
        tries += usize::from(office.send(now).await > 0);
    }
    assert_eq!(tries, 10);
    let last = office.counts(number).await;
    assert_eq!(count(&last, "email dead trouble"), waiting);
    assert_eq!(count(&last, "email sent -"), count(&first, "email sent -"), "nobody was written to twice");
    let dead = office.api.get(&office.author, &format!("{PATH}/{number}/messages?state=dead")).await.of(200);
    assert_eq!(dead["messages"].as_array().unwrap().len() as u64, bounced + blocked + waiting);

    // Tried again on request; an address that reaches nobody is left alone, by the next campaign, too.
    assert_eq!(office.step(&office.author, number, "retry").await.of(200)["state"], "running");
    assert_eq!(office.send(now).await as u64, bounced + blocked + waiting);
    let again = office.counts(number).await;
    assert_eq!((count(&again, "email skipped bounced"), count(&again, "email dead refused")), (bounced, blocked));
    let received = office.received().len() as u64;
    assert_eq!(received, count(&first, "email sent -"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_followed_once_and_a_forged_one_leads_nowhere() {
    let mut office = Office::new(to_firm).await;
    let (number, _) = office.started(&brief(json!(["inbox", "email"]))).await;
    office.send(NOW).await;
    let letter = &office.received()[0];
    let text = first_part(letter);
    let link = text.lines().find_map(|line| line.split_once(&format!("{SITE}/r/"))).unwrap().1;
    let nobody = Client::default();
    for _ in 0..3 {
        let followed = office.api.get(&nobody, &format!("/r/{link}")).await;
        followed.of(303);
        let place = followed.headers["location"].to_str().unwrap().to_owned();
        office.api.get(&nobody, &place).await.of(200);
    }
    let forged = link.replacen('-', "-1", 1);
    for wrong in [forged.as_str(), "1-1-1", "x", &link[..link.len() - 1]] {
        office.api.get(&nobody, &format!("/r/{wrong}")).await.of(404);
        office.api.get(&nobody, &format!("/u/{wrong}")).await.of(404);
        office.api.post(&nobody, &format!("/u/{wrong}"), &json!({})).await.of(404);
    }
    // Kept behind the answer's back.
    let mut opened = Value::Null;
    for _ in 0..200 {
        opened = office.results(number).await["funnel"][1].clone();
        if opened["pairs"] != 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(opened, json!({ "step": "opened", "enterprises": 1, "pairs": 1 }), "three times, once on record");

    // Opting out: looking changes nothing, confirming does.
    let out = header(letter, "List-Unsubscribe").trim_matches(['<', '>']).strip_prefix(SITE).unwrap();
    let name = text.lines().next().unwrap().trim_end_matches('：').to_owned();
    let firm = office.api.client(Role::Enterprise, &name).await;
    let wanted = async || office.api.get(&firm, "/api/v1/enterprises/me/push").await.of(200)["wanted"].clone();
    office.api.get(&nobody, out).await.of(200);
    assert_eq!(wanted().await, true);
    office.api.post(&nobody, out, &json!({})).await.of(200);
    assert_eq!(wanted().await, false);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firm_reads_its_inbox_and_says_what_it_thinks() {
    let office = Office::new(to_firm).await;
    let (number, _) = office.started(&brief(json!(["inbox"]))).await;
    office.send(NOW).await;
    let path = format!("{PATH}/{number}/enterprises?limit=2&outcome=sent");
    let planned = office.api.get(&office.author, &path).await.of(200);
    let name = |place: usize| planned["enterprises"][place]["name"].as_str().unwrap().to_owned();
    let firm = office.api.client(Role::Enterprise, &name(0)).await;
    let other = office.api.client(Role::Enterprise, &name(1)).await;
    let inbox = "/api/v1/enterprises/me/inbox";
    let page = office.api.get(&firm, inbox).await.of(200);
    let message = &page["messages"][0];
    assert_eq!((page["messages"].as_array().unwrap().len(), &message["at"]), (1, &json!(NOW)));
    assert!(message["opening"].as_str().unwrap().starts_with(&name(0)), "{message}");
    let listing = &message["listings"][0];
    assert!(listing["why"]["explanation"]["reasons"][0]["text"].is_string(), "{listing}");
    let deed = |kind: &str, code: Value| json!({ "delivery": message["delivery"], "listing": listing["listing"], "kind": kind, "code": code });
    let tell = async |client: &Client, body: Value| office.api.post(client, inbox, &body).await;
    assert_eq!(tell(&firm, deed("opened", Value::Null)).await.of(200)["recorded"], true);
    assert_eq!(tell(&firm, deed("opened", Value::Null)).await.of(200)["recorded"], false);
    assert_eq!(tell(&firm, deed("declined", json!("too_dear"))).await.of(200)["recorded"], true);
    assert_eq!(tell(&firm, deed("declined", Value::Null)).await.problem(400), "bad-request");
    assert_eq!(tell(&firm, deed("licensed", Value::Null)).await.problem(400), "bad-request");
    assert_eq!(tell(&other, deed("opened", Value::Null)).await.problem(404), "unknown-message");
    let page = office.api.get(&firm, inbox).await.of(200);
    assert_eq!(page["messages"][0]["listings"][0]["done"], json!(["declined", "opened"]));
    let declines = json!([{ "code": "too_dear", "reason": "费用过高", "pairs": 1 }]);
    assert_eq!(office.results(number).await["declines"], declines);

    // What is done long after counts for no message.
    let firm_of = office.api.engine.enterprise(&name(1)).await.unwrap();
    let others = office.api.get(&other, inbox).await.of(200)["messages"][0].clone();
    let (sent, first) = (others["delivery"].as_str().unwrap(), others["listings"][0]["listing"].as_str().unwrap());
    let late = async |now: i64| {
        let (delivery, listing) = (sent.parse().unwrap(), first.parse().unwrap());
        office.api.engine.act_on_message(&firm_of, &delivery, &listing, FeedbackKind::Opened, now).await.unwrap()
    };
    assert!(!late(NOW + 90 * 86_400 + 1).await && late(NOW + 90 * 86_400).await);

    // At its wish all of that is forgotten.
    let erased = office.api.ask(&firm, "DELETE", inbox, None).await.of(200);
    assert_eq!(erased["erased"], 1);
    assert_eq!(office.api.get(&firm, inbox).await.of(200)["messages"], json!([]));
    assert_eq!(office.results(number).await["declines"], json!([]));
    assert_eq!(office.api.get(&other, inbox).await.of(200)["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_by_mail_is_not_started_where_no_letters_can_be_sent() {
    let api = Api::of_the_sample().await;
    let author = api.client(Role::Bureau, "经办人").await;
    let chief = api.client(Role::Bureau, "负责人").await;
    let number = api.post(&author, PATH, &brief(json!(["email"]))).await.of(201)["number"].as_i64().unwrap();
    let step = async |client: &Client, step: &str| {
        api.post(client, &format!("{PATH}/{number}/steps"), &json!({ "step": step })).await
    };
    step(&author, "preview").await.of(200);
    assert_eq!(step(&author, "start").await.problem(409), "not-in-this-state", "not approved");
    step(&chief, "approve").await.of(200);
    assert_eq!(step(&author, "start").await.problem(409), "no-mail");
    let mut unknown = brief(json!(["inbox"]));
    unknown["sending"]["message"] = json!({ "subject": "{联系人}您好", "opening": "" });
    assert_eq!(api.post(&author, PATH, &unknown).await.problem(422), "unknown-field");
    assert_eq!(api.post(&author, PATH, &brief(json!([]))).await.problem(422), "out-of-range");
}

/// A receiver that answers its first request with 500 and then takes everything, and the heads and bodies it was sent.
async fn receiver() -> (String, UnboundedReceiver<(HeaderMap, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (url, (send, requests)) = (format!("http://{}/in", listener.local_addr().unwrap()), unbounded_channel());
    let asked = Arc::new(AtomicUsize::new(0));
    let take = async move |headers: HeaderMap, body: String| {
        send.send((headers, body)).unwrap();
        match asked.fetch_add(1, Ordering::Relaxed) {
            0 => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::NO_CONTENT,
        }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/in", post(take))).await });
    (url, requests)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firms_own_system_is_told_once_in_words_it_can_check() {
    let office = Office::new(to_firm).await;
    let (url, mut requests) = receiver().await;
    let name = &sample_enterprises()[0].name;
    let firm = office.api.client(Role::Enterprise, name).await;
    let path = "/api/v1/enterprises/me/receiver";
    let put = async |url: &str| office.api.ask(&firm, "PUT", path, Some(&json!({ "url": url }))).await;
    for wrong in ["", "ftp://a.cn/", "https://u:p@a.cn/", "x"] {
        assert_eq!(put(wrong).await.problem(422), "receiver", "{wrong}");
    }
    let secret = put(&url).await.of(200)["secret"].as_str().unwrap().to_owned();
    assert_eq!(office.api.get(&firm, path).await.of(200), json!({ "url": url, "secret": null }), "told once");
    let mut brief = brief(json!(["inbox", "webhook"]));
    brief["audience"] = json!({ "enterprises": [name] });
    let (number, _) = office.started(&brief).await;
    assert_eq!((office.send(NOW).await, office.send(NOW + 59).await, office.send(NOW + 60).await), (2, 0, 1));
    assert_eq!(office.state(number).await, "done");
    let (refused, taken) = (requests.recv().await.unwrap(), requests.recv().await.unwrap());
    assert!(requests.try_recv().is_err());
    let header = |name: &str| taken.0[name].to_str().unwrap().to_owned();
    assert_eq!(refused.0["webhook-id"], taken.0["webhook-id"], "the same message");
    let at = NOW + 60;
    let signed = signature(&secret, &header("webhook-id"), at, &taken.1).unwrap();
    let said: Value = serde_json::from_str(&taken.1).unwrap();
    assert_eq!((header("webhook-timestamp"), header("webhook-signature")), (at.to_string(), signed));
    let inbox = office.api.get(&firm, "/api/v1/enterprises/me/inbox").await.of(200);
    assert_eq!(said["delivery"], inbox["messages"][0]["delivery"]);
    assert_eq!(said["listings"].as_array().unwrap().len(), inbox["messages"][0]["listings"].as_array().unwrap().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_sent_enough_by_others_since_the_preview_is_sent_less_or_nothing() {
    let office = Office::new(to_firm).await;
    let mut capped = brief(json!(["inbox", "phone"]));
    capped["limits"]["frequency"] = json!({ "listings": 4, "days": 7 });
    let (number, firms) = office.started(&capped).await;
    let path = format!("{PATH}/{number}/enterprises?limit=3&outcome=sent");
    let planned = office.api.get(&office.author, &path).await.of(200);
    let firm = |place: usize| planned["enterprises"][place]["enterprise"].as_str().unwrap().to_owned();
    let shown =
        async |firm: &str, listings, now| drop(office.api.engine.deliver(firm, listings, today(), now).await.unwrap());
    shown(&firm(0), 4, NOW - 60).await;
    shown(&firm(1), 3, NOW - 60).await;
    shown(&firm(2), 4, NOW - 7 * 86_400 - 60).await;
    office.send(NOW).await;
    let counts = office.counts(number).await;
    assert_eq!((counts["inbox sent -"], counts["inbox skipped sent_enough"]), (firms - 1, 1));
    assert_eq!(counts["phone sent -"], firms - 1, "its own inbox does not count against the list of calls");
    let inbox = async |firm: &str| {
        let page = office.api.get(&office.author, &format!("/api/v1/enterprises/{firm}/inbox")).await.of(200);
        page["messages"][0]["listings"].as_array().map_or(0, Vec::len)
    };
    assert_eq!((inbox(&firm(0)).await, inbox(&firm(1)).await, inbox(&firm(2)).await), (0, 1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn those_kept_back_are_sent_nothing_and_stand_beside_the_others_in_the_results() {
    let office = Office::new(to_firm).await;
    let mut split = brief(json!(["inbox"]));
    split["held_back"] = 50.into();
    let (number, firms) = office.started(&split).await;
    assert_eq!(office.send(NOW).await as u64, firms);
    let of = async |outcome: &str| {
        let path = format!("{PATH}/{number}/enterprises?limit=50&outcome={outcome}");
        office.api.get(&office.author, &path).await.of(200)["enterprises"].as_array().unwrap().clone()
    };
    let (sent, held) = (of("sent").await, of("held_back").await);
    let ask = async |firm: &Value, listing: &Value| {
        let client = office.api.client(Role::Enterprise, firm["name"].as_str().unwrap()).await;
        let question = json!({ "listing": listing, "text": "能否先提供样品？" });
        office.api.post(&client, "/api/v1/enquiries", &question).await.of(201);
    };
    // Three who were sent something ask about it, and one of those kept back about the same.
    for firm in &sent[..3] {
        ask(firm, &firm["listings"][0]["listing"]).await;
    }
    ask(&held[0], &sent[0]["listings"][0]["listing"]).await;
    let results = office.results(number).await;
    let step = |name: &str| {
        results["funnel"].as_array().unwrap().iter().find(|step| step["step"] == name).unwrap()["enterprises"].clone()
    };
    assert_eq!(
        (step("delivered"), step("enquired")),
        (json!(sent.len()), json!(3)),
        "nothing is counted for who got none"
    );
    let lift = &results["enquiry_lift"];
    assert_eq!(lift["sent"], json!({ "enterprises": sent.len(), "did": 3 }));
    assert_eq!(lift["held_back"], json!({ "enterprises": held.len(), "did": 1 }));
    assert_eq!(results["licence_lift"]["sent"]["did"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_that_costs_nothing_counts_for_its_message_when_it_is_recorded() {
    let office = Office::new(to_firm).await;
    let (number, _) = office.started(&brief(json!(["inbox"]))).await;
    office.send(NOW).await;
    let path = format!("{PATH}/{number}/enterprises?limit=50&outcome=sent");
    let planned = office.api.get(&office.author, &path).await.of(200);
    let licensed = async || office.results(number).await["funnel"][4].clone();
    for firm in planned["enterprises"].as_array().unwrap() {
        let client = office.api.client(Role::Enterprise, firm["name"].as_str().unwrap()).await;
        for listing in firm["listings"].as_array().unwrap() {
            let body = json!({ "listing": listing["listing"] });
            let taken = office.api.post(&client, "/api/v1/licences", &body).await.json();
            if taken["due_on_acceptance"] != 0 {
                continue;
            }
            assert_eq!(licensed().await["pairs"], 0, "accepted alone");
            let record = json!({ "step": "record", "evidence": "备案号1" });
            let path = format!("/api/v1/licences/{}/steps", taken["number"]);
            office.api.post(&office.author, &path, &record).await.of(200);
            assert_eq!(licensed().await, json!({ "step": "licensed", "enterprises": 1, "pairs": 1 }));
            return;
        }
    }
    panic!("no listing of the plan is free to take");
}
