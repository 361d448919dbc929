//! Generated work, through the command: it imports whole, it says how like its sources it is, and it fails in words.

use serde_json::Value;

use crate::fixtures::{duijie, sample, text};

#[test]
fn generated_records_import_without_a_rejection() {
    let directory = tempfile::tempdir().unwrap();
    let (out, data) = (directory.path().join("work"), directory.path().join("data"));
    for with_firms in [true, false] {
        let out = out.join(with_firms.to_string());
        let (patents, firms) = (sample("listings.csv"), sample("enterprises.csv"));
        let mut arguments = vec!["bench", "generate", "--form", "records", "--seed", "5", "--json"];
        arguments.extend(["--patents", text(&patents), "--listings", "400", "--profiles", "100", "--out", text(&out)]);
        if with_firms {
            arguments.extend(["--enterprises", text(&firms)]);
        }
        let said = duijie(&arguments);
        assert_eq!((said.code, said.err.as_str()), (0, ""));
        for (file, kind, rows) in [("listings.jsonl", "listings", 400), ("enterprises.jsonl", "enterprises", 100)] {
            let data = data.join(with_firms.to_string());
            let said = duijie(&["import", text(&out.join(file)), "--kind", kind, "--data-dir", text(&data), "--json"]);
            let report = said.report();
            let counts = ["read", "added", "rejected"].map(|count| report[count].as_u64().unwrap());
            assert_eq!(counts, [rows, rows, 0], "{report}");
            assert_eq!(report["warnings_by_reason"], serde_json::json!({}), "{report}");
            assert_eq!(report["unknown_columns"], serde_json::json!([]), "{report}");
        }
    }
}

#[test]
fn the_answer_compares_what_was_generated_with_its_sources() {
    let directory = tempfile::tempdir().unwrap();
    let patents = sample("listings.csv");
    let generate = |out: &str, options: &[&str]| {
        let arguments = ["bench", "generate", "--patents", text(&patents), "--listings", "50", "--out", out];
        duijie(&[&arguments[..], options].concat())
    };
    let out = directory.path().join("json");
    let said = generate(text(&out), &["--json"]);
    let (answer, kept) = (said.json(), std::fs::read_to_string(out.join("about.json")).unwrap());
    assert_eq!(answer, serde_json::from_str::<Value>(&kept).unwrap(), "the answer stays with the files");
    assert_eq!(answer["generated"]["documents"], 50);
    assert!(answer["sources"]["share_of_top_100"].as_f64().unwrap() > 0.0);
    for (language, words) in [("zh", "每篇不同的词"), ("en", "distinct words of a document")] {
        let said = generate(text(&directory.path().join(language)), &["--lang", language]);
        assert!(said.code == 0 && said.out.contains(words), "{}", said.out);
    }
    let again = generate(text(&out), &["--lang", "en"]);
    assert_eq!((again.code, again.err.contains("is not empty: give a new directory")), (1, true), "{}", again.err);
}
