//! A trained classifier: what it says of a text, and why.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::calibration::Calibration;
use super::features::FeatureSpace;
use super::weights::Weights;
use crate::analysis::Analyzer;
use crate::domain::{ClassifiedText, LabelKind};
use crate::embed::Embedding;
use crate::model_file::{self, ModelFileError, Origin};

const KIND: &str = "classifier/1";
/// Terms that a classification is explained with.
const TERMS: usize = 5;
/// How much an abstract counts beside its title where only titles were learnt from: more helps mixed fields and hurts
/// farming (`models/README.md`).
const BODY: f32 = 0.3;

/// One class a text may be of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Prediction {
    /// The class.
    pub label: String,
    /// What it means, in Chinese; empty for labels of one's own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How likely it is, 0 to 1.
    pub probability: f32,
}

/// A term that spoke for the likeliest class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SpokenTerm {
    /// The word or character pair.
    pub term: String,
    /// What it adds to the class's score, beyond what it adds to the average class.
    pub weight: f32,
}

/// What a classifier says of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Classification {
    /// The three likeliest classes, best first; ties by label.
    pub top: Vec<Prediction>,
    /// Whether the likeliest is likely enough to go by.
    pub certain: bool,
    /// The terms that spoke most for it.
    pub terms: Vec<SpokenTerm>,
}

/// A trained classifier, with the analyzer and the embedding it was trained with. Cloning is cheap.
#[derive(Clone)]
pub struct Classifier {
    pub(super) model: Arc<Model>,
    pub(super) analyzer: Analyzer,
    pub(super) embedding: Embedding,
}

/// What is kept on disk.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Model {
    pub(super) kind: LabelKind,
    pub(super) labels: Vec<String>,
    pub(super) space: FeatureSpace,
    pub(super) weights: Weights,
    pub(super) calibration: Calibration,
    /// From this probability on a prediction is one to go by.
    pub(super) threshold: f32,
}

/// Features with their weights, by column.
type Row = Vec<(u32, f32)>;

/// What is known of a text.
struct Seen {
    title: Option<Row>,
    body: Option<Row>,
}

impl Seen {
    /// How much title and abstract count.
    fn shares(&self) -> (f32, f32) {
        match (&self.title, &self.body) {
            (Some(_), Some(_)) => (1.0 - BODY, BODY),
            (None, Some(_)) => (0.0, 1.0),
            (_, None) => (1.0, 0.0),
        }
    }
}

impl Classifier {
    /// The embedding it was trained with.
    #[must_use]
    pub fn embedding(&self) -> &Embedding {
        &self.embedding
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// [`ModelFileError`] if it is damaged or made with another analyzer or embedding.
    pub fn from_bytes(bytes: &[u8], analyzer: &Analyzer, embedding: &Embedding) -> Result<Self, ModelFileError> {
        let (mut model, _): (Model, String) = model_file::decode(bytes, &origin(analyzer, embedding))?;
        let dimensions = model.space.dimensions(embedding);
        let classes = model.labels.len();
        let fits = model.weights.fits(model.space.terms(), dimensions, classes) && model.calibration.fits(classes);
        if classes < 2 || !model.space.index() || !fits {
            return Err(ModelFileError::Corrupt);
        }
        model.weights.prepare();
        Ok(Self { model: Arc::new(model), analyzer: analyzer.clone(), embedding: embedding.clone() })
    }

    /// The bytes of a model file.
    ///
    /// # Errors
    /// [`ModelFileError::Unwritable`] if the model has no such form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelFileError> {
        model_file::encode(&origin(&self.analyzer, &self.embedding), &*self.model)
    }

    /// What it tells apart.
    #[must_use]
    pub fn kind(&self) -> LabelKind {
        self.model.kind
    }

