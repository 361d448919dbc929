//! `duijie bench match`: files as peers write them, and files that nobody should.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::fixtures::{Said, duijie, text};

const DOCS: &str = "d1\t电池 隔膜 涂层\nd2\t电池 电池 电机\nd3\t电机 轴承\nd4\t\n";

struct Files {
    folder: TempDir,
    docs: PathBuf,
    queries: PathBuf,
    run: PathBuf,
}

impl Files {
    fn of(docs: &[u8], queries: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let this = Self { docs: path("docs.tsv"), queries: path("queries.tsv"), run: path("our.run"), folder };
        std::fs::write(&this.docs, docs).unwrap();
        std::fs::write(&this.queries, queries).unwrap();
        this
    }

    fn bench(&self, k: &str) -> Said {
        let (docs, queries, run) = (text(&self.docs), text(&self.queries), text(&self.run));
        duijie(&["bench", "match", "--docs", docs, "--queries", queries, "-k", k, "--run", run, "--json"])
    }

    /// The run's rows: query, text, score.
    fn answers(&self, k: &str) -> Vec<(String, String, f64)> {
        let said = self.bench(k);
        assert_eq!(said.code, 0, "{}", said.err);
        let run = std::fs::read_to_string(&self.run).unwrap();
        let row = |line: &str| {
            let cells: Vec<&str> = line.split(' ').collect();
            (cells[0].to_owned(), cells[2].to_owned(), cells[4].parse().unwrap())
        };
        run.lines().map(row).collect()
    }
}

fn ids<'a>(answers: &'a [(String, String, f64)], query: &str) -> Vec<&'a str> {
    answers.iter().filter(|(of, ..)| of == query).map(|(_, id, _)| id.as_str()).collect()
}

/// BM25 with k1 1.2 and b 0.75 of the words of [`DOCS`], by hand; the mean is over the texts that have words.
fn bm25(tf: f64, length: f64, having: f64) -> f64 {
    let idf = (1.0_f64 + (4.0 - having + 0.5) / (having + 0.5)).ln();
    idf * tf / (tf + 1.2 * (0.25 + 0.75 * length / (8.0 / 3.0)))
}

#[test]
fn texts_are_scored_by_bm25_and_a_word_given_twice_counts_twice() {
    let files =
        Files::of(DOCS.as_bytes(), "q1\t电池^1 轴承^0.25 没有^9\nq2\t电池^0.25 电池^0.75 轴承^0.25\n".as_bytes());
    for k in ["3", "4", "1000000"] {
        let answers = files.answers(k);
        for query in ["q1", "q2"] {
            assert_eq!(ids(&answers, query), ["d2", "d1", "d3"], "{k}");
            let scores: Vec<f64> = answers.iter().filter(|(of, ..)| of == query).map(|row| row.2).collect();
            let expected = [bm25(2.0, 3.0, 2.0), bm25(1.0, 3.0, 2.0), 0.25 * bm25(1.0, 2.0, 1.0)];
            for (score, expected) in scores.iter().zip(expected) {
                assert!((score - expected).abs() < 1e-6, "{scores:?} {expected}");
            }
        }
    }
    assert_eq!(ids(&files.answers("1"), "q1"), ["d2"]);
    assert!(files.answers("0").is_empty());
}

#[test]
fn words_that_are_unknown_or_weigh_nothing_give_nothing() {
    let files = Files::of(DOCS.as_bytes(), "q1\t没有^1\nq2\t\nq3\t电池^0 轴承^1\nq4\t电池^0\n".as_bytes());
    let answers = files.answers("10");
    assert_eq!((answers.len(), ids(&answers, "q3")), (1, vec!["d3"]));
}

#[test]
fn empty_files_are_no_failure() {
    for (docs, queries) in [("", "q1\t电池^1\n"), (DOCS, ""), ("", "")] {
        let files = Files::of(docs.as_bytes(), queries.as_bytes());
        assert!(files.answers("10").is_empty(), "{docs:?} {queries:?}");
        let told: Value = files.bench("10").json();
        assert_eq!(told["docs"], docs.lines().count());
        assert!(told.as_object().unwrap().values().all(Value::is_number), "no figure is NaN: {told}");
    }
}

#[test]
fn a_line_that_is_not_understood_is_told_with_its_file() {
    let good = "q1\t电池^1\n";
    for (docs, queries, file, told) in [
        ("d1 电池 隔膜\n", good, "docs.tsv", "d1 电池 隔膜"),
        ("d1\t电池\n\n", good, "docs.tsv", "id TAB words"),
        ("d 1\t电池\n", good, "docs.tsv", "d 1"),
        (DOCS, "q1 电池^1\n", "queries.tsv", "q1 电池^1"),
        (DOCS, "q1\t轴承^1 电池\n", "queries.tsv", "电池"),
        (DOCS, "q7\t电池^重\n", "queries.tsv", "q7"),
        (DOCS, "q1\t电池^重\n", "queries.tsv", "电池^重"),
        (DOCS, "q1\t电池^\n", "queries.tsv", "电池^"),
        (DOCS, "q1\t电池^NaN\n", "queries.tsv", "电池^NaN"),
        (DOCS, "q1\t没有^inf\n", "queries.tsv", "没有^inf"),
        (DOCS, "q1\t电池^-inf\n", "queries.tsv", "电池^-inf"),
        (DOCS, "q1\t电池^-0.5\n", "queries.tsv", "电池^-0.5"),
        (DOCS, "q1\t电池^1e39\n", "queries.tsv", "电池^1e39"),
    ] {
        let said = Files::of(docs.as_bytes(), queries.as_bytes()).bench("10");
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{docs:?} {queries:?}");
        assert!(said.err.contains(file) && said.err.contains(told), "{told}: {}", said.err);
    }
    let said = Files::of(b"d1\t\xff\xfe\n", good.as_bytes()).bench("10");
    assert!(said.code == 1 && said.err.contains("docs.tsv"), "{}", said.err);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let files = Files::of(DOCS.as_bytes(), b"q1\tx^1\n");
    std::fs::remove_file(&files.queries).unwrap();
    let said = files.bench("10");
    assert!(said.code == 1 && said.err.contains("queries.tsv"), "{}", said.err);
    assert!(!Path::new(&files.folder.path().join("our.run")).exists());
}
