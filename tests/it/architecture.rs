//! Who may import whom, who may name which crate, and how long things may be: ARCHITECTURE.md as tests.

use crate::source::Source;

/// The modules in the order data flows through them, each with those it may import.
const MODULES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("analysis", &[]),
    ("model_file", &["domain"]),
    ("embed", &["domain", "analysis", "model_file"]),
    ("classify", &["domain", "analysis", "model_file", "embed"]),
    ("firms", &["domain", "analysis", "model_file", "embed"]),
    ("ingest", &["domain"]),
    ("store", &["domain"]),
    ("index", &["domain", "analysis"]),
    ("mail", &[]),
    ("sign_on", &[]),
    ("webhook", &[]),
    ("bridge", &["domain"]),
    ("feedback", &["domain"]),
    ("profile", &["domain", "analysis", "classify", "firms"]),
    ("retrieve", &["domain"]),
    ("rank", &["domain"]),
    ("campaign", &[]),
    ("pricing", &["domain"]),
    ("config", &["domain", "rank", "retrieve"]),
    ("eval", &["domain"]),
    ("tune", &[]),
    ("document", &["domain"]),
    (
        "engine",
        &[
            "domain",
            "analysis",
            "model_file",
            "embed",
            "classify",
            "firms",
            "ingest",
            "store",
            "mail",
            "sign_on",
            "webhook",
            "index",
            "bridge",
            "feedback",
            "profile",
            "retrieve",
            "rank",
            "campaign",
            "pricing",
            "config",
            "eval",
            "tune",
            "document",
        ],
    ),
    ("http", &["domain", "engine"]),
    ("cli", &["domain", "engine", "http"]),
];

/// Crates that only some modules know.
const CRATES: &[(&str, &[&str])] = &[
    ("tantivy", &["index"]),
    ("jieba_rs", &["analysis"]),
    ("hanconv", &["analysis"]),
    ("sqlx", &["store"]),
    ("calamine", &["ingest"]),
    ("csv", &["ingest", "engine"]),
    ("toml", &["config"]),
    ("encoding_rs", &["ingest"]),
    ("flate2", &["ingest", "engine"]),
    ("docx_rs", &["document"]),
    ("rust_xlsxwriter", &["document"]),
    ("plotters", &["document"]),
    ("rayon", &["engine", "embed", "classify", "firms", "retrieve"]),
    ("linfa", &["classify"]),
    ("linfa_linalg", &["embed"]),
    ("ndarray", &["embed", "classify"]),
    ("postcard", &["model_file", "retrieve"]),
    ("argon2", &["engine"]),
    ("getrandom", &["engine", "http"]),
    ("hmac", &["webhook", "engine"]),
    ("reqwest", &["webhook", "sign_on"]),
    ("base64", &["webhook"]),
    ("prometheus_client", &["http"]),
    ("axum", &["http"]),
    ("atom_syndication", &["http"]),
    ("cookie", &["http"]),
    ("governor", &["http"]),
    ("tower_http", &["http"]),
    ("lettre", &["mail"]),
    ("openidconnect", &["sign_on"]),
    ("url", &["mail", "webhook", "http"]),
    ("http_body_util", &["http"]),
    ("tempfile", &["http"]),
    ("minijinja", &["http"]),
    ("utoipa", &["domain", "engine", "pricing", "rank", "index", "classify", "store", "http"]),
    ("utoipa_axum", &["http"]),
    ("utoipa_scalar", &["http"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("anyhow", &["cli"]),
    ("tracing_subscriber", &["cli"]),
];

/// The only files that may ask what time it is.
const CLOCKS: &[&str] = &[
    "src/engine/clock.rs",
    "src/http/telemetry.rs",
    "src/engine/benchmark.rs",
    "src/engine/benchmark_campaign.rs",
    "src/engine/benchmark_match.rs",
    "src/engine/benchmark_recommend.rs",
    "src/cli/demo.rs",
    "src/cli/tune.rs",
];

/// Modules whose answers depend on their arguments alone, and what would make them depend on more.
const PURE: &[&str] = &[
    "domain",
    "model_file",
    "embed",
    "classify",
    "firms",
    "bridge",
    "feedback",
    "profile",
    "retrieve",
    "rank",
    "campaign",
    "pricing",
    "config",
    "eval",
    "tune",
    "document",
];
const IMPURE: &[&str] = &["std::fs", "std::net", "std::env", "std::process", "tokio"];

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 80;

fn import_faults(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        let Some(module) = source.module() else { continue };
        let Some((_, allowed)) = MODULES.iter().find(|(name, _)| *name == module) else {
            faults.push(format!("{}: module {module} is not in the table", source.path));
            continue;
        };
        for named in source.own_modules() {
            let is_module = MODULES.iter().any(|(name, _)| *name == named);
            if is_module && named != module && !allowed.contains(&named.as_str()) {
                faults.push(format!("{}: {module} may not import {named}", source.path));
            }
        }
    }
    faults
}

fn crate_faults(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        for (name, owners) in CRATES {
            if source.names_crate(name) && !source.module().is_some_and(|module| owners.contains(&module)) {
                faults.push(format!("{}: only {owners:?} may name {name}", source.path));
            }
        }
    }
    faults
}

