use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::domain::Notice;
use crate::ingest;
use crate::profile::{Readers, profile_of};

/// A file of the sample: its texts are invented.
fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample").join(name)
}

/// A set of the sample's texts, in a folder that goes when this does.
struct Set {
    directory: TempDir,
    report: WorkReport,
}

impl Set {
    fn new(form: WorkForm, listings: u64, profiles: u64, with_firms: bool, seed: u64) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let out = directory.path().to_owned();
        let enterprises = if with_firms { vec![sample("enterprises.csv")] } else { Vec::new() };
        let patents = vec![sample("listings.csv")];
        let request = WorkRequest { patents, enterprises, listings, profiles, terms: 40, seed, form, out };
        let report = generate_work(&request, &|_| ()).unwrap();
        Self { directory, report }
    }

    fn read(&self, file: usize) -> String {
        std::fs::read_to_string(self.directory.path().join(self.report.files[file].name)).unwrap()
    }
}

fn failure(change: impl FnOnce(&mut WorkRequest)) -> EngineError {
    let directory = tempfile::tempdir().unwrap();
    let (patents, form) = (vec![sample("listings.csv")], WorkForm::Tokens);
    let out = directory.path().join("new");
    let mut request =
        WorkRequest { patents, enterprises: Vec::new(), listings: 10, profiles: 1, terms: 40, seed: 1, form, out };
    change(&mut request);
    let out = request.out.clone();
    let error = generate_work(&request, &|_| ()).unwrap_err();
    assert!(out.is_file() || !out.join("docs.tok.tsv").exists(), "nothing is written: {error}");
    error
}

fn within(share: f64, source: f64, generated: f64) -> bool {
    (generated - source).abs() <= share * source
}

#[test]
fn a_set_of_words_is_spread_as_its_sources_are() {
    let Set { report, .. } = Set::new(WorkForm::Tokens, 4_000, 1_000, true, 7);
    let (source, made) = (report.sources, report.generated);
    assert_eq!((made.documents, made.profiles), (4_000, 1_000));
    for (name, share, source, made) in [
        ("words", 0.02, source.words_mean, made.words_mean),
        ("words p90", 0.03, source.words_p90 as f64, made.words_p90 as f64),
        ("distinct words", 0.03, source.distinct_mean, made.distinct_mean),
        ("distinct words p90", 0.05, source.distinct_p90 as f64, made.distinct_p90 as f64),
        ("top 10", 0.05, source.share_of_top_10, made.share_of_top_10),
        ("top 100", 0.04, source.share_of_top_100, made.share_of_top_100),
        ("top 1000", 0.05, source.share_of_top_1000, made.share_of_top_1000),
        ("profile", 0.03, source.profile_mean, made.profile_mean),
        ("profile p90", 0.05, source.profile_p90 as f64, made.profile_p90 as f64),
    ] {
        assert!(within(share, source, made), "{name}: {source} in the sources, {made} generated");
    }
}

#[test]
fn records_are_as_long_as_their_sources() {
    let Set { report, .. } = Set::new(WorkForm::Records, 1_000, 300, true, 7);
    let (source, made) = (report.sources, report.generated);
    assert!(within(0.05, source.words_mean, made.words_mean), "{source:?} {made:?}");
    assert!(within(0.08, source.words_p90 as f64, made.words_p90 as f64), "{source:?} {made:?}");
    // Words do not repeat across two halves, see the module.
    assert!(within(0.25, source.distinct_mean, made.distinct_mean), "{source:?} {made:?}");
    assert!(within(0.25, source.profile_mean, made.profile_mean), "{source:?} {made:?}");
}

#[test]
fn the_same_sources_seed_and_size_give_the_same_bytes() {
    for form in [WorkForm::Tokens, WorkForm::Records] {
        let set = |seed| {
            let set = Set::new(form, 50, 60, true, seed);
            (set.read(0), set.read(1), set.report.files.iter().map(|file| file.bytes).sum::<u64>())
        };
        let (listings, profiles, bytes) = set(3);
        assert_eq!(bytes, (listings.len() + profiles.len()) as u64);
        assert_eq!(set(3), (listings.clone(), profiles.clone(), bytes));
        let other = set(4);
        assert!(other.0 != listings && other.1 != profiles, "another seed draws others");
    }
}

