//! What of a company's name tells its trade, as terms.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::Asked;
use crate::analysis::{Analyzer, StopList};
use crate::domain::{DivisionCode, normalised_name};

/// How much a term counts in each part of what is asked.
const OF_NAME: f64 = 1.0;
const OF_INDUSTRY: f64 = 1.0;
const OF_CONCEPT: f64 = 0.5;
/// What lists of industries and concepts put behind the words that tell something.
const EMPTY_WORDS: [&str; 5] = ["行业", "设备", "概念", "Ⅱ", "Ⅲ"];
/// Stands before character pairs: a word of two characters is another term than the pair, and the segmenter vouches for it.
const PAIR: char = '#';
/// Places named one after the other at the front of a name, at most: province, city, county.
const PLACES: usize = 3;

/// The terms of a name in order, each once: words of two characters or more and character pairs, without place, legal form
/// and the words of every company.
pub(super) fn of_name(analyzer: &Analyzer, name: &str) -> BTreeSet<String> {
    let name = normalised_name(name);
    of_text(analyzer, without_place(&without_brackets(&name)))
}

/// The terms asked for with how much each counts; one said in several parts comes several times.
pub(super) fn asked(analyzer: &Analyzer, asked: &Asked<'_>) -> Vec<(String, f64)> {
    let weighed = |terms: BTreeSet<String>, weight| terms.into_iter().map(move |term| (term, weight));
    let of_word =
        |word: &&str| of_text(analyzer, &EMPTY_WORDS.iter().fold((*word).to_owned(), |w, e| w.replace(e, "")));
    let mut terms: Vec<(String, f64)> = weighed(of_name(analyzer, asked.name), OF_NAME).collect();
    for (words, weight) in [(asked.industries, OF_INDUSTRY), (asked.concepts, OF_CONCEPT)] {
        terms.extend(words.iter().map(of_word).flat_map(|found| weighed(found, weight)));
    }
    terms
}

fn of_text(analyzer: &Analyzer, text: &str) -> BTreeSet<String> {
    let text = analyzer.without_stop_words(text, &[StopList::CompanyName]);
    let mut terms = BTreeSet::new();
    let is_long = |term: &str| term.chars().nth(1).is_some();
    analyzer.visit_words(&text, |term| {
        if is_long(term.text) && !analyzer.is_stop_word(StopList::CompanyName, term.text) {
            terms.insert(term.text.to_owned());
        }
    });
    analyzer.visit_bigrams(&text, |term| {
        if is_long(term.text) && !analyzer.is_stop_word(StopList::CompanyName, term.text) {
            terms.insert(format!("{PAIR}{}", term.text));
        }
    });
    terms
}

/// Without what stands in brackets: a place, a legal form, a kind of branch.
fn without_brackets(name: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = |c: char| {
        depth += usize::from(c == '(');
        let inside = depth > 0;
        depth -= usize::from(c == ')' && inside);
        !inside
    };
    name.chars().filter(|&c| outside(c)).collect()
}

/// Without the places at its front; of a name that is a place alone nothing is left.
fn without_place(name: &str) -> &str {
    let mut rest = name;
    for _ in 0..PLACES {
        let ends = rest.char_indices().map(|(at, _)| at).take(LONGEST_PLACE + 1).collect::<Vec<_>>();
        let place = ends.into_iter().rev().find(|&end| PLACE_NAMES.contains(&rest[..end]));
        rest = place.map_or(rest, |end| &rest[end..]);
    }
    rest
}

/// Characters of the longest name of a place.
const LONGEST_PLACE: usize = 15;

/// Divisions by their full and short names.
static PLACE_NAMES: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    const ENDINGS: [&str; 10] =
        ["维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "省", "市", "县", "区"];
    let names = DivisionCode::all().map(DivisionCode::name).flat_map(|full| {
        let short = ENDINGS.iter().find_map(|ending| full.strip_suffix(ending));
        [Some(full), short.filter(|short| short.chars().nth(1).is_some())]
    });
    names.flatten().filter(|name| !name.is_empty()).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    static ANALYZER: LazyLock<Analyzer> = LazyLock::new(Analyzer::new);

    fn words(name: &str) -> Vec<String> {
        of_name(&ANALYZER, name).into_iter().filter(|term| !term.starts_with(PAIR)).collect()
    }

    #[test]
    fn a_name_is_read_without_place_legal_form_and_words_of_every_company() {
        for name in ["广东省深圳市电池有限公司", "深圳电池科技股份有限公司", "电池（深圳）集团有限责任公司"]
        {
            assert_eq!(words(name), ["电池"], "{name}");
            assert!(of_name(&ANALYZER, name).contains("#电池"), "{name}");
        }
    }

    #[test]
    fn words_of_a_trade_stay() {
        for (name, trade) in
            [("样例电器股份有限公司", "电器"), ("样例生物制药有限公司", "制药"), ("样例环保科技有限公司", "环保")]
        {
            assert!(words(name).iter().any(|word| word == trade), "{name}: {:?}", words(name));
        }
    }

    #[test]
    fn a_name_of_a_place_and_nothing_else_tells_nothing() {
        for name in ["", "深圳市", "深圳市有限公司", "(深圳", "）（", "北京市海淀区科技有限公司"]
        {
            assert_eq!(of_name(&ANALYZER, name), BTreeSet::new(), "{name}");
        }
    }

    #[test]
    fn what_lists_of_industries_add_is_no_term() {
        let asked =
            asked(&ANALYZER, &Asked { name: "", industries: &["家电行业", "IT服务Ⅱ"], concepts: &["充电桩概念"] });
        let terms: Vec<&str> = asked.iter().map(|(term, _)| term.as_str()).collect();
        assert!(
            terms.contains(&"家电") && !terms.iter().any(|term| term.contains("行业") || term.contains("ii")),
            "{terms:?}"
        );
        assert!(asked.iter().any(|(term, weight)| term == "充电" && *weight == OF_CONCEPT), "{asked:?}");
    }
}
