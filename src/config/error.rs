//! Why a configuration cannot be used.

use thiserror::Error;

use crate::domain::Notice;
use crate::rank::RankError;
use crate::retrieve::RetrieveError;

/// Why a configuration cannot be used. Lines count from 1; `None` for one that stands in no file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// It is not of the form expected: a number is missing, too many, or no number.
    #[error("line {line}: {why}; compare with models/ranker/linear.toml")]
    Unreadable {
        /// The line.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A weight cannot be ranked with.
    #[error("{}{source}", at(*line))]
    Weight {
        /// The line.
        line: Option<usize>,
        /// Which, and why.
        source: RankError,
    },
    /// A number of text scoring cannot be scored with.
    #[error("{}{source}", at(*line))]
    Text {
        /// The line.
        line: Option<usize>,
        /// Which, and why.
        source: RetrieveError,
    },
    /// A knob of lists is out of its range.
    #[error("{}{source}", at(*line))]
    Lists {
        /// The line.
        line: Option<usize>,
        /// Which, and why.
        source: RankError,
    },
    /// Nothing waits to be put in force.
    #[error("no configuration has been proposed: run `duijie models propose FILE` first")]
    NoCandidate,
    /// No configuration was in force before.
    #[error("no configuration was in force before this one: there is nothing to go back to")]
    NoHistory,
    /// No configuration of the past has this number.
    #[error("no configuration of the past has the number {number}: `duijie models list` shows those there are")]
    NoSuchConfiguration {
        /// As asked for.
        number: u32,
    },
    /// A name, origin or note does not fit on a line.
    #[error("the {what} of a configuration has at most {most} characters, and none that cannot be printed: shorten it")]
    Words {
        /// Which.
        what: &'static str,
        /// The most characters.
        most: usize,
    },
}

fn at(line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!("line {line}: "))
}

impl Notice for ConfigError {
    fn chinese(&self) -> String {
        let at = |line: &Option<usize>| line.map_or_else(String::new, |line| format!("第 {line} 行："));
        match self {
            Self::Unreadable { line, why } => {
                format!("第 {line} 行读不懂（{why}）：请对照 models/ranker/linear.toml 改正")
            }
            Self::Weight { line, source } | Self::Lists { line, source } => {
                format!("{}{}", at(line), source.chinese())
            }
            Self::Text { line, source } => format!("{}{}", at(line), source.chinese()),
            Self::NoCandidate => "还没有候选配置：请先运行 duijie models propose 文件".to_owned(),
            Self::NoHistory => "此前没有用过别的配置：没有可以退回的".to_owned(),
            Self::NoSuchConfiguration { number } => {
                format!("没有编号为 {number} 的历史配置：请用 duijie models list 查看")
            }
            Self::Words { what, most } => {
                let what = match *what {
                    "name" => "名称",
                    "from" => "来源",
                    _ => "说明",
                };
                format!("配置的{what}至多 {most} 个字符，且不能有换行等控制字符：请改短")
            }
        }
    }
}
