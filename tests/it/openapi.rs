//! The interface's own description: true of the routes there are, whole, and readable.

use std::collections::BTreeSet;

use duijie::http::{Access, ROUTES};
use serde_json::Value;

use crate::api::{Api, Client};

/// Every text under a key of this name, anywhere.
fn all<'json>(value: &'json Value, key: &str, found: &mut Vec<&'json Value>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(name, inner)| {
            if name == key {
                found.push(inner);
            }
            all(inner, key, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| all(item, key, found)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_described_with_who_may_use_it_and_nothing_else_is() {
    let api = Api::of_the_sample().await;
    let document = api.get(&Client::default(), "/api/v1/openapi.json").await.of(200);
    assert_eq!(document["openapi"], "3.1.0");
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            described.insert((method.to_uppercase(), path.clone()));
            let told = format!("{method} {path}: {operation}");
            assert!(
                operation["responses"].as_object().unwrap().keys().any(|status| status.starts_with(['2', '3'])),
                "{told}"
            );
            assert_eq!(
                operation["responses"]["default"]["content"]["application/problem+json"]["schema"]["$ref"],
                "#/components/schemas/Problem"
            );
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{told}");
            let parameters = operation["parameters"].as_array();
            let in_path = parameters.into_iter().flatten().filter(|parameter| parameter["in"] == "path").count();
            assert_eq!(in_path, path.matches('{').count(), "{told}");
        }
    }
    let routes = ROUTES.iter().map(|route| (route.method.to_owned(), route.path.to_owned())).collect();
    assert_eq!(described, routes);
    for route in ROUTES {
        let operation = &document["paths"][route.path][route.method.to_lowercase()];
        let is_open = matches!(route.access, Access::Anyone | Access::Newcomer);
        assert_eq!(operation["security"].is_null(), is_open, "{} {}", route.method, route.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_description_refers_to_is_there_and_names_are_given_once() {
    let api = Api::of_the_sample().await;
    let document = api.get(&Client::default(), "/api/v1/openapi.json").await.of(200);
    let (mut references, mut names) = (Vec::new(), Vec::new());
    all(&document, "$ref", &mut references);
    assert!(references.len() > 100, "{} references", references.len());
    for reference in references {
        let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    all(&document["paths"], "operationId", &mut names);
    let unique: BTreeSet<String> = names.iter().map(ToString::to_string).collect();
    assert_eq!((unique.len(), names.len()), (ROUTES.len(), ROUTES.len()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_lists_every_route_and_lets_no_other_script_in() {
    let api = Api::of_the_sample().await;
    let answer = api.get(&Client::default(), "/api/v1/reference").await;
    assert_eq!((answer.status, &answer.headers["content-type"]), (200, &"text/html; charset=utf-8".parse().unwrap()));
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe-eval"), "{policy}");
    let html = String::from_utf8(answer.bytes.to_vec()).unwrap();
    for route in ROUTES {
        assert!(html.contains(&format!("<tr><td>{}<td><code>{}</code>", route.method, route.path)), "{}", route.path);
    }
    assert_eq!(html.matches("</script>").count(), 2, "no description ends the element it stands in");
    assert!(html.contains("integrity=\"sha384-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_uses_the_wrong_method_is_told_the_right_ones() {
    let api = Api::of_the_sample().await;
    for (method, path, allowed) in [("DELETE", "/api/v1/search", "GET"), ("PATCH", "/api/v1/listings", "POST")] {
        let answer = api.ask(&Client::default(), method, path, None).await;
        assert_eq!(answer.problem(405), "no-such-method");
        assert!(answer.headers["allow"].to_str().unwrap().contains(allowed), "{:?}", answer.headers);
    }
}
