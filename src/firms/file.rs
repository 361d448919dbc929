//! The form of the file: kind `firms/1`.

use serde::{Deserialize, Serialize};

use super::{Firm, Firms, Known};
use crate::analysis::Analyzer;
use crate::domain::{HolderKey, Meaning};
use crate::embed::Embedding;
use crate::model_file::{self, ModelFileError, Origin};

const KIND: &str = "firms/1";

/// What is kept on disk.
#[derive(Serialize, Deserialize)]
struct Table {
    terms: Vec<String>,
    subclasses: Vec<String>,
    firms: Vec<Row>,
}

/// A company: key, how far each term is from the one before, subclasses with their patents, what they are about.
#[derive(Serialize, Deserialize)]
struct Row(HolderKey, Vec<u32>, Vec<(u16, u16)>, Meaning);

impl Firms {
    /// Reads a model file.
    ///
    /// # Errors
    /// [`ModelFileError`] if it is damaged or made with another analyzer or embedding.
    pub fn from_bytes(bytes: &[u8], embedding: &Embedding) -> Result<Self, ModelFileError> {
        let expected = origin(embedding.analyzer(), embedding.version());
        let (Table { terms, subclasses, firms }, _): (Table, String) = model_file::decode(bytes, &expected)?;
        let firms: Option<Vec<Firm>> = firms.into_iter().map(|row| firm(row, terms.len(), subclasses.len())).collect();
        let firms = firms.filter(|firms| firms.is_sorted_by(|a, b| a.key < b.key)).ok_or(ModelFileError::Corrupt)?;
        let sorted = |texts: &[String]| texts.is_sorted_by(|a, b| a < b);
        if firms.is_empty() || !sorted(&terms) || !sorted(&subclasses) {
            return Err(ModelFileError::Corrupt);
        }
        Ok(Self::new(Known::index(terms, subclasses, firms), embedding))
    }

    /// The bytes of a model file.
    ///
    /// # Errors
    /// [`ModelFileError::Unwritable`] if the companies have no such form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelFileError> {
        let firms = self.known.firms.iter().map(|firm| {
            let before = std::iter::once(0).chain(firm.terms.iter().copied());
            let gaps = firm.terms.iter().zip(before).map(|(term, before)| term - before).collect();
            Row(firm.key, gaps, firm.subclasses.clone(), firm.meaning)
        });
        let (terms, subclasses) = (self.known.terms.clone(), self.known.subclasses.clone());
        let table = Table { terms, subclasses, firms: firms.collect() };
        model_file::encode(&origin(&self.analyzer, &self.embedding), &table)
    }
}

/// A company as read; `None` if it names what is not there, or speaks for nothing.
fn firm(Row(key, gaps, subclasses, meaning): Row, terms: usize, classes: usize) -> Option<Firm> {
    let mut numbers: Vec<u32> = Vec::with_capacity(gaps.len());
    for gap in gaps {
        let number = numbers.last().map_or(Some(gap), |last| last.checked_add(gap).filter(|number| number > last))?;
        numbers.push(number);
    }
    let known = numbers.last().is_some_and(|last| (*last as usize) < terms);
    let ordered = subclasses.is_sorted_by(|a, b| a.0 < b.0) && subclasses.iter().all(|(_, patents)| *patents > 0);
    let classed = subclasses.last().is_some_and(|(last, _)| usize::from(*last) < classes);
    let meaning = Meaning::from_parts(*meaning.numbers(), meaning.scale())?;
    (known && ordered && classed).then_some(Firm { key, terms: numbers, subclasses, meaning, norm: 0.0 })
}

fn origin(analyzer: &Analyzer, embedding: &str) -> Origin {
    Origin { kind: KIND.to_owned(), analyzer: analyzer.version().to_owned(), embedding: Some(embedding.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_that_names_what_is_not_there_is_refused() {
        let row = |terms: &[u32], classes: &[(u16, u16)], times: f64| {
            let meaning = Meaning::nearest_to(&[1.0]).times(times);
            firm(Row(HolderKey::of("样例").unwrap(), terms.to_vec(), classes.to_vec(), meaning), 10, 3)
        };
        assert_eq!(row(&[0, 4, 5], &[(0, 1), (2, 7)], 1.0).unwrap().terms, [0, 4, 9]);
        assert!(row(&[0, 4, 6], &[(0, 1)], 1.0).is_none(), "a term beyond the last");
        assert!(row(&[3, 0], &[(0, 1)], 1.0).is_none(), "a term twice");
        assert!(row(&[1, u32::MAX], &[(0, 1)], 1.0).is_none(), "a term beyond all numbers");
        assert!(row(&[1], &[(3, 1)], 1.0).is_none(), "a subclass beyond the last");
        assert!(row(&[1], &[(1, 0)], 1.0).is_none(), "a subclass without patents");
        assert!(row(&[], &[(0, 1)], 1.0).is_none() && row(&[1], &[], 1.0).is_none(), "nothing to say");
        assert!(row(&[1], &[(0, 1)], f64::NAN).is_none(), "a meaning that is none");
    }
}
