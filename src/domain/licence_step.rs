//! What can be done to a licence, by whom; and why it cannot.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{ActorKind, LicenceState, ListingId, Money, Notice};

/// A kind of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenceVerb {
    /// The enterprise accepts the published terms: this makes the licence.
    Accept,
    /// What was due has been paid.
    ConfirmPayment,
    /// The bureau records it.
    Record,
    /// The enterprise begins to work the patent.
    BeginUse,
    /// The enterprise takes its acceptance back before paying.
    Cancel,
    /// The holder refuses, with a reason on record.
    Refuse,
    /// The bureau sets a refusal aside.
    Reinstate,
    /// It ends.
    End,
    /// A party disagrees: the parties negotiate.
    OpenDispute,
    /// The bureau mediates.
    Mediate,
    /// A party goes to court.
    GoToCourt,
    /// The dispute is over.
    SettleDispute,
    /// A party asks for an incentive.
    Claim,
    /// The bureau decides on that.
    DecideClaim,
}

impl LicenceVerb {
    /// All kinds of step.
    pub const ALL: [Self; 14] = [
        Self::Accept,
        Self::ConfirmPayment,
        Self::Record,
        Self::BeginUse,
        Self::Cancel,
        Self::Refuse,
        Self::Reinstate,
        Self::End,
        Self::OpenDispute,
        Self::Mediate,
        Self::GoToCourt,
        Self::SettleDispute,
        Self::Claim,
        Self::DecideClaim,
    ];

    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::ConfirmPayment => "confirm_payment",
            Self::Record => "record",
            Self::BeginUse => "begin_use",
            Self::Cancel => "cancel",
            Self::Refuse => "refuse",
            Self::Reinstate => "reinstate",
            Self::End => "end",
            Self::OpenDispute => "open_dispute",
            Self::Mediate => "mediate",
            Self::GoToCourt => "go_to_court",
            Self::SettleDispute => "settle_dispute",
            Self::Claim => "claim",
            Self::DecideClaim => "decide_claim",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Accept => "接受许可",
            Self::ConfirmPayment => "确认付款",
            Self::Record => "备案",
            Self::BeginUse => "开始实施",
            Self::Cancel => "取消",
            Self::Refuse => "拒绝",
            Self::Reinstate => "撤销拒绝",
            Self::End => "结束",
            Self::OpenDispute => "提出纠纷",
            Self::Mediate => "调解",
            Self::GoToCourt => "起诉",
            Self::SettleDispute => "了结纠纷",
            Self::Claim => "申请奖补",
            Self::DecideClaim => "审核奖补",
        }
    }

    /// The kind of a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.word() == word)
    }

    /// Whether the step is this actor's.
    #[must_use]
    pub fn is_for(self, actor: ActorKind) -> bool {
        use ActorKind as A;
        match self {
            Self::Accept | Self::BeginUse | Self::Cancel => actor == A::Enterprise,
            Self::ConfirmPayment => matches!(actor, A::Holder | A::Bureau),
            Self::Record | Self::Reinstate | Self::Mediate | Self::DecideClaim => actor == A::Bureau,
            Self::Refuse => actor == A::Holder,
            Self::End => matches!(actor, A::Enterprise | A::Bureau | A::System),
            Self::OpenDispute | Self::GoToCourt | Self::Claim => matches!(actor, A::Enterprise | A::Holder),
            Self::SettleDispute => matches!(actor, A::Enterprise | A::Holder | A::Bureau),
        }
    }

    /// Whether it needs words: evidence, a reason, what it is about.
    #[must_use]
    pub fn needs_text(self) -> bool {
        !matches!(self, Self::Accept | Self::BeginUse | Self::Cancel)
    }
}

impl fmt::Display for LicenceVerb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A step with what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenceStep {
    /// With the evidence.
    ConfirmPayment(String),
    /// With the record's number.
    Record(String),
    /// See [`LicenceVerb::BeginUse`].
    BeginUse,
    /// With the reason, which may be empty.
    Cancel(String),
    /// With the reason.
    Refuse(String),
    /// With the reason.
    Reinstate(String),
    /// With the reason.
    End(String),
    /// With what it is about.
    OpenDispute(String),
    /// With what was said or agreed.
    Mediate(String),
    /// With the court and the case.
    GoToCourt(String),
    /// With how it was settled.
    SettleDispute(String),
    /// An incentive asked for.
    Claim {
        /// Under which scheme.
        scheme: String,
        /// How much.
        amount: Money,
    },
    /// What is decided of one of them.
    DecideClaim {
        /// Which, from 1.
        claim: usize,
        /// Whether it is granted.
        granted: bool,
        /// Why.
        reason: String,
    },
}

impl LicenceStep {
    /// What kind of step it is.
    #[must_use]
    pub fn verb(&self) -> LicenceVerb {
        match self {
            Self::ConfirmPayment(_) => LicenceVerb::ConfirmPayment,
            Self::Record(_) => LicenceVerb::Record,
            Self::BeginUse => LicenceVerb::BeginUse,
            Self::Cancel(_) => LicenceVerb::Cancel,
            Self::Refuse(_) => LicenceVerb::Refuse,
            Self::Reinstate(_) => LicenceVerb::Reinstate,
            Self::End(_) => LicenceVerb::End,
            Self::OpenDispute(_) => LicenceVerb::OpenDispute,
            Self::Mediate(_) => LicenceVerb::Mediate,
            Self::GoToCourt(_) => LicenceVerb::GoToCourt,
            Self::SettleDispute(_) => LicenceVerb::SettleDispute,
            Self::Claim { .. } => LicenceVerb::Claim,
            Self::DecideClaim { .. } => LicenceVerb::DecideClaim,
        }
    }

