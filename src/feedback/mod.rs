//! Feedback: what firms did with what they were shown, as what it teaches.
//!
//! In come events and deliveries; out come lessons about one firm, and judgements
//! of how relevant listings were. Nothing here depends on the order events arrive in, on a
//! clock or on a random source: the same events teach the same.
//!
//! Not done here: keeping events (`store`), what lessons do to a profile (`profile`), what is not shown again (`rank`).

mod examination;
mod judgements;
mod lessons;

pub use examination::Examination;
pub use judgements::{Deed, FeedbackJudgement, judgements};
pub use lessons::lessons;
