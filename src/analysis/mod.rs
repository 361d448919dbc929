//! Text analysis: from any text to the terms everything else counts.
//!
//! One [`Analyzer`] serves index, query, classifier and profile, so that a term means the same everywhere. It folds the
//! text (width, case, traditional to simplified), then gives two streams: **words** (the segmenter's coarse words and
//! every dictionary word inside them) and **bigrams** (pairs of neighbouring characters, for what no dictionary has).
//! Every term carries its character position, so that phrases work, and its byte range in the *original* text, so that
//! highlights fall on what was written.
//!
//! Not done here: weighing terms (`profile`), counting them (`index`).

mod bigrams;
mod dictionary;
mod normalizer;
mod script;
mod segmenter;
mod stop_words;

use std::ops::Range;
use std::sync::Arc;

use normalizer::Folded;
use segmenter::Segmenter;
use stop_words::StopWords;

pub use stop_words::StopList;

/// Raised when the code of the analysis changes what it gives; dictionaries are covered by their checksum.
const CODE_VERSION: u32 = 1;

/// One term of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The folded term.
    pub text: String,
    /// Its first character's position in the folded text, counted in characters.
    pub position: usize,
    /// Its bytes in the original text.
    pub range: Range<usize>,
    /// Whether it is a coarse word; sub-words and bigrams are not.
    pub coarse: bool,
}

/// A term as handed to a visitor: like [`Token`], borrowed.
#[derive(Clone, Copy)]
pub struct Term<'a> {
    /// The folded term.
    pub text: &'a str,
    /// Its first character's position in the folded text, counted in characters.
    pub position: usize,
    /// Whether it is a coarse word; sub-words and bigrams are not.
    pub coarse: bool,
    /// One past its last character.
    end: usize,
    folded: &'a Folded,
}

impl<'a> Term<'a> {
    fn new(folded: &'a Folded, start: usize, end: usize, coarse: bool) -> Self {
        Self { text: folded.slice(start..end), position: start, coarse, end, folded }
    }

    /// Its bytes in the original text. Worked out when asked for: indexing never asks.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.folded.origin(self.position..self.end)
    }
}

impl From<Term<'_>> for Token {
    fn from(term: Term<'_>) -> Self {
        Self { text: term.text.to_owned(), position: term.position, range: term.range(), coarse: term.coarse }
    }
}

/// The one way from text to terms. Cloning is cheap; loading takes a few tenths of a second.
#[derive(Clone)]
pub struct Analyzer {
    parts: Arc<Parts>,
}

struct Parts {
    segmenter: Segmenter,
    stop_words: StopWords,
    version: String,
}

impl Default for Analyzer {
    fn default() -> Self {
        Self::new()
    }
}

impl Analyzer {
    /// Loads the dictionaries embedded in the binary.
    #[must_use]
    pub fn new() -> Self {
        let version = format!("{CODE_VERSION}-{}", dictionary::checksum());
        let parts = Parts { segmenter: Segmenter::new(), stop_words: StopWords::new(), version };
        Self { parts: Arc::new(parts) }
    }

