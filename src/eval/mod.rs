//! Evaluation: how well a run answers a judged set.
//!
//! Input are a judged set ([`JudgedSet`], with its [`Qrels`]) and a ranking ([`Run`]), the latter two in TREC's text forms;
//! output are known measures of every judged query, their means, the means of parts of the queries, and what the lists
//! are like apart from being right ([`Assessment`]). Two runs are set side by side with the probability that chance makes
//! the difference ([`Comparison`]); figures are held to [`Floors`]. Pure: the same run and judgements give the same
//! figures, draws come from a seed.
//!
//! One measure a file, with formula and source. Not done here: making the run (`engine`), choosing between configurations
//! (`tune`).

mod answer;
mod assessment;
mod average_precision;
mod calibration;
mod class_precision;
mod comparison;
mod coverage;
mod diversity;
mod exposure;
mod figures;
mod floors;
mod judged_share;
mod judgement_import;
mod judgement_weights;
mod lists;
mod measure;
mod ndcg;
mod novelty;
mod precision;
mod qrels;
mod recall;
mod reciprocal_rank;
mod run;
mod set;
mod significance;
mod slices;
#[cfg(test)]
mod tests;
mod zeros;

pub use assessment::{Assessment, Metrics, Oddities, QueryFigures, assess};
pub use comparison::{Comparison, QueryDifference, compare};
pub use exposure::gini;
pub use figures::Figures;
pub use floors::{Floors, FloorsError, Limit, LimitResult, Limited};
pub use judgement_import::{GivenJudgement, JudgementFault, given_judgements, sound_judgements};
pub use judgement_weights::{JudgementWeights, WeightsError};
pub use lists::ListFigures;
pub use measure::{Measure, UnknownMeasure};
pub use qrels::{Qrels, QrelsError};
pub use run::{Run, RunError};
pub use set::{JudgedSet, ListingFacts, QueryFacts};
pub use significance::{Draws, bootstrap, randomisation};
pub use slices::{Slice, SliceBy};
pub use zeros::HardZeros;
