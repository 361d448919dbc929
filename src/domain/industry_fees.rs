//! What licences of an industry cost, by a table that somebody publishes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{IndustryCode, Money, Rate, RoyaltyBase};

/// Contracts of one industry in one year, as a source counts them (试点方案 三.3.1: 行业平均许可费). At least one of the two
/// means is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndustryFees {
    /// The industry, at any level of GB/T 4754-2017.
    pub industry: IndustryCode,
    /// The year the contracts are of.
    pub year: u16,
    /// How many contracts: the n of the means.
    pub contracts: u32,
    /// Mean fixed fee of a contract over its whole term.
    pub fixed_mean: Option<Money>,
    /// Mean royalty, in hundredths of a per cent.
    pub royalty_mean: Option<Rate>,
    /// What the royalty is a share of; `None` where the source does not say.
    pub royalty_base: Option<RoyaltyBase>,
    /// Whose figures they are.
    pub source: String,
}
