//! Firms with like names: what the companies do that are called and described as an enterprise is.
//!
//! In come an enterprise's name, industries and concepts; out comes what companies whose names share their words hold
//! patents in: shares of IPC subclasses and one direction of meaning. A name says a trade (电器, 生物制药), and those who
//! hold patents have told what firms of that trade work at. The enterprise itself is never among those it is likened to:
//! what it holds is known from its own record or not at all. The same question gives the same answer to the last bit.
//!
//! Not done here: what a profile makes of the answer (`profile`), reading files (`engine`).

mod ask;
mod error;
mod file;
mod terms;
#[cfg(test)]
mod tests;
mod train;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::analysis::Analyzer;
use crate::domain::{HolderKey, Meaning};
use crate::embed::Embedding;
use crate::model_file::{self, ModelFileError};

pub use error::FirmsError;
pub use train::{is_company, train};

const SHIPPED: &[u8] = include_bytes!("../../models/firms.bin");

/// Companies with what they hold patents in, to be asked by name. Cloning is cheap.
#[derive(Clone)]
pub struct Firms {
    known: Arc<Known>,
    analyzer: Analyzer,
    embedding: String,
}

/// What is asked for: the parts of a record that are there when nothing says what the firm does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The full name; firms of this name are left out.
    pub name: &'a str,
    /// Industry words.
    pub industries: &'a [&'a str],
    /// Concept words.
    pub concepts: &'a [&'a str],
}

/// What firms with like names do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Like {
    /// IPC subclasses by symbol, each with its share of what they hold; together 1, none if there is no such firm.
    pub subclasses: Vec<(String, f64)>,
    /// What their patents are about, at length one.
    pub meaning: Meaning,
    /// How many firms were found, at most 60.
    pub firms: usize,
}

/// The companies, and where each term of their names stands.
#[derive(Debug, Default, PartialEq)]
struct Known {
    /// All terms of names, sorted; a term's place is its number.
    terms: Vec<String>,
    /// All subclasses, sorted.
    subclasses: Vec<String>,
    /// By key.
    firms: Vec<Firm>,
    /// For each term the firms whose names have it, in order.
    having: Vec<Vec<u32>>,
    /// The square of ln(1 + firms / firms having it), for each term.
    rarities: Vec<f64>,
}

/// A company.
#[derive(Debug, Clone, PartialEq)]
struct Firm {
    key: HolderKey,
    /// Terms of its name by number, in order.
    terms: Vec<u32>,
    /// Subclasses by place in [`Known::subclasses`], in order, with how many of its patents lie there.
    subclasses: Vec<(u16, u16)>,
    /// The mean of what its patents are about, each at length one.
    meaning: Meaning,
    /// The root of the sum of its terms' rarities.
    norm: f64,
}

impl Firms {
    /// The companies that ship with the product.
    ///
    /// # Errors
    /// [`ModelFileError`] if they were made for another analyzer or embedding: `models/README.md` tells how to make them
    /// anew.
    pub fn shipped(embedding: &Embedding) -> Result<Self, ModelFileError> {
        Self::from_bytes(SHIPPED, embedding)
    }

    /// Names what the shipped companies say: another version may say something else of the same name.
    #[must_use]
    pub fn version() -> String {
        model_file::stated_checksum(SHIPPED).map_or_else(String::new, |checksum| model_file::version(&checksum))
    }

    fn new(known: Known, embedding: &Embedding) -> Self {
        let (analyzer, embedding) = (embedding.analyzer().clone(), embedding.version().to_owned());
        Self { known: Arc::new(known), analyzer, embedding }
    }

    /// How many companies are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.firms.len()
    }

    /// Whether none is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.firms.is_empty()
    }

    /// How many terms their names have.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.known.terms.len()
    }

    /// What firms with like names do. Linear in the firms that share a term.
    #[must_use]
    pub fn like(&self, asked: &Asked<'_>) -> Like {
        let mut weights: BTreeMap<u32, f64> = BTreeMap::new();
        for (term, weight) in terms::asked(&self.analyzer, asked) {
            if let Ok(place) = self.known.terms.binary_search(&term) {
                *weights.entry(place as u32).or_default() += weight;
            }
        }
        let nearest = self.known.nearest(&weights, HolderKey::of(asked.name));
        self.known.said_by(&nearest)
    }
}
