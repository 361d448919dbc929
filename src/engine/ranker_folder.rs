//! The folder `ranker` of a data directory: the configuration in force, the one proposed, and those that were in force.
//!
//! `active.toml` is in force; without it, what ships is. `candidate.toml` waits to be put in force. `history/0001.toml` and so
//! on were in force before and are never changed. Every file says of itself (`[about]`) what it is, whence and since
//! when. Each is written beside its place and renamed into it, so that killed at any moment, it is there whole or not
//! at all; the configuration in force changes by one rename.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::EngineError;
use super::configuration::configuration;
use crate::config::{About, ConfigError, Configuration};

/// A folder of configurations.
pub(super) struct RankerFolder {
    folder: PathBuf,
}

/// What the configuration that ships is called.
const SHIPPED: &str = "linear";

impl RankerFolder {
    /// That of a data directory; it may not be there yet.
    pub(super) fn of(directory: &Path) -> Self {
        Self { folder: directory.join("ranker") }
    }

    /// Where what is in force lies, if it is not what ships.
    pub(super) fn active_path(&self) -> PathBuf {
        self.folder.join("active.toml")
    }

    fn candidate_path(&self) -> PathBuf {
        self.folder.join("candidate.toml")
    }

    fn past_path(&self, number: u32) -> PathBuf {
        self.folder.join("history").join(format!("{number:04}.toml"))
    }

    /// What is in force, with what is known of it.
    pub(super) fn active(&self) -> Result<Configuration, EngineError> {
        let path = self.active_path();
        if path.exists() { configuration(Some(&path)) } else { Ok(shipped()) }
    }

    /// What waits to be put in force.
    pub(super) fn candidate(&self) -> Result<Option<Configuration>, EngineError> {
        let path = self.candidate_path();
        path.exists().then(|| configuration(Some(&path))).transpose()
    }

    /// What was in force before, by number.
    pub(super) fn past(&self, number: u32) -> Result<Configuration, EngineError> {
        let path = self.past_path(number);
        if !path.exists() {
            return Err(ConfigError::NoSuchConfiguration { number }.into());
        }
        configuration(Some(&path))
    }

    /// The numbers of all that were in force before, ascending.
    pub(super) fn past_numbers(&self) -> Result<Vec<u32>, EngineError> {
        let folder = self.folder.join("history");
        let failed = |source| EngineError::File { path: folder.clone(), source };
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let mut numbers = Vec::new();
        for file in std::fs::read_dir(&folder).map_err(failed)? {
            let name = file.map_err(failed)?.file_name();
            let number: Option<u32> =
                name.to_str().and_then(|name| name.strip_suffix(".toml")).and_then(|name| name.parse().ok());
            numbers.extend(number);
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Keeps a configuration as the candidate.
    pub(super) fn keep_candidate(&self, configuration: &Configuration) -> Result<(), EngineError> {
        replace(&self.candidate_path(), configuration.to_toml().as_bytes())
    }

    /// Puts what is in force among those of the past, and gives its number there. Where the last of the past is the same
    /// file already, because a promotion was killed behind this step, that is its number.
    pub(super) fn keep_active_in_history(&self) -> Result<u32, EngineError> {
        let path = self.active_path();
        // As it lies there, so that nothing of it is lost, even where it cannot be read any more.
        let text = if path.exists() { read(&path)? } else { shipped().to_toml().into_bytes() };
        let last = self.past_numbers()?.last().copied();
        if let Some(last) = last
            && read(&self.past_path(last))? == text
        {
            return Ok(last);
        }
        let number = last.unwrap_or(0) + 1;
        replace(&self.past_path(number), &text)?;
        Ok(number)
    }

    /// Puts a configuration in force: the one step that decides.
    pub(super) fn put_in_force(&self, configuration: &Configuration) -> Result<(), EngineError> {
        replace(&self.active_path(), configuration.to_toml().as_bytes())
    }

    /// Takes the candidate away once it is in force.
    pub(super) fn drop_candidate(&self) -> Result<(), EngineError> {
        let path = self.candidate_path();
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(EngineError::File { path, source }),
            _ => Ok(()),
        }
    }
}

/// What ships, with what there is to say of it.
pub(super) fn shipped() -> Configuration {
    let about = About { name: SHIPPED.to_owned(), from: "models/ranker/linear.toml".to_owned(), ..About::default() };
    Configuration { about: Some(about), ..Configuration::default() }
}

fn read(path: &Path) -> Result<Vec<u8>, EngineError> {
    std::fs::read(path).map_err(|source| EngineError::File { path: path.to_owned(), source })
}

/// Writes a file beside its place, makes it durable, and renames it into its place.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let draft = path.with_extension("toml.new");
    let mut file = File::create(&draft).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&draft, path).map_err(failed)?;
    // The rename itself is durable once the folder is. Systems that cannot open a folder do without.
    File::open(folder).map_or(Ok(()), |folder| folder.sync_all()).map_err(failed)
}