#[test]
fn a_small_set_is_the_beginning_of_a_large_one() {
    for (form, with_firms) in [(WorkForm::Tokens, true), (WorkForm::Tokens, false), (WorkForm::Records, true)] {
        let (small, large) = (Set::new(form, 30, 55, with_firms, 9), Set::new(form, 90, 70, with_firms, 9));
        for file in [0, 1] {
            assert!(large.read(file).starts_with(&small.read(file)), "{form:?}, file {file}");
        }
    }
}

#[test]
fn words_stand_in_the_peers_form() {
    for with_firms in [true, false] {
        let set = Set::new(WorkForm::Tokens, 40, 60, with_firms, 1);
        let (docs, queries) = (set.read(0), set.read(1));
        assert_eq!((docs.lines().count(), queries.lines().count()), (40, 60));
        for (number, line) in docs.lines().enumerate() {
            let (id, words) = line.split_once('\t').unwrap();
            assert_eq!(id, format!("G{number}"));
            assert!(words.split(' ').all(|word| !word.is_empty() && !word.contains(char::is_whitespace)), "{line}");
        }
        for line in queries.lines() {
            let terms: Vec<(&str, &str)> =
                line.split_once('\t').unwrap().1.split(' ').map(|term| term.rsplit_once('^').unwrap()).collect();
            assert!(terms.iter().all(|(word, weight)| !word.is_empty() && weight.parse::<f64>().unwrap() > 0.0));
            let distinct: std::collections::HashSet<_> = terms.iter().map(|(word, _)| word).collect();
            assert!(distinct.len() == terms.len() && (with_firms || terms.len() <= 40), "{line}");
        }
    }
}

#[test]
fn the_first_profiles_are_those_of_the_firms_themselves() {
    let set = Set::new(WorkForm::Tokens, 1, 60, true, 1);
    let firms = ingest::open_enterprises(&sample("enterprises.csv")).unwrap().map(|row| row.outcome.unwrap());
    let analyzer = Analyzer::new();
    for (line, firm) in set.read(1).lines().zip(firms) {
        let terms = profile_of(&analyzer, Readers::default(), &firm).words;
        let terms: Vec<String> = terms.iter().map(|term| format!("{}^{}", term.text, term.weight)).collect();
        assert_eq!(line.split_once('\t').unwrap().1, terms.join(" "));
    }
}

#[test]
fn what_cannot_be_generated_is_said_in_both_languages() {
    let directory = tempfile::tempdir().unwrap();
    let written = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let used = directory.path().to_owned();
    let wordless = written("wordless.csv", "专利号,发明名称\nZL202210000001.0,。\n");
    let refused = written("refused.csv", "专利号,发明名称\n1,一种电池\n");
    let nameless = written("nameless.csv", "企业名称,主要产品\n有限公司,\n");
    let cases: [(EngineError, &[&str]); 7] = [
        (failure(|request| request.listings = 0), &["无法生成 0 条", "from 1 to"]),
        (
            failure(|request| (request.listings, request.form) = (9_900_001, WorkForm::Records)),
            &["1 至 9900000 之间", "from 1 to 9900000"],
        ),
        (failure(|request| request.out = used), &["不是空的", "not empty"]),
        (failure(|request| request.patents = vec![PathBuf::from("none.jsonl")]), &["none.jsonl", "none.jsonl"]),
        (failure(|request| request.patents = vec![wordless]), &["wordless.csv 中没有可用的行", "1 rows left out"]),
        (failure(|request| request.patents = vec![refused]), &["第2行“专利号”", "row 2, column '专利号'"]),
        (failure(|request| request.enterprises = vec![nameless]), &["nameless.csv", "enterprises with a name"]),
    ];
    for (error, [chinese, english]) in cases.map(|(error, parts)| (error, [parts[0], parts[1]])) {
        assert!(error.chinese().contains(chinese), "{}", error.chinese());
        assert!(error.to_string().contains(english), "{error}");
    }
}

#[test]
fn progress_comes_to_its_end() {
    let last = std::sync::Mutex::new(None);
    let directory = tempfile::tempdir().unwrap();
    let request = WorkRequest {
        patents: vec![sample("listings.csv")],
        enterprises: Vec::new(),
        listings: 300,
        profiles: 5,
        terms: 40,
        seed: 1,
        form: WorkForm::Tokens,
        out: directory.path().to_owned(),
    };
    generate_work(&request, &|progress| *last.lock().unwrap() = Some(progress)).unwrap();
    assert_eq!(*last.lock().unwrap(), Some(Progress { done: 305, total: 305 }));
}
