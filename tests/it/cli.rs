//! The real command on good input: exit codes, forms of answers, languages.

use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;

use crate::fixtures::{Said, command, duijie, sample, text};

/// A data directory with the sample, made by the command itself.
fn with_the_sample() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let path = text(directory.path());
    for (file, kind) in [("listings.xlsx", "listings"), ("enterprises.csv", "enterprises")] {
        let said = duijie(&["import", text(&sample(file)), "--kind", kind, "--data-dir", path, "--json"]);
        assert_eq!((said.code, said.report()["rejected"].as_u64()), (0, Some(0)), "{}{}", said.out, said.err);
    }
    directory
}

fn is_chinese(said: &str) -> bool {
    said.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn every_command_answers_in_json() {
    let directory = with_the_sample();
    let at = text(directory.path());
    let firm = "样例江北锂电材料有限公司";
    let demo = tempfile::tempdir().unwrap();
    let texts = demo.path().join("texts.tsv");
    std::fs::write(&texts, "D1\t一种电机。端盖密封。\nD2\t一种电池。\n").unwrap();
    let (index, shown, listings) = (demo.path().join("bench"), demo.path().join("demo"), sample("listings.csv"));
    let answers: [(&[&str], &str); 6] = [
        (&["import", text(&listings), "--kind", "listings", "--data-dir", at], "/0/unchanged"),
        (&["search", "天线", "--data-dir", at], "/total"),
        (&["recommend", firm, "-n", "3", "--today", "2026-11-22", "--data-dir", at], "/recommendations/2/score"),
        (&["reindex", "--data-dir", at], "/indexed"),
        (&["demo", "--data-dir", text(&shown)], "/recommendations/0/recommendations/0/score"),
        (&["bench", "index", "--docs", text(&texts), "--dir", text(&index)], "/docs"),
    ];
    for (arguments, place) in answers {
        let said = duijie(&[arguments, &["--json"]].concat());
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{arguments:?}");
        let figure = said.json().pointer(place).and_then(Value::as_f64).unwrap_or_default();
        assert!(figure > 0.0, "{arguments:?}: {place} of {}", said.out);
    }
}

#[test]
fn failures_are_json_too_where_json_is_wanted() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("none");
    for arguments in [
        vec!["search", "电池", "--data-dir", text(&missing)],
        vec!["import", "none.csv", "--kind", "listings", "--data-dir", text(&missing)],
        vec!["eval", "run", text(&missing)],
    ] {
        let said = duijie(&[&arguments[..], &["--json"]].concat());
        let error: Value = serde_json::from_str(&said.err).unwrap_or_else(|error| panic!("{error}: {}", said.err));
        assert!(said.code == 1 && error["error"].is_string() && said.out.is_empty(), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn wrong_usage_ends_with_2_and_a_failure_with_1() {
    let directory = with_the_sample();
    let at = text(directory.path());
    let firm = "样例江北锂电材料有限公司";
    let cases: &[(i32, &[&str])] = &[
        (2, &["find"]),
        (2, &["import", "a.csv"]),
        (2, &["import", "a.csv", "--kind", "patentz"]),
        (2, &["recommend", firm, "-n", "0"]),
        (2, &["recommend", firm, "-n", "1001"]),
        (2, &["serve", "--listen", "nowhere"]),
        (2, &["search", "x", "--lang", "fr"]),
        (1, &["import", "none.csv", "--kind", "listings", "--data-dir", at]),
        (2, &["search", "x", "--limit", "101", "--data-dir", at]),
        (2, &["search", "x", "--ipc", "Z99", "--data-dir", at]),
        (2, &["search", "x", "--division", "999999", "--data-dir", at]),
        (2, &["search", "x", "--announced-since", "2025-02-30", "--data-dir", at]),
        (2, &["recommend", firm, "--today", "yesterday", "--data-dir", at]),
        (2, &["search", "x", "--fee-form", "乱写", "--data-dir", at]),
        (0, &["search", "魑魅魍魉", "--data-dir", at]),
        (0, &["--help"]),
        (0, &["--version"]),
    ];
    for (code, arguments) in cases {
        let said = duijie(arguments);
        assert_eq!(said.code, *code, "{arguments:?}: {}{}", said.out, said.err);
        assert_eq!(said.err.is_empty(), *code == 0, "{arguments:?}: {}", said.err);
    }
}

#[test]
fn messages_are_chinese_and_english_by_option() {
    let directory = with_the_sample();
    let at = text(directory.path());
    let missing = text(directory.path()).to_owned() + "/none";
    let firm = "样例蜀香食品有限公司";
    let both = |arguments: &[&str]| (duijie(arguments), duijie(&[arguments, &["--lang", "en"]].concat()));
    let of = |said: &Said| format!("{}{}", said.out, said.err);
    for arguments in [
        &["search", "x", "--data-dir", &missing][..],
        &["recommend", "x", "--data-dir", at],
        &["search", "xyzzy", "--data-dir", at],
        &["reindex", "--data-dir", at],
    ] {
        let (chinese, english) = both(arguments);
        assert!(is_chinese(&of(&chinese)), "{arguments:?}: {}", of(&chinese));
        assert!(!is_chinese(&of(&english)), "{arguments:?}: {}", of(&english));
    }
    let (chinese, english) = both(&["recommend", firm, "--data-dir", at]);
    assert!(chinese.out.starts_with(&format!("企业：{firm}")), "{}", chinese.out);
    assert!(english.out.starts_with(&format!("enterprise: {firm}")), "{}", english.out);
    let (chinese, english) = both(&["search", "天线", "--data-dir", at]);
    assert!(chinese.out.starts_with("找到条数：") && chinese.out.contains("【天线】"), "{}", chinese.out);
    assert!(english.out.starts_with("found: "), "{}", english.out);
}

#[test]
fn without_data_one_is_told_to_import_first_and_nothing_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("none");
    for verb in [&["search", "电池"][..], &["recommend", "某公司"], &["serve", "--listen", "127.0.0.1:0"], &["reindex"]]
    {
        let said = duijie(&[verb, &["--data-dir", text(&missing)]].concat());
        assert_eq!(said.code, 1, "{verb:?}");
        assert!(said.err.contains("duijie import") && said.err.contains(text(&missing)), "{verb:?}: {}", said.err);
        assert!(!missing.exists(), "{verb:?} made the directory");
    }
}

#[test]
fn an_unknown_enterprise_and_one_of_several_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let at = text(directory.path());
    let file = directory.path().join("firms.csv");
    let firms = "企业名称,统一社会信用代码,主要产品\n\
                 样例同名有限公司,913201169900100123,电池\n样例同名有限公司,91110000100000110G,电机\n";
    std::fs::write(&file, firms).unwrap();
    let said = duijie(&["import", text(&file), "--kind", "enterprises", "--data-dir", at, "--json"]);
    let taken = said.report();
    assert_eq!(taken["taken"], 2, "{taken}");
    let unknown = duijie(&["recommend", "样例查无此企", "--data-dir", at]);
    assert!(unknown.code == 1 && unknown.err.contains("“样例查无此企”"), "{}", unknown.err);
    let several = duijie(&["recommend", "样例同名有限公司", "--data-dir", at]);
    assert!(several.code == 1 && several.err.contains("统一社会信用代码"), "{}", several.err);
    let one = duijie(&["recommend", "913201169900100123", "--data-dir", at]);
    assert_eq!(one.code, 0, "{}", one.err);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let directory = with_the_sample();
    let at = text(directory.path());
    let firm = "样例江北锂电材料有限公司";
    for verb in
        [&["search", "", "--limit", "100"][..], &["search", "电池", "--json"], &["recommend", firm], &["reindex"]]
    {
        let arguments = [verb, &["--data-dir", at]].concat();
        let mut child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Closed long before the answer is written, as `| head` does with a long one.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{verb:?}");
    }
}
