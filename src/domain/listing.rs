//! A listing: one patent offered to anyone on published terms.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::{Date, LicenceTerms, Notice, Patent};

/// What a listing is called everywhere: the patent's application number, without one its publication number (less the
/// letter that application and grant differ in), and in a judged set the name the set gives. 1 to 64 printable characters, none of them a blank.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct ListingId(String);

/// The text cannot name a listing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{text}' cannot name a listing: expected 1 to 64 characters without blanks")]
pub struct ListingIdError {
    /// The text as given, shortened.
    pub text: String,
}

impl Notice for ListingIdError {
    fn chinese(&self) -> String {
        format!("“{}”不能作为许可信息编号：应为 1 至 64 个不含空格的字符", self.text)
    }
}

impl ListingId {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of a patent: its application number, else its publication number without the letter that tells
    /// application from grant; `None` when it has neither.
    #[must_use]
    pub fn of(patent: &Patent) -> Option<Self> {
        let application = patent.application_number.as_ref().map(|n| Self(n.as_str().to_owned()));
        application.or_else(|| patent.publication_number.as_ref().map(|n| Self(n.document().to_owned())))
    }
}

impl FromStr for ListingId {
    type Err = ListingIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let right =
            (1..=64).contains(&text.chars().count()) && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if right {
            Ok(Self(text.to_owned()))
        } else {
            Err(ListingIdError { text: text.trim().chars().take(64).collect() })
        }
    }
}

impl TryFrom<String> for ListingId {
    type Error = ListingIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ListingId> for String {
    fn from(id: ListingId) -> Self {
        id.0
    }
}

impl fmt::Display for ListingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a listing stands in its life (pilot plan 三.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListingStatus {
    /// Being written by its holder.
    Draft,
    /// Handed in.
    Submitted,
    /// Being checked by the bureau.
    Verifying,
    /// Sent back with reasons.
    Returned,
    /// Open to anyone.
    Published,
    /// Not on offer for now.
    Suspended,
    /// Taken back; licences already given go on.
    Withdrawn,
    /// Its term or its patent has ended.
    Expired,
}

impl ListingStatus {
    /// The word used in SQL, JSON and the index.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Verifying => "verifying",
            Self::Returned => "returned",
            Self::Published => "published",
            Self::Suspended => "suspended",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Submitted,
        Self::Verifying,
        Self::Returned,
        Self::Published,
        Self::Suspended,
        Self::Withdrawn,
        Self::Expired,
    ];

    /// The Chinese word.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Submitted => "已提交",
            Self::Verifying => "核验中",
            Self::Returned => "已退回",
            Self::Published => "已公开",
            Self::Suspended => "已暂停",
            Self::Withdrawn => "已撤回",
            Self::Expired => "已终止",
        }
    }

    /// The state of a word, English or Chinese; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word || status.chinese() == word)
    }
}

/// What kind of body holds the patent (专利权人类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    /// 高校.
    University,
    /// 科研院所.
    Institute,
    /// 国有企业.
    StateOwned,
    /// 中小企业.
    SmallFirm,
    /// 个人.
    Person,
    /// 其他.
    Other,
}

impl HolderKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::University, Self::Institute, Self::StateOwned, Self::SmallFirm, Self::Person, Self::Other];

    /// The word used in JSON, the index and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::University => "university",
            Self::Institute => "institute",
            Self::StateOwned => "state_owned",
            Self::SmallFirm => "small_firm",
            Self::Person => "person",
            Self::Other => "other",
        }
    }

    /// The Chinese word used on forms.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::University => "高校",
            Self::Institute => "科研院所",
            Self::StateOwned => "国有企业",
            Self::SmallFirm => "中小企业",
            Self::Person => "个人",
            Self::Other => "其他",
        }
    }
}

