//! Other ways into an account than by its password: a word sent by mail, and single sign-on.

use std::sync::OnceLock;

use super::accounts::{entry, open};
use super::passwords::{digest, secret};
use super::{AccountError, Engine, EngineError, SignedIn};
use crate::domain::{Account, AccountVerb, Actor, Caller, Language};
use crate::mail::{Letter, MailError, Mailer, is_address, is_here};
use crate::sign_on::{Pending, Provider, ProviderSettings, SignOnError};
use crate::store::AccountChange;
use crate::webhook::{Courier, Reach};

/// How long a word sent by mail can be used, in minutes.
const MINUTES: i64 = 30;
/// Most of them at a time: whoever asks on and on fills nobody's mailbox.
const MOST: i64 = 3;
/// Longest name by which a provider knows somebody, in characters (OpenID Connect Core, 2).
const LONGEST_SUBJECT: usize = 255;

/// What an engine in service speaks to besides its record.
#[derive(Default)]
pub(super) struct Outside {
    mailer: Option<Mailer>,
    /// The address that others reach this site by.
    pub(super) site: Option<String>,
    provider: Option<Provider>,
    /// Brings messages to enterprises' own systems, and how far.
    pub(super) courier: Option<(Courier, Reach)>,
    /// What links in messages are signed with, once it was needed.
    pub(super) link_key: OnceLock<String>,
}

impl Outside {
    /// Whether letters can be sent whose links lead here.
    pub(super) fn writes_letters(&self) -> bool {
        self.mailer.is_some() && self.site.is_some()
    }
}

impl Engine {
    /// Letters go by this server, from this address.
    ///
    /// # Errors
    /// [`MailError`] for a server or address that is none.
    pub fn post_by(&mut self, server: &str, from: &str) -> Result<(), MailError> {
        self.outside.mailer = Some(Mailer::new(server, from)?);
        Ok(())
    }

    /// Others reach this site by this address, without a slash at its end: links in letters lead there.
    pub fn known_as(&mut self, site: String) {
        self.outside.site = Some(site);
    }

    /// People may sign in through this provider, too.
    ///
    /// # Errors
    /// [`SignOnError::Address`] for settings that cannot be, or a provider elsewhere that would be asked without TLS: its
    /// keys could be anyone's.
    pub fn sign_on_by(&mut self, settings: ProviderSettings) -> Result<(), SignOnError> {
        if !settings.issuer.starts_with("https://") && !is_here(&settings.issuer) {
            return Err(SignOnError::Address { what: settings.issuer });
        }
        self.outside.provider = Some(Provider::new(settings)?);
        Ok(())
    }

    /// Where the owner of an account is written to.
    ///
    /// # Errors
    /// [`EngineError::Store`] if it cannot be read.
    pub async fn email(&self, account: &Account) -> Result<Option<String>, EngineError> {
        Ok(self.store.email(&account.login).await?)
    }

    /// The caller, who knows the present password, is written to there from now on; nowhere for none.
    ///
    /// # Errors
    /// [`AccountError::SignIn`] for a wrong password, else as [`Self::set_email`].
    pub async fn change_email(
        &self,
        caller: &Caller,
        present: &str,
        email: Option<&str>,
        now: i64,
    ) -> Result<(), EngineError> {
        let account = self.verify(&caller.account.login, present, now).await?;
        self.set_email(&account.login, email, &account.actor(), now).await
    }

