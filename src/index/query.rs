//! From what a person types to a query, built by us: tantivy's own parser would make Chinese text a strict phrase.

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::schema::Fields;
use crate::analysis::{Analyzer, Token};
use crate::domain::{ApplicationNumber, PublicationNumber};

/// A coarse word longer than this is also found by its parts, when it is made of dictionary words.
const LONGEST_WHOLE_WORD: usize = 4;
/// What a phrase in the title adds, as a multiple of its BM25 score.
const TITLE_PHRASE_BOOST: f32 = 3.0;
/// What a phrase elsewhere adds.
const TEXT_PHRASE_BOOST: f32 = 1.0;

/// The parts of what a person typed that a listing should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unit {
    /// A dictionary word, with its character position.
    Word(String, usize),
    /// A run of characters no dictionary knows, as its character pairs: all of them must be there.
    Unknown(Vec<String>),
}

/// What a person typed, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// Nothing to look for: every listing.
    Everything,
    /// A patent number, as stored.
    Number(String),
    /// Words.
    Units(Vec<Unit>),
}

impl Typed {
    pub(super) fn read(analyzer: &Analyzer, text: &str) -> Self {
        if let Ok(number) = text.parse::<ApplicationNumber>() {
            return Self::Number(number.as_str().to_owned());
        }
        if let Ok(number) = text.parse::<PublicationNumber>() {
            return Self::Number(number.document().to_owned());
        }
        let document = text.trim().to_ascii_uppercase();
        if document.len() == 11 && document.strip_prefix("CN").is_some_and(|d| d.bytes().all(|b| b.is_ascii_digit())) {
            return Self::Number(document);
        }
        if text.trim().is_empty() {
            return Self::Everything;
        }
        let mut units = units_of(&analyzer.words(text));
        if units.is_empty() {
            // Only stop words: look for their characters, so that 方法 finds what has it.
            let pairs: Vec<String> = analyzer.bigrams(text).into_iter().map(|t| t.text).collect();
            units.extend((!pairs.is_empty()).then_some(Unit::Unknown(pairs)));
        }
        Self::Units(units)
    }

    pub(super) fn query(&self, fields: &Fields) -> Box<dyn Query> {
        match self {
            Self::Everything => Box::new(ConstScoreQuery::new(Box::new(tantivy::query::AllQuery), 0.0)),
            Self::Number(number) => term_query(fields.number, number),
            Self::Units(units) if units.is_empty() => Box::new(EmptyQuery),
            Self::Units(units) => units_query(fields, units),
        }
    }
}

/// Coarse words, long ones in their parts, unknown runs of single characters as pairs.
fn units_of(words: &[Token]) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut unknown: Vec<&Token> = Vec::new();
    for word in words.iter().filter(|word| word.coarse) {
        let single = is_single_han(&word.text);
        let follows = unknown.last().is_some_and(|last| last.position + 1 == word.position);
        if !(single && (unknown.is_empty() || follows)) {
            flush(&mut unknown, &mut units);
        }
        if single {
            unknown.push(word);
        } else {
            split(words, word.position, word.position + word.text.chars().count(), &mut units);
        }
    }
    flush(&mut unknown, &mut units);
    units
}

fn is_single_han(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| !c.is_ascii()) && chars.next().is_none()
}

fn flush(unknown: &mut Vec<&Token>, units: &mut Vec<Unit>) {
    match unknown.as_slice() {
        [] => {}
        [single] => units.push(Unit::Word(single.text.clone(), single.position)),
        run => units.push(Unit::Unknown(run.windows(2).map(|p| format!("{}{}", p[0].text, p[1].text)).collect())),
    }
    unknown.clear();
}

/// Splits the characters `start..end` of a long word where both halves are words of at least two characters.
fn split(words: &[Token], start: usize, end: usize, units: &mut Vec<Unit>) {
    let word_at = |from: usize, to: usize| {
        words.iter().find(|w| w.position == from && w.text.chars().count() == to - from && to - from >= 2)
    };
    let cut = (start + 2..end.saturating_sub(1))
        .rev()
        .find(|&cut| word_at(start, cut).is_some() && word_at(cut, end).is_some());
    match cut.filter(|_| end - start > LONGEST_WHOLE_WORD) {
        Some(cut) => {
            split(words, start, cut, units);
            split(words, cut, end, units);
        }
        None => units.extend(
            words
                .iter()
                .find(|w| w.position == start && w.text.chars().count() == end - start)
                .map(|w| Unit::Word(w.text.clone(), start)),
        ),
    }
}

/// How many of `units` parts a listing must have: both of two, all but one of four, seven in ten of more.
fn minimum_should_match(units: usize) -> usize {
    match units {
        0..=2 => units,
        3..=4 => units - 1,
        _ => (units * 7).div_ceil(10),
    }
}

