//! What reads texts and names, from the program itself.

use super::EngineError;
use crate::analysis::Analyzer;
use crate::classify::{ClassifyError, Shipped};
use crate::domain::{Enterprise, EnterpriseProfile, LabelKind, LearntInterest};
use crate::firms::{Firms, FirmsError};
use crate::profile::{self, profile_with};

/// The classifiers and the firms that ship.
#[derive(Clone)]
pub(super) struct Readers {
    pub(super) classifiers: Shipped,
    firms: Firms,
}

impl Readers {
    /// Reads them.
    ///
    /// # Errors
    /// [`EngineError::Classify`] or [`EngineError::Firms`] if they were made for another analyzer or embedding.
    pub(super) fn load(analyzer: &Analyzer) -> Result<Self, EngineError> {
        let classifiers = Shipped::load(analyzer).map_err(ClassifyError::Model)?;
        let firms = Firms::shipped(classifiers.embedding()).map_err(FirmsError::Model)?;
        Ok(Self { classifiers, firms })
    }

    /// Names what profiles rest on: another version may give another profile of the same record.
    pub(super) fn version() -> String {
        format!("{}-{}", Shipped::version(), Firms::version())
    }

    /// What an enterprise asks for, by its record and what was learnt of it.
    pub(super) fn profile(
        &self,
        analyzer: &Analyzer,
        enterprise: &Enterprise,
        learnt: &LearntInterest,
    ) -> EnterpriseProfile {
        let subclasses = self.classifiers.of(LabelKind::Subclass);
        profile_with(analyzer, profile::Readers { subclasses, firms: Some(&self.firms) }, enterprise, learnt)
    }
}
