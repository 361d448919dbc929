//! The integration tests, in one binary: the crate from outside, through its doors and against its architecture.
#![cfg(test)]

mod architecture;
mod bad_input;
mod cli;
mod faults;
mod fixtures;
mod http;
mod pipeline;
mod quality;
mod search;
mod serve;
mod source;
mod workbook;
