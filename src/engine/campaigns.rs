//! Campaigns: drafted, previewed, approved by a second person, given up, copied.

use std::collections::HashSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Engine, EngineError, TrailEntry};
use crate::domain::{
    Account, Actor, AuditEntry, Campaign, CampaignBrief, CampaignRefusal, CampaignVerb, CreditCode, DivisionCode,
    Enterprise, EnterpriseId, ListingId, Moment, normalised_name,
};
use crate::store::QueueChange;

/// What the trail calls campaigns.
const SUBJECT: &str = "campaign";

/// A campaign with what was done to it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CampaignReport {
    /// The campaign.
    #[serde(flatten)]
    pub campaign: Campaign,
    /// What was done to it, oldest first.
    pub trail: Vec<TrailEntry>,
}

impl Engine {
    /// Keeps a new draft of somebody's bureau.
    ///
    /// # Errors
    /// [`CampaignRefusal`] for a brief that cannot be.
    pub async fn draft_campaign(
        &self,
        brief: CampaignBrief,
        by: &Account,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let brief = self.checked(brief).await?;
        self.add_campaign(Campaign::drafted(brief, by.province, &by.login), "draft", by, at).await
    }

    /// Keeps a new draft with the brief of another campaign, whatever became of that; its seed is another, so that others are
    /// kept back.
    ///
    /// # Errors
    /// [`CampaignRefusal::Unknown`].
    pub async fn copy_campaign(&self, number: i64, by: &Account, at: Moment) -> Result<CampaignReport, EngineError> {
        let CampaignReport { campaign, .. } = self.campaign(number).await?;
        let brief = CampaignBrief { seed: campaign.brief.seed.wrapping_add(1), ..campaign.brief };
        let copy = Campaign { copy_of: Some(number), ..Campaign::drafted(brief, campaign.province, &by.login) };
        self.add_campaign(copy, "copy", by, at).await
    }

    /// Gives a campaign another brief; `seen` is the version the author looked at, if it said so.
    ///
    /// # Errors
    /// [`CampaignRefusal`] if there is none, if it is approved or given up, or for a brief that cannot be.
    pub async fn edit_campaign(
        &self,
        number: i64,
        brief: CampaignBrief,
        by: &Account,
        seen: Option<i64>,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let brief = self.checked(brief).await?;
        let next = |campaign: Campaign| campaign.edited(brief, &by.login);
        self.step_campaign(number, CampaignVerb::Edit, next, (by, ""), seen, at).await
    }

    /// Works out whom a campaign would send what, and keeps that. One campaign is worked out at a time; the record can be
    /// written meanwhile.
    ///
    /// # Errors
    /// [`CampaignRefusal`] if there is none, it is approved or given up, it is for nobody or offers nothing, or it was changed
    /// meanwhile.
    pub async fn preview_campaign(
        &self,
        number: i64,
        by: &Account,
        seen: Option<i64>,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let before = self.known_campaign(number, seen).await?;
        before.allows(CampaignVerb::Preview)?;
        let turn = self.planning.lock().await;
        let (plan, firms) = self.planned(&before, at).await?;
        drop(turn);
        let lock = self.writing().await?;
        self.known_campaign(number, Some(before.version)).await?;
        let next = before.clone().previewed(plan, &by.login)?;
        let kept = entry(CampaignVerb::Preview.word(), Some(&before), &next, (&by.actor(), ""), at);
        self.store.save_plan(&lock, &next, &firms, kept).await?;
        drop(lock);
        self.campaign(number).await
    }

    /// Approves what was previewed, as somebody who had no hand in it.
    ///
    /// # Errors
    /// [`CampaignRefusal`] if there is none, it is not previewed, or whoever approves wrote or previewed it.
    pub async fn approve_campaign(
        &self,
        number: i64,
        by: &Account,
        seen: Option<i64>,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let next = |campaign: Campaign| campaign.approved(&by.login);
        self.step_campaign(number, CampaignVerb::Approve, next, (by, ""), seen, at).await
    }

    /// A campaign with what was done to it.
    ///
    /// # Errors
    /// [`CampaignRefusal::Unknown`] if there is none.
    pub async fn campaign(&self, number: i64) -> Result<CampaignReport, EngineError> {
        let campaign = self.known_campaign(number, None).await?;
        let trail = self.store.trail_of(SUBJECT, &number.to_string()).await?;
        Ok(CampaignReport { campaign, trail: trail.into_iter().map(TrailEntry::from).collect() })
    }