fn clock_faults(sources: &[Source]) -> Vec<String> {
    let asks = |source: &&Source| ["SystemTime::now", "Instant::now"].iter().any(|call| source.shipped.contains(call));
    let faulty = sources.iter().filter(asks).filter(|source| !CLOCKS.contains(&source.path.as_str()));
    faulty.map(|source| format!("{} reads the clock", source.path)).collect()
}

fn purity_faults(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources.iter().filter(|source| source.module().is_some_and(|module| PURE.contains(&module))) {
        faults.extend(
            IMPURE
                .iter()
                .filter(|way| source.shipped.contains(**way))
                .map(|way| format!("{}: a pure module uses {way}", source.path)),
        );
    }
    faults
}

fn unsafe_faults(sources: &[Source]) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let uses = |source: &&Source| source.code.split(|c| !is_word(c)).any(|word| word == "unsafe");
    sources.iter().filter(uses).map(|source| format!("{} is unsafe", source.path)).collect()
}

fn length_faults(sources: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        let lines = source.shipped_lines();
        if lines > LONGEST_FILE {
            faults.push(format!("{}: {lines} lines without tests", source.path));
        }
        faults.extend(
            source
                .functions()
                .into_iter()
                .filter(|(_, lines)| *lines > LONGEST_FUNCTION)
                .map(|(name, lines)| format!("{}: fn {name} has {lines} lines", source.path)),
        );
    }
    faults
}

