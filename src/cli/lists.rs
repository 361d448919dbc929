//! The knobs of lists on the command line.

use clap::Args;

use crate::engine::ListPolicy;

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
    /// The policy meant; what is not given is as always.
    pub(super) fn policy(&self) -> anyhow::Result<ListPolicy> {
        if self.as_ranked {
            return Ok(ListPolicy::AS_RANKED);
        }
        let always = ListPolicy::default();
        let policy = ListPolicy {
            fold: self.fold.unwrap_or(always.fold),
            variety: self.variety.unwrap_or(always.variety),
            balance: self.balance.unwrap_or(always.balance),
        };
        Ok(policy.checked()?)
    }
}
