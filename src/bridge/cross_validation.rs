//! How good a bridge is: learnt from some pairs, asked about the others.
//!
//! Two ways of holding out. By invention: what the pairs show of a class is known, only this invention is not. By
//! subclass: nothing is known of the subclass from pairs, as for most of the IPC. The second is what to expect of a
//! subclass that the pairs do not hold.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Bridge;
use super::folds::{by_invention, by_subclass, inventions};
use super::training::{Material, Settings, train};
use crate::domain::{IndustryCode, IndustryLevel, IndustryPair};

/// What the figures of one run are made of, and the figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossValidation {
    /// Pairs with symbols and industries.
    pub pairs: usize,
    /// Inventions among them: pairs of one family or title are held out together.
    pub inventions: usize,
    /// Folds.
    pub folds: usize,
    /// What decided the folds.
    pub seed: u64,
    /// Industries of patents whose invention was held out.
    pub forward: Vec<ForwardScore>,
    /// Industries of patents whose subclass was held out of the pairs.
    pub unseen_subclass: Vec<ForwardScore>,
    /// Subclasses of an industry's held-out patents.
    pub reverse: Vec<ReverseScore>,
}

/// From a patent's symbols to its industries: means over patents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ForwardScore {
    /// What was asked.
    pub system: &'static str,
    /// At which level.
    pub level: IndustryLevel,
    /// The share of patents whose first industry is one of theirs.
    pub precision_at_1: f64,
    /// The share of their industries among the first three.
    pub recall_at_3: f64,
    /// The share of their industries among the first five.
    pub recall_at_5: f64,
    /// The mean of one over the place of the first industry that is theirs.
    pub mrr: f64,
    /// The share of patents of which anything was said.
    pub answered: f64,
}

/// From an industry to the subclasses of its held-out patents: means over industries and folds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReverseScore {
    /// What was asked.
    pub system: &'static str,
    /// At which level.
    pub level: IndustryLevel,
    /// The mean of one over the place of the first subclass that holds one of the patents.
    pub mrr: f64,
    /// The share of the patents' subclasses among the first ten.
    pub recall_at_10: f64,
}

/// What is compared: all sources, without one or two of them, one alone, and the commonest answer to every question.
const SYSTEMS: [&str; 6] = ["all", "pairs+table", "pairs", "table", "titles", "commonest"];

/// The settings of a system; `None` for the commonest answer.
fn settings(system: &str) -> Option<Settings> {
    let all = Settings::default();
    match system {
        "pairs+table" => Some(Settings { titles: 0.0, ..all }),
        "pairs" => Some(Settings { table: 0.0, titles: 0.0, ..all }),
        "table" => Some(Settings { pairs: false, titles: 0.0, ..all }),
        "titles" => Some(Settings { pairs: false, table: 0.0, ..all }),
        "commonest" => None,
        _ => Some(all),
    }
}

/// Learns from all folds but one and asks about that one, for every fold and every system.
///
/// What is asked is the bridge as it would ship, with its cuts. Linear in folds times systems times material.
#[must_use]
pub fn cross_validate(material: &Material<'_>, folds: usize, seed: u64) -> CrossValidation {
    let pairs = material.pairs;
    let (seen, unseen) = (by_invention(pairs, folds, seed), by_subclass(pairs, folds, seed));
    let mut result = CrossValidation {
        pairs: pairs.len(),
        inventions: inventions(pairs).into_iter().collect::<BTreeSet<_>>().len(),
        folds,
        seed,
        forward: Vec::new(),
        unseen_subclass: Vec::new(),
        reverse: Vec::new(),
    };
    for system in SYSTEMS {
        let held_out = |fold_of: &[usize]| (0..folds).map(|fold| Held::out(material, fold_of, fold, system)).collect();
        let (by_invention, by_subclass): (Vec<Held>, Vec<Held>) = (held_out(&seen), held_out(&unseen));
        for level in IndustryLevel::ALL {
            result.forward.push(forward(system, level, &by_invention));
            result.unseen_subclass.push(forward(system, level, &by_subclass));
            result.reverse.push(reverse(system, level, &by_invention));
        }
    }
    result
}

/// One fold and what was learnt without it.
struct Held {
    patents: Vec<IndustryPair>,
    learnt: Learnt,
}

enum Learnt {
    Bridge(Bridge),
    /// The commonest industries and main subclasses.
    Commonest([Vec<IndustryCode>; 2], Vec<String>),
}