/// One patent and, for an open licence, the terms anyone may take it on.
///
/// A plain patent file loads as listings without terms: they can be searched and matched, for evaluation, and say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Listing {
    /// Its name everywhere.
    pub id: ListingId,
    /// The patent offered.
    pub patent: Patent,
    /// What kind of body holds it.
    pub holder_kind: Option<HolderKind>,
    /// The published terms; `None` for a plain patent.
    pub terms: Option<LicenceTerms>,
    /// Where it stands in its life.
    pub status: ListingStatus,
    /// When it was announced (公告日期).
    pub announced_on: Option<Date>,
}

impl Listing {
    /// The last day on which a licence can be taken: the earlier of the offer's end and the patent's; `None` if neither
    /// is known.
    #[must_use]
    pub fn available_until(&self) -> Option<Date> {
        let offer = self.terms.as_ref().and_then(|terms| terms.ends_on);
        [offer, self.patent.expires_on()].into_iter().flatten().min()
    }

    /// The listing that stands when two describe one patent; `self` came later.
    ///
    /// The offer (terms, status, date of announcement) is taken whole from one of them, so that old terms never live on
    /// beside new ones: from the one that has terms, of two from the later announcement, of equal dates (or none) from
    /// `self`. The patent's facts come from the later publication in the same way, and what it lacks from the other. A
    /// row without a date never stands above one with a date, or importing the same rows again would not end in the
    /// same state.
    #[must_use]
    pub fn merged_over(self, earlier: Self) -> Self {
        let offered = |listing: &Self| (listing.terms.is_some(), listing.announced_on);
        let (mut offer, mut other) =
            if offered(&self) >= offered(&earlier) { (self, earlier) } else { (earlier, self) };
        let offer_is_newer = offer.patent.published_on >= other.patent.published_on;
        if !offer_is_newer {
            std::mem::swap(&mut offer.patent, &mut other.patent);
        }
        offer.patent.fill_from(other.patent);
        offer.holder_kind = offer.holder_kind.or(other.holder_kind);
        offer
    }
}

impl Listing {
    /// The listing after its holder has declared it anew: the offer as declared, the patent's facts as declared and, where
    /// the declaration is silent, as they were known; not announced yet.
    pub(super) fn declared_over(mut self, known: Self) -> Self {
        self.id = known.id;
        self.patent.fill_from(known.patent);
        self.holder_kind = self.holder_kind.or(known.holder_kind);
        self.announced_on = None;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Fee, Money, Territory};

    fn row(announced_on: Option<&str>, published_on: Option<&str>, fee: Option<i64>) -> Listing {
        let patent = Patent {
            application_number: None,
            publication_number: None,
            kind: None,
            title: String::new(),
            abstract_text: String::new(),
            claim: String::new(),
            ipc: Vec::new(),
            holders: Vec::new(),
            location: None,
            filed_on: None,
            published_on: published_on.map(|day| day.parse().unwrap()),
            predicted: None,
        };
        let terms = fee.map(|fen| LicenceTerms {
            fee: Fee::LumpSum { amount: Money::from_fen(fen).unwrap() },
            months: None,
            ends_on: None,
            territory: Territory::Nationwide,
            contact: None,
        });
        let announced_on = announced_on.map(|day| day.parse().unwrap());
        let status = ListingStatus::Published;
        Listing { id: "L".parse().unwrap(), patent, holder_kind: None, terms, status, announced_on }
    }

    #[test]
    fn a_plain_patent_row_neither_takes_terms_away_nor_dates_them() {
        let first = row(None, None, Some(500));
        let patent = row(None, Some("2024-03-01"), None);
        let second = row(None, None, Some(800));
        let merged = second.clone().merged_over(patent.merged_over(first));
        assert_eq!(merged.terms, second.terms, "the later of two undated offers stands");
        assert_eq!(merged.patent.published_on, Some("2024-03-01".parse().unwrap()));
    }

    #[test]
    fn an_older_announcement_does_not_bring_its_terms_back() {
        let new = row(Some("2025-05-01"), None, Some(800));
        let old = row(Some("2024-05-01"), None, Some(500));
        assert_eq!(old.merged_over(new.clone()), new);
    }
}
