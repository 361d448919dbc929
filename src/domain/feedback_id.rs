//! The names of deliveries and of what firms did with them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::FeedbackRefusal;

/// The longest name, in characters.
const LONGEST: usize = 64;

/// A name as given, or why it is none: 1 to 64 characters without blanks or control characters.
fn checked(text: &str) -> Result<String, FeedbackRefusal> {
    let fits = (1..=LONGEST).contains(&text.chars().count());
    if fits && !text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Ok(text.to_owned())
    } else {
        Err(FeedbackRefusal::Name { text: text.trim().chars().take(LONGEST).collect() })
    }
}

/// The name of a delivery, given when it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeliveryId(String);

impl DeliveryId {
    /// The name of what a campaign sends the enterprise at a place of it.
    #[must_use]
    pub fn of_campaign(campaign: i64, place: i64) -> Self {
        Self(format!("c-{campaign}-{place}"))
    }

    /// The campaign that sent it; `None` for what no campaign did.
    #[must_use]
    pub fn campaign(&self) -> Option<i64> {
        self.0.strip_prefix("c-")?.split_once('-')?.0.parse().ok()
    }
}

/// The name its sender gave an event: the same name is the same event, however often it comes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventId(String);

/// What both names share: 1 to 64 characters without blanks.
macro_rules! name {
    ($name:ident) => {
        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = FeedbackRefusal;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                checked(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = FeedbackRefusal;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(DeliveryId);
name!(EventId);
