//! Searches that people keep.

use duijie::domain::Role;
use serde_json::{Value, json};

use crate::api::Api;

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_search_finds_what_its_address_finds_and_is_its_owners_alone() {
    let api = Api::of_the_sample().await;
    let firm = api.client(Role::Enterprise, "样例江北锂电材料有限公司").await;
    let other = api.client(Role::Enterprise, "样例蜀香食品有限公司").await;
    let save = async |label: &str, query: &str| {
        api.post(&firm, "/api/v1/searches", &json!({ "label": label, "query": query })).await
    };
    let query = "q=%E7%94%B5%E6%B1%A0&fee_at_most=20000&limit=3";
    let saved = save(" 电池 ", &format!("?{query}")).await.of(201);
    assert_eq!(saved, json!({ "number": 1, "label": "电池", "query": query, "saved_at": saved["saved_at"] }));
    let found = api.get(&firm, "/api/v1/searches/1").await.of(200);
    assert_eq!(found, api.get(&firm, &format!("/api/v1/search?{query}")).await.of(200));
    assert!(!found["hits"].as_array().unwrap().is_empty());

    for wrong in ["limit=0", "colour=red", "field=36", "q=电池 隔膜\n", "#top", "limit=x"] {
        assert_eq!(save("x", wrong).await.problem(400), "bad-request", "{wrong}");
    }
    for (label, query) in [("", "q=x"), (&*"字".repeat(61), "q=x"), ("x", &*format!("q={}", "x".repeat(2_000)))] {
        assert_eq!(save(label, query).await.problem(422), "search-label");
    }
    assert_eq!(api.get(&firm, "/api/v1/searches").await.of(200)["searches"], Value::from(vec![saved]));
    assert_eq!(api.get(&other, "/api/v1/searches").await.of(200)["searches"], json!([]));
    assert_eq!(api.get(&other, "/api/v1/searches/1").await.problem(404), "unknown-search");
    assert_eq!(api.ask(&other, "DELETE", "/api/v1/searches/1", None).await.problem(404), "unknown-search");
    for _ in 0..49 {
        save("又一项", "q=x").await.of(201);
    }
    assert_eq!(save("再一项", "q=x").await.problem(409), "too-many-searches");
    api.ask(&firm, "DELETE", "/api/v1/searches/1", None).await.of(204);
    assert_eq!(api.get(&firm, "/api/v1/searches/1").await.problem(404), "unknown-search");
    assert_eq!(save("再一项", "q=x").await.of(201)["number"], 51, "no number is given twice");
}
