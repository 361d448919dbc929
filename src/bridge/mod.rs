//! The industry bridge: from IPC symbols to industries of GB/T 4754, and back.
//!
//! In come patents whose industries are known, a concordance and the words of both classifications; out comes a table of
//! links, each with a weight for either direction and its sources. The table ships with the product; a bridge is a pure
//! function of it. Weights are probabilities: of a patent in this part of the IPC to belong to this industry, and of a
//! patent of this industry to lie in this part. Equal weights are ordered by code.
//!
//! Not done here: reading files (`ingest`), what a match makes of an industry (`profile`, `retrieve`).

mod cross_validation;
mod error;
mod folds;
mod model;
mod sources;
mod table;
mod titles;
mod training;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;

use crate::domain::{IndustryCode, IndustryLevel, IpcCode, IpcLevel, IpcPattern};

pub use cross_validation::{CrossValidation, ForwardScore, ReverseScore, cross_validate};
pub use error::BridgeError;
pub use folds::inventions;
pub use sources::{Source, Sources};
pub use titles::TitleSimilarity;
pub use training::{Material, Settings, Stock, train};

/// What each further symbol of a patent counts beside its main one.
///
/// The industries of the pairs follow the main symbol alone; a patent's other symbols are kept as a tie-breaker and for
/// main symbols the bridge does not know.
const FURTHER_SYMBOL: f64 = 0.1;

/// A link between a part of the IPC and an industry, as the table holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The part: a class, subclass or main group.
    pub part: IpcPattern,
    /// The industry, two or three digits.
    pub industry: IndustryCode,
    /// How likely a patent in the part belongs to the industry.
    pub given_part: f64,
    /// How likely a patent of the industry lies in the part; known of subclasses only.
    pub given_industry: Option<f64>,
    /// Where the link comes from.
    pub sources: Sources,
}

/// An industry that patents with certain symbols are likely to belong to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LikelyIndustry {
    /// The industry.
    pub industry: IndustryCode,
    /// How likely, 0 to 1. A patent may belong to several industries: the weights of one level need not add up to 1.
    pub weight: f64,
    /// Where this is known from.
    pub sources: Sources,
}

/// A part of the IPC that patents of a certain industry are likely to lie in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LikelyPart {
    /// The part, a subclass.
    pub part: IpcPattern,
    /// How likely, 0 to 1; all subclasses of an industry together make at most 1, but for rounding.
    pub weight: f64,
    /// Where this is known from.
    pub sources: Sources,
}

/// The links between the IPC and GB/T 4754-2017, ready to be asked from both sides.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bridge {
    links: Vec<Link>,
    by_part: HashMap<String, Vec<usize>>,
    by_industry: HashMap<IndustryCode, Vec<usize>>,
}

static SHIPPED: LazyLock<Result<Bridge, BridgeError>> =
    LazyLock::new(|| include_str!("../../models/industry_bridge.csv").parse());

impl Bridge {
    /// The bridge the product ships with.
    ///
    /// # Errors
    /// [`BridgeError`] if the table the product was built with is damaged; a test reads it.
    pub fn shipped() -> Result<&'static Self, BridgeError> {
        SHIPPED.as_ref().map_err(Clone::clone)
    }

    /// A bridge of these links; the order they come in does not matter.
    pub(crate) fn of(mut links: Vec<Link>) -> Self {
        links.sort_by(|a, b| (&a.part, &a.industry).cmp(&(&b.part, &b.industry)));
        links.dedup_by(|later, kept| (&later.part, &later.industry) == (&kept.part, &kept.industry));
        let mut this = Self { links, ..Self::default() };
        for (number, link) in this.links.iter().enumerate() {
            this.by_part.entry(link.part.as_str().to_owned()).or_default().push(number);
            if link.given_industry.is_some() {
                this.by_industry.entry(link.industry.clone()).or_default().push(number);
            }
        }
        this
    }

    /// All links, by part and industry.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The industries that a patent with these symbols, the main one first, is likely to belong to; likeliest first.
    ///
    /// A symbol is looked up at its main group, else its subclass, else its class. The main symbol decides: every further one
    /// counts a tenth of it. Nothing is said of symbols whose class is unknown.
    #[must_use]
    pub fn industries_of(&self, symbols: &[IpcCode], level: IndustryLevel) -> Vec<LikelyIndustry> {
        let mut found: HashMap<&IndustryCode, (f64, Sources)> = HashMap::new();
        let mut whole = 0.0;
        for (place, symbol) in symbols.iter().enumerate() {
            let Some(links) = self.links_of(symbol) else { continue };
            let counts = if place == 0 { 1.0 } else { FURTHER_SYMBOL };
            whole += counts;
            for link in links.iter().map(|&number| &self.links[number]) {
                if link.industry.as_str().len() == level.digits() {
                    let entry = found.entry(&link.industry).or_default();
                    *entry = (entry.0 + counts * link.given_part, entry.1.with(link.sources));
                }
            }
        }
        let mut likely: Vec<_> = found
            .into_iter()
            .map(|(industry, (sum, sources))| (industry.clone(), sum / whole, sources))
            .map(|(industry, weight, sources)| LikelyIndustry { industry, weight: weight.min(1.0), sources })
            .collect();
        likely.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.industry.cmp(&b.industry)));
        likely
    }

    /// The links of the finest part that is known and holds a symbol.
    fn links_of(&self, symbol: &IpcCode) -> Option<&Vec<usize>> {
        let levels = [IpcLevel::MainGroup, IpcLevel::Subclass, IpcLevel::Class];
        levels.into_iter().filter_map(|level| symbol.at(level)).find_map(|part| self.by_part.get(part))
    }

    /// The subclasses that patents of an industry are likely to lie in; likeliest first.
    ///
    /// An industry at four digits is asked for at three, one of which nothing is known at two. Nothing is said of a section.
    #[must_use]
    pub fn parts_of(&self, industry: &IndustryCode) -> Vec<LikelyPart> {
        let levels = [IndustryLevel::Group, IndustryLevel::Division];
        let known = levels.into_iter().filter_map(|level| industry.at(level));
        let links = known.into_iter().find_map(|code| self.by_industry.get(&code));
        let mut likely: Vec<LikelyPart> = links
            .into_iter()
            .flatten()
            .map(|&number| &self.links[number])
            .filter_map(|link| {
                Some(LikelyPart { part: link.part.clone(), weight: link.given_industry?, sources: link.sources })
            })
            .collect();
        likely.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.part.cmp(&b.part)));
        likely
    }
}

#[cfg(test)]
mod tests;
