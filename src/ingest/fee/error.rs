//! Why a fee could not be read.

use thiserror::Error;

use crate::domain::{MoneyError, Notice, RateError};

/// Why payment form and standard do not make a fee.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FeeError {
    /// The words are not those of a fee.
    #[error("cannot read the fee '{text}': expected a form such as 5万元, 2万元/年 or 入门费10万元+销售额的3%")]
    Unreadable {
        /// The text as given, shortened.
        text: String,
    },
    /// A figure without its unit.
    #[error("'{text}' has no unit: write 元 or 万元 behind the figure or into the column's name")]
    NoUnit {
        /// The text as given, shortened.
        text: String,
    },
    /// A range, a lower limit or a choice.
    #[error("'{text}' is not one figure: a published fee must be fixed, so give one")]
    NotOneFigure {
        /// The text as given, shortened.
        text: String,
    },
    /// A royalty that does not say of what.
    #[error("'{text}' does not say what the royalty is a share of: write 销售额, 净销售额, 利润 or 净利润")]
    NoBase {
        /// The text as given, shortened.
        text: String,
    },
    /// Form and standard exclude each other.
    #[error("payment form '{form}' contradicts the standard '{standard}'; correct one of them")]
    Contradiction {
        /// 支付方式, shortened.
        form: String,
        /// 标准, shortened.
        standard: String,
    },
    /// The form asks for more than the standard says.
    #[error("payment form '{form}' needs {needed}")]
    Incomplete {
        /// 支付方式, shortened.
        form: String,
        /// What is not given.
        needed: Needed,
    },
    /// More than any licence costs.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// More than all.
    #[error(transparent)]
    Rate(#[from] RateError),
}

/// What a payment form needs and the standard does not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Needed {
    /// Any figure.
    Figure,
    /// How a sum is split up.
    Schedule,
    /// How long use is free.
    FreeMonths,
    /// The entry fee.
    EntryFee,
}

impl Needed {
    fn chinese(self) -> &'static str {
        match self {
            Self::Figure => "金额或比例",
            Self::Schedule => "每期金额和期数，如 每年2万元",
            Self::FreeMonths => "免费试用的时长，如 前6个月免费，之后3万元/年",
            Self::EntryFee => "入门费金额",
        }
    }
}

impl std::fmt::Display for Needed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Figure => "an amount or a share",
            Self::Schedule => "the amount and number of instalments, such as 每年2万元",
            Self::FreeMonths => "the length of free use, such as 前6个月免费，之后3万元/年",
            Self::EntryFee => "the amount of the entry fee",
        })
    }
}

impl Notice for FeeError {
    fn chinese(&self) -> String {
        match self {
            Self::Unreadable { text } => {
                format!("无法识别许可费“{text}”：应如 5万元、2万元/年、入门费10万元+销售额的3%")
            }
            Self::NoUnit { text } => format!("“{text}”没有单位：请在数字后或列名中注明 元 或 万元"),
            Self::NotOneFigure { text } => format!("“{text}”不是确定的金额：公开的许可费应为一个确定数，请只填一个"),
            Self::NoBase { text } => {
                format!("“{text}”没有说明提成的基数：请注明 销售额、净销售额、利润 或 净利润")
            }
            Self::Contradiction { form, standard } => format!("支付方式“{form}”与标准“{standard}”矛盾，请更正其一"),
            Self::Incomplete { form, needed } => format!("支付方式“{form}”还需填写{}", needed.chinese()),
            Self::Money(error) => error.chinese(),
            Self::Rate(error) => error.chinese(),
        }
    }
}
