//! The terms of a catalogue, numbered.

use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use hashbrown::HashTable;
use rayon::slice::ParallelSliceMut;
use rustc_hash::FxHasher;

/// A stream of matchable terms, in the order in which their terms are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// Words of title, abstract and claim.
    Words,
    /// Their character pairs.
    Bigrams,
    /// IPC symbols cut to every level.
    Ipc,
    /// IPC subclasses, where a listing has no symbol the predicted one.
    Subclass,
    /// Technology field, 1 to 35.
    Field,
    /// Industries by GB/T 4754 that the listing's classes serve.
    Industry,
}

impl Stream {
    /// All streams.
    pub const ALL: [Self; 6] = [Self::Words, Self::Bigrams, Self::Ipc, Self::Subclass, Self::Field, Self::Industry];

    /// The letter that stands before a term of the stream; ascending in their order.
    fn mark(self) -> u8 {
        b'a' + self as u8
    }
}

/// Terms by number and numbers by term. Letters stand one behind the other, each term behind the mark of its stream.
#[derive(Default, Clone)]
pub struct Vocabulary {
    letters: String,
    /// Where each term ends.
    ends: Vec<u32>,
    numbers: HashTable<Slot>,
}

/// Where the table keeps a term: its [`key`], in halves for less room, and its number.
#[derive(Clone, Copy)]
struct Slot {
    key: [u32; 2],
    number: u32,
}

/// Bytes of a term that its key has room for: two Chinese characters.
const SHORT: usize = 6;
/// Told by the last byte of the key of a longer term.
const LONG: u64 = 0xff;

/// What a term is found by. The key of a short term is its mark, its letters and how many bytes these are, so that no
/// letters need be looked at to know it: most terms are pairs of characters. The key of a longer one is a hash.
fn key(mark: u8, text: &str) -> u64 {
    let text = text.as_bytes();
    if text.len() <= SHORT {
        first(mark, text) | text.len() as u64
    } else {
        let mut hasher = BuildHasherDefault::<FxHasher>::default().build_hasher();
        hasher.write_u8(mark);
        hasher.write(text);
        hasher.finish() | LONG
    }
}

/// Mark and first letters as a number that is ordered as they are; the last byte is free.
fn first(mark: u8, text: &[u8]) -> u64 {
    // Two Chinese characters or one, as most terms are, need no loop.
    u64::from_be_bytes(match *text {
        [a, b, c, d, e, f, ..] => [mark, a, b, c, d, e, f, 0],
        [a, b, c] => [mark, a, b, c, 0, 0, 0, 0],
        _ => {
            let mut bytes = [mark, 0, 0, 0, 0, 0, 0, 0];
            bytes[1..].iter_mut().zip(text).for_each(|(byte, letter)| *byte = *letter);
            bytes
        }
    })
}

impl Slot {
    fn new(key: u64, number: u32) -> Self {
        Self { key: [(key >> 32) as u32, key as u32], number }
    }

    fn key(&self) -> u64 {
        u64::from(self.key[0]) << 32 | u64::from(self.key[1])
    }
}

fn spread(key: u64) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(key)
}

impl Vocabulary {
    /// An empty vocabulary with room for so many terms.
    #[must_use]
    pub fn with_room_for(terms: usize) -> Self {
        Self { numbers: HashTable::with_capacity(terms), ..Self::default() }
    }

    /// A vocabulary from its letters and the ends of its terms; `None` if they do not fit each other.
    #[must_use]
    pub fn from_parts(letters: String, ends: Vec<u32>) -> Option<Self> {
        let whole = ends.last().map_or(0, |end| *end as usize) == letters.len();
        let cut = ends.iter().all(|&end| letters.is_char_boundary(end as usize));
        if !(whole && cut && ends.is_sorted_by(|a, b| a < b)) {
            return None;
        }
        let mut this = Self { numbers: HashTable::with_capacity(ends.len()), letters, ends };
        for number in 0..this.ends.len() as u32 {
            let (mark, text) = this.marked(number);
            this.insert(key(mark, text), number);
        }
        Some(this)
    }

    /// Letters and ends, as a file keeps them.
    #[must_use]
    pub fn parts(&self) -> (&str, &[u32]) {
        (&self.letters, &self.ends)
    }

    /// How many terms there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The number of a term.
    #[must_use]
    pub fn number(&self, stream: Stream, text: &str) -> Option<u32> {
        self.find(key(stream.mark(), text), stream.mark(), text)
    }

    fn find(&self, key: u64, mark: u8, text: &str) -> Option<u32> {
        let is_it = |slot: &Slot| slot.key() == key && (key & LONG != LONG || self.marked(slot.number) == (mark, text));
        self.numbers.find(spread(key), is_it).map(|slot| slot.number)
    }

