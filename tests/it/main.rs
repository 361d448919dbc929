//! The integration tests, in one binary: the crate from outside, through its doors and against its architecture.
#![cfg(test)]

mod architecture;
mod backup;
mod bad_input;
mod batch;
mod bench_match;
mod bench_quality;
mod bridge;
mod built_set;
mod classify;
mod cli;
mod embed;
mod faults;
mod feedback;
mod fixtures;
mod generate;
mod hard_zeros;
mod http;
mod judging;
mod listing_life;
mod made_up;
mod match_faults;
mod matching;
mod models;
mod naive;
mod pipeline;
mod pricing;
mod quality;
mod search;
mod serve;
mod sharing;
mod source;
mod teacher;
mod technology;
mod workbook;
