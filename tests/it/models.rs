//! Configurations: proposed, put in force, gone back on; damaged, killed half-way, noticed by whoever is running.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use duijie::engine::{self, Engine, EngineError, Which};
use serde_json::Value;
use tempfile::TempDir;

use crate::fixtures::{Catalogue, HEADER, Running, Said, command, duijie, rows, sample, text, today};

const SHIPPED: &str = include_str!("../../models/ranker/linear.toml");
const FIRM: &str = "样例江北锂电材料有限公司";

/// A data directory of the sample, and a folder for files beside it.
struct Data(TempDir);

impl Data {
    fn of_the_sample() -> Self {
        let this = Self(tempfile::tempdir().unwrap());
        for (file, kind) in [("listings.csv", "listings"), ("enterprises.csv", "enterprises")] {
            this.said(&["import", text(&sample(file)), "--kind", kind]);
        }
        this
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn run(&self, arguments: &[&str]) -> Said {
        duijie(&[arguments, &["--data-dir", text(&self.path())]].concat())
    }

    /// What a command says that succeeds.
    fn said(&self, arguments: &[&str]) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
        said
    }

    fn json(&self, arguments: &[&str]) -> Value {
        self.said(&[arguments, &["--json"]].concat()).json()
    }

    /// A file of the configuration that ships with some of its lines replaced.
    fn file(&self, name: &str, lines: &[(&str, &str)]) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, altered(lines)).unwrap();
        text(&path).to_owned()
    }

    fn recommended(&self) -> Value {
        self.json(&["recommend", FIRM, "-n", "5"])["recommendations"].take()
    }

    fn fingerprint(&self) -> String {
        self.json(&["models", "list"])["active"]["fingerprint"].as_str().unwrap().to_owned()
    }
}

