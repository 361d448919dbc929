//! The configuration in force in a data directory: `ranker/active.toml` if it is there, else the one that ships.

use std::io::Read;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use super::ranker_folder::RankerFolder;
use super::{Engine, EngineError};
use crate::config::Configuration;

/// Bytes of a configuration's file that are read at most.
const LARGEST: u64 = 1 << 16;

/// A configuration, and the text it was read from.
#[derive(Clone, Default)]
pub(super) struct InForce {
    /// `None` for the one that ships.
    text: Option<String>,
    pub(super) configuration: Arc<Configuration>,
}

/// The configuration in a file, or the one that ships.
///
/// # Errors
/// [`EngineError::File`] if it cannot be read, [`EngineError::Configuration`] if it cannot be ranked with.
pub fn configuration(path: Option<&Path>) -> Result<Configuration, EngineError> {
    let Some(path) = path else { return Ok(Configuration::default()) };
    read(path)?.parse().map_err(|source| EngineError::Configuration { path: path.to_owned(), source })
}

fn read(path: &Path) -> Result<String, EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(LARGEST).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

fn text_in_force(directory: &Path) -> Result<Option<String>, EngineError> {
    match read(&RankerFolder::of(directory).active_path()) {
        Err(EngineError::File { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

impl InForce {
    /// What is in force in a directory.
    ///
    /// # Errors
    /// As [`configuration`].
    pub(super) fn of(directory: &Path) -> Result<Self, EngineError> {
        Self::read(directory, text_in_force(directory)?)
    }

    fn read(directory: &Path, text: Option<String>) -> Result<Self, EngineError> {
        let path = RankerFolder::of(directory).active_path();
        let parsed = text.as_deref().map(str::parse).transpose();
        let configuration: Option<Configuration> =
            parsed.map_err(|source| EngineError::Configuration { path, source })?;
        Ok(Self { text, configuration: Arc::new(configuration.unwrap_or_default()) })
    }
}

impl Engine {
    /// The configuration in force now, which another process may have changed: a small file is read. One that has become
    /// unreadable since this directory was opened is not taken over: what was in force stays.
    pub(super) fn in_force(&self) -> Arc<Configuration> {
        let mut known = self.in_force.lock().unwrap_or_else(PoisonError::into_inner);
        let directory = self.store.directory();
        let now = text_in_force(directory);
        if now.as_ref().is_ok_and(|text| *text == known.text) {
            return Arc::clone(&known.configuration);
        }
        match now.and_then(|text| InForce::read(directory, text)) {
            Ok(now) => *known = now,
            Err(fault) => {
                tracing::warn!(%fault, "the configuration has become unreadable: the one before stays in force")
            }
        }
        Arc::clone(&known.configuration)
    }
}
