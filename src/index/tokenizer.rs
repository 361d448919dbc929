//! The analyzer behind tantivy's tokenizer trait.

use tantivy::Index;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::analysis::{Analyzer, Term};

/// Name of the word stream.
pub(super) const WORDS: &str = "duijie_words";
/// Name of the bigram stream.
pub(super) const BIGRAMS: &str = "duijie_bigrams";

/// Makes both streams known to an index.
pub(super) fn register(index: &Index, analyzer: &Analyzer) {
    let stream = |kind| StreamTokenizer { analyzer: analyzer.clone(), kind, terms: Terms::default() };
    index.tokenizers().register(WORDS, stream(Stream::Words));
    index.tokenizers().register(BIGRAMS, stream(Stream::Bigrams));
}

#[derive(Clone, Copy)]
enum Stream {
    Words,
    Bigrams,
}

#[derive(Clone)]
struct StreamTokenizer {
    analyzer: Analyzer,
    kind: Stream,
    terms: Terms,
}

/// The terms of one text, their letters one behind the other: buffers are kept from text to text.
#[derive(Clone, Default)]
struct Terms {
    letters: String,
    places: Vec<Place>,
}

/// Offsets are not kept: the index stores none, and highlights are worked out from the text.
#[derive(Clone)]
struct Place {
    end: usize,
    position: usize,
}

impl Terms {
    fn push(&mut self, term: &Term<'_>) {
        self.letters.push_str(term.text);
        self.places.push(Place { end: self.letters.len(), position: term.position });
    }
}

impl Tokenizer for StreamTokenizer {
    type TokenStream<'a> = TermStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream<'a> {
        let Self { analyzer, kind, terms } = self;
        terms.letters.clear();
        terms.places.clear();
        match kind {
            Stream::Words => analyzer.visit_words(text, |term| terms.push(&term)),
            Stream::Bigrams => analyzer.visit_bigrams(text, |term| terms.push(&term)),
        }
        TermStream { terms, next: 0, start: 0, token: Token::default() }
    }
}

struct TermStream<'a> {
    terms: &'a Terms,
    next: usize,
    start: usize,
    token: Token,
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(place) = self.terms.places.get(self.next) else { return false };
        self.token.text.clear();
        self.token.text.push_str(&self.terms.letters[self.start..place.end]);
        self.token.position = place.position;
        self.start = place.end;
        self.next += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
