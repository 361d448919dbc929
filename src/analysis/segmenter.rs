//! Words: the segmenter's coarse words and every dictionary word inside them.

use jieba_rs::Jieba;

use super::Term;
use super::dictionary;
use super::normalizer::Folded;
use super::script::Script;

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
            let scripts = &folded.scripts()[token.start..token.end];
            if scripts.iter().all(|&script| script == Script::None) {
                continue;
            }
            let mut emit = |start: usize, end: usize, coarse: bool| visit(Term::new(folded, start, end, coarse));
            emit(token.start, token.end, true);
            // Nothing is inside one or two Chinese characters, and most words are no longer.
            if scripts.len() > 2 || scripts.iter().any(|&script| script != Script::Han) {
                self.sub_words(folded, token.start, token.end, &mut emit);
            }
        }
    }

    /// Every dictionary word of at least two characters strictly inside the characters `start..end`, and every run of
    /// letters and digits: `led` in `led照明`, `wes` in `wes-5`.
    fn sub_words(&self, folded: &Folded, start: usize, end: usize, emit: &mut impl FnMut(usize, usize, bool)) {
        let mut run_end = start;
        for first in start..end {
            let is_part = |at: usize| folded.scripts()[at] == Script::Alphanumeric;
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
