//! Whether an enterprise wants to be sent recommendations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an enterprise has said of being sent recommendations (推送). Without a word of its own it is sent them; what it asks
/// for itself it is always shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PushWish {
    /// Whether it may be sent them.
    pub wanted: bool,
    /// Since when it has opted out, in seconds since 1970-01-01 UTC.
    pub opted_out_at: Option<i64>,
}

impl PushWish {
    /// The wish of one that opted out at a moment, or has not.
    #[must_use]
    pub fn of(opted_out_at: Option<i64>) -> Self {
        Self { wanted: opted_out_at.is_none(), opted_out_at }
    }
}
