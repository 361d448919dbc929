//! Words that say nothing about a technology.

use rustc_hash::FxHashSet;

use super::dictionary;

/// Which words are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopList {
    /// Function words and patent boilerplate: left out of every word stream.
    Patent,
    /// Legal forms and empty words of company names: left out of names.
    CompanyName,
    /// Words of business scopes and company descriptions: left out of those.
    Business,
}

/// The three lists.
pub(super) struct StopWords {
    patent: FxHashSet<&'static str>,
    /// The characters that patent stop words begin with: most words of a text begin with none of them, and every word
    /// of every text is asked for.
    patent_firsts: Firsts,
    company_name: FxHashSet<&'static str>,
    business: FxHashSet<&'static str>,
}

impl StopWords {
    pub(super) fn new() -> Self {
        Self {
            patent: dictionary::entries(dictionary::PATENT_STOP_WORDS).collect(),
            patent_firsts: Firsts::of(dictionary::entries(dictionary::PATENT_STOP_WORDS)),
            company_name: dictionary::entries(dictionary::COMPANY_WORDS).collect(),
            business: dictionary::entries(dictionary::BUSINESS_WORDS).collect(),
        }
    }

    pub(super) fn contains(&self, list: StopList, word: &str) -> bool {
        match list {
            StopList::Patent => self.patent_firsts.may_begin(word) && self.patent.contains(word),
            StopList::CompanyName => self.company_name.contains(word),
            StopList::Business => self.business.contains(word),
        }
    }
}

/// A set of characters, told apart by their low sixteen bits: small enough to stay in the nearest cache.
struct Firsts {
    bits: Box<[u64; Self::WORDS]>,
}

impl Firsts {
    const WORDS: usize = (1 << 16) / 64;

    fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut bits = Box::new([0; Self::WORDS]);
        words.filter_map(Self::place).for_each(|(word, bit)| bits[word] |= bit);
        Self { bits }
    }

    /// Whether a word with the first character of this one may be in the set; never says no to one that is.
    fn may_begin(&self, word: &str) -> bool {
        Self::place(word).is_some_and(|(word, bit)| self.bits[word] & bit != 0)
    }

    fn place(word: &str) -> Option<(usize, u64)> {
        let low = word.chars().next()? as usize & 0xffff;
        Some((low / 64, 1 << (low % 64)))
    }
}
