//! What a text or a patent is technically: its field, its class, and the industries that go with them.

use std::sync::PoisonError;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::readers::Readers;
use super::{Engine, EngineError};
use crate::bridge::Bridge;
use crate::classify::{Classification, Shipped};
use crate::domain::{
    ClassifiedText, EmergingIndustry, Enterprise, EnterpriseProfile, IndustryLevel, IpcCode, IpcError, LabelKind,
    LearntInterest, Listing, Notice, TechnologyField,
};
use crate::embed::Embedding;

/// Longest title that is classified, in characters.
const LONGEST_TITLE: usize = 1_000;
/// Longest abstract that is taken, in characters.
const LONGEST_ABSTRACT: usize = 100_000;
/// Most IPC symbols that are taken.
const MOST_SYMBOLS: usize = 100;
/// Industries named at each level.
const INDUSTRIES: usize = 5;

/// A text to classify, as it comes from outside.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassifyInput {
    /// 发明名称.
    #[serde(default)]
    pub title: String,
    /// Abstract; may be empty.
    #[serde(default, rename = "abstract")]
    pub abstract_text: String,
    /// IPC symbols, the main one first; may be empty.
    #[serde(default)]
    pub ipc: Vec<String>,
}

/// Why a text is not classified.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClassifyRefusal {
    /// There is nothing to go by.
    #[error("give a title, an abstract or IPC symbols")]
    Empty,
    /// Too much at once.
    #[error("at most {LONGEST_TITLE} characters of title, {LONGEST_ABSTRACT} of abstract and {MOST_SYMBOLS} symbols")]
    TooLong,
    /// Not an IPC symbol.
    #[error(transparent)]
    Ipc(#[from] IpcError),
}

impl Notice for ClassifyRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::Empty => "请提供发明名称、摘要或 IPC 分类号".to_owned(),
            Self::TooLong => {
                format!("名称至多 {LONGEST_TITLE} 字，摘要至多 {LONGEST_ABSTRACT} 字，分类号至多 {MOST_SYMBOLS} 个")
            }
            Self::Ipc(error) => error.chinese(),
        }
    }
}

/// Where a field is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldSource {
    /// The IPC symbols, by the concordance.
    Ipc,
    /// The words, by the classifier.
    Words,
}

/// What is known or likely of a text's technology.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Technology {
    /// The technology field; `None` where neither symbols nor words tell.
    pub field: Option<TechnologyField>,
    /// Its name.
    pub field_name: Option<&'static str>,
    /// Where it is known from.
    pub source: Option<FieldSource>,
    /// Whether the words speak clearly for another field than the symbols.
    pub disagrees: bool,
    /// The likeliest fields by the words; `None` where no word is known.
    pub fields: Option<Classification>,
    /// The likeliest IPC subclasses by the words.
    pub subclasses: Option<Classification>,
    /// Industries (GB/T 4754) that go with the symbols, or with a likely subclass.
    pub industries: Vec<IndustryLink>,
    /// Strategic emerging industries of the symbols.
    pub emerging_industries: Vec<EmergingIndustry>,
}

/// An industry that goes with a technology.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct IndustryLink {
    /// GB/T 4754 code of two or three digits.
    pub code: String,
    /// Its name.
    pub name: &'static str,
    /// How much of the technology is the industry's, 0 to 1.
    pub weight: f64,
}

impl ClassifyInput {
    /// The text and its symbols, checked.
    fn checked(self) -> Result<ClassifiedText, ClassifyRefusal> {
        let Self { title, abstract_text, ipc } = self;
        let is_long = |text: &str, most: usize| text.len() > most && text.chars().count() > most;
        if is_long(&title, LONGEST_TITLE) || is_long(&abstract_text, LONGEST_ABSTRACT) || ipc.len() > MOST_SYMBOLS {
            return Err(ClassifyRefusal::TooLong);
        }
        if title.trim().is_empty() && abstract_text.trim().is_empty() && ipc.is_empty() {
            return Err(ClassifyRefusal::Empty);
        }
        let ipc: Vec<IpcCode> = ipc.iter().map(|symbol| symbol.parse()).collect::<Result<_, IpcError>>()?;
        let main_ipc = ipc.first().cloned();
        Ok(ClassifiedText { title, body: abstract_text, main_ipc, ipc, ..ClassifiedText::default() })
    }
}

