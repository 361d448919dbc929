use super::example::{id, matrix, offers, titled};
use crate::domain::{EnterpriseProfile, EvidenceKind, Meaning, ProfilePart, ProfileTerm};
use crate::retrieve::matrix::{KINDS, Question, Scratch, SparseRow};
use crate::retrieve::{Counts, RetrieveError, Retriever, Stream};

const WEIGHTS: [f64; KINDS] = [0.5, 1.0, 1.0, 1.0, 1.0];

fn profile(words: impl IntoIterator<Item = (String, f64)>) -> EnterpriseProfile {
    let term = |(text, weight)| ProfileTerm { text, weight, part: ProfilePart::Business };
    let mut words: Vec<ProfileTerm> = words.into_iter().map(term).collect();
    words.sort_by(|a, b| a.text.cmp(&b.text));
    EnterpriseProfile { words, field_trust: 1.0, ..EnterpriseProfile::default() }
}

#[test]
fn a_profile_of_unknown_terms_asks_for_nothing_and_gets_nothing() {
    let matrix = matrix(&[titled("A", "电池"), titled("B", "隔膜")]);
    let (retriever, mut scratch) = (Retriever::new(&matrix, WEIGHTS), Scratch::default());
    let request = retriever.request(&profile([("石墨烯".to_owned(), 1.0)]), &mut scratch).unwrap();
    assert_eq!(request, SparseRow::default());
    let all = matrix.select(|_, _| true);
    assert!(retriever.candidates(&request, 10, 0.0, &all, &mut scratch).unwrap().is_empty());
}

#[test]
fn a_listing_that_shares_no_word_is_found_by_its_meaning() {
    let listings = [titled("A", "电池"), titled("B", "隔膜"), titled("C", "薄片")];
    let about = |numbers: &[f32]| Meaning::nearest_to(numbers).unit();
    let near = about(&[1.0, 0.5]);
    let matrix = matrix(&listings).changed(&[], offers(&listings), &{
        let mut counts = Counts::default();
        counts.count(Stream::Words, 0, "电池");
        [about(&[1.0, 0.0]), about(&[-1.0, 1.0]), near].into_iter().for_each(|meaning| counts.end(meaning));
        counts
    });
    let matrix = matrix.unwrap();
    let (retriever, mut scratch) = (Retriever::new(&matrix, WEIGHTS), Scratch::default());
    let profile = EnterpriseProfile { meaning: near, ..profile([("电池".to_owned(), 1.0)]) };
    let request = retriever.request(&profile, &mut scratch).unwrap();
    let found = retriever.candidates(&request, 10, 0.0, &matrix.select(|_, _| true), &mut scratch).unwrap();
    assert_eq!(found.iter().map(|found| found.listing.clone()).collect::<Vec<_>>(), [id("A"), id("C")]);
    let evidence = retriever.evidence(&profile, &request, &[id("C")]).unwrap();
    let weights: Vec<(EvidenceKind, f64)> = evidence[0].iter().map(|e| (e.kind, e.weight)).collect();
    assert_eq!(weights, [(EvidenceKind::Meaning, found[1].features[EvidenceKind::Meaning as usize])]);
}

#[test]
fn a_weight_that_is_no_number_or_below_zero_is_refused() {
    let matrix = matrix(&[titled("A", "电池")]);
    for weight in [f64::NAN, f64::INFINITY, -1.0] {
        let profile = profile([("电池".to_owned(), weight)]);
        let refused = Retriever::new(&matrix, WEIGHTS).request(&profile, &mut Scratch::default());
        assert!(matches!(refused, Err(RetrieveError::Weight { .. })), "{weight}");
    }
    let nothing = profile([("电池".to_owned(), 0.0)]);
    let request = Retriever::new(&matrix, WEIGHTS).request(&nothing, &mut Scratch::default()).unwrap();
    assert_eq!(request, SparseRow::default());
}

#[test]
fn a_profile_of_more_terms_than_can_be_asked_keeps_those_that_count_most() {
    let words: Vec<String> = (0..20_000).map(|number| format!("词{number}")).collect();
    let matrix = matrix(&[titled("A", &words.join(" ")), titled("B", "词7"), titled("C", "词8")]);
    let (retriever, mut scratch) = (Retriever::new(&matrix, WEIGHTS), Scratch::default());
    let weight = |number: usize| if number == 19_999 { 2.0 } else { 1.0 };
    let all = words.iter().enumerate().map(|(number, word)| (word.clone(), weight(number)));
    let request = retriever.request(&profile(all), &mut scratch).unwrap();
    assert!((15_000..=Question::MOST_TERMS).contains(&request.terms.len()), "{}", request.terms.len());
    let found = retriever.candidates(&request, 10, 0.0, &matrix.select(|_, _| true), &mut scratch).unwrap();
    assert_eq!(found[0].listing, id("A"));
    let heaviest = matrix.base().vocabulary().number(crate::retrieve::Stream::Words, "词19999").unwrap();
    assert!(request.terms.contains(&heaviest));
}
