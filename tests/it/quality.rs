//! Match quality: the figures are right, and do not fall.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use duijie::config::Configuration;
use duijie::domain::Listing;
use duijie::engine::{Evaluation, evaluate};
use duijie::eval::{Measure, Metrics};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::fixtures::{duijie, sample_listings, text};

fn write_lines(path: &Path, rows: impl Iterator<Item = Value>) {
    let mut file = GzEncoder::new(std::fs::File::create(path).unwrap(), Compression::fast());
    rows.for_each(|row| writeln!(file, "{row}").unwrap());
    file.finish().unwrap();
}

/// A query, what it asks for, and the listings that answer it with their grades.
type Query = (&'static str, &'static str, &'static [(usize, u8)]);

const QUERIES: [Query; 5] = [
    ("q1", "硅碳负极材料的循环膨胀", &[(0, 3), (5, 1)]),
    ("q2", "微带贴片天线的波束", &[(2, 2)]),
    ("q3", "数控机床主轴热误差补偿", &[(11, 1), (12, 1), (9, 0)]),
    ("q4", "工业设备数据采集网关", &[(3, 1), (99, 2)]),
    ("q5", "背光调光驱动", &[(28, 3)]),
];

/// A judged set of the sample's first thirty listings; the 99th, judged too, is not among them.
fn tiny_set(folder: &Path) -> Vec<Listing> {
    let listings: Vec<Listing> = sample_listings().into_iter().take(100).collect();
    write_lines(
        &folder.join("listings.jsonl.gz"),
        listings[..30].iter().map(|listing| {
            let ipc: Vec<&str> = listing.patent.ipc.iter().map(|code| code.as_str()).collect();
            let patent = &listing.patent;
            json!({"id": listing.id.as_str(), "title": patent.title, "abstract": patent.abstract_text, "ipc": ipc})
        }),
    );
    write_lines(&folder.join("needs.jsonl.gz"), QUERIES.iter().map(|(id, need, _)| json!({"id": id, "need": need})));
    let known = &listings;
    let judgements = QUERIES.iter().flat_map(|(query, _, grades)| {
        grades.iter().map(move |(listing, grade)| format!("{query} 0 {} {grade}\n", known[*listing].id.as_str()))
    });
    std::fs::write(folder.join("qrels.txt"), judgements.collect::<String>()).unwrap();
    listings
}

/// The rankings of a run file by query, checked for its form.
fn read_run(path: &Path) -> BTreeMap<String, Vec<String>> {
    let mut rankings: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let cells: Vec<&str> = line.split(' ').collect();
        let [query, "Q0", listing, rank, score, "duijie"] = cells[..] else { panic!("'{line}'") };
        let ranking = rankings.entry(query.to_owned()).or_default();
        let score: f64 = score.parse().unwrap();
        assert_eq!(rank.parse::<usize>().unwrap(), ranking.len() + 1, "{line}");
        assert!(ranking.last().is_none_or(|(_, above)| *above >= score), "{line}");
        assert!(!ranking.iter().any(|(known, _)| known == listing), "{line}");
        ranking.push((listing.to_owned(), score));
    }
    let ids = |ranking: Vec<(String, f64)>| ranking.into_iter().map(|(listing, _)| listing).collect();
    rankings.into_iter().map(|(query, ranking)| (query, ids(ranking))).collect()
}

/// The figures, worked out from the run file alone.
fn by_hand(rankings: &BTreeMap<String, Vec<String>>, listings: &[Listing]) -> [f64; 4] {
    let mut sums = [0.0; 4];
    for (query, _, grades) in QUERIES {
        let relevant: BTreeMap<&str, f64> = grades
            .iter()
            .filter(|(_, grade)| *grade > 0)
            .map(|(at, grade)| (listings[*at].id.as_str(), f64::from(*grade)))
            .collect();
        let ranking = rankings.get(query).map_or(&[][..], Vec::as_slice);
        let discount = |place: usize| 1.0 / ((place + 2) as f64).log2();
        let gains = ranking.iter().map(|id| relevant.get(id.as_str()).copied().unwrap_or(0.0));
        let mut ideal: Vec<f64> = relevant.values().copied().collect();
        ideal.sort_by(|a, b| b.total_cmp(a));
        let best: f64 = ideal.iter().enumerate().map(|(place, gain)| gain * discount(place)).sum();
        let reached: f64 = gains.take(10).enumerate().map(|(place, gain)| gain * discount(place)).sum();
        let places: Vec<usize> = (0..ranking.len()).filter(|&at| relevant.contains_key(ranking[at].as_str())).collect();
        let precisions = places.iter().enumerate().map(|(nth, &place)| (nth + 1) as f64 / (place + 1) as f64);
        sums[0] += reached / best;
        sums[1] += places.iter().filter(|&&place| place < 100).count() as f64 / relevant.len() as f64;
        sums[2] += places.first().map_or(0.0, |&place| 1.0 / (place + 1) as f64);
        sums[3] += precisions.sum::<f64>() / relevant.len() as f64;
    }
    sums.map(|sum| sum / QUERIES.len() as f64)
}

