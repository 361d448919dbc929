//! What a holder should look at again. A hint explains; it never keeps anything from being published.

use serde::{Serialize, Serializer};
use thiserror::Error;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::peers::PeerFees;
use crate::domain::{Fee, LicenceTerms, Money, Notice, Rate, RoyaltyBase};

/// From where on a fee is called high. The national office's notice of 2024 on open licences says "in general not above"
/// these; it is known to us from the press alone, so a bureau may set others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceLimits {
    /// Of fixed fees, over the whole licence.
    pub fixed: Money,
    /// Of royalties on sales.
    pub of_sales: Rate,
    /// Of royalties on profit.
    pub of_profit: Rate,
}

impl PriceLimits {
    /// Limits in yuan and in per cent; `None` for one that is no amount or above 100 %.
    #[must_use]
    pub fn of(fixed_yuan: u32, sales_percent: u8, profit_percent: u8) -> Option<Self> {
        let rate = |percent: u8| Rate::from_basis_points(u16::from(percent) * 100).ok();
        let fixed = Money::from_fen(i64::from(fixed_yuan) * 100).ok()?;
        Some(Self { fixed, of_sales: rate(sales_percent)?, of_profit: rate(profit_percent)? })
    }

    /// Those of the notice: 2,000 万元, 20 % of net sales, 40 % of profit.
    pub const NOTICE: (u32, u8, u8) = (20_000_000, 20, 40);
}

/// One thing to look at again.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PriceHint {
    /// The fixed fee is above the limit.
    #[error(
        "the fixed fee comes to {total} over {years} years, above the {limit} from which a hint is given (by default what the 2024 notice calls 'in general not above')"
    )]
    FixedFeeHigh {
        /// Over the licence.
        total: Money,
        /// The licence's length.
        years: u32,
        /// The limit.
        limit: Money,
    },
    /// The royalty is above the limit.
    #[error("a royalty of {}% is above the {}% from which a hint is given (by default what the 2024 notice calls 'in general not above')", rate.percent(), limit.percent())]
    RoyaltyHigh {
        /// The share asked.
        rate: Rate,
        /// Of what.
        base: RoyaltyBase,
        /// The limit.
        limit: Rate,
    },
    /// More than three quarters of the field's paid listings ask.
    #[error(
        "{yearly} a year is more than three quarters of the field's {paid} paid listings ask (upper quartile {upper})"
    )]
    AboveTheField {
        /// What is asked in a year.
        yearly: Money,
        /// The upper quartile.
        upper: Money,
        /// Paid listings in the field.
        paid: usize,
    },
    /// The fee is to be agreed.
    #[error(
        "the fee is to be agreed: an open licence states how and how much is paid (Patent Law, article 50), and cannot be accepted as published otherwise"
    )]
    ToBeAgreed,
}

impl Notice for PriceHint {
    fn chinese(&self) -> String {
        match self {
            Self::FixedFeeHigh { total, years, limit } => {
                format!(
                    "{years} 年固定费用合计 {total}，高于提示线 {limit}（默认依 2024 年通知所称“一般不高于”，据报道）"
                )
            }
            Self::RoyaltyHigh { rate, base, limit } => format!(
                "按{}的 {}% 提成，高于提示线 {}%（默认依 2024 年通知所称“一般不高于”，据报道）",
                base.chinese(),
                rate.percent(),
                limit.percent()
            ),
            Self::AboveTheField { yearly, upper, paid } => {
                format!("每年 {yearly}，高于同领域 {paid} 件收费许可的四分之三（上四分位数 {upper}）")
            }
            Self::ToBeAgreed => {
                "费用面议：开放许可声明须写明使用费的支付方式和标准（专利法第五十条），否则企业无法按公布的条件接受"
                    .to_owned()
            }
        }
    }
}

/// A hint as it is sent.
#[derive(Serialize, ToSchema)]
struct Told {
    /// Which, as a word that stays.
    code: &'static str,
    /// What and why, in Chinese.
    message: String,
    /// The same in English.
    message_en: String,
}

impl PriceHint {
    fn code(&self) -> &'static str {
        match self {
            Self::FixedFeeHigh { .. } => "fixed_fee_high",
            Self::RoyaltyHigh { .. } => "royalty_high",
            Self::AboveTheField { .. } => "above_the_field",
            Self::ToBeAgreed => "to_be_agreed",
        }
    }
}

impl Serialize for PriceHint {
    /// Code and message in both languages.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Told { code: self.code(), message: self.chinese(), message_en: self.to_string() }.serialize(serializer)
    }
}

impl PartialSchema for PriceHint {
    fn schema() -> RefOr<Schema> {
        Told::schema()
    }
}

