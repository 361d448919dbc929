//! Why an account cannot be so, or nobody signed in.

use thiserror::Error;

use super::accounts::{FAILURES, LOCKED_MINUTES};
use super::passwords::{LONGEST, SHORTEST};
use super::tokens::LONGEST_DAYS;
use crate::domain::{AccountRefusal, AccountState, AccountVerb, CreditCodeError, Notice, Permission, Role};

/// Why something about an account failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AccountError {
    /// There can be no such account.
    #[error(transparent)]
    Refused(#[from] AccountRefusal),
    /// There is an account of this login.
    #[error("the login '{login}' is taken: choose another")]
    Taken {
        /// Which.
        login: String,
    },
    /// There is none.
    #[error("there is no account '{login}'")]
    Unknown {
        /// Which.
        login: String,
    },
    /// The password is too short or long, or too easy to guess.
    #[error(
        "a password has {SHORTEST} to {LONGEST} characters, at least five different ones, and does not contain the login"
    )]
    Password,
    /// Who this is stays open: an unknown login, a wrong password and a locked account sound alike.
    #[error(
        "login or password is wrong, or the account is not open; after {FAILURES} wrong passwords it is locked for \
         {LOCKED_MINUTES} minutes"
    )]
    SignIn,
    /// The account does not stand where this could be done.
    #[error("the account '{login}' is '{}': '{}' is not possible", state.word(), verb.word())]
    State {
        /// Which.
        login: String,
        /// Where it stands.
        state: AccountState,
        /// What was to be done.
        verb: AccountVerb,
    },
    /// The enterprise's code is none.
    #[error(transparent)]
    Code(#[from] CreditCodeError),
    /// A token for something its owner may not do, or for nothing.
    #[error("a token of a {role} is for at least one of: {}", words(*role))]
    Scopes {
        /// The owner's.
        role: Role,
    },
    /// A token without a name, or one that would last too long or not at all.
    #[error("a token needs a label of 1 to 60 characters and lasts 1 to {LONGEST_DAYS} days")]
    Token,
    /// No token of this name.
    #[error("there is no token '{id}' of this account")]
    UnknownToken {
        /// Which.
        id: String,
    },
    /// No mail address.
    #[error("this is no mail address")]
    Email,
    /// No letters can be sent.
    #[error("this site sends no mail: ask an operator for a new password")]
    NoMail,
    /// A word by which a password is set that is none, any more.
    #[error("this word is not known, was used or has ended: ask for another")]
    Reset,
    /// There is no provider to sign in through.
    #[error("this site has no single sign-on: sign in by password")]
    NoSignOn,
    /// The provider does not vouch, or not for anybody who has an account.
    #[error("single sign-on failed, or nobody here is known by it: sign in by password, or ask an operator")]
    SignOn,
    /// What a provider calls somebody is too long, or stands for another account.
    #[error("this subject is too long, or is linked to another account")]
    Subject,
    /// The system gives no random numbers, or has no memory for hashing.
    #[error("cannot make a secret: {what}")]
    Secret {
        /// What failed.
        what: String,
    },
}

fn words(role: Role) -> String {
    Permission::ALL
        .into_iter()
        .filter(|permission| role.may(*permission))
        .map(Permission::word)
        .collect::<Vec<_>>()
        .join(" ")
}

impl AccountError {
    /// What went wrong, as a word that stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Taken { .. } => "login-taken",
            Self::Unknown { .. } => "unknown-account",
            Self::Password => "password",
            Self::SignIn => "sign-in",
            Self::State { .. } => "account-state",
            Self::Code(_) => "credit-code",
            Self::Scopes { .. } => "scopes",
            Self::Token => "token",
            Self::UnknownToken { .. } => "unknown-token",
            Self::Email => "email",
            Self::NoMail => "no-mail",
            Self::Reset => "reset-ended",
            Self::NoSignOn => "no-sign-on",
            Self::SignOn => "sign-on",
            Self::Subject => "subject",
            Self::Secret { .. } => "internal",
        }
    }
}

impl Notice for AccountError {
    fn chinese(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.chinese(),
            Self::Taken { login } => format!("登录名“{login}”已被使用：请另选一个"),
            Self::Unknown { login } => format!("没有登录名为“{login}”的账户"),
            Self::Password => {
                format!("密码应为{SHORTEST}至{LONGEST}个字符，至少含五种不同字符，且不得包含登录名")
            }
            Self::SignIn => {
                format!("登录名或密码不正确，或账户未启用；连续{FAILURES}次密码错误，账户锁定{LOCKED_MINUTES}分钟")
            }
            Self::State { login, state, verb } => {
                format!("账户“{login}”{}，不能{}", state.chinese(), verb.chinese())
            }
            Self::Code(error) => error.chinese(),
            Self::Scopes { role } => format!("{}账户的令牌至少应有以下权限之一：{}", role.chinese(), words(*role)),
            Self::Token => format!("令牌须有1至60字的名称，有效期1至{LONGEST_DAYS}天"),
            Self::UnknownToken { id } => format!("该账户没有编号为“{id}”的令牌"),
            Self::Email => "不是有效的邮箱地址".to_owned(),
            Self::NoMail => "本站未设置发信：请联系运营人员重设密码".to_owned(),
            Self::Reset => "重设码无效、已使用或已过期：请重新申请".to_owned(),
            Self::NoSignOn => "本站未设置统一登录：请用密码登录".to_owned(),
            Self::SignOn => "统一登录未成功，或没有与之关联的账户：请用密码登录，或联系运营人员".to_owned(),
            Self::Subject => "统一登录的主体标识过长，或已关联其他账户".to_owned(),
            Self::Secret { what } => format!("无法生成密钥：{what}"),
        }
    }
}
