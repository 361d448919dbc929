//! Exposure: who is shown what, so that no listing is pushed at everybody and none that fits is shown to nobody.
//!
//! Input is what each enterprise could be shown, best first; output is what each is shown. Two rules, each of which may be
//! left out. *A cap on popularity*: all pairs are taken by how well they fit, as a share of the enterprise's best score, and a
//! pair is passed over once its listing or its enterprise has enough; the next best of the enterprise moves up. Taken greedily,
//! the sum of shares is at least half of the greatest possible, in practice close to it. *A first exposure*: a listing shown to
//! too few takes the last place of the enterprise it fits best, if it fits nearly as well as what stood there and that is shown
//! often enough without. One place of an enterprise is given away so at most.
//!
//! The outcome does not depend on the order in which pairs are met; equal shares go by the enterprise's number, then the listing's.

use std::collections::BTreeMap;

use super::RankError;

/// A listing that an enterprise could be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offered {
    /// The listing, by number.
    pub listing: u32,
    /// Its score as a share of the enterprise's best, above 0 up to 1.
    pub share: f64,
}

/// How places are given out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExposurePolicy {
    /// Listings an enterprise is shown at most.
    pub places: usize,
    /// Enterprises a listing is shown to at most; `None` for any number.
    pub most: Option<usize>,
    /// Enterprises a listing should be shown to at least, where it comes near enough; 0 for none.
    pub least: usize,
    /// How near: the least share of what it takes the place of, 0 to 1.
    pub near: f64,
}

impl ExposurePolicy {
    /// Each enterprise is shown its best.
    #[must_use]
    pub fn as_ranked(places: usize) -> Self {
        Self { places, most: None, least: 0, near: 1.0 }
    }
}

/// What each enterprise is shown, best first, out of `pools`: what it could be shown, best first, each listing once.
///
/// Sorts all pairs once. An enterprise gets fewer than its places only if its pool has no more that may be shown.
///
/// # Errors
/// [`RankError::Policy`] for a nearness that is no number from 0 to 1.
pub fn expose(pools: &[Vec<Offered>], policy: &ExposurePolicy) -> Result<Vec<Vec<Offered>>, RankError> {
    if !(0.0..=1.0).contains(&policy.near) {
        return Err(RankError::Policy { name: "near", value: policy.near, most: 1.0 });
    }
    let mut shown: BTreeMap<u32, usize> = BTreeMap::new();
    let (pairs, mut lists) = (pairs(pools), vec![Vec::new(); pools.len()]);
    give_capped(&pairs, policy, &mut lists, &mut shown);
    if policy.least > 0 {
        give_first_places(&pairs, policy, &mut lists, &mut shown);
    }
    Ok(lists)
}

/// All pairs, best first.
fn pairs(pools: &[Vec<Offered>]) -> Vec<(usize, Offered)> {
    let of = |(enterprise, pool): (usize, &Vec<Offered>)| {
        pool.iter().map(move |offered| (enterprise, *offered)).collect::<Vec<_>>()
    };
    let mut pairs: Vec<(usize, Offered)> = pools.iter().enumerate().flat_map(of).collect();
    pairs.sort_by(|(e, a), (f, b)| b.share.total_cmp(&a.share).then(e.cmp(f)).then(a.listing.cmp(&b.listing)));
    pairs
}

fn give_capped(
    pairs: &[(usize, Offered)],
    policy: &ExposurePolicy,
    lists: &mut [Vec<Offered>],
    shown: &mut BTreeMap<u32, usize>,
) {
    for &(enterprise, offered) in pairs {
        let count = shown.entry(offered.listing).or_default();
        if lists[enterprise].len() < policy.places && policy.most.is_none_or(|most| *count < most) {
            *count += 1;
            lists[enterprise].push(offered);
        }
    }
}

