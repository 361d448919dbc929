//! How likely it is that a firm looked at a place of a list at all.
//!
//! Whoever does not react to the fifteenth listing has mostly not seen it. The model is the position-based one (Craswell and
//! others, *An experimental comparison of click position-bias models*, 2008): a listing is touched if its place was looked
//! at and the listing appeals to the firm, `P(touched) = looked(place) · appeal(firm, listing)`. Both are fitted by
//! expectation maximisation (Wang and others, *Position bias estimation for unbiased learning to rank*, 2018): what appeals
//! at the third place and not at the tenth tells of places, what appeals at both tells of listings.

use std::collections::BTreeMap;

/// Rounds of the fit; it moves less than a hundredth after half of them.
const ROUNDS: usize = 100;
/// How many showings of a place the starting curve is worth: little data keeps near to it.
const PRIOR_SHOWINGS: f64 = 20.0;
/// How much a listing may appeal to a firm. How many pairs there are of each is fitted: with an appeal of its own for every
/// pair, few showings each, places would come out too high (Neyman and Scott, *Consistent estimates based on partially
/// consistent observations*, 1948).
const APPEALS: [f64; 12] = [0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.95];

/// One place of one list that was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Showing {
    /// The place, from 1.
    pub place: usize,
    /// Which firm and listing, as a number from 0.
    pub pair: usize,
    /// Whether the firm did anything with it.
    pub touched: bool,
}

/// The share of lists in which each place is looked at: above 0, at most 1, 1 for the first place, never rising.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination(Vec<f64>);

impl Examination {
    /// Fitted to what was shown. Sums run in the order of pairs.
    pub(super) fn fitted(showings: &[Showing]) -> Self {
        let places = showings.iter().map(|showing| showing.place).max().unwrap_or(0);
        let mut of_pair: BTreeMap<usize, Vec<Showing>> = BTreeMap::new();
        showings.iter().for_each(|showing| of_pair.entry(showing.pair).or_default().push(*showing));
        let mut looked: Vec<f64> = (1..=places).map(starting).collect();
        let mut shares = [1.0 / APPEALS.len() as f64; APPEALS.len()];
        for _ in 0..ROUNDS {
            let mut at_place = vec![(0.0, 0.0); places];
            let mut pairs = [0.0; APPEALS.len()];
            for showings in of_pair.values() {
                let appeals = posterior(showings, &looked, &shares);
                pairs.iter_mut().zip(appeals).for_each(|(sum, share)| *sum += share);
                for showing in showings {
                    let (sum, of) = &mut at_place[showing.place - 1];
                    *sum += saw(*showing, looked[showing.place - 1], &appeals);
                    *of += 1.0;
                }
            }
            shares = pairs.map(|sum| sum / of_pair.len().max(1) as f64);
            looked = falling(
                at_place
                    .iter()
                    .zip(1..)
                    .map(|((sum, of), place)| (sum + PRIOR_SHOWINGS * starting(place)) / (of + PRIOR_SHOWINGS)),
            );
        }
        Self(looked)
    }

    /// The share of lists in which the place is looked at, from 1; beyond the last place shown, that of the last.
    #[must_use]
    pub fn at(&self, place: usize) -> f64 {
        let places = self.0.len();
        self.0.get(place.clamp(1, places.max(1)) - 1).copied().unwrap_or(1.0)
    }

    /// The share of each place, the first first.
    #[must_use]
    pub fn places(&self) -> &[f64] {
        &self.0
    }
}

/// How likely each appeal is for a pair, by what was done at its showings.
fn posterior(showings: &[Showing], looked: &[f64], shares: &[f64; APPEALS.len()]) -> [f64; APPEALS.len()] {
    let mut likely = *shares;
    for (share, appeal) in likely.iter_mut().zip(APPEALS) {
        for showing in showings {
            let touching = looked[showing.place - 1] * appeal;
            *share *= if showing.touched { touching } else { 1.0 - touching };
        }
    }
    let sum: f64 = likely.iter().sum();
    // Hundreds of showings of one pair leave nothing to divide by: then nothing is told.
    if sum > 0.0 { likely.map(|share| share / sum) } else { *shares }
}

/// How likely the place of a showing was looked at.
fn saw(showing: Showing, looked: f64, appeals: &[f64; APPEALS.len()]) -> f64 {
    if showing.touched {
        return 1.0;
    }
    let each = appeals.iter().zip(APPEALS);
    each.map(|(share, appeal)| share * looked * (1.0 - appeal) / (1.0 - looked * appeal)).sum()
}

/// Where the fit begins, and where it stays without data: the square root between "every place alike" and the `1 / place`
/// of search engines, because lists here are short and read by people at work.
fn starting(place: usize) -> f64 {
    1.0 / (place as f64).sqrt()
}

/// The first is 1 (only products with appeal can be told from data), and nobody looks at a place without passing those
/// above.
fn falling(shares: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut least: f64 = 1.0;
    let each = |(place, share): (usize, f64)| {
        least = if place == 0 { 1.0 } else { least.min(share) };
        least
    };
    shares.enumerate().map(each).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    /// Lists in which places are looked at as told, and pairs appeal by chance; each pair is shown at three places.
    fn shown(looked: &[f64], lists: usize, seed: u64) -> Vec<Showing> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut showings = Vec::new();
        for list in 0..lists {
            let appeals: Vec<f64> = looked.iter().map(|_| if random.gen_bool(0.4) { 0.8 } else { 0.1 }).collect();
            for turn in 0..3 {
                for (place, seen) in looked.iter().enumerate() {
                    let at = (place + turn * 2) % looked.len();
                    let touched = random.gen_bool(seen * appeals[at]);
                    showings.push(Showing { place: place + 1, pair: list * looked.len() + at, touched });
                }
            }
        }
        showings
    }

    #[test]
    fn what_the_lists_were_made_with_is_found_again() {
        let looked = [1.0, 0.8, 0.55, 0.3, 0.3, 0.12];
        let fitted = Examination::fitted(&shown(&looked, 4_000, 7));
        for (place, expected) in looked.iter().enumerate() {
            assert!((fitted.at(place + 1) - expected).abs() < 0.08, "place {}: {:?}", place + 1, fitted.places());
        }
        assert_eq!(fitted.at(40), fitted.at(6), "nothing is known beyond");
    }

    #[test]
    fn without_data_it_stays_where_it_began() {
        let one = [Showing { place: 1, pair: 0, touched: true }, Showing { place: 4, pair: 1, touched: false }];
        let fitted = Examination::fitted(&one);
        assert!((fitted.at(4) - 0.5).abs() < 0.03 && fitted.at(1) == 1.0, "{:?}", fitted.places());
        assert_eq!(Examination::fitted(&[]).at(3), 1.0);
    }

    proptest! {
        #[test]
        fn shares_never_rise_and_are_shares(
            given in prop::collection::vec((1..30usize, 0..12usize, prop::bool::ANY), 0..80),
        ) {
            let showings: Vec<_> =
                given.into_iter().map(|(place, pair, touched)| Showing { place, pair, touched }).collect();
            let fitted = Examination::fitted(&showings);
            prop_assert!(fitted.places().iter().all(|share| *share > 0.0 && *share <= 1.0));
            prop_assert!(fitted.places().windows(2).all(|pair| pair[0] >= pair[1]));
            prop_assert!(fitted.places().first().is_none_or(|first| *first == 1.0));
        }
    }
}
