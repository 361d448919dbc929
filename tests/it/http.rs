//! The HTTP door, asked in process.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use duijie::domain::Role;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::fixtures::{Catalogue, sample_enterprises, settings, today, token_of};

/// The sample behind the router.
struct Server {
    engine: Arc<duijie::engine::Engine>,
    router: Router,
    /// Staff may see every firm's recommendations.
    token: String,
    _directory: TempDir,
}

/// What came back.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Server {
    async fn of_the_sample() -> Self {
        Self::of(Catalogue::of_the_sample().await).await
    }

    /// A server without listings, which classifies as well as any.
    async fn empty() -> Self {
        Self::of(Catalogue::empty().await).await
    }

    async fn of(Catalogue { engine, directory }: Catalogue) -> Self {
        let engine = Arc::new(engine);
        let token = token_of(&engine, Role::Bureau, "审核员甲").await;
        Self { router: duijie::http::router(Arc::clone(&engine), settings()), engine, token, _directory: directory }
    }

    /// Asks what a text is; `body` need not be JSON.
    async fn classify(&self, body: impl ToString) -> Answer {
        let request = Request::post("/api/v1/classify").header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10 << 20).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into());
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header("authorization", &self.token).body(Body::empty()).unwrap()).await
    }

    async fn get_in(&self, path: &str, languages: &str) -> Answer {
        let request = Request::get(path).header("accept-language", languages).header("authorization", &self.token);
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

impl Answer {
    /// A problem of this status in the form of RFC 9457.
    fn assert_problem(&self, status: u16, asked: &str) {
        assert_eq!(self.status, status, "{asked}: {}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json", "{asked}");
        assert_eq!(self.body["status"], status, "{asked}: {}", self.body);
        assert!(self.body["type"].as_str().is_some_and(|kind| kind.starts_with("urn:duijie:problem:")), "{asked}");
        for member in ["title", "detail"] {
            assert!(self.body[member].as_str().is_some_and(|text| !text.is_empty()), "{asked}: {}", self.body);
        }
    }
}

/// A text as a part of an address.
fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn health_tells_what_the_server_holds() {
    let answer = Server::of_the_sample().await.get("/healthz").await;
    assert_eq!((answer.status, answer.body["status"].as_str()), (200, Some("ok")));
    assert_eq!((&answer.body["listings"], &answer.body["enterprises"]), (&193.into(), &51.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_over_http_is_the_search_of_the_engine() {
    let server = Server::of_the_sample().await;
    let whole = server.get(&format!("/api/v1/search?q={}&limit=100", escaped("方法"))).await;
    assert_eq!(whole.status, 200);
    let input = duijie::engine::SearchInput {
        text: "方法".into(),
        limit: 100,
        today: Some(today()),
        ..duijie::engine::SearchInput::default()
    };
    let found = server.engine.search(&input.checked().unwrap()).await.unwrap();
    let expected: Value = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
    assert!(whole.body == expected && found.total > 40, "{} hits and {}", whole.body["total"], found.total);

    let filters = "ipc=H01M&holder_kind=university,institute&patent_kind=%E5%8F%91%E6%98%8E&fee_at_most=100000";
    let some = server.get(&format!("/api/v1/search?{filters}&announced_since=2025-01-01&limit=5&offset=1")).await;
    assert_eq!(some.status, 200, "{}", some.body);
    let total = some.body["total"].as_u64().unwrap();
    assert!((2..40).contains(&total), "{total}");
    assert_eq!(some.body["hits"].as_array().unwrap().len() as u64, (total - 1).min(5));
    for hit in some.body["hits"].as_array().unwrap() {
        let symbols = hit["listing"]["patent"]["ipc"].as_array().unwrap();
        assert!(symbols.iter().any(|symbol| symbol.as_str().unwrap().starts_with("H01M")), "{hit}");
        assert!(["university", "institute"].contains(&hit["listing"]["holder_kind"].as_str().unwrap()), "{hit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_is_not_understood_is_a_problem() {
    let server = Server::of_the_sample().await;
    let long = format!("q={}", "x".repeat(1_001));
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=many",
        "offset=10001",
        "ipc=Z01",
        "field=36",
        "field=x",
        "division=999999",
        "holder_kind=king",
        "patent_kind=patent",
        "fee_at_most=-1",
        "announced_since=2025-02-30",
        "order=price",
        "limit=1&limit=2",
        &long,
    ] {
        server.get(&format!("/api/v1/search?{query}")).await.assert_problem(400, query);
    }
    let firm = format!("/api/v1/enterprises/{}/recommendations", escaped(&sample_enterprises()[0].name));
    for query in ["limit=0", "limit=101", "limit=x", "offset=1", "field=36", "industry=ZZ", "fee_at_most=-1"] {
        server.get(&format!("{firm}?{query}")).await.assert_problem(400, query);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_listing_is_found_by_any_spelling_of_its_number() {
    let server = Server::of_the_sample().await;
    for spelling in ["202219900001.3", "2022199000013", "ZL202219900001.3", "zl%202022199000013"] {
        let answer = server.get(&format!("/api/v1/listings/{spelling}")).await;
        assert_eq!((answer.status, answer.body["id"].as_str()), (200, Some("202219900001.3")), "{spelling}");
    }
    for unknown in ["202219900001.4", "201710117081.7", "x", "%20"] {
        server.get(&format!("/api/v1/listings/{unknown}")).await.assert_problem(404, unknown);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recommendations_over_http_are_those_of_the_engine_without_the_record_of_the_firm() {
    let server = Server::of_the_sample().await;
    for enterprise in sample_enterprises().into_iter().take(5) {
        let code = enterprise.credit_code.as_ref().unwrap().as_str();
        let expected = server.engine.recommend(code, 7, today()).await.unwrap();
        let answer =
            server.get(&format!("/api/v1/enterprises/{}/recommendations?limit=7", escaped(&enterprise.name))).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let given: Vec<(String, f64)> = answer.body["recommendations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (r["listing"].as_str().unwrap().to_owned(), r["score"].as_f64().unwrap()))
            .collect();
        let wanted: Vec<(String, f64)> = expected
            .recommendations
            .iter()
            .map(|r| (r.recommendation.listing.to_string(), r.recommendation.score.value()))
            .collect();
        assert_eq!(given.len(), wanted.len(), "{}", enterprise.name);
        for (given, wanted) in given.iter().zip(&wanted) {
            assert!(given.0 == wanted.0 && (given.1 - wanted.1).abs() < 1e-9, "{given:?} for {wanted:?}");
        }
        let members: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
        assert_eq!(members, ["enterprise", "recommendations"]);
        assert_eq!(answer.body["enterprise"], enterprise.name);
        let whole = answer.body.to_string();
        assert!(!whole.contains(code) && !whole.contains(&enterprise.business), "{} is given away", enterprise.name);
    }
    let ten = server.get(&format!("/api/v1/enterprises/{}/recommendations", escaped("样例蜀香食品有限公司"))).await;
    assert_eq!(ten.body["recommendations"].as_array().map(Vec::len), Some(10), "ten unless asked for more or fewer");
    let firm = escaped("样例江北锂电材料有限公司");
    let cheap = server.get(&format!("/api/v1/enterprises/{firm}/recommendations?fee_at_most=20000&limit=100")).await;
    let all = server.get(&format!("/api/v1/enterprises/{firm}/recommendations?limit=100")).await;
    let count = |answer: &Answer| answer.body["recommendations"].as_array().unwrap().len();
    assert!(0 < count(&cheap) && count(&cheap) < count(&all), "{} of {}", count(&cheap), count(&all));
    let field =
        server.get(&format!("/api/v1/enterprises/{firm}/recommendations?field=1&limit=100&industry=3841")).await;
    assert!(0 < count(&field) && count(&field) < count(&all), "{}", count(&field));
    let unknown = format!("/api/v1/enterprises/{}/recommendations", escaped("查无此企"));
    server.get(&unknown).await.assert_problem(404, &unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_addresses_and_methods_are_problems() {
    let server = Server::of_the_sample().await;
    for path in ["/", "/api", "/api/v1/listing", "/api/v1/listings/a/b", "/admin", "/api/v1/enterprises/x/y"] {
        server.get(path).await.assert_problem(404, path);
    }
    for method in ["POST", "PUT", "DELETE"] {
        let request = Request::builder().method(method).uri("/api/v1/search").body(Body::empty()).unwrap();
        server.send(request).await.assert_problem(405, method);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_are_told_in_english_to_those_who_prefer_it() {
    let server = Server::of_the_sample().await;
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for path in ["/api/v1/listings/x", "/api/v1/enterprises/x/recommendations", "/api/v1/search?limit=0"] {
        for (languages, chinese) in [("en-GB,en;q=0.9,zh;q=0.5", false), ("zh-CN,en;q=0.5", true), ("fr", true)] {
            let answer = server.get_in(path, languages).await;
            let detail = answer.body["detail"].as_str().unwrap();
            assert_eq!(is_chinese(detail), chinese, "{path} in {languages}: {detail}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_characters_never_make_the_server_fail() {
    let server = Server::of_the_sample().await;
    let long = "%E7%94%B5".repeat(3_000);
    for odd in [
        "%00",
        "%0A",
        "%ff",
        "%E4%B8",
        "%25",
        "..%2F..%2Fetc%2Fpasswd",
        "%27%3B--",
        "%22",
        "%F0%9F%92%A9",
        "%2F",
        "%",
        "%zz",
        "%EF%BB%BF",
        "%E2%80%AE",
        "*",
        "%5C",
        "%3Cb%3E",
        "+",
        "~",
        &long,
    ] {
        for path in [
            format!("/api/v1/listings/{odd}"),
            format!("/api/v1/enterprises/{odd}/recommendations"),
            format!("/api/v1/search?q={odd}"),
            format!("/api/v1/search?ipc={odd}"),
            format!("/{odd}"),
        ] {
            let request = Request::get(&path).header("authorization", &server.token);
            let Ok(request) = request.body(Body::empty()) else { continue };
            let answer = server.send(request).await;
            assert!(answer.status < 500, "{path}: {}", answer.body);
            if answer.status != 200 && !NO_TEXT.contains(&odd) {
                answer.assert_problem(answer.status, &path);
            }
        }
    }
}

/// Escapes that are no UTF-8.
const NO_TEXT: [&str; 2] = ["%ff", "%E4%B8"];

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_no_text_is_a_problem() {
    let server = Server::of_the_sample().await;
    for odd in NO_TEXT {
        for path in [format!("/api/v1/listings/{odd}"), format!("/api/v1/enterprises/{odd}/recommendations")] {
            server.get(&path).await.assert_problem(400, &path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_forbids_sniffing_storing_and_framing() {
    let server = Server::of_the_sample().await;
    for path in ["/healthz", "/api/v1/search", "/api/v1/search?limit=0", "/api/v1/listings/x", "/nowhere"] {
        let headers = server.get(path).await.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_is_classified_with_reasons_and_industries() {
    let server = Server::empty().await;
    let title = "一种锂离子电池正极材料及其制备方法";
    let answer = server.classify(json!({"title": title})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let said = &answer.body;
    assert_eq!((&said["field"], &said["field_name"]), (&1.into(), &"电机、装置、能源".into()), "{said}");
    assert_eq!((&said["source"], &said["disagrees"]), (&"words".into(), &false.into()), "{said}");
    for (list, best) in [("fields", "1"), ("subclasses", "H01M")] {
        let top = said[list]["top"].as_array().unwrap();
        assert!(top.len() == 3 && top[0]["label"] == best && !top[0]["name"].as_str().unwrap().is_empty(), "{said}");
        let probabilities: Vec<f64> = top.iter().map(|class| class["probability"].as_f64().unwrap()).collect();
        assert!(probabilities.is_sorted_by(|a, b| a >= b), "{said}");
        assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{said}");
        let terms = said[list]["terms"].as_array().unwrap();
        assert!(terms.iter().all(|term| title.contains(term["term"].as_str().unwrap())), "{said}");
        assert!(!terms.is_empty(), "{said}");
    }
    let industries = said["industries"].as_array().unwrap();
    assert!(industries.iter().any(|link| link["code"] == "38"), "{said}");
    let of_abstract = server.classify(json!({"abstract": title})).await;
    assert_eq!(of_abstract.body["field"], 1, "an abstract will do: {}", of_abstract.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn symbols_decide_the_field_and_words_that_clearly_differ_are_flagged() {
    let server = Server::empty().await;
    let answer = server.classify(json!({"title": "一种组合物", "ipc": ["H01M10/0525", "H02J7/00"]})).await;
    let said = &answer.body;
    assert_eq!((answer.status, &said["source"], &said["field"]), (200, &"ipc".into(), &1.into()), "{said}");
    assert!(!said["emerging_industries"].as_array().unwrap().is_empty(), "{said}");
    assert!(said["industries"].as_array().unwrap().iter().any(|link| link["code"] == "38"), "{said}");
    let battery = "一种锂离子电池及其充电方法";
    for (ipc, disagrees) in
        [(json!(["A23L2/02"]), true), (json!(["H01M10/44"]), false), (json!(["A23L2/02", "H02J7/00"]), false)]
    {
        let said = server.classify(json!({"title": battery, "ipc": ipc})).await.body;
        assert_eq!((&said["disagrees"], &said["source"]), (&disagrees.into(), &"ipc".into()), "{ipc}: {said}");
    }
    let alone = server.classify(json!({"ipc": ["A01C11/02"]})).await;
    assert_eq!((alone.status, &alone.body["fields"]), (200, &Value::Null), "{}", alone.body);
    assert_eq!(alone.body["field"], 29, "{}", alone.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_without_known_words_has_no_field() {
    let server = Server::empty().await;
    for title in ["，。！？", "——", "\u{200b}."] {
        let answer = server.classify(json!({"title": title})).await;
        assert_eq!(answer.status, 200, "{title}: {}", answer.body);
        for member in ["field", "field_name", "source", "fields", "subclasses"] {
            assert_eq!(answer.body[member], Value::Null, "{member} of {title}");
        }
        assert_eq!(answer.body["industries"], json!([]), "{title}");
    }
    for title in ["ภาษาไทย", "한국어"] {
        let answer = server.classify(json!({"title": title})).await;
        assert_eq!((answer.status, &answer.body["field"]), (200, &Value::Null), "{title}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_cannot_be_classified_is_a_problem() {
    let server = Server::empty().await;
    for body in [
        json!({}).to_string(),
        json!({"title": "", "abstract": " ", "ipc": []}).to_string(),
        json!({"title": "电池", "ipc": ["Z99"]}).to_string(),
        json!({"title": "电池", "ipc": [""]}).to_string(),
        json!({"title": "电池", "colour": "red"}).to_string(),
        json!({"title": 5}).to_string(),
        json!({"title": null}).to_string(),
        json!({"title": "电池", "ipc": "H01M"}).to_string(),
        json!({"title": "长".repeat(1_001)}).to_string(),
        json!({"abstract": "长".repeat(100_001)}).to_string(),
        json!({"ipc": vec!["H01M"; 101]}).to_string(),
        "电池".to_owned(),
        "{\"title\":".to_owned(),
        String::new(),
    ] {
        let asked: String = body.chars().take(60).collect();
        server.classify(body).await.assert_problem(400, &asked);
    }
    let request = Request::post("/api/v1/classify").body(Body::from("{\"title\":\"电池\"}")).unwrap();
    server.send(request).await.assert_problem(400, "no content type");
    let large = json!({"abstract": "x".repeat(1 << 20)});
    server.classify(large).await.assert_problem(413, "more than a megabyte");
    server.get("/api/v1/classify").await.assert_problem(405, "GET");
    let in_english = Request::post("/api/v1/classify").header("content-type", "application/json");
    let request = in_english.header("accept-language", "en").body(Body::from("{}")).unwrap();
    let answer = server.send(request).await;
    assert_eq!(answer.body["detail"], "give a title, an abstract or IPC symbols");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abstract_as_long_as_is_taken_is_classified_in_time() {
    let server = Server::empty().await;
    // Hardly any pair of characters comes twice.
    let scattered = |n: u64| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) % 3_000;
    let odd: String = (0..100_000).filter_map(|n| char::from_u32(0x4e00 + scattered(n) as u32)).collect();
    let start = std::time::Instant::now();
    let answer = server.classify(json!({"abstract": odd})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(start.elapsed() < std::time::Duration::from_secs(15), "{:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_is_set_beside_others_and_a_bad_one_is_named() {
    let server = Server::of_the_sample().await;
    let ask = |body: Value| {
        let request = Request::post("/api/v1/pricing").header("content-type", "application/json");
        server.send(request.body(Body::from(body.to_string())).unwrap())
    };
    let answer = ask(json!({"ipc": ["H01M10/0525"], "fee": "5万元/年", "months": 36})).await;
    assert_eq!((answer.status, &answer.body["yearly"]), (200, &json!(5_000_000)), "{}", answer.body);
    assert!(answer.body["peers"]["listings"].as_u64().unwrap() > 0 && answer.body["national"][0]["source"].is_string());
    for (body, named) in
        [(json!({"fee": "许多"}), "许多"), (json!({"field": 0}), "1 至 35"), (json!({"colour": 1}), "colour")]
    {
        let refused = ask(body).await;
        assert!(refused.status == 400 && refused.body["detail"].as_str().unwrap().contains(named), "{}", refused.body);
    }
}
