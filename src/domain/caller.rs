//! Who asks, and what is theirs: the second half of every permission.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    Account, Actor, Campaign, CreditCode, DivisionCode, Enquiry, Enterprise, EnterpriseId, HolderKey, Licence, Listing,
    ListingId, Notice, Permission, Role,
};

/// An account that asks, by a session (which may all its role may) or by a token of certain scopes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The account.
    pub account: Account,
    /// What its token is for; `None` for a session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Permission>>,
}

/// Why a caller may not do something.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AccessRefusal {
    /// Nobody has signed in.
    #[error("sign in, or send a token, to do this")]
    Anonymous,
    /// The session or token is unknown, or has ended.
    #[error("this session or token is not valid, or has ended: sign in again")]
    Ended,
    /// The role may not.
    #[error("an account of a {role} may not do this ('{permission}')")]
    Role {
        /// The caller's.
        role: Role,
        /// What was asked for.
        permission: Permission,
    },
    /// The role may, the token may not.
    #[error("the token's scopes do not include '{permission}'")]
    Scope {
        /// What was asked for.
        permission: Permission,
    },
    /// A listing of a holder elsewhere.
    #[error("{listing} belongs to {province}: its bureau decides on it")]
    Province {
        /// Which.
        listing: ListingId,
        /// Whose.
        province: String,
    },
    /// Somebody else's: the caller is not told whether it is there.
    #[error("there is nothing of this name among what is yours")]
    NotYours,
    /// A session's change without the proof that its own pages asked for it.
    #[error("the header X-CSRF-Token is missing or wrong: send the one that signing in gave")]
    Forged,
}

impl AccessRefusal {
    /// What speaks against it, as a word that stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Anonymous => "sign-in-needed",
            Self::Ended => "session-ended",
            Self::Role { .. } => "not-for-your-role",
            Self::Scope { .. } => "not-in-scope",
            Self::Province { .. } => "other-province",
            Self::NotYours => "not-yours",
            Self::Forged => "csrf",
        }
    }
}

impl Notice for AccessRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::Anonymous => "请先登录，或携带令牌".to_owned(),
            Self::Ended => "会话或令牌无效或已过期：请重新登录".to_owned(),
            Self::Role { role, permission } => format!("{}账户无权进行此操作（{permission}）", role.chinese()),
            Self::Scope { permission } => format!("令牌的权限范围不含 {permission}"),
            Self::Province { listing, province } => format!("{listing} 属于{province}：由当地省局办理"),
            Self::NotYours => "您名下没有这一项".to_owned(),
            Self::Forged => "缺少 X-CSRF-Token 请求头或其值不符：请使用登录时给出的值".to_owned(),
        }
    }
}

impl Caller {
    /// Whether the caller may do this at all.
    ///
    /// # Errors
    /// [`AccessRefusal::Role`] or [`AccessRefusal::Scope`].
    pub fn check(&self, permission: Permission) -> Result<(), AccessRefusal> {
        let role = self.account.role;
        if !role.may(permission) {
            return Err(AccessRefusal::Role { role, permission });
        }
        match &self.scopes {
            Some(scopes) if !scopes.contains(&permission) => Err(AccessRefusal::Scope { permission }),
            _ => Ok(()),
        }
    }

    /// Who acts on a listing, if it is the caller's: a holder's own, or one of the bureau's province.
    ///
    /// # Errors
    /// [`AccessRefusal::NotYours`] or [`AccessRefusal::Province`].
    pub fn acting_on(&self, listing: &Listing) -> Result<Actor, AccessRefusal> {
        let place = listing.patent.location.as_ref().and_then(|location| location.division);
        match self.account.role {
            Role::Holder => {
                let own = HolderKey::of(&self.account.name);
                let holds = own.is_some() && listing.patent.holders.iter().any(|name| HolderKey::of(name) == own);
                if holds { Ok(self.account.actor()) } else { Err(AccessRefusal::NotYours) }
            }
            Role::Bureau => match other_province(self.account.province, place) {
                Some(other) => {
                    let province = other.name().to_owned();
                    Err(AccessRefusal::Province { listing: listing.id.clone(), province })
                }
                None => Ok(self.account.actor()),
            },
            Role::Enterprise | Role::Operator | Role::Partner => Err(AccessRefusal::NotYours),
        }
    }

