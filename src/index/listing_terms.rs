//! All terms of one listing, made once and read by whoever counts them.

use std::ops::Range;

use super::term_stream::{TermReader, TermWriter};
use crate::analysis::Analyzer;
use crate::domain::{IpcLevel, Listing};

/// A text of a listing that has terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Text {
    /// The title.
    Title,
    /// The abstract.
    Abstract,
    /// The claim.
    Claim,
}

impl Text {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Title, Self::Abstract, Self::Claim];

    fn of(self, listing: &Listing) -> &str {
        let patent = &listing.patent;
        match self {
            Self::Title => &patent.title,
            Self::Abstract => &patent.abstract_text,
            Self::Claim => &patent.claim,
        }
    }
}

/// What stands in the buffer, in this order.
#[derive(Clone, Copy)]
enum Stream {
    Words(Text),
    Pairs(Text),
    Holders,
    Ipc,
    Subclasses,
}

const STREAMS: usize = 2 * Text::ALL.len() + 3;

impl Stream {
    fn number(self) -> usize {
        match self {
            Self::Words(text) => 2 * text as usize,
            Self::Pairs(text) => 2 * text as usize + 1,
            Self::Holders => STREAMS - 3,
            Self::Ipc => STREAMS - 2,
            Self::Subclasses => STREAMS - 1,
        }
    }
}

/// The terms of a listing: what [`super::ListingWriter`] writes and matching counts. Each text is folded and segmented
/// once, here; that is half of the work of indexing, and any number of listings can be analysed at the same time.
#[derive(Debug, Clone)]
pub struct ListingTerms {
    /// The streams one behind the other: a listing costs one allocation, not one for each of its terms.
    buffer: String,
    /// Where each stream ends.
    ends: [usize; STREAMS],
}

impl ListingTerms {
    /// Analyses a listing. Linear in its texts.
    #[must_use]
    pub fn of(analyzer: &Analyzer, listing: &Listing) -> Self {
        let patent = &listing.patent;
        let length: usize = Text::ALL.iter().map(|text| text.of(listing).len()).sum();
        // A character of three bytes gives a pair of six and some words around them.
        let mut this = Self { buffer: String::with_capacity(5 * length + 256), ends: [0; STREAMS] };
        for text in Text::ALL {
            let reading = analyzer.read(text.of(listing));
            this.fill(Stream::Words(text), |terms| reading.visit_words(|term| terms.push(&term)));
            this.fill(Stream::Pairs(text), |terms| reading.visit_bigrams(|term| terms.push(&term)));
        }
        this.fill(Stream::Holders, |terms| {
            let words = patent.holders.iter();
            words.for_each(|holder| analyzer.visit_words(holder, |term| terms.push_text(term.text)));
        });
        this.fill(Stream::Ipc, |terms| {
            let codes = patent.ipc.iter();
            let mut symbols: Vec<&str> =
                codes.flat_map(|code| IpcLevel::ALL.iter().filter_map(|&level| code.at(level))).collect();
            symbols.sort_unstable();
            symbols.dedup();
            symbols.into_iter().for_each(|symbol| terms.push_text(symbol));
        });
        this.fill(Stream::Subclasses, |terms| {
            patent.subclasses().into_iter().for_each(|subclass| terms.push_text(subclass));
        });
        this
    }

    /// The words of a text, in order of position; a word said twice comes twice.
    pub fn words(&self, text: Text) -> impl Iterator<Item = &str> {
        TermReader::new(self.encoded_words(text))
    }

    /// The words of a text with their positions in the folded text, counted in characters.
    pub fn placed_words(&self, text: Text) -> impl Iterator<Item = (usize, &str)> {
        let mut words = TermReader::new(self.encoded_words(text));
        std::iter::from_fn(move || words.next_placed())
    }

    /// The character pairs of a text, in order of position; a pair that stands twice comes twice.
    pub fn pairs(&self, text: Text) -> impl Iterator<Item = &str> {
        TermReader::new(self.encoded_pairs(text))
    }

    /// The IPC symbols cut to every level, in their order, each once.
    pub fn ipc(&self) -> impl Iterator<Item = &str> {
        TermReader::new(self.encoded_ipc())
    }

