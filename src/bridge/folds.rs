//! Which pairs must stay together when some are held out.

use std::collections::{BTreeMap, HashMap};

use crate::domain::IndustryPair;

/// The invention of each pair, by a number of its own: pairs that share a title or a family number are one.
#[must_use]
pub fn inventions(pairs: &[IndustryPair]) -> Vec<usize> {
    let mut joined: Vec<usize> = (0..pairs.len()).collect();
    let mut first: HashMap<String, usize> = HashMap::new();
    for (number, pair) in pairs.iter().enumerate() {
        let title: String = pair.title.chars().filter(|c| !c.is_whitespace()).collect();
        let names = pair.family.iter().map(|name| format!("family {name}"));
        for name in names.chain((!title.is_empty()).then(|| format!("title {title}"))) {
            let other = *first.entry(name).or_insert(number);
            let (a, b) = (root(&joined, number), root(&joined, other));
            joined[a.max(b)] = a.min(b);
        }
    }
    (0..pairs.len()).map(|number| root(&joined, number)).collect()
}

fn root(joined: &[usize], mut number: usize) -> usize {
    while joined[number] != number {
        number = joined[number];
    }
    number
}

/// The fold of each invention: the same for the same pairs and seed, in whatever order they come.
pub(super) fn by_invention(pairs: &[IndustryPair], folds: usize, seed: u64) -> Vec<usize> {
    let inventions = inventions(pairs);
    // An invention goes by the least of its titles, which does not depend on the order of the pairs.
    let mut names: BTreeMap<usize, &str> = BTreeMap::new();
    for (pair, invention) in pairs.iter().zip(&inventions) {
        let name = names.entry(*invention).or_insert(&pair.title);
        *name = (*name).min(&pair.title);
    }
    let fold_of = dealt(names.values().copied(), folds, seed);
    inventions.iter().map(|invention| fold_of[names[invention]]).collect()
}

/// The fold of each pair by the subclass of its main symbol, so that no subclass of a fold is seen outside it.
pub(super) fn by_subclass(pairs: &[IndustryPair], folds: usize, seed: u64) -> Vec<usize> {
    let subclass = |pair: &'_ IndustryPair| pair.symbols.first().map_or(String::new(), |s| s.subclass().to_owned());
    let subclasses: Vec<String> = pairs.iter().map(subclass).collect();
    let fold_of = dealt(subclasses.iter().map(String::as_str), folds, seed);
    subclasses.iter().map(|subclass| fold_of[subclass.as_str()]).collect()
}

/// Deals names out to folds of equal size, in an order that the seed decides.
fn dealt<'a>(names: impl Iterator<Item = &'a str>, folds: usize, seed: u64) -> HashMap<&'a str, usize> {
    let mut order: Vec<(u64, &str)> = names.map(|name| (shuffled(name, seed), name)).collect();
    order.sort_unstable();
    order.dedup();
    order.into_iter().enumerate().map(|(place, (_, name))| (name, place % folds.max(1))).collect()
}

/// A number that tells nothing of the name: FNV-1a over seed and name, stirred by the end of SplitMix64.
fn shuffled(name: &str, seed: u64) -> u64 {
    let bytes = seed.to_le_bytes().into_iter().chain(name.bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(title: &str, family: &[&str], symbol: &str) -> IndustryPair {
        IndustryPair {
            title: title.to_owned(),
            family: family.iter().map(ToString::to_string).collect(),
            symbols: vec![symbol.parse().unwrap()],
            industries: vec!["3841".parse().unwrap()],
        }
    }

    #[test]
    fn twins_by_title_or_family_stay_in_one_fold() {
        let pairs = [
            pair("一种电池", &["CN1"], "H01M10/05"),
            pair("电池", &["CN2"], "H01M10/05"),
            pair("一种 电池", &["CN3"], "H01M10/05"),
            pair("隔膜", &["CN2", "CN9"], "H01M10/05"),
            pair("电机", &["CN4"], "H02K1/00"),
        ];
        assert_eq!(inventions(&pairs), [0, 1, 0, 1, 4]);
        for seed in 0..20 {
            let folds = by_invention(&pairs, 3, seed);
            assert!(folds[0] == folds[2] && folds[1] == folds[3], "{folds:?}");
        }
        let by_subclass = by_subclass(&pairs, 2, 1);
        assert!(by_subclass[..4].iter().all(|fold| *fold == by_subclass[0]) && by_subclass[4] != by_subclass[0]);
    }

    #[test]
    fn a_seed_gives_the_same_folds_in_any_order_and_another_seed_others() {
        let pairs: Vec<_> = (0..40).map(|n| pair(&format!("发明{n}"), &[], "H01M10/05")).collect();
        let folds = by_invention(&pairs, 5, 7);
        let mut turned = pairs.clone();
        turned.reverse();
        let mut back = by_invention(&turned, 5, 7);
        back.reverse();
        assert_eq!(folds, back);
        assert_ne!(folds, by_invention(&pairs, 5, 8));
        assert_eq!((0..5).map(|fold| folds.iter().filter(|f| **f == fold).count()).collect::<Vec<_>>(), [8; 5]);
    }
}
