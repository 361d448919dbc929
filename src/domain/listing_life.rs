//! The life of a listing as one state machine: from where which step leads to where, who may take it, what must hold.
//!
//! Source: pilot plan 三.1 (publishing), 三.3.2 (transfer, withdrawal); Patent Law 2020, articles 42, 50 and 51;
//! Implementing Regulations 2023, articles 85 and 86.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Actor, ActorKind, Check, CheckKind, Date, HolderKey, LifeRefusal, Listing, ListingStatus, Worksheet};

/// A kind of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LifeVerb {
    /// The holder writes, or goes on writing.
    Write,
    /// The holder hands it in.
    Submit,
    /// The bureau begins to check it.
    TakeUp,
    /// The bureau answers one question of the worksheet.
    Check,
    /// The bureau sends it back.
    Return,
    /// The bureau opens it to anyone.
    Publish,
    /// It is not on offer for now.
    Suspend,
    /// It is on offer again.
    Resume,
    /// It is taken back for good; licences already given go on (Patent Law 2020, article 50).
    Withdraw,
    /// Its patent has ended.
    Expire,
}

impl LifeVerb {
    /// All kinds of step.
    pub const ALL: [Self; 10] = [
        Self::Write,
        Self::Submit,
        Self::TakeUp,
        Self::Check,
        Self::Return,
        Self::Publish,
        Self::Suspend,
        Self::Resume,
        Self::Withdraw,
        Self::Expire,
    ];

    /// The kind of a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.word() == word)
    }

    /// The word used in SQL, JSON and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Submit => "submit",
            Self::TakeUp => "take_up",
            Self::Check => "check",
            Self::Return => "return",
            Self::Publish => "publish",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Withdraw => "withdraw",
            Self::Expire => "expire",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Write => "保存草稿",
            Self::Submit => "提交",
            Self::TakeUp => "受理核验",
            Self::Check => "核验",
            Self::Return => "退回",
            Self::Publish => "公开",
            Self::Suspend => "暂停",
            Self::Resume => "恢复公开",
            Self::Withdraw => "撤回",
            Self::Expire => "终止",
        }
    }

    /// Where the step leads from `from`; `None` where it does not start there. `None` as a start is a listing not known yet.
    #[must_use]
    pub fn leads(self, from: Option<ListingStatus>) -> Option<ListingStatus> {
        use ListingStatus as S;
        match (self, from) {
            (Self::Write, None | Some(S::Draft | S::Withdrawn | S::Expired)) => Some(S::Draft),
            (Self::Write, Some(S::Returned)) => Some(S::Returned),
            (Self::Submit, None | Some(S::Draft | S::Returned | S::Suspended | S::Withdrawn | S::Expired)) => {
                Some(S::Submitted)
            }
            (Self::TakeUp, Some(S::Submitted)) | (Self::Check, Some(S::Verifying)) => Some(S::Verifying),
            (Self::Return, Some(S::Verifying)) => Some(S::Returned),
            (Self::Publish, Some(S::Verifying)) | (Self::Resume, Some(S::Suspended)) => Some(S::Published),
            (Self::Suspend, Some(S::Published)) => Some(S::Suspended),
            (
                Self::Withdraw,
                Some(S::Draft | S::Submitted | S::Verifying | S::Returned | S::Published | S::Suspended),
            ) => Some(S::Withdrawn),
            (Self::Expire, Some(S::Suspended)) => Some(S::Expired),
            _ => None,
        }
    }

    /// Whether the step is this actor's.
    #[must_use]
    pub fn is_for(self, actor: ActorKind) -> bool {
        match self {
            Self::Write | Self::Submit => actor == ActorKind::Holder,
            Self::TakeUp | Self::Check | Self::Return | Self::Publish | Self::Resume => actor == ActorKind::Bureau,
            Self::Suspend => matches!(actor, ActorKind::Bureau | ActorKind::System),
            Self::Withdraw => matches!(actor, ActorKind::Holder | ActorKind::Bureau),
            Self::Expire => actor == ActorKind::System,
        }
    }
}

impl fmt::Display for LifeVerb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A step with what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LifeStep {
    /// The holder's words, as they stand now.
    Write(Box<Listing>),
    /// The holder's words, handed in.
    Submit(Box<Listing>),
    /// See [`LifeVerb::TakeUp`].
    TakeUp,
    /// One answer; its reviewer and time are filled in.
    Check(CheckKind, Check),
    /// With what is wrong and how to mend it.
    Return(String),
    /// See [`LifeVerb::Publish`].
    Publish,
    /// With the reason.
    Suspend(String),
    /// With the reason, which may be empty.
    Resume(String),
    /// With the reason.
    Withdraw(String),
    /// With the reason.
    Expire(String),
}

