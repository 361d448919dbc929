//! Why a text could not be classified, or a classifier not be made.

use thiserror::Error;

use crate::domain::{LabelKind, Notice};
use crate::model_file::ModelFileError;

/// Why a classifier cannot be trained or used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClassifyError {
    /// No row of the training files has a label of the kind asked for.
    #[error("no row has a {kind}: give rows with {}", needed(*kind))]
    NoLabels {
        /// The kind of label.
        kind: LabelKind,
    },
    /// All rows are of one class.
    #[error("all rows are of one class: give rows of at least two")]
    OneClass,
    /// More classes than a model can hold.
    #[error("{found} classes are too many: at most {most}")]
    TooManyClasses {
        /// Classes there are.
        found: usize,
        /// Classes there may be.
        most: usize,
    },
    /// The classifier tells other things apart.
    #[error("the classifier tells {trained} apart, not {asked}: ask for --label {trained}, or train one")]
    OtherKind {
        /// What it was trained for.
        trained: LabelKind,
        /// What was asked.
        asked: LabelKind,
    },
    /// Hardly any rows.
    #[error("{found} rows with a label are too few: give at least {needed}")]
    TooFewRows {
        /// Rows with a label.
        found: usize,
        /// Rows needed.
        needed: usize,
    },
    /// The library of learners refused.
    #[error("training failed")]
    Learner(#[from] linfa::Error),
    /// Scaling scores to probabilities failed.
    #[error("scores could not be scaled to probabilities")]
    Calibration(#[from] linfa::composing::PlattError),
    /// The model file is at fault.
    #[error("classifier: {0}")]
    Model(#[from] ModelFileError),
}

/// What a training row needs to have a label of a kind.
fn needed(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Label => "a column `label`",
        _ => "a column `ipc_main` or `ipc`",
    }
}

impl Notice for ClassifyError {
    fn chinese(&self) -> String {
        match self {
            Self::NoLabels { kind: LabelKind::Label } => "没有一行带有标签：请提供 label（标签、类别）列".to_owned(),
            Self::NoLabels { .. } => "没有一行带有 IPC 分类号：请提供 ipc_main（主分类号）或 ipc 列".to_owned(),
            Self::OneClass => "所有行都属于同一类：请提供至少两类的数据".to_owned(),
            Self::TooManyClasses { found, most } => format!("共有 {found} 类，超出上限：至多 {most} 类"),
            Self::OtherKind { trained, asked } => {
                format!("这个分类器分的是 {trained}，不是 {asked}：请用 --label {trained}，或另外训练")
            }
            Self::TooFewRows { found, needed } => format!("带标签的行只有 {found} 行：至少需要 {needed} 行"),
            Self::Learner(source) => format!("训练失败：{source}"),
            Self::Calibration(source) => format!("无法把得分换算成概率：{source}"),
            Self::Model(source) => format!("分类模型：{}", source.chinese()),
        }
    }
}
