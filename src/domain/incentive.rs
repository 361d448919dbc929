//! Incentives asked for after a licence, and what about them a person must look at.
//!
//! Source: pilot plan 三.4.1.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, HolderKey, Licence, LicenceState, Money};

/// An incentive asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Claim {
    /// Under which scheme.
    pub scheme: String,
    /// How much.
    pub amount: Money,
    /// By whom.
    pub by: Actor,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
    /// What became of it.
    pub decision: Option<ClaimDecision>,
}

/// What the bureau decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimDecision {
    /// Whether it is granted.
    pub granted: bool,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: Actor,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// What a person must look at before anything is granted. None of it decides by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimFlag {
    /// Licensor and licensee have one name.
    SameName,
    /// Licensor and licensee give one address.
    SameAddress,
    /// An incentive was asked for another licence of the same patent.
    ClaimedElsewhere,
    /// Nothing shows that anything was paid.
    NoPayment,
    /// Nothing shows that the patent is worked.
    NoUse,
}

impl ClaimFlag {
    /// What to look at, in Chinese.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::SameName => "许可方与被许可方名称相同",
            Self::SameAddress => "许可方与被许可方地址相同",
            Self::ClaimedElsewhere => "同一专利的另一许可也申请了奖补",
            Self::NoPayment => "没有付款凭证",
            Self::NoUse => "尚未实施",
        }
    }
}

/// What is to be looked at in the claims of a licence, beside all licences of the same listing.
#[must_use]
pub fn claim_flags(licence: &Licence, of_listing: &[Licence]) -> Vec<ClaimFlag> {
    if licence.claims.is_empty() {
        return Vec::new();
    }
    let name = HolderKey::of(&licence.licensee.name);
    let patent = &licence.listing.patent;
    let same_name = name.is_some() && patent.holders.iter().any(|holder| HolderKey::of(holder) == name);
    let addresses = (patent.location.as_ref(), licence.licensee.location.as_ref());
    // A division alone is no address: half a province would share it.
    let same_address = matches!(addresses, (Some(a), Some(b)) if a.text == b.text
        && a.division.is_none_or(|division| a.text.chars().count() > division.full_name().chars().count()));
    let elsewhere = of_listing.iter().any(|other| other.number != licence.number && !other.claims.is_empty());
    let flags = [
        (ClaimFlag::SameName, same_name),
        (ClaimFlag::SameAddress, same_address),
        (ClaimFlag::ClaimedElsewhere, elsewhere),
        (ClaimFlag::NoPayment, licence.payment.is_none()),
        (ClaimFlag::NoUse, licence.state != LicenceState::InUse),
    ];
    flags.into_iter().filter(|(_, raised)| *raised).map(|(flag, _)| flag).collect()
}
