//! The record's rules, each against a real database in a directory of its own.

mod example;
