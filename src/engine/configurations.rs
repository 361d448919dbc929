//! Looking after configurations: what is in force, what is proposed, what was in force; putting one in force, going back.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::configuration::configuration;
use super::match_base;
use super::ranker_folder::{RankerFolder, shipped};
use super::{Engine, EngineError, OnProgress};
use crate::config::{About, ConfigError, Configuration, Difference};
use crate::domain::Notice;

/// A configuration that can be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// What the program ships with.
    Shipped,
    /// What is in force.
    Active,
    /// What waits to be put in force.
    Candidate,
    /// What was in force before, by number.
    Past(u32),
    /// A file.
    File(PathBuf),
}

/// A configuration of a data directory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KnownConfiguration {
    /// Its number among those that were in force before.
    pub number: Option<u32>,
    /// Whence it comes; nothing is known of a file that somebody put there.
    pub about: About,
    /// Names its numbers: two of one fingerprint give the same lists.
    pub fingerprint: String,
    /// Why it cannot be read, if it cannot.
    pub fault: Option<String>,
}

/// The configurations of a data directory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfigurationList {
    /// What is in force.
    pub active: KnownConfiguration,
    /// What waits to be put in force.
    pub candidate: Option<KnownConfiguration>,
    /// What was in force before, oldest first.
    pub history: Vec<KnownConfiguration>,
}

/// A configuration was put in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Promotion {
    /// What is in force now.
    pub active: KnownConfiguration,
    /// The number under which the one before it is kept.
    pub before: u32,
    /// In what the two differ: `a` before, `b` now. Empty where the one before cannot be read.
    pub differences: Vec<Difference>,
    /// Whether the match matrix was made anew.
    pub matrix_made: bool,
    /// Whether rankings, and with them batches, stay what they were, because the two differ at most in how lists are made
    /// of them.
    pub rankings_stand: bool,
}

fn known(number: Option<u32>, configuration: Result<Configuration, EngineError>) -> KnownConfiguration {
    match configuration {
        Ok(configuration) => KnownConfiguration {
            number,
            fingerprint: configuration.fingerprint(),
            about: configuration.about.unwrap_or_default(),
            fault: None,
        },
        Err(fault) => KnownConfiguration {
            number,
            about: About::default(),
            fingerprint: String::new(),
            fault: Some(fault.chinese()),
        },
    }
}

impl Engine {
    fn ranker(&self) -> RankerFolder {
        RankerFolder::of(self.store.directory())
    }

    /// What is in force, proposed, and was in force. A file that cannot be read is listed with its fault.
    ///
    /// # Errors
    /// [`EngineError::File`] if the folder cannot be read.
    pub fn configurations(&self) -> Result<ConfigurationList, EngineError> {
        let ranker = self.ranker();
        let past = ranker.past_numbers()?.into_iter().map(|number| known(Some(number), ranker.past(number)));
        Ok(ConfigurationList {
            active: known(None, ranker.active()),
            candidate: ranker.candidate().transpose().map(|candidate| known(None, candidate)),
            history: past.collect(),
        })
    }

    /// A configuration by its name.
    ///
    /// # Errors
    /// [`ConfigError::NoCandidate`], [`ConfigError::NoSuchConfiguration`], or as [`configuration`].
    pub fn configuration_of(&self, which: &Which) -> Result<Configuration, EngineError> {
        match which {
            Which::Shipped => Ok(shipped()),
            Which::Active => self.ranker().active(),
            Which::Candidate => Ok(self.ranker().candidate()?.ok_or(ConfigError::NoCandidate)?),
            Which::Past(number) => self.ranker().past(*number),
            Which::File(path) => configuration(Some(path)),
        }
    }

    /// Checks a file and keeps its configuration as the candidate, in place of an earlier one; what is in force stays.
    ///
    /// # Errors
    /// As [`configuration`]; [`EngineError::Config`] for a name that does not fit on a line; [`EngineError::Store`] while
    /// another process is writing.
    pub fn propose(&self, file: &Path, name: Option<&str>, now: i64) -> Result<KnownConfiguration, EngineError> {
        let _lock = self.store.lock_files()?;
        let read = configuration(Some(file))?;
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let earlier = read.about.as_ref().map(|about| about.name.clone()).filter(|name| !name.is_empty());
        let name = name.map(str::to_owned).or(earlier).or(stem).unwrap_or_default();
        let from = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let about = About { name, from, proposed: now, promoted: None, note: String::new() }.checked()?;
        let candidate = Configuration { about: Some(about), ..read };
        self.ranker().keep_candidate(&candidate)?;
        Ok(known(None, Ok(candidate)))
    }

