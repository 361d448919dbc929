//! The integration tests, in one binary: the crate from outside, through its doors and against its architecture.
#![cfg(test)]

mod architecture;
mod bad_input;
mod cli;
mod faults;
mod fixtures;
mod pipeline;
mod search;
mod source;
mod workbook;
