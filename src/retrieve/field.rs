//! The field an enterprise seems to work in: the classes its description speaks for, and those of the listings whose text
//! fits it best.
//!
//! The latter is a form of pseudo-relevance feedback at IPC subclass level. Both lift how many of the first twenty lie in
//! the firm's field and leave nDCG as it is; see `models/README.md`.

use std::collections::BTreeMap;

use super::bm25f::idf;
use super::listings::ListingMatrix;
use super::matrix::{Question, Scratch, SparseRow};
use super::vocabulary::Stream;
use crate::domain::EnterpriseProfile;

/// How many of the best listings are asked.
const NEIGHBOURS: usize = 50;
/// How fast a neighbour's say falls with its score: the power of its share of the best score.
const SHARPNESS: i32 = 6;
/// How far a rare subclass counts more than a frequent one: the power of its relative idf.
const RARITY: f64 = 0.5;

/// Subclasses with less than this share of the neighbours' say are left out: they would be reasons nobody believes.
const SMALLEST_SHARE: f64 = 0.02;

/// What each subclass gives a listing in it, as weights of the subclass stream, and what the text that fits best scores. A
/// listing in several gets the best of them (see [`super::matrix::Measure`]).
pub(super) fn field(
    matrix: &ListingMatrix,
    question: &Question<'_>,
    profile: &EnterpriseProfile,
    scratch: &mut Scratch,
) -> (SparseRow, f64) {
    let base = matrix.base();
    let subclasses = base.vocabulary().end_of(Stream::Ipc)..base.vocabulary().end_of(Stream::Subclass);
    let nearest = matrix.neighbours(question, NEIGHBOURS, scratch);
    let best = nearest.first().map_or(0.0, |hit| hit.score);
    let says: Vec<f64> = nearest.iter().map(|hit| (hit.score / best).powi(SHARPNESS)).collect();
    let all: f64 = says.iter().sum();
    let mut shares: BTreeMap<u32, f64> = BTreeMap::new();
    for (hit, say) in nearest.iter().zip(says) {
        let row = base.matrix().rows().row(hit.row as usize);
        let named: Vec<u32> = row.terms.iter().copied().filter(|term| subclasses.contains(term)).collect();
        let each = say / all / named.len().max(1) as f64;
        named.into_iter().for_each(|subclass| *shares.entry(subclass).or_insert(0.0) += each);
    }
    let rarest = (1.0 + base.listings() as f64).ln();
    let weight = |(subclass, share): (u32, f64)| {
        let rarity = (idf(base.listings(), base.matrix().having(subclass)) / rarest).powf(RARITY);
        (subclass, (profile.field_trust * best * share * rarity) as f32)
    };
    shares.retain(|_, share| *share >= SMALLEST_SHARE);
    for likely in &profile.likely {
        if let Some(subclass) = base.vocabulary().number(Stream::Subclass, &likely.symbol) {
            *shares.entry(subclass).or_insert(0.0) += likely.weight;
        }
    }
    (shares.into_iter().map(weight).filter(|(_, weight)| *weight > 0.0).collect(), best)
}
