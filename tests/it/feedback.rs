//! What firms do with their lists: taken in once, learnt from, shown, and taken back without a trace.

use std::fmt::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use duijie::domain::{
    DeclineCode, Delivery, DeliveryRefusal, Enterprise, EnterpriseId, FeedbackEvent, FeedbackKind, ListingId,
};
use duijie::engine::{Engine, EngineError};
use duijie::store::Store;

use crate::fixtures::{Catalogue, Running, command, duijie, sample_enterprises, text, today};

const LENGTH: usize = 20;
/// 2026-11-22 in China.
const NOW: i64 = 1_795_310_000;

type List = Vec<(ListingId, u64)>;

async fn list(engine: &Engine, firm: &Enterprise) -> List {
    let answer = engine.recommend(firm.id.as_str(), LENGTH, today()).await.unwrap();
    let row = |r: duijie::engine::Recommended| (r.recommendation.listing, r.recommendation.score.value().to_bits());
    answer.recommendations.into_iter().map(row).collect()
}

fn event(id: &str, delivery: &Delivery, place: usize, kind: FeedbackKind) -> FeedbackEvent {
    let (id, delivery, listing) = (id.parse().unwrap(), delivery.id.clone(), delivery.listings[place].clone());
    FeedbackEvent { id, delivery, listing, kind, at: NOW + 10 }
}