    /// At most `limit` campaigns with numbers below one, the newest first; of one province, its own.
    ///
    /// # Errors
    /// [`EngineError::Store`] if they cannot be read.
    pub async fn campaigns(
        &self,
        province: Option<DivisionCode>,
        before: i64,
        limit: usize,
    ) -> Result<Vec<Campaign>, EngineError> {
        Ok(self.store.campaigns(province, before, limit).await?)
    }

    async fn add_campaign(
        &self,
        campaign: Campaign,
        action: &str,
        by: &Account,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let lock = self.writing().await?;
        let kept = |number| entry(action, None, &Campaign { number, ..campaign.clone() }, (&by.actor(), ""), at);
        let number = self.store.add_campaign(&lock, &campaign, kept).await?;
        drop(lock);
        self.campaign(number).await
    }

    pub(super) async fn step_campaign(
        &self,
        number: i64,
        verb: CampaignVerb,
        step: impl FnOnce(Campaign) -> Result<Campaign, CampaignRefusal>,
        (by, reason): (&Account, &str),
        seen: Option<i64>,
        at: Moment,
    ) -> Result<CampaignReport, EngineError> {
        let lock = self.writing().await?;
        let before = self.known_campaign(number, seen).await?;
        let next = step(before.clone())?;
        let kept = entry(verb.word(), Some(&before), &next, (&by.actor(), reason), at);
        let queue = match verb {
            CampaignVerb::Start => QueueChange::Fill,
            CampaignVerb::Retry => QueueChange::Revive,
            CampaignVerb::Cancel => QueueChange::Empty(at.now),
            _ => QueueChange::None,
        };
        self.store.change_campaign(&lock, &next, queue, kept).await?;
        drop(lock);
        self.campaign(number).await
    }

    pub(super) async fn known_campaign(&self, number: i64, seen: Option<i64>) -> Result<Campaign, EngineError> {
        let known = self.store.campaign(number).await?.ok_or(CampaignRefusal::Unknown { number })?;
        match seen.filter(|seen| *seen != known.version) {
            Some(expected) => Err(CampaignRefusal::Changed { number, expected, found: known.version }.into()),
            None => Ok(known),
        }
    }

    /// A brief in order, with the enterprises it names by their ids.
    async fn checked(&self, brief: CampaignBrief) -> Result<CampaignBrief, EngineError> {
        let mut brief = brief.checked()?;
        brief.audience.enterprises = self.enterprises_named(brief.audience.enterprises).await?;
        let listings = &brief.catalogue.listings;
        let known = self.store.listings(listings).await?;
        let known: HashSet<&ListingId> = known.iter().map(|listing| &listing.id).collect();
        let missing: Vec<&ListingId> = listings.iter().filter(|id| !known.contains(id)).collect();
        not_there("catalogue.listings", &missing)?;
        Ok(brief.checked()?)
    }

    /// The ids of enterprises that are named by id, credit code or full name.
    async fn enterprises_named(&self, named: Vec<EnterpriseId>) -> Result<Vec<EnterpriseId>, EngineError> {
        let known = self.store.enterprise_names(&named.iter().collect::<Vec<_>>()).await?;
        let known: HashSet<EnterpriseId> = known.into_iter().map(|(id, _)| id).collect();
        let (mut ids, others): (Vec<_>, Vec<_>) = named.into_iter().partition(|name| known.contains(name));
        let mut missing = Vec::new();
        for name in others {
            match self.store.find_enterprise(name.as_str()).await?.as_slice() {
                // Part of a name is enough to look at one, not to send it anything.
                [one] if is_of(one, name.as_str()) => ids.push(one.id.clone()),
                _ => missing.push(name),
            }
        }
        not_there("audience.enterprises", &missing)?;
        Ok(ids)
    }
}

/// Whether a text is an enterprise's credit code or full name.
fn is_of(enterprise: &Enterprise, text: &str) -> bool {
    let code = text.trim().parse::<CreditCode>().ok();
    (code.is_some() && code == enterprise.credit_code) || normalised_name(text) == normalised_name(&enterprise.name)
}

fn not_there(member: &'static str, missing: &[impl std::fmt::Display]) -> Result<(), CampaignRefusal> {
    let refused = |first: String| CampaignRefusal::NotThere { member, count: missing.len(), first };
    missing.first().map_or(Ok(()), |first| Err(refused(first.to_string().chars().take(64).collect())))
}

/// What the trail keeps of a step.
pub(super) fn entry(
    action: &str,
    before: Option<&Campaign>,
    after: &Campaign,
    (by, reason): (&Actor, &str),
    at: Moment,
) -> AuditEntry {
    let states = (before.map(|campaign| campaign.state.word()), after.state.word());
    let entry = AuditEntry::step((SUBJECT, after.number), action, states, by, at.now);
    AuditEntry { reason: reason.trim().to_owned(), ..entry }
}