fn altered(lines: &[(&str, &str)]) -> String {
    lines.iter().fold(SHIPPED.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

#[test]
fn a_candidate_changes_nothing_until_it_is_promoted_and_what_was_before_can_be_had_again() {
    let data = Data::of_the_sample();
    let (first, shipped) = (data.recommended(), data.fingerprint());
    data.said(&["match", "all"]);
    let file = data.file("quiet.toml", &[("words = 0.5", "words = 0.1"), ("k1 = 3.0", "k1 = 1.2")]);
    let candidate = data.json(&["models", "propose", &file, "--name", "安静"]);
    assert_eq!((&candidate["about"]["name"], &candidate["about"]["from"]), (&"安静".into(), &"quiet.toml".into()));
    assert_eq!((data.recommended(), data.fingerprint()), (first.clone(), shipped.clone()));
    assert_eq!(data.json(&["models", "diff"]).as_array().unwrap().len(), 2);

    let promotion = data.json(&["models", "promote", "--note", "试一试"]);
    assert_eq!((&promotion["before"], &promotion["matrix_made"]), (&1.into(), &true.into()), "{promotion}");
    assert_eq!(promotion["differences"][0]["name"], "weights.words", "{promotion}");
    let changed = data.recommended();
    assert_ne!(changed, first);
    assert_ne!(data.fingerprint(), shipped);
    // Lists matched under other numbers are never mixed with these.
    let number = first[0]["details"]["id"].as_str().or(first[0]["listing"].as_str()).unwrap_or_default();
    let listing = data.run(&["match", "listing", number]);
    assert!(listing.code == 1 && listing.err.contains("match all"), "{}", listing.err);
    let again = data.json(&["match", "changes"]);
    assert_eq!(again["why_all"], "other_basis", "{again}");

    let back = data.json(&["models", "rollback", "--note", "不好"]);
    assert_eq!((&back["active"]["fingerprint"], &back["before"]), (&shipped.as_str().into(), &2.into()), "{back}");
    assert_eq!(data.recommended(), first);
    let list = data.json(&["models", "list"]);
    let notes: Vec<&Value> = list["history"].as_array().unwrap().iter().map(|past| &past["about"]["note"]).collect();
    assert_eq!((notes, &list["active"]["about"]["note"]), (vec![&"".into(), &"试一试".into()], &"不好".into()));
    assert!(list["candidate"].is_null() && list["active"]["about"]["promoted"].is_number(), "{list}");
    data.said(&["models", "rollback", "2"]);
    assert_eq!(data.recommended(), changed);
    let told = data.said(&["models", "list"]).out;
    assert!(told.contains("历史 3") && told.contains("试一试") && told.contains("安静"), "{told}");
    assert_eq!(data.said(&["models", "show", "shipped"]).out.lines().last(), SHIPPED.lines().last());
}

#[test]
fn weights_alone_leave_the_match_matrix_as_it_is_but_no_list_as_it_was() {
    let data = Data::of_the_sample();
    let matrix = || std::fs::read(data.path().join("match.matrix")).unwrap();
    let before = matrix();
    data.said(&["match", "all"]);
    data.said(&["models", "propose", &data.file("a.toml", &[("ipc = 1.15 ", "ipc = 2.0 ")])]);
    assert_eq!(data.json(&["models", "promote"])["matrix_made"], false);
    assert!(matrix() == before);
    let again = data.json(&["match", "changes"]);
    assert_eq!(again["why_all"], "other_basis", "lists of other weights are not built upon: {again}");
    data.said(&["models", "propose", &data.file("b.toml", &[("word_title_b = 1.0", "word_title_b = 0.5")])]);
    assert_eq!(data.json(&["models", "promote"])["matrix_made"], true);
    assert!(matrix() != before);
}

#[test]
fn another_arrangement_is_promoted_without_a_batch_or_the_matrix_being_made_anew() {
    let data = Data::of_the_sample();
    let (shipped, ranked) = (data.fingerprint(), data.recommended());
    data.said(&["match", "all", "-n", "5"]);
    let file = data.file("varied.toml", &[("variety = 0.0 ", "variety = 2.0 ")]);
    data.said(&["models", "propose", &file]);
    assert_eq!(data.json(&["models", "diff"])[0]["name"], "lists.variety");
    let promotion = data.json(&["models", "promote"]);
    assert_eq!((&promotion["matrix_made"], &promotion["rankings_stand"]), (&false.into(), &true.into()), "{promotion}");
    assert_ne!(data.fingerprint(), shipped);
    let varied = data.recommended();
    assert_ne!(varied, ranked, "lists are arranged as configured");
    let again = data.json(&["match", "changes", "-n", "5"]);
    assert_eq!((&again["why_all"], &again["matched"]), (&Value::Null, &0.into()), "{again}");
    let once = data.json(&["recommend", FIRM, "-n", "5", "--variety", "0"]);
    assert_eq!(once["recommendations"], ranked, "a flag goes before the configuration");
    assert_eq!(data.json(&["recommend", FIRM, "-n", "5", "--as-ranked"])["recommendations"], ranked);
    assert_eq!(data.recommended(), varied);
    let refused = data.run(&["recommend", FIRM, "--fold", "1.5"]);
    assert!(refused.code == 1 && refused.err.contains("“fold”"), "{}", refused.err);
    let told = data.said(&["models", "rollback"]).out;
    assert!(told.contains("lists.variety  2 → 0") && told.contains("仍然有效"), "{told}");
}

#[test]
fn a_faulty_proposal_is_refused_by_line_and_changes_nothing() {
    let data = Data::of_the_sample();
    let good = data.file("good.toml", &[("words = 0.5", "words = 0.6")]);
    data.said(&["models", "propose", &good]);
    let list = data.json(&["models", "list"]);
    let line = |start: &str| 1 + SHIPPED.lines().position(|line| line.starts_with(start)).unwrap();
    for (from, to, start, says) in [
        ("fee = 0.1 ", "fee = nan ", "fee ", "NaN"),
        ("k1 = 3.0 ", "k1 = -3.0 ", "k1 ", "k1"),
        ("region = 0.05", "regoin = 0.05", "region ", "regoin"),
    ] {
        let faulty = data.file("faulty.toml", &[(from, to)]);
        for (language, place) in [("zh", format!("第 {} 行", line(start))), ("en", format!("line {}", line(start)))] {
            let said = data.run(&["models", "propose", &faulty, "--lang", language]);
            assert_eq!(said.code, 1);
            let all = ["faulty.toml", &place, says].iter().all(|part| said.err.contains(part));
            assert!(all, "{language}: {}", said.err);
        }
    }
    let missing = data.file("missing.toml", &[("pair_rarity = 1.5 ", "# ")]);
    let said = data.run(&["models", "propose", &missing]);
    assert!(said.code == 1 && said.err.contains("pair_rarity"), "{}", said.err);
    assert!(data.run(&["models", "propose", "nowhere.toml"]).err.contains("nowhere.toml"));
    assert_eq!(data.run(&["models", "propose", &good, "--name", "a\nb"]).code, 1);
    assert_eq!(data.json(&["models", "list"]), list);
}

#[test]
fn what_there_is_not_cannot_be_promoted_or_gone_back_to() {
    let data = Data::of_the_sample();
    for (arguments, says) in [
        (&["models", "promote"][..], "models propose"),
        (&["models", "rollback"], "没有可以退回的"),
        (&["models", "rollback", "7"], "编号为 7"),
        (&["models", "show", "candidate"], "models propose"),
        (&["models", "show", "12"], "编号为 12"),
    ] {
        let said = data.run(arguments);
        assert!(said.code == 1 && said.err.contains(says), "{arguments:?}: {}", said.err);
    }
    assert!(!data.path().join("ranker").exists(), "nothing was written");
}

#[test]
fn a_damaged_configuration_opens_no_directory_and_going_back_repairs_it() {
    let data = Data::of_the_sample();
    let first = data.recommended();
    data.said(&["models", "propose", &data.file("a.toml", &[("words = 0.5", "words = 0.9")])]);
    data.said(&["models", "promote"]);
    let active = data.path().join("ranker/active.toml");
    let whole = std::fs::read_to_string(&active).unwrap();
    std::fs::write(&active, &whole[..whole.len() / 2]).unwrap();
    for arguments in [&["recommend", FIRM][..], &["search", "电池"], &["match", "all"], &["reindex"]] {
        let said = data.run(arguments);
        let told = ["active.toml", "第 ", "改正"].iter().all(|part| said.err.contains(part));
        assert!(said.code == 1 && told, "{arguments:?}: {}", said.err);
    }
    assert!(data.path().join("index").read_dir().unwrap().next().is_some(), "the index was not thrown away");
    let list = data.json(&["models", "list"]);
    assert!(list["active"]["fault"].as_str().is_some_and(|fault| fault.contains("active.toml")), "{list}");
    data.said(&["models", "rollback", "1"]);
    assert_eq!(data.recommended(), first);
    assert!(data.path().join("ranker/history/0002.toml").exists(), "what was damaged is kept too");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_running_goes_by_what_another_process_promotes() {
    let catalogue = Catalogue::of_the_sample().await;
    let directory = catalogue.directory.path();
    let fits = async || {
        let found = catalogue.engine.recommend(FIRM, 3, today()).await.unwrap().recommendations;
        found.into_iter().map(|one| one.recommendation.score.value()).collect::<Vec<f64>>()
    };
    let first = fits().await;
    let other = Engine::open_for_configurations(directory).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for lines in [&[("likely_ipc = 1.2", "likely_ipc = 0.2")][..], &[("title_boost = 5.0", "title_boost = 2.0")]] {
        let file = folder.path().join("x.toml");
        std::fs::write(&file, altered(lines)).unwrap();
        other.propose(&file, None, engine::now()).unwrap();
        let before = fits().await;
        other.promote("", engine::now(), &|_| ()).await.unwrap();
        assert_ne!(fits().await, before);
        let fresh = Engine::open_existing(directory).await.unwrap();
        let again = fresh.recommend(FIRM, 3, today()).await.unwrap().recommendations;
        let again: Vec<f64> = again.into_iter().map(|one| one.recommendation.score.value()).collect();
        assert_eq!(fits().await, again, "one that runs answers as one that has just been opened");
    }
    other.roll_back(Some(1), "", engine::now(), &|_| ()).await.unwrap();
    assert_eq!(fits().await, first);
    // Damaged under a running process, what was in force stays.
    std::fs::write(directory.join("ranker/active.toml"), "[weights]\nwords = ").unwrap();
    assert_eq!(fits().await, first);
    let opened = Engine::open_existing(directory).await.map(drop);
    assert!(matches!(opened, Err(EngineError::Configuration { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_promoted_while_another_process_writes() {
    let catalogue = Catalogue::of_the_sample().await;
    let directory = catalogue.directory.path();
    let file = directory.join("x.toml");
    std::fs::write(&file, altered(&[("words = 0.5", "words = 0.4")])).unwrap();
    let engine = Engine::open_for_configurations(directory).await.unwrap();
    engine.propose(&file, None, 1).unwrap();
    let store = duijie::store::Store::open_existing(directory).await.unwrap();
    let lock = store.lock_for_writing().await.unwrap();
    assert!(matches!(engine.promote("", 2, &|_| ()).await, Err(EngineError::Store(_))));
    assert!(matches!(engine.propose(&file, None, 2), Err(EngineError::Store(_))));
    drop(lock);
    engine.promote("", 2, &|_| ()).await.unwrap();
    assert_eq!(engine.configuration_of(&Which::Active).unwrap().about.unwrap().promoted, Some(2));
}

/// Starts the promotion of a candidate and kills it after so long; whether it was still running.
fn killed_after(data: &Path, delay: Duration) -> bool {
    let mut promote = command(&["models", "promote", "--data-dir", text(data)]);
    let child = promote.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut running = Running(child);
    let start = Instant::now();
    while start.elapsed() < delay {
        if running.0.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    running.0.kill().unwrap();
    !running.0.wait().unwrap().success()
}

#[test]
fn a_promotion_killed_at_any_moment_leaves_the_old_or_the_new_one_whole_and_is_completed_by_running_it_again() {
    const LISTINGS: usize = 3_000;
    let data = Data(tempfile::tempdir().unwrap());
    let file = data.0.path().join("many.csv");
    std::fs::write(&file, format!("{HEADER}{}", rows(0, LISTINGS))).unwrap();
    data.said(&["import", text(&file), "--kind", "listings"]);
    data.said(&["import", text(&sample("enterprises.csv")), "--kind", "enterprises"]);
    let (mut killed, mut delay) = (0, Duration::from_millis(15));
    // Ever later, until one comes to its end by itself.
    for round in 0..60 {
        let k1 = format!("k1 = {}.5", round + 1);
        data.said(&["models", "propose", &data.file("c.toml", &[("k1 = 3.0", &k1)])]);
        let candidate = data.json(&["models", "show", "candidate"])["text"]["k1"].as_f64().unwrap();
        let before = data.json(&["models", "show", "active"])["text"]["k1"].as_f64().unwrap();
        let was_killed = killed_after(&data.path(), delay);
        let now = data.json(&["models", "show", "active"])["text"]["k1"].as_f64().unwrap();
        assert!(now == candidate || was_killed && now == before, "{now} is neither {before} nor {candidate}");
        // The catalogue answers by whichever it is.
        data.said(&["recommend", FIRM]);
        if !was_killed {
            break;
        }
        killed += 1;
        if data.run(&["models", "show", "candidate"]).code == 0 {
            data.said(&["models", "promote"]);
        }
        let after = data.json(&["models", "show", "active"])["text"]["k1"].as_f64().unwrap();
        assert_eq!(after, candidate);
        delay = delay * 3 / 2;
    }
    assert!(killed >= 3, "the process had ended before it was killed: {killed}");
    let list = data.json(&["models", "list"]);
    assert!(list["history"].as_array().unwrap().iter().all(|past| past["fault"].is_null()), "{list}");
}
