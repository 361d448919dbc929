//! Licences: taken by accepting what is published, then paid, recorded, worked, ended.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Engine, EngineError, TrailEntry};
use crate::domain::{
    Actor, AuditEntry, ClaimFlag, EnterpriseId, FeedbackKind, Licence, LicenceRefusal, LicenceStep, LicenceVerb,
    Moment, Notice, Offer, claim_flags,
};
use crate::rank::{self, Seeker};
use crate::store::Party;

/// What the trail calls licences.
const SUBJECT: &str = "licence";
/// Licences looked at at a time.
const PAGE: usize = 1_000;

/// A licence with what was done to it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LicenceReport {
    /// The licence.
    #[serde(flatten)]
    pub licence: Licence,
    /// What has to be paid before it holds, in fen.
    pub due_on_acceptance: i64,
    /// What a person must look at before a claim is granted.
    pub flags: Vec<ClaimFlag>,
    /// What was done to it, oldest first.
    pub trail: Vec<TrailEntry>,
}

impl Engine {
    /// An enterprise accepts what is published: that is the licence, whatever its holder says (Patent Law 2020, article 51).
    ///
    /// # Errors
    /// [`EngineError::UnknownListing`] for one that is not on offer to anyone, [`EngineError::Licence`] if it is not to this
    /// enterprise, or it has the licence already.
    pub async fn take_licence(
        &self,
        listing: &str,
        enterprise: &EnterpriseId,
        actor: &Actor,
        at: Moment,
    ) -> Result<LicenceReport, EngineError> {
        let lock = self.writing().await?;
        let listing = self.listing(listing, at.today).await?;
        let unknown = || EngineError::UnknownEnterprise { text: enterprise.to_string() };
        let firm = self.store.enterprise(enterprise).await?.ok_or_else(unknown)?;
        let of_listing = self.store.licences_of(&listing.id).await?;
        let own = |licence: &&Licence| licence.licensee.enterprise == firm.id && licence.state.stands();
        if let Some(standing) = of_listing.iter().find(own) {
            return Err(LicenceRefusal::Standing { number: standing.number }.into());
        }
        // What it has declined before it may accept now: only the rules of the offer itself are asked.
        if let Err(why) = rank::eligible(&listing.id, &Offer::of(&listing), &Seeker::of(&firm), at.today) {
            let (why, why_chinese) = (why.to_string(), why.chinese());
            return Err(LicenceRefusal::NotOnOffer { listing: listing.id, why, why_chinese }.into());
        }
        let licence = Licence::accepted(listing, &firm, at)?;
        let kept = |number| entry(&Licence { number, ..licence.clone() }, LicenceVerb::Accept, None, "", actor, at);
        let number = self.store.add_licence(&lock, &licence, kept).await?;
        drop(lock);
        self.licence(number).await
    }

    /// Takes a step on a licence; `seen` is the version the actor looked at, if it said so.
    ///
    /// # Errors
    /// [`EngineError::Licence`] if there is no such licence, or the step cannot be taken.
    pub async fn step_licence(
        &self,
        number: i64,
        step: &LicenceStep,
        actor: &Actor,
        seen: Option<i64>,
        at: Moment,
    ) -> Result<LicenceReport, EngineError> {
        let lock = self.writing().await?;
        let licence = self.store.licence(number).await?.ok_or(LicenceRefusal::Unknown { number })?;
        if let Some(expected) = seen.filter(|seen| *seen != licence.version) {
            return Err(LicenceRefusal::Changed { number, expected, found: licence.version }.into());
        }
        let next = self.stepped(&licence, step, actor, at)?;
        self.store.change_licences(&lock, std::slice::from_ref(&next)).await?;
        drop(lock);
        if next.0.state.holds() && !licence.state.holds() {
            let (enterprise, listing) = (&licence.licensee.enterprise, &licence.listing.id);
            self.attribute(enterprise, listing, FeedbackKind::Licensed, at.now).await;
        }
        self.licence(number).await
    }

    fn stepped(
        &self,
        licence: &Licence,
        step: &LicenceStep,
        actor: &Actor,
        at: Moment,
    ) -> Result<(Licence, AuditEntry), LicenceRefusal> {
        let next = licence.take(step, actor, at)?;
        let kept = entry(&next, step.verb(), Some(licence), step.text(), actor, at);
        Ok((next, kept))
    }

    /// Ends every licence that has run out; returns how many. Doing it again changes nothing.
    ///
    /// # Errors
    /// As [`Self::step_licence`]; what was kept until then stays.
    pub async fn end_licences(&self, at: Moment) -> Result<u64, EngineError> {
        let (mut after, mut ended) = (0, 0);
        loop {
            let page = self.store.licences(&Party::Anyone, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(ended) };
            after = last.number;
            let due = page.iter().filter_map(|licence| Some((licence, licence.due(at.today)?)));
            let due: Vec<(&Licence, LicenceStep)> = due.collect();
            if due.is_empty() {
                continue;
            }
            let lock = self.writing().await?;
            let system = Actor::system();
            let steps = due.iter().map(|(licence, step)| self.stepped(licence, step, &system, at));
            let steps = steps.collect::<Result<Vec<_>, _>>()?;
            ended += steps.len() as u64;
            self.store.change_licences(&lock, &steps).await?;
        }
    }

    /// A licence with what was done to it.
    ///
    /// # Errors
    /// [`LicenceRefusal::Unknown`] if there is none.
    pub async fn licence(&self, number: i64) -> Result<LicenceReport, EngineError> {
        let licence = self.store.licence(number).await?.ok_or(LicenceRefusal::Unknown { number })?;
        let flags = if licence.claims.is_empty() {
            Vec::new()
        } else {
            claim_flags(&licence, &self.store.licences_of(&licence.listing.id).await?)
        };
        let trail = self.store.trail_of(SUBJECT, &number.to_string()).await?;
        let trail = trail.into_iter().map(TrailEntry::from).collect();
        Ok(LicenceReport { due_on_acceptance: licence.due_on_acceptance().fen(), licence, flags, trail })
    }

    /// At most `limit` licences of a party that pass `wanted`, behind a number, in their order.
    ///
    /// # Errors
    /// [`EngineError::Store`] if they cannot be read.
    pub async fn licences(
        &self,
        party: &Party,
        mut after: i64,
        limit: usize,
        wanted: impl Fn(&Licence) -> bool,
    ) -> Result<Vec<Licence>, EngineError> {
        let mut found = Vec::new();
        while found.len() < limit {
            let page = self.store.licences(party, after, limit).await?;
            let Some(last) = page.last() else { break };
            after = last.number;
            found.extend(page.into_iter().filter(&wanted));
        }
        found.truncate(limit);
        Ok(found)
    }
}

fn entry(
    licence: &Licence,
    verb: LicenceVerb,
    before: Option<&Licence>,
    text: &str,
    actor: &Actor,
    at: Moment,
) -> AuditEntry {
    let detail = match verb {
        LicenceVerb::Accept => serde_json::json!({
            "listing": licence.listing.id, "enterprise": licence.licensee.enterprise, "terms": licence.listing.terms,
        })
        .to_string(),
        LicenceVerb::Claim | LicenceVerb::DecideClaim => serde_json::json!({ "claims": licence.claims }).to_string(),
        _ => String::new(),
    };
    AuditEntry {
        subject_kind: SUBJECT.to_owned(),
        subject: licence.number.to_string(),
        action: verb.word().to_owned(),
        actor: actor.clone(),
        at: at.now,
        before: before.map(|licence| licence.state.word().to_owned()),
        after: licence.state.word().to_owned(),
        reason: text.to_owned(),
        detail,
    }
}
