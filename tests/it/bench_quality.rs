//! The bench for match quality: scoring, comparing, holding to floors and explaining by the real command.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixtures::{HEADER, Said, duijie, rows, text};

const LISTINGS: [(&str, &str, &str); 6] = [
    ("L1", "硅碳负极材料的制备方法", "H01M4/38"),
    ("L2", "锂离子电池电解液", "H01M10/0567"),
    ("L3", "低盐酱腌菜的发酵方法", "A23B7/10"),
    ("L4", "植物蛋白肉的挤出方法", "A23J3/26"),
    ("L5", "微带贴片天线", "H01Q9/04"),
    ("L6", "数控机床主轴热误差补偿方法", "G05B19/404"),
];

const NEEDS: [(&str, &str); 3] = [("n1", "硅碳负极材料的膨胀"), ("n2", "酱腌菜的低盐发酵"), ("n3", "贴片天线")];

/// Two runs of one set: the first finds all, the second nothing for `n1`.
const GOOD: &str = "n1 Q0 L1 1 3 x\nn1 Q0 L5 2 2 x\nn2 Q0 L3 1 3 x\nn3 Q0 L5 1 1 x\n";
const BAD: &str = "n1 Q0 L6 1 3 x\nn2 Q0 L3 1 3 x\nn3 Q0 L5 1 1 x\n";

fn zipped(path: &Path, rows: impl Iterator<Item = Value>) {
    let mut file = GzEncoder::new(std::fs::File::create(path).unwrap(), Compression::fast());
    rows.for_each(|row| writeln!(file, "{row}").unwrap());
    file.finish().unwrap();
}

/// A folder with a set called `tiny`, and runs beside it.
struct Sets(TempDir);

impl Sets {
    fn with(qrels: &str) -> Self {
        let this = Self(tempfile::tempdir().unwrap());
        let set = this.0.path().join("tiny");
        std::fs::create_dir(&set).unwrap();
        let listings = LISTINGS.iter().map(|(id, title, ipc)| json!({"id": id, "title": title, "ipc": [ipc]}));
        zipped(&set.join("listings.jsonl.gz"), listings);
        zipped(&set.join("needs.jsonl.gz"), NEEDS.iter().map(|(id, need)| json!({"id": id, "need": need})));
        this.file("tiny/qrels.txt", qrels);
        this
    }

    fn judged() -> Self {
        Self::with("n1 0 L1 3\nn1 0 L2 1\nn2 0 L3 2\nn3 0 L5 1\n")
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        text(&path).to_owned()
    }

    fn path(&self, name: &str) -> String {
        text(&self.0.path().join(name)).to_owned()
    }

    fn eval(&self, verb: &str, arguments: &[&str]) -> Said {
        duijie(&[&["eval", verb, &self.path("tiny")], arguments].concat())
    }
}

