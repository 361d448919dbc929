//! The words and character pairs of one part of a record.

use std::collections::BTreeMap;

use crate::analysis::{Analyzer, StopList};
use crate::domain::{ProfilePart, ProfileTerm};

/// How often a term may be said before saying it again hardly counts: BM25's k3, see [`saturated`].
const SATURATION: f64 = 8.0;

/// What one part asks for: how often it says each term.
pub(super) struct PartTerms {
    part: ProfilePart,
    pub(super) words: BTreeMap<String, u32>,
    pub(super) bigrams: BTreeMap<String, u32>,
}

impl PartTerms {
    pub(super) fn read(analyzer: &Analyzer, part: ProfilePart, texts: &[&str]) -> Self {
        let mut this = Self { part, words: BTreeMap::new(), bigrams: BTreeMap::new() };
        let lists = stop_lists(part);
        let says_nothing = |term: &str| {
            let single = part == ProfilePart::Name && term.chars().count() == 1;
            single || lists.iter().any(|&list| analyzer.is_stop_word(list, term))
        };
        for text in texts {
            // In technical prose a pair across a stop word still tells something; beside words of trade it does not.
            let text = if lists.len() > 1 { analyzer.without_stop_words(text, lists) } else { (*text).to_owned() };
            analyzer.visit_words(&text, |term| count(&mut this.words, term.text, &says_nothing));
            analyzer.visit_bigrams(&text, |term| count(&mut this.bigrams, term.text, &says_nothing));
        }
        this
    }
}

fn count(counts: &mut BTreeMap<String, u32>, term: &str, says_nothing: &impl Fn(&str) -> bool) {
    if !says_nothing(term) {
        match counts.get_mut(term) {
            Some(count) => *count += 1,
            None => drop(counts.insert(term.to_owned(), 1)),
        }
    }
}

/// Patents and needs are technical prose; everything else also holds the words of trade.
fn stop_lists(part: ProfilePart) -> &'static [StopList] {
    match part {
        ProfilePart::OwnPatents | ProfilePart::Needs | ProfilePart::Feedback => &[StopList::Patent],
        _ => &[StopList::Patent, StopList::Business, StopList::CompanyName],
    }
}

/// How loudly a part speaks. Chosen by five-fold cross-validation over four judged sets, see `models/README.md`. The
/// name speaks softly beside anything that says what the firm does.
fn weight_of(part: ProfilePart, beside: bool) -> f64 {
    match part {
        ProfilePart::Name if beside => 0.3,
        ProfilePart::Industry | ProfilePart::Concepts => 0.5,
        _ => 1.0,
    }
}

/// Whether a part says what the firm does, in words of its own.
fn is_telling(part: ProfilePart) -> bool {
    use ProfilePart::{Business, Needs, OwnPatents, Products};
    matches!(part, Business | Needs | OwnPatents | Products)
}

/// `(k + 1) c / (k + c)`: 1 for a term said once, below `k + 1` however often it is said.
pub(super) fn saturated(count: u32) -> f64 {
    let count = f64::from(count);
    (SATURATION + 1.0) * count / (SATURATION + count)
}

/// What own patents and needs alone ask for.
pub(super) fn kept(parts: &[PartTerms], stream: impl Fn(&PartTerms) -> &BTreeMap<String, u32>) -> BTreeMap<&str, f64> {
    let mut kept = BTreeMap::new();
    for part in parts.iter().filter(|part| matches!(part.part, ProfilePart::OwnPatents | ProfilePart::Needs)) {
        for (text, &count) in stream(part) {
            *kept.entry(text.as_str()).or_default() += weight_of(part.part, true) * saturated(count);
        }
    }
    kept
}

/// All parts' terms in one list, each term with the part that asks for it most.
pub(super) fn merged(parts: &[PartTerms], stream: impl Fn(&PartTerms) -> &BTreeMap<String, u32>) -> Vec<ProfileTerm> {
    let mut merged: BTreeMap<&str, (f64, f64, ProfilePart)> = BTreeMap::new();
    let says_what_it_does = parts.iter().any(|part| is_telling(part.part) && !stream(part).is_empty());
    for part in parts {
        for (text, &count) in stream(part) {
            let weight = weight_of(part.part, says_what_it_does) * saturated(count);
            let (sum, loudest, whose) = merged.entry(text).or_insert((0.0, 0.0, part.part));
            *sum += weight;
            if weight > *loudest {
                (*loudest, *whose) = (weight, part.part);
            }
        }
    }
    merged.into_iter().map(|(text, (weight, _, part))| ProfileTerm { text: text.to_owned(), weight, part }).collect()
}
