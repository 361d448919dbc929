//! Where a configuration comes from.

use serde::{Deserialize, Serialize};

use super::ConfigError;

/// Longest name or note, in characters.
const LONGEST: usize = 400;

/// Where a configuration comes from: its section `[about]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// What it is called.
    pub name: String,
    /// Whence it was taken: a file, a search, an earlier configuration.
    pub from: String,
    /// When it was proposed, in seconds since 1970-01-01 UTC.
    pub proposed: i64,
    /// When it was put in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoted: Option<i64>,
    /// Why it was put in force, in the words of whoever did it; may be empty.
    #[serde(default)]
    pub note: String,
}

impl About {
    /// What is said of a configuration, if every word of it fits on a line.
    ///
    /// # Errors
    /// [`ConfigError::Words`] for a name, origin or note of more than 400 characters or with one that cannot be printed.
    pub fn checked(self) -> Result<Self, ConfigError> {
        for (what, text) in [("name", &self.name), ("from", &self.from), ("note", &self.note)] {
            if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
                return Err(ConfigError::Words { what, most: LONGEST });
            }
        }
        Ok(self)
    }
}
