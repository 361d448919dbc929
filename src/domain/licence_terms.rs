//! What a licence costs, how it is paid, where and for how long it holds.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::{Date, Money, Notice, Territory};

/// A share in hundredths of a per cent: 3 % is 300. From 0 to 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "u16", into = "u16")]
#[schema(value_type = u16, minimum = 0, maximum = 10_000)]
pub struct Rate(u16);

/// The share is above 100 %.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a royalty of {}% is above 100%", f64::from(*basis_points) / 100.0)]
pub struct RateError {
    /// The share given, in hundredths of a per cent.
    pub basis_points: u16,
}

impl Notice for RateError {
    fn chinese(&self) -> String {
        format!("提成比例 {}% 超过 100%", f64::from(self.basis_points) / 100.0)
    }
}

impl Rate {
    /// A share from hundredths of a per cent.
    ///
    /// # Errors
    /// [`RateError`] above 10,000 (100 %).
    pub fn from_basis_points(basis_points: u16) -> Result<Self, RateError> {
        if basis_points <= 10_000 { Ok(Self(basis_points)) } else { Err(RateError { basis_points }) }
    }

    /// The share in per cent.
    #[must_use]
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl TryFrom<u16> for Rate {
    type Error = RateError;

    fn try_from(basis_points: u16) -> Result<Self, Self::Error> {
        Self::from_basis_points(basis_points)
    }
}

impl From<Rate> for u16 {
    fn from(rate: Rate) -> Self {
        rate.0
    }
}

/// What a royalty is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoyaltyBase {
    /// 销售额.
    Sales,
    /// 净销售额.
    NetSales,
    /// 利润.
    Profit,
    /// 净利润.
    NetProfit,
}

impl RoyaltyBase {
    /// The Chinese name.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Sales => "销售额",
            Self::NetSales => "净销售额",
            Self::Profit => "利润",
            Self::NetProfit => "净利润",
        }
    }
}

/// The published licence fee, in every form of payment the pilot plan and the platforms know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Fee {
    /// 免费: free of charge.
    Free,
    /// 面议: to be agreed.
    Negotiable,
    /// 一次总付: one payment for the whole licence.
    LumpSum {
        /// The payment.
        amount: Money,
    },
    /// 按年支付: the same amount every year.
    PerYear {
        /// The payment each year.
        amount: Money,
    },
    /// 分期支付: a first payment, then equal ones.
    Instalments {
        /// The first payment.
        first: Money,
        /// Each payment after it.
        following: Money,
        /// How many follow; `None` when one follows every year of the licence.
        count: Option<u16>,
    },
    /// 提成: a share of turnover or profit, perhaps after an entry fee (入门费).
    Royalty {
        /// Paid on entry; zero for a pure royalty.
        entry: Money,
        /// The share.
        rate: Rate,
        /// What it is a share of.
        base: RoyaltyBase,
    },
    /// 按件提成: an amount for each piece made or sold, perhaps after an entry fee.
    UnitRoyalty {
        /// Paid on entry; zero for a pure royalty.
        entry: Money,
        /// The amount for each piece.
        per_unit: Money,
        /// What a piece is: 件, 台, 吨 …
        unit: String,
    },
    /// 先试用后付费: free at first, then paid.
    TrialThenPaid {
        /// Free months.
        free_months: u16,
        /// What holds afterwards.
        #[schema(no_recursion)]
        then: Box<Fee>,
    },
}

