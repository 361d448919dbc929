//! What is kept of everything that was done: who, when, what, why.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Actor;

/// One thing done to one subject. Once written it is never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// What kind of thing it was done to: `listing`.
    pub subject_kind: String,
    /// Its id.
    pub subject: String,
    /// What was done, as a word that stays.
    pub action: String,
    /// Who did it.
    pub actor: Actor,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
    /// The state before; `None` where there was none.
    pub before: Option<String>,
    /// The state after.
    pub after: String,
    /// Why, in words for people; empty where the step needs no reason.
    pub reason: String,
    /// What else belongs to it, as JSON; empty for nothing.
    pub detail: String,
}

impl AuditEntry {
    /// A step of something that needs no reason.
    #[must_use]
    pub fn of(
        (kind, subject): (&str, &str),
        action: &str,
        (before, after): (Option<&str>, &str),
        actor: &Actor,
        at: i64,
    ) -> Self {
        Self {
            subject_kind: kind.to_owned(),
            subject: subject.to_owned(),
            action: action.to_owned(),
            actor: actor.clone(),
            at,
            before: before.map(str::to_owned),
            after: after.to_owned(),
            reason: String::new(),
            detail: String::new(),
        }
    }

    /// The same of something with a number.
    #[must_use]
    pub fn step(
        (kind, number): (&str, i64),
        action: &str,
        states: (Option<&str>, &str),
        actor: &Actor,
        at: i64,
    ) -> Self {
        Self::of((kind, &number.to_string()), action, states, actor, at)
    }
}