    /// The IPC subclasses, in their order, each once; where the patent has none, the predicted one.
    pub fn subclasses(&self) -> impl Iterator<Item = &str> {
        TermReader::new(self.encoded(Stream::Subclasses))
    }

    pub(super) fn encoded_words(&self, text: Text) -> &str {
        self.encoded(Stream::Words(text))
    }

    pub(super) fn encoded_pairs(&self, text: Text) -> &str {
        self.encoded(Stream::Pairs(text))
    }

    /// The words of all holders' names.
    pub(super) fn encoded_holders(&self) -> &str {
        self.encoded(Stream::Holders)
    }

    pub(super) fn encoded_ipc(&self) -> &str {
        self.encoded(Stream::Ipc)
    }

    fn encoded(&self, stream: Stream) -> &str {
        &self.buffer[self.range(stream)]
    }

    fn range(&self, stream: Stream) -> Range<usize> {
        let number = stream.number();
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        start..self.ends[number]
    }

    /// Writes the next stream; the streams must come in the order of their numbers.
    fn fill(&mut self, stream: Stream, write: impl FnOnce(&mut TermWriter<'_>)) {
        write(&mut TermWriter::new(&mut self.buffer));
        self.ends[stream.number()] = self.buffer.len();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::{ListingStatus, Patent};

    static ANALYZER: LazyLock<Analyzer> = LazyLock::new(Analyzer::new);

    fn listing(title: &str, abstract_text: &str, claim: &str, ipc: &[&str]) -> Listing {
        let patent = Patent {
            application_number: None,
            publication_number: None,
            kind: None,
            title: title.to_owned(),
            abstract_text: abstract_text.to_owned(),
            claim: claim.to_owned(),
            ipc: ipc.iter().map(|symbol| symbol.parse().unwrap()).collect(),
            holders: vec!["某大学".to_owned()],
            location: None,
            filed_on: None,
            published_on: None,
            predicted: None,
        };
        let id = "CN109996757".parse().unwrap();
        let status = ListingStatus::Published;
        Listing { id, patent, holder_kind: None, terms: None, status, announced_on: None }
    }

    #[test]
    fn ipc_symbols_are_cut_to_every_level_each_once_in_order() {
        let terms = ListingTerms::of(&ANALYZER, &listing("", "", "", &["H01M10/0525", "H01M4/13", "C08J"]));
        let symbols: Vec<&str> = terms.ipc().collect();
        assert_eq!(symbols, ["C", "C08", "C08J", "H", "H01", "H01M", "H01M10", "H01M10/0525", "H01M4", "H01M4/13"]);
        assert_eq!(terms.subclasses().collect::<Vec<_>>(), ["C08J", "H01M"]);
    }

    #[test]
    fn each_text_keeps_its_own_terms() {
        let terms = ListingTerms::of(&ANALYZER, &listing("一种电池", "", "隔膜", &[]));
        assert_eq!(terms.placed_words(Text::Title).collect::<Vec<_>>(), [(2, "电池")]);
        assert_eq!(terms.words(Text::Abstract).count(), 0);
        assert_eq!(terms.pairs(Text::Claim).collect::<Vec<_>>(), ["隔膜"]);
    }

    proptest! {
        #[test]
        fn terms_are_those_of_the_analyzer(
            texts in prop::array::uniform3("(\\PC|[一-龥]|[Ａ-ｚ]|锂离子电池|LED照明|wes-5|ﬁ|e\u{301}){0,40}"),
        ) {
            let terms = ListingTerms::of(&ANALYZER, &listing(&texts[0], &texts[1], &texts[2], &[]));
            for (text, original) in Text::ALL.into_iter().zip(&texts) {
                let words = ANALYZER.words(original);
                let words: Vec<(usize, &str)> = words.iter().map(|t| (t.position, t.text.as_str())).collect();
                prop_assert_eq!(terms.placed_words(text).collect::<Vec<_>>(), words);
                let pairs: Vec<String> = ANALYZER.bigrams(original).into_iter().map(|t| t.text).collect();
                prop_assert_eq!(terms.pairs(text).collect::<Vec<_>>(), pairs);
            }
        }
    }
}