/// What a command says in each language, which is a failure of code 1.
fn refused(run: impl Fn(&[&str]) -> Said, chinese: &[&str], english: &[&str]) {
    for (language, parts) in [("zh", chinese), ("en", english)] {
        let said = run(&["--lang", language]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{}", said.err);
        assert!(parts.iter().all(|part| said.err.contains(part)), "{language}: {}", said.err);
    }
}

#[test]
fn any_run_is_scored_and_what_is_odd_about_it_is_told() {
    let sets = Sets::with("n1 0 L1 3\nn1 0 L1 3\nn2 0 L3 2\nn2 0 gone 1\nn9 0 L1 1\n");
    let run = sets.file("a.run", "n1 Q0 L5 1 3 x\nn1 Q0 L1 2 2 x\nn1 Q0 L99 3 1 x\nn8 Q0 L1 1 1 x\n");
    let said = sets.eval("score", &[&run, "--json"]).json();
    assert_eq!((&said["metrics"]["queries"], &said["metrics"]["mrr"]), (&json!(3), &json!(0.5 / 3.0)));
    let odd = json!({
        "repeated_judgements": 1, "judged_unknown_listings": 1, "judged_unknown_queries": 1, "unanswered_queries": 2,
        "run_unknown_queries": 1, "run_unknown_listings": 1,
    });
    assert_eq!(said["oddities"], odd);
    assert_eq!(said["per_query"].as_array().unwrap().len(), 3);
    let told = sets.eval("score", &[&run]);
    assert!(told.code == 0 && told.out.contains("重复的行 1") && told.out.contains("MRR 0.1667"), "{}", told.out);
    assert!(sets.eval("score", &[&run, "--lang", "en"]).out.contains("repeated lines of the qrels 1"));
}

#[test]
fn a_run_that_cannot_be_read_is_refused_by_file_and_line() {
    let sets = Sets::judged();
    for (content, chinese, english) in [
        ("n1 Q0 L1 1 2 x\nn1 Q0 L2 2 NaN x\n", "第 2 行：分数“NaN”", "line 2: the score 'NaN'"),
        ("n1 Q0 L1 1 2 x\n\nn1 L2\n", "第 3 行", "line 3: expected"),
        ("n1 Q0 L1 1 2 x\nn1 Q0 L1 2 1 x\n", "重复出现", "a second time"),
        ("", "没有任何排序结果", "ranks nothing"),
    ] {
        let run = sets.file("bad.run", content);
        refused(
            |more| sets.eval("score", &[&[run.as_str()], more].concat()),
            &[chinese, "bad.run"],
            &[english, "bad.run"],
        );
        let good = sets.file("good.run", GOOD);
        refused(|more| sets.eval("compare", &[&[good.as_str(), &run], more].concat()), &["bad.run"], &["bad.run"]);
    }
}

#[test]
fn judgements_that_cannot_be_used_are_refused() {
    for (qrels, chinese, english) in [
        ("n1 0 L1 3\nn2 0 L3 1\nn1 0 L1 2\n", ["第 3 行", "等级为 2", "前面为 3"], ["line 3", "grade 2", "grade 3"]),
        ("n1 0 L1 0\n", ["没有任何查询", "相关", "等级"], ["no relevant listing", "qrels", "any query"]),
        ("n1 L1\n", ["第 1 行", "qrels", "应为"], ["line 1", "qrels", "expected"]),
    ] {
        let sets = Sets::with(qrels);
        let run = sets.file("a.run", GOOD);
        refused(|more| sets.eval("run", more), &chinese, &english);
        refused(|more| sets.eval("score", &[&[run.as_str()], more].concat()), &chinese, &english);
    }
    let sets = Sets::judged();
    let run = sets.file("a.run", GOOD);
    std::fs::remove_file(sets.path("tiny/qrels.txt")).unwrap();
    refused(
        |more| sets.eval("score", &[&[run.as_str()], more].concat()),
        &["tiny", "无法打分"],
        &["tiny", "qrels.txt"],
    );
}

#[test]
fn two_runs_are_compared_query_by_query() {
    let sets = Sets::judged();
    let (good, bad) = (sets.file("good.run", GOOD), sets.file("bad.run", BAD));
    let said = sets.eval("compare", &[&good, &bad, "--metric", "mrr", "--rounds", "400", "--json"]).json();
    assert_eq!((&said["wins"], &said["losses"], &said["ties"]), (&json!(0), &json!(1), &json!(2)));
    assert!((said["difference"].as_f64().unwrap() + 1.0 / 3.0).abs() < 1e-12, "{said}");
    assert_eq!(said["greatest_losses"], json!([{"query": "n1", "a": 1.0, "b": 0.0, "difference": -1.0}]));
    assert_eq!(said["p"], json!(1.0), "whatever the sign of the one difference, it is as far from zero");
    let same = sets.eval("compare", &[&good, &good]);
    assert!(same.code == 0 && same.out.contains("+0.0000 … +0.0000  p 1.0000"), "{}", same.out);
    for (language, words) in [("zh", "下降最多"), ("en", "greatest losses")] {
        assert!(sets.eval("compare", &[&good, &bad, "--lang", language]).out.contains(words));
    }
    let unknown = sets.eval("compare", &[&good, &bad, "--metric", "ndcg@11"]);
    assert!(unknown.code == 2 && unknown.err.contains("ndcg@11") && unknown.err.contains("ndcg@10"), "{}", unknown.err);
}

#[test]
fn reports_are_pages_that_stand_alone() {
    let sets = Sets::judged();
    let (good, bad) = (sets.file("<b>good&.run", GOOD), sets.file("bad.run", BAD));
    let to = sets.path("report");
    for (verb, arguments, chinese, english) in [
        ("run", vec![], "按画像文字的字数", "By characters of the profile's text"),
        ("score", vec![good.as_str()], "推荐列表的性质", "What the lists are like"),
        ("compare", vec![good.as_str(), &bad], "下降最多的查询", "Greatest losses"),
    ] {
        for (language, heading) in [("zh", chinese), ("en", english)] {
            let said = sets.eval(verb, &[&arguments[..], &["--report", &to, "--lang", language, "--json"]].concat());
            assert_eq!(said.code, 0, "{}", said.err);
            let kept: Value = serde_json::from_slice(&std::fs::read(sets.path("report/report.json")).unwrap()).unwrap();
            assert_eq!(kept, said.json(), "{verb}");
            let html = std::fs::read_to_string(sets.path("report/report.html")).unwrap();
            let page = roxmltree::Document::parse(html.strip_prefix("<!doctype html>\n").unwrap()).unwrap();
            assert!(page.descendants().any(|node| node.text() == Some(heading)), "{verb} {language}: {html}");
            assert!(page.descendants().any(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "svg"))), "{verb}");
            assert!(!html.contains("<b>"), "a file's name is no markup");
        }
    }
}