    /// The classes it knows.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.model.labels
    }

    /// How many weights the model keeps.
    #[must_use]
    pub fn weights(&self) -> usize {
        self.model.weights.kept()
    }

    /// The three likeliest classes of a text, without reasons; `None` if nothing in the text is known, which is said
    /// rather than guessed.
    #[must_use]
    pub fn predict(&self, text: &ClassifiedText) -> Option<Classification> {
        Some(self.classification(&self.seen(text)?))
    }

    /// As [`Self::predict`], with the terms that spoke most for the likeliest class.
    #[must_use]
    pub fn explain(&self, text: &ClassifiedText) -> Option<Classification> {
        let seen = self.seen(text)?;
        let mut classification = self.classification(&seen);
        let class = self.model.labels.iter().position(|label| *label == classification.top[0].label)?;
        classification.terms = self.spoken(text, &seen, class);
        Some(classification)
    }

    /// All classes that are at least so likely, with their probabilities, in the order of their labels; none if nothing in
    /// the text is known.
    #[must_use]
    pub fn likely(&self, text: &ClassifiedText, least: f32) -> Vec<(&str, f32)> {
        let Some(seen) = self.seen(text).filter(|seen| self.has_word(seen)) else { return Vec::new() };
        let labels = self.model.labels.iter().map(String::as_str);
        labels.zip(self.probabilities(&seen)).filter(|(_, probability)| *probability >= least).collect()
    }

    /// What is known of a text: of all of it, where abstracts were learnt from; else of its title, and of its abstract by
    /// itself.
    fn seen(&self, text: &ClassifiedText) -> Option<Seen> {
        if self.model.space.knows_bodies() || text.body.is_empty() {
            return Some(Seen { title: Some(self.row(text)?), body: None });
        }
        let alone = |title: &str| {
            let (title, holders) = (title.to_owned(), text.holders.clone());
            self.row(&ClassifiedText { title, holders, ..ClassifiedText::default() })
        };
        let seen = Seen { title: alone(&text.title), body: alone(&text.body) };
        (seen.title.is_some() || seen.body.is_some()).then_some(seen)
    }

    fn row(&self, text: &ClassifiedText) -> Option<Row> {
        let space = &self.model.space;
        let row = space.row(&space.counted(text, &self.analyzer), &space.vectors(text, &self.embedding));
        (!row.is_empty()).then_some(row)
    }

    fn probabilities(&self, seen: &Seen) -> Vec<f32> {
        let of = |row: &Row| self.model.weights.scores(row);
        let scores = match (&seen.title, &seen.body) {
            (Some(title), Some(body)) => {
                let (title, body) = (of(title), of(body));
                title.iter().zip(body).map(|(title, body)| (1.0 - BODY) * title + BODY * body).collect()
            }
            (Some(row), None) | (None, Some(row)) => of(row),
            (None, None) => vec![0.0; self.model.labels.len()],
        };
        self.model.calibration.probabilities(&scores)
    }

    /// Whether any word of two characters or more is known: letters and characters alone are nothing to go by.
    fn has_word(&self, seen: &Seen) -> bool {
        let mut columns = [&seen.title, &seen.body].into_iter().flatten().flatten().map(|(column, _)| *column as usize);
        columns.any(|column| self.model.space.is_word(column) && self.model.space.term(column).chars().nth(1).is_some())
    }

    fn classification(&self, seen: &Seen) -> Classification {
        const TOP: usize = 3;
        let probabilities = self.probabilities(seen);
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        // Labels are kept in order, so that ties break by label.
        order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]).then(a.cmp(&b)));
        let top: Vec<Prediction> = order
            .iter()
            .take(TOP)
            .map(|&class| {
                let label = self.model.labels[class].clone();
                let name = self.model.kind.meaning(&label).to_owned();
                Prediction { label, name, probability: probabilities[class] }
            })
            .collect();
        let certain = top[0].probability >= self.model.threshold && self.has_word(seen);
        Classification { top, certain, terms: Vec::new() }
    }

    /// What each term adds to a class beyond the average class: by its own weights, and by its part in the text's
    /// meaning. Families are put together by term.
    fn spoken(&self, text: &ClassifiedText, seen: &Seen, class: usize) -> Vec<SpokenTerm> {
        let Model { space, weights, labels, .. } = &*self.model;
        let mut sums: FxHashMap<String, f32> = FxHashMap::default();
        let mut add = |term: &str, weight: f32| *sums.entry(term.to_owned()).or_default() += weight;
        let (title, body) = seen.shares();
        let entries = [(&seen.title, title), (&seen.body, body)]
            .into_iter()
            .flat_map(|(row, share)| row.iter().flatten().map(move |(at, value)| (*at, value * share)));
        for (column, value) in entries.filter(|(column, _)| (*column as usize) < space.terms()) {
            let (mut own, mut all) = (0.0, 0.0);
            for (of, weight) in weights.of_term(column as usize) {
                all += weight;
                own += if of == class { weight } else { 0.0 };
            }
            add(space.term(column as usize), value * (own - all / labels.len() as f32));
        }
        // Learnt by itself, an abstract has numbers of its own; else it is read as a title is.
        let parts = match space.knows_bodies() {
            true => vec![(0, text.title.as_str(), 1.0), (1, text.body.as_str(), 1.0)],
            false => vec![(0, text.title.as_str(), title), (0, text.body.as_str(), body)],
        };
        for (part, text, share) in parts.into_iter().filter(|(part, ..)| *part < space.parts()) {
            let numbers = part * self.embedding.dimensions()..(part + 1) * self.embedding.dimensions();
            let direction: Vec<f32> = numbers.map(|number| weights.beyond_mean(number, class)).collect();
            for (term, weight) in self.embedding.shares(text, &direction) {
                add(&term, weight * share * space.settings().meaning);
            }
        }
        // Words can be read; pairs and characters across words cannot.
        let text = format!("{}\n{}\n{}", text.title, text.body, text.holders.join("\n"));
        let words: FxHashSet<String> = self.analyzer.words(&text).into_iter().map(|token| token.text).collect();
        let spoke = sums
            .into_iter()
            .filter(|(term, weight)| *weight > 0.0 && words.contains(term) && term.chars().nth(1).is_some());
        let mut terms: Vec<SpokenTerm> = spoke.map(|(term, weight)| SpokenTerm { term, weight }).collect();
        terms.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.term.cmp(&b.term)));
        terms.truncate(TERMS);
        terms
    }
}

pub(super) fn origin(analyzer: &Analyzer, embedding: &Embedding) -> Origin {
    Origin {
        kind: KIND.to_owned(),
        analyzer: analyzer.version().to_owned(),
        embedding: Some(embedding.version().to_owned()),
    }
}
