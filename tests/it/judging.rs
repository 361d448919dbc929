//! Judged sets made by hand: from files that somebody hands in, and pair by pair on the command line.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixtures::{Said, command, duijie, sample, sample_enterprises, sample_listings, text};

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        text(&path).to_owned()
    }

    fn set(&self) -> PathBuf {
        self.0.path().join("set")
    }

    fn import(&self, judgements: &str, more: &[&str]) -> Said {
        let (listings, enterprises) = (sample("listings.csv"), sample("enterprises.csv"));
        let set = self.set();
        let files = ["--listings", text(&listings), "--enterprises", text(&enterprises), "--judgements", judgements];
        duijie(&[&["eval", "import", text(&set)], &files[..], more].concat())
    }

    fn qrels(&self) -> String {
        std::fs::read_to_string(self.set().join("qrels.txt")).unwrap()
    }

    /// A session of judging with these answers.
    fn judge(&self, answers: &str, more: &[&str]) -> Said {
        let mut judge = command(&[&["eval", "judge", text(&self.set())], more].concat());
        let mut child = judge.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // It may have ended without reading all of it.
        _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let said = Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
        assert!(!said.err.contains("panicked"), "{}", said.err);
        said
    }
}

/// Two enterprises and three listings of the sample, by their ids.
fn ids() -> ([String; 2], [String; 3]) {
    let (enterprises, listings) = (sample_enterprises(), sample_listings());
    let query = |at: usize| enterprises[at].id.to_string();
    let listing = |at: usize| listings[at].id.to_string();
    ([query(0), query(1)], [listing(0), listing(1), listing(2)])
}

