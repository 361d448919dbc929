//! Campaigns: which firms are sent which listings.
//!
//! Input is what each firm could be sent, with the value of sending it, and limits; output is what each is sent, what that is
//! worth, and how much more it could be worth at most. Pure: no clock, no store, no chance; the same input gives the same
//! output.
//!
//! Not done here: what a pair is worth and who may be sent what at all (`rank`), sending it.

mod assignment;
mod auction;
mod bound;
mod limits;
mod minimums;
mod polish;
mod regions;
mod standing;
#[cfg(test)]
mod tests;

pub use assignment::{Assignment, LimitsMismatch, assign};
pub use limits::{Limits, Pair};