    /// Its words; empty where it has none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::ConfirmPayment(text)
            | Self::Record(text)
            | Self::Cancel(text)
            | Self::Refuse(text)
            | Self::Reinstate(text)
            | Self::End(text)
            | Self::OpenDispute(text)
            | Self::Mediate(text)
            | Self::GoToCourt(text)
            | Self::SettleDispute(text)
            | Self::Claim { scheme: text, .. }
            | Self::DecideClaim { reason: text, .. } => text.trim(),
            Self::BeginUse => "",
        }
    }
}

/// Why a licence cannot be taken, or a step of it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LicenceRefusal {
    /// A plain patent is on nobody's offer.
    #[error("{listing} has no published terms to accept")]
    NothingPublished {
        /// Which listing.
        listing: ListingId,
    },
    /// The fee is yet to be agreed.
    #[error("the fee of {listing} is to be agreed: ask its holder first")]
    ToBeAgreed {
        /// Which listing.
        listing: ListingId,
    },
    /// The listing is not on offer to this enterprise.
    #[error("{listing} is not on offer to you: {why}")]
    NotOnOffer {
        /// Which listing.
        listing: ListingId,
        /// Why, in English.
        why: String,
        /// Why, in Chinese.
        why_chinese: String,
    },
    /// The enterprise has it already.
    #[error("you have licence {number} of this listing already")]
    Standing {
        /// Which licence.
        number: i64,
    },
    /// There is none of this number among the caller's.
    #[error("there is no licence {number}")]
    Unknown {
        /// Which.
        number: i64,
    },
    /// The step is another's.
    #[error("'{step}' is not for the {actor} to do")]
    NotYours {
        /// The step.
        step: LicenceVerb,
        /// Who tried.
        actor: ActorKind,
    },
    /// The step does not start from where the licence stands.
    #[error("licence {number} is '{}': '{step}' is not possible from there", state.word())]
    NotFromHere {
        /// Which licence.
        number: i64,
        /// The step.
        step: LicenceVerb,
        /// Where it stands.
        state: LicenceState,
    },
    /// The step needs words.
    #[error("'{step}' needs words: a reason, what proves it, or what it is about")]
    NoText {
        /// The step.
        step: LicenceVerb,
    },
    /// Somebody else was first.
    #[error("licence {number} has changed meanwhile (version {found}, you saw {expected}): look at it again")]
    Changed {
        /// Which licence.
        number: i64,
        /// What was seen.
        expected: i64,
        /// What there is.
        found: i64,
    },
    /// One dispute at a time.
    #[error("licence {number} has a dispute that is not settled yet")]
    DisputeOpen {
        /// Which licence.
        number: i64,
    },
    /// There is nothing to mediate or settle.
    #[error("licence {number} has no open dispute")]
    NoDispute {
        /// Which licence.
        number: i64,
    },
    /// A dispute does not go back.
    #[error("the dispute of licence {number} is beyond '{step}'")]
    DisputeIsFurther {
        /// Which licence.
        number: i64,
        /// The step.
        step: LicenceVerb,
    },
    /// No such claim, or one that is decided.
    #[error("licence {number} has no open claim {claim}")]
    NoClaim {
        /// Which licence.
        number: i64,
        /// Which claim.
        claim: usize,
    },
}

impl LicenceRefusal {
    /// What speaks against it, as a word that stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NothingPublished { .. } => "nothing-published",
            Self::ToBeAgreed { .. } => "fee-to-be-agreed",
            Self::NotOnOffer { .. } => "not-on-offer",
            Self::Standing { .. } => "already-licensed",
            Self::Unknown { .. } => "unknown-licence",
            Self::NotYours { .. } => "not_yours",
            Self::NotFromHere { .. } => "not_from_here",
            Self::NoText { .. } => "no_reason",
            Self::Changed { .. } => "changed",
            Self::DisputeOpen { .. } => "dispute-open",
            Self::NoDispute { .. } => "no-dispute",
            Self::DisputeIsFurther { .. } => "dispute-is-further",
            Self::NoClaim { .. } => "no-claim",
        }
    }
}

impl Notice for LicenceRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::NothingPublished { listing } => format!("{listing} 没有可以接受的许可条件"),
            Self::ToBeAgreed { listing } => format!("{listing} 的许可使用费面议：请先向专利权人咨询"),
            Self::NotOnOffer { listing, why_chinese, .. } => format!("不能接受 {listing} 的许可：{why_chinese}"),
            Self::Standing { number } => format!("贵企业已有该专利的许可（第 {number} 号）"),
            Self::Unknown { number } => format!("没有第 {number} 号许可"),
            Self::NotYours { step, actor } => format!("{}无权{}", actor.chinese(), step.chinese()),
            Self::NotFromHere { number, step, state } => {
                format!("第 {number} 号许可为“{}”状态，不能{}", state.chinese(), step.chinese())
            }
            Self::NoText { step } => format!("{}须写明理由、依据或事项", step.chinese()),
            Self::Changed { number, expected, found } => {
                format!("第 {number} 号许可已有变化（所见版本 {expected}，现为 {found}）：请重新查看")
            }
            Self::DisputeOpen { number } => format!("第 {number} 号许可尚有未了结的纠纷"),
            Self::NoDispute { number } => format!("第 {number} 号许可没有未了结的纠纷"),
            Self::DisputeIsFurther { number, step } => {
                format!("第 {number} 号许可的纠纷已过“{}”阶段", step.chinese())
            }
            Self::NoClaim { number, claim } => format!("第 {number} 号许可没有待审核的第 {claim} 项奖补申请"),
        }
    }
}
