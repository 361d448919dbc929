use proptest::prelude::*;

use crate::domain::Notice;
use crate::retrieve::bm25f::{idf, range};
use crate::retrieve::{RetrieveError, Stream, TextScoring};

const LENGTHS: [u32; 3] = [10, 100, 50];
const MEANS: [f64; 3] = [10.0, 100.0, 50.0];

fn impact(stream: Stream, frequencies: [u32; 3], lengths: [u32; 3], means: [f64; 3]) -> f64 {
    TextScoring::default().impact(stream, frequencies, lengths, means)
}

fn rarity(stream: Stream, listings: usize, having: usize) -> f64 {
    TextScoring::default().rarity(stream, listings, having)
}

/// The formula with the numbers that ship, written out.
fn shipped(stream: Stream, frequencies: [u32; 3], lengths: [u32; 3], means: [f64; 3]) -> f64 {
    let mut sum = 0.0;
    let title_b = if stream == Stream::Words { 1.0 } else { 0.7 };
    for (text, (boost, b)) in [(5.0, title_b), (0.4, 1.0), (1.0, 1.0)].into_iter().enumerate() {
        if frequencies[text] > 0 {
            let norm = 1.0 - b + b * f64::from(lengths[text].max(1)) / means[text].max(1.0);
            let x = f64::from(frequencies[text]) / norm;
            sum += boost * if text == 0 { x } else { (2.0 * x).ln_1p() / 2.0 };
        }
    }
    sum / (sum + 3.0)
}

/// The numbers with one of them replaced.
fn with(name: &str, value: f64) -> TextScoring {
    let mut all = serde_json::to_value(TextScoring::default()).unwrap();
    all[name] = value.into();
    serde_json::from_value(all).unwrap()
}

fn any_scoring() -> impl Strategy<Value = TextScoring> {
    // Ends of the ranges as often as what lies between.
    let number = |name: &'static str| {
        let (least, most) = range(name);
        prop_oneof![Just(least), Just(most), least..most].prop_map(move |value| match name {
            "temper" if value < 0.001 => 0.0,
            _ => value,
        })
    };
    let names = TextScoring::default().numbers().map(|(name, _)| name);
    names.map(number).prop_map(
        |[
            k1,
            title_boost,
            abstract_boost,
            claim_boost,
            word_title_b,
            pair_title_b,
            text_b,
            temper,
            word_rarity,
            pair_rarity,
        ]| {
            TextScoring {
                k1,
                title_boost,
                abstract_boost,
                claim_boost,
                word_title_b,
                pair_title_b,
                text_b,
                temper,
                word_rarity,
                pair_rarity,
            }
        },
    )
}

#[test]
fn a_number_out_of_its_range_is_refused_by_name_and_one_at_its_end_is_not() {
    for (name, _) in TextScoring::default().numbers() {
        let (least, most) = range(name);
        for good in [least, most] {
            assert!(with(name, good).checked().is_ok(), "{name} {good}");
        }
        for bad in [least - 1e-9, most + 1e-9] {
            let refused = with(name, bad).checked().unwrap_err();
            assert!(matches!(refused, RetrieveError::Scoring { name: found, .. } if found == name), "{refused}");
        }
    }
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(TextScoring { k1: bad, ..Default::default() }.checked().is_err());
    }
    let refused = with("temper", 0.0005).checked().unwrap_err();
    let expected = "temper of text scoring is 0.0005: expected a number from 0 to 1000, and not between 0 and 0.001";
    assert_eq!(refused.to_string(), expected);
    let refused = with("k1", 0.0).checked().unwrap_err();
    assert_eq!(refused.chinese(), "文本打分的“k1”为 0：应为 0.001 至 1000 的数");
}

#[test]
fn without_temper_every_repetition_counts_in_full() {
    let plain = TextScoring { temper: 0.0, ..TextScoring::default() };
    let of = |scoring: &TextScoring| scoring.impact(Stream::Words, [0, 0, 4], LENGTHS, MEANS);
    assert!((of(&plain) - 4.0 / 7.0).abs() < 1e-12);
    let hardly = TextScoring { temper: 0.001, ..plain };
    assert!(of(&hardly) < of(&plain) && (of(&hardly) - of(&plain)).abs() < 1e-3, "the logarithm begins softly");
    let usual = TextScoring::default();
    assert!(of(&usual) < of(&hardly));
}

#[test]
fn a_word_of_the_title_counts_more_than_one_of_the_claim_and_that_more_than_one_of_the_abstract() {
    let of = |frequencies| impact(Stream::Words, frequencies, LENGTHS, MEANS);
    assert!(of([1, 0, 0]) > of([0, 0, 1]) && of([0, 0, 1]) > of([0, 1, 0]) && of([0, 1, 0]) > 0.0);
    assert!((of([1, 0, 0]) - 5.0 / 8.0).abs() < 1e-12, "at the mean length, the title gives its boost");
    let abstract_once = 0.4 * 3.0_f64.ln() / 2.0;
    assert!((of([0, 1, 0]) - abstract_once / (abstract_once + 3.0)).abs() < 1e-12);
}

