//! A campaign (定向推送), from its draft to a plan that a second person has approved, as one state machine.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CampaignBrief, CampaignRefusal, Date, DivisionCode, EnterpriseId, ListingId, Score};

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    /// It is being written.
    Draft,
    /// Who would be sent what is worked out, and can be looked at.
    Previewed,
    /// A second person has approved that.
    Approved,
    /// It is given up.
    Cancelled,
}

impl CampaignState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Previewed, Self::Approved, Self::Cancelled];

    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Previewed => "previewed",
            Self::Approved => "approved",
            Self::Cancelled => "cancelled",
        }
    }

    /// The Chinese words.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Draft => "尚为草稿",
            Self::Previewed => "已预览、待审批",
            Self::Approved => "已审批",
            Self::Cancelled => "已取消",
        }
    }
}

/// What is done to a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignVerb {
    /// Writing it anew.
    Edit,
    /// Working out who would be sent what.
    Preview,
    /// Approving that.
    Approve,
    /// Giving it up.
    Cancel,
}

impl CampaignVerb {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Edit, Self::Preview, Self::Approve, Self::Cancel];

    /// The word used in JSON and the trail.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Preview => "preview",
            Self::Approve => "approve",
            Self::Cancel => "cancel",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Edit => "修改",
            Self::Preview => "预览",
            Self::Approve => "审批",
            Self::Cancel => "取消",
        }
    }

    /// Where it leads from a state; `None` where it cannot be done. What was previewed may be previewed anew: the catalogue
    /// may have changed. What was approved is not changed any more, only given up or copied.
    #[must_use]
    pub fn leads(self, from: CampaignState) -> Option<CampaignState> {
        use CampaignState as S;
        match (self, from) {
            (Self::Edit, S::Draft | S::Previewed) => Some(S::Draft),
            (Self::Preview, S::Draft | S::Previewed) => Some(S::Previewed),
            (Self::Approve, S::Previewed) => Some(S::Approved),
            (Self::Cancel, S::Draft | S::Previewed | S::Approved) => Some(S::Cancelled),
            _ => None,
        }
    }
}

/// What a campaign has in store for an enterprise of its audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is sent something.
    Sent,
    /// It could be, and is kept back by lot so that what sending does can be measured.
    HeldBack,
    /// It has opted out.
    OptedOut,
    /// It has been sent as much lately as it may.
    SentEnough,
    /// None of the listings says anything to it, or may be shown to it.
    NothingFits,
    /// Every listing that suits it goes to others within the limits.
    CrowdedOut,
}

impl Outcome {
    /// All of them, in the order they are decided in.
    pub const ALL: [Self; 6] =
        [Self::OptedOut, Self::SentEnough, Self::NothingFits, Self::HeldBack, Self::Sent, Self::CrowdedOut];

    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::HeldBack => "held_back",
            Self::OptedOut => "opted_out",
            Self::SentEnough => "sent_enough",
            Self::NothingFits => "nothing_fits",
            Self::CrowdedOut => "crowded_out",
        }
    }

    /// The outcome of a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// An enterprise of a campaign's audience, and what is in store for it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedFirm {
    /// Which.
    pub enterprise: EnterpriseId,
    /// What.
    pub outcome: Outcome,
    /// The listings it is sent, best first, with the scores they had; only where something is sent.
    pub listings: Vec<(ListingId, Score)>,
}

/// How many enterprises share an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutcomeCount {
    /// The outcome.
    pub outcome: Outcome,
    /// How many.
    pub enterprises: usize,
}

/// How many listings go to so many enterprises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExposureStep {
    /// The least of the range.
    pub from: usize,
    /// The most of the range; any number if not said.
    pub to: Option<usize>,
    /// How many listings.
    pub listings: usize,
}

/// Why a limit cannot hold for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnmetCause {
    /// The enterprises of the audience take fewer listings, all together, than it asks to be sent.
    Places,
    /// The quotas of holders allow fewer.
    HolderQuotas,
    /// The quotas of provinces allow fewer.
    RegionQuotas,
    /// Some listings suit too few enterprises, or those they suit have better ones of which the same is asked.
    Suitability,
}

/// A limit that cannot hold for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnmetLimit {
    /// Which, as a member of the brief.
    pub limit: String,
    /// Pairs of listing and enterprise that it asks for.
    pub asked: usize,
    /// Those that the plan has of them.
    pub reached: usize,
    /// Listings that go to fewer enterprises than they should.
    pub listings: usize,
    /// What stands in the way.
    pub cause: UnmetCause,
}