    fn insert(&mut self, key: u64, number: u32) {
        self.numbers.insert_unique(spread(key), Slot::new(key, number), |slot| spread(slot.key()));
    }

    /// The number of a term, a new one if it is not known.
    pub fn number_or_new(&mut self, stream: Stream, text: &str) -> u32 {
        self.intern(stream.mark(), text)
    }

    fn intern(&mut self, mark: u8, text: &str) -> u32 {
        let key = key(mark, text);
        if let Some(number) = self.find(key, mark, text) {
            return number;
        }
        let number = self.ends.len() as u32;
        self.letters.push(char::from(mark));
        self.letters.push_str(text);
        self.ends.push(self.letters.len() as u32);
        self.insert(key, number);
        number
    }

    /// The numbers here of all terms of another vocabulary, in the order of theirs; new ones where they are not known.
    pub fn take_in(&mut self, other: &Self) -> Vec<u32> {
        (0..other.len() as u32)
            .map(|number| {
                let (mark, text) = other.marked(number);
                self.intern(mark, text)
            })
            .collect()
    }

    /// The term of a number.
    #[must_use]
    pub fn text(&self, number: u32) -> &str {
        self.marked(number).1
    }

    /// The stream of a number.
    #[must_use]
    pub fn stream(&self, number: u32) -> Stream {
        Stream::ALL[usize::from(self.marked(number).0 - b'a')]
    }

    fn marked(&self, number: u32) -> (u8, &str) {
        marked(&self.letters, &self.ends, number)
    }

    /// The same terms numbered by stream, within a stream by text: so that numbers do not depend on who came first; and
    /// the new number of each old one.
    #[must_use]
    pub fn sorted(mut self) -> (Self, Vec<u32>) {
        let firsts = (0..self.len() as u32).map(|number| {
            let (mark, text) = self.marked(number);
            (first(mark, text.as_bytes()), number)
        });
        let mut order: Vec<(u64, u32)> = firsts.collect();
        order.par_sort_unstable_by(|(a, a_number), (b, b_number)| {
            a.cmp(b).then_with(|| self.text(*a_number).cmp(self.text(*b_number)))
        });
        let mut letters = String::with_capacity(self.letters.len());
        let mut ends = Vec::with_capacity(self.len());
        let mut new_numbers = vec![0; self.len()];
        for (new, (_, old)) in (0..).zip(order) {
            let (mark, text) = self.marked(old);
            letters.push(char::from(mark));
            letters.push_str(text);
            ends.push(letters.len() as u32);
            new_numbers[old as usize] = new;
        }
        self.numbers.iter_mut().for_each(|slot| slot.number = new_numbers[slot.number as usize]);
        (Self { letters, ends, ..self }, new_numbers)
    }

    /// One past the last number of a stream, in a sorted vocabulary.
    #[must_use]
    pub fn end_of(&self, stream: Stream) -> u32 {
        let (mut low, mut high) = (0, self.len() as u32);
        while low < high {
            let middle = u32::midpoint(low, high);
            if self.marked(middle).0 <= stream.mark() { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Bytes held in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.letters.capacity() + self.ends.capacity() * 4 + self.numbers.allocation_size()
    }
}

fn marked<'a>(letters: &'a str, ends: &[u32], number: u32) -> (u8, &'a str) {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(0, |before| ends[before] as usize);
    let marked = &letters[start..ends[number] as usize];
    (marked.as_bytes()[0], &marked[1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_do_not_depend_on_the_order_of_arrival(
            mut terms in prop::collection::vec((0usize..6, "[a-c\u{0}中文]{0,4}"), 0..40)
        ) {
            let number = |terms: &[(usize, String)]| {
                let mut vocabulary = Vocabulary::default();
                for (stream, text) in terms {
                    vocabulary.number_or_new(Stream::ALL[*stream], text);
                }
                vocabulary.sorted().0
            };
            let one = number(&terms);
            terms.reverse();
            let other = number(&terms);
            prop_assert_eq!(one.parts(), other.parts());
            let again = Vocabulary::from_parts(one.letters.clone(), one.ends.clone()).unwrap();
            for (stream, text) in &terms {
                let stream = Stream::ALL[*stream];
                let found = one.number(stream, text).unwrap();
                prop_assert_eq!(one.text(found), text);
                prop_assert_eq!(again.number(stream, text), Some(found));
                prop_assert!(found < one.end_of(stream));
                prop_assert!(stream == Stream::Words || found >= one.end_of(Stream::ALL[stream as usize - 1]));
            }
            prop_assert_eq!(one.number(Stream::Words, "无"), None);
        }
    }
}
