//! Coordinate ascent: one setting after another is moved as long as that helps.

use std::collections::HashMap;

use super::Setting;

/// What a setting is multiplied by.
const STEPS: [f64; 4] = [0.5, 0.8, 1.25, 2.0];
/// What is tried instead where a setting is nothing, and no factor leads away from it.
const FROM_NOTHING: [f64; 2] = [0.25, 1.0];
/// A gain in the mean that is worth other settings.
const LEAST_GAIN: f64 = 1e-4;

/// How queries fare under the settings tried so far.
pub(super) struct Tried<F> {
    known: HashMap<Vec<u64>, Vec<f64>>,
    most: usize,
    ran_out: bool,
    fare: F,
}

impl<F, E> Tried<F>
where
    F: FnMut(&[f64]) -> Result<Option<Vec<f64>>, E>,
{
    pub(super) fn new(most: usize, fare: F) -> Self {
        Self { known: HashMap::new(), most, ran_out: false, fare }
    }

    /// How each query fares; `None` where tries or time are used up.
    pub(super) fn fare(&mut self, settings: &[f64]) -> Result<Option<Vec<f64>>, E> {
        let key: Vec<u64> = settings.iter().map(|setting| setting.to_bits()).collect();
        if let Some(known) = self.known.get(&key) {
            return Ok(Some(known.clone()));
        }
        let fares = if self.known.len() < self.most { (self.fare)(settings)? } else { None };
        match &fares {
            Some(fares) => drop(self.known.insert(key, fares.clone())),
            None => self.ran_out = true,
        }
        Ok(fares)
    }

    pub(super) fn count(&self) -> usize {
        self.known.len()
    }

    pub(super) fn ran_out(&self) -> bool {
        self.ran_out
    }
}

/// Where a search has come.
pub(super) struct Climb {
    pub(super) settings: Vec<f64>,
    /// How each query fares here, also those not looked at.
    pub(super) fares: Vec<f64>,
}

impl Climb {
    /// The best settings for some queries that single steps from `start` lead to. Of one setting's steps the best is
    /// taken, the first of equals; it ends when no step of any setting helps.
    pub(super) fn up<F, E>(start: &[Setting], queries: &[usize], tried: &mut Tried<F>) -> Result<Self, E>
    where
        F: FnMut(&[f64]) -> Result<Option<Vec<f64>>, E>,
    {
        let settings: Vec<f64> = start.iter().map(|setting| setting.start).collect();
        let fares = tried.fare(&settings)?.unwrap_or_default();
        let mut here = Self { settings, fares };
        let mut idle = 0;
        for coordinate in (0..start.len()).cycle() {
            let moved = here.step(coordinate, start[coordinate], queries, tried)?;
            idle = if moved { 0 } else { idle + 1 };
            if idle >= start.len() || tried.ran_out() {
                break;
            }
        }
        Ok(here)
    }

    fn step<F, E>(&mut self, coordinate: usize, of: Setting, queries: &[usize], tried: &mut Tried<F>) -> Result<bool, E>
    where
        F: FnMut(&[f64]) -> Result<Option<Vec<f64>>, E>,
    {
        let from = self.settings.clone();
        let mut best = mean(&self.fares, queries) + LEAST_GAIN;
        let here = from[coordinate];
        let steps = STEPS.iter().map(|step| here * step);
        let steps: Vec<f64> = if here == 0.0 { FROM_NOTHING.to_vec() } else { steps.collect() };
        for step in steps {
            let mut settings = from.clone();
            settings[coordinate] = rounded(step).clamp(of.least, of.most);
            let Some(fares) = tried.fare(&settings)? else { break };
            let mean = mean(&fares, queries);
            if mean > best {
                best = mean;
                *self = Self { settings, fares };
            }
        }
        Ok(self.settings != from)
    }
}

/// To four decimals: more than queries can tell apart, and the way back leads to where it came from.
fn rounded(setting: f64) -> f64 {
    (setting * 1e4).round() / 1e4
}

fn mean(fares: &[f64], queries: &[usize]) -> f64 {
    queries.iter().filter_map(|&query| fares.get(query)).sum::<f64>() / queries.len().max(1) as f64
}