impl LifeStep {
    /// What kind of step it is.
    #[must_use]
    pub fn verb(&self) -> LifeVerb {
        match self {
            Self::Write(_) => LifeVerb::Write,
            Self::Submit(_) => LifeVerb::Submit,
            Self::TakeUp => LifeVerb::TakeUp,
            Self::Check(..) => LifeVerb::Check,
            Self::Return(_) => LifeVerb::Return,
            Self::Publish => LifeVerb::Publish,
            Self::Suspend(_) => LifeVerb::Suspend,
            Self::Resume(_) => LifeVerb::Resume,
            Self::Withdraw(_) => LifeVerb::Withdraw,
            Self::Expire(_) => LifeVerb::Expire,
        }
    }

    /// Why it is taken; empty where nothing is said.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Return(why) | Self::Suspend(why) | Self::Resume(why) | Self::Withdraw(why) | Self::Expire(why) => {
                why.trim()
            }
            Self::Write(_) | Self::Submit(_) | Self::TakeUp | Self::Check(..) | Self::Publish => "",
        }
    }

    fn needs_reason(&self) -> bool {
        matches!(self, Self::Return(_) | Self::Suspend(_) | Self::Withdraw(_) | Self::Expire(_))
    }
}

/// What is known of a listing's life beside its status. One that was imported as published has the default life until
/// something is done to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Life {
    /// How many steps were taken; who acts says which version was looked at.
    pub version: i64,
    /// When it came to where it stands, in seconds since 1970-01-01 UTC.
    pub since: i64,
    /// Who checks it.
    pub reviewer: Option<String>,
    /// The bureau's worksheet of this round; a new submission begins a new one.
    #[serde(default)]
    pub worksheet: Worksheet,
    /// Whether it was ever open to anyone: who took it over then is told when it is gone.
    #[serde(default)]
    pub was_published: bool,
    /// Why it was last returned, suspended or withdrawn.
    #[serde(default)]
    pub reason: String,
}

/// When a step is taken.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The day in China.
    pub today: Date,
    /// Seconds since 1970-01-01 UTC.
    pub now: i64,
}

impl Life {
    /// Takes a step on `listing`, `None` where it is not known yet: what both become.
    ///
    /// # Errors
    /// The first reason that speaks against it.
    pub fn take(
        &self,
        listing: Option<Listing>,
        step: &LifeStep,
        actor: &Actor,
        at: Moment,
    ) -> Result<(Listing, Self), LifeRefusal> {
        let verb = step.verb();
        let before = listing.as_ref().map(|listing| listing.status);
        if !verb.is_for(actor.kind) {
            return Err(LifeRefusal::NotYours { step: verb, actor: actor.kind });
        }
        listing.iter().try_for_each(|listing| check_holder(listing, actor))?;
        let mut next = written(listing, step).ok_or(LifeRefusal::Unknown { step: verb })?;
        check_holder(&next, actor)?;
        let after = verb.leads(before).ok_or_else(|| LifeRefusal::NotFromHere {
            listing: next.id.clone(),
            step: verb,
            status: before.unwrap_or(ListingStatus::Draft),
        })?;
        if step.needs_reason() && step.reason().is_empty() {
            return Err(LifeRefusal::NoReason { step: verb });
        }
        let mut life = self.clone();
        life.note(&mut next, step, actor, at)?;
        life.version += 1;
        life.was_published |= [before, Some(after)].contains(&Some(ListingStatus::Published));
        if before != Some(after) {
            life.since = at.now;
        }
        next.status = after;
        Ok((next, life))
    }

