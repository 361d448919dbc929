//! A licence, from the enterprise's acceptance of the published terms to its end, as one state machine.
//!
//! Source: pilot plan 三.3.2 (whoever accepts gets the licence, the holder may not refuse) and 三.4.1 (incentives); Patent
//! Law 2020, articles 50 to 52; Implementing Regulations 2023, article 87 (recording).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Actor, ActorKind, Claim, ClaimDecision, CreditCode, Date, Dispute, Enterprise, EnterpriseId, Fee, HolderKey,
    LicenceRefusal, LicenceStep, LicenceVerb, Listing, Location, Moment, Money,
};

/// Where a licence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LicenceState {
    /// The enterprise has accepted the published terms in writing.
    Accepted,
    /// What was due on acceptance has been paid: the licence holds.
    Paid,
    /// Recorded with the patent administration (备案).
    Recorded,
    /// The enterprise works the patent.
    InUse,
    /// It has run out, or was ended.
    Ended,
    /// The enterprise took its acceptance back before it paid.
    Cancelled,
    /// The holder refuses: on record with its reason, for the bureau to look at.
    Refused,
}

impl LicenceState {
    /// All states.
    pub const ALL: [Self; 7] =
        [Self::Accepted, Self::Paid, Self::Recorded, Self::InUse, Self::Ended, Self::Cancelled, Self::Refused];

    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Paid => "paid",
            Self::Recorded => "recorded",
            Self::InUse => "in_use",
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Accepted => "已接受",
            Self::Paid => "已付款",
            Self::Recorded => "已备案",
            Self::InUse => "实施中",
            Self::Ended => "已结束",
            Self::Cancelled => "已取消",
            Self::Refused => "被拒绝",
        }
    }

    /// The state of a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether the enterprise has the licence, or is about to: it takes no second one of the same listing.
    #[must_use]
    pub fn stands(self) -> bool {
        matches!(self, Self::Accepted | Self::Paid | Self::Recorded | Self::InUse)
    }

    /// Whether the licence holds, or has held: what was due is paid, or it was recorded because nothing was.
    #[must_use]
    pub fn holds(self) -> bool {
        matches!(self, Self::Paid | Self::Recorded | Self::InUse | Self::Ended)
    }
}

/// Who has the licence, as known when it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Licensee {
    /// The enterprise.
    pub enterprise: EnterpriseId,
    /// Its full name.
    pub name: String,
    /// Its credit code.
    pub credit_code: Option<CreditCode>,
    /// Where it sits.
    pub location: Option<Location>,
}

impl Licensee {
    /// What a licence needs to know of an enterprise.
    #[must_use]
    pub fn of(enterprise: &Enterprise) -> Self {
        Self {
            enterprise: enterprise.id.clone(),
            name: enterprise.name.clone(),
            credit_code: enterprise.credit_code.clone(),
            location: enterprise.location.clone(),
        }
    }
}

/// Something that is shown by a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proof {
    /// The paper: a receipt's number, the number of a record.
    pub evidence: String,
    /// Who says so.
    pub by: Actor,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// One enterprise's licence of one patent on the terms that were published when it accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Licence {
    /// Its number; 0 until it is kept.
    pub number: i64,
    /// The listing as it was then: what happens to it later does not touch the licence (Patent Law 2020, article 50).
    pub listing: Listing,
    /// Who has it.
    pub licensee: Licensee,
    /// Where it stands.
    pub state: LicenceState,
    /// How many steps were taken.
    pub version: i64,
    /// The day of the written notice.
    pub accepted_on: Date,
    /// Its last day, where the terms or the patent say so.
    pub ends_on: Option<Date>,
    /// That what was due was paid.
    pub payment: Option<Proof>,
    /// That it was recorded.
    pub record: Option<Proof>,
    /// Why it was last refused, taken back or ended.
    #[serde(default)]
    pub reason: String,
    /// What the parties disagreed on, in order.
    #[serde(default)]
    pub disputes: Vec<Dispute>,
    /// Incentives asked for.
    #[serde(default)]
    pub claims: Vec<Claim>,
}

