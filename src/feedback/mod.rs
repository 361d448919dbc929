//! Feedback: what firms did with what they were shown, as what it teaches.
//!
//! In come events and deliveries; out come lessons about one firm. Nothing here depends on the order events arrive in, on a
//! clock or on a random source: the same events teach the same.
//!
//! Not done here: keeping events (`store`), what lessons do to a profile (`profile`), what is not shown again (`rank`).

mod lessons;

pub use lessons::lessons;
