//! Training, asking and testing classifiers.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use super::{EngineError, OnProgress, Problem, Progress, charts, models};
use crate::analysis::Analyzer;
use crate::classify::{Classification, Classifier, ClassifyError, Evaluation, Judged, TrainingSettings, train};
use crate::domain::{ClassifiedText, LabelKind};
use crate::ingest;

/// Texts asked about at a time.
const BATCH: usize = 4_096;
/// Refused rows kept word for word.
const KEPT_PROBLEMS: usize = 1_000;

/// What training came to.
#[derive(Debug, Clone, Serialize)]
pub struct TrainingReport {
    /// What the classifier tells apart.
    pub label: LabelKind,
    /// Rows with a label, trained on.
    pub rows: usize,
    /// Rows without one, left out.
    pub unlabelled: usize,
    /// Rows that could not be read.
    pub rejections: Rejections,
    /// Whether abstracts were learnt from: half of the rows must have one.
    pub abstracts: bool,
    /// Classes.
    pub classes: usize,
    /// Classes of one row only: learnt, but nothing can be said of how well.
    pub lone_classes: usize,
    /// Words, pairs and characters known.
    pub features: usize,
    /// Share of rows that were right when they were kept from training.
    pub accuracy: f64,
    /// Their expected calibration error.
    pub ece: f64,
    /// Weights kept.
    pub weights: usize,
    /// Bytes of the model file.
    pub bytes: usize,
}

/// Rows that could not be read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Rejections {
    /// How many.
    pub count: usize,
    /// The first thousand word for word.
    pub problems: Vec<Problem>,
}

/// What asking came to.
#[derive(Debug, Clone, Serialize)]
pub struct PredictionReport {
    /// Texts asked about.
    pub texts: usize,
    /// Texts of which nothing was known.
    pub unknown: usize,
    /// Texts whose likeliest class is likely enough to go by.
    pub certain: usize,
    /// Rows that could not be read.
    pub rejections: Rejections,
}

/// What testing came to.
#[derive(Debug, Clone, Serialize)]
pub struct ClassifierReport {
    /// What the classifier tells apart.
    pub label: LabelKind,
    /// The figures.
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// Rows without a label, left out.
    pub unlabelled: usize,
    /// Rows that could not be read.
    pub rejections: Rejections,
}

/// Trains a classifier on files of labelled texts and keeps it in a directory, with its embedding if that is another
/// than the one that ships.
///
/// # Errors
/// [`EngineError::Ingest`] if a file cannot be read at all, [`EngineError::Classify`] if there is nothing to learn,
/// [`EngineError::File`] if the model cannot be written.
pub fn train_classifier(
    files: &[PathBuf],
    kind: LabelKind,
    out: &Path,
    embedding: Option<&Path>,
    settings: &TrainingSettings,
) -> Result<TrainingReport, EngineError> {
    let (mut texts, mut rejections) = (Vec::new(), Rejections::default());
    for path in files {
        texts.extend(rejections.taken(path)?);
    }
    let analyzer = Analyzer::new();
    let table = models::embedding(embedding, &analyzer)?;
    let trained = train(&analyzer, &table, kind, &texts, settings)?;
    let bytes = models::keep(&trained.classifier, embedding.map(|_| &table), out)?;
    Ok(TrainingReport {
        label: kind,
        rows: trained.rows,
        abstracts: trained.abstracts,
        unlabelled: trained.unlabelled,
        rejections,
        classes: trained.classifier.labels().len(),
        lone_classes: trained.lone_classes,
        features: trained.features,
        accuracy: trained.accuracy,
        ece: trained.ece,
        weights: trained.classifier.weights(),
        bytes,
    })
}

