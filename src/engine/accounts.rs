//! Accounts: made, let in, shut; signed in to by password.

use super::passwords::{check, digest, hashed, secret, verified};
use super::{AccountError, Engine, EngineError};
use crate::domain::{
    Account, AccountState, AccountVerb, Actor, AuditEntry, Caller, CreditCode, Enterprise, EnterpriseId,
};
use crate::store::AccountChange;

/// What the trail calls accounts.
const SUBJECT: &str = "account";
/// How long a session lasts, in seconds: a working day.
const SESSION: i64 = 12 * 3_600;
/// Wrong passwords after which an account is locked, and for how long.
pub(super) const FAILURES: i64 = 5;
pub(super) const LOCKED_MINUTES: i64 = 15;

/// A session just opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who it is.
    pub caller: Caller,
    /// The word that proves it from now on; kept nowhere but by the client.
    pub secret: String,
    /// When the session ends, in seconds since 1970-01-01 UTC.
    pub ends_at: i64,
}

impl SignedIn {
    /// The word a page sends along with every change, to prove that it is the one that signed in.
    #[must_use]
    pub fn proof(&self) -> String {
        proof_of(&self.secret)
    }
}

/// What proves that a request comes from a page of the session's own: a digest that only who knows the session's word,
/// or was told by us, can name.
#[must_use]
pub fn proof_of(secret: &str) -> String {
    digest(&format!("csrf {secret}"))
}

impl Engine {
    /// Makes an account, with a password or to be used by tokens alone.
    ///
    /// # Errors
    /// [`EngineError::Account`] if there can be no such account, [`EngineError::Store`] if it cannot be kept.
    pub async fn add_account(
        &self,
        account: Account,
        password: Option<&str>,
        by: &Actor,
        now: i64,
    ) -> Result<Account, EngineError> {
        let name = match &account.enterprise {
            Some(id) => self.store.enterprise(id).await?.map_or(account.name, |firm| firm.name),
            None => account.name,
        };
        let account = Account { login: Account::login_of(&account.login), name, created_at: now, ..account };
        account.check().map_err(AccountError::from)?;
        let password = match password {
            Some(password) => Some(self.new_password(password, &account.login).await?),
            None => None,
        };
        let change = AccountChange::Add(account.clone(), password);
        let entry = entry(&account, AccountVerb::Add, None, by, now);
        if !self.keep_account(&change, &entry).await? {
            return Err(AccountError::Taken { login: account.login }.into());
        }
        Ok(account)
    }

    /// An enterprise asks to be let in. Whether it has an account already is not told: the answer is the same.
    ///
    /// # Errors
    /// As [`Self::add_account`].
    pub async fn sign_up(&self, code: &str, name: &str, password: &str, now: i64) -> Result<(), EngineError> {
        let code: CreditCode = code.parse().map_err(AccountError::from)?;
        let known = self.store.find_enterprise(code.as_str()).await?.into_iter().next();
        let known = known.filter(|firm| firm.credit_code.as_ref() == Some(&code));
        let id = known.map_or_else(|| EnterpriseId::new(Some(&code), name), |firm| firm.id);
        let account = Account::of_enterprise(&code, name, id, now);
        account.check().map_err(AccountError::from)?;
        let password = self.new_password(password, &account.login).await?;
        let entry = entry(&account, AccountVerb::SignUp, None, &account.actor(), now);
        self.keep_account(&AccountChange::Add(account, Some(password)), &entry).await?;
        Ok(())
    }

    /// Lets an account in, shuts or opens it. An enterprise that is let in has a record from then on.
    ///
    /// # Errors
    /// [`EngineError::Account`] if there is no such account, or it does not stand where this could be done.
    pub async fn change_account(
        &self,
        login: &str,
        verb: AccountVerb,
        by: &Actor,
        now: i64,
    ) -> Result<Account, EngineError> {
        let account = self.account(login).await?;
        let before = account.state;
        let Some(state) = verb.leads(before).filter(|_| verb != AccountVerb::SetPassword) else {
            return Err(AccountError::State { login: account.login, state: before, verb }.into());
        };
        let account = match verb {
            AccountVerb::Approve => self.of_known_enterprise(account).await?,
            _ => account,
        };
        let account = Account { state, ..account };
        let entry = entry(&account, verb, Some(before), by, now);
        self.keep_account(&AccountChange::Change(account.clone()), &entry).await?;
        Ok(account)
    }

    /// The account with its enterprise as the record knows it, made if need be: until then it may be known by its name
    /// alone, under another id, or by another name.
    async fn of_known_enterprise(&self, account: Account) -> Result<Account, EngineError> {
        let Ok(code) = account.login.parse::<CreditCode>() else { return Ok(account) };
        let lock = self.writing().await?;
        self.store.save_enterprises(&lock, &[Enterprise::named(&account.name, Some(code.clone()))]).await?;
        let known = self.store.find_enterprise(code.as_str()).await?.into_iter().next();
        Ok(match known {
            Some(firm) => Account { enterprise: Some(firm.id), name: firm.name, ..account },
            None => account,
        })
    }

