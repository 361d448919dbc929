//! The real command on models: training, asking and testing a classifier, good input and bad.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixtures::{Said, command, duijie, text};
use crate::teacher::{self, Topic};

/// A folder of files a test makes.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The embedding that the models of these tests are trained with: small, so that it is read fast.
    fn embedding(&self) -> PathBuf {
        self.file("embedding", &*teacher::EMBEDDING)
    }

    fn train(&self, data: &Path, label: &str, more: &[&str]) -> Said {
        let (embedding, out) = (self.embedding(), self.path("model"));
        let fixed = ["classify", "train", "--train", text(data), "--label", label];
        duijie(&[&fixed[..], &["--out", text(&out), "--embedding", text(&embedding)], more].concat())
    }

    /// A directory with the model that all tests share, trained on [`labelled`].
    fn model(&self) -> PathBuf {
        let model = self.path("model");
        std::fs::create_dir_all(&model).unwrap();
        self.file("model/embedding.bin", &*teacher::EMBEDDING);
        self.file("model/classifier.bin", &*MODEL);
        model
    }

    fn predict(&self, input: &Path, more: &[&str]) -> Said {
        let (model, out) = (self.path("model"), self.path("answers.jsonl"));
        let fixed = ["classify", "predict", "--model", text(&model), "--input", text(input), "--out", text(&out)];
        duijie(&[&fixed[..], more].concat())
    }

    fn answers(&self) -> Vec<Value> {
        let answers = std::fs::read_to_string(self.path("answers.jsonl")).unwrap();
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What is answered to texts, by a model that has learnt [`labelled`].
    fn asked(&self, titles: &[&str]) -> Vec<Value> {
        self.model();
        let rows = titles.iter().enumerate().map(|(row, title)| json!({"id": format!("q{row}"), "title": title}));
        let input = self.file("input.jsonl", lines(rows));
        let said = self.predict(&input, &["--json"]);
        assert_eq!((said.code, said.json()["rejections"]["count"].as_u64()), (0, Some(0)), "{}{}", said.out, said.err);
        let answers = self.answers();
        assert_eq!(answers.len(), titles.len());
        answers
    }

    fn evaluate(&self, test: &Path, label: &str, more: &[&str]) -> Said {
        let model = self.path("model");
        let fixed = ["classify", "evaluate", "--model", text(&model), "--test", text(test), "--label", label];
        duijie(&[&fixed[..], more].concat())
    }
}

fn lines(rows: impl IntoIterator<Item = Value>) -> String {
    rows.into_iter().map(|row| format!("{row}\n")).collect()
}

fn row_of((number, (topic, title)): (usize, (&Topic, String))) -> Value {
    json!({"id": format!("t{number}"), "title": title, "ipc_main": topic.symbol, "label": topic.name})
}

/// Thirty rows of each of the four topics, as JSON lines with IPC symbols and labels.
fn labelled() -> String {
    lines(teacher::titles(&teacher::FORMS).enumerate().map(row_of))
}

/// Other rows of the same topics.
fn unseen_rows() -> String {
    lines(teacher::titles(&teacher::OTHER_FORMS).enumerate().map(row_of))
}

/// The model file of [`labelled`] by label.
static MODEL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = Folder::new();
    let said = folder.train(&folder.file("train.jsonl", labelled()), "label", &[]);
    assert_eq!(said.code, 0, "{}", said.err);
    std::fs::read(folder.path("model/classifier.bin")).unwrap()
});

