//! The terms of a catalogue, numbered.

use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use hashbrown::HashTable;
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
#[derive(Default)]
pub struct Vocabulary {
    letters: String,
    /// Where each term ends.
    ends: Vec<u32>,
    numbers: HashTable<u32>,
}

fn hash(mark: u8, text: &str) -> u64 {
    let mut hasher = BuildHasherDefault::<FxHasher>::default().build_hasher();
    hasher.write_u8(mark);
    hasher.write(text.as_bytes());
    hasher.finish()
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
            let hash = hash(mark, text);
            let Self { letters, ends, numbers } = &mut this;
            numbers.insert_unique(hash, number, |&number| {
                let (mark, text) = marked(letters, ends, number);
                self::hash(mark, text)
            });
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
        let mark = stream.mark();
        self.numbers.find(hash(mark, text), |&number| self.marked(number) == (mark, text)).copied()
    }

    /// The number of a term, a new one if it is not known.
    pub fn number_or_new(&mut self, stream: Stream, text: &str) -> u32 {
        self.intern(stream.mark(), text)
    }

    fn intern(&mut self, mark: u8, text: &str) -> u32 {
        let hash = hash(mark, text);
        let Self { letters, ends, numbers } = self;
        if let Some(&number) = numbers.find(hash, |&number| marked(letters, ends, number) == (mark, text)) {
            return number;
        }
        let number = ends.len() as u32;
        letters.push(char::from(mark));
        letters.push_str(text);
        ends.push(letters.len() as u32);
        numbers.insert_unique(hash, number, |&number| {
            let (mark, text) = marked(letters, ends, number);
            self::hash(mark, text)
        });
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
    pub fn sorted(&self) -> (Self, Vec<u32>) {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by_key(|&number| self.marked(number));
        let mut sorted = Self { letters: String::with_capacity(self.letters.len()), ..Self::default() };
        let mut new_numbers = vec![0; self.len()];
        for old in order {
            let (mark, text) = self.marked(old);
            new_numbers[old as usize] = sorted.intern(mark, text);
        }
        (sorted, new_numbers)
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
        self.letters.capacity() + self.ends.capacity() * 4 + self.numbers.capacity() * 5
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
            mut terms in prop::collection::vec((0usize..6, "[a-c中文]{0,3}"), 0..40)
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
