//! The integration tests, in one binary: the crate from outside, through its doors and against its architecture.
#![cfg(test)]

mod architecture;
mod fixtures;
mod pipeline;
mod search;
mod source;