#[test]
fn a_term_in_a_text_said_to_be_empty_counts_as_if_it_stood_there_alone() {
    for text in 0..3 {
        let (mut once, mut alone, mut none) = ([0; 3], LENGTHS, LENGTHS);
        (once[text], alone[text], none[text]) = (1, 1, 0);
        let of = |lengths| impact(Stream::Words, once, lengths, MEANS);
        assert!(of(none) == of(alone) && of(none) < 1.0, "text {text}: {}", of(none));
    }
}

#[test]
fn a_class_is_there_or_not() {
    for stream in [Stream::Ipc, Stream::Subclass, Stream::Field, Stream::Industry] {
        assert_eq!(impact(stream, [7, 0, 0], LENGTHS, MEANS), 1.0);
    }
}

#[test]
fn a_term_that_no_listing_has_counts_nothing() {
    assert_eq!((idf(5, 0), rarity(Stream::Words, 5, 0), rarity(Stream::Ipc, 0, 0)), (0.0, 0.0, 0.0));
    assert!(idf(5, 5) > 0.0, "one that all have counts a little");
}

proptest! {
    #[test]
    fn the_numbers_that_ship_give_to_the_last_bit_what_the_formula_of_constants_gave(
        frequencies in [0u32..1_024, 0u32..1_024, 0u32..1_024], lengths in [0u32..9_000, 0u32..9_000, 0u32..9_000],
        means in [0.0f64..5_000.0, 0.0f64..5_000.0, 0.0f64..5_000.0], having in 1usize..1_000,
    ) {
        let plain = impact(Stream::Words, frequencies, lengths, means);
        prop_assert_eq!(plain.to_bits(), shipped(Stream::Words, frequencies, lengths, means).to_bits());
        prop_assert_eq!(rarity(Stream::Words, 1_000, having).to_bits(), idf(1_000, having).powf(1.25).to_bits());
        prop_assert_eq!(rarity(Stream::Ipc, 1_000, having).to_bits(), idf(1_000, having).powf(1.5).to_bits());
    }

    #[test]
    fn under_any_numbers_that_pass_an_impact_has_a_place_in_a_row_and_a_rarity_is_finite(
        scoring in any_scoring(), text in 0usize..3, often in 1u32..1_024, length in 0u32..=u32::MAX,
        mean in 0.0f64..1e6, having in 1usize..4_000_000,
    ) {
        let scoring = scoring.checked().unwrap();
        let mut frequencies = [0; 3];
        frequencies[text] = often;
        let impact = scoring.impact(Stream::Bigrams, frequencies, [length; 3], [mean; 3]) as f32;
        prop_assert!(impact > 0.0 && impact <= 1.0, "{}", impact);
        for stream in Stream::ALL {
            let rarity = scoring.rarity(stream, 4_000_000, having);
            prop_assert!(rarity.is_finite() && rarity >= 0.0);
        }
        prop_assert_eq!(scoring.rarity(Stream::Words, 4_000_000, 0), 0.0, "a power of nothing makes no one of it");
    }

    #[test]
    fn impacts_lie_between_nothing_and_one_and_grow_with_the_frequency_and_shrink_with_the_length(
        frequencies in [0u32..1_024, 0u32..1_024, 0u32..1_024], more in 0usize..3, lengths in [0u32..9_000, 0u32..9_000, 0u32..9_000],
        means in [0.0f64..5_000.0, 0.0f64..5_000.0, 0.0f64..5_000.0],
    ) {
        let of = |frequencies, lengths| impact(Stream::Bigrams, frequencies, lengths, means);
        let (mut oftener, mut longer) = (frequencies, lengths);
        oftener[more] += 1;
        longer[more] += 1;
        let plain = of(frequencies, lengths);
        prop_assert!((0.0..=1.0).contains(&plain) && (plain > 0.0) == (frequencies != [0; 3]));
        prop_assert!(of(oftener, lengths) >= plain);
        prop_assert!(of(frequencies, longer) <= plain);
    }

    #[test]
    fn the_fewer_listings_have_a_term_the_more_it_counts(all in 1usize..1_000_000, having in 1usize..1_000_000) {
        let having = having.min(all);
        for stream in Stream::ALL {
            let (it, rarer) = (rarity(stream, all, having), rarity(stream, all, (having / 2).max(1)));
            prop_assert!(it > 0.0 && rarer >= it && rarer.is_finite());
        }
    }
}
