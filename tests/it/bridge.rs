//! The industry bridge: the table that ships, and the command that makes, measures and asks it.

use std::path::Path;

use duijie::bridge::Bridge;
use duijie::domain::{IndustryCode, IndustryLevel, IpcCode};
use sha2::{Digest, Sha256};

use crate::fixtures::{duijie, text};

fn divisions(symbol: &str) -> Vec<String> {
    let symbols: [IpcCode; 1] = [symbol.parse().unwrap()];
    let likely = Bridge::shipped().unwrap().industries_of(&symbols, IndustryLevel::Division);
    likely.into_iter().map(|likely| likely.industry.to_string()).collect()
}

fn parts(code: &str) -> Vec<String> {
    let industry: IndustryCode = code.parse().unwrap();
    let likely = Bridge::shipped().unwrap().parts_of(&industry);
    likely.into_iter().map(|likely| likely.part.as_str().to_owned()).collect()
}

#[test]
fn the_shipped_bridge_knows_what_everybody_knows() {
    for (symbol, division) in [("H01M10/0525", "38"), ("H01M", "38"), ("C02F3/30", "46"), ("G16H50/20", "35")] {
        assert_eq!(divisions(symbol)[0], division, "{symbol}: {:?}", divisions(symbol));
    }
    for (code, subclass) in [("3841", "H01M"), ("384", "H01M"), ("C14", "A23L"), ("15", "C12G"), ("21", "A47B")] {
        assert!(parts(code).iter().take(3).any(|part| part == subclass), "{code}: {:?}", parts(code));
    }
    assert_eq!(parts("3841")[0], "H01M");
}

#[test]
fn the_shipped_bridge_speaks_of_nearly_every_subclass() {
    let titles = include_str!("../../data/taxonomy/ipc_titles.csv").lines().skip(1);
    let subclasses: Vec<&str> = titles.filter_map(|row| row.split(',').next()).filter(|code| code.len() == 4).collect();
    let silent: Vec<_> = subclasses.iter().filter(|subclass| divisions(subclass).is_empty()).collect();
    assert!(silent.len() * 50 < subclasses.len(), "nothing is said of {silent:?}");
}

#[test]
fn the_table_is_small_and_is_the_one_its_card_describes() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let table = std::fs::read(models.join("industry_bridge.csv")).unwrap();
    assert!(table.len() < 500_000, "{} bytes", table.len());
    let sum: String = Sha256::digest(&table).iter().map(|byte| format!("{byte:02x}")).collect();
    let card = std::fs::read_to_string(models.join("industry_bridge.md")).unwrap();
    assert!(card.contains(&sum), "the card names another table; this one is {sum}");
    assert_eq!(Bridge::shipped().unwrap().to_string().as_bytes(), table, "the table is not as training writes it");
}

#[test]
fn show_answers_in_both_directions_and_languages() {
    let said = duijie(&["bridge", "show", "H01M10"]);
    assert!(
        said.code == 0 && said.out.contains("电气机械和器材制造业") && said.out.contains("专利实例"),
        "{}",
        said.out
    );
    let said = duijie(&["bridge", "show", "C3841", "--lang", "en"]);
    assert!(said.out.starts_with("3841  锂离子电池制造\nIPC subclasses:\n"), "{}", said.out);
    assert!(said.out.contains("H01M") && said.out.contains("(pairs"), "{}", said.out);
    let answer = duijie(&["bridge", "show", "H01M10/0525", "--json"]).json();
    assert_eq!((&answer["asked"], &answer["divisions"][0]["code"]), (&"symbol".into(), &"38".into()), "{answer}");
    assert_eq!(answer["emerging"][0]["code"], "5.2", "{answer}");
    for (wrong, lang) in [("H01X10/", "zh"), ("9999", "zh"), ("锂电池", "en"), ("", "en")] {
        let said = duijie(&["bridge", "show", wrong, "--lang", lang]);
        assert!(said.code == 1 && said.out.is_empty() && said.err.contains("3841"), "{wrong}: {}", said.err);
    }
}

/// A folder with pairs and a table small enough to learn from by hand.
fn folder(pairs: &str, table: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("pairs.jsonl"), pairs).unwrap();
    std::fs::write(directory.path().join("table.csv"), table).unwrap();
    directory
}

const TABLE: &str = "ipc_pattern,exclusions,gbt4754_code\nH01M*,H01M8*,3841\n";

