//! From a text to the numbers a learner sees.
//!
//! Words with the words inside them, character pairs and single characters, each family of title and body by itself,
//! weighted by rarity and at length one within its family, so that a long abstract does not drown the title; and beside
//! them the embedding's vector, which knows what words mean that training never saw.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::analysis::Analyzer;
use crate::domain::ClassifiedText;
use crate::embed::{Embedding, Vocabulary};

/// What features are made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FeatureSettings {
    /// Texts a feature must be in.
    pub least_texts: u32,
    /// Length of the vectors of title and abstract beside the other features, which together have length one; 0 leaves
    /// them out.
    pub meaning: f32,
    /// Weight of the abstract's families beside the title's.
    pub body: f32,
    /// Weight of the words of holders' names; 0 leaves them out.
    pub holders: f32,
}

impl Default for FeatureSettings {
    fn default() -> Self {
        Self { least_texts: 1, meaning: 0.5, body: 1.4, holders: 0.0 }
    }
}

/// A family of features.
#[derive(Clone, Copy)]
struct Family {
    /// Stands in front of a feature's name, so that families do not mix.
    mark: char,
    weight: f32,
    part: Part,
    terms: Terms,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Title,
    Body,
    Holders,
}

#[derive(Clone, Copy)]
enum Terms {
    Words,
    Pairs,
    Characters,
}

impl FeatureSettings {
    /// Weights within a part found by cross-validation (`models/README.md`).
    fn families(&self) -> Vec<Family> {
        const WORDS: f32 = 0.7;
        const PAIRS: f32 = 1.0;
        const CHARACTERS: f32 = 0.7;
        let family = |mark, weight, part, terms| Family { mark, weight, part, terms };
        let families = [
            family('w', WORDS, Part::Title, Terms::Words),
            family('p', PAIRS, Part::Title, Terms::Pairs),
            family('c', CHARACTERS, Part::Title, Terms::Characters),
            family('W', self.body * WORDS, Part::Body, Terms::Words),
            family('P', self.body * PAIRS, Part::Body, Terms::Pairs),
            family('C', self.body * CHARACTERS, Part::Body, Terms::Characters),
            family('H', self.holders, Part::Holders, Terms::Words),
        ];
        families.into_iter().filter(|family| family.weight > 0.0).collect()
    }
}

impl Family {
    /// The family's features of a text, with 1 + ln of how often each is there.
    fn of(self, analyzer: &Analyzer, text: &ClassifiedText) -> Vec<(String, f32)> {
        let holders;
        let text = match self.part {
            Part::Title => &text.title,
            Part::Body => &text.body,
            Part::Holders => {
                holders = text.holders.join("，");
                &holders
            }
        };
        let mut counts: FxHashMap<String, f32> = FxHashMap::default();
        let mut count = |term: &str| {
            let mut name = String::with_capacity(term.len() + 1);
            name.push(self.mark);
            name.push_str(term);
            *counts.entry(name).or_default() += 1.0;
        };
        match self.terms {
            Terms::Words => analyzer.visit_words(text, |term| count(term.text)),
            Terms::Pairs => analyzer.visit_bigrams(text, |term| count(term.text)),
            Terms::Characters => analyzer.visit_characters(text, |term| count(term.text)),
        }
        counts.into_iter().map(|(name, count)| (name, 1.0 + count.ln())).collect()
    }
}

/// Texts as their features, family by family.
pub(super) type Counted = Vec<Vec<(String, f32)>>;

/// The vectors of a text's parts; `None` for a part of which nothing is known.
pub(super) type Vectors = Vec<Option<Vec<f32>>>;

/// The features of a text.
pub(super) fn counted(settings: &FeatureSettings, text: &ClassifiedText, analyzer: &Analyzer) -> Counted {
    settings.families().into_iter().map(|family| family.of(analyzer, text)).collect()
}

