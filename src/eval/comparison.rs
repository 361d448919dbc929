//! Two runs side by side, query by query.

use serde::Serialize;

use super::significance::{Draws, bootstrap, randomisation};
use super::{Assessment, Measure};

/// Queries named among the greatest gains, and among the greatest losses.
const NAMED: usize = 10;

/// Differences smaller than this are ties: sums of the same gains in another order.
const TIE: f64 = 1e-9;

/// A query on which the runs differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueryDifference {
    /// The query.
    pub query: String,
    /// The first run's value.
    pub a: f64,
    /// The second's.
    pub b: f64,
    /// `b − a`.
    pub difference: f64,
}

/// How a second run does beside a first, by one measure, over all judged queries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The measure's name.
    pub measure: &'static str,
    /// Judged queries.
    pub queries: usize,
    /// The first run's mean.
    pub a: f64,
    /// The second's.
    pub b: f64,
    /// `b − a`: above zero where the second is better.
    pub difference: f64,
    /// The 95 % interval of the difference, by bootstrap.
    pub interval: (f64, f64),
    /// The probability of such a difference by chance, by randomisation, two-sided.
    pub p: f64,
    /// Rounds of both tests.
    pub rounds: u32,
    /// Their seed.
    pub seed: u64,
    /// Queries on which the second run is better.
    pub wins: usize,
    /// On which it is worse.
    pub losses: usize,
    /// On which there is nothing between them.
    pub ties: usize,
    /// The greatest gains, the greatest first, equals by name.
    pub greatest_gains: Vec<QueryDifference>,
    /// The greatest losses, likewise.
    pub greatest_losses: Vec<QueryDifference>,
    /// Every judged query, by name.
    pub per_query: Vec<QueryDifference>,
}

/// Compares two runs that were scored against the same set.
#[must_use]
pub fn compare(a: &Assessment, b: &Assessment, measure: Measure, draws: Draws) -> Comparison {
    let queries: Vec<QueryDifference> = a
        .per_query
        .iter()
        .zip(&b.per_query)
        .map(|(one, other)| {
            let (a, b) = (one.figures.get(measure), other.figures.get(measure));
            QueryDifference { query: one.query.clone(), a, b, difference: b - a }
        })
        .collect();
    let differences: Vec<f64> = queries.iter().map(|query| query.difference).collect();
    let wins = differences.iter().filter(|difference| **difference > TIE).count();
    let losses = differences.iter().filter(|difference| **difference < -TIE).count();
    let (mean_a, mean_b) = (a.metrics.get(measure), b.metrics.get(measure));
    Comparison {
        measure: measure.name(),
        queries: queries.len(),
        a: mean_a,
        b: mean_b,
        difference: mean_b - mean_a,
        interval: bootstrap(&differences, draws),
        p: randomisation(&differences, draws),
        rounds: draws.rounds,
        seed: draws.seed,
        wins,
        losses,
        ties: queries.len() - wins - losses,
        greatest_gains: greatest(&queries, 1.0),
        greatest_losses: greatest(&queries, -1.0),
        per_query: queries,
    }
}

/// The first by difference times `sign`, as far as that is above a tie.
fn greatest(queries: &[QueryDifference], sign: f64) -> Vec<QueryDifference> {
    let mut found: Vec<&QueryDifference> = queries.iter().filter(|query| query.difference * sign > TIE).collect();
    // Queries come by name, and the sort keeps the order of equals.
    found.sort_by(|a, b| (b.difference * sign).total_cmp(&(a.difference * sign)));
    found.into_iter().take(NAMED).cloned().collect()
}