    /// Whether an enterprise's record and feed are the caller's to see: its own, or one of the bureau's province.
    ///
    /// # Errors
    /// [`AccessRefusal::NotYours`].
    pub fn acting_for(&self, enterprise: &Enterprise) -> Result<(), AccessRefusal> {
        let is_theirs = match self.account.role {
            Role::Enterprise => self.account.enterprise.as_ref() == Some(&enterprise.id),
            Role::Bureau => other_province(self.account.province, place_of(enterprise)).is_none(),
            Role::Holder | Role::Operator | Role::Partner => false,
        };
        if is_theirs { Ok(()) } else { Err(AccessRefusal::NotYours) }
    }

    /// Who acts on a licence, if it is the caller's: its enterprise, a holder, or the bureau of either's province.
    ///
    /// # Errors
    /// [`AccessRefusal::NotYours`].
    pub fn acting_on_licence(&self, licence: &Licence) -> Result<Actor, AccessRefusal> {
        let licensee = &licence.licensee;
        let is_theirs = match self.account.role {
            Role::Enterprise => self.account.enterprise.as_ref() == Some(&licensee.enterprise),
            Role::Holder | Role::Bureau if self.acting_on(&licence.listing).is_ok() => true,
            Role::Bureau => {
                let seat = licensee.location.as_ref().and_then(|location| location.division);
                let seat = seat.or_else(|| licensee.credit_code.as_ref()?.division());
                other_province(self.account.province, seat).is_none()
            }
            Role::Holder | Role::Operator | Role::Partner => false,
        };
        if is_theirs { Ok(self.account.actor()) } else { Err(AccessRefusal::NotYours) }
    }

    /// Whether a campaign is the caller's: one of its bureau, which one of all provinces is for any.
    ///
    /// # Errors
    /// [`AccessRefusal::NotYours`].
    pub fn acting_on_campaign(&self, campaign: &Campaign) -> Result<(), AccessRefusal> {
        let own = self.account.province;
        let is_theirs = self.account.role == Role::Bureau && (own.is_none() || own == campaign.province);
        if is_theirs { Ok(()) } else { Err(AccessRefusal::NotYours) }
    }

    /// Whether an enquiry is the caller's to read: that of its enterprise, or about a patent it holds. What parties ask
    /// each other is nobody else's.
    ///
    /// # Errors
    /// [`AccessRefusal::NotYours`].
    pub fn reading(&self, enquiry: &Enquiry) -> Result<(), AccessRefusal> {
        let own = HolderKey::of(&self.account.name);
        let is_theirs = match self.account.role {
            Role::Enterprise => self.account.enterprise.as_ref() == Some(&enquiry.enterprise),
            Role::Holder => own.is_some() && enquiry.holders.iter().any(|name| HolderKey::of(name) == own),
            Role::Bureau | Role::Operator | Role::Partner => false,
        };
        if is_theirs { Ok(()) } else { Err(AccessRefusal::NotYours) }
    }

    /// The enterprise the caller speaks for.
    ///
    /// # Errors
    /// [`AccessRefusal::NotYours`] where it speaks for none.
    pub fn enterprise(&self) -> Result<&EnterpriseId, AccessRefusal> {
        self.account.enterprise.as_ref().ok_or(AccessRefusal::NotYours)
    }

    /// Whether the caller may let this account in or shut it: operators any but their own, staff the enterprises of
    /// their province that wait to be let in.
    ///
    /// # Errors
    /// [`AccessRefusal::NotYours`].
    pub fn acting_on_account(&self, other: &Account) -> Result<(), AccessRefusal> {
        let is_theirs = match self.account.role {
            Role::Operator => self.account.login != other.login,
            Role::Bureau => {
                let code = other.login.parse::<CreditCode>().ok();
                other.role == Role::Enterprise
                    && other_province(self.account.province, code.and_then(|code| code.division())).is_none()
            }
            Role::Enterprise | Role::Holder | Role::Partner => false,
        };
        if is_theirs { Ok(()) } else { Err(AccessRefusal::NotYours) }
    }
}

/// The province of a place that is not `own`; `None` where it is, where its place is not known, or where all are one's own.
#[must_use]
pub fn other_province(own: Option<DivisionCode>, place: Option<DivisionCode>) -> Option<DivisionCode> {
    let (own, place) = (own?, place?.province());
    (own.province() != place).then_some(place)
}

/// Where an enterprise sits, by its record or its credit code.
#[must_use]
pub fn place_of(enterprise: &Enterprise) -> Option<DivisionCode> {
    let seat = enterprise.location.as_ref().and_then(|location| location.division);
    seat.or_else(|| enterprise.credit_code.as_ref()?.division())
}

#[cfg(test)]
#[path = "caller_tests.rs"]
mod tests;