impl Licence {
    /// The licence an enterprise takes by accepting what is published. That the listing is on offer to it is
    /// asked before (`rank`): there the rules stand in one place.
    ///
    /// # Errors
    /// [`LicenceRefusal::NothingPublished`] or [`LicenceRefusal::ToBeAgreed`] where there are no terms to accept.
    pub fn accepted(listing: Listing, enterprise: &Enterprise, at: Moment) -> Result<Self, LicenceRefusal> {
        let id = || listing.id.clone();
        let terms = listing.terms.as_ref().ok_or_else(|| LicenceRefusal::NothingPublished { listing: id() })?;
        if terms.fee == Fee::Negotiable {
            return Err(LicenceRefusal::ToBeAgreed { listing: id() });
        }
        let runs_out = terms.months.and_then(|months| at.today.plus_months(months)?.previous());
        let ends_on = [runs_out, listing.patent.expires_on()].into_iter().flatten().min();
        Ok(Self {
            number: 0,
            licensee: Licensee::of(enterprise),
            state: LicenceState::Accepted,
            version: 1,
            accepted_on: at.today,
            ends_on,
            payment: None,
            record: None,
            reason: String::new(),
            disputes: Vec::new(),
            claims: Vec::new(),
            listing,
        })
    }

    /// What has to be paid before the licence holds; zero where it is free at first, or paid by what is made.
    #[must_use]
    pub fn due_on_acceptance(&self) -> Money {
        self.listing.terms.as_ref().map_or(Money::ZERO, |terms| first_payment(&terms.fee))
    }

    /// Whether an actor is one of its parties, or the bureau.
    #[must_use]
    pub fn concerns(&self, actor: &Actor) -> bool {
        let key = HolderKey::of(&actor.name);
        match actor.kind {
            ActorKind::Holder => {
                key.is_some() && self.listing.patent.holders.iter().any(|name| HolderKey::of(name) == key)
            }
            ActorKind::Enterprise => key == HolderKey::of(&self.licensee.name),
            ActorKind::Bureau | ActorKind::System => true,
            ActorKind::Operator => false,
        }
    }

    /// Takes a step: the licence as it is then.
    ///
    /// # Errors
    /// The first reason that speaks against it; nothing has changed.
    pub fn take(&self, step: &LicenceStep, actor: &Actor, at: Moment) -> Result<Self, LicenceRefusal> {
        let verb = step.verb();
        if !verb.is_for(actor.kind) || !self.concerns(actor) {
            return Err(LicenceRefusal::NotYours { step: verb, actor: actor.kind });
        }
        let state = self.leads(verb).ok_or(LicenceRefusal::NotFromHere {
            number: self.number,
            step: verb,
            state: self.state,
        })?;
        if step.text().is_empty() && verb.needs_text() {
            return Err(LicenceRefusal::NoText { step: verb });
        }
        let mut next = Self { state, version: self.version + 1, ..self.clone() };
        next.note(step, actor, at)?;
        Ok(next)
    }

