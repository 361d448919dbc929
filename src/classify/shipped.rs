//! The classifiers that ship with the product.

use super::{Classification, Classifier};
use crate::analysis::Analyzer;
use crate::domain::{ClassifiedText, LabelKind, Patent, PatentKind, PredictedTechnology, TechnologyField};
use crate::embed::Embedding;
use crate::model_file::{self, ModelFileError};

/// From this probability on a field that none of a patent's IPC symbols has is worth a look.
const DISAGREEMENT: f32 = 0.9;

const FIELD: &[u8] = include_bytes!("../../models/field/classifier.bin");
const SUBCLASS: &[u8] = include_bytes!("../../models/subclass/classifier.bin");

/// The classifiers of fields and of IPC subclasses.
#[derive(Clone)]
pub struct Shipped {
    field: Classifier,
    subclass: Classifier,
}

impl Shipped {
    /// Reads them from the program itself.
    ///
    /// # Errors
    /// [`ModelFileError`] if they were made for another analyzer: `models/README.md` tells how to make them anew.
    pub fn load(analyzer: &Analyzer) -> Result<Self, ModelFileError> {
        let embedding = Embedding::shipped(analyzer)?;
        let read = |bytes| Classifier::from_bytes(bytes, analyzer, &embedding);
        Ok(Self { field: read(FIELD)?, subclass: read(SUBCLASS)? })
    }

    /// Names what they say: another version may say something else of the same text.
    #[must_use]
    pub fn version() -> String {
        let versions = [FIELD, SUBCLASS].map(|bytes| {
            model_file::stated_checksum(bytes).map_or_else(String::new, |checksum| model_file::version(&checksum))
        });
        versions.join("-")
    }

    /// The classifier of a kind of label; `None` for kinds that none ships for.
    #[must_use]
    pub fn of(&self, kind: LabelKind) -> Option<&Classifier> {
        [&self.field, &self.subclass].into_iter().find(|classifier| classifier.kind() == kind)
    }

    /// The embedding they were trained with.
    #[must_use]
    pub fn embedding(&self) -> &Embedding {
        &self.field.embedding
    }

    /// What a patent without a field of its IPC symbols is likely to be; `None` if its symbols say it, if it is a design,
    /// or if its words do not tell.
    #[must_use]
    pub fn fill(&self, patent: &Patent) -> Option<PredictedTechnology> {
        if patent.classified_field().is_some() || patent.kind == Some(PatentKind::Design) {
            return None;
        }
        let text = text_of(patent);
        let (field, probability) = field_of(&self.field.predict(&text).filter(|said| said.certain)?)?;
        let subclass = self.subclass.predict(&text).filter(|said| said.certain && patent.ipc.is_empty());
        Some(PredictedTechnology { field, probability, subclass: subclass.map(|said| said.top[0].label.clone()) })
    }

    /// The field a patent's words speak for against all its IPC symbols; `None` if they agree, or do not speak clearly.
    #[must_use]
    pub fn disagreement(&self, patent: &Patent) -> Option<(TechnologyField, f32)> {
        patent.classified_field()?;
        let said = self.field.predict(&text_of(patent)).filter(Self::is_clear)?;
        let (field, probability) = field_of(&said)?;
        let known = patent.ipc.iter().filter_map(TechnologyField::of).any(|own| own == field);
        (!known).then_some((field, probability))
    }

    /// Whether a text's words speak so clearly for a class that they may be held against its IPC symbols.
    #[must_use]
    pub fn is_clear(said: &Classification) -> bool {
        said.top.first().is_some_and(|best| best.probability >= DISAGREEMENT)
    }
}

/// A patent's words.
fn text_of(patent: &Patent) -> ClassifiedText {
    let (title, body) = (patent.title.clone(), patent.abstract_text.clone());
    ClassifiedText { title, body, ..ClassifiedText::default() }
}

fn field_of(said: &Classification) -> Option<(TechnologyField, f32)> {
    let best = said.top.first()?;
    Some((TechnologyField::from_number(best.label.parse().ok()?)?, best.probability))
}
