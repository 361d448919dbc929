//! Hands tantivy terms that were made elsewhere.

use tantivy::Index;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::term_stream::TermReader;

/// Name of the tokenizer of fields that take an encoded stream of terms.
pub(super) const READY_MADE: &str = "duijie_ready_made";

/// Makes the tokenizer known to an index.
pub(super) fn register(index: &Index) {
    index.tokenizers().register(READY_MADE, ReadyMade::default());
}

/// Takes the place of a tokenizer: its text is a stream of [`super::ListingTerms`]. The token is kept from text to text
/// for its buffer. Offsets are not kept: the index stores none, and highlights are worked out from the text.
#[derive(Clone, Default)]
struct ReadyMade {
    token: Token,
}

impl Tokenizer for ReadyMade {
    type TokenStream<'a> = Replay<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Replay<'a> {
        Replay { terms: TermReader::new(text), token: &mut self.token }
    }
}

struct Replay<'a> {
    terms: TermReader<'a>,
    token: &'a mut Token,
}

impl TokenStream for Replay<'_> {
    fn advance(&mut self) -> bool {
        let Some((position, text)) = self.terms.next_placed() else { return false };
        self.token.text.clear();
        self.token.text.push_str(text);
        self.token.position = position;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
