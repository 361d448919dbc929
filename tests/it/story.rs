//! The whole story over HTTP: from a holder's hands to a recorded licence, and what stands when the offer is gone.

use std::io::Read;

use duijie::domain::{AccountVerb, Actor, ApplicationNumber, CheckKind, Role};
use serde_json::{Value, json};

use crate::api::{Api, Client};
use crate::fixtures::NOW;

const HOLDER: &str = "样例江南理工大学";
const FIRM: &str = "样例江北锂电材料有限公司";

/// The number of a utility model: it needs an evaluation report.
fn number() -> String {
    ApplicationNumber::from_body("202120000001").unwrap().to_string()
}

fn offer() -> Value {
    json!({ "listing": {
        "专利号": number(), "发明名称": "一种锂离子电池用石墨烯涂覆隔膜", "专利权人": HOLDER,
        "摘要": "石墨烯涂覆隔膜，用于锂离子电池，提高隔膜耐热性", "IPC": "H01M 50/403", "许可使用费标准": "3万元/年",
        "单次许可期限": "36个月", "联系方式": "技术转移中心", "申请日": "2021-03-01",
    }})
}

async fn step(api: &Api, client: &Client, body: Value) -> Value {
    api.post(client, &format!("/api/v1/listings/{}/steps", number()), &body).await.of(200)
}

async fn check_all(api: &Api, staff: &Client, except: Option<CheckKind>) {
    for check in CheckKind::ALL.into_iter().filter(|check| Some(*check) != except) {
        let body = json!({ "step": "check", "check": check, "passed": true, "evidence": "登记簿副本 2026-11-20" });
        step(api, staff, body).await;
    }
}

async fn is_shared(api: &Api) -> bool {
    let page = api.get(&Client::default(), "/api/v1/listings?limit=500").await.of(200);
    page["listings"].as_array().unwrap().iter().any(|change| !change["listing"].is_null() && change["id"] == number())
}

async fn is_found(api: &Api) -> bool {
    let path = "/api/v1/search?q=%E7%9F%B3%E5%A2%A8%E7%83%AF%E6%B6%82%E8%A6%86%E9%9A%94%E8%86%9C&limit=100";
    let found = api.get(&Client::default(), path).await.of(200);
    found["hits"].as_array().unwrap().iter().any(|hit| hit["listing"]["id"] == number())
}

