//! The record: listings, enterprises, finished imports, what firms were shown and did with it, and who may sign in, kept
//! in one directory.
//!
//! In come checked domain values, out come the same values and what saving them changed. One call of `save_…` is one
//! transaction: after a crash or on a full disk each batch is there whole or not at all, and saving it again ends in the
//! same state. Writing takes a [`WriteLock`]; reading takes none. Every change of a listing gets a revision, so that an
//! index is brought up to date from [`Store::listing_changes`] alone.
//!
//! This is the only module that knows SQL. The record is an SQLite file of the directory or a database of a PostgreSQL
//! server; `statement` and `pool` run every statement on either, so that each is written once, in what both share. Only
//! `sqlite`, `postgres`, `server_lock`, `schema` and `sql_error` know which it is. No clock and no ids of its own: times and ids come with the values.
//!
//! Not done here: reading files (`ingest`), the index (`index`), deciding when to save (`engine`).

mod accounts;
mod answered_once;
mod audit;
mod backup;
mod backup_error;
mod campaign_results;
mod campaigns;
mod connection;
mod credentials;
mod database;
mod dealings;
mod deliveries;
mod demands;
mod enterprise_identity;
mod enterprise_reads;
mod enterprises;
mod error;
mod feedback;
mod imports;
mod industry_fees;
mod interest;
mod licences;
mod listing_merge;
mod listing_reads;
mod listings;
mod lives;
mod lock;
mod matches;
mod message_counts;
mod messages;
mod opt_outs;
mod pool;
mod postgres;
mod restore;
mod retention;
mod rows;
mod saved_searches;
mod schema;
mod server_error;
mod server_lock;
mod sql_error;
mod sqlite;
mod statement;
mod ways_in;
mod webhooks;

#[cfg(test)]
mod tests;

pub use accounts::{AccountChange, KeptAccount};
pub use answered_once::Once;
pub use audit::KeptEntry;
pub use backup::{BackupContents, verify_backup};
pub use backup_error::BackupError;
pub use campaign_results::DeedCount;
pub use connection::Store;
pub use credentials::TokenRecord;
pub use database::{Database, DatabaseError, Place, Server};
pub use dealings::Party;
pub use enterprises::SavedEnterprises;
pub use error::StoreError;
pub use feedback::{KeptEvent, SavedFeedback};
pub use imports::{FinishedImport, ImportRecord};
pub use interest::Interest;
pub use listing_reads::ListingChange;
pub use lives::LifeChange;
pub use lock::{DirectoryLock, WriteLock};
pub use matches::{MatchList, MatchRun};
pub use message_counts::MessageCount;
pub use messages::{QueueChange, Tried};
pub use restore::restore_backup;
pub use rows::Saved;
pub use server_error::ServerError;
pub use server_lock::LockHolder;