impl ToSchema for PriceHint {}

/// What of these terms to look at again, beside what the field asks if that is known.
#[must_use]
pub fn hints(terms: &LicenceTerms, field: Option<&PeerFees>, limits: &PriceLimits) -> Vec<PriceHint> {
    let yearly = terms.fee.fixed_cost_per_year(terms.years());
    let total = yearly.map(|yearly| yearly.times(terms.years()));
    let fixed = total.filter(|total| *total > limits.fixed).map(|total| PriceHint::FixedFeeHigh {
        total,
        years: terms.years(),
        limit: limits.fixed,
    });
    let upper = field.and_then(|field| Some((field.yearly?.upper, field.paid)));
    let above = yearly.zip(upper).filter(|(yearly, (upper, _))| yearly > upper);
    let above = above.map(|(yearly, (upper, paid))| PriceHint::AboveTheField { yearly, upper, paid });
    [fixed, royalty(&terms.fee, limits), above, to_be_agreed(&terms.fee)].into_iter().flatten().collect()
}

fn royalty(fee: &Fee, limits: &PriceLimits) -> Option<PriceHint> {
    match fee {
        Fee::Royalty { rate, base, .. } => {
            let limit = match base {
                RoyaltyBase::Sales | RoyaltyBase::NetSales => limits.of_sales,
                RoyaltyBase::Profit | RoyaltyBase::NetProfit => limits.of_profit,
            };
            (*rate > limit).then_some(PriceHint::RoyaltyHigh { rate: *rate, base: *base, limit })
        }
        Fee::TrialThenPaid { then, .. } => royalty(then, limits),
        _ => None,
    }
}

fn to_be_agreed(fee: &Fee) -> Option<PriceHint> {
    match fee {
        Fee::Negotiable => Some(PriceHint::ToBeAgreed),
        Fee::TrialThenPaid { then, .. } => to_be_agreed(then),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Territory;

    fn codes(fee: Fee, field: Option<&PeerFees>) -> Vec<String> {
        let terms =
            LicenceTerms { fee, months: Some(36), ends_on: None, territory: Territory::Nationwide, contact: None };
        let (fixed, sales, profit) = PriceLimits::NOTICE;
        let hints = hints(&terms, field, &PriceLimits::of(fixed, sales, profit).unwrap());
        hints.iter().map(|hint| serde_json::to_value(hint).unwrap()["code"].as_str().unwrap().to_owned()).collect()
    }

    fn wan(amount: i64) -> Money {
        Money::from_fen(amount * 1_000_000).unwrap()
    }

    #[test]
    fn a_fee_at_the_limit_is_not_high_and_one_above_is() {
        assert!(codes(Fee::LumpSum { amount: wan(2_000) }, None).is_empty());
        assert_eq!(codes(Fee::LumpSum { amount: wan(2_001) }, None), ["fixed_fee_high"]);
        assert_eq!(codes(Fee::PerYear { amount: wan(700) }, None), ["fixed_fee_high"], "three years of it");
    }

    #[test]
    fn a_royalty_is_held_against_the_limit_of_what_it_is_a_share_of() {
        let royalty = |percent: u16, base| Fee::Royalty {
            entry: Money::ZERO,
            rate: Rate::from_basis_points(percent * 100).unwrap(),
            base,
        };
        assert!(codes(royalty(20, RoyaltyBase::NetSales), None).is_empty());
        assert_eq!(codes(royalty(21, RoyaltyBase::Sales), None), ["royalty_high"]);
        assert!(codes(royalty(40, RoyaltyBase::Profit), None).is_empty());
        let trial = Fee::TrialThenPaid { free_months: 6, then: Box::new(royalty(41, RoyaltyBase::NetProfit)) };
        assert_eq!(codes(trial, None), ["royalty_high"]);
    }

    #[test]
    fn a_fee_is_held_against_a_field_of_which_enough_is_known() {
        let field = PeerFees::of([1, 2, 3, 4, 5].map(|amount| Some(wan(amount))));
        assert!(codes(Fee::PerYear { amount: wan(4) }, Some(&field)).is_empty());
        assert_eq!(codes(Fee::PerYear { amount: wan(5) }, Some(&field)), ["above_the_field"]);
        let few = PeerFees::of([1, 2].map(|amount| Some(wan(amount))));
        assert!(codes(Fee::PerYear { amount: wan(5) }, Some(&few)).is_empty());
    }

    #[test]
    fn what_is_to_be_agreed_cannot_be_accepted_as_published() {
        assert_eq!(codes(Fee::Negotiable, None), ["to_be_agreed"]);
        assert!(codes(Fee::Free, None).is_empty());
    }
}