#[test]
fn a_set_is_made_of_three_files_and_evaluates() {
    let ([a, b], [one, two, three]) = ids();
    let (folder, names) = (Folder::new(), sample_enterprises());
    let csv = format!("查询,许可编号,等级\n{a},{one},3\n{},ZL{two},1\n{b},{three},0\n", names[0].name);
    let said = folder.import(&folder.file("j.csv", &csv), &["--json"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let report = said.json();
    assert_eq!((&report["judgements"], &report["judged_queries"]), (&json!(3), &json!(1)), "{report}");
    assert_eq!(report["queries"], names.len(), "{report}");
    let faults = report["faults"].as_array().unwrap();
    assert!(faults.len() == 1 && faults[0]["fault"] == "nothing_relevant" && faults[0]["query"] == b.as_str());
    let mut lines: Vec<String> = folder.qrels().lines().map(str::to_owned).collect();
    let mut expected = vec![format!("{a} 0 {one} 3"), format!("{a} 0 {two} 1"), format!("{b} 0 {three} 0")];
    lines.sort();
    expected.sort();
    assert_eq!(lines, expected);
    let evaluated = duijie(&["eval", "run", text(&folder.set()), "--json"]).json();
    assert_eq!((&evaluated["rejected"], &evaluated["metrics"]["queries"]), (&json!(0), &json!(1)), "{evaluated}");
    let again = folder.import(&folder.file("j.csv", &csv), &[]);
    assert!(again.code == 1 && again.err.contains("不是空的"), "a set is not written over: {}", again.err);
}

#[test]
fn listings_and_enterprises_of_a_written_set_read_back_as_they_were() {
    let ([a, _], [one, ..]) = ids();
    let folder = Folder::new();
    assert_eq!(folder.import(&folder.file("q.txt", &format!("{a} 0 {one} 2\n")), &[]).code, 0);
    let (listings, enterprises) = (sample_listings(), sample_enterprises());
    let read = duijie::ingest::open_patents(&folder.set().join("listings.jsonl.gz")).unwrap();
    for (row, expected) in read.zip(&listings) {
        let found = row.outcome.unwrap();
        assert_eq!((&found.id, &found.patent), (&expected.id, &expected.patent));
    }
    let read = duijie::ingest::open_queries(&folder.set().join("enterprises.jsonl.gz")).unwrap();
    let read: Vec<_> = read.map(|row| row.outcome.unwrap()).collect();
    assert_eq!(read, enterprises);
}

#[test]
fn every_unsound_judgement_is_named_and_the_others_are_kept() {
    let ([a, b], [one, two, three]) = ids();
    let folder = Folder::new();
    let lines = [
        format!("{a} 0 {one} 3"),
        format!("{a} 0 {two} 7"),
        format!("{a} 0 CN1 1"),
        format!("nobody 0 {one} 1"),
        format!("{a} 0 {one} 3"),
        format!("{b} 0 {three} 2"),
        format!("{b} 0 {three} 0"),
        "half a line".to_owned(),
    ];
    let file = folder.file("q.txt", &lines.join("\n"));
    let said = folder.import(&file, &["--json"]).json();
    let faults: Vec<&str> = said["faults"].as_array().unwrap().iter().map(|f| f["fault"].as_str().unwrap()).collect();
    let expected =
        ["malformed", "grade", "unknown_listing", "unknown_query", "repeated", "contradictory", "nothing_relevant"];
    assert_eq!(faults, expected, "{said}");
    assert_eq!(folder.qrels(), format!("{a} 0 {one} 3\n"));
    let other = Folder::new();
    let told = other.import(&file, &[]);
    let named = ["第 2 行", "第 3 行", "第 4 行", "第 5 行", "第 7 行", "第 8 行", "CN1", "nobody"];
    assert!(told.code == 0 && named.iter().all(|part| told.out.contains(part)), "{}", told.out);
}

#[test]
fn nothing_is_written_where_no_judgement_finds_anything_relevant() {
    let ([a, _], [one, ..]) = ids();
    let folder = Folder::new();
    for (name, content, says) in [
        ("a.txt", format!("{a} 0 {one} 0\n"), "没有一条可用"),
        ("b.txt", String::new(), "没有一条可用"),
        ("c.csv", "企业,等级\na,1\n".to_owned(), "c.csv"),
        ("d.txt", format!("{a} 0 none 3\n"), "none"),
    ] {
        let said = folder.import(&folder.file(name, &content), &[]);
        assert!(said.code == 1 && said.err.contains(says), "{name}: {}", said.err);
        assert!(!folder.set().exists(), "{name}");
    }
    assert_eq!(folder.import("nowhere.txt", &[]).code, 1);
}

/// A set with one judgement, to be judged on.
fn begun() -> (Folder, String) {
    let ([a, _], [one, ..]) = ids();
    let folder = Folder::new();
    let line = format!("{a} 0 {one} 3\n");
    assert_eq!(folder.import(&folder.file("q.txt", &line), &[]).code, 0);
    (folder, line)
}

#[test]
fn answers_are_kept_skips_and_undone_ones_are_not_and_what_is_judged_is_not_asked_again() {
    let (folder, line) = begun();
    let said = folder.judge("2\ns\nx\n1\nu\n0\nq\n", &["-k", "4", "--json"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let report = said.json();
    assert_eq!((&report["judged"], &report["skipped"], &report["judgements"]), (&json!(2), &json!(1), &json!(3)));
    let qrels = folder.qrels();
    let grades: Vec<&str> = qrels.lines().map(|line| &line[line.len() - 1..]).collect();
    assert!(qrels.starts_with(&line) && grades == ["3", "2", "0"], "{qrels}");
    assert!(said.err.contains("评判标准") && said.err.contains("3  正合用") && said.err.contains("请输入 0、1、2、3"));
    let left = report["left"].as_u64().unwrap();
    let again = folder.judge("", &["-k", "4", "--json"]).json();
    // The one passed over waits again, the two judged do not.
    assert_eq!((&again["judged"], &again["left"]), (&json!(0), &json!(left + 1)), "{again}");
    let asked = folder.judge("", &["-k", "4"]).err;
    assert!(asked.contains(&format!("[1/{}]", left + 1)), "{asked}");
    let undone = folder.judge("u\nq\n", &["-k", "4"]);
    assert!(undone.err.contains("还没有可撤销的") && folder.qrels() == qrels, "earlier sessions stand");
}

#[test]
fn the_order_is_decided_by_the_seed_and_tells_nothing_of_the_rank() {
    let (folder, _) = begun();
    let shown = |more: &[&str]| {
        let said = folder.judge(&"s\n".repeat(10_000), more);
        said.err
            .lines()
            .filter(|line| line.starts_with("许可信息") || line.contains("> 许可信息"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (one, again, other) = (shown(&["--seed", "1"]), shown(&["--seed", "1"]), shown(&["--seed", "2"]));
    assert!(one == again && one.len() > 20, "{}", one.len());
    assert_ne!(one, other);
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all
    };
    assert_eq!(sorted(one), sorted(other), "another seed asks for the same pairs");
}

#[test]
fn candidates_come_from_the_runs_that_are_given() {
    let (folder, _) = begun();
    let ([a, b], [one, two, three]) = ids();
    let run = folder
        .file("a.run", &format!("{a} Q0 {one} 1 3 x\n{a} Q0 {two} 2 2 x\n{b} Q0 {three} 1 1 x\n{b} Q0 none 2 0 x\n"));
    let report = folder.judge("3\n3\n3\n3\n", &["--run", &run, "--json"]).json();
    assert_eq!((&report["judged"], &report["left"]), (&json!(2), &json!(0)), "the first is judged already: {report}");
    let bad = folder.file("bad.run", "a b c\n");
    assert_eq!(folder.judge("", &["--run", &bad]).code, 1);
}

#[test]
fn an_answer_is_on_the_disk_before_the_next_is_asked_for_and_a_torn_line_is_cut_off() {
    let (folder, line) = begun();
    let path = folder.set().join("qrels.txt");
    let mut judge = command(&["eval", "judge", text(&folder.set())]);
    let mut child = judge.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut answers = child.stdin.take().unwrap();
    answers.write_all(b"1\n").unwrap();
    let (mut asked, mut heard) = (child.stderr.take().unwrap(), Vec::new());
    while !String::from_utf8_lossy(&heard).contains("[2/") {
        let mut byte = [0];
        assert!(std::io::Read::read(&mut asked, &mut byte).unwrap() > 0, "{}", String::from_utf8_lossy(&heard));
        heard.push(byte[0]);
    }
    let busy = folder.judge("", &[]);
    assert!(busy.code == 1 && busy.err.contains("另一进程正在评判"), "{}", busy.err);
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = folder.qrels();
    assert!(kept.starts_with(&line) && kept.lines().count() == 2, "{kept}");
    std::fs::write(&path, format!("{kept}9133 0 half")).unwrap();
    assert_eq!(folder.judge("q\n", &[]).code, 0);
    assert_eq!(folder.qrels(), kept);
    // A whole line without its end was written by somebody else: it counts.
    std::fs::write(&path, kept.trim_end()).unwrap();
    assert_eq!(folder.judge("q\n", &[]).code, 0);
    assert_eq!(folder.qrels(), kept);
}

#[test]
fn a_set_without_any_judgement_can_be_judged() {
    let (folder, _) = begun();
    std::fs::remove_file(folder.set().join("qrels.txt")).unwrap();
    let report = folder.judge("0\nq\n", &["-k", "3", "--json"]).json();
    assert_eq!(report["judgements"], json!(1));
    let nothing: &Path = &folder.0.path().join("nothing");
    let said = duijie(&["eval", "judge", text(nothing)]);
    assert!(said.code == 1 && said.err.contains("nothing"), "{}", said.err);
}

#[test]
fn grades_given_by_hand_are_what_an_evaluation_counts() {
    let (folder, _) = begun();
    folder.judge("3\n2\n1\nq\n", &["-k", "3"]);
    let said = duijie(&["eval", "run", text(&folder.set()), "--json"]).json();
    let judged: Vec<&Value> = said["per_query"].as_array().unwrap().iter().collect();
    assert!(!judged.is_empty() && said["metrics"]["ndcg@10"].as_f64().unwrap() > 0.0, "{said}");
}
