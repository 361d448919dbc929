//! Whole runs: against an independent scorer, and what a set's facts bring in.

use super::*;
use crate::domain::Score;

const JUDGED: &str = "q1 0 a 3\nq1 0 b 2\nq1 0 c 1\nq1 0 d 0\nq1 0 e 2\nq1 0 f 1\n\
                      q2 0 a 1\nq2 0 g 3\nq2 0 h 0\nq3 0 b 2\nq3 0 z 3\n";

fn ranked(rankings: &[(&str, &[&str])]) -> Run {
    let mut run = Run::default();
    for (query, listings) in rankings {
        let scored =
            listings.iter().enumerate().map(|(at, id)| (id.parse().unwrap(), Score::new(-(at as f64)).unwrap()));
        run.insert(query, scored.collect());
    }
    run
}

/// A run of three queries: relevant listings scattered, behind irrelevant ones, and one at place 61.
fn scattered() -> Run {
    let fillers: Vec<String> = (0..60).map(|number| format!("n{number:02}")).collect();
    let third: Vec<&str> = fillers.iter().map(String::as_str).chain(["b", "m"]).collect();
    ranked(&[
        ("q1", &["x", "b", "d", "a", "y", "c", "w", "e", "v", "u", "t", "f"]),
        ("q2", &["h", "g", "x", "y", "z", "a"]),
        ("q3", &third),
    ])
}

fn judged(qrels: &str) -> JudgedSet {
    JudgedSet { qrels: qrels.parse().unwrap(), ..JudgedSet::default() }
}

/// Values of pytrec_eval-terrier 0.5.11 (trec_eval's own code), for `ndcg_cut.5,10,20`, `recall.50,100`, `recip_rank`,
/// `map` and `P.5`.
#[test]
fn graded_figures_are_those_of_trec_eval() {
    use Measure::{Map, Mrr, NdcgAt5, NdcgAt10, NdcgAt20, PrecisionAt5, RecallAt50, RecallAt100};
    let measures = [NdcgAt5, NdcgAt10, NdcgAt20, RecallAt50, RecallAt100, Mrr, Map, PrecisionAt5];
    let expected = [
        [0.42008978779696277, 0.5824641582131662, 0.6269156911052175, 1.0, 1.0, 0.5, 0.4833333333333333, 0.4],
        [0.52129602861432, 0.6193996029832952, 0.6193996029832952, 1.0, 1.0, 0.5, 0.41666666666666663, 0.2],
        [0.0, 0.0, 0.0, 0.0, 0.5, 0.01639344262295082, 0.00819672131147541, 0.0],
    ];
    let assessment = assess(&judged(JUDGED), &scattered());
    assert_eq!(assessment.per_query.len(), expected.len());
    for (query, values) in assessment.per_query.iter().zip(expected) {
        for (measure, value) in measures.into_iter().zip(values) {
            let ours = query.figures.get(measure);
            assert!((ours - value).abs() < 1e-12, "{} {}: {ours} for {value}", query.query, measure.name());
        }
    }
    for (nth, measure) in measures.into_iter().enumerate() {
        let mean = expected.iter().map(|values| values[nth]).sum::<f64>() / 3.0;
        assert!((assessment.metrics.get(measure) - mean).abs() < 1e-12, "{}", measure.name());
    }
}

#[test]
fn a_judged_query_without_a_ranking_counts_as_zero_and_is_told() {
    let set = judged("q 0 a 1\nr 0 a 1\ns 0 a 0");
    let assessment = assess(&set, &ranked(&[("q", &["a"]), ("t", &["a"])]));
    assert_eq!(assessment.metrics.queries, 2, "a query without a relevant listing is not judged");
    assert_eq!(assessment.metrics.get(Measure::NdcgAt10), 0.5);
    let Oddities { unanswered_queries, run_unknown_queries, judged_unknown_queries, .. } = assessment.oddities;
    assert_eq!((unanswered_queries, run_unknown_queries, judged_unknown_queries), (1, 1, 3));
}

/// Listings `a`, `b` and `e` of H01M (`b` of A23L too), `c` of A23L, `d` of no class; queries `q`, `r` and `s`.
fn classed() -> JudgedSet {
    let mut set = judged("q 0 a 1\nq 0 d 1\nr 0 c 2\nr 0 gone 1\nr 0 c 2\ns 0 a 1");
    let rows: [(&str, &[&str]); 5] =
        [("a", &["H01M"]), ("b", &["H01M", "A23L"]), ("c", &["A23L"]), ("d", &[]), ("e", &["H01M"])];
    for (id, classes) in rows {
        let main_class = classes.first().map(|class| (*class).to_owned());
        let mut classes: Vec<String> = classes.iter().map(|class| (*class).to_owned()).collect();
        classes.sort();
        set.listings.insert(id.to_owned(), ListingFacts { main_class, classes, field: None });
    }
    for query in ["q", "r", "s"] {
        set.queries.insert(query.to_owned(), QueryFacts::default());
    }
    set
}

