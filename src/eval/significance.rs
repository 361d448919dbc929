//! Whether two runs differ by more than chance: paired tests on the queries' differences.
//!
//! Both draw from a generator with the seed given: the same differences, rounds and seed give the same figures on every
//! machine. Exchanging the runs turns every sign and leaves the probability as it is.

use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How often is drawn, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// Rounds of each test; at least 1.
    pub rounds: u32,
    /// The generator's seed.
    pub seed: u64,
}

impl Draws {
    /// A generator for one of the tests, independent of the other's.
    fn generator(self, stream: u64) -> ChaCha8Rng {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(stream);
        random
    }
}

/// Share of what is outside the interval, on either side.
const TAIL: f64 = 0.025;

/// Sums that are equal but for rounding count as equal: as a share of the sum of all differences.
const HAIR: f64 = 1e-12;

/// The probability of a mean difference at least as far from zero, on either side, if the runs were exchangeable query
/// by query: each difference keeps or turns its sign with equal chance. `(rounds as far + 1) / (rounds + 1)`, which is
/// never 0; 1 where there is no difference.
///
/// Source: Smucker, Allan, Carterette, *A comparison of statistical significance tests for information retrieval
/// evaluation* (2007); the added one, Phipson, Smyth, *Permutation p-values should never be zero* (2010).
#[must_use]
pub fn randomisation(differences: &[f64], draws: Draws) -> f64 {
    let mut random = draws.generator(1);
    let hair = HAIR * differences.iter().map(|difference| difference.abs()).sum::<f64>();
    let seen = differences.iter().sum::<f64>().abs() - hair;
    let as_far = (0..draws.rounds).filter(|_| signed_sum(differences, &mut random).abs() >= seen).count();
    (as_far + 1) as f64 / (f64::from(draws.rounds) + 1.0)
}

/// The sum with signs drawn anew, 64 from one number.
fn signed_sum(differences: &[f64], random: &mut ChaCha8Rng) -> f64 {
    let mut sum = 0.0;
    for chunk in differences.chunks(64) {
        let mut signs = random.next_u64();
        for difference in chunk {
            sum += if signs & 1 == 0 { *difference } else { -difference };
            signs >>= 1;
        }
    }
    sum
}

