//! What listings of the same field ask.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::Money;

/// Fewer paid listings than this tell nothing of what is usual.
pub const FEWEST: usize = 5;

/// What the listings on offer in one field ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PeerFees {
    /// How many there are.
    pub listings: usize,
    /// Free of charge.
    pub free: usize,
    /// With something that is certain to be paid: the n of the quartiles.
    pub paid: usize,
    /// The others: a royalty alone, to be agreed, or not said.
    pub uncertain: usize,
    /// What is certain to be paid in a year, spread over the licence; `None` below [`FEWEST`] paid ones.
    pub yearly: Option<Quartiles>,
}

/// A quarter lie at or below `lower`, half at or below `median`, three quarters at or below `upper`; between two listings,
/// in proportion (Hyndman and Fan, *Sample quantiles in statistical packages*, 1996, type 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Quartiles {
    /// The lower quartile.
    pub lower: Money,
    /// The middle.
    pub median: Money,
    /// The upper quartile.
    pub upper: Money,
}

impl PeerFees {
    /// Of what each asks in a year for certain, `None` where nothing is certain.
    #[must_use]
    pub fn of(yearly: impl IntoIterator<Item = Option<Money>>) -> Self {
        let all: Vec<Option<Money>> = yearly.into_iter().collect();
        let certain = all.iter().flatten();
        let mut paid: Vec<Money> = certain.copied().filter(|cost| *cost > Money::ZERO).collect();
        paid.sort_unstable();
        let uncertain = all.iter().filter(|cost| cost.is_none()).count();
        Self {
            listings: all.len(),
            free: all.len() - uncertain - paid.len(),
            paid: paid.len(),
            uncertain,
            yearly: (paid.len() >= FEWEST).then(|| Quartiles {
                lower: quantile(&paid, 1),
                median: quantile(&paid, 2),
                upper: quantile(&paid, 3),
            }),
        }
    }
}

/// So many quarters of the way through sorted amounts, of which there is at least one.
fn quantile(sorted: &[Money], quarters: usize) -> Money {
    let way = (sorted.len() - 1) * quarters;
    let (at, rest) = (way / 4, (way % 4) as i64);
    let (low, high) = (sorted[at].fen(), sorted[(at + 1).min(sorted.len() - 1)].fen());
    Money::from_fen(low + (high - low) * rest / 4).unwrap_or(Money::ZERO)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn yuan(amount: i64) -> Money {
        Money::from_fen(amount * 100).unwrap()
    }

    #[test]
    fn quartiles_are_told_from_five_paid_listings_on() {
        let four = PeerFees::of([Some(yuan(1)), Some(yuan(2)), Some(yuan(3)), Some(yuan(4)), Some(Money::ZERO), None]);
        assert_eq!((four.listings, four.free, four.paid, four.uncertain, four.yearly), (6, 1, 4, 1, None));
        let five = PeerFees::of([5, 1, 4, 2, 3].map(|amount| Some(yuan(amount))));
        assert_eq!(five.yearly, Some(Quartiles { lower: yuan(2), median: yuan(3), upper: yuan(4) }));
        let six = PeerFees::of([10, 20, 30, 40, 50, 60].map(|amount| Some(yuan(amount)))).yearly.unwrap();
        assert_eq!((six.lower.yuan(), six.median.yuan(), six.upper.yuan()), (22.5, 35.0, 47.5));
    }

    proptest! {
        #[test]
        fn quartiles_lie_in_order_between_least_and_most(
            fens in prop::collection::vec(1..9_000_000_000_000_i64, 5..60),
        ) {
            let fees = PeerFees::of(fens.iter().map(|fen| Some(Money::from_fen(*fen).unwrap())));
            let Quartiles { lower, median, upper } = fees.yearly.unwrap();
            let (least, most) = (fens.iter().min().unwrap(), fens.iter().max().unwrap());
            prop_assert!(*least <= lower.fen() && lower <= median && median <= upper && upper.fen() <= *most);
        }
    }
}
