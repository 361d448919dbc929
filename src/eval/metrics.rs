//! The measures, each for one query, and their means.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Qrels, Run};

/// How deep a ranking is read.
const DEPTH: usize = 1000;

/// Means over every judged query; a query without a ranking counts as zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Metrics {
    /// Judged queries.
    pub queries: usize,
    /// Normalised discounted cumulative gain of the first ten.
    #[serde(rename = "ndcg@10")]
    pub ndcg_at_10: f64,
    /// Share of the relevant listings among the first hundred.
    #[serde(rename = "recall@100")]
    pub recall_at_100: f64,
    /// Reciprocal rank of the first relevant listing.
    pub mrr: f64,
    /// Average precision.
    pub map: f64,
}

/// Scores a run against judgements.
#[must_use]
pub fn score(qrels: &Qrels, run: &Run) -> Metrics {
    let mut sums = Metrics::default();
    for (query, relevant) in qrels.queries() {
        let ranking = run.ranking(query).iter().take(DEPTH);
        let grades: Vec<u8> =
            ranking.map(|(listing, _)| relevant.get(listing.as_str()).copied().unwrap_or(0)).collect();
        sums.queries += 1;
        sums.ndcg_at_10 += ndcg(&grades, &relevant, 10);
        sums.recall_at_100 += hits(&grades, 100) as f64 / relevant.len() as f64;
        sums.mrr += grades.iter().position(|&grade| grade > 0).map_or(0.0, |place| 1.0 / (place + 1) as f64);
        sums.map += average_precision(&grades, relevant.len());
    }
    let mean = |sum: f64| if sums.queries == 0 { 0.0 } else { sum / sums.queries as f64 };
    Metrics {
        queries: sums.queries,
        ndcg_at_10: mean(sums.ndcg_at_10),
        recall_at_100: mean(sums.recall_at_100),
        mrr: mean(sums.mrr),
        map: mean(sums.map),
    }
}

fn hits(grades: &[u8], depth: usize) -> usize {
    grades.iter().take(depth).filter(|&&grade| grade > 0).count()
}

/// Gains are the grades, discounted by `log2(rank + 1)`, over those of the best possible ranking.
///
/// Source: Järvelin, Kekäläinen, *Cumulated gain-based evaluation of IR techniques* (2002), in trec_eval's form.
fn ndcg(grades: &[u8], relevant: &BTreeMap<&str, u8>, depth: usize) -> f64 {
    let discounted = |grades: &[u8]| -> f64 {
        grades
            .iter()
            .take(depth)
            .enumerate()
            .map(|(place, &grade)| f64::from(grade) / (place as f64 + 2.0).log2())
            .sum()
    };
    let mut ideal: Vec<u8> = relevant.values().copied().collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    discounted(grades) / discounted(&ideal)
}

/// Mean over all relevant listings of the precision at their rank, zero for those not found.
fn average_precision(grades: &[u8], relevant: usize) -> f64 {
    let (mut seen, mut sum) = (0, 0.0);
    for (place, _) in grades.iter().enumerate().filter(|(_, grade)| **grade > 0) {
        seen += 1;
        sum += f64::from(seen) / (place + 1) as f64;
    }
    sum / relevant as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Score;

    fn run(rankings: &[(&str, &[&str])]) -> Run {
        let mut run = Run::default();
        for (query, listings) in rankings {
            let scored =
                listings.iter().enumerate().map(|(at, id)| (id.parse().unwrap(), Score::new(-(at as f64)).unwrap()));
            run.insert(query, scored.collect());
        }
        run
    }

    #[test]
    fn the_measures_of_a_small_run_are_those_worked_out_by_hand() {
        let qrels: Qrels = "q 0 a 1\nq 0 b 1\nr 0 a 1".parse().unwrap();
        let metrics = score(&qrels, &run(&[("q", &["x", "a", "b"])]));
        let ndcg = (1.0 / 3f64.log2() + 0.5) / (1.0 + 1.0 / 3f64.log2());
        assert_eq!(metrics.queries, 2);
        assert!((metrics.ndcg_at_10 - ndcg / 2.0).abs() < 1e-12, "the query without a ranking counts as zero");
        assert!((metrics.recall_at_100 - 0.5).abs() < 1e-12);
        assert!((metrics.mrr - 0.25).abs() < 1e-12);
        assert!((metrics.map - (0.5 + 2.0 / 3.0) / 2.0 / 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_perfect_run_scores_one_also_with_grades() {
        let qrels: Qrels = "q 0 a 3\nq 0 b 1\nq 0 c 2".parse().unwrap();
        let perfect = score(&qrels, &run(&[("q", &["a", "c", "b"])]));
        assert!((perfect.ndcg_at_10 - 1.0).abs() < 1e-12 && (perfect.map - 1.0).abs() < 1e-12);
        assert!(score(&qrels, &run(&[("q", &["b", "c", "a"])])).ndcg_at_10 < 1.0);
    }
}
