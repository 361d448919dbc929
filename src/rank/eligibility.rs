//! The one place where a listing is ruled out for an enterprise.

use thiserror::Error;

use crate::domain::{Date, Enterprise, Listing, ListingStatus, Notice, normalised_name};

/// Why a listing may not be recommended to an enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
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
}

impl Notice for Ineligible {
    fn chinese(&self) -> String {
        match self {
            Self::NotPublished => "该许可未在公开状态",
            Self::Ended => "许可或专利已到期",
            Self::OutsideTerritory => "企业不在许可地域范围内",
            Self::OwnPatent => "企业自有专利",
        }
        .to_owned()
    }
}

/// Whether a listing may be shown to anyone on a day.
///
/// # Errors
/// The first reason that rules it out.
pub fn on_offer(listing: &Listing, today: Date) -> Result<(), Ineligible> {
    if listing.status != ListingStatus::Published {
        return Err(Ineligible::NotPublished);
    }
    if listing.available_until().is_some_and(|last| last < today) {
        return Err(Ineligible::Ended);
    }
    Ok(())
}

/// Whether a listing may be recommended to an enterprise on a day. What cannot be judged (a territory in words, a firm
/// without a known place) passes, with a remark in the explanation.
///
/// # Errors
/// The first reason that rules it out.
pub fn eligible(listing: &Listing, enterprise: &Enterprise, today: Date) -> Result<(), Ineligible> {
    on_offer(listing, today)?;
    let place = enterprise.location.as_ref().and_then(|location| location.division);
    if listing.terms.as_ref().is_some_and(|terms| terms.territory.covers(place) == Some(false)) {
        return Err(Ineligible::OutsideTerritory);
    }
    if holds(enterprise, listing) {
        return Err(Ineligible::OwnPatent);
    }
    Ok(())
}

/// Whether the enterprise is a holder by name, or has named the patent as its own.
fn holds(enterprise: &Enterprise, listing: &Listing) -> bool {
    let number = listing.patent.application_number.as_ref();
    let named = enterprise
        .own_patents
        .iter()
        .any(|own| own.application_number.is_some() && own.application_number.as_ref() == number);
    let name = normalised_name(&enterprise.name);
    named || (!name.is_empty() && listing.patent.holders.iter().any(|holder| normalised_name(holder) == name))
}