fn is_chinese(said: &str) -> bool {
    said.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// A command that ends with 1 and says why in both languages: the Chinese text holds one word, the English another.
fn refused(run: impl Fn(&[&str]) -> Said, chinese: &str, english: &str) {
    let (said, told) = (run(&[]), run(&["--lang", "en"]));
    assert_eq!((said.code, told.code, said.out.as_str()), (1, 1, ""), "{}{}", said.err, told.err);
    assert!(said.err.starts_with("错误：") && said.err.contains(chinese), "{}", said.err);
    assert!(told.err.starts_with("error: ") && told.err.contains(english), "{}", told.err);
}

#[test]
fn a_prediction_has_likely_classes_with_probabilities_and_the_words_that_spoke_for_them() {
    let folder = Folder::new();
    let titles: Vec<(&Topic, String)> = teacher::titles(&teacher::OTHER_FORMS).collect();
    let asked: Vec<&str> = titles.iter().map(|(_, title)| title.as_str()).collect();
    let mut right = 0;
    for (row, (answer, (topic, title))) in folder.asked(&asked).iter().zip(&titles).enumerate() {
        assert_eq!((&answer["id"], &answer["unknown"]), (&format!("q{row}").into(), &false.into()), "{answer}");
        let top = answer["top"].as_array().unwrap();
        assert_eq!(top.len(), 3, "{answer}");
        let probabilities: Vec<f64> = top.iter().map(|class| class["probability"].as_f64().unwrap()).collect();
        assert!(probabilities.is_sorted_by(|a, b| a >= b), "{answer}");
        assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{answer}");
        assert!(answer["certain"].is_boolean(), "{answer}");
        let terms = answer["terms"].as_array().unwrap();
        assert!((1..=5).contains(&terms.len()), "{answer}");
        for term in terms {
            assert!(title.contains(term["term"].as_str().unwrap()) && term["weight"].as_f64().unwrap() > 0.0, "{term}");
        }
        right += usize::from(top[0]["label"] == topic.name);
    }
    assert!(right * 10 >= titles.len() * 9, "{right} of {}", titles.len());
}

#[test]
fn without_terms_the_classes_are_the_same() {
    let folder = Folder::new();
    let explained = folder.asked(&["一种锂电池隔膜的检测系统"]);
    let said = folder.predict(&folder.path("input.jsonl"), &["--no-terms", "--json"]);
    let short = folder.answers();
    assert_eq!((said.code, &short[0]["top"], &short[0]["terms"]), (0, &explained[0]["top"], &json!([])));
}

#[test]
fn the_same_input_gives_the_same_answers() {
    let folder = Folder::new();
    folder.model();
    let input = folder.file("input.jsonl", unseen_rows());
    let answers = |threads: &str| {
        let (model, out) = (folder.path("model"), folder.path("answers.jsonl"));
        let mut ask =
            command(&["classify", "predict", "--model", text(&model), "--input", text(&input), "--out", text(&out)]);
        assert!(ask.env("RAYON_NUM_THREADS", threads).output().unwrap().status.success());
        std::fs::read(out).unwrap()
    };
    assert_eq!(answers("1"), answers("2"));
}

#[test]
fn every_kind_of_label_is_learnt_from_ipc_symbols_and_named() {
    for (label, known, name) in [
        ("field", "1", "电机、装置、能源"),
        ("section", "H", "电学"),
        ("class", "H01", "电气元件"),
        ("subclass", "H01M", "电池"),
    ] {
        let folder = Folder::new();
        let said = folder.train(&folder.file("train.jsonl", labelled()), label, &["--json"]);
        assert_eq!((said.code, &said.json()["rows"]), (0, &120.into()), "{label}: {}", said.err);
        let input = folder.file("input.jsonl", "{\"title\":\"一种锂电池隔膜的检测系统\"}\n");
        assert_eq!(folder.predict(&input, &[]).code, 0);
        let best = &folder.answers()[0]["top"][0];
        assert_eq!(best["label"], known, "{best}");
        assert!(best["name"].as_str().unwrap().contains(name), "{best}");
    }
}

#[test]
fn a_csv_file_trains_as_json_lines_do() {
    let folder = Folder::new();
    let rows = teacher::titles(&teacher::FORMS).map(|(topic, title)| format!("{title},{}\n", topic.name));
    let csv = folder.file("train.csv", format!("发明名称,类别\n{}", rows.collect::<String>()));
    let said = folder.train(&csv, "label", &["--json"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let report = said.json();
    assert_eq!(
        (&report["rows"], &report["classes"], &report["rejections"]["count"]),
        (&120.into(), &4.into(), &0.into())
    );
    assert!(std::fs::read(folder.path("model/classifier.bin")).unwrap() == *MODEL, "the form of the file matters");
}

#[test]
fn several_files_are_one_training_set() {
    let folder = Folder::new();
    let whole = labelled();
    let at = whole.match_indices('\n').nth(50).unwrap().0 + 1;
    let (first, second) = (folder.file("a.jsonl", &whole[..at]), folder.file("b.jsonl", &whole[at..]));
    let said = folder.train(&first, "label", &["--train", text(&second), "--json"]);
    assert_eq!((said.code, &said.json()["rows"]), (0, &120.into()), "{}", said.err);
    assert!(std::fs::read(folder.path("model/classifier.bin")).unwrap() == *MODEL);
}

#[test]
fn evaluation_tells_high_figures_of_classes_that_are_easy_to_tell_apart() {
    let folder = Folder::new();
    folder.model();
    let test = folder.file("test.jsonl", unseen_rows());
    let said = folder.evaluate(&test, "label", &["--json"]);
    let figures = said.json();
    assert_eq!((said.code, &figures["label"], &figures["rows"]), (0, &"label".into(), &80.into()), "{}", said.err);
    for name in ["accuracy", "top3", "macro_f1", "micro_f1"] {
        assert!((0.9..=1.0).contains(&figures[name].as_f64().unwrap()), "{name} of {figures}");
    }
    assert!((0.0..=0.2).contains(&figures["ece"].as_f64().unwrap()), "{figures}");
    assert_eq!((&figures["unseen"], &figures["unknown"]), (&0.into(), &0.into()));
    let told = folder.evaluate(&test, "label", &[]).out;
    assert!(told.contains("accuracy") && told.contains("macro_f1") && told.contains("可信的预测"), "{told}");
}

#[test]
fn a_report_is_two_tables_and_three_pictures() {
    let folder = Folder::new();
    folder.model();
    let (test, report) = (folder.file("test.jsonl", unseen_rows()), folder.path("a/report"));
    let said = folder.evaluate(&test, "label", &["--report", text(&report)]);
    assert_eq!(said.code, 0, "{}", said.err);
    let table = std::fs::read_to_string(report.join("confusion.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["true", "said", "rows"]);
    let rows: usize = reader.records().map(|row| row.unwrap()[2].parse::<usize>().unwrap()).sum();
    assert_eq!(rows, 80);
    let classes = std::fs::read_to_string(report.join("classes.csv")).unwrap();
    let of: Vec<String> =
        csv::Reader::from_reader(classes.as_bytes()).records().map(|row| row.unwrap()[0].to_owned()).collect();
    assert_eq!(of, ["农机", "天线", "电池", "食品"]);
    for name in ["confusion.svg", "reliability.svg", "coverage.svg"] {
        let drawn = std::fs::read_to_string(report.join(name)).unwrap();
        let tree = roxmltree::Document::parse(&drawn).unwrap();
        assert_eq!(tree.root_element().tag_name().name(), "svg", "{name}");
        assert!(drawn.contains("自定义类别") && drawn.contains("正确率"), "{name} does not say what it is of");
    }
}

#[test]
fn the_same_rows_train_to_the_same_bytes_on_any_number_of_threads() {
    let folder = Folder::new();
    let data = folder.file("train.jsonl", labelled());
    let trained = |threads: &str, out: &str| {
        let (embedding, out) = (folder.embedding(), folder.path(out));
        let fixed = ["classify", "train", "--train", text(&data), "--label", "label", "--out", text(&out)];
        let mut train = command(&[&fixed[..], &["--embedding", text(&embedding)]].concat());
        assert!(train.env("RAYON_NUM_THREADS", threads).output().unwrap().status.success());
        std::fs::read(out.join("classifier.bin")).unwrap()
    };
    assert!(trained("1", "a") == trained("2", "b"), "the number of threads matters");
    assert!(trained("2", "b") == *MODEL, "training again gives another model");
}

#[test]
fn complement_naive_bayes_can_be_trained_instead() {
    let folder = Folder::new();
    let said = folder.train(&folder.file("train.jsonl", labelled()), "label", &["--learner", "bayes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(std::fs::read(folder.path("model/classifier.bin")).unwrap() != *MODEL);
    let figures = folder.evaluate(&folder.file("test.jsonl", unseen_rows()), "label", &["--json"]).json();
    assert!(figures["accuracy"].as_f64().unwrap() > 0.9, "{figures}");
}

#[test]
fn a_training_file_of_one_class_is_refused() {
    let folder = Folder::new();
    let one = teacher::titles(&teacher::FORMS).take(30).enumerate().map(row_of);
    let data = folder.file("one.jsonl", lines(one));
    for label in ["label", "subclass"] {
        refused(|more| folder.train(&data, label, more), "同一类", "one class");
    }
    assert!(!folder.path("model").exists(), "a model was left behind");
}

#[test]
fn a_class_of_one_row_is_learnt_and_told() {
    // Before all other labels, and behind them.
    for lone in ["甲", "龥"] {
        let folder = Folder::new();
        let row = json!({"title": "一种玻璃纤维布的织造设备", "label": lone});
        for others in [30, 120] {
            let many = teacher::titles(&teacher::FORMS).take(others).enumerate().map(row_of);
            let data = folder.file("train.jsonl", lines(many.chain([row.clone()])));
            let said = folder.train(&data, "label", &["--json"]);
            assert_eq!(said.code, 0, "{lone} beside {others}: {}", said.err);
            let report = said.json();
            assert_eq!((&report["lone_classes"], &report["rows"]), (&1.into(), &(others + 1).into()), "{report}");
            let told = folder.train(&data, "label", &[]).out;
            assert!(told.contains("只有一行的类") && told.contains(" 1\n"), "{told}");
        }
    }
}

#[test]
fn rows_without_a_label_are_left_out_and_counted() {
    let folder = Folder::new();
    let extra = "{\"title\":\"一种无标签的装置\"}\n{\"title\":\"又一种\",\"label\":\"\"}\n";
    let data = folder.file("train.jsonl", labelled() + extra);
    let said = folder.train(&data, "label", &["--json"]);
    assert_eq!((&said.json()["rows"], &said.json()["unlabelled"]), (&120.into(), &2.into()), "{}", said.out);
    assert!(std::fs::read(folder.path("model/classifier.bin")).unwrap() == *MODEL);
    let told = folder.train(&data, "label", &[]).out;
    assert!(told.contains("没有标签、未使用的行 2"), "{told}");
}

#[test]
fn rows_that_cannot_be_read_are_named_and_the_others_trained_on() {
    let folder = Folder::new();
    let data = folder.file("train.jsonl", labelled() + "not json\n{\"title\":\"\",\"label\":\"电池\"}\n");
    let said = folder.train(&data, "label", &["--json"]);
    let report = said.json();
    assert_eq!((said.code, &report["rows"], &report["rejections"]["count"]), (0, &120.into(), &2.into()), "{report}");
    let problems = report["rejections"]["problems"].as_array().unwrap();
    for (problem, (row, code)) in problems.iter().zip([(121, "bad_json"), (122, "missing_value")]) {
        assert_eq!((&problem["row"], &problem["code"]), (&row.into(), &code.into()), "{problem}");
        assert!(problem["message"].as_str().unwrap().contains("train.jsonl"), "{problem}");
    }
    assert!(folder.train(&data, "label", &[]).out.contains("第121行"));
}

#[test]
fn a_training_file_without_labels_of_the_kind_is_refused_with_the_column_it_needs() {
    let folder = Folder::new();
    let bare = (0..20).map(|row| json!({"title": format!("第{row}种装置")}));
    let data = folder.file("bare.jsonl", lines(bare));
    refused(|more| folder.train(&data, "label", more), "label（标签、类别）", "`label`");
    refused(|more| folder.train(&data, "field", more), "ipc_main（主分类号）", "`ipc_main`");
}

#[test]
fn a_handful_of_rows_is_refused_with_how_many_are_needed() {
    let folder = Folder::new();
    let few = teacher::titles(&teacher::FORMS).step_by(15).enumerate().map(row_of);
    let data = folder.file("few.jsonl", lines(few));
    refused(|more| folder.train(&data, "label", more), "只有 8 行：至少需要 10 行", "give at least 10");
}

#[test]
fn rows_of_two_titles_only_are_learnt_or_refused_but_not_called_one_class() {
    let folder = Folder::new();
    let same = (0..20).map(|row| {
        let (title, label) = [("一种锂电池隔膜", "电池"), ("一种水稻插秧机", "农机")][row % 2];
        json!({"title": title, "label": label})
    });
    let said = folder.train(&folder.file("same.jsonl", lines(same)), "label", &[]);
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn a_file_that_cannot_be_read_at_all_is_named() {
    let folder = Folder::new();
    let missing = folder.path("无此文件.jsonl");
    refused(|more| folder.train(&missing, "label", more), "无此文件.jsonl", "无此文件.jsonl");
    let empty = folder.file("空.jsonl", "");
    refused(|more| folder.train(&empty, "label", more), "空文件", "is empty");
    let foreign = folder.file("别列.csv", "colour,size\nred,1\n");
    refused(|more| folder.train(&foreign, "label", more), "发明名称", "发明名称");
    folder.model();
    for verb in ["predict", "evaluate"] {
        let run = |more: &[&str]| match verb {
            "predict" => folder.predict(&missing, more),
            _ => folder.evaluate(&missing, "label", more),
        };
        refused(run, "无此文件.jsonl", "无此文件.jsonl");
    }
    assert!(!folder.path("answers.jsonl").exists(), "answers to nothing");
}

#[test]
fn wrong_usage_ends_with_2() {
    for arguments in [
        &["classify"][..],
        &["classify", "train", "--label", "label", "--out", "m"],
        &["classify", "train", "--train", "a.jsonl", "--label", "industry", "--out", "m"],
        &["classify", "train", "--train", "a.jsonl", "--label", "label", "--out", "m", "--learner", "oracle"],
        &["classify", "predict", "--model", "m", "--input", "a.jsonl"],
        &["classify", "evaluate", "--model", "m", "--test", "a.jsonl"],
        &["embed", "nearest"],
        &["embed", "nearest", "电池", "-k", "0"],
        &["embed", "train", "--texts", "a", "--vectors", "b", "--out", "c", "--dimensions", "7"],
    ] {
        let said = duijie(arguments);
        assert!(said.code == 2 && !said.err.is_empty(), "{arguments:?}: {}{}", said.code, said.err);
    }
}

#[test]
fn settings_that_cannot_be_learnt_with_are_refused() {
    let folder = Folder::new();
    let data = folder.file("train.jsonl", labelled());
    for setting in [
        ["--cost", "0"],
        ["--cost", "-1"],
        ["--cost", "NaN"],
        ["--cost", "inf"],
        ["--meaning", "NaN"],
        ["--meaning", "-1"],
        ["--body", "inf"],
        ["--holders", "NaN"],
        ["--titles", "-0.5"],
        ["--balance", "NaN"],
        ["--least-weight", "NaN"],
    ] {
        let said = folder.train(&data, "label", &[&format!("{}={}", setting[0], setting[1])]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{setting:?}: {}", said.err);
        assert!(said.err.contains(setting[0]), "{setting:?}: {}", said.err);
    }
    assert!(!folder.path("model").exists());
}

#[test]
fn a_text_without_words_is_said_to_be_unknown() {
    let folder = Folder::new();
    for answer in folder.asked(&["，。！？——……", "().,;:", "😀😀", "\u{200b}x"]) {
        assert_eq!(answer["unknown"], true, "{answer}");
        assert!(answer.get("top").is_none() && answer.get("certain").is_none(), "a class by default: {answer}");
    }
    let said = folder.predict(&folder.path("input.jsonl"), &[]);
    assert!(said.code == 0 && said.out.contains("无法判断 4"), "{}", said.out);
}

#[test]
fn a_text_in_another_language_is_said_to_be_unknown() {
    let folder = Folder::new();
    let titles = ["Способ обработки стекла", "ภาษาไทย", "한국어 발명", "Verfahren zum Schweißen", "جهاز"];
    for answer in folder.asked(&titles) {
        assert!(answer["unknown"] == true && answer.get("top").is_none(), "{answer}");
    }
}

#[test]
fn an_empty_text_is_rejected_and_the_rows_beside_it_are_answered() {
    let folder = Folder::new();
    folder.model();
    let rows = [
        json!({"id": "a", "title": "一种锂电池隔膜"}),
        json!({"id": "b", "title": ""}),
        json!({"id": "c", "title": "  "}),
        json!({"id": "d", "title": {"zh": "一种天线"}}),
        json!({"id": "e", "title": "一种水稻插秧机"}),
    ];
    let input = folder.file("混合.jsonl", lines(rows) + "{broken\n" + "{\"id\":\"f\",\"title\":\"贴片天线\"}\n");
    let said = folder.predict(&input, &["--json"]);
    let report = said.json();
    assert_eq!((said.code, &report["texts"], &report["rejections"]["count"]), (0, &3.into(), &4.into()), "{report}");
    let problems = report["rejections"]["problems"].as_array().unwrap();
    for row in [2, 3, 4, 6] {
        let problem = problems.iter().find(|problem| problem["row"] == row);
        let problem = problem.unwrap_or_else(|| panic!("row {row} is not named in {report}"));
        let (chinese, english) = (problem["message"].as_str().unwrap(), problem["message_en"].as_str().unwrap());
        assert!(chinese.contains("混合.jsonl") && chinese.contains(&row.to_string()), "{problem}");
        assert!(is_chinese(chinese) && english.contains(&row.to_string()), "{problem}");
    }
    let answers = folder.answers();
    let ids: Vec<&str> = answers.iter().map(|answer| answer["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "e", "f"]);
    let best: Vec<&Value> = answers.iter().map(|answer| &answer["top"][0]["label"]).collect();
    assert_eq!(best, ["电池", "农机", "天线"]);
    let told = folder.predict(&input, &[]).out;
    assert!(told.contains("无法读取的行 4") && told.contains("第6行"), "{told}");
}

#[test]
fn a_text_of_a_megabyte_is_answered_or_rejected_and_stops_nothing() {
    let folder = Folder::new();
    let sentence = "一种锂电池隔膜的制备方法，包括混合、涂布与干燥。";
    let long = sentence.repeat((1 << 20) / sentence.len());
    let mut odd = String::new();
    // Every pair of characters is another one.
    odd.extend((0..350_000_u32).filter_map(|n| char::from_u32(0x4e00 + n * 7_919 % 20_900)));
    folder.model();
    let rows =
        [json!({"id": "long", "title": long}), json!({"id": "odd", "abstract": odd}), json!({"title": "贴片天线"})];
    let said = folder.predict(&folder.file("long.jsonl", lines(rows)), &["--json"]);
    let report = said.json();
    assert_eq!(said.code, 0, "{}", said.err);
    let (texts, refused) = (report["texts"].as_u64().unwrap(), report["rejections"]["count"].as_u64().unwrap());
    assert_eq!(texts + refused, 3, "{texts} and {refused}");
    let answers = folder.answers();
    assert_eq!(answers.last().unwrap()["top"][0]["label"], "天线");
    if let Some(long) = answers.iter().find(|answer| answer["id"] == "long") {
        assert_eq!(long["top"][0]["label"], "电池", "{long}");
    }
}

#[test]
fn labels_unseen_in_training_count_as_wrong_and_are_told() {
    let folder = Folder::new();
    folder.model();
    let strangers = (0..20).map(|row| json!({"title": format!("第{row}种玻璃纤维织机"), "label": "纺织"}));
    let test = folder.file("test.jsonl", unseen_rows() + &lines(strangers));
    let figures = folder.evaluate(&test, "label", &["--json"]).json();
    assert_eq!((&figures["rows"], &figures["unseen"]), (&100.into(), &20.into()), "{figures}");
    assert!(figures["accuracy"].as_f64().unwrap() <= 0.8, "{figures}");
    let class = figures["classes"].as_array().unwrap().iter().find(|class| class["label"] == "纺织").unwrap();
    assert_eq!((&class["rows"], &class["f1"]), (&20.into(), &0.0.into()));
    for (language, words) in [("zh", "训练中没有的类的行 20"), ("en", "of classes unseen in training 20")] {
        let told = folder.evaluate(&test, "label", &["--lang", language]).out;
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn a_test_file_without_labels_is_refused() {
    let folder = Folder::new();
    folder.model();
    let test = folder.file("bare.jsonl", "{\"title\":\"一种锂电池隔膜\"}\n");
    refused(|more| folder.evaluate(&test, "label", more), "label（标签、类别）", "`label`");
}

/// Asks a model directory that has been tampered with: for answers in Chinese, for figures in English.
fn refused_model(folder: &Folder, chinese: &str, english: &str) {
    let input = folder.file("input.jsonl", unseen_rows());
    let run = |more: &[&str]| match more {
        [] => folder.predict(&input, more),
        _ => folder.evaluate(&input, "label", more),
    };
    refused(run, chinese, english);
    assert!(!folder.path("answers.jsonl").exists(), "answers of a model that does not fit");
}

#[test]
fn a_truncated_model_file_is_refused() {
    for keep in [MODEL.len() - 1, MODEL.len() / 2] {
        let folder = Folder::new();
        folder.model();
        folder.file("model/classifier.bin", &MODEL[..keep]);
        refused_model(&folder, "请重新复制或重新训练", "copy the file again or train it again");
    }
    for keep in [0, 20] {
        let folder = Folder::new();
        folder.model();
        folder.file("model/classifier.bin", &MODEL[..keep]);
        refused_model(&folder, "不是对接的模型文件", "not a model file of duijie");
    }
}

#[test]
fn a_model_file_with_a_changed_bit_is_refused() {
    for at in [400, MODEL.len() / 2, MODEL.len() - 1] {
        let folder = Folder::new();
        folder.model();
        let mut bytes = MODEL.clone();
        bytes[at] ^= 4;
        folder.file("model/classifier.bin", bytes);
        refused_model(&folder, "与校验和不符", "checksum");
    }
}

#[test]
fn a_file_of_another_kind_is_refused() {
    let folder = Folder::new();
    folder.model();
    folder.file("model/classifier.bin", &*teacher::EMBEDDING);
    refused_model(&folder, "embedding/1，需要 classifier/1", "kind embedding/1, expected classifier/1");
    folder.file("model/classifier.bin", labelled());
    refused_model(&folder, "不是对接的模型文件", "not a model file of duijie");
    std::fs::remove_file(folder.path("model/classifier.bin")).unwrap();
    refused_model(&folder, "classifier.bin", "classifier.bin");
}

/// The file with another version of the analyzer in its header.
fn of_another_analyzer(bytes: &[u8]) -> Vec<u8> {
    let name = b"\"analyzer\":\"";
    let start = bytes.windows(name.len()).position(|window| window == name).unwrap() + name.len();
    let end = start + bytes[start..].iter().position(|&byte| byte == b'"').unwrap();
    [&bytes[..start], b"0-another", &bytes[end..]].concat()
}

#[test]
fn a_model_of_another_analyzer_is_refused_with_how_to_retrain() {
    let folder = Folder::new();
    folder.model();
    folder.file("model/classifier.bin", of_another_analyzer(&MODEL));
    refused_model(&folder, "分词器版本 0-another", "analyzer 0-another");
    refused_model(&folder, "请重新训练（见 models/README.md）", "train it again (models/README.md)");
    let folder = Folder::new();
    folder.model();
    folder.file("model/embedding.bin", of_another_analyzer(&teacher::EMBEDDING));
    refused_model(&folder, "分词器版本 0-another", "analyzer 0-another");
}

#[test]
fn a_model_without_the_embedding_it_was_trained_with_is_refused() {
    let folder = Folder::new();
    folder.model();
    std::fs::remove_file(folder.path("model/embedding.bin")).unwrap();
    refused_model(&folder, "模型依赖词向量版本", "made with embedding");
    folder.file("model/embedding.bin", teacher::distilled(&teacher::vectors(99)));
    refused_model(&folder, "请重新训练", "train it again");
    folder.file("model/embedding.bin", &teacher::EMBEDDING[..1_000]);
    refused_model(&folder, "词向量：", "embedding: ");
}

#[test]
fn training_again_with_the_shipped_embedding_replaces_the_one_before() {
    let folder = Folder::new();
    folder.model();
    let (data, model) = (folder.file("train.jsonl", labelled()), folder.path("model"));
    let said = duijie(&["classify", "train", "--train", text(&data), "--label", "label", "--out", text(&model)]);
    assert_eq!(said.code, 0, "{}", said.err);
    let said = folder.evaluate(&data, "label", &["--json"]);
    assert_eq!(said.code, 0, "the new model is refused: {}", said.err);
    assert!(said.json()["accuracy"].as_f64().unwrap() > 0.9);
}

#[test]
fn an_embedding_that_cannot_be_used_trains_nothing() {
    let folder = Folder::new();
    let data = folder.file("train.jsonl", labelled());
    let with = |embedding: &Path, more: &[&str]| {
        let out = folder.path("model");
        let fixed = ["classify", "train", "--train", text(&data), "--label", "label", "--out", text(&out)];
        duijie(&[&fixed[..], &["--embedding", text(embedding)], more].concat())
    };
    refused(|more| with(&folder.path("无.bin"), more), "无.bin", "无.bin");
    let foreign = folder.file("foreign.bin", &*MODEL);
    refused(|more| with(&foreign, more), "需要 embedding/1", "expected embedding/1");
    assert!(!folder.path("model").exists());
}
