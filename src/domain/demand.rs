//! Needs that enterprises have made public, so that holders can find them.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::{DivisionCode, EnterpriseId, IndustryCode, Moment, Notice};

/// Shortest and longest need, in characters: below, there is nothing to match; above, it is no need but a project.
const SHORTEST: usize = 6;
const LONGEST: usize = 500;
/// Most an enterprise has open at a time.
pub const MOST_OPEN: usize = 20;

/// A need an enterprise has made public, with what of the enterprise it has agreed to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Demand {
    /// Its number; 0 until it is kept.
    pub number: i64,
    /// Whose it is; not shown.
    pub enterprise: EnterpriseId,
    /// Its full name, where it wants to be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it looks for, in its own words.
    pub text: String,
    /// The province it sits in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub province: Option<DivisionCode>,
    /// Its class of GB/T 4754-2017.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<IndustryCode>,
    /// When it was made public, in seconds since 1970-01-01 UTC: that is also when the enterprise agreed to it.
    pub published_at: i64,
    /// When it was taken back or met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<i64>,
}

/// A need as anyone may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicDemand {
    /// Its number.
    pub number: i64,
    /// What is looked for.
    pub text: String,
    /// Who looks for it, where it wants to be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The province it sits in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<DivisionCode>,
    /// Its class of GB/T 4754-2017.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industry: Option<IndustryCode>,
    /// When it was made public, in seconds since 1970-01-01 UTC.
    pub published_at: i64,
}

/// Why a need is not made public.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DemandRefusal {
    /// Too short or long.
    #[error("a need has {SHORTEST} to {LONGEST} characters")]
    Text,
    /// The enterprise does not say that it may be public.
    #[error("a need is made public only where the enterprise agrees to it: send \"consent\": true")]
    NoConsent,
    /// It has as many as it may.
    #[error("an enterprise has at most {MOST_OPEN} needs open: close one first")]
    TooMany,
    /// There is none of this number, or none any more.
    #[error("there is no need {number} among those that are open")]
    Unknown {
        /// Which.
        number: i64,
    },
}

impl DemandRefusal {
    /// What speaks against it, as a word that stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text => "need-text",
            Self::NoConsent => "no-consent",
            Self::TooMany => "too-many-needs",
            Self::Unknown { .. } => "unknown-need",
        }
    }
}

impl Notice for DemandRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::Text => format!("技术需求应为{SHORTEST}至{LONGEST}字"),
            Self::NoConsent => "须经企业同意方可公开需求：请附 \"consent\": true".to_owned(),
            Self::TooMany => format!("一家企业至多同时公开{MOST_OPEN}项需求：请先撤下一项"),
            Self::Unknown { number } => format!("没有公开的第 {number} 号需求"),
        }
    }
}

/// A need's words, without blanks around them.
///
/// # Errors
/// [`DemandRefusal::Text`] for too few or too many.
pub fn demand_text(text: &str) -> Result<String, DemandRefusal> {
    let text = text.trim();
    let fits = (SHORTEST..=LONGEST).contains(&text.chars().count());
    if fits { Ok(text.to_owned()) } else { Err(DemandRefusal::Text) }
}

impl Demand {
    /// What anyone may read of it.
    #[must_use]
    pub fn public(self) -> PublicDemand {
        let Self { number, text, name, province, industry, published_at, .. } = self;
        PublicDemand { number, text, name, province, industry, published_at }
    }

    /// Takes it back: it is the enterprise's own, and open.
    ///
    /// # Errors
    /// [`DemandRefusal::Unknown`] otherwise.
    pub fn closed(self, by: &EnterpriseId, at: Moment) -> Result<Self, DemandRefusal> {
        if self.enterprise != *by || self.closed_at.is_some() {
            return Err(DemandRefusal::Unknown { number: self.number });
        }
        Ok(Self { closed_at: Some(at.now), ..self })
    }
}