    /// What the step itself asks for and leaves behind.
    fn note(&mut self, next: &mut Listing, step: &LifeStep, actor: &Actor, at: Moment) -> Result<(), LifeRefusal> {
        match step {
            LifeStep::Submit(_) => {
                check_complete(next)?;
                check_current(next, at.today)?;
                let Self { version, since, was_published, .. } = *self;
                *self = Self { version, since, was_published, ..Self::default() };
            }
            LifeStep::TakeUp => self.reviewer = Some(actor.name.clone()),
            LifeStep::Check(kind, check) => {
                let evidence = check.evidence.trim().to_owned();
                if evidence.is_empty() {
                    return Err(LifeRefusal::NoEvidence { check: *kind });
                }
                let check = Check { evidence, reviewer: actor.name.clone(), at: at.now, ..check.clone() };
                self.worksheet.0.insert(*kind, check);
            }
            LifeStep::Publish => {
                self.check_worksheet(next, at.today)?;
                check_current(next, at.today)?;
                next.announced_on = Some(at.today);
            }
            // One that was imported as published has no worksheet to ask.
            LifeStep::Resume(_) => {
                if !self.worksheet.0.is_empty() {
                    self.check_worksheet(next, at.today)?;
                }
                check_current(next, at.today)?;
                self.reason.clear();
            }
            LifeStep::Return(_) | LifeStep::Suspend(_) | LifeStep::Withdraw(_) | LifeStep::Expire(_) => {
                self.reason = step.reason().to_owned();
            }
            LifeStep::Write(_) => {}
        }
        Ok(())
    }

    fn check_worksheet(&self, listing: &Listing, today: Date) -> Result<(), LifeRefusal> {
        let checks = self.worksheet.open(listing.patent.kind, today);
        if checks.is_empty() {
            return Ok(());
        }
        Err(LifeRefusal::Unchecked { listing: listing.id.clone(), checks })
    }

    /// The step that is due by itself on a day: a published offer whose patent, term or paid annuities have ended is
    /// suspended, and a suspended one whose patent has ended expires. `None` where nothing is due.
    #[must_use]
    pub fn due(&self, listing: &Listing, today: Date) -> Option<LifeStep> {
        let before = |last: Option<Date>| last.filter(|last| *last < today);
        let terms = listing.terms.as_ref()?;
        let patent =
            before(listing.patent.expires_on()).map(|last| format!("专利权期限已于 {last} 届满（专利法第四十二条）"));
        match listing.status {
            ListingStatus::Published => {
                let term = || before(terms.ends_on).map(|last| format!("许可期限已于 {last} 届满"));
                let annuities = || {
                    before(self.worksheet.annuities_until())
                        .map(|last| format!("年费仅核验缴纳至 {last}，请核实后恢复公开"))
                };
                patent.or_else(term).or_else(annuities).map(LifeStep::Suspend)
            }
            ListingStatus::Suspended => patent.map(LifeStep::Expire),
            _ => None,
        }
    }
}

/// The listing with the holder's words, where the step brings any; `None` where there is neither.
fn written(listing: Option<Listing>, step: &LifeStep) -> Option<Listing> {
    match (step, listing) {
        (LifeStep::Write(given) | LifeStep::Submit(given), None) => Some(given.as_ref().clone()),
        (LifeStep::Write(given) | LifeStep::Submit(given), Some(known)) => {
            Some(given.as_ref().clone().declared_over(known))
        }
        (_, known) => known,
    }
}

/// A holder acts on what it holds.
fn check_holder(listing: &Listing, actor: &Actor) -> Result<(), LifeRefusal> {
    let key = HolderKey::of(&actor.name);
    let holds = key.is_some() && listing.patent.holders.iter().any(|name| HolderKey::of(name) == key);
    if actor.kind != ActorKind::Holder || holds {
        return Ok(());
    }
    Err(LifeRefusal::NotTheHolder { listing: listing.id.clone(), name: actor.name.clone() })
}

/// What must be published at least (pilot plan 三.1.3): number, title and holder are in every listing.
fn check_complete(listing: &Listing) -> Result<(), LifeRefusal> {
    let terms = listing.terms.as_ref();
    let lasts = terms.is_some_and(|terms| terms.months.is_some() || terms.ends_on.is_some());
    let contact = terms.and_then(|terms| terms.contact.as_deref()).is_some_and(|contact| !contact.trim().is_empty());
    let wanted = [("terms", terms.is_some()), ("term", lasts), ("contact", contact)];
    let missing: Vec<&str> = wanted.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(LifeRefusal::Incomplete { listing: listing.id.clone(), missing })
}

/// Nothing that has ended is offered.
fn check_current(listing: &Listing, today: Date) -> Result<(), LifeRefusal> {
    match listing.available_until() {
        Some(last) if last < today => Err(LifeRefusal::Ended { listing: listing.id.clone(), last }),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "listing_life_tests.rs"]
mod tests;
