//! What a preview tells of a plan.

use super::campaign_preview::Drawn;
use crate::campaign::{Assignment, Limits, Pair};
use crate::domain::{CampaignBrief, CampaignPlan, ExposureStep, Moment, Outcome, OutcomeCount, UnmetCause, UnmetLimit};
use crate::eval;

/// Where the ranges of exposure begin: to so many enterprises and more.
const STEPS: [usize; 8] = [0, 1, 2, 5, 10, 20, 50, 100];

/// A plan and what it was made of.
pub(super) struct Planned<'a> {
    pub(super) brief: &'a CampaignBrief,
    pub(super) firms: &'a [Drawn],
    pub(super) limits: &'a Limits,
    pub(super) pools: &'a [Vec<Pair>],
    pub(super) assigned: &'a Assignment,
}

impl Planned<'_> {
    pub(super) fn figures(&self, at: Moment) -> CampaignPlan {
        let counts = self.counts();
        let count = |outcome| self.firms.iter().filter(|firm| firm.outcome == outcome).count();
        CampaignPlan {
            planned_at: at.now,
            day: at.today,
            audience: self.firms.len(),
            outcomes: Outcome::ALL.map(|outcome| OutcomeCount { outcome, enterprises: count(outcome) }).to_vec(),
            propensity: 1.0 - f64::from(self.brief.held_back) / 100.0,
            listings: counts.len(),
            listings_sent: counts.iter().filter(|count| **count > 0).count(),
            pairs: counts.iter().sum(),
            exposure: exposure(&counts),
            value: self.assigned.value,
            gap: self.assigned.gap(),
            unlimited: self.unlimited(),
            unmet: self.unmet().into_iter().collect(),
            gini: eval::gini(counts),
        }
    }

    /// To how many enterprises each listing goes.
    fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.limits.most.len()];
        self.assigned.lists.iter().flatten().for_each(|pair| counts[pair.listing as usize] += 1);
        counts
    }

    /// What each enterprise's best would be worth.
    fn unlimited(&self) -> f64 {
        let of_firm =
            |(pool, places): (&Vec<Pair>, &usize)| pool.iter().take(*places).map(|pair| pair.value).sum::<f64>();
        self.pools.iter().zip(&self.limits.places).map(of_firm).sum()
    }

    /// Whether each listing goes to as many as it should, and if not, what stands in the way: quotas and places are held
    /// always, so that least exposure is what gives way.
    fn unmet(&self) -> Option<UnmetLimit> {
        let short = &self.assigned.short;
        let asked: usize = self.limits.least.iter().sum();
        let missing: usize = short.iter().map(|(_, missing)| missing).sum();
        let sum = |quotas: &[usize]| quotas.iter().fold(0_usize, |sum, quota| sum.saturating_add(*quota));
        let ceilings = [
            (UnmetCause::Places, sum(&self.limits.places)),
            (UnmetCause::HolderQuotas, sum(&self.limits.holder_most)),
            (UnmetCause::RegionQuotas, sum(&self.limits.region_most)),
        ];
        let lowest = ceilings.into_iter().filter(|(_, most)| *most < asked).min_by_key(|(_, most)| *most);
        (missing > 0).then(|| UnmetLimit {
            limit: "limits.least".to_owned(),
            asked,
            reached: asked - missing,
            listings: short.len(),
            cause: lowest.map_or(UnmetCause::Suitability, |(cause, _)| cause),
        })
    }
}

fn exposure(counts: &[usize]) -> Vec<ExposureStep> {
    let to = |step: usize| STEPS.get(step + 1).map(|next| next - 1);
    let step = |(step, from): (usize, usize)| ExposureStep {
        from,
        to: to(step),
        listings: counts.iter().filter(|count| **count >= from && to(step).is_none_or(|to| **count <= to)).count(),
    };
    STEPS.into_iter().enumerate().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listing_stands_in_one_step_of_exposure() {
        let counts = [0, 0, 1, 2, 4, 5, 9, 10, 99, 100, 5_000];
        let steps = exposure(&counts);
        assert_eq!(steps.iter().map(|step| step.listings).collect::<Vec<_>>(), [2, 1, 2, 2, 1, 0, 1, 2]);
        assert_eq!((steps[2].from, steps[2].to, steps[7].to), (2, Some(4), None));
    }
}
