//! How long what firms did and asked is kept.

use serde::Serialize;

use super::{Engine, EngineError};

const DAY: i64 = 86_400;

/// How many days things are kept; `None` for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// What a firm was shown and did with it, from the day it was shown.
    pub feedback_days: Option<u32>,
    /// What a firm asked and was answered, from the day it asked.
    pub enquiry_days: Option<u32>,
}

impl Default for Retention {
    /// Three years: the usual term of a licence, and of claims from it (Civil Code, article 188).
    fn default() -> Self {
        Self { feedback_days: Some(1_095), enquiry_days: Some(1_095) }
    }
}

/// What was forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    /// Deliveries, each with what was done with it.
    pub deliveries: u64,
    /// Enquiries with their answers.
    pub enquiries: u64,
}

impl Engine {
    /// Forgets what has been kept long enough. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`EngineError::Store`] while somebody else writes, or if the record cannot be written.
    pub async fn forget(&self, retention: Retention, now: i64) -> Result<Forgotten, EngineError> {
        let before = |days: u32| now - i64::from(days) * DAY;
        let lock = self.writing().await?;
        let mut forgotten = Forgotten::default();
        if let Some(days) = retention.feedback_days {
            forgotten.deliveries = self.store.forget_deliveries(&lock, before(days)).await?;
        }
        if let Some(days) = retention.enquiry_days {
            forgotten.enquiries = self.store.forget_enquiries(&lock, before(days)).await?;
        }
        Ok(forgotten)
    }
}
