use proptest::prelude::*;

use crate::retrieve::Stream;
use crate::retrieve::bm25f::{idf, impact, rarity};

const LENGTHS: [u32; 3] = [10, 100, 50];
const MEANS: [f64; 3] = [10.0, 100.0, 50.0];

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
