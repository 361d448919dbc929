//! Why a judged set cannot be made or judged.

use std::path::PathBuf;

use thiserror::Error;

use crate::domain::Notice;
use crate::eval::{JudgementFault, WeightsError};

/// Why a judged set cannot be made or judged.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JudgedSetError {
    /// A listing or query of a judged set has a name that judgements cannot say, or that of another.
    #[error(
        "'{name}' cannot name one thing in judgements: give every listing and enterprise an id of its own, without blanks"
    )]
    SetName {
        /// The name, shortened.
        name: String,
    },
    /// A table of judgements lacks a column.
    #[error("{path} has not the columns query, listing, grade: name them so in its first row")]
    JudgementColumns {
        /// The file.
        path: PathBuf,
    },
    /// No judgement that can be used finds anything relevant.
    #[error(
        "none of {given} judgements can be used and has a grade of 1 or above ({faults} faults{})",
        first.as_ref().map_or_else(String::new, |first| format!("; {first}"))
    )]
    NothingJudged {
        /// Judgements given.
        given: usize,
        /// Faults found.
        faults: usize,
        /// The first of them.
        first: Option<Box<JudgementFault>>,
    },
    /// The weights of judgements cannot be read.
    #[error("{}: {source}", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: WeightsError,
    },
    /// Nobody was shown anything in the time asked for, or nobody wanted any of it.
    #[error(
        "feedback on {deliveries} deliveries makes no judgement of 1 or above: record deliveries with \
         'duijie recommend --record' and import what firms did with 'duijie feedback import'"
    )]
    NoFeedback {
        /// Deliveries looked at.
        deliveries: usize,
    },
    /// No query has enough relevant listings.
    #[error("no query of the set '{set}' has {wanted} relevant listings in it: reveal fewer")]
    TooFewRelevant {
        /// The set's name.
        set: String,
        /// Relevant listings a query needs.
        wanted: usize,
    },
    /// Somebody else is judging the set.
    #[error("{path} is being judged by another process: wait for it to end")]
    BeingJudged {
        /// The file of judgements.
        path: PathBuf,
    },
}

impl Notice for JudgedSetError {
    fn chinese(&self) -> String {
        match self {
            Self::SetName { name } => {
                format!("“{name}”不能在评判中指明唯一的对象：每条许可信息和每家企业须有各自的、不含空格的编号")
            }
            Self::JudgementColumns { path } => {
                format!("{} 缺少“查询、许可编号、等级”三列：请在第一行写明列名", path.display())
            }
            Self::NothingJudged { given, faults, first } => {
                let first = first.as_ref().map_or_else(String::new, |first| format!("；{}", first.chinese()));
                format!("{given} 条评判中没有一条可用且等级不低于 1（问题 {faults} 个{first}）")
            }
            Self::Weights { path, source } => {
                format!("{} 第 {} 行：应为“查询 许可编号 权重”，每对一行，权重大于 0", path.display(), source.line)
            }
            Self::NoFeedback { deliveries } => format!(
                "{deliveries} 次推送的反馈中没有等级不低于 1 的评判：请先用 duijie recommend --record 记录推送，\
                 再用 duijie feedback import 导入企业的反馈"
            ),
            Self::TooFewRelevant { set, wanted } => {
                format!("评测集“{set}”中没有一个查询有 {wanted} 条相关许可信息：请减少 --reveal 的条数")
            }
            Self::BeingJudged { path } => format!("另一进程正在评判 {}：请等它结束", path.display()),
        }
    }
}
