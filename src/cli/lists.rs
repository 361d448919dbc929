//! The knobs of lists on the command line: what is given goes before the configuration in force, for this call.

use clap::Args;

use crate::engine::ListChange;

#[derive(Args)]
pub(super) struct Lists {
    /// 同一权利人、文本相似度达到此值的合并为一件（0 为不合并，至多 1）
    #[arg(long, value_name = "相似度")]
    fold: Option<f64>,
    /// 前列之间避免相近的力度（0 至 2，0 为不调整）
    #[arg(long, value_name = "力度")]
    variety: Option<f64>,
    /// 前列的领域分布接近企业领域的力度（0 至 2，0 为不调整）
    #[arg(long, value_name = "力度")]
    balance: Option<f64>,
    /// 完全按分数排列：以上三项都为 0
    #[arg(long, conflicts_with_all = ["fold", "variety", "balance"])]
    as_ranked: bool,
}

impl Lists {
    /// What is asked for; the rest is as configured.
    pub(super) fn change(&self) -> ListChange {
        match self.as_ranked {
            true => ListChange::AS_RANKED,
            false => ListChange { fold: self.fold, variety: self.variety, balance: self.balance },
        }
    }
}
