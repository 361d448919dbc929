//! What no list may do: planted, it is found and named, and ends with 1; without it, nothing is found.

use std::io::Write;

use duijie::domain::{DeclineCode, FeedbackEvent, FeedbackKind};
use duijie::engine::Wrong;
use duijie::store::Store;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::fixtures::{Catalogue, duijie, sample_enterprises, text, today};

const LENGTH: usize = 20;
/// 2026-11-22 in China.
const NOW: i64 = 1_795_310_000;

fn zipped(path: &std::path::Path, rows: &[Value]) {
    let mut file = GzEncoder::new(std::fs::File::create(path).unwrap(), Compression::fast());
    rows.iter().for_each(|row| writeln!(file, "{row}").unwrap());
    file.finish().unwrap();
}

#[test]
fn a_run_that_serves_a_firm_its_own_patent_is_told_of_and_ours_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (set, firm) = (folder.path().join("tiny"), "样例一号有限公司");
    std::fs::create_dir(&set).unwrap();
    let listing = |id: &str, holder: &str| json!({"id": id, "title": "硅碳负极材料的制备方法", "assignee": holder});
    zipped(&set.join("listings.jsonl.gz"), &[listing("L1", firm), listing("L2", "样例二号有限公司")]);
    zipped(&set.join("enterprises.jsonl.gz"), &[json!({"id": "n1", "name": firm, "products": ["硅碳负极材料"]})]);
    std::fs::write(set.join("qrels.txt"), "n1 0 L2 1\n").unwrap();
    let (run, report) = (folder.path().join("a.run"), folder.path().join("report"));
    std::fs::write(&run, "n1 Q0 L1 1 2 x\nn1 Q0 L2 2 1 x\n").unwrap();
    let said = duijie(&["eval", "score", text(&set), text(&run), "--report", text(&report), "--json"]).json();
    assert_eq!(
        said["audit"],
        json!({
            "ineligible-served": 1, "over-cap": 0, "already-licensed": 0, "duplicates-served": 0,
            "offenders": [{"enterprise": "n1", "listing": "L1", "wrong": {"ineligible": "own_patent"}}],
        })
    );
    let html = std::fs::read_to_string(report.join("report.html")).unwrap();
    assert!(html.contains("不得出现的情况"), "{html}");
    let told = duijie(&["eval", "score", text(&set), text(&run)]).out;
    assert!(told.contains("ineligible-served 1") && told.contains("n1  L1  企业自有专利"), "{told}");
    let ours = duijie(&["eval", "run", text(&set), "--json"]).json();
    assert_eq!((&ours["audit"]["ineligible-served"], ours["audit"].get("offenders")), (&json!(0), None), "{ours}");
    let floors = folder.path().join("floors.json");
    std::fs::write(&floors, r#"{"tiny": {"mrr": 1, "exposure-gini@20": {"most": 0.4}}}"#).unwrap();
    let gate = duijie(&["eval", "gate", text(&floors), "--sets", text(folder.path()), "--lang", "en"]);
    let line = gate.out.lines().find(|line| line.contains("is above its ceiling")).unwrap_or_default();
    assert!(gate.code == 1 && line.starts_with("tiny exposure-gini@20 0.5000"), "{}{}", gate.out, gate.err);
    assert_eq!(gate.out.matches("keeps to its ceiling 0\n").count(), 4, "the zeros need no entry: {}", gate.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_lists_are_held_to_what_is_so_today_and_each_fault_is_named() {
    let catalogue = Catalogue::of_the_sample().await;
    let engine = &catalogue.engine;
    engine.match_all(LENGTH, today(), &|_| ()).await.unwrap();
    let clean = engine.audit_matches(today(), None).await.unwrap();
    assert!(clean.audit.zeros.hold() && clean.audit.offenders.is_empty() && clean.places > 100, "{clean:?}");
    let capped = engine.audit_matches(today(), Some(1)).await.unwrap().audit;
    assert!(capped.zeros.over_cap > 0 && matches!(capped.offenders[0].wrong, Wrong::OverCap { most: 1, .. }));

    let firm = &sample_enterprises()[0];
    let (_, delivery) = engine.deliver(firm.id.as_str(), LENGTH, today(), NOW).await.unwrap();
    for (id, place, kind) in
        [("e1", 0, FeedbackKind::Licensed), ("e2", 1, FeedbackKind::Declined(DeclineCode::TooDear))]
    {
        let (id, listing) = (id.parse().unwrap(), delivery.listings[place].clone());
        let event = FeedbackEvent { id, delivery: delivery.id.clone(), listing, kind, at: NOW + 10 };
        assert!(engine.take_event(event, NOW + 20).await.unwrap());
    }
    let stale = engine.audit_matches(today(), None).await.unwrap().audit;
    assert_eq!((stale.zeros.already_licensed, stale.zeros.ineligible_served), (1, 1), "{stale:?}");
    let named: Vec<_> = stale.offenders.iter().map(|offender| &offender.listing).collect();
    assert_eq!(named, [&delivery.listings[0], &delivery.listings[1]]);
    engine.match_changes(LENGTH, today(), &|_| ()).await.unwrap();
    assert!(engine.audit_matches(today(), None).await.unwrap().audit.zeros.hold(), "changes were worked in");

    let store = Store::open_existing(catalogue.directory.path()).await.unwrap();
    let mut lists = store.match_lists(None, 1).await.unwrap();
    let first = lists[0].listings[0].clone();
    lists[0].listings.insert(1, first);
    store.adjust_matches(&store.lock_for_writing().await.unwrap(), &lists).await.unwrap();
    store.close().await;
    let twice = engine.audit_matches(today(), None).await.unwrap().audit;
    assert_eq!(twice.zeros.named().map(|(_, count)| count), [0, 0, 0, 1], "{twice:?}");
    let Catalogue { engine, directory } = catalogue;
    engine.close().await;
    let audit = |more: &[&str]| {
        let data = ["--data-dir", text(directory.path())];
        duijie(&[&["match", "audit", "--day", "2026-11-22"], &data[..], more].concat())
    };
    let said = audit(&["--lang", "en"]);
    assert!(
        said.code == 1 && said.out.contains("duplicates-served 1") && said.out.contains("further up"),
        "{}",
        said.out
    );
    let json = audit(&["--json", "--most", "100000"]).json();
    assert_eq!((&json["duplicates-served"], &json["over-cap"]), (&json!(1), &json!(0)));
    assert_eq!(json["day"], "2026-11-22");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_on_which_offers_have_ended_finds_them_and_says_what_to_do() {
    let Catalogue { engine, directory } = Catalogue::of_the_sample().await;
    engine.close().await;
    let data = ["--data-dir", text(directory.path())];
    let early = duijie(&[&["match", "audit"], &data[..]].concat());
    assert!(early.code == 1 && early.out.is_empty() && early.err.contains("match all"), "{}", early.err);
    assert_eq!(duijie(&[&["match", "all", "--today", "2026-11-22"], &data[..]].concat()).code, 0);
    let held = duijie(&[&["match", "audit", "--day", "2026-11-22"], &data[..]].concat());
    assert!(held.code == 0 && held.out.contains("ineligible-served 0"), "{}{}", held.out, held.err);
    let later = duijie(&[&["match", "audit", "--day", "2060-01-01"], &data[..]].concat());
    assert!(later.code == 1 && later.out.contains("已到期") && later.out.contains("match changes"), "{}", later.out);
}
