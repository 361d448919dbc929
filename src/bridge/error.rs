//! Why a bridge could not be read.

use thiserror::Error;

use crate::domain::{IndustryCodeError, IpcPatternError, Notice};

/// Why a table of links could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BridgeError {
    /// The first line is not the header of such a table.
    #[error("not a table of links: the first line must be '{expected}'; train it anew with `duijie bridge train`")]
    Header {
        /// What it should be.
        expected: &'static str,
    },
    /// A line has too few or too many cells.
    #[error("expected {expected} cells, found {found}")]
    Cells {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// Not a part of the IPC.
    #[error(transparent)]
    Part(#[from] IpcPatternError),
    /// Not an industry.
    #[error(transparent)]
    Industry(#[from] IndustryCodeError),
    /// Not a probability.
    #[error("'{text}' is not a weight: expected a number from 0 to 1")]
    Weight {
        /// The text as given, shortened.
        text: String,
    },
    /// Not a list of sources.
    #[error("'{text}' names no sources: expected words such as pairs+table")]
    Sources {
        /// The text as given, shortened.
        text: String,
    },
    /// A line is wrong.
    #[error("line {line}: {source}")]
    Line {
        /// Which, from 1.
        line: usize,
        /// What is wrong with it.
        source: Box<BridgeError>,
    },
}

impl Notice for BridgeError {
    fn chinese(&self) -> String {
        match self {
            Self::Header { expected } => {
                format!("不是对应表：首行应为“{expected}”，请用 duijie bridge train 重新生成")
            }
            Self::Cells { expected, found } => format!("应有 {expected} 列，实有 {found} 列"),
            Self::Part(error) => error.chinese(),
            Self::Industry(error) => error.chinese(),
            Self::Weight { text } => format!("“{text}”不是权重：应为 0 到 1 之间的数"),
            Self::Sources { text } => format!("“{text}”不是来源：应如 pairs+table"),
            Self::Line { line, source } => format!("第{line}行：{}", source.chinese()),
        }
    }
}