/// The columns of a learner's matrix, fixed in training: terms, then the numbers of the parts' vectors.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct FeatureSpace {
    settings: FeatureSettings,
    /// Whether abstracts were there to learn from.
    bodies: bool,
    vocabulary: Vocabulary,
}

impl FeatureSpace {
    /// The features that enough of these texts have.
    pub(super) fn of<'a>(settings: FeatureSettings, bodies: bool, texts: impl Iterator<Item = &'a Counted>) -> Self {
        let flat: Vec<Vec<(String, f32)>> = texts.map(|families| families.concat()).collect();
        let vocabulary = Vocabulary::of(flat.iter().map(Vec::as_slice), settings.least_texts);
        Self { settings, bodies, vocabulary }
    }

    /// Whether abstracts were there to learn from.
    pub(super) fn knows_bodies(&self) -> bool {
        self.bodies
    }

    pub(super) fn settings(&self) -> &FeatureSettings {
        &self.settings
    }

    /// Makes it usable after reading; `false` if its parts do not belong together.
    pub(super) fn index(&mut self) -> bool {
        self.vocabulary.index()
    }

    /// How many features are words, pairs and characters; the vectors' numbers come behind them.
    pub(super) fn terms(&self) -> usize {
        self.vocabulary.len()
    }

    /// How many numbers the vectors of all parts have.
    pub(super) fn dimensions(&self, embedding: &Embedding) -> usize {
        self.parts() * embedding.dimensions()
    }

    /// How many parts of a text have a vector of their own.
    pub(super) fn parts(&self) -> usize {
        match (self.settings.meaning > 0.0, self.bodies) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => 2,
        }
    }

    /// The vectors of the parts of a text whose meaning counts.
    pub(super) fn vectors(&self, text: &ClassifiedText, embedding: &Embedding) -> Vectors {
        [&text.title, &text.body].into_iter().take(self.parts()).map(|part| embedding.vector(part)).collect()
    }

    pub(super) fn counted(&self, text: &ClassifiedText, analyzer: &Analyzer) -> Counted {
        counted(&self.settings, text, analyzer)
    }

    /// The features of one text with their weights, in order of columns; empty if nothing of it is known.
    pub(super) fn row(&self, counted: &Counted, vectors: &Vectors) -> Vec<(u32, f32)> {
        let mut row: Vec<(u32, f32)> = Vec::new();
        for (family, terms) in self.settings.families().iter().zip(counted) {
            row.extend(self.vocabulary.row(terms).into_iter().map(|(column, value)| (column, value * family.weight)));
        }
        row.sort_unstable_by_key(|(column, _)| *column);
        let length = row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
        row.iter_mut().for_each(|(_, value)| *value /= length.max(f32::MIN_POSITIVE));
        for (part, vector) in vectors.iter().take(self.parts()).enumerate() {
            let numbers = vector.as_deref().unwrap_or_default();
            let first = (self.vocabulary.len() + part * numbers.len()) as u32;
            row.extend(numbers.iter().zip(first..).map(|(value, column)| (column, value * self.settings.meaning)));
        }
        row
    }

    /// Whether a column stands for a word of title or abstract.
    pub(super) fn is_word(&self, column: usize) -> bool {
        self.vocabulary.terms().get(column).is_some_and(|name| name.starts_with(['w', 'W']))
    }

    /// The term a column stands for; empty for a vector's numbers.
    pub(super) fn term(&self, column: usize) -> &str {
        self.vocabulary.terms().get(column).map_or("", |name| &name[1..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::tests::TOY;

    fn text(title: &str, body: &str) -> ClassifiedText {
        ClassifiedText { title: title.to_owned(), body: body.to_owned(), ..ClassifiedText::default() }
    }

    fn space(texts: &[ClassifiedText], settings: FeatureSettings) -> FeatureSpace {
        let counted: Vec<Counted> = texts.iter().map(|text| counted(&settings, text, &Analyzer::new())).collect();
        FeatureSpace::of(settings, texts.iter().any(|text| !text.body.is_empty()), counted.iter())
    }

    fn row(space: &FeatureSpace, text: &ClassifiedText) -> Vec<(u32, f32)> {
        space.row(&space.counted(text, &Analyzer::new()), &space.vectors(text, &TOY))
    }

    fn length(row: &[(u32, f32)]) -> f32 {
        row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt()
    }

    #[test]
    fn a_word_of_the_abstract_is_another_feature_than_the_same_word_of_the_title() {
        let settings = FeatureSettings { meaning: 0.0, ..FeatureSettings::default() };
        let space = space(&[text("插秧机", "锂电池")], settings);
        assert!(row(&space, &text("锂电池", "")).is_empty());
        assert!(row(&space, &text("", "插秧机")).is_empty());
        let (title, body) = (row(&space, &text("插秧机", "")), row(&space, &text("", "锂电池")));
        assert!(!title.is_empty() && !body.is_empty());
        assert!(title.iter().all(|(column, _)| body.iter().all(|(other, _)| other != column)));
    }

    #[test]
    fn a_pair_is_another_feature_than_the_word_it_spells() {
        let settings = FeatureSettings { meaning: 0.0, ..FeatureSettings::default() };
        let space = space(&[text("电池", "")], settings);
        let columns: Vec<&str> = (0..space.terms()).map(|column| space.term(column)).collect();
        assert_eq!(columns.iter().filter(|term| **term == "电池").count(), 2, "{columns:?}");
    }

    #[test]
    fn a_text_of_which_nothing_is_known_has_an_empty_row() {
        let space = space(&[text("锂电池隔膜", "水稻")], FeatureSettings::default());
        for unknown in ["", "，。！", "ภาษาไทย", "xyzzy"] {
            assert!(row(&space, &text(unknown, unknown)).is_empty(), "{unknown}");
        }
    }

    #[test]
    fn words_together_have_length_one_and_each_vector_that_of_its_weight() {
        let settings = FeatureSettings { meaning: 0.5, ..FeatureSettings::default() };
        let space = space(&[text("锂电池隔膜", "水稻插秧机的一种结构")], settings);
        let row = row(&space, &text("锂电池插秧机", "水稻隔膜的结构"));
        let (terms, numbers): (Vec<_>, Vec<_>) = row.iter().partition(|(column, _)| (*column as usize) < space.terms());
        assert!((length(&terms) - 1.0).abs() < 1e-4, "{}", length(&terms));
        assert_eq!(numbers.len(), space.dimensions(&TOY));
        for part in numbers.chunks(TOY.dimensions()) {
            assert!((length(part) - 0.5).abs() < 1e-4, "{}", length(part));
        }
        assert!(row.is_sorted_by(|a, b| a.0 < b.0), "columns are not in order");
    }

    #[test]
    fn a_vector_keeps_its_columns_where_the_other_part_has_none() {
        let space = space(&[text("锂电池", "插秧机")], FeatureSettings::default());
        let row = row(&space, &text("ภาษาไทย", "锂电池"));
        let first = space.terms() + TOY.dimensions();
        let numbers: Vec<usize> =
            row.iter().map(|(column, _)| *column as usize).filter(|column| *column >= space.terms()).collect();
        assert_eq!(numbers, (first..first + TOY.dimensions()).collect::<Vec<_>>());
    }

    #[test]
    fn a_rare_feature_is_left_out_when_more_texts_are_asked_for() {
        let settings = FeatureSettings { least_texts: 2, meaning: 0.0, ..FeatureSettings::default() };
        let space = space(&[text("锂电池", ""), text("蓄电池", "")], settings);
        let terms: Vec<&str> = (0..space.terms()).map(|column| space.term(column)).collect();
        assert!(terms.contains(&"池") && !terms.contains(&"锂"), "{terms:?}");
    }
}