    /// Names what this analyzer gives: code version and checksum of the dictionaries. An index or model made with
    /// another version does not fit.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.parts.version
    }

    /// Folds a text once, for whoever wants more than one stream of it.
    #[must_use]
    pub fn read(&self, text: &str) -> Reading<'_> {
        Reading { analyzer: self, folded: Folded::new(text) }
    }

    /// Hands every word of a text to `visit`, see [`Reading::visit_words`].
    pub fn visit_words(&self, text: &str, visit: impl FnMut(Term<'_>)) {
        self.read(text).visit_words(visit);
    }

    /// Hands every character pair of a text to `visit`, see [`Reading::visit_bigrams`].
    pub fn visit_bigrams(&self, text: &str, visit: impl FnMut(Term<'_>)) {
        self.read(text).visit_bigrams(visit);
    }

    /// Hands every Chinese character of a text, and every run of letters and digits, to `visit`, in order of position.
    /// No stop words are left out.
    pub fn visit_characters(&self, text: &str, visit: impl FnMut(Term<'_>)) {
        bigrams::visit_characters(&Folded::new(text), visit);
    }

    /// The words of a text, see [`Self::visit_words`].
    #[must_use]
    pub fn words(&self, text: &str) -> Vec<Token> {
        let mut words = Vec::with_capacity(text.len() / 4);
        self.visit_words(text, |term| words.push(term.into()));
        words
    }

    /// The character pairs of a text, see [`Self::visit_bigrams`].
    #[must_use]
    pub fn bigrams(&self, text: &str) -> Vec<Token> {
        let mut bigrams = Vec::with_capacity(text.len() / 3);
        self.visit_bigrams(text, |term| bigrams.push(term.into()));
        bigrams
    }

    /// A text with the coarse words of some stop lists blanked out, so that no term reaches across one. Lengths and
    /// places are not kept.
    #[must_use]
    pub fn without_stop_words(&self, text: &str, lists: &[StopList]) -> String {
        let folded = Folded::new(text);
        let mut kept = String::with_capacity(text.len());
        let mut end = 0;
        self.parts.segmenter.visit(&folded, |term| {
            if term.coarse {
                let range = term.range();
                // Signs between words separate, and so does what is left out.
                kept.push_str(if range.start > end { " " } else { "" });
                let stops = lists.iter().any(|&list| self.is_stop_word(list, term.text));
                kept.push_str(if stops { " " } else { &text[range.clone()] });
                end = range.end;
            }
        });
        kept
    }

    /// Whether a folded word is on a stop list.
    #[must_use]
    pub fn is_stop_word(&self, list: StopList, word: &str) -> bool {
        self.parts.stop_words.contains(list, word)
    }
}

/// A folded text, ready to be cut into terms.
pub struct Reading<'a> {
    analyzer: &'a Analyzer,
    folded: Folded,
}

impl Reading<'_> {
    /// Hands every word to `visit`, in order of position, coarse words before the sub-words at their start. Stop words
    /// and punctuation are left out; positions count them.
    pub fn visit_words(&self, mut visit: impl FnMut(Term<'_>)) {
        self.analyzer.parts.segmenter.visit(&self.folded, |term| {
            if !self.analyzer.is_stop_word(StopList::Patent, term.text) {
                visit(term);
            }
        });
    }

    /// Hands every character pair to `visit`, in order of position. Runs of letters and digits are one term; a Chinese
    /// character alone between other signs is a term by itself. No stop words are left out.
    pub fn visit_bigrams(&self, visit: impl FnMut(Term<'_>)) {
        bigrams::visit(&self.folded, visit);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static ANALYZER: LazyLock<Analyzer> = LazyLock::new(Analyzer::new);

    fn texts(tokens: &[Token]) -> Vec<&str> {
        tokens.iter().map(|t| t.text.as_str()).collect()
    }

    #[test]
    fn every_dictionary_word_inside_a_coarse_word_is_a_term() {
        let words = ANALYZER.words("国家知识产权局");
        let found = texts(&words);
        for word in ["知识产权", "国家", "知识", "产权"] {
            assert!(found.contains(&word), "{word} not in {found:?}");
        }
    }

    #[test]
    fn technology_terms_the_default_dictionary_lacks_are_words() {
        for word in ["石墨烯", "机器学习", "卷积神经网络"] {
            let words = ANALYZER.words(word);
            assert!(words.iter().any(|t| t.coarse && t.text == word), "{word}: {words:?}");
        }
    }

    #[test]
    fn width_case_and_script_are_folded_while_ranges_stay_on_the_original() {
        let text = "ＬＥＤ照明與電池隔膜";
        let words = ANALYZER.words(text);
        let led = words.iter().find(|t| t.text == "led").unwrap();
        assert_eq!(&text[led.range.clone()], "ＬＥＤ");
        let cell = words.iter().find(|t| t.text == "电池").unwrap();
        assert_eq!((&text[cell.range.clone()], cell.position), ("電池", 6));
    }

    #[test]
    fn patent_boilerplate_is_no_term_but_keeps_its_place() {
        let words = ANALYZER.words("一种电池");
        assert_eq!(texts(&words), ["电池"]);
        assert_eq!(words[0].position, 2);
    }

    #[test]
    fn no_term_reaches_across_a_stop_word_left_out() {
        let lists = [StopList::CompanyName, StopList::Business];
        assert_eq!(
            ANALYZER.without_stop_words("生产隔膜的公司，销售电池", &lists).split_whitespace().collect::<Vec<_>>(),
            ["隔膜", "电池"]
        );
        assert_eq!(ANALYZER.without_stop_words("有限公司", &lists).trim(), "");
    }

    #[test]
    fn bigrams_run_within_chinese_and_keep_latin_words_whole() {
        let bigrams = ANALYZER.bigrams("5G通信，铜/LED灯具");
        assert_eq!(texts(&bigrams), ["5g", "通信", "铜", "led", "灯具"]);
    }

    #[test]
    fn characters_stand_alone_and_latin_words_whole() {
        let mut characters = Vec::new();
        ANALYZER.visit_characters("铜/LED灯具", |term| characters.push(term.text.to_owned()));
        assert_eq!(characters, ["铜", "led", "灯", "具"]);
    }

    proptest! {
        #[test]
        fn ranges_are_whole_characters_of_the_original_in_order(text in "(\\PC|[一-龥]|[Ａ-ｚ]|ﬁ|㎡|e\u{301}){0,40}") {
            for tokens in [ANALYZER.words(&text), ANALYZER.bigrams(&text)] {
                for token in &tokens {
                    prop_assert!(text.get(token.range.clone()).is_some_and(|s| !s.is_empty()), "{token:?} of {text:?}");
                }
                prop_assert!(tokens.windows(2).all(|pair| pair[0].position <= pair[1].position));
            }
        }

        #[test]
        fn a_folded_term_folds_to_itself(text in "([一-龥]|[Ａ-ｚ]|[0-9a-z]){1,12}") {
            for token in ANALYZER.bigrams(&text) {
                let again = ANALYZER.bigrams(&token.text);
                prop_assert_eq!(texts(&again), vec![token.text.as_str()]);
            }
        }
    }
}
