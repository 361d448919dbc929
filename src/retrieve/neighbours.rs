//! The field an enterprise seems to work in: the classes of the listings whose text fits it best.
//!
//! A form of pseudo-relevance feedback at IPC subclass level. It lifts how many of the first twenty lie in the firm's
//! field and leaves nDCG as it is; see `models/README.md`.

use std::collections::BTreeMap;

use super::RetrieveError;
use super::accumulator::Accumulator;
use super::bm25f::idf;
use crate::index::{MatchField, Snapshot};

/// How many of the best listings are asked.
const NEIGHBOURS: usize = 50;
/// How fast a neighbour's say falls with its score: the power of its share of the best score.
const SHARPNESS: i32 = 6;
/// How far a rare subclass counts more than a frequent one: the power of its relative idf.
const RARITY: f64 = 0.5;

/// Subclasses with less than this share of the neighbours' say are left out: they would be reasons nobody believes.
const SMALLEST_SHARE: f64 = 0.02;

/// What each subclass gives a listing in it; a listing in several gets the best of them, so that being classed widely
/// is no merit.
pub(super) struct Field {
    subclasses: BTreeMap<String, f64>,
}

impl Field {
    /// Reads the field off the sums so far.
    pub(super) fn of(snapshot: &Snapshot, sums: &Accumulator, trust: f64) -> Result<Self, RetrieveError> {
        let nearest = sums.best(NEIGHBOURS, |a, b| snapshot.id(a).cmp(snapshot.id(b)));
        let best = nearest.first().map_or(0.0, |&number| sums.total(number));
        let says: Vec<f64> = nearest.iter().map(|&number| (sums.total(number) / best).powi(SHARPNESS)).collect();
        let all: f64 = says.iter().sum();
        let mut subclasses = BTreeMap::new();
        for (&number, say) in nearest.iter().zip(says) {
            let named = snapshot.subclasses(number)?;
            let each = say / all / named.len().max(1) as f64;
            named.into_iter().for_each(|subclass| *subclasses.entry(subclass).or_insert(0.0) += each);
        }
        subclasses.retain(|_, share| *share >= SMALLEST_SHARE);
        subclasses.values_mut().for_each(|share| *share *= trust * best);
        Ok(Self { subclasses })
    }

    /// Hands what each subclass gives each listing in it to `visit`, in the order of subclasses.
    pub(super) fn visit(
        &self,
        snapshot: &Snapshot,
        mut visit: impl FnMut(&str, u32, f64),
    ) -> Result<(), RetrieveError> {
        let rarest = (1.0 + snapshot.count() as f64).ln();
        let mut members = Vec::new();
        for (subclass, say) in &self.subclasses {
            snapshot.visit_postings(MatchField::Ipc, subclass, |posting| members.push(posting.number))?;
            let rarity = (idf(snapshot.count(), members.len()) / rarest).powf(RARITY);
            members.drain(..).for_each(|number| visit(subclass, number, say * rarity));
        }
        Ok(())
    }
}
