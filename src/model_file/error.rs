//! Why a model file was refused.

use thiserror::Error;

use crate::domain::Notice;

/// Why a model file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// The file does not begin as a model of ours does.
    #[error("not a model file of duijie")]
    NotAModel,
    /// Another kind of model, or another form of it.
    #[error("a model of kind {found}, expected {expected}: give another file or train it again")]
    Kind {
        /// What it is.
        found: String,
        /// What was needed.
        expected: String,
    },
    /// Another analyzer made its terms.
    #[error("made with analyzer {found}, this program has {expected}: train it again (models/README.md)")]
    Analyzer {
        /// The one it was made with.
        found: String,
        /// The one of this program.
        expected: String,
    },
    /// Its vectors come from another embedding.
    #[error("made with embedding {found}, the one in use is {expected}: train it again (models/README.md)")]
    Embedding {
        /// The one it was made with.
        found: String,
        /// The one in use.
        expected: String,
    },
    /// The end is missing, or something follows it.
    #[error("{found} bytes of contents, expected {expected}: copy the file again or train it again")]
    Truncated {
        /// Bytes the file says it has.
        expected: usize,
        /// Bytes it has.
        found: usize,
    },
    /// The contents are not those that were written.
    #[error("the contents do not have their checksum: copy the file again or train it again")]
    Corrupt,
    /// The value cannot be written.
    #[error("the model cannot be written: {source}")]
    Unwritable {
        /// What the library said.
        source: postcard::Error,
    },
}

impl Notice for ModelFileError {
    fn chinese(&self) -> String {
        match self {
            Self::NotAModel => "不是对接的模型文件".to_owned(),
            Self::Kind { found, expected } => {
                format!("模型类型是 {found}，需要 {expected}：请换一个文件或重新训练")
            }
            Self::Analyzer { found, expected } => {
                format!("模型由分词器版本 {found} 训练，本程序是 {expected}：请重新训练（见 models/README.md）")
            }
            Self::Embedding { found, expected } => {
                format!("模型依赖词向量版本 {found}，当前是 {expected}：请重新训练（见 models/README.md）")
            }
            Self::Truncated { expected, found } => {
                format!("模型内容应有 {expected} 字节，实有 {found} 字节：请重新复制或重新训练")
            }
            Self::Corrupt => "模型内容与校验和不符：请重新复制或重新训练".to_owned(),
            Self::Unwritable { source } => format!("无法写出模型：{source}"),
        }
    }
}
