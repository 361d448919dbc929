//! What was learnt of a firm from what it did with listings it was shown.

use serde::{Deserialize, Serialize};

use super::{EventId, FeedbackKind, IpcCode, ListingId};

/// What one listing teaches: that of all a firm did with it which counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// The listing.
    pub listing: ListingId,
    /// The event that counts.
    pub event: EventId,
    /// What was done.
    pub kind: FeedbackKind,
    /// How much its words and classes are wanted: above zero more of them, below zero less, zero neither.
    pub weight: f64,
    /// Whether it is not shown to the firm again.
    pub set_aside: bool,
}

/// A lesson with what its listing is about.
#[derive(Debug, Clone, PartialEq)]
pub struct LearntListing {
    /// The lesson's weight; not zero.
    pub weight: f64,
    /// The listing's title.
    pub title: String,
    /// Its IPC symbols.
    pub ipc: Vec<IpcCode>,
}

/// What a firm's feedback says of it, beside its record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LearntInterest {
    /// What it wants more or less of, in the order of listing ids.
    pub listings: Vec<LearntListing>,
    /// Listings it declined, ascending.
    pub declined: Vec<ListingId>,
    /// Listings it has a licence of, ascending.
    pub licensed: Vec<ListingId>,
}
