//! Dividing queries.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// So many queries, shuffled and dealt into `folds` parts whose sizes differ by one at most; `None` for fewer than two
/// parts, or for fewer queries than parts.
pub(super) fn of(queries: usize, folds: usize, seed: u64) -> Option<Vec<Vec<usize>>> {
    if folds < 2 || queries < folds {
        return None;
    }
    let mut order: Vec<usize> = (0..queries).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    Some((0..folds).map(|fold| order.iter().copied().skip(fold).step_by(folds).collect()).collect())
}
