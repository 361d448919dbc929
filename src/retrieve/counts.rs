//! Counting: from terms as they stand in texts to the rows of a matrix.

use rayon::prelude::*;

use super::bm25f::Lengths;
use super::matrix::{Meanings, Rows, SparseRow};
use super::vocabulary::{Stream, Vocabulary};
use crate::domain::Meaning;

/// Streams whose terms stand in texts, and so have lengths.
const TEXT_STREAMS: usize = 2;

/// How often a term stands in each text of a listing, ten bits each; more is counted as the most there is room for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Frequencies(u32);

impl Frequencies {
    const BITS: u32 = 10;
    const MOST: u32 = (1 << Self::BITS) - 1;

    /// One more in a text.
    fn count(&mut self, text: usize) {
        let shift = Self::BITS * text as u32;
        if self.0 >> shift & Self::MOST < Self::MOST {
            self.0 += 1 << shift;
        }
    }

    /// For title, abstract and claim.
    #[must_use]
    pub fn get(self) -> Lengths<u32> {
        std::array::from_fn(|text| self.0 >> (Self::BITS * text as u32) & Self::MOST)
    }
}

/// The terms in the texts of one listing, for words and for character pairs.
pub type TextLengths = [Lengths<u32>; TEXT_STREAMS];

/// Some listings' terms, counted: made side by side, then brought together by [`Counter::take`].
#[derive(Default, Clone)]
pub struct Counts {
    vocabulary: Vocabulary,
    /// One past the last entry of each listing.
    ends: Vec<u64>,
    terms: Vec<u32>,
    frequencies: Vec<Frequencies>,
    lengths: Vec<TextLengths>,
    meanings: Meanings,
    /// Where each term of the vocabulary was counted last. It stands so in the listing at hand if that is not before its
    /// first entry.
    places: Vec<u32>,
    /// First entry of the listing at hand.
    first: usize,
    pending_lengths: TextLengths,
}

impl Counts {
    /// Counts of some listings' texts, with room for so many different terms.
    #[must_use]
    pub fn with_room_for(terms: usize) -> Self {
        Self { vocabulary: Vocabulary::with_room_for(terms), ..Self::default() }
    }

    /// Counts one term of the listing at hand, standing in a text (0 title, 1 abstract, 2 claim; 0 for classes).
    pub fn count(&mut self, stream: Stream, text: usize, term: &str) {
        let number = self.vocabulary.number_or_new(stream, term);
        let place = self.place_of(number);
        self.frequencies[place].count(text);
        if let Some(lengths) = self.pending_lengths.get_mut(stream as usize) {
            lengths[text] += 1;
        }
    }

    /// The entry of a term in the listing at hand, a new one if it has none yet.
    fn place_of(&mut self, number: u32) -> usize {
        let next = self.terms.len();
        match self.places.get_mut(number as usize) {
            Some(place) if *place as usize >= self.first => return *place as usize,
            Some(place) => *place = next as u32,
            None => self.places.push(next as u32),
        }
        self.terms.push(number);
        self.frequencies.push(Frequencies::default());
        next
    }

    /// Ends the listing at hand, which is about `meaning`.
    pub fn end(&mut self, meaning: Meaning) {
        self.first = self.terms.len();
        self.meanings.push(meaning);
        self.ends.push(self.first as u64);
        self.lengths.push(std::mem::take(&mut self.pending_lengths));
    }

    /// How many listings were counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether none was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Rows of these listings in numbers of another vocabulary; terms it does not have are left out.
    pub fn rows_in(
        &self,
        vocabulary: &Vocabulary,
        impact: impl Fn(u32, Frequencies, &TextLengths) -> f32,
    ) -> Vec<SparseRow> {
        let (letters, mut start) = (&self.vocabulary, 0);
        let known: Vec<Option<u32>> = (0..letters.len() as u32)
            .map(|number| vocabulary.number(letters.stream(number), letters.text(number)))
            .collect();
        let mut rows = Vec::with_capacity(self.len());
        for (listing, (&end, lengths)) in self.ends.iter().zip(&self.lengths).enumerate() {
            let entries = (start..end as usize).filter_map(|at| {
                let term = known[self.terms[at] as usize]?;
                Some((term, impact(term, self.frequencies[at], lengths)))
            });
            rows.push(entries.collect::<SparseRow>().with_meaning(self.meanings.get(listing)));
            start = end as usize;
        }
        rows
    }
}

/// All listings' terms, counted.
#[derive(Default, Clone)]
pub struct Counter {
    counts: Counts,
}

impl Counter {
    /// Takes in the counts of more listings, behind the others.
    pub fn take(&mut self, more: &Counts) {
        let numbers = self.counts.vocabulary.take_in(&more.vocabulary);
        let base = self.counts.terms.len() as u64;
        self.counts.terms.extend(more.terms.iter().map(|&term| numbers[term as usize]));
        self.counts.frequencies.extend_from_slice(&more.frequencies);
        self.counts.ends.extend(more.ends.iter().map(|end| base + end));
        self.counts.lengths.extend_from_slice(&more.lengths);
        self.counts.meanings.extend(&more.meanings);
    }

