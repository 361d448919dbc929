//! How well terms and place suit an enterprise, apart from the technology.

use crate::domain::{Enterprise, Listing};

/// Fee against budget, from −1 (twice the budget or more) over 0 (at the budget, or not known) to 1 (free).
///
/// Linear in what is certain to be paid in a year; royalties are not counted, see [`crate::domain::Fee`].
pub(super) fn fee(listing: &Listing, enterprise: &Enterprise) -> f64 {
    let cost = listing.terms.as_ref().and_then(|terms| terms.fee.fixed_cost_per_year(terms.years()));
    match (cost, enterprise.budget_per_year) {
        (Some(cost), Some(budget)) if budget.fen() > 0 => (1.0 - cost.yuan() / budget.yuan()).max(-1.0),
        _ => 0.0,
    }
}

/// 1 where holder and enterprise sit in one province, else 0.
pub(super) fn region(listing: &Listing, enterprise: &Enterprise) -> f64 {
    let holder = listing.patent.location.as_ref().and_then(|location| location.province());
    let firm = enterprise.location.as_ref().and_then(|location| location.province());
    f64::from(u8::from(holder.is_some() && holder == firm))
}
