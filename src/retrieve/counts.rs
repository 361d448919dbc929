//! Counting: from terms as they stand in texts to the rows of a matrix.

use super::bm25f::{Lengths, TEXTS};
use super::matrix::{Rows, SparseRow};
use super::vocabulary::{Stream, Vocabulary};

/// Streams whose terms stand in texts, and so have lengths.
const TEXT_STREAMS: usize = 2;

/// How often a term stands in each text of a listing, ten bits each; more is counted as the most there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frequencies(u32);

impl Frequencies {
    const BITS: u32 = 10;
    const MOST: u32 = (1 << Self::BITS) - 1;

    fn once(text: usize) -> Self {
        Self(1 << (Self::BITS * text as u32))
    }

    fn plus(self, other: Self) -> Self {
        let (one, other) = (self.get(), other.get());
        Self(
            (0..TEXTS).fold(0, |packed, text| {
                packed | (one[text] + other[text]).min(Self::MOST) << (Self::BITS * text as u32)
            }),
        )
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
#[derive(Default)]
pub struct Counts {
    vocabulary: Vocabulary,
    /// One past the last entry of each listing.
    ends: Vec<u64>,
    terms: Vec<u32>,
    frequencies: Vec<Frequencies>,
    lengths: Vec<TextLengths>,
    /// Terms of the listing at hand.
    pending: Vec<(u32, Frequencies)>,
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
        self.pending.push((number, Frequencies::once(text)));
        if let Some(lengths) = self.pending_lengths.get_mut(stream as usize) {
            lengths[text] += 1;
        }
    }

    /// Ends the listing at hand.
    pub fn end(&mut self) {
        self.pending.sort_unstable_by_key(|(term, _)| *term);
        for run in self.pending.chunk_by(|a, b| a.0 == b.0) {
            self.terms.push(run[0].0);
            self.frequencies.push(run[1..].iter().fold(run[0].1, |sum, (_, more)| sum.plus(*more)));
        }
        self.pending.clear();
        self.ends.push(self.terms.len() as u64);
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
        for (&end, lengths) in self.ends.iter().zip(&self.lengths) {
            let entries = (start..end as usize).filter_map(|at| {
                let term = known[self.terms[at] as usize]?;
                Some((term, impact(term, self.frequencies[at], lengths)))
            });
            rows.push(entries.collect());
            start = end as usize;
        }
        rows
    }
}

/// All listings' terms, counted.
#[derive(Default)]
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
        impact: impl Fn(Stream, Frequencies, &TextLengths, &Means) -> f32,
    ) -> (Rows, Vocabulary, Means) {
        let means = self.means();
        let Counts { vocabulary, ends, mut terms, mut frequencies, lengths, .. } = self.counts;
        let (vocabulary, numbers) = vocabulary.sorted();
        let stream_ends = Stream::ALL.map(|stream| vocabulary.end_of(stream));
        let mut start = 0;
        let mut row: Vec<(u32, Frequencies)> = Vec::new();
        for &end in &ends {
            let end = end as usize;
            row.clear();
            row.extend(
                terms[start..end].iter().map(|&t| numbers[t as usize]).zip(frequencies[start..end].iter().copied()),
            );
            row.sort_unstable_by_key(|(term, _)| *term);
            for (at, (term, frequency)) in (start..end).zip(&row) {
                (terms[at], frequencies[at]) = (*term, *frequency);
            }
            start = end;
        }
        let (mut at, mut listing) = (0, 0);
        let value = |frequency: Frequencies| {
            while ends[listing] as usize == at {
                listing += 1;
            }
            let stream = Stream::ALL[stream_ends.partition_point(|&end| end <= terms[at])];
            at += 1;
            impact(stream, frequency, &lengths[listing], &means)
        };
        // The standard library collects into the memory of the counts.
        let values = frequencies.into_iter().map(value).collect();
        let starts = std::iter::once(0).chain(ends.iter().copied()).collect();
        let rows = Rows::from_sorted(starts, terms, values);
        (rows, vocabulary, means)
    }
}

/// Mean lengths of the texts of those who have them, for words and for character pairs.
pub type Means = [Lengths<f64>; TEXT_STREAMS];
