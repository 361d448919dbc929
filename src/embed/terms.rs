//! What of a text has a vector: its words, their parts, its character pairs and its characters.

use rustc_hash::FxHashMap;

use crate::analysis::Analyzer;

/// How much a term counts that stands so often in a text.
pub(super) fn weight(count: f32) -> f32 {
    1.0 + count.ln()
}

/// The terms of a text with how much each counts, in order of first appearance: 1 + ln of how often it is there.
///
/// A word of two characters is its own pair and counts for both: the segmenter vouches for it. So is one of one.
pub(super) fn weighted(analyzer: &Analyzer, text: &str) -> Vec<(String, f32)> {
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut terms: Vec<(String, f32)> = Vec::new();
    let mut count = |term: &str| match places.get(term) {
        Some(&place) => terms[place].1 += 1.0,
        None => {
            places.insert(term.to_owned(), terms.len());
            terms.push((term.to_owned(), 1.0));
        }
    };
    analyzer.visit_words(text, |term| count(term.text));
    analyzer.visit_bigrams(text, |term| count(term.text));
    analyzer.visit_characters(text, |term| count(term.text));
    terms.iter_mut().for_each(|(_, count)| *count = weight(*count));
    terms
}
