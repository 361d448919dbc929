//! Finding the firms nearest to a question, and letting them speak.

use std::collections::BTreeMap;

use super::{Firm, Known, Like};
use crate::domain::{HolderKey, Meaning};

/// Firms that speak, at most.
const NEAREST: usize = 60;

/// A firm by its place with how much it says, 1 for the nearest.
type Said = (usize, f64);

impl Known {
    /// Makes terms findable: what follows from terms and firms, and need not be kept.
    pub(super) fn index(terms: Vec<String>, subclasses: Vec<String>, mut firms: Vec<Firm>) -> Self {
        let mut having: Vec<Vec<u32>> = vec![Vec::new(); terms.len()];
        for (place, firm) in (0..).zip(&firms) {
            firm.terms.iter().for_each(|&term| having[term as usize].push(place));
        }
        let all = firms.len() as f64;
        let rarity = |having: &Vec<u32>| (1.0 + all / (having.len() as f64).max(1.0)).ln().powi(2);
        let rarities: Vec<f64> = having.iter().map(rarity).collect();
        for firm in &mut firms {
            firm.norm = firm.terms.iter().map(|&term| rarities[term as usize]).sum::<f64>().sqrt();
        }
        Self { terms, subclasses, firms, having, rarities }
    }

    /// The firms that share most with these weighted terms, best first, ties by key; the one that asks is left out.
    ///
    /// A firm's score is Σ weight · idf² over the terms it shares, over the length √Σ idf² of its name; what it says is the
    /// fourth power of its score in the best firm's.
    pub(super) fn nearest(&self, weights: &BTreeMap<u32, f64>, asking: Option<HolderKey>) -> Vec<Said> {
        let mut scores = vec![0.0_f64; self.firms.len()];
        for (&term, weight) in weights {
            let term = term as usize;
            self.having[term].iter().for_each(|&firm| scores[firm as usize] += weight * self.rarities[term]);
        }
        let asking = asking.and_then(|key| self.firms.binary_search_by_key(&key, |firm| firm.key).ok());
        let shared = scores.iter().zip(&self.firms).enumerate();
        let others = shared.filter(|(place, (score, _))| **score > 0.0 && Some(*place) != asking);
        let mut found: Vec<Said> = others.map(|(place, (score, firm))| (place, score / firm.norm)).collect();
        let order = |a: &Said, b: &Said| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if found.len() > NEAREST {
            found.select_nth_unstable_by(NEAREST, order);
            found.truncate(NEAREST);
        }
        found.sort_unstable_by(order);
        let best = found.first().map_or(1.0, |(_, score)| *score);
        found.iter_mut().for_each(|(_, score)| *score = (*score / best).powi(4));
        found
    }

    /// What firms do that say so much.
    pub(super) fn said_by(&self, firms: &[Said]) -> Like {
        let mut shares = vec![0.0_f64; self.subclasses.len()];
        let mut direction = [0.0_f64; Meaning::DIMENSIONS];
        for &(place, said) in firms {
            let firm = &self.firms[place];
            let all: f64 = firm.subclasses.iter().map(|(_, patents)| f64::from(*patents)).sum();
            for &(subclass, patents) in &firm.subclasses {
                shares[usize::from(subclass)] += said * f64::from(patents) / all;
            }
            direction.iter_mut().zip(firm.meaning.vector()).for_each(|(sum, value)| *sum += said * f64::from(value));
        }
        let all: f64 = shares.iter().sum();
        let spoken = self.subclasses.iter().zip(shares).filter(|(_, share)| *share > 0.0);
        Like {
            subclasses: spoken.map(|(symbol, share)| (symbol.clone(), share / all)).collect(),
            meaning: Meaning::nearest_to(&direction.map(|sum| sum as f32)).unit(),
            firms: firms.len(),
        }
    }
}
