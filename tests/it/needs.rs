//! Needs made public by enterprises, and the holders who could meet them.

use duijie::domain::Role;
use serde_json::{Value, json};

use crate::api::{Api, Client};

const FIRM: &str = "样例江北锂电材料有限公司";
const NEED: &str = "硅碳负极循环膨胀大，容量保持率低";

#[tokio::test(flavor = "multi_thread")]
async fn a_need_is_public_with_consent_alone_and_shows_what_was_agreed_to() {
    let api = Api::of_the_sample().await;
    let firm = api.client(Role::Enterprise, FIRM).await;
    let publish = async |body: Value| api.post(&firm, "/api/v1/needs", &body).await;
    assert_eq!(publish(json!({ "text": NEED, "consent": false })).await.problem(422), "no-consent");
    assert_eq!(publish(json!({ "text": NEED })).await.problem(400), "bad-request");
    assert_eq!(publish(json!({ "text": " 短的 ", "consent": true })).await.problem(422), "need-text");
    let long = "长".repeat(501);
    assert_eq!(publish(json!({ "text": long, "consent": true })).await.problem(422), "need-text");
    assert_eq!(api.get(&Client::default(), "/api/v1/needs").await.of(200)["needs"], json!([]));

    let hostile = "<script>alert(1)</script>'; DROP TABLE demand; --";
    let published = publish(json!({ "text": hostile, "consent": true, "named": true })).await.of(201);
    assert_eq!(
        (&published["number"], &published["text"], &published["name"]),
        (&json!(1), &json!(hostile), &json!(FIRM))
    );
    publish(json!({ "text": NEED, "consent": true })).await.of(201);
    let page = api.get(&Client::default(), "/api/v1/needs?limit=1").await.of(200);
    assert_eq!((&page["needs"][0]["text"], &page["next"]), (&json!(NEED), &json!(2)));
    let told = page.to_string();
    assert!(!told.contains(FIRM) && !told.contains("913201169900100123"), "{told}");
    assert_eq!(page["needs"][0]["province"], "320000");
    let rest = api.get(&Client::default(), "/api/v1/needs?before=2&limit=1").await.of(200);
    assert_eq!(rest["needs"][0]["number"], 1);
    let known = api.get(&firm, "/api/v1/enterprises/me").await.of(200);
    assert!(known["needs"].as_array().unwrap().contains(&json!(NEED)), "it counts for its own list, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_need_is_taken_back_by_who_published_it() {
    let api = Api::of_the_sample().await;
    let firm = api.client(Role::Enterprise, FIRM).await;
    let other = api.client(Role::Enterprise, "样例蜀香食品有限公司").await;
    api.post(&firm, "/api/v1/needs", &json!({ "text": NEED, "consent": true })).await.of(201);
    let (nobody, path) = (Client::default(), "/api/v1/needs/1");
    assert_eq!(api.get(&nobody, path).await.of(200)["text"], NEED);
    assert_eq!(api.ask(&other, "DELETE", path, None).await.problem(404), "unknown-need");
    assert_eq!(api.get(&nobody, path).await.of(200)["text"], NEED);
    api.ask(&firm, "DELETE", path, None).await.of(204);
    assert_eq!(api.ask(&firm, "DELETE", path, None).await.problem(404), "unknown-need");
    assert_eq!(api.get(&nobody, path).await.problem(404), "unknown-need");
    assert_eq!(api.get(&nobody, "/api/v1/needs").await.of(200)["needs"], json!([]));
    for number in 2..=21 {
        let body = json!({ "text": format!("{NEED}，第{number}项"), "consent": true });
        assert_eq!(api.post(&firm, "/api/v1/needs", &body).await.of(201)["number"], number);
    }
    let body = json!({ "text": format!("{NEED}，再一项"), "consent": true });
    assert_eq!(api.post(&firm, "/api/v1/needs", &body).await.problem(409), "too-many-needs");
    let actions = api.engine.trail(0, 100).await.unwrap();
    let actions: Vec<&str> = actions.iter().map(|entry| entry.entry.action.as_str()).collect();
    assert!(actions.contains(&"publish_need") && actions.contains(&"close_need"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_sees_the_needs_its_own_patents_could_meet_and_nothing_else_of_the_firm() {
    let api = Api::of_the_sample().await;
    let firm = api.client(Role::Enterprise, FIRM).await;
    let holder = api.client(Role::Holder, "样例江南理工大学").await;
    let path = "/api/v1/holdings/needs";
    assert_eq!(api.get(&holder, path).await.of(200)["needs"], json!([]));
    for text in ["泡菜脱盐产生大量含盐废水", NEED] {
        api.post(&firm, "/api/v1/needs", &json!({ "text": text, "consent": true })).await.of(201);
    }
    let met = api.get(&holder, path).await.of(200);
    let best = &met["needs"][0];
    assert_eq!(best["demand"]["text"], NEED);
    assert_eq!(best["listing"]["listing"], "202219900001.3", "{best}");
    let reasons = best["listing"]["explanation"]["reasons"].as_array().unwrap();
    assert!(reasons.iter().any(|reason| reason["text"].as_str().unwrap().contains("硅碳")), "{reasons:?}");
    for need in met["needs"].as_array().unwrap() {
        let holders = need["listing"]["details"]["patent"]["holders"].to_string();
        assert!(holders.contains("样例江南理工大学"), "{holders}");
        let kinds: Vec<&str> = need["listing"]["explanation"]["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|reason| reason["kind"].as_str().unwrap())
            .collect();
        assert!(!kinds.contains(&"fee") && !kinds.contains(&"region"), "its budget and place are not told: {kinds:?}");
    }
    let told = met.to_string();
    assert!(!told.contains(FIRM) && !told.contains("磷酸铁锂"), "{told}");
}