/// The 95 % interval of the mean difference: the range that holds the middle of the means of so many samples of the
/// queries, drawn with replacement. `(0, 0)` of no queries.
///
/// Source: Efron, Tibshirani, *An introduction to the bootstrap* (1993), the percentile interval; for retrieval, Sakai,
/// *Evaluating evaluation metrics based on the bootstrap* (2006).
#[must_use]
pub fn bootstrap(differences: &[f64], draws: Draws) -> (f64, f64) {
    if differences.is_empty() || draws.rounds == 0 {
        return (0.0, 0.0);
    }
    let mut random = draws.generator(2);
    let count = differences.len();
    let sample = |random: &mut ChaCha8Rng| (0..count).map(|_| differences[random.gen_range(0..count)]).sum::<f64>();
    let mut means: Vec<f64> = (0..draws.rounds).map(|_| sample(&mut random) / count as f64).collect();
    means.sort_unstable_by(f64::total_cmp);
    // As many are cut off above as below, so that exchanging the runs mirrors the interval.
    let cut = (TAIL * means.len() as f64) as usize;
    (means[cut], means[means.len() - 1 - cut])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DRAWS: Draws = Draws { rounds: 10_000, seed: 1 };

    /// The same probability by looking at every assignment of signs.
    fn enumerated(differences: &[f64]) -> f64 {
        let seen = differences.iter().sum::<f64>().abs() - 1e-12;
        let all = 1_u32 << differences.len();
        let sum = |signs: u32| -> f64 {
            differences.iter().enumerate().map(|(i, d)| if signs >> i & 1 == 0 { *d } else { -d }).sum()
        };
        f64::from((0..all).filter(|signs| sum(*signs).abs() >= seen).count() as u32) / f64::from(all)
    }

    #[test]
    fn few_queries_give_what_counting_every_assignment_of_signs_gives() {
        assert_eq!(enumerated(&[1.0, 1.0, 1.0]), 0.25, "two of eight are all of one sign");
        assert_eq!(enumerated(&[3.0, 1.0, -1.0]), 0.75, "|±3 ±1 ∓1| is at least 3 in six of eight");
        for differences in [&[1.0, 1.0, 1.0][..], &[3.0, 1.0, -1.0], &[0.3, 0.1, 0.2, -0.05, 0.0, 0.4, 0.25, 0.1]] {
            let (drawn, exact) = (randomisation(differences, DRAWS), enumerated(differences));
            assert!((drawn - exact).abs() < 0.02, "{drawn} for {exact}");
        }
    }

    #[test]
    fn a_difference_on_every_one_of_many_queries_is_as_unlikely_as_can_be_told() {
        assert_eq!(randomisation(&[0.1; 40], DRAWS), 1.0 / 10_001.0);
    }

    #[test]
    fn rounding_does_not_make_equal_sums_differ() {
        // Whatever the signs, |0.1 ± 0.2 ± 0.3| is 0.6, 0.4, 0.2 or 0: only two of eight reach 0.6.
        let p = randomisation(&[0.1, 0.2, 0.3], DRAWS);
        assert!((p - 0.25).abs() < 0.02, "{p}");
    }

    #[test]
    fn the_interval_is_that_of_a_normal_mean_where_there_are_many_queries() {
        // Half 0, half 1: the mean is .5 with a standard error of .5 / √400.
        let differences: Vec<f64> = (0..400).map(|i| f64::from(i % 2)).collect();
        let (low, high) = bootstrap(&differences, DRAWS);
        assert!(
            (low - (0.5 - 1.96 * 0.025)).abs() < 0.004 && (high - (0.5 + 1.96 * 0.025)).abs() < 0.004,
            "{low} {high}"
        );
    }

    #[test]
    fn of_one_query_the_interval_is_its_difference_and_of_none_it_is_nothing() {
        assert_eq!((bootstrap(&[0.25], DRAWS), randomisation(&[0.25], DRAWS)), ((0.25, 0.25), 1.0));
        assert_eq!((bootstrap(&[], DRAWS), randomisation(&[], DRAWS)), ((0.0, 0.0), 1.0));
    }

    #[test]
    fn another_seed_draws_other_rounds() {
        let differences: Vec<f64> = (0..30).map(|i| f64::from(i % 7) - 2.5).collect();
        let of = |seed| bootstrap(&differences, Draws { rounds: 50, seed });
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    proptest! {
        #[test]
        fn exchanging_the_runs_turns_the_interval_and_keeps_the_probability(
            differences in prop::collection::vec(-1.0f64..1.0, 1..70),
            seed in 0u64..1000,
        ) {
            let draws = Draws { rounds: 200, seed };
            let turned: Vec<f64> = differences.iter().map(|difference| -difference).collect();
            let ((low, high), (other_low, other_high)) = (bootstrap(&differences, draws), bootstrap(&turned, draws));
            prop_assert_eq!((low, high), (-other_high, -other_low));
            prop_assert!(low <= high);
            let p = randomisation(&differences, draws);
            prop_assert_eq!(p, randomisation(&turned, draws));
            prop_assert!(p > 0.0 && p <= 1.0);
        }

        #[test]
        fn no_difference_is_certain_to_be_chance(queries in 0usize..100, seed in 0u64..1000) {
            let draws = Draws { rounds: 100, seed };
            prop_assert_eq!(randomisation(&vec![0.0; queries], draws), 1.0);
            prop_assert_eq!(bootstrap(&vec![0.0; queries], draws), (0.0, 0.0));
        }
    }
}
