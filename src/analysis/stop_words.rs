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
    company_name: FxHashSet<&'static str>,
    business: FxHashSet<&'static str>,
}

impl StopWords {
    pub(super) fn new() -> Self {
        Self {
            patent: dictionary::entries(dictionary::PATENT_STOP_WORDS).collect(),
            company_name: dictionary::entries(dictionary::COMPANY_WORDS).collect(),
            business: dictionary::entries(dictionary::BUSINESS_WORDS).collect(),
        }
    }

    pub(super) fn contains(&self, list: StopList, word: &str) -> bool {
        match list {
            StopList::Patent => self.patent.contains(word),
            StopList::CompanyName => self.company_name.contains(word),
            StopList::Business => self.business.contains(word),
        }
    }
}
