//! The record: listings, enterprises, finished imports, and what firms were shown and did with it, kept in one directory.
//!
//! In come checked domain values, out come the same values and what saving them changed. One call of `save_…` is one
//! transaction: after a crash or on a full disk each batch is there whole or not at all, and saving it again ends in the
//! same state. Writing takes a [`WriteLock`]; reading takes none. Every change of a listing gets a revision, so that an
//! index is brought up to date from [`Store::listing_changes`] alone.
//!
//! This is the only module that knows SQL, and its statements keep to what SQLite and PostgreSQL share, except where
//! `connection` opens SQLite. No clock and no ids of its own: times and ids come with the values.
//!
//! Not done here: reading files (`ingest`), the index (`index`), deciding when to save (`engine`).

mod connection;
mod deliveries;
mod enterprise_identity;
mod enterprise_reads;
mod enterprises;
mod error;
mod feedback;
mod imports;
mod listing_merge;
mod listing_reads;
mod listings;
mod lock;
mod matches;
mod rows;

#[cfg(test)]
mod tests;

pub use connection::Store;
pub use enterprises::SavedEnterprises;
pub use error::StoreError;
pub use feedback::{KeptEvent, SavedFeedback};
pub use imports::ImportRecord;
pub use listing_reads::ListingChange;
pub use lock::WriteLock;
pub use matches::{MatchList, MatchRun};
pub use rows::Saved;
