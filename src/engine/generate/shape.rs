//! How a set of documents and profiles is spread: what has to be alike for a bench to mean anything.

use std::collections::BTreeMap;

use serde::Serialize;

/// How a set is spread.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Shape {
    /// Documents.
    pub documents: u64,
    /// Words of a document, mean.
    pub words_mean: f64,
    /// Words of a document, 90th percentile.
    pub words_p90: usize,
    /// Distinct words of a document, mean: its postings.
    pub distinct_mean: f64,
    /// Distinct words of a document, 90th percentile.
    pub distinct_p90: usize,
    /// Share of the documents that have a word: mean of the ten most frequent words.
    pub share_of_top_10: f64,
    /// The same of the hundred most frequent words.
    pub share_of_top_100: f64,
    /// The same of the thousand most frequent words.
    pub share_of_top_1000: f64,
    /// Profiles.
    pub profiles: u64,
    /// Words of a profile, mean.
    pub profile_mean: f64,
    /// Words of a profile, 90th percentile.
    pub profile_p90: usize,
}

/// Counts how a set is spread, one document or profile after the other. Memory is bounded by the vocabulary.
pub(super) struct Measure {
    words: Spread,
    distinct: Spread,
    profiles: Spread,
    /// Documents with each word.
    frequencies: Vec<u64>,
    /// The last document that had each word, counted from one.
    last: Vec<u64>,
}

impl Measure {
    pub(super) fn new() -> Self {
        let empty = Spread::default;
        Self { words: empty(), distinct: empty(), profiles: empty(), frequencies: Vec::new(), last: Vec::new() }
    }

    pub(super) fn document(&mut self, words: &[u32]) {
        self.words.add(words.len());
        let mut distinct = 0;
        for &word in words {
            let word = word as usize;
            if word >= self.last.len() {
                self.last.resize(word + 1, 0);
                self.frequencies.resize(word + 1, 0);
            }
            if self.last[word] != self.words.count {
                self.last[word] = self.words.count;
                self.frequencies[word] += 1;
                distinct += 1;
            }
        }
        self.distinct.add(distinct);
    }

    pub(super) fn profile(&mut self, terms: usize) {
        self.profiles.add(terms);
    }

    /// Documents counted so far that have a word.
    pub(super) fn frequency(&self, word: u32) -> u64 {
        self.frequencies.get(word as usize).copied().unwrap_or_default()
    }

    pub(super) fn shape(&self) -> Shape {
        let mut frequencies = self.frequencies.clone();
        frequencies.sort_unstable_by(|a, b| b.cmp(a));
        let share = |top: usize| {
            let top = &frequencies[..top.min(frequencies.len())];
            top.iter().sum::<u64>() as f64 / (top.len().max(1) as f64 * self.words.count.max(1) as f64)
        };
        Shape {
            documents: self.words.count,
            words_mean: self.words.mean(),
            words_p90: self.words.p90(),
            distinct_mean: self.distinct.mean(),
            distinct_p90: self.distinct.p90(),
            share_of_top_10: share(10),
            share_of_top_100: share(100),
            share_of_top_1000: share(1000),
            profiles: self.profiles.count,
            profile_mean: self.profiles.mean(),
            profile_p90: self.profiles.p90(),
        }
    }
}

/// How often each size came.
#[derive(Default)]
struct Spread {
    count: u64,
    sum: u64,
    sizes: BTreeMap<usize, u64>,
}

impl Spread {
    fn add(&mut self, size: usize) {
        self.count += 1;
        self.sum += size as u64;
        *self.sizes.entry(size).or_default() += 1;
    }

    fn mean(&self) -> f64 {
        self.sum as f64 / self.count.max(1) as f64
    }

    /// The least size that nine in ten do not exceed.
    fn p90(&self) -> usize {
        let wanted = (self.count * 9).div_ceil(10);
        let mut seen = 0;
        let reached = |(_, count): &(&usize, &u64)| {
            seen += **count;
            seen >= wanted
        };
        self.sizes.iter().find(reached).map_or(0, |(size, _)| *size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_once_for_each_document_that_has_it() {
        let mut measure = Measure::new();
        measure.document(&[0, 1, 1, 1]);
        measure.document(&[1, 2]);
        let shape = measure.shape();
        assert_eq!((shape.documents, shape.words_mean, shape.distinct_mean), (2, 3.0, 2.0));
        assert_eq!((measure.frequency(1), measure.frequency(2), measure.frequency(9)), (2, 1, 0));
        assert!((shape.share_of_top_10 - 4.0 / 6.0).abs() < 1e-9, "three words, in 2, 1 and 1 of two documents");
    }

    #[test]
    fn nine_in_ten_do_not_exceed_the_90th_percentile() {
        let mut spread = Spread::default();
        (1..=20).for_each(|size| spread.add(size));
        assert_eq!(spread.p90(), 18);
        assert_eq!(Spread::default().p90(), 0);
    }
}
