//! A patent as published: what it is, whose it is, where it is classed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApplicationNumber, Date, IpcCode, Location, PatentKind, PublicationNumber, TechnologyField};

/// The bibliographic facts and texts of one patent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Patent {
    /// The application number (专利号 without `ZL`).
    pub application_number: Option<ApplicationNumber>,
    /// The publication number (公开/公告号).
    pub publication_number: Option<PublicationNumber>,
    /// Invention, utility model or design.
    pub kind: Option<PatentKind>,
    /// The title (发明名称).
    pub title: String,
    /// The abstract (摘要); empty when not given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub abstract_text: String,
    /// The main or independent claim (主权利要求); empty when not given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub claim: String,
    /// IPC symbols, the main one first; empty for designs.
    pub ipc: Vec<IpcCode>,
    /// The holders (专利权人).
    pub holders: Vec<String>,
    /// Where the first holder sits.
    pub location: Option<Location>,
    /// Filing date (申请日).
    pub filed_on: Option<Date>,
    /// Publication or grant date (公开/授权公告日).
    pub published_on: Option<Date>,
    /// What a classifier makes of a patent whose IPC symbols name no field. Worked out when it is read, never stored.
    #[serde(skip_deserializing, default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<PredictedTechnology>,
}

/// What a patent's words say of its technology, clearly enough to go by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PredictedTechnology {
    /// The field.
    pub field: TechnologyField,
    /// How likely it is, 0 to 1.
    pub probability: f32,
    /// The IPC subclass, where that is clear too.
    pub subclass: Option<String>,
}

// Probabilities are finite.
impl Eq for PredictedTechnology {}

impl Patent {
    /// The technology field of the main IPC symbol, or of the first further one that has a field; where none has, the
    /// predicted one.
    #[must_use]
    pub fn field(&self) -> Option<TechnologyField> {
        self.classified_field().or_else(|| Some(self.predicted.as_ref()?.field))
    }

    /// The technology field that follows from the IPC symbols.
    #[must_use]
    pub fn classified_field(&self) -> Option<TechnologyField> {
        self.ipc.iter().find_map(TechnologyField::of)
    }

    /// The IPC subclasses of its symbols, without repeats; where it has none, the predicted one.
    #[must_use]
    pub fn subclasses(&self) -> Vec<&str> {
        let mut subclasses: Vec<&str> = self.ipc.iter().map(IpcCode::subclass).collect();
        if subclasses.is_empty() {
            subclasses.extend(self.predicted.as_ref().and_then(|predicted| predicted.subclass.as_deref()));
        }
        subclasses.sort_unstable();
        subclasses.dedup();
        subclasses
    }

    /// The last day of protection (Patent Law 2020, article 42); `None` when kind or filing date are unknown.
    #[must_use]
    pub fn expires_on(&self) -> Option<Date> {
        self.filed_on?.plus_years(self.kind?.term_years())
    }

    /// Takes from `other` what this patent's record lacks.
    pub(super) fn fill_from(&mut self, other: Self) {
        self.application_number = self.application_number.take().or(other.application_number);
        self.publication_number = self.publication_number.take().or(other.publication_number);
        self.kind = self.kind.or(other.kind);
        self.location = self.location.take().or(other.location);
        self.filed_on = self.filed_on.or(other.filed_on);
        self.published_on = self.published_on.or(other.published_on);
        fill(&mut self.abstract_text, other.abstract_text);
        fill(&mut self.claim, other.claim);
        if self.ipc.is_empty() {
            self.ipc = other.ipc;
        }
        if self.holders.is_empty() {
            self.holders = other.holders;
        }
    }
}

fn fill(text: &mut String, spare: String) {
    if text.is_empty() {
        *text = spare;
    }
}