#[test]
fn a_figure_below_its_floor_ends_with_1_and_is_named() {
    let sets = Sets::judged();
    let gate = |floors: &str, more: &[&str]| {
        let floors = sets.file("floors.json", floors);
        duijie(&[&["eval", "gate", &floors, "--sets", &sets.path("")], more].concat())
    };
    let held = gate(r#"{"tiny": {"mrr": 0.5, "enterprise-coverage": 1}}"#, &["--lang", "en"]);
    assert_eq!(held.code, 0, "{}{}", held.out, held.err);
    assert_eq!(held.out.matches("reaches its floor").count(), 2, "{}", held.out);
    let floors = r#"{"tiny": {"mrr": 0.5, "p@5": 0.99}}"#;
    for (language, words) in [("zh", "低于下限 0.99"), ("en", "is below its floor 0.99")] {
        let below = gate(floors, &["--lang", language]);
        let line = below.out.lines().find(|line| line.starts_with("tiny p@5")).unwrap_or_default();
        assert!(below.code == 1 && line.contains(words), "{}{}", below.out, below.err);
    }
    let results = gate(floors, &["--json"]).json();
    assert_eq!(
        (&results[0]["holds"], &results[1]["holds"], &results[1]["floor"]),
        (&json!(true), &json!(false), &json!(0.99))
    );
    for (floors, chinese, english) in [
        (r#"{"tiny": {"mrs": 0.5}}"#, "“mrs”", "'mrs'"),
        (r#"{"tiny": {"mrr": NaN}}"#, "line 1 column 18", "line 1 column 18"),
        (r#"{"tiny": {"mrr": 0.5}, "none": {"mrr": 0.5}}"#, "“none”", "'none'"),
        (r#"{"../sets": {"mrr": 0.5}}"#, "“../sets”", "'../sets'"),
        ("{}", "empty", "empty"),
    ] {
        refused(|more| gate(floors, more), &[chinese, "floors.json"], &[english, "floors.json"]);
    }
}

#[test]
fn the_floors_that_ship_can_be_read() {
    let floors = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/floors.json");
    let empty = tempfile::tempdir().unwrap();
    let said = duijie(&["eval", "gate", text(&floors), "--sets", text(empty.path()), "--lang", "en"]);
    assert!(said.code == 1 && said.err.contains("names the set 'own-patents'"), "{}", said.err);
}

#[test]
fn a_query_is_explained_and_what_its_list_lacks_is_placed() {
    let sets = Sets::with("n1 0 L1 3\nn1 0 L2 1\nn1 0 L6 1\nn1 0 gone 2\nn2 0 L3 0\n");
    let said = sets.eval("explain", &["n1", "-k", "1", "--json"]).json();
    let (list, missing) = (said["list"].as_array().unwrap(), said["missing"].as_array().unwrap());
    assert_eq!(
        (list.len(), &list[0]["listing"], &list[0]["grade"], &list[0]["rank"]),
        (1, &json!("L1"), &json!(3), &json!(1))
    );
    for listing in list.iter().chain(missing).filter(|listing| listing["rank"].is_number()) {
        let parts = listing["explanation"]["reasons"].as_array().unwrap();
        let sum: f64 = parts.iter().map(|part| part["score"].as_f64().unwrap()).sum();
        assert!((sum - listing["score"].as_f64().unwrap()).abs() < 1e-9, "{listing}");
    }
    let ids: Vec<&str> = missing.iter().map(|listing| listing["listing"].as_str().unwrap()).collect();
    assert!(ids.len() == 3 && ["L2", "L6", "gone"].iter().all(|id| ids.contains(id)), "{ids:?}");
    let of = |id: &str| missing.iter().find(|listing| listing["listing"] == id).unwrap();
    assert_eq!(of("gone")["absence"], "not_in_the_set");
    assert!(of("L2")["rank"].as_u64().is_some_and(|rank| rank > 1), "{}", of("L2"));
    let all = sets.eval("explain", &["n1", "--json"]).json();
    assert_eq!(all["list"][0]["score"], list[0]["score"], "a longer list does not change a score");
    assert!(sets.eval("explain", &["n1"]).out.contains("没有列出的相关许可信息"));
    refused(|more| sets.eval("explain", &[&["n7"], more].concat()), &["n7", "tiny"], &["n7", "tiny"]);
}

#[test]
fn other_weights_are_tried_from_a_file_and_a_faulty_one_is_refused_by_line() {
    let sets = Sets::judged();
    let shipped = include_str!("../../models/ranker/linear.toml");
    let mrr = |weights: &str| {
        let weights = sets.file("weights.toml", weights);
        let said = duijie(&["eval", "run", &sets.path("tiny"), "--weights", &weights, "--json"]);
        assert_eq!(said.code, 0, "{}", said.err);
        serde_json::from_str::<Value>(&said.out).unwrap()["metrics"]["mrr"].as_f64().unwrap()
    };
    let silent = ["words", "bigrams", "ipc", "likely_ipc", "meaning"];
    let silenced = silent.iter().fold(shipped.to_owned(), |text, name| {
        let line = text.lines().find(|line| line.starts_with(&format!("{name} ="))).unwrap().to_owned();
        text.replace(&line, &format!("{name} = 0.0"))
    });
    assert!(mrr(shipped) == 1.0 && mrr(&silenced) == 0.0, "where nothing counts nothing is found");
    let faulty = sets.file("weights.toml", &shipped.replace("bigrams = 1.0", "bigrams = one"));
    let line = 1 + shipped.lines().position(|line| line.starts_with("bigrams")).unwrap();
    let said = duijie(&["eval", "explain", &sets.path("tiny"), "n1", "--weights", &faulty]);
    assert!(said.code == 1 && said.err.contains(&format!("第 {line} 行")), "{}", said.err);
    let said = duijie(&["eval", "run", &sets.path("tiny"), "--weights", &sets.path("none.toml")]);
    assert!(said.code == 1 && said.err.contains("none.toml"), "{}", said.err);
}

#[test]
fn tuning_writes_a_candidate_that_can_be_tried_and_says_what_to_expect_of_it() {
    let sets = Sets::judged();
    let candidate = sets.path("candidate.toml");
    let tune = |more: &[&str]| duijie(&[&["tune", &sets.path("tiny"), "--metric", "mrr"], more].concat());
    let said = tune(&["--folds", "2", "--out", &candidate, "--json"]).json();
    assert_eq!((&said["queries"], &said["before"], &said["finished"]), (&json!(3), &json!(1.0), &json!(true)));
    assert!(said["tried"].as_u64().unwrap() >= 13, "a step each way for four weights: {said}");
    assert_eq!(said["configuration"]["weights"]["bigrams"], json!(1.0), "what the others are measured by stays");
    assert_eq!(said["searched"], json!(["weights.ipc", "weights.likely_ipc", "weights.meaning", "weights.words"]));
    assert_eq!(said["folds"].as_array().unwrap().len(), 2);
    let tried = sets.eval("run", &["--weights", &candidate, "--json"]).json();
    assert_eq!(tried["metrics"]["mrr"], said["after"]);
    let told = tune(&["--folds", "2", "--tries", "2"]);
    assert!(told.code == 0 && told.out.contains("不建议改用") && told.out.contains("没有到头"), "{}", told.out);
    assert_eq!(told.out, tune(&["--folds", "2", "--tries", "2"]).out, "the same seed gives the same");
    let learnt = tune(&["--folds", "2", "--what", "lambdarank", "--json"]).json();
    assert_eq!((&learnt["before"], &learnt["searched"][1]), (&json!(1.0), &json!("weights.bigrams")));
    assert_eq!(learnt["configuration"]["weights"]["bigrams"], json!(1.0), "learnt weights are set against the same");
    let few = tune(&[]);
    assert!(few.code == 1 && few.err.contains("不足 5 个"), "{}", few.err);
}

#[test]
fn tuning_text_scoring_searches_what_the_set_has_texts_for_and_proposes_what_it_finds() {
    let sets = Sets::judged();
    let (data, file) = (sets.path("data"), sets.file("a.csv", &format!("{HEADER}{}", rows(0, 3))));
    assert_eq!(duijie(&["import", &file, "--kind", "listings", "--data-dir", &data]).code, 0);
    let found = sets.path("found.toml");
    let set = sets.path("tiny");
    let tune = ["tune", &set, "--what", "text", "--metric", "ndcg@5", "--folds", "2", "--json", "--out", &found];
    let said = duijie(&[&tune[..], &["--propose", &data]].concat()).json();
    let searched = [
        "text.k1",
        "text.pair_rarity",
        "text.pair_title_b",
        "text.title_boost",
        "text.word_rarity",
        "text.word_title_b",
    ];
    assert_eq!(said["searched"], json!(searched), "the set's listings are titles alone");
    // Made anew, in the whole, as by the search: from counts, for every try, as deep as the measure reads.
    let tried = sets.eval("run", &["--weights", &found, "--json"]).json();
    assert_eq!(tried["metrics"]["ndcg@5"], said["after"]);
    let list = duijie(&["models", "list", "--data-dir", &data, "--json"]).json();
    assert!(list["candidate"]["about"]["from"].as_str().is_some_and(|from| from.contains("tiny ndcg@5")), "{list}");
    let shown = duijie(&["models", "show", "candidate", "--data-dir", &data, "--json"]).json();
    assert_eq!(shown["text"], said["configuration"]["text"]);
    // Nothing may be said of abstracts by listings that have none; one that has one speaks.
    let listing = json!({"id": "L9", "title": "电池", "abstract": "一种电池。"});
    let titles = LISTINGS.iter().map(|(id, title, ipc)| json!({"id": id, "title": title, "ipc": [ipc]}));
    zipped(Path::new(&sets.path("tiny/listings.jsonl.gz")), titles.chain([listing]));
    let said = duijie(&["tune", &set, "--what", "text", "--folds", "2", "--tries", "1", "--json"]).json();
    assert!(said["searched"].as_array().unwrap().contains(&json!("text.abstract_boost")), "{said}");
}
