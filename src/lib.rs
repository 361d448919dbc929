//! duijie（对接）matches Chinese open-licence patents (专利开放许可) with the enterprises that can use them.
//!
//! The modules stand in the order data flows through them: a file of listings is read and checked (`ingest`), kept
//! (`store`), analysed (`analysis`) and indexed (`index`); an enterprise becomes a weighted `profile`, for which
//! `retrieve` finds candidates and `rank` orders and explains them, and `campaign` says who is sent which; `eval` measures the result and `document` draws
//! charts. What of it an operator may change is a file (`config`). `mail` and
//! `sign_on` speak to servers of others. `engine` wires the steps; `http` and `cli` are two thin doors into it. `tests/it/architecture.rs` holds who
//! may import whom.

pub mod domain;

pub mod analysis;

pub mod model_file;

pub mod embed;

pub mod classify;

pub mod firms;

pub mod ingest;

pub mod store;

pub mod index;

pub mod mail;
pub mod sign_on;
pub mod webhook;

pub mod bridge;
pub mod feedback;

pub mod profile;

pub mod retrieve;

pub mod rank;

pub mod campaign;

pub mod pricing;

pub mod config;

pub mod eval;

pub mod tune;

pub mod document;

pub mod engine;

pub mod http;

pub mod cli;
