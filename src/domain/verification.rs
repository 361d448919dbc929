//! What the bureau checks before a listing is published: the worksheet.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Date, PatentKind};

/// One question of the worksheet (pilot plan 三.1.2; Patent Law 2020, article 50; Implementing Regulations 2023, article 86).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// The patent is in force.
    InForce,
    /// Its annuities are paid.
    AnnuitiesPaid,
    /// No exclusive or sole licence is in force.
    NoExclusiveLicence,
    /// It is not pledged, or the pledgee agrees.
    PledgeeAgrees,
    /// Its procedures are not suspended (中止).
    NotStayed,
    /// There is an evaluation report (专利权评价报告), which utility models and designs need.
    EvaluationReport,
    /// Who offers it is the registered owner.
    RegisteredOwner,
    /// The fee is not plainly unreasonable.
    FeeReasonable,
}

impl CheckKind {
    /// All checks, in the order of the worksheet.
    pub const ALL: [Self; 8] = [
        Self::InForce,
        Self::AnnuitiesPaid,
        Self::NoExclusiveLicence,
        Self::PledgeeAgrees,
        Self::NotStayed,
        Self::EvaluationReport,
        Self::RegisteredOwner,
        Self::FeeReasonable,
    ];

    /// The word used in JSON and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::AnnuitiesPaid => "annuities_paid",
            Self::NoExclusiveLicence => "no_exclusive_licence",
            Self::PledgeeAgrees => "pledgee_agrees",
            Self::NotStayed => "not_stayed",
            Self::EvaluationReport => "evaluation_report",
            Self::RegisteredOwner => "registered_owner",
            Self::FeeReasonable => "fee_reasonable",
        }
    }

    /// What is asked, in Chinese.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::InForce => "专利权有效",
            Self::AnnuitiesPaid => "年费已缴纳",
            Self::NoExclusiveLicence => "无有效的独占或排他许可",
            Self::PledgeeAgrees => "未质押，或质权人同意",
            Self::NotStayed => "未处于中止程序",
            Self::EvaluationReport => "已提交专利权评价报告",
            Self::RegisteredOwner => "声明人为登记的专利权人",
            Self::FeeReasonable => "许可使用费无明显不合理",
        }
    }

    /// The check of a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.word() == word || check.chinese() == word)
    }

    /// Whether a patent of this kind needs the check: inventions need no evaluation report. One of unknown kind needs all.
    #[must_use]
    pub fn is_needed_for(self, kind: Option<PatentKind>) -> bool {
        self != Self::EvaluationReport || kind != Some(PatentKind::Invention)
    }
}

/// The answer to one question of the worksheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// Whether it is as it must be.
    pub passed: bool,
    /// What shows it: an extract of the register with its day, a receipt, a report's number.
    pub evidence: String,
    /// The last day it holds, where it ends: annuities are paid up to a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Who looked.
    pub reviewer: String,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// The answers so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Worksheet(pub BTreeMap<CheckKind, Check>);

impl Worksheet {
    /// The checks that a patent of this kind still lacks, those that failed and those that no longer hold on `today`
    /// included.
    #[must_use]
    pub fn open(&self, kind: Option<PatentKind>, today: Date) -> Vec<CheckKind> {
        let holds = |check: &Check| check.passed && check.valid_until.is_none_or(|last| last >= today);
        let stands = |kind: &CheckKind| self.0.get(kind).is_some_and(holds);
        CheckKind::ALL.into_iter().filter(|check| check.is_needed_for(kind) && !stands(check)).collect()
    }

    /// The day up to which annuities are known to be paid.
    #[must_use]
    pub fn annuities_until(&self) -> Option<Date> {
        self.0.get(&CheckKind::AnnuitiesPaid).filter(|check| check.passed)?.valid_until
    }
}
