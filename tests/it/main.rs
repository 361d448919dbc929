//! The integration tests, in one binary: the crate from outside, through its doors and against its architecture.
#![cfg(test)]

mod architecture;
mod bad_input;
mod bridge;
mod classify;
mod cli;
mod embed;
mod faults;
mod fixtures;
mod http;
mod pipeline;
mod quality;
mod search;
mod serve;
mod source;
mod teacher;
mod technology;
mod workbook;
