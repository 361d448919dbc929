use std::collections::BTreeMap;

use proptest::prelude::*;

use super::example::{Counted, Terms, count, id};
use crate::domain::Meaning;
use crate::retrieve::matrix::Rows;
use crate::retrieve::{Counter, Counts, Frequencies, Means, Stream, TextLengths};

fn stream(number: usize) -> Stream {
    Stream::ALL[number]
}

/// A few listings of few terms: words and pairs in three texts, classes in none.
fn listings() -> impl Strategy<Value = Vec<Counted>> {
    let term = (0usize..6, 0usize..3, prop::sample::select(vec!["电", "池", "隔膜", "a", "b"]));
    let terms = prop::collection::vec(term, 0..12).prop_map(|terms| {
        let place = |(number, text, term): (usize, usize, &str)| {
            (stream(number), if number < 2 { text } else { 0 }, term.to_owned())
        };
        terms.into_iter().map(place).collect::<Terms>()
    });
    prop::collection::vec(terms, 0..9)
        .prop_map(|all| all.into_iter().enumerate().map(|(at, terms)| (id(&format!("L{at}")), terms)).collect())
}

/// A number that tells apart everything an impact may depend on.
fn number(stream: Stream, frequencies: [u32; 3], lengths: &TextLengths, means: &Means) -> f32 {
    let [title, short, long] = frequencies.map(|count| count as f32);
    let lengths: u32 = lengths.iter().flatten().enumerate().map(|(at, length)| (at as u32 + 1) * length).sum();
    let means: f64 = means.iter().flatten().enumerate().map(|(at, mean)| (at as f64 + 1.0) * mean).sum();
    1.0 + f32::from(stream as u8)
        + 7.0 * title
        + 71.0 * short
        + 711.0 * long
        + lengths as f32 / 64.0
        + means as f32 / 1_024.0
}

fn told(stream: Stream, frequencies: Frequencies, lengths: &TextLengths, means: &Means) -> f32 {
    number(stream, frequencies.get(), lengths, means)
}

fn finished(counter: Counter) -> (Rows, (String, Vec<u32>), Means) {
    let (rows, vocabulary, means) = counter.finish(told);
    let (letters, ends) = vocabulary.parts();
    (rows, (letters.to_owned(), ends.to_vec()), means)
}

fn of(listings: &[Counted]) -> Counter {
    let mut counter = Counter::default();
    counter.take(&count(listings));
    counter
}

proptest! {
    #[test]
    fn rows_and_vocabulary_do_not_depend_on_how_listings_were_cut_into_chunks(
        listings in listings(), cuts in prop::collection::vec(0usize..9, 0..4),
    ) {
        let mut counter = Counter::default();
        let mut rest = &listings[..];
        for cut in cuts {
            let (chunk, later) = rest.split_at(cut.min(rest.len()));
            counter.take(&count(chunk));
            rest = later;
        }
        counter.take(&count(rest));
        prop_assert_eq!(counter.len(), listings.len());
        prop_assert_eq!(finished(counter), finished(of(&listings)));
    }

    #[test]
    fn listings_put_into_another_order_are_those_counted_in_it(
        (listings, order) in listings().prop_flat_map(|listings| {
            let order: Vec<u32> = (0..listings.len() as u32).collect();
            (Just(listings), Just(order).prop_shuffle())
        }),
    ) {
        let ordered: Vec<Counted> = order.iter().map(|&at| listings[at as usize].clone()).collect();
        let mut counter = of(&listings);
        counter.reorder(&order);
        prop_assert_eq!(finished(counter), finished(of(&ordered)));
    }

    #[test]
    fn a_row_holds_what_a_plain_count_of_its_listing_gives(mut listings in listings(), turned in any::<bool>()) {
        if turned {
            listings.iter_mut().for_each(|(_, terms)| terms.reverse());
        }
        let (rows, vocabulary, means) = of(&listings).finish(told);
        prop_assert_eq!(rows.len(), listings.len());
        for (number, (_, terms)) in listings.iter().enumerate() {
            let mut lengths: TextLengths = Default::default();
            let mut plain: BTreeMap<(Stream, &str), [u32; 3]> = BTreeMap::new();
            for (stream, text, term) in terms {
                plain.entry((*stream, term)).or_default()[*text] += 1;
                if let Some(of_stream) = lengths.get_mut(*stream as usize) {
                    of_stream[*text] += 1;
                }
            }
            let row = rows.row(number);
            let row: Vec<_> = row.iter().map(|(term, value)| (vocabulary.stream(term), vocabulary.text(term), value)).collect();
            let expected: Vec<_> = plain
                .into_iter()
                .map(|((stream, term), counts)| (stream, term, self::number(stream, counts, &lengths, &means)))
                .collect();
            prop_assert_eq!(row, expected);
        }
        for (stream, of_stream) in means.iter().enumerate() {
            for (text, mean) in of_stream.iter().enumerate() {
                let lengths = listings.iter().map(|(_, terms)| {
                    terms.iter().filter(|(of, at, _)| *of as usize == stream && *at == text).count()
                });
                let having: Vec<usize> = lengths.filter(|length| *length > 0).collect();
                let expected = having.iter().sum::<usize>() as f64 / having.len().max(1) as f64;
                prop_assert_eq!(*mean, expected, "the mean over the listings that have the text");
            }
        }
    }

    #[test]
    fn rows_in_the_numbers_of_another_vocabulary_leave_out_what_it_does_not_have(
        known in listings(), listings in listings(),
    ) {
        let (_, vocabulary, means) = of(&known).finish(told);
        let (rows, own, _) = of(&listings).finish(|stream, frequencies, lengths, _| told(stream, frequencies, lengths, &means));
        let translated = count(&listings).rows_in(&vocabulary, |term, frequencies, lengths| {
            told(vocabulary.stream(term), frequencies, lengths, &means)
        });
        prop_assert_eq!(translated.len(), listings.len());
        for (number, row) in translated.iter().enumerate() {
            let expected: Vec<(u32, f32)> = rows.row(number).iter().filter_map(|(term, value)| {
                Some((vocabulary.number(own.stream(term), own.text(term))?, value))
            }).collect();
            prop_assert_eq!(row.view().iter().collect::<Vec<_>>(), expected);
        }
    }
}

#[test]
fn frequencies_are_counted_up_to_1023_and_lengths_without_end() {
    let mut counts = Counts::default();
    (0..1_500).for_each(|_| counts.count(Stream::Words, 0, "电"));
    (0..3).for_each(|_| counts.count(Stream::Words, 1, "电"));
    (0..1_023).for_each(|_| counts.count(Stream::Words, 2, "电"));
    counts.end(Meaning::NONE);
    let mut counter = Counter::default();
    counter.take(&counts);
    let (rows, ..) = counter.finish(|_, frequencies, lengths, means| {
        assert_eq!(frequencies.get(), [1_023, 3, 1_023]);
        assert_eq!(lengths[0], [1_500, 3, 1_023]);
        assert_eq!(means[0], [1_500.0, 3.0, 1_023.0]);
        1.0
    });
    assert_eq!(rows.len(), 1);
}

#[test]
fn nothing_counted_gives_no_rows() {
    let (rows, vocabulary, means) = Counter::default().finish(told);
    assert_eq!((rows.len(), vocabulary.len(), means), (0, 0, Means::default()));
    let empty = count(&[(id("L0"), Vec::new()), (id("L1"), Vec::new())]);
    assert_eq!((empty.len(), empty.rows_in(&vocabulary, |_, _, _| 1.0).len()), (2, 2));
}
