//! How much one term speaks for a listing that has it: BM25F.
//!
//! With `x = tf / (1 − b + b · length / mean length)` and `f = Σ boost · x` over title, abstract and claim, where abstract
//! and claim count `ln(1 + 2x) / 2` for `x`, the term's *impact* is `f / (f + k1)`, between 0 and 1. A profile asks for it
//! with `weight · idf^e`, `idf = ln(1 + (N − n + ½) / (n + ½))`, `n` of `N` listings having it. Source of the form:
//! Robertson, Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond* (2009); the power on idf, the logarithm
//! and all constants were chosen on judged sets, see `models/README.md`.

use super::vocabulary::Stream;

/// The texts of a listing: title, abstract, claim.
pub const TEXTS: usize = 3;

/// Where frequency stops counting.
const K1: f64 = 3.0;
/// How much a term in title, abstract and claim counts. Abstracts tell background as well as invention.
const BOOSTS: [f64; TEXTS] = [5.0, 0.4, 1.0];
/// How far long titles are held against a listing.
const TITLE_B: f64 = 0.7;
/// How far long texts are: of words, of character pairs.
const TEXT_B: f64 = 1.0;

/// Terms in each text of a listing, or their means over all listings that have the text.
pub type Lengths<T> = [T; TEXTS];

/// The impact of a term of `stream` that stands `frequencies` times in the texts of a listing. A class is there or not:
/// how often it is named says nothing.
#[must_use]
pub fn impact(stream: Stream, frequencies: Lengths<u32>, lengths: Lengths<u32>, means: Lengths<f64>) -> f64 {
    if !matches!(stream, Stream::Words | Stream::Bigrams) {
        return 1.0;
    }
    let mut sum = 0.0;
    for text in 0..TEXTS {
        if frequencies[text] > 0 {
            let b = if text == 0 { TITLE_B } else { TEXT_B };
            // A text that has a term has at least that one.
            let norm = 1.0 - b + b * f64::from(lengths[text].max(1)) / means[text].max(1.0);
            sum += BOOSTS[text] * tempered(text, f64::from(frequencies[text]) / norm);
        }
    }
    sum / (sum + K1)
}

/// How a normalised frequency counts. A text that says a word ten times is little more about it than one that says it
/// three times; titles are too short for that to matter.
fn tempered(text: usize, frequency: f64) -> f64 {
    if text == 0 { frequency } else { (2.0 * frequency).ln_1p() / 2.0 }
}

/// How much the rarity of a term counts: `idf^e`; zero where no listing has it.
#[must_use]
pub fn rarity(stream: Stream, listings: usize, having: usize) -> f64 {
    let power = if stream == Stream::Words { 1.25 } else { 1.5 };
    idf(listings, having).powf(power)
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
