//! What an enterprise asks a holder about a listing.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::{Actor, EnterpriseId, HolderKey, ListingId, Moment, Notice};

/// Longest question or answer, in characters.
const LONGEST: usize = 2_000;

/// A question, and its answer once there is one. Asking tells the holder who asks; until then it knows of counts alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Enquiry {
    /// Its number; 0 until it is kept.
    pub number: i64,
    /// About which listing.
    pub listing: ListingId,
    /// The patent's title.
    pub title: String,
    /// Its holders: any of them may answer.
    pub holders: Vec<String>,
    /// Who asks.
    pub enterprise: EnterpriseId,
    /// Its full name.
    pub name: String,
    /// What it asks.
    pub text: String,
    /// When, in seconds since 1970-01-01 UTC.
    pub asked_at: i64,
    /// What it was told.
    pub answer: Option<Answer>,
}

/// What a holder answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EnquiryAnswer)]
pub struct Answer {
    /// The words.
    pub text: String,
    /// Who answers.
    pub by: Actor,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
}

/// Why a question or answer is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EnquiryRefusal {
    /// Nothing, or too much, is said.
    #[error("a question or an answer has 1 to {LONGEST} characters")]
    Text,
    /// There is none of this number among the caller's.
    #[error("there is no enquiry {number}")]
    Unknown {
        /// Which.
        number: i64,
    },
    /// It was answered before.
    #[error("enquiry {number} is answered already")]
    Answered {
        /// Which.
        number: i64,
    },
}

impl EnquiryRefusal {
    /// What speaks against it, as a word that stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text => "enquiry-text",
            Self::Unknown { .. } => "unknown-enquiry",
            Self::Answered { .. } => "already-answered",
        }
    }
}

impl Notice for EnquiryRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::Text => format!("咨询或答复应为1至{LONGEST}字"),
            Self::Unknown { number } => format!("没有第 {number} 号咨询"),
            Self::Answered { number } => format!("第 {number} 号咨询已经答复"),
        }
    }
}

/// A question's or an answer's words, without blanks around them.
///
/// # Errors
/// [`EnquiryRefusal::Text`] for nothing or too much.
pub fn enquiry_text(text: &str) -> Result<String, EnquiryRefusal> {
    let text = text.trim();
    if (1..=LONGEST).contains(&text.chars().count()) { Ok(text.to_owned()) } else { Err(EnquiryRefusal::Text) }
}

impl Enquiry {
    /// Answers it.
    ///
    /// # Errors
    /// [`EnquiryRefusal::Unknown`] for whom it was not put to, [`EnquiryRefusal::Answered`] if it was, or
    /// [`EnquiryRefusal::Text`].
    pub fn answered(self, text: &str, by: &Actor, at: Moment) -> Result<Self, EnquiryRefusal> {
        let number = self.number;
        let key = HolderKey::of(&by.name);
        if key.is_none() || self.holders.iter().all(|holder| HolderKey::of(holder) != key) {
            return Err(EnquiryRefusal::Unknown { number });
        }
        if self.answer.is_some() {
            return Err(EnquiryRefusal::Answered { number });
        }
        Ok(Self { answer: Some(Answer { text: enquiry_text(text)?, by: by.clone(), at: at.now }), ..self })
    }
}
