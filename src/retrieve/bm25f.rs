//! How much one term speaks for each listing: BM25F, with rarity raised to a power.
//!
//! With `x = tf / (1 − b + b · length / mean length)`, `f = Σ boost · x` over the fields of a stream, where abstract and
//! claim count `ln(1 + 2x) / 2` for `x`, and the term gives `weight · idf^e · f / (f + k1)` with `idf = ln(1 + (N − n + ½) / (n + ½))`, `n` the listings that have it in any of
//! the fields. Source of the form: Robertson, Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond* (2009);
//! the power on idf, the logarithm and all constants were chosen on judged sets, see
//! `models/README.md`.

use crate::domain::ProfileTerm;
use crate::index::{IndexError, MatchField, Snapshot};

/// A stream of terms: which fields hold it and how they count.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    Words,
    Bigrams,
    Ipc,
}

/// Where frequency stops counting.
const K1: f64 = 1.5;
/// How much a term in the title counts against one in the claim.
const TITLE_BOOST: f64 = 5.0;
/// How much a term in the abstract counts against one in the claim. Abstracts tell background as well as invention.
const ABSTRACT_BOOST: f64 = 0.4;
/// How far long titles are held against a listing.
const TITLE_B: f64 = 0.7;
/// How far long abstracts and claims are.
const TEXT_B: f64 = 1.0;

/// A field of a stream: boost and length normalisation.
type Weighted = (MatchField, f64, f64);

/// How a normalised frequency counts. A text that says a word ten times is little more about it than one that says it
/// three times; titles are too short for that to matter.
fn tempered(field: MatchField, frequency: f64) -> f64 {
    match field {
        MatchField::TitleWords | MatchField::TitleBigrams | MatchField::Ipc => frequency,
        _ => (2.0 * frequency).ln_1p() / 2.0,
    }
}

impl Stream {
    fn fields(self) -> &'static [Weighted] {
        match self {
            Self::Words => &[
                (MatchField::TitleWords, TITLE_BOOST, TITLE_B),
                (MatchField::AbstractWords, ABSTRACT_BOOST, TEXT_B),
                (MatchField::ClaimWords, 1.0, TEXT_B),
            ],
            Self::Bigrams => &[
                (MatchField::TitleBigrams, TITLE_BOOST, TITLE_B),
                (MatchField::AbstractBigrams, ABSTRACT_BOOST, TEXT_B),
                (MatchField::ClaimBigrams, 1.0, TEXT_B),
            ],
            Self::Ipc => &[(MatchField::Ipc, 1.0, 0.0)],
        }
    }

    /// The power of idf.
    fn rarity(self) -> f64 {
        match self {
            Self::Words => 1.25,
            Self::Bigrams | Self::Ipc => 1.5,
        }
    }
}

/// Sums for one term at a time; kept from term to term.
pub(super) struct Scratch {
    frequencies: Vec<f32>,
    touched: Vec<u32>,
}

impl Scratch {
    pub(super) fn new(slots: usize) -> Self {
        Self { frequencies: vec![0.0; slots], touched: Vec::new() }
    }
}

/// Hands what `term` gives each listing that has it to `visit`; returns the term's rarity, `idf^e`, zero where no
/// listing has it.
pub(super) fn score_term(
    snapshot: &Snapshot,
    stream: Stream,
    term: &ProfileTerm,
    scratch: &mut Scratch,
    mut visit: impl FnMut(u32, f64),
) -> Result<f64, IndexError> {
    let Scratch { frequencies, touched } = scratch;
    for &(field, boost, b) in stream.fields() {
        let mean = snapshot.mean_length(field).max(1.0);
        snapshot.visit_postings(field, &term.text, |posting| {
            let norm = 1.0 - b + b * f64::from(posting.length) / mean;
            let sum = &mut frequencies[posting.number as usize];
            if *sum == 0.0 {
                touched.push(posting.number);
            }
            *sum += (boost * tempered(field, f64::from(posting.frequency) / norm)) as f32;
        })?;
    }
    let rarity = idf(snapshot.count(), touched.len()).powf(stream.rarity());
    for number in touched.drain(..) {
        let frequency = f64::from(std::mem::take(&mut frequencies[number as usize]));
        // A class is there or not: how often it is named says nothing.
        let share = if matches!(stream, Stream::Ipc) { 1.0 } else { frequency / (frequency + K1) };
        visit(number, term.weight * rarity * share);
    }
    Ok(rarity)
}

/// Rarity of a term that `having` of `all` listings have; zero where none has it.
pub(super) fn idf(all: usize, having: usize) -> f64 {
    if having == 0 {
        return 0.0;
    }
    let (all, having) = (all as f64, having as f64);
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}
