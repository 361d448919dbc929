//! How much one term speaks for a listing that has it: BM25F.
//!
//! With `x = tf / (1 − b + b · length / mean length)` and `f = Σ boost · x` over title, abstract and claim, where abstract
//! and claim count `ln(1 + t·x) / t` for `x`, the term's *impact* is `f / (f + k1)`, between 0 and 1. A profile asks for it
//! with `weight · idf^e`, `idf = ln(1 + (N − n + ½) / (n + ½))`, `n` of `N` listings having it. Source of the form:
//! Robertson, Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond* (2009); the power on idf, the logarithm
//! and all numbers were chosen on judged sets, see `models/README.md`. The numbers are a value, [`TextScoring`]: whoever
//! makes a base says with which.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::RetrieveError;
use super::vocabulary::Stream;

/// The texts of a listing: title, abstract, claim.
pub const TEXTS: usize = 3;

/// Terms in each text of a listing, or their means over all listings that have the text.
pub type Lengths<T> = [T; TEXTS];

/// The numbers of the formula. A base is made with them, and another base is needed for others.
///
/// The fields are open to whoever tries other numbers: [`TextScoring::checked`] says whether they can be scored with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextScoring {
    /// Where frequency stops counting, 0.001 to 1000: at a weighed frequency of this much, a term has half of its impact.
    pub k1: f64,
    /// How much a term in the title counts, 0.0001 to 1000.
    pub title_boost: f64,
    /// In the abstract, which tells background as well as invention.
    pub abstract_boost: f64,
    /// In the claim.
    pub claim_boost: f64,
    /// How far a long title is held against a word in it, 0 (not at all) to 1 (its whole length).
    pub word_title_b: f64,
    /// How far it is held against a character pair.
    pub pair_title_b: f64,
    /// How far a long abstract or claim is.
    pub text_b: f64,
    /// How soon repetition within abstract or claim tires, `t` above: 0 (never) or 0.001 to 1000.
    pub temper: f64,
    /// How much rarer words count for more, the power `e` of idf, 0 to 10.
    pub word_rarity: f64,
    /// How much rarer character pairs and IPC symbols do.
    pub pair_rarity: f64,
}

impl Default for TextScoring {
    /// From cross-validation on judged sets: `models/README.md`.
    fn default() -> Self {
        Self {
            k1: 3.0,
            title_boost: 5.0,
            abstract_boost: 0.4,
            claim_boost: 1.0,
            word_title_b: 1.0,
            pair_title_b: 0.7,
            text_b: 1.0,
            temper: 2.0,
            word_rarity: 1.25,
            pair_rarity: 1.5,
        }
    }
}

impl TextScoring {
    /// Every number by its name.
    #[must_use]
    pub fn numbers(&self) -> [(&'static str, f64); 10] {
        [
            ("k1", self.k1),
            ("title_boost", self.title_boost),
            ("abstract_boost", self.abstract_boost),
            ("claim_boost", self.claim_boost),
            ("word_title_b", self.word_title_b),
            ("pair_title_b", self.pair_title_b),
            ("text_b", self.text_b),
            ("temper", self.temper),
            ("word_rarity", self.word_rarity),
            ("pair_rarity", self.pair_rarity),
        ]
    }

    /// These numbers, if they can be scored with: every impact then is above 0 and at most 1, every rarity finite.
    ///
    /// # Errors
    /// [`RetrieveError::Scoring`] for the first that is out of its range, infinite or NaN.
    pub fn checked(self) -> Result<Self, RetrieveError> {
        for (name, value) in self.numbers() {
            let (least, most) = range(name);
            // Below this the logarithm would be lost in rounding.
            let lost = name == "temper" && value > 0.0 && value < 0.001;
            if !(value >= least && value <= most) || lost {
                return Err(RetrieveError::Scoring { name, value, least, most });
            }
        }
        Ok(self)
    }

    /// The impact of a term of `stream` that stands `frequencies` times in the texts of a listing. A class is there or not:
    /// how often it is named says nothing.
    #[must_use]
    pub fn impact(&self, stream: Stream, frequencies: Lengths<u32>, lengths: Lengths<u32>, means: Lengths<f64>) -> f64 {
        if !matches!(stream, Stream::Words | Stream::Bigrams) {
            return 1.0;
        }
        let title_b = if stream == Stream::Words { self.word_title_b } else { self.pair_title_b };
        let boosts = [self.title_boost, self.abstract_boost, self.claim_boost];
        let mut sum = 0.0;
        for text in 0..TEXTS {
            if frequencies[text] > 0 {
                let b = if text == 0 { title_b } else { self.text_b };
                // A text that has a term has at least that one.
                let norm = 1.0 - b + b * f64::from(lengths[text].max(1)) / means[text].max(1.0);
                sum += boosts[text] * self.tempered(text, f64::from(frequencies[text]) / norm);
            }
        }
        sum / (sum + self.k1)
    }

    /// How a normalised frequency counts. A text that says a word ten times is little more about it than one that says it
    /// three times; titles are too short for that to matter.
    fn tempered(&self, text: usize, frequency: f64) -> f64 {
        let plain = text == 0 || self.temper == 0.0;
        if plain { frequency } else { (self.temper * frequency).ln_1p() / self.temper }
    }

    /// How much the rarity of a term counts: `idf^e`; zero where no listing has it.
    #[must_use]
    pub fn rarity(&self, stream: Stream, listings: usize, having: usize) -> f64 {
        if having == 0 {
            return 0.0;
        }
        let power = if stream == Stream::Words { self.word_rarity } else { self.pair_rarity };
        idf(listings, having).powf(power)
    }
}

/// The least and the greatest that a number of [`TextScoring`] may be.
#[must_use]
pub fn range(name: &str) -> (f64, f64) {
    match name {
        "k1" => (0.001, 1_000.0),
        // An impact of nothing has no place in a row.
        "title_boost" | "abstract_boost" | "claim_boost" => (0.000_1, 1_000.0),
        "word_title_b" | "pair_title_b" | "text_b" => (0.0, 1.0),
        "temper" => (0.0, 1_000.0),
        _ => (0.0, 10.0),
    }
}

impl fmt::Display for TextScoring {
    /// Every number by its name, to the last bit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, value)) in self.numbers().into_iter().enumerate() {
            let between = if place == 0 { "" } else { ", " };
            write!(f, "{between}{name} {value}")?;
        }
        Ok(())
    }
}

/// Rarity of a term that `having` of `all` listings have; zero where none has it.
#[must_use]
pub fn idf(all: usize, having: usize) -> f64 {
    if having == 0 {
        return 0.0;
    }
    let (all, having) = (all as f64, having as f64);
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}
