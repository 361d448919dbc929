//! The one place where a listing is ruled out for an enterprise.
//!
//! Each rule is a function of its own, so that whoever judges all listings at once asks the same rules.

use serde::Serialize;
use thiserror::Error;

use super::Seeker;
use crate::domain::{Date, DivisionCode, ListingId, ListingStatus, Notice, Offer, Territory};

/// Why a listing may not be recommended to an enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ineligible {
    /// It is not on offer.
    #[error("the listing is not published")]
    NotPublished,
    /// Its offer or its patent has ended.
    #[error("the offer or the patent has ended")]
    Ended,
    /// Licences do not hold where the enterprise sits.
    #[error("the enterprise sits outside the licence's territory")]
    OutsideTerritory,
    /// The enterprise holds the patent itself.
    #[error("the enterprise holds the patent itself")]
    OwnPatent,
    /// The enterprise has declined it.
    #[error("the enterprise has declined the listing")]
    Declined,
    /// The enterprise has a licence of it.
    #[error("the enterprise has a licence of the listing already")]
    Licensed,
}

impl Notice for Ineligible {
    fn chinese(&self) -> String {
        match self {
            Self::NotPublished => "该许可未在公开状态",
            Self::Ended => "许可或专利已到期",
            Self::OutsideTerritory => "企业不在许可地域范围内",
            Self::OwnPatent => "企业自有专利",
            Self::Declined => "企业已拒绝",
            Self::Licensed => "企业已获许可",
        }
        .to_owned()
    }
}

/// Whether a listing may be shown to anyone on a day.
///
/// # Errors
/// The first reason that rules it out: [`Ineligible::NotPublished`], [`Ineligible::Ended`].
pub fn on_offer(offer: &Offer, today: Date) -> Result<(), Ineligible> {
    if offer.status() != ListingStatus::Published {
        return Err(Ineligible::NotPublished);
    }
    if offer.available_until().is_some_and(|last| last < today) {
        return Err(Ineligible::Ended);
    }
    Ok(())
}

/// Whether an enterprise at `place` may work the licence, as far as that can be judged: a territory in words, a firm
/// without a known place and one that sits in the right province but perhaps not in the right city all pass, with a
/// remark in the explanation.
///
/// Depends on the listing's [`Offer::divisions`] alone: listings that share them are within the same places.
#[must_use]
pub fn within_territory(offer: &Offer, place: Option<DivisionCode>) -> bool {
    offer.divisions().is_none_or(|divisions| Territory::divisions_cover(divisions, place) != Some(false))
}

/// Whether the enterprise is a holder by name, or has named the patent as its own.
///
/// True exactly where [`Seeker::holder`] is among [`Offer::holders`], or [`Offer::number`] among
/// [`Seeker::own_numbers`].
#[must_use]
pub fn held_by(offer: &Offer, seeker: &Seeker) -> bool {
    let named = offer.number().is_some_and(|number| seeker.own_numbers().binary_search(&number).is_ok());
    named || seeker.holder().is_some_and(|name| offer.holders().any(|holder| holder == name))
}

/// Whether a listing may be recommended to an enterprise on a day: [`on_offer`], [`within_territory`], not
/// [`held_by`] it, and neither declined nor licensed by it, asked in this order.
///
/// # Errors
/// The first reason that rules it out.
pub fn eligible(listing: &ListingId, offer: &Offer, seeker: &Seeker, today: Date) -> Result<(), Ineligible> {
    on_offer(offer, today)?;
    if !within_territory(offer, seeker.division()) {
        return Err(Ineligible::OutsideTerritory);
    }
    if held_by(offer, seeker) {
        return Err(Ineligible::OwnPatent);
    }
    if seeker.declined(listing) {
        return Err(Ineligible::Declined);
    }
    if seeker.licensed(listing) {
        return Err(Ineligible::Licensed);
    }
    Ok(())
}
