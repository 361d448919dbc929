//! The terms of one text in one piece of text, as they go from analysis to tantivy and to counting.
//!
//! A listing has a few hundred terms; a string for each would cost more than finding them. So they stand one behind the
//! other in one buffer: how far the position moves on, how many bytes the term has, the term. The buffer is valid
//! UTF-8, because tantivy hands a tokenizer nothing else.

use crate::analysis::Term;

/// Bits of a number in one byte. With the mark that more follow it stays below 128, a character of its own in UTF-8.
const BITS: u32 = 6;
const MORE: u8 = 1 << BITS;

/// Appends terms to a buffer.
pub(super) struct TermWriter<'a> {
    buffer: &'a mut String,
    position: usize,
}

impl<'a> TermWriter<'a> {
    /// Begins a stream at the end of the buffer.
    pub(super) fn new(buffer: &'a mut String) -> Self {
        Self { buffer, position: 0 }
    }

    /// Appends a term at its position; positions must not fall.
    pub(super) fn push(&mut self, term: &Term<'_>) {
        self.push_at(term.position, term.text);
    }

    /// Appends a term of which only the text counts.
    pub(super) fn push_text(&mut self, text: &str) {
        self.push_at(self.position, text);
    }

    fn push_at(&mut self, position: usize, text: &str) {
        self.push_number(position.saturating_sub(self.position));
        self.push_number(text.len());
        self.buffer.push_str(text);
        self.position = position;
    }

    fn push_number(&mut self, mut number: usize) {
        while number >= usize::from(MORE) {
            self.buffer.push(char::from(MORE | (number as u8 & (MORE - 1))));
            number >>= BITS;
        }
        self.buffer.push(char::from(number as u8));
    }
}

/// Reads the terms of one stream back, in order.
#[derive(Debug, Clone)]
pub(super) struct TermReader<'a> {
    rest: &'a str,
    position: usize,
}

impl<'a> TermReader<'a> {
    /// Reads what a [`TermWriter`] wrote.
    pub(super) fn new(stream: &'a str) -> Self {
        Self { rest: stream, position: 0 }
    }

    /// The next term, with its position.
    pub(super) fn next_placed(&mut self) -> Option<(usize, &'a str)> {
        self.position += self.number()?;
        let (term, rest) = self.number().and_then(|length| self.rest.split_at_checked(length))?;
        self.rest = rest;
        Some((self.position, term))
    }

    fn number(&mut self) -> Option<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = *self.rest.as_bytes().first()?;
            self.rest = self.rest.get(1..)?;
            number |= usize::from(byte & (MORE - 1)) << shift;
            if byte & MORE == 0 {
                return Some(number);
            }
            shift += BITS;
        }
    }
}

impl<'a> Iterator for TermReader<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        Some(self.next_placed()?.1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn terms_are_read_back_as_written(
            terms in prop::collection::vec((0_usize..100_000, "(\\PC|[一-龥]|\0){0,3}"), 0..20),
            long in 0_usize..6_000,
        ) {
            let mut terms = terms;
            terms.sort_unstable_by_key(|(position, _)| *position);
            terms.push((100_000, "甲".repeat(long)));
            let mut buffer = String::new();
            let mut writer = TermWriter::new(&mut buffer);
            terms.iter().for_each(|(position, text)| writer.push_at(*position, text));
            let mut reader = TermReader::new(&buffer);
            for (position, text) in &terms {
                prop_assert_eq!(reader.next_placed(), Some((*position, text.as_str())));
            }
            prop_assert_eq!(reader.next_placed(), None);
        }
    }
}
