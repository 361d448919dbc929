//! What came of a campaign: the funnel, why listings were declined, and what pushing brings against those kept back.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::followed_links::ATTRIBUTION_DAYS;
use super::{Engine, EngineError};
use crate::domain::{Date, DeclineCode, FeedbackKind, GroupShare, Lift, Moment, Outcome};
use crate::store::DeedCount;

const DAY: i64 = 86_400;

/// A step of a funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FunnelStep {
    /// Which: `delivered`, `opened`, `saved`, `enquired`, `licensed`, `declined`.
    pub step: String,
    /// Enterprises that came so far.
    pub enterprises: u64,
    /// Listings, each counted for each enterprise.
    pub pairs: u64,
}

/// How often listings were declined for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeclineCount {
    /// The reason's code.
    #[schema(value_type = String)]
    pub code: DeclineCode,
    /// The reason in Chinese.
    pub reason: String,
    /// Listings, each counted for each enterprise.
    pub pairs: u64,
}

/// What came of a campaign until now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CampaignResults {
    /// Within how many days after its message a deed counts.
    pub attribution_days: i64,
    /// From what was delivered to what was licensed.
    pub funnel: Vec<FunnelStep>,
    /// Why listings were declined.
    pub declines: Vec<DeclineCount>,
    /// Enterprises that asked about any listing within those days of the preview; none where nobody was kept back.
    pub enquiry_lift: Option<Lift>,
    /// Enterprises that took a licence of any listing in that time.
    pub licence_lift: Option<Lift>,
}

impl Engine {
    /// What came of a campaign until a moment. Deeds are counted for the message that showed the listing last; lift is
    /// measured over all enterprises that were to be sent something, as they were drawn.
    ///
    /// # Errors
    /// [`crate::domain::CampaignRefusal::Unknown`] if there is none, or what the store fails with.
    pub async fn campaign_results(&self, number: i64, at: Moment) -> Result<CampaignResults, EngineError> {
        let campaign = self.known_campaign(number, None).await?;
        let (delivered, pairs) = self.store.delivered_by(number).await?;
        let deeds = self.store.deeds_after(number).await?;
        let mut funnel = vec![FunnelStep { step: "delivered".to_owned(), enterprises: delivered, pairs }];
        for step in FeedbackKind::WORDS {
            let of_step = deeds.iter().filter(|deed| deed.kind == step);
            let pairs = of_step.clone().map(|deed| deed.pairs).sum();
            let enterprises = match step {
                // One enterprise may have several reasons.
                "declined" => self.store.declined_by(number).await?,
                _ => of_step.map(|deed| deed.enterprises).sum(),
            };
            funnel.push(FunnelStep { step: step.to_owned(), enterprises, pairs });
        }
        let (mut enquiry_lift, mut licence_lift) = (None, None);
        if let Some(plan) = campaign.plan {
            let until = at.now.saturating_add(1).min(plan.planned_at + ATTRIBUTION_DAYS * DAY);
            let groups = self.store.outcome_counts(number).await?;
            let asked = self.store.asked_between(number, plan.planned_at, until).await?;
            enquiry_lift = lift(&groups, &asked);
            licence_lift =
                lift(&groups, &self.licensed_between(number, plan.day, Date::from_unix_seconds(until)).await?);
        }
        Ok(CampaignResults {
            attribution_days: ATTRIBUTION_DAYS,
            funnel,
            declines: declines(&deeds),
            enquiry_lift,
            licence_lift,
        })
    }

    /// How many enterprises of each outcome have taken a licence from one day to another.
    async fn licensed_between(
        &self,
        number: i64,
        from: Date,
        to: Option<Date>,
    ) -> Result<Vec<(Outcome, u64)>, EngineError> {
        let licences = self.store.licences_among(number).await?;
        let within = licences
            .into_iter()
            .filter(|(_, _, licence)| licence.accepted_on >= from && to.is_none_or(|to| licence.accepted_on <= to));
        let firms: BTreeSet<(Outcome, i64)> = within.map(|(outcome, place, _)| (outcome, place)).collect();
        let count = |outcome| firms.iter().filter(|(of, _)| *of == outcome).count() as u64;
        Ok(Outcome::ALL.map(|outcome| (outcome, count(outcome))).to_vec())
    }
}

fn lift(groups: &[(Outcome, u64)], did: &[(Outcome, u64)]) -> Option<Lift> {
    let of = |counts: &[(Outcome, u64)], outcome| {
        counts.iter().find(|(found, _)| *found == outcome).map_or(0, |(_, count)| *count)
    };
    // Crowded out, an enterprise was drawn to be sent something all the same.
    let sent = |counts: &[(Outcome, u64)]| of(counts, Outcome::Sent) + of(counts, Outcome::CrowdedOut);
    let held_back = |counts: &[(Outcome, u64)]| of(counts, Outcome::HeldBack);
    Lift::between(
        GroupShare { enterprises: sent(groups), did: sent(did) },
        GroupShare { enterprises: held_back(groups), did: held_back(did) },
    )
}

fn declines(deeds: &[DeedCount]) -> Vec<DeclineCount> {
    let count = |code: DeclineCode| {
        let pairs = deeds.iter().filter(|deed| deed.code == code.word()).map(|deed| deed.pairs).sum();
        DeclineCount { code, reason: code.chinese().to_owned(), pairs }
    };
    DeclineCode::ALL.map(count).into_iter().filter(|count| count.pairs > 0).collect()
}
