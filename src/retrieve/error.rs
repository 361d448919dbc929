//! Why no candidates could be found.

use thiserror::Error;

use crate::domain::Notice;

/// Why matching failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RetrieveError {
    /// A weight that would corrupt every score.
    #[error("a profile's weight is {weight}: expected a finite number, zero or above")]
    Weight {
        /// As given.
        weight: f64,
    },
    /// A number of text scoring that would corrupt every score.
    #[error("{name} of text scoring is {value}: expected a number from {least} to {most}{}", remark(name))]
    Scoring {
        /// The number's name.
        name: &'static str,
        /// As given.
        value: f64,
        /// The least it may be.
        least: f64,
        /// The greatest it may be.
        most: f64,
    },
    /// More terms than one sum can hold.
    #[error("a profile of {terms} terms known to the catalogue: expected at most 16384; shorten its texts")]
    TooManyTerms {
        /// How many.
        terms: usize,
    },
    /// More postings than can be numbered.
    #[error("{values} postings are more than one catalogue can hold: 4294967295")]
    TooLarge {
        /// How many.
        values: usize,
    },
    /// The file is no match matrix.
    #[error("not a match matrix of duijie")]
    NotAMatrix,
    /// Another form, analyzer, models or store.
    #[error("a match matrix of {what} {found}, expected {expected}")]
    Origin {
        /// In what it differs.
        what: &'static str,
        /// What it says.
        found: String,
        /// What is needed.
        expected: String,
    },
    /// The file is cut short, or its contents are not those that were written.
    #[error("the match matrix is damaged or cut short")]
    Damaged,
    /// It could not be read or written.
    #[error("the match matrix cannot be read or written: {source}")]
    File {
        /// What the system said.
        #[from]
        source: std::io::Error,
    },
}

impl Notice for RetrieveError {
    fn chinese(&self) -> String {
        match self {
            Self::Weight { weight } => format!("画像权重为 {weight}：应为不小于零的有限数"),
            Self::Scoring { name, value, least, most } => {
                let remark = if remark(name).is_empty() { "" } else { "，且不在 0 与 0.001 之间" };
                format!("文本打分的“{name}”为 {value}：应为 {least} 至 {most} 的数{remark}")
            }
            Self::TooManyTerms { terms } => format!("画像有 {terms} 个目录中已知的词，至多 16384 个：请缩短文本"),
            Self::TooLarge { values } => format!("共 {values} 条倒排记录，超出一个目录的上限 4294967295"),
            Self::NotAMatrix => "不是对接的匹配矩阵文件".to_owned(),
            Self::Origin { what, found, expected } => {
                format!("匹配矩阵的{}为 {found}，需要 {expected}", chinese_name(what))
            }
            Self::Damaged => "匹配矩阵文件已损坏或不完整".to_owned(),
            Self::File { source } => format!("无法读写匹配矩阵：{source}"),
        }
    }
}

/// What else is asked of a number of text scoring.
fn remark(name: &str) -> &'static str {
    if name == "temper" { ", and not between 0 and 0.001" } else { "" }
}

fn chinese_name(what: &str) -> &str {
    match what {
        "form" => "格式版本",
        "analyzer" => "分词器版本",
        "models" => "模型版本",
        "text scoring" => "文本打分参数",
        "store" => "所属数据目录",
        other => other,
    }
}