/// The public modules of a crate root, in their order.
fn declared(root: &str) -> Vec<String> {
    let name = |line: &str| Some(line.trim().strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    root.lines().filter_map(name).collect()
}

#[test]
fn a_module_imports_only_what_the_table_allows() {
    assert_eq!(import_faults(&Source::all()), [""; 0]);
}

#[test]
fn the_crate_root_declares_the_modules_of_the_table_in_the_order_of_the_pipeline() {
    let sources = Source::all();
    let root = sources.iter().find(|source| source.path == "src/lib.rs").unwrap();
    let expected: Vec<&str> = MODULES.iter().map(|(name, _)| *name).collect();
    assert_eq!(declared(&root.code), expected);
}

#[test]
fn a_library_is_named_only_by_the_module_that_knows_it() {
    let sources = Source::all();
    assert_eq!(crate_faults(&sources), [""; 0]);
    let unused = CRATES.iter().filter(|(name, _)| *name != "csv" && !sources.iter().any(|s| s.names_crate(name)));
    assert_eq!(unused.count(), 0, "a crate of the table is named nowhere: the table or the checker is wrong");
}

#[test]
fn the_clock_is_read_in_the_engine_alone() {
    let sources = Source::all();
    assert_eq!(clock_faults(&sources), [""; 0]);
    let here = |path: &&&str| sources.iter().any(|source| source.path == **path);
    assert_eq!(CLOCKS.iter().filter(here).count(), CLOCKS.len(), "a file of the list is gone");
}

#[test]
fn pure_modules_reach_for_no_file_network_or_environment() {
    assert_eq!(purity_faults(&Source::all()), [""; 0]);
}

#[test]
fn nothing_is_unsafe() {
    assert_eq!(unsafe_faults(&Source::all()), [""; 0]);
}

#[test]
fn files_and_functions_stay_within_their_budgets() {
    let sources = Source::all();
    assert_eq!(length_faults(&sources), [""; 0]);
    let mut files: Vec<usize> = sources.iter().map(Source::shipped_lines).filter(|lines| *lines > 0).collect();
    files.sort_unstable();
    assert!(files[files.len() / 2] < 150, "the median file has {} lines", files[files.len() / 2]);
    let functions: Vec<usize> =
        sources.iter().flat_map(|s| s.functions().into_iter().map(|(_, lines)| lines)).collect();
    let short = functions.iter().filter(|lines| **lines < 40).count();
    assert!(functions.len() > 300, "only {} functions were seen", functions.len());
    assert!(short * 10 >= functions.len() * 9, "{short} of {} functions are under 40 lines", functions.len());
}

mod the_checker {
    use super::*;

    fn source(path: &str, text: &str) -> [Source; 1] {
        [Source::new(path, text)]
    }

    #[test]
    fn sees_an_import_in_every_form() {
        for text in [
            "use crate::index::Fragment;",
            "use crate::{domain::Date, index::{Hit, Filters}};",
            "fn f() { let x = crate::index::Fragment::new(); }",
            "use super::super::index::Fragment;",
            "use super::super::{domain, index};",
        ] {
            assert_eq!(import_faults(&source("src/cli/output.rs", text)).len(), 1, "{text}");
        }
        assert_eq!(import_faults(&source("src/rank/mod.rs", "use super::store::Store;")).len(), 1);
        assert_eq!(import_faults(&source("src/nowhere/mod.rs", "")).len(), 1, "a module that is in no table");
    }

    #[test]
    fn passes_what_is_allowed_or_no_code() {
        for text in [
            "use crate::domain::Date; use crate::engine::Engine; use super::output::Output;",
            "// use crate::index::Fragment;\n/* crate::store */ const A: &str = \"crate::index::B\";",
            "#[cfg(test)]\nmod tests {\n use crate::index::Hit; fn f() { { } }\n}",
            "const Q: char = '\"'; fn f<'a>(x: &'a str) {} // \" crate::index::A",
            "const R: &str = r#\"say \"crate::index::A\" twice\"#;",
        ] {
            assert_eq!(import_faults(&source("src/cli/output.rs", text)), [""; 0], "{text}");
        }
        assert_eq!(import_faults(&source("src/store/tests/faults.rs", "use crate::index::Hit;")), [""; 0]);
        let after = "#[cfg(test)]\nmod tests {}\nuse crate::index::Hit;";
        assert_eq!(import_faults(&source("src/cli/output.rs", after)).len(), 1, "code behind a test module counts");
    }

    #[test]
    fn sees_a_library_in_the_wrong_module() {
        for text in
            ["use tantivy::Term;", "use tantivy::{Index, Term};", "fn f() -> ::tantivy::Term {}", "use tantivy;"]
        {
            assert_eq!(crate_faults(&source("src/engine/search.rs", text)).len(), 1, "{text}");
            assert_eq!(crate_faults(&source("src/index/query.rs", text)), [""; 0]);
        }
        assert_eq!(crate_faults(&source("src/engine/x.rs", "use super::tantivy::A; let a = my_tantivy::b;")), [""; 0]);
        assert_eq!(crate_faults(&source("src/lib.rs", "use sqlx::query;")).len(), 1);
    }

    #[test]
    fn sees_clocks_impurity_and_unsafe_code() {
        assert_eq!(clock_faults(&source("src/rank/mod.rs", "let t = std::time::Instant::now();")).len(), 1);
        assert_eq!(clock_faults(&source("src/engine/clock.rs", "SystemTime::now()")), [""; 0]);
        assert_eq!(purity_faults(&source("src/eval/run.rs", "use std::fs::File;")).len(), 1);
        assert_eq!(purity_faults(&source("src/store/mod.rs", "use std::fs::File;")), [""; 0]);
        assert_eq!(unsafe_faults(&source("src/rank/mod.rs", "fn f() { unsafe { g() } }")).len(), 1);
        assert_eq!(unsafe_faults(&source("src/rank/mod.rs", "#![forbid(unsafe_code)] // unsafe")), [""; 0]);
    }

    #[test]
    fn measures_files_and_functions_without_their_tests() {
        let long = format!("fn long(a: [u8; 3]) -> u8 {{\n{}}}\n", "a();\n".repeat(79));
        assert_eq!(length_faults(&source("src/rank/mod.rs", &long)), ["src/rank/mod.rs: fn long has 81 lines"]);
        let within = long.replacen("a();\n", "", 1);
        assert_eq!(length_faults(&source("src/rank/mod.rs", &within)), [""; 0]);
        let file = "const A: u8 = 1;\n".repeat(400);
        assert_eq!(length_faults(&source("src/rank/mod.rs", &file)), [""; 0]);
        assert_eq!(length_faults(&source("src/rank/mod.rs", &format!("{file}const B: u8 = 1;\n"))).len(), 1);
        let tested = format!("{file}#[cfg(test)]\nmod tests {{\n{file}}}\n");
        assert_eq!(length_faults(&source("src/rank/mod.rs", &tested)), [""; 0]);
    }

    #[test]
    fn reads_the_order_of_a_crate_root() {
        assert_eq!(declared("pub mod b;\nmod hidden;\n\npub mod a;\n"), ["b", "a"]);
    }
}
