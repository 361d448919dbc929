//! Why no embedding could be made.

use thiserror::Error;

use crate::domain::Notice;
use crate::model_file::ModelFileError;

/// Why an embedding cannot be distilled or used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// Hardly any texts.
    #[error("{found} texts are too few to learn from: give at least {needed}, one a line")]
    TooFewTexts {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// A text is no text.
    #[error("line {line} of the texts is not UTF-8: make both files anew (models/teacher.py)")]
    Encoding {
        /// The line, from 1.
        line: usize,
    },
    /// Texts and vectors do not belong together.
    #[error("{bytes} bytes of vectors do not divide among {texts} texts: make both files anew (models/teacher.py)")]
    VectorSize {
        /// Lines of the text file.
        texts: usize,
        /// Bytes of the vector file.
        bytes: usize,
    },
    /// A vector has an infinite number or none at all.
    #[error("the vector of line {line} has a number that is not finite: make both files anew (models/teacher.py)")]
    NotFinite {
        /// The text's line, from 1.
        line: usize,
    },
    /// The vectors do not spread in any direction.
    #[error("the vectors have no main directions: are they all the same?")]
    NoDirections,
    /// Nothing is said twice.
    #[error("no term is in {least_texts} texts: give more texts or ask for fewer")]
    NoTerms {
        /// How many texts a term had to be in.
        least_texts: u32,
    },
    /// The model file is at fault.
    #[error("embedding: {0}")]
    Model(#[from] ModelFileError),
}

impl Notice for EmbedError {
    fn chinese(&self) -> String {
        match self {
            Self::TooFewTexts { found, needed } => {
                format!("只有 {found} 条文本，不足以训练：至少需要 {needed} 条，每行一条")
            }
            Self::Encoding { line } => {
                format!("文本第 {line} 行不是 UTF-8 编码：请用 models/teacher.py 重新生成两个文件")
            }
            Self::VectorSize { texts, bytes } => {
                format!("{bytes} 字节的向量不能平分给 {texts} 条文本：请用 models/teacher.py 重新生成两个文件")
            }
            Self::NotFinite { line } => {
                format!("第 {line} 行文本的向量含有非有限数值：请用 models/teacher.py 重新生成两个文件")
            }
            Self::NoDirections => "向量没有主方向：是否全部相同？".to_owned(),
            Self::NoTerms { least_texts } => {
                format!("没有任何词出现在 {least_texts} 条文本中：请提供更多文本，或降低要求")
            }
            Self::Model(source) => format!("词向量：{}", source.chinese()),
        }
    }
}