impl Engine {
    /// What a text is technically. Symbols decide where they are given; words fill what is missing or disagree.
    ///
    /// # Errors
    /// [`EngineError::Refused`] if the input cannot be taken; [`EngineError::Classify`] or [`EngineError::Bridge`] if
    /// the models do not fit this program.
    pub fn classify(&self, input: ClassifyInput) -> Result<Technology, EngineError> {
        let text = input.checked()?;
        let classifiers = self.classifiers()?;
        let said = |kind| classifiers.of(kind).and_then(|classifier| classifier.explain(&text));
        let (fields, subclasses) = (said(LabelKind::Field), said(LabelKind::Subclass));
        let of_symbols = text.ipc.iter().find_map(TechnologyField::of);
        let of_words = fields.as_ref().and_then(Shipped::field_to_go_by).map(|(field, _)| field);
        let field = of_symbols.or(of_words);
        let disagrees = fields.as_ref().is_some_and(|said| Shipped::against(&text.ipc, said).is_some());
        Ok(Technology {
            field,
            field_name: field.map(TechnologyField::name),
            source: field.map(|_| if of_symbols.is_some() { FieldSource::Ipc } else { FieldSource::Words }),
            disagrees,
            industries: industries(&symbols_of(&text, subclasses.as_ref()))?,
            emerging_industries: emerging(&text.ipc),
            fields,
            subclasses,
        })
    }

    /// The classifiers that ship, read when first asked for.
    ///
    /// # Errors
    /// [`EngineError::Classify`] if they were made for another analyzer.
    pub(super) fn classifiers(&self) -> Result<&Shipped, EngineError> {
        Ok(&self.readers()?.classifiers)
    }

    /// What reads texts and names, read when first asked for.
    fn readers(&self) -> Result<&Readers, EngineError> {
        if let Some(known) = self.readers.get() {
            return Ok(known);
        }
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.readers.get() {
            return Ok(known);
        }
        let read = Readers::load(&self.analyzer)?;
        Ok(self.readers.get_or_init(|| read))
    }

    /// The embedding they read with.
    ///
    /// # Errors
    /// As [`Self::classifiers`].
    pub(super) fn embedding(&self) -> Result<&Embedding, EngineError> {
        Ok(self.classifiers()?.embedding())
    }

    /// What an enterprise asks for, by its record and what was learnt of it.
    ///
    /// # Errors
    /// As [`Self::classifiers`].
    pub(super) fn profile(
        &self,
        enterprise: &Enterprise,
        learnt: &LearntInterest,
    ) -> Result<EnterpriseProfile, EngineError> {
        Ok(self.readers()?.profile(&self.analyzer, enterprise, learnt))
    }

    /// Fills in what the words say of listings whose symbols name no field.
    ///
    /// # Errors
    /// As [`Self::classifiers`].
    pub(super) fn fill<'a>(&self, listings: impl Iterator<Item = &'a mut Listing>) -> Result<(), EngineError> {
        fill(listings, || self.classifiers().cloned())
    }
}

/// Fills in what the words say of listings whose symbols name no field; `classifiers` is asked for only if there are any.
pub(super) fn fill<'a>(
    listings: impl Iterator<Item = &'a mut Listing>,
    classifiers: impl FnOnce() -> Result<Shipped, EngineError>,
) -> Result<(), EngineError> {
    let mut lacking: Vec<&mut Listing> = listings.filter(|l| l.patent.classified_field().is_none()).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    let classifiers = classifiers()?;
    lacking.par_iter_mut().for_each(|listing| listing.patent.predicted = classifiers.fill(&listing.patent));
    Ok(())
}

/// The symbols of a text, or the subclass its words speak clearly for.
fn symbols_of(text: &ClassifiedText, subclasses: Option<&Classification>) -> Vec<IpcCode> {
    if !text.ipc.is_empty() {
        return text.ipc.clone();
    }
    let clear = subclasses.filter(|said| said.certain);
    clear.and_then(|said| said.top[0].label.parse().ok()).into_iter().collect()
}

fn industries(symbols: &[IpcCode]) -> Result<Vec<IndustryLink>, EngineError> {
    let bridge = Bridge::shipped()?;
    let mut links = Vec::new();
    for level in [IndustryLevel::Division, IndustryLevel::Group] {
        let likely = bridge.industries_of(symbols, level).into_iter().take(INDUSTRIES);
        links.extend(likely.map(|likely| IndustryLink {
            code: likely.industry.as_str().to_owned(),
            name: likely.industry.name(),
            weight: likely.weight,
        }));
    }
    Ok(links)
}

fn emerging(symbols: &[IpcCode]) -> Vec<EmergingIndustry> {
    let mut industries: Vec<EmergingIndustry> = symbols.iter().flat_map(EmergingIndustry::of).collect();
    industries.sort_unstable();
    industries.dedup();
    industries
}