fn some_pairs() -> String {
    let pair = |n: usize| {
        let (symbol, code) = [("H01M10/05", "C3841"), ("B25J9/16", "C3491")][n % 2];
        format!("{{\"title\":\"发明{n}\",\"ipc\":[\"{symbol}\"],\"nic\":[\"{code}\"]}}\n")
    };
    (0..10).map(pair).collect()
}

fn learn(directory: &Path, verb: &str, more: &[&str]) -> crate::fixtures::Said {
    let (pairs, table) = (directory.join("pairs.jsonl"), directory.join("table.csv"));
    duijie(&[&["bridge", verb, "--pairs", text(&pairs), "--table", text(&table)], more].concat())
}

#[test]
fn what_is_trained_can_be_read_and_every_row_is_accounted_for() {
    let bad = "{\"title\":\"甲\",\"ipc\":[\"H01M10/05\"],\"nic\":[\"C9999\"]}\n\
               {\"title\":\"乙\",\"ipc\":[\"H01M10/05\"]}\nnot json\n\
               {\"title\":\"丙\",\"ipc\":[\"H01M10/05\"],\"nic\":[\"3841\",\"38419\"]}\n";
    let directory = folder(&(some_pairs() + bad), &format!("{TABLE}H01M10/05*,,3841\nB25J*,Z9,3491\nB25J*,,0000\n"));
    let out = directory.path().join("bridge.csv");
    let said = learn(directory.path(), "train", &["--out", text(&out), "--json"]);
    let report = said.json();
    let counts = |file: usize| {
        ["read", "used", "incomplete", "rejected", "left_out"].map(|name| report["files"][file][name].as_u64().unwrap())
    };
    assert_eq!(counts(0), [14, 11, 1, 2, 1], "{report}");
    assert_eq!(counts(1), [4, 1, 0, 3, 0], "{report}");
    for (file, place, code) in [(0, 11, "bad_industry_code"), (0, 13, "bad_json"), (1, 3, "bad_ipc_pattern")] {
        let problems = report["files"][file]["problems"].as_array().unwrap();
        assert!(problems.iter().any(|p| p["row"] == place && p["code"] == code), "{code}: {report}");
    }
    let table = std::fs::read_to_string(&out).unwrap();
    let bridge: Bridge = table.parse().unwrap();
    assert_eq!(bridge.links().len() as u64, report["links"].as_u64().unwrap());
    let said = learn(directory.path(), "train", &["--out", text(&out)]);
    assert!(said.out.contains("“C9999”不是国民经济行业分类") && said.out.contains("SHA-256"), "{}", said.out);
}

#[test]
fn evaluation_is_the_same_for_the_same_seed() {
    let directory = folder(&some_pairs(), TABLE);
    let figures = |seed: &str| learn(directory.path(), "evaluate", &["--seed", seed, "--json"]).json();
    let first = figures("7");
    assert_eq!(first, figures("7"));
    assert_eq!(first["forward"][0]["precision_at_1"], 1.0, "{first}");
    assert_eq!((&first["seed"], &first["pairs"]), (&7.into(), &10.into()));
    let said = learn(directory.path(), "evaluate", &["--folds", "11"]);
    assert!(said.code == 1 && said.err.contains("10") && said.err.contains("11"), "{}", said.err);
}

#[test]
fn a_file_that_cannot_be_learnt_from_is_named() {
    let cases = [
        ("{\"title\":\"甲\",\"ipc\":[\"H01M10/05\"]}\n", TABLE, "pairs.jsonl"),
        ("{\"colour\":\"red\"}\n", TABLE, "pairs.jsonl"),
        ("", TABLE, "pairs.jsonl"),
        (&some_pairs(), "ipc_pattern,exclusions\nH01M*,\n", "gbt4754_code"),
        (&some_pairs(), "a,b\n1,2\n", "table.csv"),
    ];
    for (pairs, table, named) in cases {
        let directory = folder(pairs, table);
        let said = learn(directory.path(), "train", &["--out", text(&directory.path().join("out.csv"))]);
        assert!(said.code == 1 && said.err.contains(named), "{}", said.err);
        assert!(!directory.path().join("out.csv").exists());
    }
    let directory = folder(&some_pairs(), TABLE);
    let said = learn(directory.path(), "train", &["--out", text(&directory.path().join("none/out.csv"))]);
    assert!(said.code == 1 && said.err.contains("none/out.csv"), "{}", said.err);
    let said = learn(directory.path(), "train", &["--ipc-titles", "titles.csv"]);
    assert_eq!(said.code, 2, "titles without notes: {}", said.err);
}
