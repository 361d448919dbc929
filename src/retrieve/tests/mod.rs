//! Rows, statistics and their file, each against what they are made of.

mod bm25f;
mod counts;
mod example;
mod file;
mod listings;
mod requests;
