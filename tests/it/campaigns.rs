//! A campaign from its draft to the approval of a second person: who is sent what is looked at before anyone is bothered.

use duijie::domain::Role;
use serde_json::{Value, json};

use crate::api::{Api, Client};
use crate::fixtures::{NOW, today};

const PATH: &str = "/api/v1/campaigns";
const FIRM: &str = "样例江北锂电材料有限公司";

fn brief() -> Value {
    json!({ "title": "锂电定向推送", "limits": { "per_enterprise": 3, "most": 4 }, "held_back": 20 })
}

struct Bureau {
    api: Api,
    author: Client,
    chief: Client,
}

impl Bureau {
    async fn new() -> Self {
        let api = Api::of_the_sample().await;
        let author = api.client(Role::Bureau, "经办人").await;
        let chief = api.client(Role::Bureau, "负责人").await;
        Self { api, author, chief }
    }

    async fn drafted(&self, brief: &Value) -> i64 {
        self.api.post(&self.author, PATH, brief).await.of(201)["number"].as_i64().unwrap()
    }

    async fn previewed(&self, brief: &Value) -> (i64, Value) {
        let number = self.drafted(brief).await;
        let previewed = self.step(&self.author, number, &json!({ "step": "preview" })).await.of(200);
        (number, previewed)
    }

    async fn step(&self, client: &Client, number: i64, step: &Value) -> crate::api::Answer {
        self.api.post(client, &format!("{PATH}/{number}/steps"), step).await
    }