fn give_first_places(
    pairs: &[(usize, Offered)],
    policy: &ExposurePolicy,
    lists: &mut [Vec<Offered>],
    shown: &mut BTreeMap<u32, usize>,
) {
    let least = policy.most.map_or(policy.least, |most| policy.least.min(most));
    let mut has_given = vec![false; lists.len()];
    for &(enterprise, offered) in pairs {
        let Some(last) = lists[enterprise].last().copied() else { continue };
        let of = |listing| shown.get(&listing).copied().unwrap_or_default();
        let wanted = of(offered.listing) < least && of(last.listing) > least && !has_given[enterprise];
        let there = lists[enterprise].iter().any(|known| known.listing == offered.listing);
        if wanted && !there && offered.share >= policy.near * last.share {
            has_given[enterprise] = true;
            lists[enterprise].pop();
            lists[enterprise].push(offered);
            shown.entry(last.listing).and_modify(|count| *count -= 1);
            *shown.entry(offered.listing).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pool(entries: &[(u32, f64)]) -> Vec<Offered> {
        entries.iter().map(|&(listing, share)| Offered { listing, share }).collect()
    }

    fn numbers(lists: &[Vec<Offered>]) -> Vec<Vec<u32>> {
        lists.iter().map(|list| list.iter().map(|offered| offered.listing).collect()).collect()
    }

    #[test]
    fn a_capped_listing_goes_to_whom_it_fits_best_and_the_others_next_best_moves_up() {
        let pools = [pool(&[(1, 1.0), (7, 0.9), (2, 0.5)]), pool(&[(3, 1.0), (7, 0.8), (4, 0.7)])];
        let policy = ExposurePolicy { most: Some(1), ..ExposurePolicy::as_ranked(2) };
        assert_eq!(numbers(&expose(&pools, &policy).unwrap()), [vec![1, 7], vec![3, 4]]);
        assert_eq!(numbers(&expose(&pools, &ExposurePolicy::as_ranked(2)).unwrap()), [vec![1, 7], vec![3, 7]]);
    }

    #[test]
    fn what_nobody_is_shown_takes_a_last_place_where_it_fits_nearly_as_well() {
        let pools = [pool(&[(7, 1.0), (1, 0.6)]), pool(&[(7, 1.0), (2, 0.9)]), pool(&[(7, 1.0)])];
        let policy = ExposurePolicy { least: 1, near: 0.8, ..ExposurePolicy::as_ranked(1) };
        let near = numbers(&expose(&pools, &policy).unwrap());
        assert_eq!(near, [vec![7], vec![2], vec![7]], "1 does not come near enough");
        let lax = ExposurePolicy { near: 0.5, ..policy };
        assert_eq!(numbers(&expose(&pools, &lax).unwrap()), [vec![1], vec![2], vec![7]]);
        let two = numbers(&expose(&pools[..2], &lax).unwrap());
        assert_eq!(two, [vec![7], vec![2]], "7 must not fall below the least itself");
    }

    #[test]
    fn a_nearness_that_is_no_share_is_refused() {
        for near in [f64::NAN, -0.1, 1.1] {
            let refused = expose(&[], &ExposurePolicy { near, ..ExposurePolicy::as_ranked(1) });
            assert!(matches!(refused, Err(RankError::Policy { name: "near", .. })), "{near}");
        }
    }

    fn any_pools() -> impl Strategy<Value = Vec<Vec<Offered>>> {
        let pool = prop::collection::btree_map(0_u32..12, 1_u32..=100, 0..8).prop_map(|entries| {
            let mut pool: Vec<Offered> = entries
                .into_iter()
                .map(|(listing, share)| Offered { listing, share: f64::from(share) / 100.0 })
                .collect();
            pool.sort_by(|a, b| b.share.total_cmp(&a.share));
            pool
        });
        prop::collection::vec(pool, 0..12)
    }

    proptest! {
        #[test]
        fn no_cap_is_exceeded_and_nobody_has_less_than_could_be_had(
            pools in any_pools(), places in 1_usize..5, most in 1_usize..4, least in 0_usize..3, near in 0.0_f64..1.0,
        ) {
            let policy = ExposurePolicy { places, most: Some(most), least, near };
            let lists = expose(&pools, &policy).unwrap();
            let count = |listing| lists.iter().flatten().filter(|offered| offered.listing == listing).count();
            for (list, pool) in lists.iter().zip(&pools) {
                prop_assert!(list.len() <= places && list.iter().all(|offered| pool.contains(offered)));
                prop_assert!(list.is_sorted_by(|a, b| a.share >= b.share), "best first");
                let free = pool.iter().filter(|offered| !list.contains(offered)).any(|offered| count(offered.listing) < most);
                prop_assert!(least > 0 || list.len() == places || !free, "a place is empty only where nothing is free");
            }
            prop_assert!((0..12).all(|listing| count(listing) <= most));
        }

        #[test]
        fn without_rules_everyone_has_its_best(pools in any_pools(), places in 0_usize..5) {
            let lists = expose(&pools, &ExposurePolicy::as_ranked(places)).unwrap();
            for (list, pool) in lists.iter().zip(&pools) {
                let shares = |entries: &[Offered]| entries.iter().map(|offered| offered.share).collect::<Vec<_>>();
                prop_assert_eq!(shares(list), shares(&pool[..places.min(pool.len())]));
            }
        }
    }
}
