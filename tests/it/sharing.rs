//! What partner platforms take over.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use duijie::domain::{Actor, LifeStep, ListingId, Moment};
use duijie::engine::{Engine, ImportKind};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::fixtures::{Catalogue, HEADER, rows, sample_listings, settings, today};

struct Partner {
    engine: Arc<Engine>,
    router: Router,
    directory: TempDir,
    /// What it has taken over.
    copy: BTreeMap<String, Value>,
    next: i64,
}

impl Partner {
    async fn of_the_sample() -> Self {
        let Catalogue { engine, directory } = Catalogue::of_the_sample().await;
        let engine = Arc::new(engine);
        let router = duijie::http::router(Arc::clone(&engine), settings());
        Self { engine, router, directory, copy: BTreeMap::new(), next: 0 }
    }

    async fn get(&self, path: &str, tag: Option<&str>) -> (u16, HeaderMap, Value) {
        let mut request = Request::get(path);
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10 << 20).await.unwrap();
        (parts.status.as_u16(), parts.headers, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// Takes over everything there is; returns how many changes came.
    async fn follow(&mut self) -> usize {
        let mut changes = 0;
        loop {
            let path = format!("/api/v1/listings?updated_since={}&limit=37", self.next);
            let (status, _, page) = self.get(&path, None).await;
            assert_eq!(status, 200, "{page}");
            for change in page["listings"].as_array().unwrap() {
                changes += 1;
                let id = change["id"].as_str().unwrap().to_owned();
                match &change["listing"] {
                    Value::Null => drop(self.copy.remove(&id)),
                    listing => drop(self.copy.insert(id, listing.clone())),
                }
            }
            self.next = page["next"].as_i64().unwrap();
            if page["more"] == false {
                return changes;
            }
        }
    }

    async fn step(&self, id: &ListingId, step: LifeStep) {
        let at = Moment { today: today(), now: 1_000 };
        self.engine.take_step(id.as_str(), step, &Actor::bureau("审核员甲"), None, at).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_has_what_is_on_offer_and_loses_what_is_gone() {
    let mut partner = Partner::of_the_sample().await;
    partner.follow().await;
    let mut on_offer = Vec::new();
    for listing in sample_listings() {
        if partner.engine.listing(listing.id.as_str(), today()).await.is_ok() {
            on_offer.push(listing.id.to_string());
        }
    }
    on_offer.sort();
    assert_eq!(partner.copy.keys().cloned().collect::<Vec<_>>(), on_offer);
    let first: ListingId = on_offer[0].parse().unwrap();
    partner.step(&first, LifeStep::Suspend("待核实".into())).await;
    assert_eq!(partner.follow().await, 1);
    assert!(!partner.copy.contains_key(first.as_str()));
    partner.step(&first, LifeStep::Resume(String::new())).await;
    assert_eq!(partner.follow().await, 1);
    assert!(partner.copy.contains_key(first.as_str()));
    assert_eq!(partner.follow().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_of_what_was_never_published() {
    let mut partner = Partner::of_the_sample().await;
    partner.follow().await;
    let file = partner.directory.path().join("declared.csv");
    std::fs::write(&file, format!("{HEADER}{}", rows(1, 2))).unwrap();
    let listing = duijie::ingest::open_listings(&file).unwrap().next().unwrap().outcome.unwrap();
    let holder = Actor::holder(&listing.patent.holders[0]);
    let at = Moment { today: today(), now: 1_000 };
    let report = partner.engine.submit_listings(&file, &holder, true, at).await.unwrap();
    assert_eq!(report.taken.len(), 1, "{report:?}");
    partner.step(&listing.id, LifeStep::Withdraw("撤回".into())).await;
    assert_eq!(partner.follow().await, 0, "handed in and taken back before anyone saw it");
    let patents = partner.directory.path().join("patents.csv");
    std::fs::write(&patents, "公开号,发明名称\nCN109000001A,一种隔膜\n").unwrap();
    partner.engine.import(&patents, ImportKind::Patents, 1_000, &|_| ()).await.unwrap();
    assert_eq!(partner.follow().await, 0, "a plain patent is no offer");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_not_sent_twice_and_a_place_that_is_none_is_a_problem() {
    let partner = Partner::of_the_sample().await;
    let (status, headers, _) = partner.get("/api/v1/listings", None).await;
    assert_eq!((status, &headers["access-control-allow-origin"]), (200, &"*".parse().unwrap()));
    let tag = headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(partner.get("/api/v1/listings", Some(&format!("\"x\", W/{tag}"))).await.0, 304);
    partner.step(&sample_listings()[0].id, LifeStep::Suspend("待核实".into())).await;
    assert_eq!(partner.get("/api/v1/listings", Some(&tag)).await.0, 200, "something changed");
    for (query, status) in
        [("updated_since=999999", 409), ("updated_since=-1", 409), ("limit=0", 400), ("limit=501", 400), ("x=1", 400)]
    {
        assert_eq!(partner.get(&format!("/api/v1/listings?{query}"), None).await.0, status, "{query}");
    }
    let (status, _, ready) = partner.get("/readyz", None).await;
    assert_eq!((status, &ready["changes_behind"]), (200, &0.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_atom_feed_has_what_is_on_offer_and_hostile_text_is_text() {
    let partner = Partner::of_the_sample().await;
    let take = async || {
        let request = Request::get("/api/v1/listings.atom").body(Body::empty()).unwrap();
        let response = partner.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/atom+xml; charset=utf-8");
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        let tag = response.headers()["etag"].to_str().unwrap().to_owned();
        (tag, String::from_utf8(to_bytes(response.into_body(), 10 << 20).await.unwrap().to_vec()).unwrap())
    };
    let titles = |xml: &str| -> Vec<String> {
        let document = roxmltree::Document::parse(xml).unwrap();
        let entries = document
            .root_element()
            .children()
            .filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "entry")));
        let title = |entry: roxmltree::Node<'_, '_>| {
            let named = |name: &str| entry.children().find(|node| node.tag_name().name() == name).unwrap();
            assert!(named("id").text().unwrap().starts_with("urn:duijie:listing:"));
            assert!(named("updated").text().unwrap().ends_with("T00:00:00+08:00"), "{:?}", named("updated").text());
            named("title").text().unwrap().to_owned()
        };
        entries.map(title).collect()
    };
    let (tag, xml) = take().await;
    let before = titles(&xml);
    assert!(before.len() > 100, "{} entries", before.len());
    let (status, _, _) = partner.get("/api/v1/listings.atom", Some(&tag)).await;
    assert_eq!(status, 304);

    let hostile = "<script>alert('甲')</script>&amp;]]>";
    let path = partner.directory.path().join("new.csv");
    std::fs::write(&path, format!("{HEADER}{}", rows(1, 2).replacen('第', &format!("{hostile}第"), 1))).unwrap();
    partner.engine.import(&path, ImportKind::Listings, 1_000, &|_| ()).await.unwrap();
    let (other, xml) = take().await;
    assert_ne!(tag, other);
    assert!(!xml.contains("<script>"));
    assert!(titles(&xml)[0].starts_with(hostile), "the newest comes first: {:?}", titles(&xml)[0]);
}
