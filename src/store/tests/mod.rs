//! The record's rules, each against a real database in a directory of its own.

mod crash;
mod enterprises;
mod example;
mod faults;
mod feedback;
mod imports;
mod listings;
mod matches;
mod opening;
mod properties;
mod speed;
