//! Evaluation: how well a run answers a judged set.
//!
//! Input are judgements ([`Qrels`]) and a ranking ([`Run`]), both in TREC's text forms; output are the means of known
//! measures over every judged query. Pure: the same run and judgements give the same figures.
//!
//! Not done here: making the run (`engine`), choosing between configurations (`tune`).

mod metrics;
mod qrels;
mod run;

pub use metrics::{Metrics, score};
pub use qrels::{Qrels, QrelsError};
pub use run::Run;
