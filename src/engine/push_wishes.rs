//! Whether an enterprise wants to be sent recommendations: its own word, which no import changes.

use super::{Engine, EngineError};
use crate::domain::{Actor, AuditEntry, EnterpriseId, Moment, PushWish};

impl Engine {
    /// What the enterprise has said.
    ///
    /// # Errors
    /// [`EngineError::Store`] if it cannot be read.
    pub async fn push_wish(&self, enterprise: &EnterpriseId) -> Result<PushWish, EngineError> {
        Ok(PushWish::of(self.store.opted_out_at(enterprise).await?))
    }

    /// Keeps what the enterprise says. From then on nothing is sent to one that has opted out; it still sees what it asks
    /// for itself.
    ///
    /// # Errors
    /// [`EngineError::Store`] if it cannot be kept; then nothing is changed.
    pub async fn set_push_wish(
        &self,
        enterprise: &EnterpriseId,
        wanted: bool,
        actor: &Actor,
        at: Moment,
    ) -> Result<PushWish, EngineError> {
        let lock = self.writing().await?;
        let (since, action) = if wanted { (None, "opt_in") } else { (Some(at.now), "opt_out") };
        let states = if wanted { (Some("opted_out"), "reachable") } else { (Some("reachable"), "opted_out") };
        let entry = AuditEntry::of(("enterprise", enterprise.as_str()), action, states, actor, at.now);
        self.store.set_opt_out(&lock, enterprise, since, entry).await?;
        self.push_wish(enterprise).await
    }
}