#[test]
fn a_main_class_of_a_relevant_listing_counts_and_no_other() {
    let assessment = assess(&classed(), &ranked(&[("q", &["b", "d", "c", "e"]), ("r", &["b", "c", "unknown"])]));
    let of = |place: usize, measure| assessment.per_query[place].figures.get(measure);
    assert_eq!((of(0, Measure::ClassPrecisionAt20), of(0, Measure::ClassPrecisionAt1)), (0.1, 1.0));
    assert_eq!((of(1, Measure::ClassPrecisionAt20), of(1, Measure::ClassPrecisionAt1)), (0.05, 0.0));
    assert_eq!(of(2, Measure::ClassPrecisionAt20), 0.0, "no ranking, no class");
}

#[test]
fn lists_are_measured_over_all_listings_and_all_judged_queries() {
    let run = ranked(&[("q", &["a", "b"]), ("r", &["a", "unknown", "c"]), ("elsewhere", &["e"])]);
    let lists = assess(&classed(), &run).metrics.lists;
    assert_eq!(lists.catalogue_coverage, 0.6, "a, b and c of five");
    assert_eq!(lists.enterprise_coverage, 2.0 / 3.0);
    // Counts 0, 0, 1, 1, 2: (−4·0 − 2·0 + 0·1 + 2·1 + 4·2) / (5 · 4).
    assert!((lists.exposure_gini - 0.5).abs() < 1e-12);
    assert!((lists.diversity - (0.5 + 1.0) / 2.0).abs() < 1e-12);
    assert!((lists.novelty - 0.5).abs() < 1e-12, "each list shows one that both show and one of its own");
    // q asks for H01M and is shown ¾ of it; r asks for A23L and is shown half; s has no list.
    assert!((lists.calibration - (0.75 + 0.5) / 2.0).abs() < 1e-12);
    let nothing = assess(&classed(), &ranked(&[("q", &["unknown"])])).metrics.lists;
    assert_eq!(nothing, ListFigures::default());
}

#[test]
fn what_is_not_in_the_set_is_counted() {
    let run = ranked(&[("q", &["a", "x", "y"]), ("elsewhere", &["z"])]);
    let expected = Oddities {
        repeated_judgements: 1,
        judged_unknown_listings: 1,
        judged_unknown_queries: 0,
        unanswered_queries: 2,
        run_unknown_queries: 1,
        run_unknown_listings: 2,
    };
    assert_eq!(assess(&classed(), &run).oddities, expected);
}

const DRAWS: Draws = Draws { rounds: 500, seed: 1 };

#[test]
fn a_run_beside_itself_differs_in_nothing() {
    let assessment = assess(&judged(JUDGED), &scattered());
    for measure in Measure::ALL {
        let same = compare(&assessment, &assessment, measure, DRAWS);
        assert_eq!((same.difference, same.interval, same.p), (0.0, (0.0, 0.0), 1.0), "{}", measure.name());
        assert_eq!((same.wins, same.losses, same.ties), (0, 0, 3));
        assert!(same.greatest_gains.is_empty() && same.greatest_losses.is_empty());
    }
}

#[test]
fn exchanging_two_runs_turns_every_sign() {
    let set = judged(JUDGED);
    let (one, other) = (assess(&set, &scattered()), assess(&set, &ranked(&[("q1", &["a", "x"]), ("q2", &["h", "a"])])));
    let there = compare(&one, &other, Measure::Mrr, DRAWS);
    let back = compare(&other, &one, Measure::Mrr, DRAWS);
    assert_eq!((there.wins, there.losses, there.ties), (1, 1, 1), "q1 better, q3 lost, q2 as before");
    assert_eq!((back.wins, back.losses, back.ties), (1, 1, 1));
    assert_eq!((there.difference, there.p), (-back.difference, back.p));
    assert_eq!(there.interval, (-back.interval.1, -back.interval.0));
    assert_eq!(there.greatest_gains[0].query, "q1");
    assert_eq!((there.greatest_gains[0].a, there.greatest_gains[0].b), (0.5, 1.0));
    assert_eq!(there.greatest_losses[0].query, back.greatest_gains[0].query);
    assert!((there.difference - (0.5 - 1.0 / 61.0) / 3.0).abs() < 1e-12);
}

#[test]
fn the_ten_greatest_differences_are_named_the_greatest_first() {
    let qrels: String = (0..30).map(|number| format!("q{number:02} 0 a 1\n")).collect();
    let set = judged(&qrels);
    let names: Vec<String> = (0..30).map(|number| format!("q{number:02}")).collect();
    let fillers: Vec<String> = (0..30).map(|number| format!("n{number}")).collect();
    let mut behind = Run::default();
    for (number, name) in names.iter().enumerate() {
        let ids = fillers[..number].iter().map(String::as_str).chain(["a"]);
        let ranking = ids.enumerate().map(|(at, id)| (id.parse().unwrap(), Score::new(-(at as f64)).unwrap()));
        behind.insert(name, ranking.collect());
    }
    let first: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), &["a"][..])).collect();
    let compared = compare(&assess(&set, &behind), &assess(&set, &ranked(&first)), Measure::Mrr, DRAWS);
    let gains: Vec<&str> = compared.greatest_gains.iter().map(|gain| gain.query.as_str()).collect();
    assert_eq!(gains, ["q29", "q28", "q27", "q26", "q25", "q24", "q23", "q22", "q21", "q20"]);
    assert_eq!((compared.wins, compared.ties, compared.per_query.len()), (29, 1, 30));
}
