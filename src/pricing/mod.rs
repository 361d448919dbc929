//! Price guidance (pilot plan 三.3.1): what stands beside a holder's price, each figure with its source and its n.
//!
//! In come licence terms and what a field's listings ask; out come comparisons and hints. Guidance never blocks: it
//! explains.
//!
//! Not done here: which listings are of the field, and on offer (`engine`), how fees are written (`ingest`).

mod hints;
mod national;
mod peers;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::Money;

pub use hints::{PriceHint, PriceLimits, hints};
pub use national::NationalFees;
pub use peers::{FEWEST, PeerFees, Quartiles};

/// How many licences of one patent are looked at.
const LICENSEES: [u32; 4] = [2, 5, 10, 20];

/// What each of several licensees would pay so that all of them together bring in a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ManyLicences {
    /// How many.
    pub licensees: u32,
    /// What each pays, rounded up to whole fen.
    pub each: Money,
}

/// An open licence is given to many: the sum shared by 2, 5, 10 and 20 licensees. Plain division, no forecast.
#[must_use]
pub fn shared_by_many(sum: Money) -> Vec<ManyLicences> {
    let each = |licensees: u32| {
        let fen = (sum.fen() + i64::from(licensees) - 1) / i64::from(licensees);
        ManyLicences { licensees, each: Money::from_fen(fen).unwrap_or(sum) }
    };
    LICENSEES.map(each).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_together_bring_in_the_sum() {
        let sum = Money::from_fen(1_001).unwrap();
        for ManyLicences { licensees, each } in shared_by_many(sum) {
            let together = each.times(licensees).fen();
            assert!(together >= sum.fen() && together < sum.fen() + i64::from(licensees));
        }
    }
}
