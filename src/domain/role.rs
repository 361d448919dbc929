//! The roles people have, and what each may do: the one table of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why somebody has an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 企业: wants patents it can use.
    Enterprise,
    /// 专利权人: offers its own.
    Holder,
    /// 省局: checks, publishes, records.
    Bureau,
    /// 运营: looks after the system and its accounts; has no say in a verification.
    Operator,
    /// 合作平台: takes over what is published.
    Partner,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [Self::Enterprise, Self::Holder, Self::Bureau, Self::Operator, Self::Partner];

    /// The word used in SQL, JSON and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Holder => "holder",
            Self::Bureau => "bureau",
            Self::Operator => "operator",
            Self::Partner => "partner",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Enterprise => "企业",
            Self::Holder => "专利权人",
            Self::Bureau => "省局",
            Self::Operator => "运营",
            Self::Partner => "合作平台",
        }
    }

    /// The role of a word, English or Chinese; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word || role.chinese() == word)
    }

    /// Whether this role may do this at all. Each may do it to what is its own only: see [`super::Caller`].
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Enterprise => matches!(permission, P::EditProfile | P::ReadFeed | P::Enquire | P::TakeLicence),
            Self::Holder => matches!(permission, P::Offer | P::ReadLife | P::Answer),
            Self::Bureau => {
                matches!(
                    permission,
                    P::Verify
                        | P::ReadLife
                        | P::ReadFeed
                        | P::KeepLicences
                        | P::ApproveSignUps
                        | P::ImportFiles
                        | P::RunCampaigns
                )
            }
            Self::Operator => {
                matches!(permission, P::ManageAccounts | P::ApproveSignUps | P::ReadTrail | P::ReadMetrics)
            }
            // What is published is for anyone: an account only names who asks.
            Self::Partner => permission == P::ReadPublished,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Something not everyone may do. A token's scopes are such words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Take over what is published, by name.
    ReadPublished,
    /// See and edit an enterprise's record.
    EditProfile,
    /// See what an enterprise is recommended, and why.
    ReadFeed,
    /// Ask a holder about a listing.
    Enquire,
    /// Take a licence on published terms.
    TakeLicence,
    /// Write, submit and withdraw listings.
    Offer,
    /// See a listing in any state, with its worksheet and trail.
    ReadLife,
    /// Answer enquiries, confirm payments.
    Answer,
    /// Check, return, publish, suspend and withdraw listings.
    Verify,
    /// Import files of listings, enterprises and fees.
    ImportFiles,
    /// Plan and approve campaigns.
    RunCampaigns,
    /// Record licences, mediate.
    KeepLicences,
    /// Let enterprises in that have signed up.
    ApproveSignUps,
    /// Make, lock and unlock accounts.
    ManageAccounts,
    /// Read all that was ever done.
    ReadTrail,
    /// See how the server fares.
    ReadMetrics,
}

impl Permission {
    /// All permissions.
    pub const ALL: [Self; 16] = [
        Self::ReadPublished,
        Self::EditProfile,
        Self::ReadFeed,
        Self::Enquire,
        Self::TakeLicence,
        Self::Offer,
        Self::ReadLife,
        Self::Answer,
        Self::Verify,
        Self::ImportFiles,
        Self::RunCampaigns,
        Self::KeepLicences,
        Self::ApproveSignUps,
        Self::ManageAccounts,
        Self::ReadTrail,
        Self::ReadMetrics,
    ];

    /// The word used in SQL, JSON and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ReadPublished => "read_published",
            Self::EditProfile => "edit_profile",
            Self::ReadFeed => "read_feed",
            Self::Enquire => "enquire",
            Self::TakeLicence => "take_licence",
            Self::Offer => "offer",
            Self::ReadLife => "read_life",
            Self::Answer => "answer",
            Self::Verify => "verify",
            Self::ImportFiles => "import_files",
            Self::RunCampaigns => "run_campaigns",
            Self::KeepLicences => "keep_licences",
            Self::ApproveSignUps => "approve_sign_ups",
            Self::ManageAccounts => "manage_accounts",
            Self::ReadTrail => "read_trail",
            Self::ReadMetrics => "read_metrics",
        }
    }

    /// The permission of a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.word() == word)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_is_somebodys_and_who_checks_offers_and_who_offers_does_not_check() {
        for permission in Permission::ALL {
            assert!(Role::ALL.iter().any(|role| role.may(permission)), "{permission}");
            assert_eq!(Permission::of_word(permission.word()), Some(permission));
        }
        let holders = |permission| Role::ALL.into_iter().filter(|role| role.may(permission)).collect::<Vec<_>>();
        assert_eq!(holders(Permission::Verify), [Role::Bureau], "an operator has no say in a verification");
        assert_eq!(holders(Permission::Offer), [Role::Holder]);
        assert_eq!(holders(Permission::ManageAccounts), [Role::Operator]);
    }
}
