//! Why a chart could not be made.

use thiserror::Error;

use crate::domain::Notice;

/// Why a chart could not be made from the figures given.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// No row, or no point, is left to draw.
    #[error("there is nothing to draw for the chart '{caption}': evaluate at least one row first")]
    Empty {
        /// The chart's caption.
        caption: String,
    },
    /// A cell names a class that is not among the matrix's classes.
    #[error("class '{code}' is counted but not listed: add it to the classes of the matrix")]
    UnknownClass {
        /// The class's code.
        code: String,
    },
    /// Two classes have the same code.
    #[error("class '{code}' is listed twice: give each class a code of its own")]
    RepeatedClass {
        /// The class's code.
        code: String,
    },
    /// A figure that must lie from 0 to 1 does not.
    #[error("{figure} number {number} is {value}: it must lie from 0 to 1")]
    NotAShare {
        /// Which figure.
        figure: Figure,
        /// Its bin or point, from 1.
        number: usize,
        /// What was given; perhaps not a number.
        value: f64,
    },
    /// A value lies outside the axis of a histogram, or is not a number.
    #[error("the chart '{caption}' has the value {value}: it lies outside the chart's range")]
    Outside {
        /// The chart's caption.
        caption: String,
        /// The value.
        value: f64,
    },
    /// The library that writes DOCX failed.
    #[error("the contract could not be written: report this as a fault of the program")]
    Contract {
        /// What the library said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A report cannot be written as a document.
    #[error("cannot write the report; report this as a bug")]
    Report {
        /// What the library said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// More rows or columns than a sheet holds.
    #[error("{rows} rows of {columns} columns do not fit in one sheet: split the file")]
    TooManyRows {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// The library that writes workbooks failed.
    #[error("the workbook could not be written: report this as a fault of the program")]
    Workbook {
        /// What the library said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The drawing library failed.
    #[error("the chart '{caption}' could not be drawn: report this as a fault of the program")]
    Drawing {
        /// The chart's caption.
        caption: String,
        /// What the library said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A figure of a chart that must lie from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Figure {
    /// Mean confidence of a bin.
    #[error("confidence")]
    Confidence,
    /// Accuracy of a bin or point.
    #[error("accuracy")]
    Accuracy,
    /// Coverage of a point.
    #[error("coverage")]
    Coverage,
    /// Threshold of a point.
    #[error("threshold")]
    Threshold,
}

impl Figure {
    /// `value` if it lies from 0 to 1. Sums of parts that come out a hair beyond are taken to the bound.
    pub(super) fn share(self, number: usize, value: f64) -> Result<f64, DocumentError> {
        const HAIR: f64 = 1e-6;
        if !(-HAIR..=1.0 + HAIR).contains(&value) {
            return Err(DocumentError::NotAShare { figure: self, number, value });
        }
        Ok(value.clamp(0.0, 1.0))
    }
}

impl Notice for Figure {
    fn chinese(&self) -> String {
        match self {
            Self::Confidence => "置信度",
            Self::Accuracy => "准确率",
            Self::Coverage => "覆盖率",
            Self::Threshold => "阈值",
        }
        .to_owned()
    }
}

impl Notice for DocumentError {
    fn chinese(&self) -> String {
        match self {
            Self::Empty { caption } => format!("图“{caption}”没有可画的数据：请先评测至少一行"),
            Self::UnknownClass { code } => format!("类别“{code}”有计数但不在类别表中：请将其加入矩阵的类别"),
            Self::RepeatedClass { code } => format!("类别“{code}”列出了两次：每个类别的代码须唯一"),
            Self::NotAShare { figure, number, value } => {
                format!("第 {number} 个{}为 {value}：应在 0 至 1 之间", figure.chinese())
            }
            Self::Outside { caption, value } => format!("图“{caption}”中的值 {value} 不在图的范围之内"),
            Self::TooManyRows { rows, columns } => {
                format!("{rows} 行 {columns} 列超出一张工作表的容量：请拆分文件")
            }
            Self::Workbook { source } => format!("无法生成工作簿（{source}）：请报告此程序错误"),
            Self::Contract { source } => format!("无法生成合同文本（{source}）：请报告此程序错误"),
            Self::Report { source } => format!("无法生成报告（{source}）：请报告此程序错误"),
            Self::Drawing { caption, source } => format!("无法绘制图“{caption}”（{source}）：请报告此程序错误"),
        }
    }
}