    /// Gives an account another password and ends its sessions.
    ///
    /// # Errors
    /// As [`Self::add_account`].
    pub async fn set_password(&self, login: &str, password: &str, by: &Actor, now: i64) -> Result<(), EngineError> {
        let account = self.account(login).await?;
        let password = self.new_password(password, &account.login).await?;
        let entry = entry(&account, AccountVerb::SetPassword, Some(account.state), by, now);
        self.keep_account(&AccountChange::Password(account.login, password), &entry).await?;
        Ok(())
    }

    /// Gives the caller another password, if it knows the present one; all its sessions end.
    ///
    /// # Errors
    /// [`AccountError::SignIn`] for a wrong present password, else as [`Self::set_password`].
    pub async fn change_password(
        &self,
        caller: &Caller,
        present: &str,
        password: &str,
        now: i64,
    ) -> Result<(), EngineError> {
        self.verify(&caller.account.login, present, now).await?;
        self.set_password(&caller.account.login, password, &caller.account.actor(), now).await
    }

    /// Opens a session.
    ///
    /// # Errors
    /// [`AccountError::SignIn`] without saying what was wrong.
    pub async fn sign_in(&self, login: &str, password: &str, now: i64) -> Result<SignedIn, EngineError> {
        open(self, self.verify(login, password, now).await?, now).await
    }

    /// The active account of a login and password. Every refusal takes as long and sounds alike.
    pub(super) async fn verify(&self, login: &str, password: &str, now: i64) -> Result<Account, EngineError> {
        let known = self.store.account(&Account::login_of(login)).await?;
        let hash = known.as_ref().and_then(|known| known.password.clone());
        let fits = verified(password.chars().take(1_000).collect(), hash).await?;
        let Some(known) = known else { return Err(AccountError::SignIn.into()) };
        let login = &known.account.login;
        if known.locked_until > now {
            return Err(AccountError::SignIn.into());
        }
        if !fits {
            self.store.count_failure(login, FAILURES, now + LOCKED_MINUTES * 60).await?;
            return Err(AccountError::SignIn.into());
        }
        if known.account.state != AccountState::Active {
            return Err(AccountError::SignIn.into());
        }
        self.store.forget_failures(login).await?;
        Ok(known.account)
    }

    /// Who a session's word stands for, and until when; `None` for one that is unknown, ended, or of a shut account.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the record cannot be read.
    pub async fn session(&self, secret: &str, now: i64) -> Result<Option<(Caller, i64)>, EngineError> {
        let found = self.store.session(&digest(secret), now).await?;
        Ok(found.map(|(account, ends_at)| (Caller { account, scopes: None }, ends_at)))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the record cannot be written.
    pub async fn sign_out(&self, secret: &str) -> Result<(), EngineError> {
        Ok(self.store.end_session(&digest(secret)).await?)
    }

    /// An account by its login.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] if there is none.
    pub async fn account(&self, login: &str) -> Result<Account, EngineError> {
        let login = Account::login_of(login);
        let known = self.store.account(&login).await?;
        Ok(known.ok_or(AccountError::Unknown { login })?.account)
    }

    /// A page of at most `limit` accounts behind the login `after`, by login; those in one state where one is named.
    ///
    /// # Errors
    /// [`EngineError::Store`] if they cannot be read.
    pub async fn accounts(
        &self,
        state: Option<AccountState>,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Account>, EngineError> {
        Ok(self.store.accounts(state, after, limit).await?)
    }

    /// Forgets sessions and tokens that have ended; returns how many.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the record cannot be written.
    pub async fn forget_ended_sessions(&self, now: i64) -> Result<u64, EngineError> {
        Ok(self.store.forget_ended(now).await?)
    }

    async fn new_password(&self, password: &str, login: &str) -> Result<String, EngineError> {
        check(password, login)?;
        Ok(hashed(password.to_owned()).await?)
    }

    pub(super) async fn keep_account(&self, change: &AccountChange, entry: &AuditEntry) -> Result<bool, EngineError> {
        let lock = self.writing().await?;
        Ok(self.store.change_account(&lock, change, entry).await?)
    }
}

/// Opens a session of who has proved to own an account.
pub(super) async fn open(engine: &Engine, account: Account, now: i64) -> Result<SignedIn, EngineError> {
    let (secret, ends_at) = (secret()?, now + SESSION);
    engine.store.open_session(&digest(&secret), &account.login, ends_at).await?;
    Ok(SignedIn { caller: Caller { account, scopes: None }, secret, ends_at })
}

pub(super) fn entry(
    account: &Account,
    verb: AccountVerb,
    before: Option<AccountState>,
    by: &Actor,
    now: i64,
) -> AuditEntry {
    let detail = match verb {
        AccountVerb::Add | AccountVerb::SignUp => {
            serde_json::json!({ "role": account.role, "name": account.name, "province": account.province }).to_string()
        }
        _ => String::new(),
    };
    AuditEntry {
        subject_kind: SUBJECT.to_owned(),
        subject: account.login.clone(),
        action: verb.word().to_owned(),
        actor: by.clone(),
        at: now,
        before: before.map(|state| state.word().to_owned()),
        after: account.state.word().to_owned(),
        reason: String::new(),
        detail,
    }
}