    async fn firms(&self, number: i64, query: &str) -> Vec<Value> {
        let (mut firms, mut after) = (Vec::new(), 0);
        loop {
            let path = format!("{PATH}/{number}/enterprises?limit=50&after={after}{query}");
            let page = self.api.get(&self.author, &path).await.of(200);
            firms.extend(page["enterprises"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_i64() else { return firms };
            after = next;
        }
    }
}

/// How many enterprises of a report's audience share an outcome.
fn count(report: &Value, outcome: &str) -> usize {
    let outcomes = report["plan"]["outcomes"].as_array().unwrap();
    let found = outcomes.iter().find(|count| count["outcome"] == outcome).unwrap();
    found["enterprises"].as_u64().unwrap() as usize
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_drafted_previewed_and_approved_by_a_second_person() {
    let bureau = Bureau::new().await;
    let number = bureau.drafted(&brief()).await;
    let early = bureau.step(&bureau.chief, number, &json!({ "step": "approve" })).await;
    assert_eq!(early.problem(409), "not-in-this-state");

    let report = bureau.step(&bureau.author, number, &json!({ "step": "preview" })).await.of(200);
    assert_eq!((&report["state"], &report["plan"]["audience"]), (&json!("previewed"), &json!(51)));
    let firms = bureau.firms(number, "").await;
    assert_eq!(firms.len(), 51);
    let sent = firms.iter().filter(|firm| firm["outcome"] == "sent").count();
    assert_eq!(count(&report, "sent"), sent);
    assert!(sent > 30 && count(&report, "held_back") > 3, "{report}");
    assert!((report["plan"]["propensity"].as_f64().unwrap() - 0.8).abs() < 1e-12);

    // Caps, counted from what staff are shown.
    let mut counts = std::collections::BTreeMap::new();
    for firm in &firms {
        let listings = firm["listings"].as_array().unwrap();
        assert!(listings.len() <= 3 && listings.is_empty() == (firm["outcome"] != "sent"), "{firm}");
        for listing in listings {
            *counts.entry(listing["listing"].to_string()).or_insert(0) += 1;
            let why = &listing["why"];
            assert_eq!(why["score"], listing["score"], "{listing}");
            assert!(
                !why["explanation"]["reasons"].as_array().unwrap().is_empty()
                    && !listing["title"].as_str().unwrap().is_empty()
            );
        }
    }
    assert!(counts.values().all(|count| *count <= 4), "{counts:?}");
    let pairs: usize = counts.values().sum();
    assert_eq!(report["plan"]["pairs"], json!(pairs));
    assert_eq!(report["plan"]["listings_sent"], json!(counts.len()));

    let own = bureau.step(&bureau.author, number, &json!({ "step": "approve" })).await;
    assert_eq!(own.problem(403), "second-person-needed");
    let approve = json!({ "step": "approve", "seen": 1 });
    let approved = bureau.step(&bureau.chief, number, &approve).await.of(200);
    assert_eq!(approved["state"], "approved");
    let again = bureau.step(&bureau.chief, number, &json!({ "step": "approve" })).await;
    assert_eq!(again.problem(409), "not-in-this-state", "the same approval clicked twice");
    let actions: Vec<&Value> = approved["trail"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, ["draft", "preview", "approve"]);
    let edited = bureau.api.ask(&bureau.author, "PUT", &format!("{PATH}/{number}"), Some(&brief())).await;
    assert_eq!(edited.problem(409), "not-in-this-state");

    let copy = bureau.api.post(&bureau.chief, &format!("{PATH}/{number}/copies"), &json!({})).await.of(201);
    assert_eq!((&copy["state"], &copy["copy_of"], &copy["plan"]), (&json!("draft"), &json!(number), &Value::Null));
    let listed = bureau.api.get(&bureau.author, PATH).await.of(200);
    let numbers: Vec<&Value> = listed["campaigns"].as_array().unwrap().iter().map(|of| &of["number"]).collect();
    assert_eq!(numbers, [&copy["number"], &json!(number)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_keeps_the_same_firms_back_and_another_others() {
    let bureau = Bureau::new().await;
    let held_back = async |seed: u32| {
        let mut brief = brief();
        brief["seed"] = seed.into();
        let (number, _) = bureau.previewed(&brief).await;
        let firms = bureau.firms(number, "&outcome=held_back").await;
        firms.iter().map(|firm| firm["enterprise"].to_string()).collect::<Vec<_>>()
    };
    let first = held_back(7).await;
    assert!(!first.is_empty());
    assert_eq!(held_back(7).await, first);
    assert_ne!(held_back(8).await, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_opted_out_or_been_sent_enough_gets_nothing_and_staff_see_why() {
    let bureau = Bureau::new().await;
    let firm = bureau.api.client(Role::Enterprise, FIRM).await;
    let shown = bureau.api.engine.deliver("样例蜀香食品有限公司", 5, today(), NOW - 86_400).await.unwrap().1;
    let wish = json!({ "wanted": false });
    bureau.api.ask(&firm, "PUT", "/api/v1/enterprises/me/push", Some(&wish)).await.of(200);
    let mut brief = brief();
    brief["held_back"] = 0.into();
    brief["limits"]["frequency"] = json!({ "listings": 5, "days": 7 });
    let (number, report) = bureau.previewed(&brief).await;
    let names = async |outcome: &str| {
        let firms = bureau.firms(number, &format!("&outcome={outcome}")).await;
        firms.iter().map(|firm| firm["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("opted_out").await, [FIRM]);
    assert_eq!((names("sent_enough").await, shown.listings.len()), (vec!["样例蜀香食品有限公司".to_owned()], 5));
    assert_eq!((count(&report, "opted_out"), count(&report, "sent_enough"), count(&report, "held_back")), (1, 1, 0));

    // One that opts out after the preview is shown no reasons to be sent anything any more.
    let later = bureau.firms(number, "&outcome=sent").await;
    let name = later[0]["name"].as_str().unwrap();
    assert!(later[0]["listings"][0]["why"].is_object(), "{name}");
    let other = bureau.api.client(Role::Enterprise, name).await;
    bureau.api.ask(&other, "PUT", "/api/v1/enterprises/me/push", Some(&wish)).await.of(200);
    let after = bureau.firms(number, "&outcome=sent").await;
    assert_eq!(after[0]["listings"][0]["why"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn audience_and_catalogue_are_what_the_brief_says() {
    let bureau = Bureau::new().await;
    let mut brief = brief();
    brief["held_back"] = 0.into();
    brief["audience"] = json!({ "regions": ["320000"] });
    brief["catalogue"] = json!({ "holders": ["样例江南理工大学"] });
    let (number, report) = bureau.previewed(&brief).await;
    let (audience, listings) = (&report["plan"]["audience"], report["plan"]["listings"].as_u64().unwrap());
    assert!(audience.as_u64().is_some_and(|firms| (1..51).contains(&firms)) && listings > 0, "{report}");
    for firm in bureau.firms(number, "&outcome=sent").await {
        for listing in firm["listings"].as_array().unwrap() {
            let path = format!("/api/v1/listings/{}", listing["listing"].as_str().unwrap());
            let details = bureau.api.get(&Client::default(), &path).await.of(200);
            assert!(details.to_string().contains("样例江南理工大学"), "{details}");
        }
    }
    // By name as by code.
    brief["audience"] = json!({ "enterprises": [FIRM] });
    brief["catalogue"] = json!({ "fields": [1, 2, 3] });
    let (_, report) = bureau.previewed(&brief).await;
    assert_eq!(report["plan"]["audience"], 1);
    assert_eq!(report["brief"]["audience"]["enterprises"], json!(["913201169900100123"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_that_cannot_hold_are_named() {
    let bureau = Bureau::new().await;
    let mut brief = brief();
    brief["limits"] = json!({ "per_enterprise": 1, "least": 2 });
    let (_, report) = bureau.previewed(&brief).await;
    let unmet = &report["plan"]["unmet"][0];
    assert_eq!((&unmet["limit"], &unmet["cause"]), (&json!("limits.least"), &json!("places")), "{unmet}");
    assert!(unmet["reached"].as_u64() < unmet["asked"].as_u64() && unmet["listings"].as_u64() > Some(0), "{unmet}");
    brief["limits"] = json!({ "per_enterprise": 3, "least": 1, "per_region": 1 });
    let (number, report) = bureau.previewed(&brief).await;
    assert_eq!(report["plan"]["unmet"][0]["cause"], "region_quotas", "{report}");
    assert!(count(&report, "crowded_out") > 0 && !bureau.firms(number, "&outcome=crowded_out").await.is_empty());
    brief["limits"] = json!({ "per_enterprise": 3, "least": 3, "most": 2 });
    assert_eq!(bureau.api.post(&bureau.author, PATH, &brief).await.problem(422), "limits-contradict");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_in_words_that_name_it() {
    let bureau = Bureau::new().await;
    let refused = async |change: Value, status: u16| {
        let mut body = brief();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        bureau.api.post(&bureau.author, PATH, &body).await.problem(status)
    };
    assert_eq!(refused(json!({ "title": " " }), 422).await, "out-of-range");
    assert_eq!(refused(json!({ "held_back": 60 }), 422).await, "out-of-range");
    assert_eq!(refused(json!({ "limits": { "per_enterprise": 0 } }), 422).await, "out-of-range");
    assert_eq!(refused(json!({ "audience": { "enterprises": ["样例不存在公司"] } }), 422).await, "not-in-record");
    let part = json!({ "audience": { "enterprises": ["样例江北锂电"] } });
    assert_eq!(refused(part, 422).await, "not-in-record", "part of a name names nobody");
    assert_eq!(refused(json!({ "catalogue": { "listings": ["202219999999.9"] } }), 422).await, "not-in-record");
    assert_eq!(refused(json!({ "audience": { "regions": ["999999"] } }), 400).await, "bad-request");
    assert_eq!(refused(json!({ "channel": "fax" }), 400).await, "bad-request");

    // An audience of no one, a catalogue of nothing.
    for (part, inside, kind) in [
        ("audience", json!({ "tags": ["无此资质"] }), "no-audience"),
        ("catalogue", json!({ "holders": ["样例无此单位"] }), "no-listings"),
    ] {
        let mut brief = brief();
        brief[part] = inside;
        let number = bureau.drafted(&brief).await;
        assert_eq!(bureau.step(&bureau.author, number, &json!({ "step": "preview" })).await.problem(422), kind);
        let report = bureau.api.get(&bureau.author, &format!("{PATH}/{number}")).await.of(200);
        assert_eq!((&report["state"], &report["version"]), (&json!("draft"), &json!(0)), "nothing has changed");
    }
    let number = bureau.drafted(&brief()).await;
    let stale = bureau.step(&bureau.author, number, &json!({ "step": "preview", "seen": 9 })).await;
    assert_eq!(stale.problem(409), "changed-meanwhile");
    assert_eq!(bureau.step(&bureau.author, 999, &json!({ "step": "preview" })).await.problem(404), "unknown-campaign");
    bureau.step(&bureau.chief, number, &json!({ "step": "cancel", "reason": "改期" })).await.of(200);
    assert_eq!(
        bureau.step(&bureau.author, number, &json!({ "step": "preview" })).await.problem(409),
        "not-in-this-state"
    );
}