/// The stored lists, by enterprise.
async fn stored(catalogue: &Catalogue) -> Vec<(EnterpriseId, List)> {
    let store = Store::open_existing(catalogue.directory.path()).await.unwrap();
    let lists = store.match_lists(None, 1_000).await.unwrap();
    store.close().await;
    let of = |list: duijie::store::MatchList| {
        let rows = list.listings.into_iter().take(LENGTH).map(|(id, score)| (id, score.value().to_bits()));
        (list.enterprise, rows.collect())
    };
    lists.into_iter().map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_learns_stored_lists_follow_and_undoing_brings_back_what_was() {
    let catalogue = Catalogue::of_the_sample().await;
    let engine = &catalogue.engine;
    let firms = sample_enterprises();
    let (firm, other) = (&firms[0], &firms[1]);
    engine.match_all(LENGTH, today(), &|_| ()).await.unwrap();
    let (before, untouched, batch) = (list(engine, firm).await, list(engine, other).await, stored(&catalogue).await);
    let (shown, delivery) = engine.deliver(firm.id.as_str(), LENGTH, today(), NOW).await.unwrap();
    assert_eq!(shown.recommendations.len(), LENGTH);
    assert_eq!(list(engine, firm).await, before, "showing a list changes nothing");

    let foreign = FeedbackKind::Declined(DeclineCode::NotOurField);
    let events = [
        event("e1", &delivery, 3, FeedbackKind::Saved),
        event("e2", &delivery, 0, foreign),
        event("e3", &delivery, 1, FeedbackKind::Licensed),
        event("e4", &delivery, 2, FeedbackKind::Declined(DeclineCode::TooDear)),
    ];
    for event in &events {
        assert!(engine.take_event(event.clone(), NOW + 20).await.unwrap());
        assert!(!engine.take_event(event.clone(), NOW + 20).await.unwrap(), "a replay is nothing new");
    }
    let taught = list(engine, firm).await;
    for place in [0, 1, 2] {
        assert!(taught.iter().all(|(id, _)| *id != delivery.listings[place]), "place {place} is not shown again");
    }
    let place = |list: &List| list.iter().position(|(id, _)| *id == delivery.listings[3]).unwrap();
    assert!(place(&taught) < place(&before));
    assert_eq!(list(engine, other).await, untouched);

    let report = engine.match_changes(LENGTH, today(), &|_| ()).await.unwrap();
    assert_eq!((report.matched, report.why_all), (1, None));
    let now = stored(&catalogue).await;
    assert_eq!(now.iter().find(|(id, _)| *id == firm.id).unwrap().1, taught, "the batch gives the same list");

    let learnt = engine.show_feedback(firm.id.as_str()).await.unwrap();
    assert_eq!((learnt.events, learnt.withdrawn, learnt.listings.len()), (4, 0, 4));
    assert!(learnt.words.iter().any(|term| term.now > term.before), "{learnt:?}");
    assert_eq!(learnt.listings.iter().filter(|taught| taught.weight < 0.0).count(), 1);

    let unknown = engine.undo_feedback(firm.id.as_str(), Some(&"e9".parse().unwrap()), NOW + 30).await;
    assert!(matches!(unknown, Err(EngineError::UnknownEvent { .. })));
    let one = engine.undo_feedback(firm.id.as_str(), Some(&events[1].id), NOW + 30).await.unwrap();
    let rest = engine.undo_feedback(firm.id.as_str(), None, NOW + 40).await.unwrap();
    let again = engine.undo_feedback(firm.id.as_str(), None, NOW + 50).await.unwrap();
    assert_eq!((one, rest, again), (1, 3, 0));
    assert_eq!(list(engine, firm).await, before, "to the last bit");
    engine.match_changes(LENGTH, today(), &|_| ()).await.unwrap();
    assert_eq!(stored(&catalogue).await, batch);
    assert_eq!(engine.show_feedback(firm.id.as_str()).await.unwrap().withdrawn, 4, "nothing is deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_runs_backwards_is_told_and_changes_nothing() {
    let catalogue = Catalogue::of_the_sample().await;
    let (engine, firm) = (&catalogue.engine, &sample_enterprises()[0]);
    let (_, delivery) = engine.deliver(firm.id.as_str(), 5, today(), NOW).await.unwrap();
    let earlier = engine.deliver(firm.id.as_str(), 5, today(), NOW - 1).await;
    assert!(
        matches!(earlier, Err(EngineError::Delivery(DeliveryRefusal::ClockBackwards { now, latest: NOW, .. })) if now == NOW - 1)
    );
    let before = list(engine, firm).await;
    for (at, now, code) in [(NOW - 1, NOW + 20, "before_delivery"), (NOW + 21, NOW + 20, "after_now")] {
        let late = FeedbackEvent { at, ..event("e1", &delivery, 0, FeedbackKind::Saved) };
        let refused = engine.take_event(late, now).await;
        assert!(matches!(&refused, Err(EngineError::Feedback(refusal)) if refusal.code() == code), "{refused:?}");
    }
    assert_eq!(list(engine, firm).await, before);
    assert_eq!(engine.show_feedback(firm.id.as_str()).await.unwrap().events, 0);
}

/// A catalogue on disk with one recorded delivery of ten listings, by the command.
async fn delivered() -> (Catalogue, String, Vec<String>) {
    let catalogue = Catalogue::of_the_sample().await;
    let firm = sample_enterprises()[0].id.to_string();
    let at = ["--data-dir", text(catalogue.directory.path()), "--json"];
    let said = duijie(&[&["recommend", &firm, "--today", "2026-11-22", "--record"], &at[..]].concat());
    let answer = said.json();
    let listing = |row: &serde_json::Value| row["listing"].as_str().unwrap().to_owned();
    let listings = answer["recommendations"].as_array().unwrap().iter().map(listing).collect();
    (catalogue, answer["delivery"].as_str().unwrap().to_owned(), listings)
}

fn import(folder: &Path, file: &str) -> serde_json::Value {
    let said = duijie(&["feedback", "import", file, "--data-dir", text(folder), "--json"]);
    said.json()
}

/// Now, by the machine: the command asks it too.
fn now() -> i64 {
    duijie::engine::now()
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_of_feedback_are_counted_by_reason_and_good_ones_beside_them_survive() {
    let (catalogue, delivery, listings) = delivered().await;
    let folder = catalogue.directory.path();
    let (a, b, at) = (&listings[0], &listings[1], now());
    let rows = format!(
        "event,delivery,listing,kind,code,at\n\
         e1,{delivery},{a},saved,,{at}\n\
         e2,d-nobody,{a},saved,,{at}\n\
         e3,{delivery},CN0,saved,,{at}\n\
         e4,{delivery},{a},liked,,{at}\n\
         e5,{delivery},{b},declined,,{at}\n\
         e6,{delivery},{b},declined,ugly,{at}\n\
         e7,{delivery},{b},opened,,2020-01-01T00:00:00Z\n\
         e8,{delivery},{b},opened,,2199-01-01T00:00:00Z\n\
         e9,{delivery},{b},opened,,yesterday\n\
         e1,{delivery},{a},saved,,{at}\n\
         e1,{delivery},{b},saved,,{at}\n\
         e10,{delivery},{b},拒绝,费用过高,{at}\n"
    );
    let file = folder.join("events.csv");
    std::fs::write(&file, rows).unwrap();
    let report = import(folder, text(&file));
    let counts = ["read", "accepted", "replayed", "rejected"].map(|name| report[name].as_u64().unwrap());
    assert_eq!(counts, [12, 2, 1, 9], "{report}");
    let reasons = [
        "unknown_delivery",
        "not_delivered",
        "unknown_kind",
        "decline_without_code",
        "unknown_decline_code",
        "before_delivery",
        "after_now",
        "bad_moment",
        "contradiction",
    ];
    for reason in reasons {
        assert_eq!(report["rejected_by_reason"][reason], 1, "{reason} in {report}");
    }
    let again = import(folder, text(&file));
    let counts = ["accepted", "replayed", "rejected"].map(|name| again[name].as_u64().unwrap());
    assert_eq!(counts, [0, 3, 9], "given again it changes nothing");
    let firm = sample_enterprises()[0].id.to_string();
    let said = duijie(&["feedback", "show", &firm, "--data-dir", text(folder)]);
    assert!(
        said.out.contains("有效事件 2 个") && said.out.contains("拒绝：费用过高，不再推荐"),
        "{}{}",
        said.out,
        said.err
    );
    let said = duijie(&["feedback", "undo", &firm, "--all", "--data-dir", text(folder), "--json"]);
    assert_eq!(said.json()["withdrawn"], 2);
    assert_eq!(duijie(&["feedback", "undo", &firm, "--data-dir", text(folder)]).code, 2, "say what to undo");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_feedback_killed_in_the_middle_loses_nothing_that_was_kept() {
    const EVENTS: usize = 30_000;
    let (catalogue, delivery, listings) = delivered().await;
    let (folder, at) = (catalogue.directory.path(), now());
    let mut rows = String::from("event,delivery,listing,kind,at\n");
    for number in 0..EVENTS {
        writeln!(rows, "e{number},{delivery},{},opened,{at}", listings[number % listings.len()]).unwrap();
    }
    let file = folder.join("events.csv");
    std::fs::write(&file, rows).unwrap();
    let firm = sample_enterprises()[0].id.clone();
    let store = Store::open_existing(folder).await.unwrap();
    let kept = async || store.feedback(&[&firm]).await.map_or(0, |events| events.len());
    let mut arguments = command(&["feedback", "import", text(&file), "--data-dir", text(folder)]);
    let mut running = Running(arguments.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let start = Instant::now();
    while kept().await == 0 {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing was kept");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.0.kill().unwrap();
    assert!(!running.0.wait().unwrap().success(), "the process had ended before it was killed");
    let before = kept().await;
    assert!(before > 0 && before < EVENTS && before % 1_000 == 0, "whole batches: {before}");
    let report = import(folder, text(&file));
    assert_eq!(
        (report["replayed"].as_u64(), report["accepted"].as_u64()),
        (Some(before as u64), Some((EVENTS - before) as u64))
    );
    assert_eq!(kept().await, EVENTS);
}
