//! The real texts: read once, kept as records and as words by number.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::shape::Measure;
use crate::analysis::Analyzer;
use crate::domain::{Enterprise, Listing, Patent};
use crate::engine::EngineError;
use crate::ingest::{self, IngestError, Records, Rejection};
use crate::profile::{Readers, profile_of};

/// Texts taken apart at a time: their words are strings until they have numbers.
const CHUNK: usize = 2_000;

/// What everything is made of.
pub(super) struct Sources {
    /// Patents with at least one word.
    pub(super) patents: Vec<Listing>,
    /// The words of each.
    pub(super) documents: Vec<Vec<u32>>,
    /// Enterprises that ask for at least one word.
    pub(super) enterprises: Vec<Enterprise>,
    /// The words each asks for and how much, in order of the words.
    pub(super) profiles: Vec<Vec<(u32, f64)>>,
    pub(super) vocabulary: Vocabulary,
    pub(super) measure: Measure,
    pub(super) left_out: u64,
}

impl Sources {
    /// Reads all files; every row that is no use is counted.
    pub(super) fn read(analyzer: &Analyzer, patents: &[PathBuf], enterprises: &[PathBuf]) -> Result<Self, EngineError> {
        let mut this = Self {
            patents: Vec::new(),
            documents: Vec::new(),
            enterprises: Vec::new(),
            profiles: Vec::new(),
            vocabulary: Vocabulary::default(),
            measure: Measure::new(),
            left_out: 0,
        };
        let (rows, refused) = rows(patents, ingest::open_patents)?;
        this.take_patents(analyzer, rows);
        this.count(patents, refused, this.patents.is_empty())?;
        let (rows, refused) = self::rows(enterprises, ingest::open_enterprises)?;
        this.take_enterprises(analyzer, rows);
        this.count(enterprises, refused, this.enterprises.is_empty() && !enterprises.is_empty())?;
        Ok(this)
    }

    fn take_patents(&mut self, analyzer: &Analyzer, rows: Vec<Listing>) {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Listing> = rows.by_ref().take(CHUNK).collect();
            let words: Vec<Vec<String>> = chunk.par_iter().map(|row| words(analyzer, &row.patent)).collect();
            for (row, words) in chunk.into_iter().zip(words) {
                if words.is_empty() {
                    self.left_out += 1;
                    continue;
                }
                let words: Vec<u32> = words.iter().map(|word| self.vocabulary.number(word)).collect();
                self.measure.document(&words);
                self.documents.push(words);
                self.patents.push(row);
            }
        }
    }

    fn take_enterprises(&mut self, analyzer: &Analyzer, rows: Vec<Enterprise>) {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Enterprise> = rows.by_ref().take(CHUNK).collect();
            let profiles: Vec<_> =
                chunk.par_iter().map(|row| profile_of(analyzer, Readers::default(), row).words).collect();
            for (row, terms) in chunk.into_iter().zip(profiles) {
                if terms.is_empty() {
                    self.left_out += 1;
                    continue;
                }
                self.measure.profile(terms.len());
                let terms = terms.iter().map(|term| (self.vocabulary.number(&term.text), term.weight));
                self.profiles.push(terms.collect());
                self.enterprises.push(row);
            }
        }
    }

    /// Adds the rows that were refused; where no other is left, that is the end.
    fn count(&mut self, files: &[PathBuf], refused: Refused, nothing: bool) -> Result<(), EngineError> {
        self.left_out += refused.rows;
        if nothing {
            let files: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
            let (rows, first) = (self.left_out, refused.first.map(Box::new));
            return Err(EngineError::NothingUsable { files: files.join(", "), rows, first });
        }
        Ok(())
    }
}

/// Every word of a patent's title, abstract and claim, as it is indexed.
pub(super) fn words(analyzer: &Analyzer, patent: &Patent) -> Vec<String> {
    let mut words = Vec::new();
    for text in [&patent.title, &patent.abstract_text, &patent.claim] {
        analyzer.visit_words(text, |term| words.push(term.text.to_owned()));
    }
    words
}

/// Rows that could not be read.
#[derive(Default)]
struct Refused {
    rows: u64,
    first: Option<Rejection>,
}

fn rows<T>(
    paths: &[PathBuf],
    open: fn(&Path) -> Result<Records<T>, IngestError>,
) -> Result<(Vec<T>, Refused), EngineError> {
    let (mut values, mut refused) = (Vec::new(), Refused::default());
    for path in paths {
        for row in open(path)? {
            match row.outcome {
                Ok(value) => values.push(value),
                Err(rejections) => {
                    refused.rows += 1;
                    refused.first = refused.first.or_else(|| rejections.into_iter().next());
                }
            }
        }
    }
    Ok((values, refused))
}

/// Words by number, in the order they were met.
#[derive(Default)]
pub(super) struct Vocabulary {
    words: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, u32>,
}

impl Vocabulary {
    pub(super) fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        // No language has four thousand million words.
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(word.into());
        self.numbers.insert(word.into(), number);
        number
    }

    pub(super) fn word(&self, number: u32) -> &str {
        self.words.get(number as usize).map_or("", |word| word)
    }
}