impl Fee {
    /// All forms of payment, as [`Fee::form`] names them.
    pub const FORMS: [&'static str; 7] =
        ["免费", "面议", "一次总付", "分期支付", "提成支付", "入门费+提成", "先试用后付费"];

    /// What is certain to be paid in a year on average over `years` (at least one); `None` when the fee is to be agreed
    /// or is a royalty alone. A royalty beside an entry fee is not counted.
    ///
    /// The measure behind "within budget": a lump sum is spread over the licence, an entry fee too.
    #[must_use]
    pub fn fixed_cost_per_year(&self, years: u32) -> Option<Money> {
        let years = years.max(1);
        let spread = |total: Money| Money::from_fen(total.fen() / i64::from(years)).ok();
        match self {
            Self::Free => Some(Money::ZERO),
            Self::Negotiable => None,
            Self::Royalty { entry: Money::ZERO, .. } | Self::UnitRoyalty { entry: Money::ZERO, .. } => None,
            Self::LumpSum { amount } => spread(*amount),
            Self::PerYear { amount } => Some(*amount),
            Self::Instalments { first, following, count } => {
                spread(first.plus(following.times(count.map_or(years - 1, u32::from))))
            }
            Self::Royalty { entry, .. } | Self::UnitRoyalty { entry, .. } => spread(*entry),
            Self::TrialThenPaid { then, .. } => then.fixed_cost_per_year(years),
        }
    }

    /// The form of payment in the pilot plan's words.
    #[must_use]
    pub fn form(&self) -> &'static str {
        match self {
            Self::Free => "免费",
            Self::Negotiable => "面议",
            Self::LumpSum { .. } => "一次总付",
            Self::PerYear { .. } | Self::Instalments { .. } => "分期支付",
            Self::Royalty { entry, .. } | Self::UnitRoyalty { entry, .. } if *entry > Money::ZERO => "入门费+提成",
            Self::Royalty { .. } | Self::UnitRoyalty { .. } => "提成支付",
            Self::TrialThenPaid { .. } => "先试用后付费",
        }
    }

    /// The fee in one Chinese phrase.
    #[must_use]
    pub fn describe(&self) -> String {
        let with_entry = |entry: &Money, rest: String| match *entry {
            Money::ZERO => rest,
            entry => format!("入门费{entry}+{rest}"),
        };
        match self {
            Self::Free => "免费".to_owned(),
            Self::Negotiable => "面议".to_owned(),
            Self::LumpSum { amount } => format!("一次总付{amount}"),
            Self::PerYear { amount } => format!("{amount}/年"),
            Self::Instalments { first, following, count: None } => format!("首期{first}，其后每年{following}"),
            Self::Instalments { first, following, count: Some(count) } => {
                format!("首期{first}，其后{count}期每期{following}")
            }
            Self::Royalty { entry, rate, base } => {
                with_entry(entry, format!("{}的{}%", base.chinese(), rate.percent()))
            }
            Self::UnitRoyalty { entry, per_unit, unit } => with_entry(entry, format!("每{unit}{per_unit}")),
            Self::TrialThenPaid { free_months, then } if free_months % 12 == 0 => {
                format!("前{}年免费，之后{}", free_months / 12, then.describe())
            }
            Self::TrialThenPaid { free_months, then } => format!("前{free_months}个月免费，之后{}", then.describe()),
        }
    }
}

/// The published terms of an open licence: what anyone who accepts them pays and gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LicenceTerms {
    /// The fee (许可使用费支付方式和标准).
    pub fee: Fee,
    /// How long one licence runs (单次许可期限), in months.
    pub months: Option<u16>,
    /// The last day on which the offer stands (许可期限届满日).
    pub ends_on: Option<Date>,
    /// Where a licence holds (许可地域范围).
    pub territory: Territory,
    /// Whom to ask (联系方式), as published.
    pub contact: Option<String>,
}

impl LicenceTerms {
    /// Length of one licence in whole years, at least one; three where the listing does not say, the pilot's usual term.
    #[must_use]
    pub fn years(&self) -> u32 {
        self.months.map_or(3, |months| u32::from(months).div_ceil(12).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wan(amount: i64) -> Money {
        Money::from_fen(amount * 1_000_000).unwrap()
    }

    #[test]
    fn a_fee_is_told_in_one_phrase() {
        let royalty =
            Fee::Royalty { entry: wan(10), rate: Rate::from_basis_points(300).unwrap(), base: RoyaltyBase::Sales };
        assert_eq!(royalty.describe(), "入门费10万元+销售额的3%");
        assert_eq!(royalty.form(), "入门费+提成");
        let trial = Fee::TrialThenPaid { free_months: 12, then: Box::new(Fee::PerYear { amount: wan(1) }) };
        assert_eq!(trial.describe(), "前1年免费，之后1万元/年");
    }

    #[test]
    fn yearly_cost_spreads_what_is_paid_once() {
        assert_eq!(Fee::LumpSum { amount: wan(9) }.fixed_cost_per_year(3), Some(wan(3)));
        assert_eq!(
            Fee::Instalments { first: wan(5), following: wan(2), count: None }.fixed_cost_per_year(3),
            Some(wan(3))
        );
        assert_eq!(Fee::Negotiable.fixed_cost_per_year(3), None);
        assert_eq!(Fee::Free.fixed_cost_per_year(0), Some(Money::ZERO));
    }
}
