//! How much each reason counts.

use serde::{Deserialize, Serialize};

use super::{RankError, Seeker};
use crate::domain::EvidenceKind;

/// Points for the share 1.
pub const POINTS: f64 = 100.0;

/// The linear ranking's weights, each finite and zero or above.
///
/// The fields are open to whoever tries other weights: [`Weights::checked`] says whether they can be ranked with, and
/// [`super::rank`] asks again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Shared words.
    pub words: f64,
    /// Shared character pairs.
    pub bigrams: f64,
    /// IPC agreement with the enterprise's own patents.
    pub ipc: f64,
    /// The field the enterprise seems to work in.
    pub likely_ipc: f64,
    /// Nearness in meaning.
    pub meaning: f64,
    /// Fee against budget: the largest share of the fit that it adds or takes.
    pub fee: f64,
    /// Holder in the same province: the share of the fit that it adds.
    pub region: f64,
}

impl Weights {
    /// The weights of the evidence, in the order of [`EvidenceKind::ALL`]; retrieval uses the same.
    #[must_use]
    pub fn evidence(&self) -> [f64; EvidenceKind::ALL.len()] {
        EvidenceKind::ALL.map(|kind| match kind {
            EvidenceKind::Words => self.words,
            EvidenceKind::Bigrams => self.bigrams,
            EvidenceKind::Ipc => self.ipc,
            EvidenceKind::LikelyIpc => self.likely_ipc,
            EvidenceKind::Meaning => self.meaning,
        })
    }

    /// These weights, if they can be ranked with; to be asked where weights come in from outside.
    ///
    /// # Errors
    /// [`RankError::Weight`] for the first that is negative, infinite or NaN.
    pub fn checked(self) -> Result<Self, RankError> {
        self.check().map(|()| self)
    }

    pub(super) fn check(&self) -> Result<(), RankError> {
        let faulty = self.named().into_iter().find(|(_, value)| !value.is_finite() || *value < 0.0);
        faulty.map_or(Ok(()), |(name, value)| Err(RankError::Weight { name, value }))
    }

    /// Every weight by its name, in the order of the file.
    fn named(&self) -> [(&'static str, f64); 7] {
        let Self { words, bigrams, ipc, likely_ipc, meaning, fee, region } = *self;
        [
            ("words", words),
            ("bigrams", bigrams),
            ("ipc", ipc),
            ("likely_ipc", likely_ipc),
            ("meaning", meaning),
            ("fee", fee),
            ("region", region),
        ]
    }

    /// What each kind of evidence adds to the fit, in points, in the order of [`EvidenceKind::ALL`].
    pub(super) fn fit_parts(&self, features: &[f64; EvidenceKind::ALL.len()]) -> [f64; EvidenceKind::ALL.len()] {
        let mut parts = self.evidence();
        parts.iter_mut().zip(features).for_each(|(part, value)| *part = POINTS * *part * value);
        parts
    }

    /// The fit of a candidate with these features, in points: the part of its score that is evidence.
    #[must_use]
    pub fn fit(&self, features: &[f64; EvidenceKind::ALL.len()]) -> f64 {
        self.fit_parts(features).iter().sum()
    }

    /// The largest factor by which terms and place can raise a fit: `score ≤ fit · largest_lift()` for every listing and
    /// every enterprise, with weights that pass [`Weights::checked`] and features of zero or above.
    ///
    /// A score is `fit · (1 + fee · f + region · r)`, where `f` is at most 1 (a licence free of charge) and `r` at most
    /// 1 (one province), so the factor is `1 + fee + region`. It is rounded up by a few units of the last place, because
    /// a score is added up part by part and may come out that much above the product. So: once a list is full, a listing
    /// whose fit times this factor is below the list's last score cannot enter it, nor can any with a smaller fit; one
    /// that reaches that score exactly may, as ties go by id. A fit that was worked out in another way than
    /// [`Weights::fit`] (in another order, or in `f32`) needs a margin of its own.
    #[must_use]
    pub fn largest_lift(&self) -> f64 {
        (1.0 + self.fee + self.region) * (1.0 + 8.0 * f64::EPSILON)
    }

    /// The same factor for one enterprise: no fee moves the fit of one without a budget, no place of one whose place is
    /// not known.
    #[must_use]
    pub fn largest_lift_for(&self, seeker: &Seeker) -> f64 {
        let budget = seeker.budget_per_year().is_some_and(|budget| budget.fen() > 0);
        let fee = if budget { self.fee } else { 0.0 };
        let region = if seeker.province().is_some() { self.region } else { 0.0 };
        (1.0 + fee + region) * (1.0 + 8.0 * f64::EPSILON)
    }
}

impl Default for Weights {
    /// The evidence's weights were learnt by LambdaRank, cross-validated and rounded (`models/README.md`); no judged set knows fees or places, so
    /// theirs are small by decision.
    fn default() -> Self {
        Self { words: 0.5, bigrams: 1.0, ipc: 1.15, likely_ipc: 1.2, meaning: 1.2, fee: 0.1, region: 0.05 }
    }
}
