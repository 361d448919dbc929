//! How well terms and place suit an enterprise, apart from the technology.

use super::Seeker;
use crate::domain::Offer;

/// Fee against budget, from −1 (twice the budget or more) over 0 (at the budget, or not known) to 1 (free).
///
/// Linear in what is certain to be paid in a year; royalties are not counted, see [`crate::domain::Fee`].
pub(super) fn fee(offer: &Offer, seeker: &Seeker) -> f64 {
    match (offer.cost_per_year(), seeker.budget_per_year()) {
        (Some(cost), Some(budget)) if budget.fen() > 0 => (1.0 - cost.yuan() / budget.yuan()).max(-1.0),
        _ => 0.0,
    }
}

/// 1 where holder and enterprise sit in one province, else 0.
pub(super) fn region(offer: &Offer, seeker: &Seeker) -> f64 {
    let holder = offer.province();
    f64::from(u8::from(holder.is_some() && holder == seeker.province()))
}
