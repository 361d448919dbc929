//! The estimate behind a bridge: which industries the patents of each part of the IPC belong to.
//!
//! Each part is a mean of what is seen in it and what is said of it: the pairs whose main symbol lies in it, the
//! concordance, the titles, and the part above, which stands for what was not seen. Sums run in the order of codes, so that
//! a model does not depend on the order of its material.

use std::collections::{BTreeMap, BTreeSet};

use super::titles::TitleSimilarity;
use super::training::{Above, Material, Settings};
use crate::domain::{IndustryCode, IndustryLevel, IndustryPair, IndustryRule, IpcCode, IpcLevel, IpcPattern};

/// The probability of each industry, in parts by source, in the order of `Source::ALL`.
pub(super) type Shares = BTreeMap<IndustryCode, [f64; 3]>;

/// A whole probability.
pub(super) fn total(parts: [f64; 3]) -> f64 {
    parts.iter().sum()
}

/// What was estimated of each part of which something is known.
pub(super) struct Model {
    shares: BTreeMap<String, Shares>,
    /// The parts something is known of themselves, and not only from above.
    known: Vec<IpcPattern>,
}

impl Model {
    pub(super) fn fit(material: &Material<'_>, settings: &Settings, level: IndustryLevel) -> Self {
        let pairs = if settings.pairs { material.pairs } else { &[] };
        let counts = Counts::of(pairs, level);
        let table = if settings.table > 0.0 { table(material.rules, level) } else { BTreeMap::new() };
        let titles = material.titles.filter(|_| settings.titles > 0.0);
        let mut names: BTreeSet<&str> = counts.0.keys().map(String::as_str).collect();
        names.extend(table.keys().map(String::as_str));
        names.extend(titles.into_iter().flat_map(TitleSimilarity::subclasses));
        let mut this = Self { shares: BTreeMap::new(), known: Vec::new() };
        // A part comes behind the part above it, which is written as its beginning.
        for name in names {
            let seen = counts.0.get(name);
            let said = table.get(name).map(|industries| (settings.table, industries));
            let resembled = titles.and_then(|titles| titles.of(name, level));
            let above = this.above(name).map(|shares| (weight_of_above(settings.above, name), shares));
            let shares = blended(seen, said, resembled.map(|likely| (settings.titles, likely)), above);
            this.shares.insert(name.to_owned(), shares);
            // Sections and "everything" are no parts of the IPC that a pattern names.
            this.known.extend(name.parse::<IpcPattern>().ok());
        }
        this
    }

    /// The parts that are known, by name, with what was estimated.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&IpcPattern, &Shares)> {
        self.known.iter().filter_map(|part| Some((part, self.shares.get(part.as_str())?)))
    }

    fn above(&self, name: &str) -> Option<&Shares> {
        let ends = [4, 3, 1, 0].into_iter().filter(|&end| end < name.len());
        ends.filter_map(|end| self.shares.get(name.get(..end)?)).next()
    }
}

fn weight_of_above(above: Above, name: &str) -> f64 {
    match name.len() {
        0 | 1 => above.section,
        2 | 3 => above.class,
        4 => above.subclass,
        _ => above.main_group,
    }
}

/// The weighted mean of what speaks of one part.
fn blended(
    seen: Option<&Count>,
    said: Option<(f64, &BTreeSet<IndustryCode>)>,
    resembled: Option<(f64, &[(IndustryCode, f64)])>,
    above: Option<(f64, &Shares)>,
) -> Shares {
    let patents = seen.map_or(0.0, |count| count.patents);
    let weights =
        [said.map(|(weight, _)| weight), resembled.map(|(weight, _)| weight), above.map(|(weight, _)| weight)];
    let whole: f64 = patents + weights.into_iter().flatten().sum::<f64>();
    let mut shares = Shares::new();
    let mut add = |industry: &IndustryCode, source: usize, weight: f64| {
        shares.entry(industry.clone()).or_default()[source] += weight / whole;
    };
    for (industry, patents) in seen.into_iter().flat_map(|count| &count.by_industry) {
        add(industry, 0, *patents);
    }
    if let Some((weight, industries)) = said {
        industries.iter().for_each(|industry| add(industry, 1, weight));
    }
    if let Some((weight, likely)) = resembled {
        likely.iter().for_each(|(industry, share)| add(industry, 2, weight * share));
    }
    if let Some((weight, shares)) = above {
        for (industry, parts) in shares {
            parts.iter().enumerate().for_each(|(source, part)| add(industry, source, weight * part));
        }
    }
    shares
}

/// The patents of one part, and of those the ones of each industry.
#[derive(Default)]
struct Count {
    patents: f64,
    by_industry: BTreeMap<IndustryCode, f64>,
}

/// Patents counted at every cut of their main symbol; `""` counts all.
struct Counts(BTreeMap<String, Count>);

impl Counts {
    /// The industries of the pairs follow the main symbol: counting further symbols as well made every measure worse.
    fn of(pairs: &[IndustryPair], level: IndustryLevel) -> Self {
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        for pair in pairs {
            let Some(main) = pair.symbols.first() else { continue };
            let industries: BTreeSet<_> = pair.industries.iter().filter_map(|code| code.at(level)).collect();
            if industries.is_empty() {
                continue;
            }
            for part in cuts(main) {
                let count = counts.entry(part.to_owned()).or_default();
                count.patents += 1.0;
                for industry in &industries {
                    *count.by_industry.entry(industry.clone()).or_default() += 1.0;
                }
            }
        }
        Self(counts)
    }
}

fn cuts(symbol: &IpcCode) -> impl Iterator<Item = &str> {
    let levels = [IpcLevel::Section, IpcLevel::Class, IpcLevel::Subclass, IpcLevel::MainGroup];
    std::iter::once("").chain(levels.into_iter().filter_map(|level| symbol.at(level)))
}

/// The industries that a concordance names for each class, subclass and main group it speaks of.
///
/// What it says of a group stands for its main group, and what it says of either stands for the subclass: a list of
/// groups is how it describes a subject, and the bridge does not go below main groups. Exclusions count for main groups
/// alone, for the same reason.
fn table(rules: &[IndustryRule], level: IndustryLevel) -> BTreeMap<String, BTreeSet<IndustryCode>> {
    let patterns = rules.iter().flat_map(|rule| std::iter::once(&rule.pattern).chain(&rule.exclusions));
    let main_groups: BTreeSet<&str> = patterns.filter_map(IpcPattern::main_group).collect();
    let mut table: BTreeMap<String, BTreeSet<IndustryCode>> = BTreeMap::new();
    for rule in rules {
        let Some(industry) = rule.industry.at(level) else { continue };
        let name = rule.pattern.as_str();
        let part = name.get(..4).unwrap_or(name);
        table.entry(part.to_owned()).or_default().insert(industry.clone());
        let inside = main_groups.range(part..).take_while(|group| group.starts_with(part));
        for group in inside {
            let meant = rule.pattern.main_group().is_none_or(|named| named == *group);
            let excluded = rule.exclusions.iter().any(|exclusion| exclusion.as_str() == *group);
            if meant && !excluded {
                table.entry((*group).to_owned()).or_default().insert(industry.clone());
            }
        }
    }
    table
}
