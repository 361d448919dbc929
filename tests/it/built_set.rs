//! A judged set made of what firms did with what they were shown.

use std::collections::BTreeMap;
use std::path::Path;

use duijie::domain::{DeclineCode, Delivery, FeedbackEvent, FeedbackKind};

use crate::fixtures::{Catalogue, duijie, sample_enterprises, today};

/// 2026-11-22 in China.
const NOW: i64 = 1_795_310_000;

fn event(id: &str, delivery: &Delivery, place: usize, kind: FeedbackKind) -> FeedbackEvent {
    let (id, delivery, listing) = (id.parse().unwrap(), delivery.id.clone(), delivery.listings[place].clone());
    FeedbackEvent { id, delivery, listing, kind, at: NOW + 10 }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn feedback_becomes_a_set_that_evaluation_reads() {
    let catalogue = Catalogue::of_the_sample().await;
    let engine = &catalogue.engine;
    let firms = sample_enterprises();
    let mut deliveries = Vec::new();
    for firm in &firms[..3] {
        deliveries.push(engine.deliver(firm.id.as_str(), 20, today(), NOW).await.unwrap().1);
    }
    let foreign = FeedbackKind::Declined(DeclineCode::NotOurField);
    let events = [
        event("e1", &deliveries[0], 1, FeedbackKind::Licensed),
        event("e2", &deliveries[0], 0, foreign),
        event("e3", &deliveries[0], 14, FeedbackKind::Saved),
        event("e4", &deliveries[1], 2, FeedbackKind::Opened),
        event("e5", &deliveries[1], 3, FeedbackKind::Enquired),
        event("e6", &deliveries[2], 0, foreign),
    ];
    for event in &events {
        assert!(engine.take_event(event.clone(), NOW + 20).await.unwrap());
    }
    engine.undo_feedback(firms[1].id.as_str(), Some(&events[4].id), NOW + 30).await.unwrap();
    let work = tempfile::tempdir().unwrap();
    let (set, again) = (work.path().join("set"), work.path().join("again"));
    let built = engine.build_judged_set(&set, (None, None)).await.unwrap();
    assert_eq!((built.deliveries, built.events, built.withdrawn), (3, 5, 1));
    assert_eq!((built.queries, built.without_relevant, built.gone), (2, 1, 0), "the third wanted nothing");
    assert_eq!(built.grades[1..], [1, 1, 1]);
    assert!(built.grades[0] >= 2 && built.examination[0] == 1.0 && built.examination.len() == 20);
    engine.build_judged_set(&again, (Some(today()), Some(today()))).await.unwrap();
    assert_eq!(files(&set), files(&again), "the same record gives the same files");

    let qrels = String::from_utf8(files(&set)["qrels.txt"].clone()).unwrap();
    let grade = |firm: usize, place: usize| {
        let line = format!("{} 0 {} ", firms[firm].id, deliveries[firm].listings[place]);
        qrels.lines().find_map(|found| found.strip_prefix(&line)).map(str::to_owned)
    };
    assert_eq!((grade(0, 0), grade(0, 1), grade(0, 14)), (Some("0".into()), Some("3".into()), Some("2".into())));
    assert_eq!((grade(1, 2), grade(1, 3)), (Some("1".into()), None), "what was taken back says nothing");

    // A licensed listing is ruled out for its firm, and found again in the set: it asks with the record alone.
    let text = set.to_string_lossy().into_owned();
    let figures = duijie(&["eval", "run", &text, "--json"]).json();
    assert_eq!(figures["metrics"]["queries"], 2);
    assert!(figures["metrics"]["recall@100"].as_f64().unwrap() == 1.0, "{figures}");
    assert_ne!(figures["metrics"]["ips-ndcg@10"], figures["metrics"]["ndcg@10"]);
    let said = duijie(&["eval", "run", &text]);
    assert!(said.out.contains("IPS-nDCG@10"), "{}", said.out);
    std::fs::write(set.join("weights.txt"), "a b c\n").unwrap();
    assert!(duijie(&["eval", "run", &text]).err.contains("第 1 行"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_needs_feedback_and_a_folder_of_its_own() {
    let catalogue = Catalogue::of_the_sample().await;
    let engine = &catalogue.engine;
    let work = tempfile::tempdir().unwrap();
    let (set, data) = (work.path().join("set"), catalogue.directory.path().to_string_lossy().into_owned());
    let set_name = set.to_string_lossy().into_owned();
    let nothing = duijie(&["eval", "build", &set_name, "--data-dir", &data]);
    assert!(nothing.code == 1 && nothing.err.contains("0 次推送"), "{}", nothing.err);
    assert!(!set.exists());
    let firm = &sample_enterprises()[0];
    let delivery = engine.deliver(firm.id.as_str(), 5, today(), NOW).await.unwrap().1;
    engine.take_event(event("e1", &delivery, 0, FeedbackKind::Saved), NOW + 20).await.unwrap();
    let before = duijie(&["eval", "build", &set_name, "--data-dir", &data, "--to", "2026-11-21"]);
    assert!(before.code == 1 && before.err.contains("0 次推送"), "{}", before.err);
    let built = duijie(&["eval", "build", &set_name, "--data-dir", &data]);
    assert!(built.code == 0 && built.out.contains("企业 1"), "{}{}", built.out, built.err);
    let twice = duijie(&["eval", "build", &set_name, "--data-dir", &data]);
    assert!(twice.code == 1, "a set is not written over");
    let wrong = duijie(&["eval", "build", &set_name, "--data-dir", &data, "--from", "gestern"]);
    assert!(wrong.code != 0 && wrong.err.contains("gestern"), "{}", wrong.err);
}
#[test]
fn revealed_listings_teach_and_are_looked_for_no_more() {
    let work = tempfile::tempdir().unwrap();
    let file = |name: &str, rows: &[serde_json::Value]| {
        let path = work.path().join(name);
        let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
        std::fs::write(&path, lines).unwrap();
        path.to_string_lossy().into_owned()
    };
    let titles = ["电池隔膜涂覆装置", "隔膜涂覆浆料", "涂覆机的烘干辊", "电解液", "鱼塘增氧机", "粮仓通风"];
    let listings: Vec<_> = titles
        .iter()
        .enumerate()
        .map(|(at, title)| serde_json::json!({"id": format!("L{at}"), "title": title}))
        .collect();
    let listings = file("listings.jsonl", &listings);
    let queries = file("needs.jsonl", &[serde_json::json!({"id": "Q1", "need": "电池隔膜"})]);
    let judgements = file("qrels.txt", &[]);
    std::fs::write(&judgements, "Q1 0 L0 1\nQ1 0 L1 1\nQ1 0 L2 1\nQ1 0 L3 0\n").unwrap();
    let set = work.path().join("set").to_string_lossy().into_owned();
    let made = duijie(&[
        "eval",
        "import",
        &set,
        "--listings",
        &listings,
        "--enterprises",
        &queries,
        "--judgements",
        &judgements,
    ]);
    assert_eq!(made.code, 0, "{}", made.err);
    let gained = (1..=5).map(|seed| {
        let report = duijie(&["eval", "run", &set, "--reveal", "1", "--seed", &seed.to_string(), "--json"]).json();
        assert_eq!((&report["queries"], &report["revealed"]), (&1.into(), &1.into()), "{report}");
        report["comparisons"][0]["difference"].as_f64().unwrap()
    });
    let gained: Vec<f64> = gained.collect();
    assert!(gained.iter().all(|gain| *gain >= 0.0) && gained.iter().any(|gain| *gain > 0.0), "{gained:?}");
    let too_many = duijie(&["eval", "run", &set, "--reveal", "3"]);
    assert!(too_many.code == 1 && too_many.err.contains("4 条相关"), "{}", too_many.err);
}
