//! Which terms are known, and how rare each is.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// The terms seen in training, with their rarity fixed then: a text looked up later changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// In order of how many texts have it, most first, then by name: what is used often lies together in memory.
    terms: Vec<String>,
    /// 1 + ln((1 + texts) / (1 + texts with the term)).
    rarities: Vec<f32>,
    #[serde(skip)]
    places: FxHashMap<String, u32>,
}

impl Vocabulary {
    /// The terms that at least so many texts have. Each text is its terms without repeats.
    #[must_use]
    pub fn of<'a>(texts: impl Iterator<Item = &'a [(String, f32)]>, least_texts: u32) -> Self {
        let (mut counts, mut total): (FxHashMap<&str, u32>, u32) = (FxHashMap::default(), 0);
        for text in texts {
            total += 1;
            text.iter().for_each(|(term, _)| *counts.entry(term).or_default() += 1);
        }
        let mut kept: Vec<(&str, u32)> = counts.into_iter().filter(|(_, count)| *count >= least_texts).collect();
        kept.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let rarity = |count: u32| 1.0 + ((1.0 + total as f32) / (1.0 + count as f32)).ln();
        let mut this = Self {
            terms: kept.iter().map(|(term, _)| (*term).to_owned()).collect(),
            rarities: kept.iter().map(|(_, count)| rarity(*count)).collect(),
            places: FxHashMap::default(),
        };
        let _whole = this.index();
        this
    }

    /// Makes terms findable again after reading; `false` if the parts do not belong together.
    #[must_use]
    pub fn index(&mut self) -> bool {
        self.places = self.terms.iter().cloned().zip(0..).collect();
        self.terms.len() == self.rarities.len()
    }

    /// How many terms there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether no term is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The place of a term and its rarity.
    #[must_use]
    pub fn find(&self, term: &str) -> Option<(u32, f32)> {
        let place = *self.places.get(term)?;
        Some((place, self.rarities[place as usize]))
    }

    /// All terms, in order of their places.
    #[must_use]
    pub fn terms(&self) -> &[String] {
        &self.terms
    }

    /// How rare each term is, in the same order.
    #[must_use]
    pub fn rarities(&self) -> &[f32] {
        &self.rarities
    }

    /// The weights of a text's known terms, frequency times rarity, in order of places and at length one.
    #[must_use]
    pub fn row(&self, text: &[(String, f32)]) -> Vec<(u32, f32)> {
        let known = text.iter().filter_map(|(term, weight)| {
            let (place, rarity) = self.find(term)?;
            Some((place, weight * rarity))
        });
        let mut row: Vec<(u32, f32)> = known.collect();
        row.sort_unstable_by_key(|(place, _)| *place);
        let length = row.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
        row.iter_mut().for_each(|(_, weight)| *weight /= length.max(f32::MIN_POSITIVE));
        row
    }
}