impl Held {
    fn out(material: &Material<'_>, fold_of: &[usize], fold: usize, system: &str) -> Self {
        let of_fold = |held: bool| {
            let chosen = material.pairs.iter().zip(fold_of).filter(|(_, of)| (**of == fold) == held);
            chosen.map(|(pair, _)| pair.clone()).collect::<Vec<_>>()
        };
        let (patents, others) = (of_fold(true), of_fold(false));
        let learnt = match settings(system) {
            Some(settings) => Learnt::Bridge(train(&Material { pairs: &others, ..*material }, &settings)),
            None => Learnt::Commonest(
                IndustryLevel::ALL.map(|level| commonest(others.iter().flat_map(|pair| industries(pair, level)))),
                commonest(others.iter().filter_map(main_subclass)),
            ),
        };
        Self { patents, learnt }
    }

    fn industries_of(&self, patent: &IndustryPair, level: IndustryLevel) -> Vec<IndustryCode> {
        match &self.learnt {
            Learnt::Bridge(bridge) => {
                bridge.industries_of(&patent.symbols, level).into_iter().map(|likely| likely.industry).collect()
            }
            Learnt::Commonest(industries, _) => industries[usize::from(level == IndustryLevel::Group)].clone(),
        }
    }

    fn subclasses_of(&self, industry: &IndustryCode) -> Vec<String> {
        match &self.learnt {
            Learnt::Bridge(bridge) => {
                bridge.parts_of(industry).into_iter().map(|likely| likely.part.as_str().to_owned()).collect()
            }
            Learnt::Commonest(_, subclasses) => subclasses.clone(),
        }
    }
}

fn industries(pair: &IndustryPair, level: IndustryLevel) -> BTreeSet<IndustryCode> {
    pair.industries.iter().filter_map(|industry| industry.at(level)).collect()
}

fn main_subclass(pair: &IndustryPair) -> Option<String> {
    pair.symbols.first().map(|symbol| symbol.subclass().to_owned())
}

/// All values, the commonest first.
fn commonest<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    let mut order: Vec<(T, usize)> = counts.into_iter().collect();
    // Stable: equals stay in the order of codes.
    order.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    order.into_iter().map(|(value, _)| value).collect()
}

fn forward(system: &'static str, level: IndustryLevel, held: &[Held]) -> ForwardScore {
    let (mut sums, mut patents) = ([0.0; 5], 0.0_f64);
    for (held, patent) in held.iter().flat_map(|held| held.patents.iter().map(move |patent| (held, patent))) {
        let ranking = held.industries_of(patent, level);
        let places = places(&ranking, &industries(patent, level));
        let figures = [
            f64::from(u8::from(places.first == Some(0))),
            places.recall(3),
            places.recall(5),
            places.reciprocal(),
            f64::from(u8::from(!ranking.is_empty())),
        ];
        sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
        patents += 1.0;
    }
    let [precision_at_1, recall_at_3, recall_at_5, mrr, answered] = sums.map(|sum| sum / patents.max(1.0));
    ForwardScore { system, level, precision_at_1, recall_at_3, recall_at_5, mrr, answered }
}

fn reverse(system: &'static str, level: IndustryLevel, held: &[Held]) -> ReverseScore {
    let (mut sums, mut asked) = ([0.0; 2], 0.0_f64);
    for held in held {
        let mut subclasses: BTreeMap<IndustryCode, BTreeSet<String>> = BTreeMap::new();
        for patent in &held.patents {
            for industry in industries(patent, level) {
                subclasses.entry(industry).or_default().extend(main_subclass(patent));
            }
        }
        for (industry, subclasses) in subclasses {
            let places = places(&held.subclasses_of(&industry), &subclasses);
            sums[0] += places.reciprocal();
            sums[1] += places.recall(10);
            asked += 1.0;
        }
    }
    let [mrr, recall_at_10] = sums.map(|sum| sum / asked.max(1.0));
    ReverseScore { system, level, mrr, recall_at_10 }
}

/// Where in a ranking the wanted values stand, from 0.
struct Places {
    first: Option<usize>,
    all: Vec<usize>,
    wanted: usize,
}

fn places<T: Ord>(ranking: &[T], wanted: &BTreeSet<T>) -> Places {
    let all: Vec<usize> =
        ranking.iter().enumerate().filter(|(_, value)| wanted.contains(value)).map(|(place, _)| place).collect();
    Places { first: all.first().copied(), all, wanted: wanted.len() }
}

impl Places {
    fn recall(&self, depth: usize) -> f64 {
        self.all.iter().filter(|place| **place < depth).count() as f64 / self.wanted.max(1) as f64
    }

    fn reciprocal(&self) -> f64 {
        self.first.map_or(0.0, |place| 1.0 / (place + 1) as f64)
    }
}