    /// Where a step leads; `None` where it does not start from here.
    #[must_use]
    pub fn leads(&self, verb: LicenceVerb) -> Option<LicenceState> {
        use LicenceState as S;
        use LicenceVerb as V;
        let nothing_due = self.due_on_acceptance() == Money::ZERO;
        match (verb, self.state) {
            (V::ConfirmPayment, S::Accepted) => Some(S::Paid),
            (V::Record, S::Paid) => Some(S::Recorded),
            (V::Record, S::Accepted) if nothing_due => Some(S::Recorded),
            (V::BeginUse, S::Recorded) => Some(S::InUse),
            (V::Cancel, S::Accepted) => Some(S::Cancelled),
            (V::Refuse, S::Accepted) => Some(S::Refused),
            (V::Reinstate, S::Refused) => Some(S::Accepted),
            (V::End, S::Paid | S::Recorded | S::InUse) => Some(S::Ended),
            // A payment that comes later, of what is paid by what is made.
            (V::ConfirmPayment, state @ (S::Recorded | S::InUse)) if self.payment.is_none() => Some(state),
            (V::OpenDispute | V::Mediate | V::GoToCourt | V::SettleDispute, state) => Some(state),
            (V::Claim, state @ (S::Paid | S::Recorded | S::InUse | S::Ended)) => Some(state),
            (V::DecideClaim, state) => Some(state),
            _ => None,
        }
    }

    fn note(&mut self, step: &LicenceStep, actor: &Actor, at: Moment) -> Result<(), LicenceRefusal> {
        let text = step.text().to_owned();
        let proof = || Some(Proof { evidence: text.clone(), by: actor.clone(), at: at.now });
        match step {
            LicenceStep::ConfirmPayment(_) => self.payment = proof(),
            LicenceStep::Record(_) => self.record = proof(),
            LicenceStep::BeginUse => {}
            LicenceStep::Cancel(_) | LicenceStep::Refuse(_) | LicenceStep::End(_) => self.reason = text,
            LicenceStep::Reinstate(_) => self.reason.clear(),
            LicenceStep::OpenDispute(_) => self.open_dispute(&text, actor, at)?,
            LicenceStep::Mediate(_) | LicenceStep::GoToCourt(_) | LicenceStep::SettleDispute(_) => {
                let (number, verb) = (self.number, step.verb());
                let open = self.disputes.last_mut().filter(|dispute| dispute.is_open());
                let open = open.ok_or(LicenceRefusal::NoDispute { number })?;
                open.advance(verb, &text, actor, at).ok_or(LicenceRefusal::DisputeIsFurther { number, step: verb })?;
            }
            LicenceStep::Claim { amount, .. } => {
                self.claims.push(Claim {
                    scheme: text,
                    amount: *amount,
                    by: actor.clone(),
                    at: at.now,
                    decision: None,
                });
            }
            LicenceStep::DecideClaim { claim, granted, .. } => {
                let number = self.number;
                let place = claim.checked_sub(1).and_then(|place| self.claims.get_mut(place));
                let open = place.filter(|claim| claim.decision.is_none());
                let open = open.ok_or(LicenceRefusal::NoClaim { number, claim: *claim })?;
                open.decision = Some(ClaimDecision { granted: *granted, reason: text, by: actor.clone(), at: at.now });
            }
        }
        Ok(())
    }

    fn open_dispute(&mut self, about: &str, actor: &Actor, at: Moment) -> Result<(), LicenceRefusal> {
        if self.disputes.last().is_some_and(Dispute::is_open) {
            return Err(LicenceRefusal::DisputeOpen { number: self.number });
        }
        self.disputes.push(Dispute::opened(about, actor, at));
        Ok(())
    }

    /// The step that is due by itself on a day: one that has run out ends.
    #[must_use]
    pub fn due(&self, today: Date) -> Option<LicenceStep> {
        let last = self.ends_on.filter(|last| *last < today)?;
        self.leads(LicenceVerb::End)?;
        Some(LicenceStep::End(format!("许可期限已于 {last} 届满")))
    }
}

fn first_payment(fee: &Fee) -> Money {
    match fee {
        Fee::Free | Fee::Negotiable | Fee::TrialThenPaid { .. } => Money::ZERO,
        Fee::LumpSum { amount } | Fee::PerYear { amount } => *amount,
        Fee::Instalments { first, .. } => *first,
        Fee::Royalty { entry, .. } | Fee::UnitRoyalty { entry, .. } => *entry,
    }
}

#[cfg(test)]
#[path = "licence_tests.rs"]
mod tests;