impl Rejections {
    /// The rows of a file that can be read; the others are counted.
    pub(super) fn taken(&mut self, path: &Path) -> Result<Vec<ClassifiedText>, EngineError> {
        let mut texts = Vec::new();
        for row in ingest::open_texts(path)? {
            match row.outcome {
                Ok(text) => texts.push(text),
                Err(reasons) => {
                    self.count += 1;
                    let room = KEPT_PROBLEMS.saturating_sub(self.problems.len());
                    self.problems.extend(reasons.iter().take(room).map(Problem::from));
                }
            }
        }
        Ok(texts)
    }
}

/// One line of the answers: a text, its likeliest classes, and why.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    #[serde(flatten)]
    classification: Option<&'a Classification>,
    /// Said where nothing in the text is known.
    unknown: bool,
}

/// Classifies the texts of a file; the answers go to another, one JSON object a line, in order. A refused row has no
/// line: the report names it.
///
/// # Errors
/// [`EngineError::Ingest`] if the file cannot be read at all, [`EngineError::Classify`] if the model does not fit,
/// [`EngineError::File`] if the answers cannot be written.
pub fn classify_file(
    model: &Path,
    input: &Path,
    out: &Path,
    explained: bool,
    progress: OnProgress<'_>,
) -> Result<PredictionReport, EngineError> {
    let classifier = models::kept(model, &Analyzer::new())?;
    let mut rejections = Rejections::default();
    let texts = rejections.taken(input)?;
    let failed = |source| EngineError::File { path: out.to_owned(), source };
    // What was there stays until the answers are complete, so that they may even take the place of the questions.
    let unfinished = out.with_added_extension("unfinished");
    let mut file = BufWriter::new(File::create(&unfinished).map_err(failed)?);
    let mut report = PredictionReport { texts: texts.len(), unknown: 0, certain: 0, rejections };
    for (batch, texts) in texts.chunks(BATCH).enumerate() {
        for (text, said) in texts.iter().zip(said(&classifier, texts, explained)) {
            report.unknown += usize::from(said.is_none());
            report.certain += usize::from(said.as_ref().is_some_and(|said| said.certain));
            let answer = Answer { id: &text.id, unknown: said.is_none(), classification: said.as_ref() };
            let line = serde_json::to_string(&answer).unwrap_or_default();
            writeln!(file, "{line}").map_err(failed)?;
        }
        progress(Progress { done: (batch * BATCH + texts.len()) as u64, total: report.texts as u64 });
    }
    file.flush().and_then(|()| std::fs::rename(&unfinished, out)).map_err(failed)?;
    Ok(report)
}

fn said(classifier: &Classifier, texts: &[ClassifiedText], explained: bool) -> Vec<Option<Classification>> {
    let ask = |text| if explained { classifier.explain(text) } else { classifier.predict(text) };
    texts.par_iter().map(ask).collect()
}

/// Tests a classifier on a file of labelled texts. `charts` is a directory for the confusion matrix as a table and a
/// picture, the reliability diagram and the curve of coverage.
///
/// # Errors
/// [`EngineError::Ingest`] if the file cannot be read at all, [`EngineError::Classify`] if the model does not fit or no
/// row has a label.
pub fn evaluate_classifier(
    model: &Path,
    test: &Path,
    kind: LabelKind,
    charts: Option<&Path>,
) -> Result<ClassifierReport, EngineError> {
    let classifier = models::kept(model, &Analyzer::new())?;
    if classifier.kind() != kind {
        return Err(ClassifyError::OtherKind { trained: classifier.kind(), asked: kind }.into());
    }
    let mut rejections = Rejections::default();
    let texts = rejections.taken(test)?;
    let judged: Vec<Judged> = texts
        .par_iter()
        .filter_map(|text| Some(Judged { truth: kind.of(text)?, said: classifier.predict(text) }))
        .collect();
    if judged.is_empty() {
        return Err(ClassifyError::NoLabels { kind }.into());
    }
    let unlabelled = texts.len() - judged.len();
    let evaluation = Evaluation::of(&judged, classifier.labels());
    if let Some(directory) = charts {
        charts::write(kind, &evaluation, directory)?;
    }
    Ok(ClassifierReport { label: kind, evaluation, unlabelled, rejections })
}
