//! Why nothing could be learnt or asked of companies.

use thiserror::Error;

use crate::domain::Notice;
use crate::model_file::ModelFileError;

/// Why companies cannot be learnt or asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FirmsError {
    /// Hardly any company.
    #[error(
        "{found} companies with a classified patent of their own are too few to learn from: give patents of at least {needed}, with columns applicant, title and ipc"
    )]
    TooFewFirms {
        /// How many there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// The model file is at fault.
    #[error("firms: {0}")]
    Model(#[from] ModelFileError),
}

impl Notice for FirmsError {
    fn chinese(&self) -> String {
        match self {
            Self::TooFewFirms { found, needed } => format!(
                "只有 {found} 家公司有单独持有且带分类号的专利，不足以训练：请提供至少 {needed} 家公司的专利，须含申请人、发明名称和 IPC 列"
            ),
            Self::Model(source) => format!("企业名称模型：{}", source.chinese()),
        }
    }
}
