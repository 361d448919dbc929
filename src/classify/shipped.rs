//! The classifiers that ship with the product.

use super::{Classification, Classifier};
use crate::analysis::Analyzer;
use crate::domain::{ClassifiedText, IpcCode, LabelKind, Patent, PatentKind, PredictedTechnology, TechnologyField};
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
        let (field, probability) = Self::field_to_go_by(&self.field.predict(&text)?)?;
        let subclass = self.subclass.predict(&text).filter(|said| said.certain && patent.ipc.is_empty());
        Some(PredictedTechnology { field, probability, subclass: subclass.map(|said| said.top[0].label.clone()) })
    }

    /// The field a patent's words speak for against all its IPC symbols; `None` if they agree, or do not speak clearly.
    #[must_use]
    pub fn disagreement(&self, patent: &Patent) -> Option<(TechnologyField, f32)> {
        Self::against(&patent.ipc, &self.field.predict(&text_of(patent))?)
    }

    /// The field that is said so clearly that it may be held against IPC symbols, none of which has it. `None` where no
    /// symbol has a field: there is nothing to disagree with.
    #[must_use]
    pub fn against(symbols: &[IpcCode], said: &Classification) -> Option<(TechnologyField, f32)> {
        let (field, probability) =
            Self::field_to_go_by(said).filter(|(_, probability)| *probability >= DISAGREEMENT)?;
        let mut of_symbols = symbols.iter().filter_map(TechnologyField::of).peekable();
        of_symbols.peek()?;
        of_symbols.all(|own| own != field).then_some((field, probability))
    }

    /// The likeliest field and how likely it is, if that is enough to go by.
    #[must_use]
    pub fn field_to_go_by(said: &Classification) -> Option<(TechnologyField, f32)> {
        let best = said.top.first().filter(|_| said.certain)?;
        Some((TechnologyField::from_number(best.label.parse().ok()?)?, best.probability))
    }
}

/// A patent's words.
fn text_of(patent: &Patent) -> ClassifiedText {
    let (title, body) = (patent.title.clone(), patent.abstract_text.clone());
    ClassifiedText { title, body, ..ClassifiedText::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Prediction;

    fn said(field: &str, probability: f32, certain: bool) -> Classification {
        let top = vec![Prediction { label: field.to_owned(), name: String::new(), probability }];
        Classification { top, certain, terms: Vec::new() }
    }

    #[test]
    fn only_a_clear_word_against_every_symbol_is_a_disagreement() {
        let symbols = |list: &[&str]| list.iter().map(|symbol| symbol.parse().unwrap()).collect::<Vec<IpcCode>>();
        // Field 1 is that of H01M, field 6 that of G06F.
        let clear = said("1", 0.95, true);
        let against = |list: &[&str], said: &Classification| Shipped::against(&symbols(list), said).is_some();
        assert!(against(&["G06F17/30"], &clear));
        assert!(!against(&["G06F17/30", "H01M10/05"], &clear), "a further symbol has the field");
        assert!(!against(&[], &clear), "nothing to disagree with");
        assert!(!against(&["G06F17/30"], &said("1", 0.85, true)), "not clear enough");
        assert!(!against(&["G06F17/30"], &said("1", 0.95, false)), "not to go by");
    }
}
