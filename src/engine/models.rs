//! Models on disk.

use std::path::Path;

use super::EngineError;
use crate::analysis::Analyzer;
use crate::classify::{Classifier, ClassifyError};
use crate::embed::{EmbedError, Embedding};

/// Name of the classifier's file in its directory.
const CLASSIFIER: &str = "classifier.bin";
/// Name of the embedding's file beside it, when it is not the one that ships.
const EMBEDDING: &str = "embedding.bin";

pub(super) fn read(path: &Path) -> Result<Vec<u8>, EngineError> {
    std::fs::read(path).map_err(|source| EngineError::File { path: path.to_owned(), source })
}

/// Writes a whole file or none: what was there stays until the new one is complete.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).map_err(failed)?;
    }
    let unfinished = path.with_extension("unfinished");
    std::fs::write(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, path)).map_err(failed)
}

/// The embedding in a file, or the one that ships.
pub(super) fn embedding(path: Option<&Path>, analyzer: &Analyzer) -> Result<Embedding, EngineError> {
    let embedding = match path {
        Some(path) => Embedding::from_bytes(&read(path)?, analyzer),
        None => Embedding::shipped(analyzer),
    };
    Ok(embedding.map_err(EmbedError::Model)?)
}

/// Keeps a classifier in a directory, with the embedding it needs if that is another than the one that ships; one that an
/// earlier classifier needed goes.
pub(super) fn keep(classifier: &Classifier, embedding: Option<&Embedding>, to: &Path) -> Result<usize, EngineError> {
    let own = to.join(EMBEDDING);
    match embedding {
        Some(embedding) => write(&own, &embedding.to_bytes().map_err(EmbedError::Model)?)?,
        None if own.exists() => {
            std::fs::remove_file(&own).map_err(|source| EngineError::File { path: own, source })?;
        }
        None => {}
    }
    let bytes = classifier.to_bytes().map_err(ClassifyError::Model)?;
    write(&to.join(CLASSIFIER), &bytes)?;
    Ok(bytes.len())
}

/// The classifier kept in a directory.
pub(super) fn kept(directory: &Path, analyzer: &Analyzer) -> Result<Classifier, EngineError> {
    let own = directory.join(EMBEDDING);
    let embedding = embedding(own.exists().then_some(own.as_path()), analyzer)?;
    let bytes = read(&directory.join(CLASSIFIER))?;
    Ok(Classifier::from_bytes(&bytes, analyzer, &embedding).map_err(ClassifyError::Model)?)
}