/// What a preview found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CampaignPlan {
    /// When, in seconds since 1970-01-01 UTC.
    pub planned_at: i64,
    /// The day its listings were on offer.
    pub day: Date,
    /// Enterprises of the audience.
    pub audience: usize,
    /// What is in store for them.
    pub outcomes: Vec<OutcomeCount>,
    /// The chance of an enterprise that could be sent something to be sent it, and not kept back: 0 to 1.
    pub propensity: f64,
    /// Listings of the campaign.
    pub listings: usize,
    /// Of these, those that somebody is sent.
    pub listings_sent: usize,
    /// Pairs of listing and enterprise.
    pub pairs: usize,
    /// How many listings go to how many enterprises.
    pub exposure: Vec<ExposureStep>,
    /// The Gini coefficient of that, 0 for all alike.
    pub gini: f64,
    /// What the plan is worth, in shares of each enterprise's best.
    pub value: f64,
    /// How much more could be had at most, as a share of that.
    pub gap: f64,
    /// What it would be worth without limits but each enterprise's places: what fairness costs is the difference.
    pub unlimited: f64,
    /// Limits that cannot hold for all.
    pub unmet: Vec<UnmetLimit>,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Campaign {
    /// Its number; 0 until it is kept.
    pub number: i64,
    /// Where it stands.
    pub state: CampaignState,
    /// How many steps were taken.
    pub version: i64,
    /// The province whose bureau it is; `None` for one of all provinces.
    pub province: Option<DivisionCode>,
    /// What it is meant to do.
    pub brief: CampaignBrief,
    /// The logins of those who wrote or previewed it.
    pub hands: Vec<String>,
    /// The login of who approved it.
    pub approved_by: Option<String>,
    /// The campaign it was copied from.
    pub copy_of: Option<i64>,
    /// What the last preview found; `None` until there is one of the brief as it is.
    pub plan: Option<CampaignPlan>,
}

impl Campaign {
    /// A new draft of somebody's, by login.
    #[must_use]
    pub fn drafted(brief: CampaignBrief, province: Option<DivisionCode>, by: &str) -> Self {
        Self {
            number: 0,
            state: CampaignState::Draft,
            version: 0,
            province,
            brief,
            hands: vec![by.to_owned()],
            approved_by: None,
            copy_of: None,
            plan: None,
        }
    }

    /// With another brief: a draft again.
    ///
    /// # Errors
    /// [`CampaignRefusal::State`] once it is approved or given up.
    pub fn edited(self, brief: CampaignBrief, by: &str) -> Result<Self, CampaignRefusal> {
        let next = self.step(CampaignVerb::Edit)?;
        Ok(Self { brief, plan: None, ..next.touched(by) })
    }

    /// With what a preview found.
    ///
    /// # Errors
    /// As [`Self::edited`].
    pub fn previewed(self, plan: CampaignPlan, by: &str) -> Result<Self, CampaignRefusal> {
        let next = self.step(CampaignVerb::Preview)?;
        Ok(Self { plan: Some(plan), ..next.touched(by) })
    }

    /// Approved by somebody who had no hand in it.
    ///
    /// # Errors
    /// [`CampaignRefusal::State`] unless it is previewed, [`CampaignRefusal::SameHands`].
    pub fn approved(self, by: &str) -> Result<Self, CampaignRefusal> {
        let next = self.step(CampaignVerb::Approve)?;
        if next.hands.iter().any(|hand| hand == by) {
            return Err(CampaignRefusal::SameHands { number: next.number });
        }
        Ok(Self { approved_by: Some(by.to_owned()), ..next })
    }

    /// Given up.
    ///
    /// # Errors
    /// [`CampaignRefusal::State`] if it is already.
    pub fn cancelled(self) -> Result<Self, CampaignRefusal> {
        self.step(CampaignVerb::Cancel)
    }

    /// Whether a step can be taken from where it stands.
    ///
    /// # Errors
    /// [`CampaignRefusal::State`].
    pub fn allows(&self, verb: CampaignVerb) -> Result<CampaignState, CampaignRefusal> {
        let refused = CampaignRefusal::State { number: self.number, state: self.state, verb };
        verb.leads(self.state).ok_or(refused)
    }

    fn step(self, verb: CampaignVerb) -> Result<Self, CampaignRefusal> {
        let state = self.allows(verb)?;
        Ok(Self { state, version: self.version + 1, ..self })
    }

    fn touched(mut self, by: &str) -> Self {
        if !self.hands.iter().any(|hand| hand == by) {
            self.hands.push(by.to_owned());
        }
        self
    }
}

#[cfg(test)]
#[path = "campaign_tests.rs"]
mod tests;