    /// Keeps a configuration that a search has found as the candidate, in place of an earlier one.
    ///
    /// # Errors
    /// As [`Self::propose`].
    pub fn propose_found(
        &self,
        found: &Configuration,
        from: &str,
        now: i64,
    ) -> Result<KnownConfiguration, EngineError> {
        let _lock = self.store.lock_files()?;
        let name = format!("tuned-{}", found.fingerprint());
        let about = About { name, from: from.to_owned(), proposed: now, promoted: None, note: String::new() };
        let candidate = Configuration { about: Some(about.checked()?), ..found.clone() }.checked()?;
        self.ranker().keep_candidate(&candidate)?;
        Ok(known(None, Ok(candidate)))
    }

    /// Puts the candidate in force; the one before goes to the history. Lists and answers go by it at once, also those of a
    /// server that is running. Killed at any moment, the one or the other is in force, whole; run again, it ends as if it had
    /// not been killed.
    ///
    /// # Errors
    /// [`ConfigError::NoCandidate`]; [`EngineError::Store`] while another process is writing; [`EngineError::File`] on a
    /// full disk.
    pub async fn promote(&self, note: &str, now: i64, progress: OnProgress<'_>) -> Result<Promotion, EngineError> {
        let candidate = self.ranker().candidate()?.ok_or(ConfigError::NoCandidate)?;
        let about = About { promoted: Some(now), note: note.to_owned(), ..candidate.about.unwrap_or_default() };
        let promotion = self.install(Configuration { about: Some(about), ..candidate }, progress).await?;
        self.ranker().drop_candidate()?;
        Ok(promotion)
    }

    /// Puts a configuration of the past in force again: that of a number, or else the last. The one before goes to the
    /// history, so that nothing is lost by going back.
    ///
    /// # Errors
    /// [`ConfigError::NoHistory`], [`ConfigError::NoSuchConfiguration`], or as [`Self::promote`].
    pub async fn roll_back(
        &self,
        number: Option<u32>,
        note: &str,
        now: i64,
        progress: OnProgress<'_>,
    ) -> Result<Promotion, EngineError> {
        let ranker = self.ranker();
        let last = || Ok::<_, EngineError>(ranker.past_numbers()?.pop().ok_or(ConfigError::NoHistory)?);
        let number = number.map_or_else(last, Ok)?;
        let past = ranker.past(number)?;
        let name = past.about.as_ref().map(|about| about.name.clone()).unwrap_or_default();
        let about = About {
            name,
            from: format!("history {number}"),
            proposed: now,
            promoted: Some(now),
            note: note.to_owned(),
        };
        self.install(Configuration { about: Some(about), ..past }, progress).await
    }

    /// The base is made first and put in its place last: in between, answers wait for nothing.
    async fn install(&self, new: Configuration, progress: OnProgress<'_>) -> Result<Promotion, EngineError> {
        let lock = self.store.lock_files()?;
        let about = new.about.clone().unwrap_or_default().checked()?;
        let new = Configuration { about: Some(about), ..new }.checked()?;
        let ranker = self.ranker();
        let before = ranker.active().ok();
        let next = self.matrix_path().with_extension("matrix.next");
        let matrix_made = self.needs_other_base(&new).await?;
        if matrix_made {
            let origin = self.origin(self.store.listing_revision().await?, new.text).await?;
            let base = self.counted(&new.text, progress).await?;
            tokio::task::block_in_place(|| match_base::keep(&base, &origin, &next))?;
        }
        let number = ranker.keep_active_in_history()?;
        ranker.put_in_force(&new)?;
        if matrix_made {
            let path = self.matrix_path();
            std::fs::rename(&next, &path).map_err(|source| EngineError::File { path, source })?;
        }
        drop(lock);
        tracing::info!(fingerprint = %new.fingerprint(), before = number, "configuration put in force");
        let rankings_stand = before.as_ref().is_some_and(|before| before.ranks_as(&new));
        let differences = before.map_or_else(Vec::new, |before| before.differences(&new));
        Ok(Promotion { active: known(None, Ok(new)), before: number, differences, matrix_made, rankings_stand })
    }
}
