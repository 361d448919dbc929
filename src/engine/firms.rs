//! Learning what firms with like names do, and asking it.

use std::path::Path;

use serde::Serialize;

use super::classify::Rejections;
use super::{EngineError, models};
use crate::analysis::Analyzer;
use crate::domain::IpcCode;
use crate::embed::{EmbedError, Embedding};
use crate::firms::{self, Asked, Firms, FirmsError};

/// What learning came to.
#[derive(Debug, Clone, Serialize)]
pub struct FirmsReport {
    /// Rows read.
    pub rows: usize,
    /// Companies kept.
    pub firms: usize,
    /// Terms their names have.
    pub terms: usize,
    /// Bytes of the model file.
    pub bytes: usize,
    /// Rows that could not be read.
    pub rejections: Rejections,
}

/// What is known of an enterprise that asks.
#[derive(Debug, Clone, Default)]
pub struct LikeQuestion {
    /// Its name.
    pub name: String,
    /// Industry words.
    pub industries: Vec<String>,
    /// Concept words.
    pub concepts: Vec<String>,
}

/// What firms with like names do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LikeAnswer {
    /// How many firms were found, at most 60.
    pub firms: usize,
    /// The subclasses they hold most in, by share, ties by symbol.
    pub classes: Vec<LikeClass>,
}

/// A subclass of firms with like names.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LikeClass {
    /// The subclass.
    pub symbol: String,
    /// Its Chinese title.
    pub title: &'static str,
    /// Its share of what they hold, 0 to 1.
    pub share: f64,
}

/// Learns from a file of patents what companies do, and keeps it in a file. Meanings are those of the embedding that ships,
/// or of the one given.
///
/// # Errors
/// [`EngineError::Ingest`] if the patents cannot be read at all, [`EngineError::Firms`] if there is nothing to learn,
/// [`EngineError::Embed`] if the embedding does not fit, [`EngineError::File`] if a file cannot be read or written.
pub fn train_firms(patents: &Path, embedding: Option<&Path>, out: &Path) -> Result<FirmsReport, EngineError> {
    let mut rejections = Rejections::default();
    let rows = rejections.taken(patents)?;
    let embedding = models::embedding(embedding, &Analyzer::new())?;
    let firms = firms::train(&rows, &embedding)?;
    let bytes = firms.to_bytes().map_err(FirmsError::Model)?;
    models::write(out, &bytes)?;
    Ok(FirmsReport { rows: rows.len(), firms: firms.len(), terms: firms.terms(), bytes: bytes.len(), rejections })
}

/// What firms do whose names are like this one, by the companies that ship; the best `limit` subclasses.
///
/// # Errors
/// [`EngineError::Embed`] or [`EngineError::Firms`] if they were made for another analyzer or embedding.
pub fn firms_like(question: &LikeQuestion, limit: usize) -> Result<LikeAnswer, EngineError> {
    let embedding = Embedding::shipped(&Analyzer::new()).map_err(EmbedError::Model)?;
    let firms = Firms::shipped(&embedding).map_err(FirmsError::Model)?;
    let industries: Vec<&str> = question.industries.iter().map(String::as_str).collect();
    let concepts: Vec<&str> = question.concepts.iter().map(String::as_str).collect();
    let like = firms.like(&Asked { name: &question.name, industries: &industries, concepts: &concepts });
    let mut said = like.subclasses;
    said.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    said.truncate(limit);
    let class = |(symbol, share): (String, f64)| {
        let title = IpcCode::title(&symbol).unwrap_or_default();
        LikeClass { symbol, title, share }
    };
    Ok(LikeAnswer { firms: like.firms, classes: said.into_iter().map(class).collect() })
}
