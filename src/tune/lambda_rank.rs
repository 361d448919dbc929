//! LambdaRank on a linear ranking: weights that put relevant listings higher, the more it matters for nDCG.
//!
//! For each pair of a query's candidates of which one is more relevant, the weights are moved toward what the better one has
//! more of, by `|Δ| / (1 + e^(σ d))`: `d` is how far it already scores above the other, as a share of the query's best
//! score, and `Δ` what nDCG would lose if the two changed places. Source: Burges, *From RankNet to LambdaRank to LambdaMART:
//! An Overview* (2010). Weights stay at zero or above, so that each still says how much its reason counts.

/// How sharply a pair in the right order stops to count: σ, for differences as shares of the query's best score.
const SHARPNESS: f64 = 20.0;
/// How far the first round moves the weights, as a share of their length; later rounds less, by the root of their number.
const STEP: f64 = 0.1;

/// What is known of one query's candidates.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Candidates {
    /// The features of each, zero or above; all of one length.
    pub features: Vec<Vec<f64>>,
    /// How relevant each is, zero or above.
    pub gains: Vec<f64>,
    /// The discounted gain of the best order of all relevant listings, found or not; above zero.
    pub ideal: f64,
}

impl Candidates {
    /// The places of the candidates by these weights, and their scores; ties by the order given.
    fn order(&self, weights: &[f64]) -> (Vec<usize>, Vec<f64>) {
        let score = |features: &Vec<f64>| features.iter().zip(weights).map(|(feature, weight)| feature * weight).sum();
        let scores: Vec<f64> = self.features.iter().map(score).collect();
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        (order, scores)
    }

    /// nDCG of the whole list.
    fn ndcg(&self, order: &[usize]) -> f64 {
        let gains = order.iter().enumerate().map(|(place, &candidate)| self.gains[candidate] * discount(place));
        gains.sum::<f64>() / self.ideal
    }

    /// Adds to `gradient` where these candidates would move the weights.
    fn pull(&self, (order, scores): (&[usize], &[f64]), gradient: &mut [f64]) {
        let best = order.first().map_or(0.0, |&first| scores[first]);
        if best <= 0.0 {
            return;
        }
        let mut places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &candidate)| places[candidate] = place);
        for better in (0..order.len()).filter(|&candidate| self.gains[candidate] > 0.0) {
            for worse in (0..order.len()).filter(|&other| self.gains[other] < self.gains[better]) {
                let gain = self.gains[better] - self.gains[worse];
                let change = gain * (discount(places[better]) - discount(places[worse])).abs() / self.ideal;
                let ahead = (scores[better] - scores[worse]) / best;
                let pull = change / (1.0 + (SHARPNESS * ahead).exp()) / best;
                let more = self.features[better].iter().zip(&self.features[worse]);
                gradient.iter_mut().zip(more).for_each(|(sum, (one, other))| *sum += pull * (one - other));
            }
        }
    }
}

/// What a gain at a place from 0 on counts.
fn discount(place: usize) -> f64 {
    1.0 / (place as f64 + 2.0).log2()
}

/// The weights under which these queries' candidates stand best by nDCG, of those that so many `rounds` from `start` come by. Each
/// is finite and zero or above if those of `start` and all features are. Quadratic in the candidates that are relevant.
#[must_use]
pub fn lambda_rank<'a>(
    start: &[f64],
    queries: impl Iterator<Item = &'a Candidates> + Clone,
    rounds: usize,
) -> Vec<f64> {
    let (mut weights, mut best) = (start.to_vec(), (f64::NEG_INFINITY, start.to_vec()));
    for round in 0..=rounds {
        let (mut fares, mut gradient) = (0.0, vec![0.0; weights.len()]);
        for query in queries.clone() {
            let (order, scores) = query.order(&weights);
            fares += query.ndcg(&order);
            query.pull((&order, &scores), &mut gradient);
        }
        if fares > best.0 {
            best = (fares, weights.clone());
        }
        let (length, slope) = (norm(&weights), norm(&gradient));
        if !(slope > 0.0 && slope.is_finite()) {
            break;
        }
        let step = STEP * length / ((round + 1) as f64).sqrt() / slope;
        weights.iter_mut().zip(&gradient).for_each(|(weight, pull)| *weight = (*weight + step * pull).max(0.0));
    }
    best.1
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|value| value * value).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candidates(features: &[[f64; 2]], gains: &[f64]) -> Candidates {
        let mut best: Vec<f64> = gains.to_vec();
        best.sort_by(|a, b| b.total_cmp(a));
        let ideal = best.iter().enumerate().map(|(place, gain)| gain * discount(place)).sum();
        Candidates { features: features.iter().map(|f| f.to_vec()).collect(), gains: gains.to_vec(), ideal }
    }

    /// What is relevant has more of the second feature, what is not more of the first.
    fn misled() -> Vec<Candidates> {
        let one = |a: f64| candidates(&[[0.9, 0.1], [0.8, a], [0.1, 0.7], [0.5, 0.2]], &[0.0, 0.0, 1.0, 0.0]);
        vec![one(0.1), one(0.2), one(0.3)]
    }

    #[test]
    fn the_feature_that_tells_relevant_listings_apart_comes_to_count_more() {
        let queries = misled();
        let learnt = lambda_rank(&[1.0, 0.5], queries.iter(), 100);
        assert!(learnt[1] > learnt[0], "{learnt:?}");
        let first = |weights: &[f64]| queries.iter().filter(|query| query.order(weights).0[0] == 2).count();
        assert_eq!((first(&[1.0, 0.5]), first(&learnt)), (0, 3));
    }

    #[test]
    fn nothing_judged_or_no_rounds_leave_the_weights_as_they_were() {
        assert_eq!(lambda_rank(&[1.0, 0.5], [].iter(), 100), [1.0, 0.5]);
        assert_eq!(lambda_rank(&[1.0, 0.5], misled().iter(), 0), [1.0, 0.5]);
        let even = [candidates(&[[0.5, 0.5], [0.5, 0.5]], &[0.0, 1.0])];
        assert_eq!(lambda_rank(&[1.0, 0.5], even.iter(), 20), [1.0, 0.5]);
    }

    proptest! {
        #[test]
        fn what_is_learnt_is_never_worse_on_what_it_was_learnt_from_and_never_below_zero(
            features in prop::collection::vec(prop::array::uniform2(0.0_f64..1.0), 2..12),
            relevant in prop::collection::vec(0_u8..4, 12),
        ) {
            let gains: Vec<f64> = relevant.iter().take(features.len()).map(|grade| f64::from(*grade)).collect();
            prop_assume!(gains.iter().any(|gain| *gain > 0.0));
            let query = candidates(&features, &gains);
            let learnt = lambda_rank(&[1.0, 0.5], std::iter::once(&query), 30);
            let fares = |weights: &[f64]| query.ndcg(&query.order(weights).0);
            prop_assert!(fares(&learnt) >= fares(&[1.0, 0.5]));
            prop_assert!(learnt.iter().all(|weight| weight.is_finite() && *weight >= 0.0));
        }
    }
}