    /// The owner of an account is written to there from now on; nowhere for none.
    ///
    /// # Errors
    /// [`AccountError::Email`] for what is no address, [`AccountError::Unknown`] for an account that is not there.
    pub async fn set_email(&self, login: &str, email: Option<&str>, by: &Actor, now: i64) -> Result<(), EngineError> {
        let account = self.account(login).await?;
        let email = email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty());
        if email.as_ref().is_some_and(|email| !is_address(email)) {
            return Err(AccountError::Email.into());
        }
        let entry = entry(&account, AccountVerb::SetEmail, Some(account.state), by, now);
        self.keep_account(&AccountChange::Email(account.login, email), &entry).await?;
        Ok(())
    }

    /// Somebody has forgotten a password: the letter to its account's owner, if there is such an account, it is in use, has
    /// an address, and has not been written to too often. Who asks is not told which.
    ///
    /// # Errors
    /// [`AccountError::NoMail`] if no letters can be sent at all.
    pub async fn ask_for_reset(
        &self,
        login: &str,
        language: Language,
        now: i64,
    ) -> Result<Option<Letter>, EngineError> {
        if self.outside.mailer.is_none() {
            return Err(AccountError::NoMail.into());
        }
        let known = self.store.account(&Account::login_of(login)).await?.map(|known| known.account);
        let Some(account) = known.filter(Account::is_active) else { return Ok(None) };
        let Some(to) = self.store.email(&account.login).await? else { return Ok(None) };
        let word = secret()?;
        let until = (now, now + MINUTES * 60);
        let kept = self.store.begin_reset(&digest(&word), &account.login, until, MOST).await?;
        Ok(kept.then(|| letter(to, &account, &word, language)))
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// [`MailError`] if the server does not take it.
    pub async fn post(&self, letter: Letter) -> Result<(), MailError> {
        match &self.outside.mailer {
            Some(mailer) => mailer.send(letter).await,
            None => Err(MailError::Server),
        }
    }

    /// Gives the account of a word sent by mail another password; all its sessions and such words end.
    ///
    /// # Errors
    /// [`AccountError::Reset`] for a word that is not known or has ended, [`AccountError::Password`] for a password that is
    /// too easy.
    pub async fn reset_password(&self, word: &str, password: &str, now: i64) -> Result<(), EngineError> {
        let account = self.store.account_of_reset(&digest(word.trim()), now).await?.ok_or(AccountError::Reset)?;
        self.set_password(&account.login, password, &account.actor(), now).await
    }

    /// Whom the provider calls so signs in to this account; nobody for none.
    ///
    /// # Errors
    /// [`AccountError::Subject`] for a name that is none or another account's, [`AccountError::Unknown`] for an account
    /// that is not there.
    pub async fn link_sign_on(
        &self,
        login: &str,
        subject: Option<&str>,
        by: &Actor,
        now: i64,
    ) -> Result<(), EngineError> {
        let account = self.account(login).await?;
        let subject = subject.map(|subject| subject.trim().to_owned()).filter(|subject| !subject.is_empty());
        if subject.as_ref().is_some_and(|subject| subject.chars().count() > LONGEST_SUBJECT) {
            return Err(AccountError::Subject.into());
        }
        let entry = entry(&account, AccountVerb::LinkSignOn, Some(account.state), by, now);
        if self.keep_account(&AccountChange::SignOn(account.login, subject), &entry).await? {
            return Ok(());
        }
        Err(AccountError::Subject.into())
    }

    /// Where to send a browser that wants to sign in through the provider, and what it has to bring back.
    ///
    /// # Errors
    /// [`AccountError::NoSignOn`] if there is no provider, [`AccountError::SignOn`] if it does not answer.
    pub async fn begin_sign_on(&self) -> Result<(String, Pending), EngineError> {
        let provider = self.outside.provider.as_ref().ok_or(AccountError::NoSignOn)?;
        provider.begin().await.map_err(|error| EngineError::from(not_vouched(&error)))
    }

    /// Opens a session for whom the provider vouches.
    ///
    /// # Errors
    /// [`AccountError::SignOn`] if it vouches for nobody, or for somebody who has no account in use.
    pub async fn finish_sign_on(&self, code: String, pending: Pending, now: i64) -> Result<SignedIn, EngineError> {
        let provider = self.outside.provider.as_ref().ok_or(AccountError::NoSignOn)?;
        let subject = provider.finish(code, pending).await.map_err(|error| not_vouched(&error))?;
        let account = self.store.account_of_subject(&subject).await?;
        open(self, account.ok_or(AccountError::SignOn)?, now).await
    }
}

/// What the provider says is for the log; who signs in is told that it failed.
fn not_vouched(error: &SignOnError) -> AccountError {
    tracing::warn!(%error, "single sign-on failed");
    AccountError::SignOn
}

fn letter(to: String, account: &Account, word: &str, language: Language) -> Letter {
    let (login, minutes) = (&account.login, MINUTES);
    match language {
        Language::Chinese => Letter {
            to,
            subject: "重设密码".to_owned(),
            text: format!(
                "有人要求重设账户“{login}”的密码。\n\n重设码（{minutes}分钟内有效，只能用一次）：\n\n{word}\n\n\
                 如非本人操作，请忽略本邮件，密码不会改变；不要把重设码告诉任何人。\n"
            ),
            ..Letter::default()
        },
        Language::English => Letter {
            to,
            subject: "Setting a new password".to_owned(),
            text: format!(
                "Somebody has asked for a new password for the account '{login}'.\n\nThe word for it, good once and for \
                 {minutes} minutes:\n\n{word}\n\nIf that was not you, ignore this letter: nothing changes. Tell nobody the \
                 word.\n"
            ),
            ..Letter::default()
        },
    }
}
