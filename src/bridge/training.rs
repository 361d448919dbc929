//! Learning a bridge from what is known.

use std::collections::BTreeMap;

use super::model::{Model, total};
use super::titles::TitleSimilarity;
use super::{Bridge, Link, Sources};
use crate::domain::{IndustryCode, IndustryLevel, IndustryPair, IndustryRule, IpcLevel};

/// The least probability of an industry in a part that is kept.
const LEAST_GIVEN_PART: f64 = 0.05;
/// Most industries kept of a part and level.
const MOST_INDUSTRIES: usize = 8;
/// The least probability of a part in an industry that is kept.
const LEAST_GIVEN_INDUSTRY: f64 = 0.005;
/// Most subclasses kept of an industry.
const MOST_PARTS: usize = 20;
/// The power to which the share of a subclass in the stock counts when an industry asks for subclasses.
///
/// At 0 a rare subclass that lies wholly in the industry comes before a common one that lies in it for the most part; at 1
/// a common subclass comes before one that is nearer. Measured in the model card.
const STOCK_POWER: f64 = 0.75;

/// How many patents there are of each subclass, counted by main symbol: what a firm's industry is to be read against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stock(BTreeMap<String, u64>);

impl Stock {
    /// Counts one patent.
    pub fn count(&mut self, subclass: &str) {
        *self.0.entry(subclass.to_owned()).or_default() += 1;
    }

    /// How many patents were counted.
    #[must_use]
    pub fn patents(&self) -> u64 {
        self.0.values().sum()
    }

    /// The share of a subclass, one patent more than were seen: none is impossible.
    fn share(&self, subclass: &str, subclasses: usize) -> f64 {
        let seen = self.0.get(subclass).copied().unwrap_or_default();
        (seen + 1) as f64 / (self.patents() + subclasses as u64) as f64
    }
}

/// What a bridge is learnt from. The order of pairs and rules does not matter.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// Patents whose industries are known.
    pub pairs: &'a [IndustryPair],
    /// The concordance.
    pub rules: &'a [IndustryRule],
    /// Which industries the titles of a subclass resemble.
    pub titles: Option<&'a TitleSimilarity>,
    /// How common subclasses are; `None` counts the pairs.
    pub stock: Option<&'a Stock>,
}

/// How much each kind of evidence counts, in patents: what so many patents of the part itself would.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Whether pairs count at all.
    pub pairs: bool,
    /// What the concordance says of a part.
    pub table: f64,
    /// What the titles of a subclass resemble.
    pub titles: f64,
    /// What is known of the part above, by level of the part.
    pub above: Above,
}

/// How much the part above counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Above {
    /// The subclass, for a main group.
    pub main_group: f64,
    /// The class, for a subclass.
    pub subclass: f64,
    /// The section, for a class.
    pub class: f64,
    /// All patents, for a section.
    pub section: f64,
}

impl Default for Settings {
    /// Chosen by cross-validation; the model card has the figures.
    fn default() -> Self {
        let above = Above { main_group: 2.0, subclass: 1.0, class: 1.0, section: 3.0 };
        Self { pairs: true, table: 0.25, titles: 2.0, above }
    }
}

/// Learns a bridge. The same material, in any order, gives the same bridge.
#[must_use]
pub fn train(material: &Material<'_>, settings: &Settings) -> Bridge {
    let counted = counted(material.pairs);
    let stock = material.stock.unwrap_or(&counted);
    let links = IndustryLevel::ALL.into_iter().flat_map(|level| {
        let model = Model::fit(material, settings, level);
        links(&model, stock)
    });
    Bridge::of(links.collect())
}

fn counted(pairs: &[IndustryPair]) -> Stock {
    let mut stock = Stock::default();
    pairs.iter().filter_map(|pair| pair.symbols.first()).for_each(|symbol| stock.count(symbol.subclass()));
    stock
}

/// What is kept of a model: of each part its likeliest industries, of each industry its likeliest subclasses.
fn links(model: &Model, stock: &Stock) -> Vec<Link> {
    let given_industry = subclasses_of_industries(model, stock);
    let mut links = Vec::new();
    for (part, shares) in model.parts() {
        let mut likely: Vec<_> = shares.iter().map(|(industry, parts)| (industry, total(*parts), *parts)).collect();
        likely.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        for (place, (industry, weight, parts)) in likely.into_iter().enumerate() {
            let asked = given_industry.get(&(part.as_str().to_owned(), industry.clone())).copied();
            if asked.is_some() || place < MOST_INDUSTRIES && weight >= LEAST_GIVEN_PART {
                links.push(Link {
                    part: part.clone(),
                    industry: industry.clone(),
                    given_part: rounded(weight),
                    given_industry: asked.map(rounded),
                    sources: Sources::of(parts),
                });
            }
        }
    }
    links
}

/// The probability of each subclass given an industry, as far as it is kept.
fn subclasses_of_industries(model: &Model, stock: &Stock) -> BTreeMap<(String, IndustryCode), f64> {
    let subclasses: Vec<_> = model.parts().filter(|(part, _)| part.level() == IpcLevel::Subclass).collect();
    let mut by_industry: BTreeMap<&IndustryCode, Vec<(f64, &str)>> = BTreeMap::new();
    for (part, shares) in &subclasses {
        let common = stock.share(part.as_str(), subclasses.len()).powf(STOCK_POWER);
        for (industry, parts) in *shares {
            by_industry.entry(industry).or_default().push((total(*parts) * common, part.as_str()));
        }
    }
    let mut kept = BTreeMap::new();
    for (industry, mut likely) in by_industry {
        let whole: f64 = likely.iter().map(|(joint, _)| joint).sum();
        likely.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        for (joint, subclass) in likely.into_iter().take(MOST_PARTS) {
            if joint >= LEAST_GIVEN_INDUSTRY * whole && joint > 0.0 {
                kept.insert((subclass.to_owned(), industry.clone()), joint / whole);
            }
        }
    }
    kept
}

/// A weight as the table shows it.
fn rounded(weight: f64) -> f64 {
    (weight.clamp(0.0, 1.0) * 1_000.0).round() / 1_000.0
}
