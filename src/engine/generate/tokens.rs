//! Documents and profiles as words, in the peers' form.

use std::fmt::Write;

use rand::Rng;
use rand::seq::index;
use rand_chacha::ChaCha8Rng;
use rustc_hash::{FxHashMap, FxHashSet};

use super::sources::Sources;
use super::{LISTING_STREAM, PROFILE_STREAM, Work};
use crate::engine::EngineError;

/// Patents that make up a profile where there are no enterprises.
const PATENTS_OF_A_PROFILE: usize = 3;
/// A word that more than one patent in so many has says little of a firm.
const COMMON: usize = 10;

/// Writes all documents and profiles.
pub(super) fn write(sources: &Sources, work: &mut Work<'_>) -> Result<(), EngineError> {
    let mut random = work.random(LISTING_STREAM);
    let mut line = String::new();
    for number in 0..work.request.listings {
        let document = recombined(drawn(&mut random, &sources.documents), drawn(&mut random, &sources.documents));
        work.measure.document(&document);
        line.clear();
        _ = write!(line, "G{number}");
        for (place, word) in document.iter().enumerate() {
            line.push(if place == 0 { '\t' } else { ' ' });
            line.push_str(sources.vocabulary.word(*word));
        }
        work.listings.line(&line)?;
        work.tell(number + 1);
    }
    let mut random = work.random(PROFILE_STREAM);
    for number in 0..work.request.profiles {
        let profile = profile(sources, number, work.request.terms, &mut random);
        work.measure.profile(profile.len());
        line.clear();
        _ = write!(line, "Q{number}");
        for (place, (word, weight)) in profile.iter().enumerate() {
            line.push(if place == 0 { '\t' } else { ' ' });
            _ = write!(line, "{}^{weight}", sources.vocabulary.word(*word));
        }
        work.profiles.line(&line)?;
        work.tell(work.request.listings + number + 1);
    }
    Ok(())
}

fn drawn<'a, T>(random: &mut ChaCha8Rng, all: &'a [Vec<T>]) -> &'a [T] {
    &all[random.gen_range(0..all.len())]
}

/// The first half of one text, and what the second half of another adds.
///
/// A text says many of its words again further down. Two halves of different texts simply joined have 15 % more distinct words
/// (and postings) than real texts have. So in the second half a word that the first half has said stays where it is,
/// and each other one gives way to the next that is new in the second half of the other text. Length and repetition are
/// then those of the first text, and every word comes about as often as in the sources.
fn recombined(first: &[u32], second: &[u32]) -> Vec<u32> {
    let (head, tail) = first.split_at(first.len() / 2);
    let (before, behind) = second.split_at(second.len() / 2);
    let said: FxHashSet<u32> = head.iter().copied().collect();
    let known: FxHashSet<u32> = before.iter().copied().collect();
    let mut new = behind.iter().filter(|word| !known.contains(word) && !said.contains(word));
    let next = |word| if said.contains(word) { word } else { new.next().unwrap_or(word) };
    head.iter().chain(tail.iter().map(next)).copied().collect()
}

/// The profile of a real firm; beyond the last, of two; without firms, of patents.
fn profile(sources: &Sources, number: u64, terms: usize, random: &mut ChaCha8Rng) -> Vec<(u32, f64)> {
    let real = usize::try_from(number).ok().and_then(|number| sources.profiles.get(number));
    match real {
        Some(profile) => profile.clone(),
        None if sources.profiles.is_empty() => profile_of_patents(sources, terms, random),
        None => of_two(drawn(random, &sources.profiles), drawn(random, &sources.profiles)),
    }
}

/// The first half of one profile and the second of another, as many terms as the first has. Terms are in order of
/// their words, so that the halves share hardly any.
fn of_two(first: &[(u32, f64)], second: &[(u32, f64)]) -> Vec<(u32, f64)> {
    let (head, tail) = first.split_at(first.len() / 2);
    let mut terms = head.to_vec();
    let mut said: FxHashSet<u32> = head.iter().map(|(word, _)| *word).collect();
    for term in second[second.len() / 2..].iter().chain(tail) {
        if terms.len() == first.len() {
            break;
        }
        if said.insert(term.0) {
            terms.push(*term);
        }
    }
    terms
}

/// The words three patents say most, but those of one sign and those that many patents have.
fn profile_of_patents(sources: &Sources, terms: usize, random: &mut ChaCha8Rng) -> Vec<(u32, f64)> {
    let all = sources.documents.len();
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    for patent in index::sample(random, all, PATENTS_OF_A_PROFILE.min(all)) {
        sources.documents[patent].iter().for_each(|word| *counts.entry(*word).or_default() += 1);
    }
    let rare = (all / COMMON).max(PATENTS_OF_A_PROFILE) as u64;
    let tells =
        |word: u32| sources.vocabulary.word(word).chars().nth(1).is_some() && sources.measure.frequency(word) <= rare;
    let mut counts: Vec<(u32, u32)> = counts.into_iter().filter(|(word, _)| tells(*word)).collect();
    // Ties go by the word, not by its number: that depends on the order of the files.
    counts.sort_unstable_by(|(a, x), (b, y)| {
        y.cmp(x).then_with(|| sources.vocabulary.word(*a).cmp(sources.vocabulary.word(*b)))
    });
    counts.truncate(terms);
    counts.into_iter().map(|(word, count)| (word, f64::from(count))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_repeats_itself_as_its_first_text_does() {
        assert_eq!(recombined(&[1, 2, 3, 2, 9, 1], &[4, 5, 6, 7, 4, 8]), [1, 2, 3, 2, 7, 1]);
        assert_eq!(recombined(&[1, 2, 3, 4], &[3]), [1, 2, 3, 4], "where the other adds nothing, the first goes on");
        assert_eq!(recombined(&[1], &[2, 3]), [3]);
    }

    #[test]
    fn a_profile_of_two_has_as_many_terms_as_the_first_and_none_twice() {
        let profile = |words: &[u32]| words.iter().map(|word| (*word, 1.0)).collect::<Vec<_>>();
        assert_eq!(of_two(&profile(&[1, 2, 3, 4]), &profile(&[0, 2, 8, 9])), profile(&[1, 2, 8, 9]));
        assert_eq!(of_two(&profile(&[1, 2, 3, 4]), &profile(&[2])), profile(&[1, 2, 3, 4]));
    }
}