async fn is_recommended(api: &Api, firm: &Client) -> bool {
    let feed = api.get(firm, "/api/v1/enterprises/me/recommendations?limit=100").await.of(200);
    feed["recommendations"].as_array().unwrap().iter().any(|shown| shown["listing"] == number())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patent_finds_its_firm_and_the_licence_outlives_the_offer() {
    let api = Api::of_the_sample().await;
    let (holder, staff) = (api.client(Role::Holder, HOLDER).await, api.client(Role::Bureau, "审核员甲").await);
    let (firm, stranger) = (api.client(Role::Enterprise, FIRM).await, api.client(Role::Holder, "样例江北大学").await);
    let public = format!("/api/v1/listings/{}", number());

    // Handed in, found wanting, sent back.
    assert_eq!(api.post(&stranger, "/api/v1/listings", &offer()).await.problem(403), "not_the_holder");
    let handed_in = api.post(&holder, "/api/v1/listings", &offer()).await.of(201);
    assert_eq!(handed_in["listing"]["status"], "submitted");
    assert_eq!(api.get(&stranger, &format!("{public}/life")).await.problem(404), "not-yours");
    assert_eq!(api.get(&Client::default(), &public).await.status, 404, "nobody has checked it");
    let own = api.get(&holder, "/api/v1/holdings?limit=500").await.of(200);
    let own: Vec<&str> =
        own["listings"].as_array().unwrap().iter().filter_map(|own| own["listing"]["id"].as_str()).collect();
    let held = |listing: &&duijie::domain::Listing| listing.patent.holders.iter().any(|name| name == HOLDER);
    let of_file = crate::fixtures::sample_listings().iter().filter(held).count();
    assert!(own.contains(&number().as_str()) && own.len() == of_file + 1, "imported and handed in: {own:?}");
    let first = api.get(&holder, "/api/v1/holdings?limit=1").await.of(200);
    let next = api.get(&holder, &format!("/api/v1/holdings?limit=1&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!(
        (&first["listings"][0]["listing"]["id"], &next.of(200)["listings"][0]["listing"]["id"]),
        (&own[0].into(), &own[1].into())
    );
    assert_eq!(api.get(&stranger, "/api/v1/holdings").await.of(200)["listings"], json!([]));
    let queue = api.get(&staff, "/api/v1/queue").await.of(200);
    assert_eq!(queue["listings"][0]["listing"]["id"], number());
    step(&api, &staff, json!({ "step": "take_up" })).await;
    check_all(&api, &staff, Some(CheckKind::EvaluationReport)).await;
    let early = api.post(&staff, &format!("{public}/steps"), &json!({ "step": "publish" })).await;
    assert_eq!(early.problem(409), "unchecked");
    let own = api.post(&holder, &format!("{public}/steps"), &json!({ "step": "publish" })).await;
    assert_eq!(own.problem(403), "not_yours", "no holder publishes");
    step(&api, &staff, json!({ "step": "return", "reason": "请补交专利权评价报告" })).await;
    let life = api.get(&holder, &format!("{public}/life")).await.of(200);
    assert_eq!(life["life"]["reason"], "请补交专利权评价报告");

    // Corrected, verified, published: found and recommended.
    api.post(&holder, "/api/v1/listings", &offer()).await.of(201);
    step(&api, &staff, json!({ "step": "take_up" })).await;
    check_all(&api, &staff, None).await;
    let seen = api.get(&staff, &format!("{public}/life")).await.of(200)["life"]["version"].clone();
    let stale = json!({ "step": "publish", "seen": seen.as_i64().unwrap() - 1 });
    assert_eq!(api.post(&staff, &format!("{public}/steps"), &stale).await.problem(409), "changed");
    step(&api, &staff, json!({ "step": "publish", "seen": seen })).await;
    assert!(is_found(&api).await && is_shared(&api).await && is_recommended(&api, &firm).await);

    // Asked, answered, accepted.
    let question = json!({ "listing": number(), "text": "能否先提供样品？" });
    let asked = api.post(&firm, "/api/v1/enquiries", &question).await.of(201);
    let path = format!("/api/v1/enquiries/{}", asked["number"]);
    assert_eq!(api.get(&stranger, &path).await.problem(404), "unknown-enquiry");
    let answer = json!({ "text": "可以，请联系技术转移中心" });
    assert_eq!(api.post(&stranger, &format!("{path}/answer"), &answer).await.problem(404), "unknown-enquiry");
    api.post(&holder, &format!("{path}/answer"), &answer).await.of(200);
    assert_eq!(api.get(&firm, &path).await.of(200)["answer"]["text"], answer["text"]);
    let accepted = api.post(&firm, "/api/v1/licences", &json!({ "listing": number() })).await.of(201);
    assert_eq!((&accepted["state"], &accepted["due_on_acceptance"]), (&"accepted".into(), &3_000_000.into()));
    let again = api.post(&firm, "/api/v1/licences", &json!({ "listing": number() })).await;
    assert_eq!(again.problem(409), "already-licensed");
    assert!(!is_recommended(&api, &firm).await, "what it has is not pushed again");

    // Contracted, paid, recorded, worked.
    let licence = format!("/api/v1/licences/{}", accepted["number"]);
    let contract = api.get(&firm, &format!("{licence}/contract")).await;
    assert!(contract.headers["content-type"].to_str().unwrap().contains("wordprocessingml"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(contract.bytes.to_vec())).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    assert!([HOLDER, FIRM, "石墨烯涂覆隔膜", "3万元/年"].iter().all(|words| xml.contains(words)));
    let steps = format!("{licence}/steps");
    for other in [&licence, &format!("{licence}/contract")] {
        assert_eq!(api.get(&stranger, other).await.problem(404), "unknown-licence");
    }
    let record = json!({ "step": "record", "evidence": "备案 2026-0001" });
    assert_eq!(api.post(&staff, &steps, &record).await.problem(409), "not_from_here", "not paid");
    let paid = json!({ "step": "confirm_payment", "evidence": "收据 0001" });
    assert_eq!(api.post(&firm, &steps, &paid).await.problem(403), "not_yours", "nobody confirms their own payment");
    api.post(&holder, &steps, &paid).await.of(200);
    api.post(&staff, &steps, &record).await.of(200);
    assert_eq!(api.post(&firm, &steps, &json!({ "step": "begin_use" })).await.of(200)["state"], "in_use");
    let interest = api.get(&holder, &format!("{public}/interest")).await.of(200);
    assert_eq!((&interest["enquired"], &interest["licensed"], &interest["shown"]), (&1.into(), &1.into(), &0.into()));
    assert_eq!(api.get(&stranger, &format!("{public}/interest")).await.problem(404), "not-yours");
    let claim = json!({ "step": "claim", "scheme": "省专利开放许可奖补", "amount": 1_000_000 });
    let claimed = api.post(&firm, &steps, &claim).await.of(200);
    assert_eq!(claimed["flags"], json!([]), "nothing odd about it: {claimed}");

    // Withdrawn: gone everywhere at once, and the licence stands.
    let withdraw = json!({ "step": "withdraw", "reason": "专利权转让" });
    assert_eq!(step(&api, &holder, withdraw).await["listing"]["status"], "withdrawn");
    assert_eq!(api.get(&Client::default(), &public).await.status, 404);
    assert!(!is_found(&api).await && !is_shared(&api).await && !is_recommended(&api, &firm).await);
    let standing = api.get(&firm, "/api/v1/licences").await.of(200);
    assert_eq!((&standing["licences"][0]["state"], &standing["next"]), (&"in_use".into(), &Value::Null));
    assert_eq!(api.get(&holder, "/api/v1/licences").await.of(200)["licences"].as_array().map(Vec::len), Some(1));
    assert_eq!(api.get(&stranger, "/api/v1/licences").await.of(200)["licences"], json!([]));
    let late = api.post(&firm, "/api/v1/licences", &json!({ "listing": number() })).await;
    assert_eq!(late.problem(404), "unknown-listing", "nothing is accepted that is not offered");
    let trail = api.engine.check_trail().await.unwrap();
    assert!(trail.broken_at.is_none() && trail.entries > 30, "{trail:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_firm_reaches_another_firms_dealings() {
    let api = Api::of_the_sample().await;
    let (firm, other) =
        (api.client(Role::Enterprise, FIRM).await, api.client(Role::Enterprise, "样例蜀香食品有限公司").await);
    let feed = api.get(&firm, "/api/v1/enterprises/me/recommendations?limit=100").await.of(200);
    let listing = feed["recommendations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|shown| shown["details"]["terms"]["fee"]["form"] != "negotiable");
    let listing = listing.unwrap()["listing"].clone();
    let licence = api.post(&firm, "/api/v1/licences", &json!({ "listing": listing })).await.of(201);
    let asked = api.post(&firm, "/api/v1/enquiries", &json!({ "listing": listing, "text": "能否？" })).await.of(201);
    let (licence, asked) =
        (format!("/api/v1/licences/{}", licence["number"]), format!("/api/v1/enquiries/{}", asked["number"]));
    for path in [licence.clone(), format!("{licence}/contract"), asked] {
        let refused = api.get(&other, &path).await;
        let nobodys = api.get(&other, &path.replace("/1", "/99")).await;
        assert_eq!((refused.status, nobodys.status), (404, 404), "{path}");
        let text = String::from_utf8_lossy(&refused.bytes).replace("第 1", "第 99");
        assert_eq!(text, String::from_utf8_lossy(&nobodys.bytes), "another's is not told from nobody's");
    }
    let cancel = api.post(&other, &format!("{licence}/steps"), &json!({ "step": "cancel" })).await;
    assert_eq!(cancel.problem(404), "unknown-licence");
    for list in ["/api/v1/licences", "/api/v1/enquiries"] {
        let page = api.get(&other, list).await.of(200);
        assert!(page.as_object().unwrap().values().all(|value| value.is_null() || *value == json!([])), "{page}");
    }
    for (body, kind) in [
        (json!({ "listing": listing, "text": " " }), "enquiry-text"),
        (json!({ "listing": listing, "text": "字".repeat(2_001) }), "enquiry-text"),
    ] {
        assert_eq!(api.post(&other, "/api/v1/enquiries", &body).await.problem(422), kind);
    }
    for odd in ["x", "-1", "0", "99999999999999999999", "1;DROP TABLE licence", "%00"] {
        let answer = api.get(&other, &format!("/api/v1/licences/{}", odd.replace(' ', "%20"))).await;
        assert!([400, 404].contains(&answer.status), "{odd}: {}", answer.status);
    }
    // Somebody who is shut out is out everywhere.
    let login = api.get(&firm, "/api/v1/session").await.of(200)["account"]["login"].as_str().unwrap().to_owned();
    api.engine.change_account(&login, AccountVerb::Disable, &Actor::operator("运营员"), NOW).await.unwrap();
    assert_eq!(api.get(&firm, &licence).await.problem(401), "session-ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_under_one_key_is_done_once() {
    let api = Api::of_the_sample().await;
    let mut firm = api.client(Role::Enterprise, FIRM).await;
    let other = api.client(Role::Enterprise, "样例蜀香食品有限公司").await;
    let listing = crate::fixtures::sample_listings()[0].id.to_string();
    let question = |text: &str| json!({ "listing": listing, "text": text });
    firm.headers.push(("idempotency-key", "k-1".into()));
    assert_eq!(api.post(&firm, "/api/v1/enquiries", &question(" ")).await.problem(422), "enquiry-text");
    let first = api.post(&firm, "/api/v1/enquiries", &question("能否？")).await;
    let again = api.post(&firm, "/api/v1/enquiries", &question("能否？")).await;
    assert_eq!((first.of(201), first.bytes), (again.of(201), again.bytes), "what failed left the key free");
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let another = api.post(&firm, "/api/v1/enquiries", &question("另一问")).await;
    assert_eq!(another.problem(422), "idempotency-key-reused");
    let kept = api.get(&firm, "/api/v1/enquiries").await.of(200);
    assert_eq!(kept["enquiries"].as_array().map(Vec::len), Some(1), "asked once");
    let mut same_key = other.clone();
    same_key.headers.push(("idempotency-key", "k-1".into()));
    assert_eq!(api.post(&same_key, "/api/v1/enquiries", &question("能否？")).await.of(201)["number"], 2, "its own key");
    let mut long = other;
    long.headers.push(("idempotency-key", "x".repeat(256)));
    assert_eq!(api.post(&long, "/api/v1/enquiries", &question("能否？")).await.problem(400), "bad-request");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_none_are_refused_and_change_nothing() {
    let api = Api::of_the_sample().await;
    let (holder, firm) = (api.client(Role::Holder, HOLDER).await, api.client(Role::Enterprise, FIRM).await);
    let entries = api.engine.check_trail().await.unwrap().entries;
    for (client, path, body) in [
        (&holder, "/api/v1/listings", json!([])),
        (&holder, "/api/v1/listings", json!({ "listing": 1 })),
        (&holder, "/api/v1/listings", json!({ "listing": {}, "publish": true })),
        (&firm, "/api/v1/licences", json!({})),
        (&firm, "/api/v1/licences", json!({ "listing": null })),
        (&firm, "/api/v1/licences", json!({ "listing": "x", "price": 0 })),
    ] {
        assert_eq!(api.post(client, path, &body).await.problem(400), "bad-request", "{body}");
    }
    let empty = api.post(&holder, "/api/v1/listings", &json!({ "listing": {} })).await;
    assert!(empty.problem(422) == "refused" && !empty.json()["errors"].as_array().unwrap().is_empty());
    let huge = json!({ "listing": { "发明名称": "字".repeat(400_000) } });
    assert_eq!(api.post(&holder, "/api/v1/listings", &huge).await.status, 413);
    for injected in ["'; DROP TABLE licence; --", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\u{0}"] {
        let answer = api.post(&firm, "/api/v1/licences", &json!({ "listing": injected })).await;
        assert_eq!(answer.problem(404), "unknown-listing", "{injected}");
    }
    assert_eq!(api.engine.check_trail().await.unwrap().entries, entries, "nothing has changed");
}
