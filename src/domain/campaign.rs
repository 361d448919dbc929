//! A campaign (定向推送), from its draft by way of a plan that a second person has approved to its last message, as one state
//! machine.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CampaignBrief, CampaignPlan, CampaignRefusal, DivisionCode};

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
    /// It is being sent.
    Running,
    /// Sending has been halted; what is not sent waits.
    Paused,
    /// Nothing is left to be sent.
    Done,
    /// It is given up.
    Cancelled,
}

impl CampaignState {
    /// All states.
    pub const ALL: [Self; 7] =
        [Self::Draft, Self::Previewed, Self::Approved, Self::Running, Self::Paused, Self::Done, Self::Cancelled];

    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Previewed => "previewed",
            Self::Approved => "approved",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Done => "done",
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
            Self::Running => "正在发送",
            Self::Paused => "已暂停",
            Self::Done => "已发送完毕",
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
    /// Beginning to send it.
    Start,
    /// Halting that.
    Pause,
    /// Going on.
    Resume,
    /// Trying again what could not be sent.
    Retry,
    /// Ending, once nothing is left to be sent.
    Finish,
    /// Giving it up.
    Cancel,
}

impl CampaignVerb {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Edit,
        Self::Preview,
        Self::Approve,
        Self::Start,
        Self::Pause,
        Self::Resume,
        Self::Retry,
        Self::Finish,
        Self::Cancel,
    ];

    /// The word used in JSON and the trail.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Preview => "preview",
            Self::Approve => "approve",
            Self::Start => "start",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Retry => "retry",
            Self::Finish => "finish",
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
            Self::Start => "开始发送",
            Self::Pause => "暂停",
            Self::Resume => "继续发送",
            Self::Retry => "重发",
            Self::Finish => "完成",
            Self::Cancel => "取消",
        }
    }

    /// Where it leads from a state; `None` where it cannot be done. What was previewed may be previewed anew: the catalogue
    /// may have changed. What was approved is not changed any more, only sent, given up or copied.
    #[must_use]
    pub fn leads(self, from: CampaignState) -> Option<CampaignState> {
        use CampaignState as S;
        match (self, from) {
            (Self::Edit, S::Draft | S::Previewed) => Some(S::Draft),
            (Self::Preview, S::Draft | S::Previewed) => Some(S::Previewed),
            (Self::Approve, S::Previewed) => Some(S::Approved),
            (Self::Start, S::Approved) | (Self::Resume, S::Paused) => Some(S::Running),
            (Self::Retry, S::Running | S::Done) => Some(S::Running),
            (Self::Pause, S::Running) | (Self::Retry, S::Paused) => Some(S::Paused),
            (Self::Finish, S::Running) => Some(S::Done),
            (Self::Cancel, S::Draft | S::Previewed | S::Approved | S::Running | S::Paused) => Some(S::Cancelled),
            _ => None,
        }
    }
}

/// A step that changes nothing of a campaign but where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendingStep {
    /// Beginning to send it.
    Start,
    /// Halting that.
    Pause,
    /// Going on.
    Resume,
    /// Trying again what could not be sent.
    Retry,
    /// Ending, once nothing is left to be sent.
    Finish,
    /// Giving it up.
    Cancel,
}

impl SendingStep {
    /// What is done by it.
    #[must_use]
    pub fn verb(self) -> CampaignVerb {
        match self {
            Self::Start => CampaignVerb::Start,
            Self::Pause => CampaignVerb::Pause,
            Self::Resume => CampaignVerb::Resume,
            Self::Retry => CampaignVerb::Retry,
            Self::Finish => CampaignVerb::Finish,
            Self::Cancel => CampaignVerb::Cancel,
        }
    }
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

    /// One step further that changes nothing but where it stands.
    ///
    /// # Errors
    /// [`CampaignRefusal::State`] where it cannot be taken.
    pub fn stepped(self, step: SendingStep) -> Result<Self, CampaignRefusal> {
        self.step(step.verb())
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
