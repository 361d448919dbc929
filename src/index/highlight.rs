//! Showing a person where a text fits what was typed.

use std::ops::Range;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::query::{Typed, Unit, pairs_of};
use crate::analysis::Analyzer;

/// A stretch of text, highlighted or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fragment {
    /// The text as written.
    pub text: String,
    /// Whether it fits what was typed.
    pub highlighted: bool,
}

/// Marks what fits one query in any number of texts.
pub struct Highlighter {
    analyzer: Analyzer,
    words: FxHashSet<String>,
    /// Runs of character pairs: of what no dictionary knows, and of words that a text may cut across.
    unknown: Vec<Vec<String>>,
    across: Vec<Vec<String>>,
}

impl Highlighter {
    /// Highlights what a person typed.
    #[must_use]
    pub fn for_query(analyzer: &Analyzer, text: &str) -> Self {
        let words = FxHashSet::default();
        let mut this = Self { analyzer: analyzer.clone(), words, unknown: Vec::new(), across: Vec::new() };
        if let Typed::Units(units) = Typed::read(analyzer, text) {
            for unit in units {
                match unit {
                    Unit::Word(word, _) => {
                        this.across.push(pairs_of(&word));
                        this.words.insert(word);
                    }
                    Unit::Unknown(pairs) => this.unknown.push(pairs),
                }
            }
        }
        this
    }

    /// The whole text in fragments; neighbouring highlights are one.
    #[must_use]
    pub fn highlight(&self, text: &str) -> Vec<Fragment> {
        fragments(text, 0..text.len(), &self.ranges(text))
    }

    /// The stretch of at most `length` characters with the most highlights, in fragments, with `…` where it is cut.
    #[must_use]
    pub fn snippet(&self, text: &str, length: usize) -> Vec<Fragment> {
        let ranges = self.ranges(text);
        let window = best_window(text, &ranges, length.max(1));
        let mut cut = fragments(text, window.clone(), &ranges);
        let ellipsis = || Fragment { text: "…".to_owned(), highlighted: false };
        if window.start > 0 {
            cut.insert(0, ellipsis());
        }
        if window.end < text.len() {
            cut.push(ellipsis());
        }
        cut
    }

    /// Where all pairs of a run follow each other.
    fn find_runs<'r>(&self, text: &str, runs: impl Iterator<Item = &'r Vec<String>>, ranges: &mut Vec<Range<usize>>) {
        let runs: Vec<&Vec<String>> = runs.filter(|run| !run.is_empty()).collect();
        if runs.is_empty() {
            return;
        }
        let pairs = self.analyzer.bigrams(text);
        for run in runs {
            for window in pairs.windows(run.len()) {
                let adjacent = window[window.len() - 1].position - window[0].position == run.len() - 1;
                if adjacent && window.iter().zip(run).all(|(pair, wanted)| pair.text == *wanted) {
                    ranges.push(window[0].range.start..window[window.len() - 1].range.end);
                }
            }
        }
    }

    /// Bytes of the original text to highlight: sorted, apart, neighbours merged.
    fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        if !self.words.is_empty() {
            self.analyzer.visit_words(text, |term| ranges.extend(self.words.contains(term.text).then(|| term.range())));
        }
        let across = if ranges.is_empty() { self.across.as_slice() } else { &[] };
        self.find_runs(text, self.unknown.iter().chain(across), &mut ranges);
        ranges.sort_unstable_by_key(|range| range.start);
        let mut merged: Vec<Range<usize>> = Vec::new();
        for range in ranges {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        merged
    }
}

/// The bytes of the stretch of `length` characters that covers the most highlighted bytes; the earliest of equals.
fn best_window(text: &str, ranges: &[Range<usize>], length: usize) -> Range<usize> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let characters = starts.len() - 1;
    if characters <= length {
        return 0..text.len();
    }
    let window = |first: usize| starts[first]..starts[(first + length).min(characters)];
    let covered = |w: &Range<usize>| -> usize {
        ranges.iter().map(|r| r.end.min(w.end).saturating_sub(r.start.max(w.start))).sum()
    };
    // A window worth trying begins a little before a highlight, so that its context shows.
    let lead = length / 8;
    let begins = ranges.iter().map(|r| starts.partition_point(|&s| s < r.start).saturating_sub(lead));
    let mut best = window(0);
    for candidate in begins.map(|first| window(first.min(characters - length))) {
        if covered(&candidate) > covered(&best) {
            best = candidate;
        }
    }
    best
}

fn fragments(text: &str, window: Range<usize>, ranges: &[Range<usize>]) -> Vec<Fragment> {
    let mut parts = Vec::new();
    let mut push = |range: Range<usize>, highlighted| {
        if !range.is_empty() {
            parts.push(Fragment { text: text[range].to_owned(), highlighted });
        }
    };
    let mut at = window.start;
    for range in ranges.iter().filter(|r| r.end > window.start && r.start < window.end) {
        let range = range.start.max(window.start)..range.end.min(window.end);
        push(at..range.start, false);
        push(range.clone(), true);
        at = range.end;
    }
    push(at..window.end, false);
    parts
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static ANALYZER: LazyLock<Analyzer> = LazyLock::new(Analyzer::new);

    fn marked(fragments: &[Fragment]) -> String {
        fragments.iter().map(|f| if f.highlighted { format!("【{}】", f.text) } else { f.text.clone() }).collect()
    }

    #[test]
    fn neighbouring_highlights_are_one() {
        let highlighter = Highlighter::for_query(&ANALYZER, "锂离子电池隔膜");
        assert_eq!(marked(&highlighter.highlight("一种鋰離子電池用隔膜")), "一种【鋰離子電池】用【隔膜】");
        assert_eq!(marked(&highlighter.highlight("锂离子电池隔膜涂层")), "【锂离子电池隔膜】涂层");
    }

    #[test]
    fn a_word_inside_a_longer_one_is_highlighted() {
        let highlighter = Highlighter::for_query(&ANALYZER, "知识产权");
        assert_eq!(marked(&highlighter.highlight("国家知识产权局公告")), "国家【知识产权】局公告");
    }

    #[test]
    fn the_snippet_shows_where_the_highlights_are() {
        let text = format!("{}石墨烯散热膜{}", "甲".repeat(60), "乙".repeat(60));
        let snippet = Highlighter::for_query(&ANALYZER, "石墨烯").snippet(&text, 24);
        assert_eq!(marked(&snippet), format!("…{}【石墨烯】散热膜{}…", "甲".repeat(3), "乙".repeat(15)));
    }

    proptest! {
        #[test]
        fn fragments_put_together_are_the_text(text in "(\\PC|[一-龥]){0,40}", query in "[一-龥]{1,6}") {
            let joined: String = Highlighter::for_query(&ANALYZER, &query).highlight(&text).into_iter().map(|f| f.text).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