    /// What was counted.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Puts listings into another order: the first is the one that was at `order[0]`, and so on.
    pub fn reorder(&mut self, order: &[u32]) {
        let old = std::mem::take(&mut self.counts);
        let counts = &mut self.counts;
        counts.terms.reserve_exact(old.terms.len());
        counts.frequencies.reserve_exact(old.terms.len());
        for &listing in order {
            let listing = listing as usize;
            let start = listing.checked_sub(1).map_or(0, |before| old.ends[before] as usize);
            let range = start..old.ends[listing] as usize;
            counts.terms.extend_from_slice(&old.terms[range.clone()]);
            counts.frequencies.extend_from_slice(&old.frequencies[range]);
            counts.ends.push(counts.terms.len() as u64);
            counts.lengths.push(old.lengths[listing]);
            counts.meanings.push(old.meanings.get(listing));
        }
        counts.vocabulary = old.vocabulary;
    }

    /// How many listings were counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// Whether none was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Mean lengths over the listings that have the text.
    fn means(&self) -> [Lengths<f64>; TEXT_STREAMS] {
        std::array::from_fn(|stream| {
            std::array::from_fn(|text| {
                let lengths = self.counts.lengths.iter().map(|lengths| u64::from(lengths[stream][text]));
                let (sum, having) =
                    lengths.fold((0, 0_u64), |(sum, n), length| (sum + length, n + u64::from(length > 0)));
                sum as f64 / having.max(1) as f64
            })
        })
    }

    /// The rows, in the order of arrival, and what their terms are. `impact` is given a term's stream, how often it
    /// stands where, and the lengths of the listing's texts with their means. Counts turn into values in place.
    #[must_use]
    pub fn finish(
        self,
        impact: impl Fn(Stream, Frequencies, &TextLengths, &Means) -> f32 + Sync,
    ) -> (Rows, Vocabulary, Means) {
        let means = self.means();
        let Counts { vocabulary, ends, mut terms, mut frequencies, lengths, meanings, .. } = self.counts;
        let (vocabulary, numbers) = vocabulary.sorted();
        let stream_ends = Stream::ALL.map(|stream| vocabulary.end_of(stream));
        let rows = rows_of(&ends, &mut terms).into_par_iter().zip(rows_of(&ends, &mut frequencies)).zip(&lengths);
        rows.for_each_init(RowValues::default, |values, ((terms, frequencies), lengths)| {
            terms.iter_mut().for_each(|term| *term = numbers[*term as usize]);
            values
                .fill(terms, frequencies, &stream_ends, |stream, frequency| impact(stream, frequency, lengths, &means));
        });
        // The standard library collects into the memory of the counts.
        let values = frequencies.into_iter().map(|value| f32::from_bits(value.0)).collect();
        let starts = std::iter::once(0).chain(ends.iter().copied()).collect();
        let rows = Rows::from_sorted(starts, terms, values, meanings);
        (rows, vocabulary, means)
    }
}

/// Room for one row, and what its values were found to be.
#[derive(Default)]
struct RowValues {
    row: Vec<(u32, Frequencies)>,
    known: Vec<((Stream, Frequencies), f32)>,
}

impl RowValues {
    /// Sorts a row by term and puts the bits of its values where its frequencies are. Most terms of a text stand in it
    /// once, so a value is worked out once for all terms of a stream that stand equally often.
    fn fill(
        &mut self,
        terms: &mut [u32],
        frequencies: &mut [Frequencies],
        stream_ends: &[u32],
        impact: impl Fn(Stream, Frequencies) -> f32,
    ) {
        let Self { row, known } = self;
        row.clear();
        row.extend(terms.iter().copied().zip(frequencies.iter().copied()));
        row.sort_unstable_by_key(|(term, _)| *term);
        known.clear();
        let mut stream = 0;
        for ((to_term, to_value), &(term, frequency)) in terms.iter_mut().zip(frequencies).zip(&*row) {
            stream += stream_ends[stream..].partition_point(|&end| end <= term);
            let of = (Stream::ALL[stream], frequency);
            let value = known.iter().rev().find(|(known, _)| *known == of).map(|(_, value)| *value);
            let value = value.unwrap_or_else(|| {
                let value = impact(of.0, of.1);
                known.push((of, value));
                value
            });
            *to_term = term;
            *to_value = Frequencies(value.to_bits());
        }
    }
}

/// Each row's part of what holds all rows one behind the other.
fn rows_of<'a, T>(ends: &[u64], mut all: &'a mut [T]) -> Vec<&'a mut [T]> {
    let starts = std::iter::once(&0).chain(ends);
    let lengths = starts.zip(ends).map(|(start, end)| (end - start) as usize);
    lengths.map(|length| all.split_off_mut(..length).unwrap_or_default()).collect()
}

/// Mean lengths of the texts of those who have them, for words and for character pairs.
pub type Means = [Lengths<f64>; TEXT_STREAMS];
