//! Why a campaign is not taken, or a step of it.

use thiserror::Error;

use super::{CampaignState, CampaignVerb, Notice};

/// What speaks against it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CampaignRefusal {
    /// There is none of this number, or it is another bureau's.
    #[error("there is no campaign {number} among yours")]
    Unknown {
        /// Which.
        number: i64,
    },
    /// A number, or how many there are, is out of its range.
    #[error("{member} takes {least} to {most}")]
    Range {
        /// Where in the brief.
        member: &'static str,
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// A message has a field that there is not.
    #[error("{member} has the field '{{{name}}}': there are {{企业}}, {{件数}} and {{任务}}")]
    UnknownField {
        /// Where in the brief.
        member: &'static str,
        /// What stands in the braces.
        name: String,
    },
    /// No letters can be sent.
    #[error(
        "campaign {number} is to go by mail, but the server sends none: start it with --mail-from, or take the channel out"
    )]
    NoMail {
        /// Which.
        number: i64,
    },
    /// Two limits cannot both hold.
    #[error(
        "limits.least asks for {least} enterprises for each listing, but {limit} allows {most}: raise one or lower the other"
    )]
    Contradiction {
        /// What is asked for.
        least: u32,
        /// The limit against it.
        limit: &'static str,
        /// What it allows.
        most: u32,
    },
    /// An enterprise or a listing is named that is not there.
    #[error(
        "{member} names {count} that are not in the record, the first is '{first}': take them out or import them first"
    )]
    NotThere {
        /// Where in the brief.
        member: &'static str,
        /// How many.
        count: usize,
        /// The first of them.
        first: String,
    },
    /// It is for nobody.
    #[error("no enterprise fits the audience: ask for less at once (regions, industries, scales, tags, enterprises)")]
    NoAudience,
    /// It offers nothing.
    #[error("no listing on offer fits the catalogue: ask for less at once (fields, holders, regions, fee, listings)")]
    NoListings,
    /// The step does not start from where the campaign stands.
    #[error("campaign {number} is {}: the step '{}' cannot be taken", state.word(), verb.word())]
    State {
        /// Which.
        number: i64,
        /// Where it stands.
        state: CampaignState,
        /// What was asked.
        verb: CampaignVerb,
    },
    /// Who wrote or previewed it wants to approve it.
    #[error("campaign {number} is to be approved by somebody who has neither written nor previewed it")]
    SameHands {
        /// Which.
        number: i64,
    },
    /// Somebody has changed it since.
    #[error("campaign {number} has changed since you looked at it (version {expected}, now {found}): look again")]
    Changed {
        /// Which.
        number: i64,
        /// The version that was looked at.
        expected: i64,
        /// The version there is.
        found: i64,
    },
}

impl CampaignRefusal {
    /// What speaks against it, as a word that stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "unknown-campaign",
            Self::Range { .. } => "out-of-range",
            Self::UnknownField { .. } => "unknown-field",
            Self::NoMail { .. } => "no-mail",
            Self::Contradiction { .. } => "limits-contradict",
            Self::NotThere { .. } => "not-in-record",
            Self::NoAudience => "no-audience",
            Self::NoListings => "no-listings",
            Self::State { .. } => "not-in-this-state",
            Self::SameHands { .. } => "second-person-needed",
            Self::Changed { .. } => "changed-meanwhile",
        }
    }
}

impl Notice for CampaignRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::Unknown { number } => format!("没有第 {number} 号推送任务"),
            Self::Range { member, least, most } => format!("{member} 应在 {least} 至 {most} 之间"),
            Self::UnknownField { member, name } => {
                format!("{member} 中没有“{{{name}}}”这一项：可用的有 {{企业}}、{{件数}}、{{任务}}")
            }
            Self::NoMail { number } => {
                format!(
                    "第 {number} 号推送任务要发邮件，而本系统未设置发信服务器：请以 --mail-from 启动，或去掉邮件这一途径"
                )
            }
            Self::Contradiction { least, limit, most } => format!(
                "limits.least 要求每件至少推给 {least} 家，而 {limit} 至多允许 {most}：二者不能同时满足，请放宽其一"
            ),
            Self::NotThere { member, count, first } => {
                format!("{member} 中有 {count} 项不在库中，第一项为“{first}”：请删去或先行导入")
            }
            Self::NoAudience => "没有符合条件的企业：请放宽受众条件（地区、行业、规模、资质、指定企业）".to_owned(),
            Self::NoListings => {
                "没有符合条件且在许可期内的许可信息：请放宽条件（领域、专利权人、地区、费用、指定专利）".to_owned()
            }
            Self::State { number, state, verb } => {
                format!("第 {number} 号推送任务{}，不能{}", state.chinese(), verb.chinese())
            }
            Self::SameHands { number } => {
                format!("第 {number} 号推送任务须由未参与起草和预览的另一人审批")
            }
            Self::Changed { number, expected, found } => {
                format!("第 {number} 号推送任务已有变化（您所见为第 {expected} 版，现为第 {found} 版）：请重新查看")
            }
        }
    }
}
