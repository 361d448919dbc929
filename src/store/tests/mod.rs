//! The record's rules, each against a real database: SQLite always, PostgreSQL where a server is given (`backend`).

mod accounts;
mod answered_once;
mod backend;
mod backup;
mod campaign_results;
mod campaigns;
mod crash;
mod dealings;
mod enterprises;
mod example;
mod faults;
mod feedback;
mod imports;
mod industry_fees;
mod listings;
mod lives;
mod matches;
mod messages;
mod opening;
mod opt_outs;
mod ordering;
mod properties;
mod server;
mod speed;
mod ways_in;