fn units_query(fields: &Fields, units: &[Unit]) -> Box<dyn Query> {
    let texts = [(fields.title, 3.0), (fields.abstract_text, 1.0), (fields.claim, 0.7)];
    let required = units.iter().map(|unit| {
        let mut anywhere: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        if let Unit::Word(word, _) = unit {
            anywhere.extend(across_cuts(fields, word));
        }
        for (field, weight) in texts {
            let query = match unit {
                Unit::Word(word, _) => term_query(field, word),
                Unit::Unknown(pairs) if field == fields.title => all_of(fields.title_pairs, pairs),
                Unit::Unknown(pairs) => characters(field, pairs),
            };
            anywhere.push((Occur::Should, Box::new(BoostQuery::new(query, weight))));
        }
        if let Unit::Word(word, _) = unit {
            anywhere.push((Occur::Should, term_query(fields.holder, word)));
        }
        (Occur::Should, Box::new(BooleanQuery::new(anywhere)) as Box<dyn Query>)
    });
    let required = BooleanQuery::with_minimum_required_clauses(required.collect(), minimum_should_match(units.len()));
    let mut query: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(required))];
    let places: Vec<(usize, &str)> = units
        .iter()
        .filter_map(|unit| match unit {
            Unit::Word(word, position) => Some((*position, word.as_str())),
            Unit::Unknown(_) => None,
        })
        .collect();
    if places.len() >= 2 {
        for (field, boost) in [
            (fields.title, TITLE_PHRASE_BOOST),
            (fields.abstract_text, TEXT_PHRASE_BOOST),
            (fields.claim, TEXT_PHRASE_BOOST),
        ] {
            let terms = places.iter().map(|&(at, word)| (at, Term::from_field_text(field, word))).collect();
            let phrase = PhraseQuery::new_with_offset(terms);
            query.push((Occur::Should, Box::new(BoostQuery::new(Box::new(phrase), boost))));
        }
    }
    Box::new(BooleanQuery::new(query))
}

fn term_query(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

/// How much a word counts that the segmenter cut across, against one it found.
const ACROSS_CUTS: f32 = 0.5;

/// A title that has all character pairs of a word most likely has the word, even where the segmenter cut across it:
/// 硅碳负极|材料 is found by 负极材料.
fn across_cuts(fields: &Fields, word: &str) -> Option<(Occur, Box<dyn Query>)> {
    let pairs = pairs_of(word);
    let query = || BoostQuery::new(all_of(fields.title_pairs, &pairs), ACROSS_CUTS);
    (pairs.len() > 1).then(|| (Occur::Should, Box::new(query()) as Box<dyn Query>))
}

/// The character pairs of a Chinese word; none of a word with other characters.
pub(super) fn pairs_of(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    if characters.iter().any(char::is_ascii) {
        return Vec::new();
    }
    characters.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// The characters of neighbouring pairs, one behind the other: what no dictionary knows is cut into them.
fn characters(field: Field, pairs: &[String]) -> Box<dyn Query> {
    let firsts = pairs.iter().filter_map(|pair| pair.chars().next());
    let last = pairs.last().and_then(|pair| pair.chars().nth(1));
    let terms: Vec<Term> =
        firsts.chain(last).map(|c| Term::from_field_text(field, c.encode_utf8(&mut [0; 4]))).collect();
    match terms.len() {
        0 | 1 => Box::new(EmptyQuery),
        _ => Box::new(PhraseQuery::new(terms)),
    }
}

fn all_of(field: Field, terms: &[String]) -> Box<dyn Query> {
    Box::new(BooleanQuery::intersection(terms.iter().map(|term| term_query(field, term)).collect()))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static ANALYZER: LazyLock<Analyzer> = LazyLock::new(Analyzer::new);

    fn units(text: &str) -> Vec<String> {
        match Typed::read(&ANALYZER, text) {
            Typed::Units(units) => units
                .into_iter()
                .map(|unit| match unit {
                    Unit::Word(word, _) => word,
                    Unit::Unknown(pairs) => pairs.join("+"),
                })
                .collect(),
            other => vec![format!("{other:?}")],
        }
    }

    #[test]
    fn a_long_compound_is_found_by_its_parts_a_short_one_whole() {
        assert_eq!(units("锂离子电池隔膜"), ["锂离子", "电池", "隔膜"]);
        assert_eq!(units("知识产权"), ["知识产权"]);
        assert_eq!(units("一种永磁同步电机"), ["永磁", "同步电机"]);
    }

    #[test]
    fn an_unknown_run_is_found_by_its_character_pairs() {
        assert_eq!(units("魑魅魍魉鼛"), units("魑魅魍魉鼛"));
        assert_eq!(units("鼛鼖鼗"), ["鼛鼖+鼖鼗"]);
        assert_eq!(units("方法"), ["方法"], "a stop word alone is still looked for");
    }

    #[test]
    fn a_patent_number_is_looked_up_exactly() {
        assert_eq!(Typed::read(&ANALYZER, "ZL 201710117081.7"), Typed::Number("201710117081.7".into()));
        assert_eq!(Typed::read(&ANALYZER, "cn109996757a"), Typed::Number("CN109996757".into()));
        assert_eq!(Typed::read(&ANALYZER, "CN109996757"), Typed::Number("CN109996757".into()));
        assert_eq!(Typed::read(&ANALYZER, "  "), Typed::Everything);
    }

    #[test]
    fn more_parts_leave_more_room() {
        assert_eq!([1, 2, 3, 4, 5, 10].map(minimum_should_match), [1, 2, 2, 3, 4, 7]);
    }
}
