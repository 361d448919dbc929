//! Accounts: who may sign in, as whom.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::{Actor, CreditCode, DivisionCode, EnterpriseId, HolderKey, Notice, Role};

/// Longest name of an account or of whom it speaks for, in characters.
const LONGEST: usize = 100;

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Signed up, not let in yet.
    Pending,
    /// In use.
    Active,
    /// Shut by an operator.
    Disabled,
}

impl AccountState {
    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Pending => "待批准",
            Self::Active => "已启用",
            Self::Disabled => "已停用",
        }
    }

    /// The state of a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Pending, Self::Active, Self::Disabled].into_iter().find(|state| state.word() == word)
    }
}

/// Something done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountVerb {
    /// An operator makes it.
    Add,
    /// An enterprise signs up for it.
    SignUp,
    /// It is let in.
    Approve,
    /// It is shut.
    Disable,
    /// It is opened again.
    Enable,
    /// It gets another password.
    SetPassword,
    /// Its owner is written to elsewhere.
    SetEmail,
    /// Its owner signs in through a provider.
    LinkSignOn,
}

impl AccountVerb {
    /// Everything that is done to accounts.
    pub const ALL: [Self; 8] = [
        Self::Add,
        Self::SignUp,
        Self::Approve,
        Self::Disable,
        Self::Enable,
        Self::SetPassword,
        Self::SetEmail,
        Self::LinkSignOn,
    ];

    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Add => "add_account",
            Self::SignUp => "sign_up",
            Self::Approve => "approve",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::SetPassword => "set_password",
            Self::SetEmail => "set_email",
            Self::LinkSignOn => "link_sign_on",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Add => "开立账户",
            Self::SignUp => "注册",
            Self::Approve => "批准",
            Self::Disable => "停用",
            Self::Enable => "重新启用",
            Self::SetPassword => "设置密码",
            Self::SetEmail => "设置邮箱",
            Self::LinkSignOn => "关联统一登录",
        }
    }

    /// The verb of a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.word() == word)
    }

    /// What an account in this state becomes; `None` where the verb does not fit.
    #[must_use]
    pub fn leads(self, from: AccountState) -> Option<AccountState> {
        use AccountState as S;
        match (self, from) {
            (Self::Approve, S::Pending) | (Self::Enable, S::Disabled) => Some(S::Active),
            (Self::Disable, S::Pending | S::Active) => Some(S::Disabled),
            (Self::SetPassword, state) => Some(state),
            _ => None,
        }
    }
}

/// Somebody who may sign in. An enterprise's login is its credit code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Account {
    /// What it signs in with: lower-case letters, digits, `.`, `_`, `@`, `-`.
    pub login: String,
    /// Why it is there.
    pub role: Role,
    /// Whether it can be used.
    pub state: AccountState,
    /// Whom it speaks for: the holder as registered, the enterprise's full name, the member of staff, the platform.
    pub name: String,
    /// The enterprise it speaks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<EnterpriseId>,
    /// The province staff work for; `None` for all of them. That of an enterprise is where its credit code was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<DivisionCode>,
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub created_at: i64,
}

/// Why there can be no such account.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AccountRefusal {
    /// The login is not one.
    #[error("'{login}' is no login: 3 to 64 letters, digits or any of . _ @ -")]
    Login {
        /// As given, shortened.
        login: String,
    },
    /// Nobody is named.
    #[error("an account of a {role} needs a name of up to {LONGEST} characters")]
    Name {
        /// Whose.
        role: Role,
    },
    /// An enterprise's account without its enterprise, or another's with one.
    #[error("an account has an enterprise if, and only if, it is an enterprise's")]
    Enterprise,
    /// Only staff work for a province.
    #[error("only staff of the bureau have a province")]
    Province,
}

impl AccountRefusal {
    /// What speaks against it, as a word that stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Login { .. } => "login",
            Self::Name { .. } => "account_name",
            Self::Enterprise => "account_enterprise",
            Self::Province => "account_province",
        }
    }
}

impl Notice for AccountRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::Login { login } => format!("“{login}”不能用作登录名：应为3至64位字母、数字或 . _ @ -"),
            Self::Name { role } => format!("{}账户须有名称，至多{LONGEST}字", role.chinese()),
            Self::Enterprise => "企业账户须指明企业，其他账户不得指明企业".to_owned(),
            Self::Province => "只有省局账户可以指定省份".to_owned(),
        }
    }
}

impl Account {
    /// A login as it is compared: without blanks around it, in lower case.
    #[must_use]
    pub fn login_of(text: &str) -> String {
        text.trim().chars().take(80).collect::<String>().to_ascii_lowercase()
    }

    /// The account an enterprise signs up for.
    #[must_use]
    pub fn of_enterprise(code: &CreditCode, name: &str, id: EnterpriseId, now: i64) -> Self {
        Self {
            login: code.as_str().to_ascii_lowercase(),
            role: Role::Enterprise,
            state: AccountState::Pending,
            name: name.trim().to_owned(),
            enterprise: Some(id),
            province: None,
            created_at: now,
        }
    }

    /// Whether it can be used.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.state == AccountState::Active
    }

    /// Refuses what cannot be an account.
    ///
    /// # Errors
    /// The first reason that speaks against it.
    pub fn check(&self) -> Result<(), AccountRefusal> {
        let is_fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_@".contains(c);
        if !(3..=64).contains(&self.login.len()) || !self.login.chars().all(is_fit) {
            return Err(AccountRefusal::Login { login: self.login.chars().take(64).collect() });
        }
        let length = self.name.trim().chars().count();
        if !(1..=LONGEST).contains(&length) || HolderKey::of(&self.name).is_none() {
            return Err(AccountRefusal::Name { role: self.role });
        }
        if self.enterprise.is_some() != (self.role == Role::Enterprise) {
            return Err(AccountRefusal::Enterprise);
        }
        if self.province.is_some() && self.role != Role::Bureau {
            return Err(AccountRefusal::Province);
        }
        Ok(())
    }

    /// Who does what is done through the account.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self.role {
            Role::Holder => Actor::holder(&self.name),
            Role::Bureau => Actor::bureau(&self.name),
            Role::Enterprise => Actor::enterprise(&self.name),
            Role::Operator | Role::Partner => Actor::operator(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(role: Role) -> Account {
        Account {
            login: "jia.yi".into(),
            role,
            state: AccountState::Active,
            name: "审核员甲".into(),
            enterprise: None,
            province: None,
            created_at: 0,
        }
    }

    #[test]
    fn what_cannot_be_an_account_is_refused() {
        assert_eq!(account(Role::Bureau).check(), Ok(()));
        for login in ["", "ab", "A-B", "a b c", "甲乙丙", &"x".repeat(65), "a'; drop table account; --"] {
            let refused = Account { login: login.into(), ..account(Role::Bureau) }.check();
            assert!(matches!(refused, Err(AccountRefusal::Login { .. })), "{login}");
        }
        for name in ["", " \u{3000}", &"字".repeat(101)] {
            let refused = Account { name: name.into(), ..account(Role::Holder) }.check();
            assert_eq!(refused, Err(AccountRefusal::Name { role: Role::Holder }), "{name}");
        }
        assert_eq!(account(Role::Enterprise).check(), Err(AccountRefusal::Enterprise));
        let province = Some("320000".parse().unwrap());
        assert_eq!(Account { province, ..account(Role::Holder) }.check(), Err(AccountRefusal::Province));
    }

    #[test]
    fn a_login_is_compared_without_case_and_blanks() {
        assert_eq!(Account::login_of(" 91440300192317458F "), "91440300192317458f");
    }
}
