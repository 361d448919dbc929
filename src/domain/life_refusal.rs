//! Why a step of a listing's life cannot be taken.

use thiserror::Error;

use super::{ActorKind, CheckKind, Date, LifeVerb, ListingId, ListingStatus, Notice};

/// Why a step cannot be taken. Nothing is changed by one that is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LifeRefusal {
    /// The step does not start from where the listing stands.
    #[error("{listing} is '{}': '{step}' is not possible from there", status.as_str())]
    NotFromHere {
        /// Which listing.
        listing: ListingId,
        /// The step.
        step: LifeVerb,
        /// Where it stands.
        status: ListingStatus,
    },
    /// There is nothing to take the step on.
    #[error("there is no such listing: '{step}' has nothing to start from")]
    Unknown {
        /// The step.
        step: LifeVerb,
    },
    /// The step is another's.
    #[error("'{step}' is not for the {actor} to do")]
    NotYours {
        /// The step.
        step: LifeVerb,
        /// Who tried.
        actor: ActorKind,
    },
    /// The actor does not hold the patent.
    #[error("'{name}' is not among the holders of {listing}: offer your own patents, under the registered name")]
    NotTheHolder {
        /// Which listing.
        listing: ListingId,
        /// Who tried.
        name: String,
    },
    /// A step that has to be explained came without words.
    #[error("'{step}' needs a reason: say why, it is kept on record")]
    NoReason {
        /// The step.
        step: LifeVerb,
    },
    /// An answer on the worksheet came without what shows it.
    #[error("'{}' needs evidence: say what shows it", check.word())]
    NoEvidence {
        /// The check.
        check: CheckKind,
    },
    /// What must be published is not there.
    #[error("{listing} cannot be handed in without {}: add it", missing.join(", "))]
    Incomplete {
        /// Which listing.
        listing: ListingId,
        /// What is missing: `terms`, `term` (how long a licence lasts), `contact`.
        missing: Vec<&'static str>,
    },
    /// Checks are missing, failed or no longer hold.
    #[error("{listing} cannot be published before these checks have passed: {}", words(checks))]
    Unchecked {
        /// Which listing.
        listing: ListingId,
        /// The checks.
        checks: Vec<CheckKind>,
    },
    /// The offer or the patent has ended.
    #[error("{listing} can be taken until {last} only: correct the term, or withdraw it")]
    Ended {
        /// Which listing.
        listing: ListingId,
        /// The last day.
        last: Date,
    },
    /// Somebody else was quicker.
    #[error("{listing} has changed meanwhile (version {found}, not {expected}): look at it again")]
    Changed {
        /// Which listing.
        listing: ListingId,
        /// The version the actor had seen.
        expected: i64,
        /// The version it has.
        found: i64,
    },
}

fn words(checks: &[CheckKind]) -> String {
    checks.iter().map(|check| check.word()).collect::<Vec<_>>().join(", ")
}

/// What is missing, in Chinese.
fn missing_in_chinese(missing: &str) -> &str {
    match missing {
        "terms" => "许可使用费",
        "term" => "许可期限",
        "contact" => "联系方式",
        other => other,
    }
}

impl LifeRefusal {
    /// The reason in one stable word.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFromHere { .. } => "not_from_here",
            Self::Unknown { .. } => "unknown",
            Self::NotYours { .. } => "not_yours",
            Self::NotTheHolder { .. } => "not_the_holder",
            Self::NoReason { .. } => "no_reason",
            Self::NoEvidence { .. } => "no_evidence",
            Self::Incomplete { .. } => "incomplete",
            Self::Unchecked { .. } => "unchecked",
            Self::Ended { .. } => "ended",
            Self::Changed { .. } => "changed",
        }
    }
}

impl Notice for LifeRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::NotFromHere { listing, step, status } => {
                format!("{listing} 现为“{}”状态，不能{}", status.chinese(), step.chinese())
            }
            Self::Unknown { step } => format!("没有这条许可信息，无从{}", step.chinese()),
            Self::NotYours { step, actor } => format!("{}无权{}", actor.chinese(), step.chinese()),
            Self::NotTheHolder { listing, name } => {
                format!("“{name}”不在 {listing} 的专利权人之列：请以登记名称提交自己的专利")
            }
            Self::NoReason { step } => format!("{}须说明理由，理由将留存备查", step.chinese()),
            Self::NoEvidence { check } => format!("“{}”须注明依据", check.chinese()),
            Self::Incomplete { listing, missing } => {
                let missing: Vec<&str> = missing.iter().map(|missing| missing_in_chinese(missing)).collect();
                format!("{listing} 缺少{}，请补充后再提交", missing.join("、"))
            }
            Self::Unchecked { listing, checks } => {
                let checks: Vec<&str> = checks.iter().map(|check| check.chinese()).collect();
                format!("{listing} 尚不能公开，以下事项未核验通过：{}", checks.join("；"))
            }
            Self::Ended { listing, last } => {
                format!("{listing} 的许可或专利权已于 {last} 届满：请更正许可期限，或撤回")
            }
            Self::Changed { listing, expected, found } => {
                format!("{listing} 已被他人处理（现为第 {found} 版，您看到的是第 {expected} 版）：请刷新后再操作")
            }
        }
    }
}
