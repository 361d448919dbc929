//! Words: the segmenter's coarse words and every dictionary word inside them.

use jieba_rs::Jieba;

use super::Term;
use super::dictionary;
use super::normalizer::Folded;

/// The longest dictionary word looked for inside a coarse word, in characters.
const LONGEST_SUB_WORD: usize = 8;

/// jieba with our technology dictionary on top of its own.
pub(super) struct Segmenter {
    jieba: Jieba,
}

impl Segmenter {
    pub(super) fn new() -> Self {
        let mut jieba = Jieba::new();
        for term in dictionary::entries(dictionary::TECHNOLOGY) {
            jieba.add_word(term, None, None);
        }
        Self { jieba }
    }

    /// Hands every word to `visit`, coarse words in order, each followed by the words inside it.
    ///
    /// Unknown words are not guessed (no hidden Markov model): the guess depends on the neighbours, so the same term
    /// would be cut one way in a query and another in a text. The bigram stream covers them instead.
    pub(super) fn visit(&self, folded: &Folded, mut visit: impl FnMut(Term<'_>)) {
        for token in self.jieba.cut(folded.text(), false) {
            if !token.word.chars().any(is_word_character) {
                continue;
            }
            let mut emit = |start: usize, end: usize, coarse: bool| visit(Term::new(folded, start, end, coarse));
            emit(token.start, token.end, true);
            if !is_short_han(token.word) {
                self.sub_words(folded, token.start, token.end, &mut emit);
            }
        }
    }

    /// Every dictionary word of at least two characters strictly inside the characters `start..end`, and every run of
    /// letters and digits: `led` in `led照明`, `wes` in `wes-5`.
    fn sub_words(&self, folded: &Folded, start: usize, end: usize, emit: &mut impl FnMut(usize, usize, bool)) {
        let mut run_end = start;
        for first in start..end {
            let is_part = |at: usize| folded.slice(at..at + 1).chars().all(|c| !is_han(c) && c.is_alphanumeric());
            if first >= run_end && is_part(first) {
                run_end = (first..end).find(|&at| !is_part(at)).unwrap_or(end);
                if (first, run_end) != (start, end) {
                    emit(first, run_end, false);
                }
            }
            for last in (first + 2..=end.min(first + LONGEST_SUB_WORD)).rev() {
                let is_run = first < run_end && last <= run_end;
                if !is_run && (first, last) != (start, end) && self.jieba.has_word(folded.slice(first..last)) {
                    emit(first, last, false);
                }
            }
        }
    }
}

/// Whether a word is one or two Chinese characters of the basic plane: nothing is inside it. Most words are.
fn is_short_han(word: &str) -> bool {
    const HAN_BYTES: usize = 3;
    word.len() <= 2 * HAN_BYTES && word.chars().all(|c| c.len_utf8() == HAN_BYTES && is_han(c))
}

/// Whether a character can be part of a word.
pub(super) fn is_word_character(c: char) -> bool {
    is_han(c) || c.is_alphanumeric()
}

/// Whether a character is Chinese (the ideographs of the basic plane and the supplementary ones).
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