#[test]
fn the_figures_of_an_evaluation_are_those_worked_out_from_its_run_file() {
    let folder = tempfile::tempdir().unwrap();
    let listings = tiny_set(folder.path());
    let out = folder.path().join("our.run");
    let evaluation = evaluate(folder.path(), 20, &Configuration::default(), Some(&out), &|_| ()).unwrap();
    assert_eq!((evaluation.listings, evaluation.queries, evaluation.rejected), (30, 5, 0));
    let rankings = read_run(&out);
    assert!(rankings.values().all(|ranking| ranking.len() <= 20) && rankings.contains_key("q1"));
    let metrics = evaluation.metrics.unwrap();
    assert_eq!(metrics.queries, 5);
    let measures = [Measure::NdcgAt10, Measure::RecallAt100, Measure::Mrr, Measure::Map];
    for (measure, expected) in measures.into_iter().zip(by_hand(&rankings, &listings)) {
        let given = metrics.get(measure);
        assert!((given - expected).abs() < 1e-9 && (0.05..0.999).contains(&given), "{given} for {expected}");
    }
    let first = |query: &str| rankings[query][0].as_str();
    for (query, wanted) in [("q1", 0), ("q2", 2), ("q3", 11), ("q4", 3)] {
        assert_eq!(first(query), listings[wanted].id.as_str(), "{query}");
    }
}

#[test]
fn the_command_writes_the_same_run_and_tells_the_same_figures() {
    let folder = tempfile::tempdir().unwrap();
    tiny_set(folder.path());
    let (ours, theirs) = (folder.path().join("a.run"), folder.path().join("b.run"));
    let evaluation = evaluate(folder.path(), 20, &Configuration::default(), Some(&ours), &|_| ()).unwrap();
    let said = duijie(&["eval", "run", text(folder.path()), "-k", "20", "--out", text(&theirs), "--json"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let told: Value = serde_json::from_str(&serde_json::to_string(&evaluation).unwrap()).unwrap();
    assert_eq!(said.json(), told);
    assert_eq!(std::fs::read(ours).unwrap(), std::fs::read(theirs).unwrap());
    std::fs::remove_file(folder.path().join("qrels.txt")).unwrap();
    let unjudged = duijie(&["eval", "run", text(folder.path()), "--json"]);
    assert_eq!(
        (unjudged.code, &unjudged.json()["metrics"]),
        (0, &Value::Null),
        "a set without judgements is no failure"
    );
}

/// A judged set beside the repository; `None`, having said so, where it is not there. In CI it must be.
fn judged(set: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/judged").join(set);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", folder.display());
    eprintln!("SKIPPED: no judged set at {}", folder.display());
    None
}

fn measured(set: &str) -> Option<Metrics> {
    let Evaluation { rejected, metrics, .. } =
        evaluate(&judged(set)?, 100, &Configuration::default(), None, &|_| ()).unwrap();
    assert_eq!(rejected, 0, "rows of {set} cannot be read");
    metrics
}

#[test]
fn matching_by_own_patents_does_not_fall_below_its_floor() {
    let Some(metrics) = measured("own-patents") else { return };
    assert!(metrics.get(Measure::NdcgAt10) >= 0.39, "{metrics:?}");
}

#[test]
fn matching_by_needs_does_not_fall_below_its_floor() {
    let Some(metrics) = measured("needs") else { return };
    assert!(metrics.get(Measure::Mrr) >= 0.755, "{metrics:?}");
}
