//! Weights learnt from how candidates of judged queries differ, not searched.

use rayon::prelude::*;

use super::EngineError;
use super::evaluate::DAY;
use super::matching::{MatchCatalogue, Matcher};
use crate::domain::{Candidate, Enterprise, EnterpriseProfile};
use crate::eval::JudgedSet;
use crate::rank::Weights;
use crate::retrieve::matrix::Scratch;
use crate::tune::Candidates;

/// The best candidates of a query that are learnt from: relevant listings further below do not bear on what is shown.
const DEPTH: usize = 200;

/// What is learnt, in the order of features: the weights of the kinds of evidence.
pub(super) const LEARNT: [&str; 5] =
    ["weights.words", "weights.bigrams", "weights.ipc", "weights.likely_ipc", "weights.meaning"];

/// The best candidates of each query by these weights, with what they offer and how relevant they are.
pub(super) fn candidates(
    (catalogue, weights): (&MatchCatalogue, &Weights),
    (queries, profiles): (&[Enterprise], &[EnterpriseProfile]),
    judged: &JudgedSet,
) -> Result<Vec<Candidates>, EngineError> {
    let matcher = Matcher::new(catalogue, weights, DAY);
    let all = catalogue.matrix.select(|_, _| true);
    let of = |scratch: &mut Scratch, (query, profile): (&Enterprise, &EnterpriseProfile)| {
        let request = matcher.request(profile, scratch)?;
        let found = matcher.retriever().candidates(&request, DEPTH, 0.0, &all, scratch)?;
        Ok(judged_candidates(query, &found, judged))
    };
    queries.par_iter().zip(profiles).map_init(Scratch::default, of).collect()
}

fn judged_candidates(query: &Enterprise, found: &[Candidate], judged: &JudgedSet) -> Candidates {
    let name = query.id.as_str();
    let grade = |candidate: &Candidate| judged.qrels.grade(name, candidate.listing.as_str()).unwrap_or(0);
    let mut grades: Vec<u8> =
        judged.qrels.judgements().filter(|(of, ..)| *of == name).map(|(.., grade)| grade).collect();
    grades.sort_unstable_by(|a, b| b.cmp(a));
    let best = grades.iter().zip(0_u32..).map(|(grade, place)| f64::from(*grade) / (f64::from(place) + 2.0).log2());
    Candidates {
        features: found.iter().map(|candidate| candidate.features.to_vec()).collect(),
        gains: found.iter().map(|candidate| f64::from(grade(candidate))).collect(),
        ideal: best.sum(),
    }
}

/// Learnt weights as the file has them: that of character pairs as it was, the others to it, with four decimals.
pub(super) fn scaled(learnt: &[f64], start: &Weights) -> Vec<f64> {
    let [_, pairs, ..] = start.evidence();
    let to = learnt.get(1).filter(|learnt| **learnt > 0.0).map_or(1.0, |learnt| pairs / learnt);
    learnt.iter().map(|weight| (weight * to * 1e4).round() / 1e4).collect()
}
