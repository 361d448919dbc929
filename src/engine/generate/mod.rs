//! Work of any size: real texts recombined, spread as their sources are.
//!
//! In come files of patents and of enterprises, a size and a seed; out goes a folder with that many documents and
//! profiles, as words in the peers' form or as records that an import takes. Promised: the same sources, seed and size
//! give the same bytes; a smaller size is the beginning of a larger one; memory is bounded by the sources, whatever
//! the size; and the report says how far the result is like its sources.
//!
//! What comes out is made of the sources' texts, and belongs to their owners as much as those do: it is work for speed
//! and load, never to be kept with the program. New words do not turn up as a set grows: the vocabulary is that of the
//! sources.
//!
//! Not done here: judging a match on such a set, which means nothing.

mod records;
mod shape;
mod sources;
#[cfg(test)]
mod tests;
mod tokens;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::{EngineError, OnProgress, Progress};
use crate::analysis::Analyzer;
use shape::Measure;
use sources::Sources;

pub use shape::Shape;

/// Records have serial numbers of seven digits, counted down from below those of the sample (9900001 and up). Offices
/// have never given such high ones, so that a set of some millions bears no real patent's number.
const MOST_RECORDS: u64 = 9_900_000;
/// More documents than this would not fit where they are meant to be read.
const MOST_DOCUMENTS: u64 = 1_000_000_000;
/// Listings and profiles are drawn apart, so that the number of one does not move the other.
const LISTING_STREAM: u64 = 1;
const PROFILE_STREAM: u64 = 2;
/// Documents between two reports of progress.
const STEP: u64 = 256;
const NOTICE: &str = "生成数据：由来源文件的文字拼接而成，仅供测试速度和负载，不得提交到代码库或对外提供";

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkForm {
    /// `docs.tok.tsv` (`id TAB word word …`) and `queries.tok.tsv` (`id TAB word^weight …`), as the peers take them.
    Tokens,
    /// `listings.jsonl` and `enterprises.jsonl`, as an import takes them.
    Records,
}

/// What is to be generated, of what.
#[derive(Debug, Clone)]
pub struct WorkRequest {
    /// Files of patents, in any form that can be imported.
    pub patents: Vec<PathBuf>,
    /// Files of enterprises; without any, profiles are made of patents.
    pub enterprises: Vec<PathBuf>,
    /// Documents or listings.
    pub listings: u64,
    /// Profiles or enterprises.
    pub profiles: u64,
    /// Most words of a profile made of patents.
    pub terms: usize,
    /// What everything drawn follows from.
    pub seed: u64,
    /// What is written.
    pub form: WorkForm,
    /// The folder; new or empty.
    pub out: PathBuf,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrittenFile {
    /// Its name.
    pub name: &'static str,
    /// Its lines.
    pub lines: u64,
    /// Its bytes.
    pub bytes: u64,
}

/// What was generated, and how like its sources it is. Kept as `about.json` beside the files.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorkReport {
    /// What the files may be used for.
    pub notice: &'static str,
    /// What was written.
    pub form: WorkForm,
    /// The seed.
    pub seed: u64,
    /// The files, documents first.
    pub files: Vec<WrittenFile>,
    /// Rows of the sources that could not be read, or say nothing.
    pub left_out: u64,
    /// The sources.
    pub sources: Shape,
    /// What was generated; of records, the first ten thousand of each kind.
    pub generated: Shape,
}

/// Generates work from real texts.
///
/// # Errors
/// [`EngineError::GeneratedSize`] for no listings or too many, [`EngineError::NotEmpty`] for a folder in use,
/// [`EngineError::Ingest`] if a source cannot be read, [`EngineError::NothingUsable`] if it has no row to go by,
/// [`EngineError::File`] if a file cannot be written.
pub fn generate_work(request: &WorkRequest, progress: OnProgress<'_>) -> Result<WorkReport, EngineError> {
    let most = match request.form {
        WorkForm::Tokens => MOST_DOCUMENTS,
        WorkForm::Records => MOST_RECORDS,
    };
    if request.listings == 0 || request.listings > most {
        return Err(EngineError::GeneratedSize { asked: request.listings, most });
    }
    let out = &request.out;
    if std::fs::read_dir(out).is_ok_and(|mut files| files.next().is_some()) {
        return Err(EngineError::NotEmpty { path: out.clone() });
    }
    let analyzer = Analyzer::new();
    let mut sources = Sources::read(&analyzer, &request.patents, &request.enterprises)?;
    std::fs::create_dir_all(out).map_err(|source| EngineError::File { path: out.clone(), source })?;
    let (listings, profiles) = match request.form {
        WorkForm::Tokens => ("docs.tok.tsv", "queries.tok.tsv"),
        WorkForm::Records => ("listings.jsonl", "enterprises.jsonl"),
    };
    let mut work = Work {
        request,
        progress,
        measure: Measure::new(),
        listings: Lines::create(out, listings)?,
        profiles: Lines::create(out, profiles)?,
    };
    match request.form {
        WorkForm::Tokens => tokens::write(&sources, &mut work)?,
        WorkForm::Records => records::write(&analyzer, &mut sources, &mut work)?,
    }
    let report = WorkReport {
        notice: NOTICE,
        form: request.form,
        seed: request.seed,
        generated: work.measure.shape(),
        files: vec![work.listings.end()?, work.profiles.end()?],
        left_out: sources.left_out,
        sources: sources.measure.shape(),
    };
    let mut about = Lines::create(out, "about.json")?;
    about.line(&serde_json::to_string_pretty(&report).unwrap_or_default())?;
    about.end()?;
    Ok(report)
}

/// Work under way.
struct Work<'a> {
    request: &'a WorkRequest,
    progress: OnProgress<'a>,
    measure: Measure,
    listings: Lines,
    profiles: Lines,
}

impl Work<'_> {
    /// The random numbers of one stream, from their beginning.
    fn random(&self, stream: u64) -> ChaCha8Rng {
        let mut random = ChaCha8Rng::seed_from_u64(self.request.seed);
        random.set_stream(stream);
        random
    }

    /// Tells how far it has come, now and then.
    fn tell(&self, done: u64) {
        let total = self.request.listings + self.request.profiles;
        if done.is_multiple_of(STEP) || done == total {
            (self.progress)(Progress { done, total });
        }
    }
}

/// A file being written, line by line.
struct Lines {
    path: PathBuf,
    written: WrittenFile,
    file: BufWriter<File>,
}

impl Lines {
    fn create(directory: &Path, name: &'static str) -> Result<Self, EngineError> {
        let path = directory.join(name);
        let file = File::create_new(&path).map_err(|source| EngineError::File { path: path.clone(), source })?;
        Ok(Self { path, written: WrittenFile { name, lines: 0, bytes: 0 }, file: BufWriter::new(file) })
    }

    fn line(&mut self, line: &str) -> Result<(), EngineError> {
        self.written.lines += 1;
        self.written.bytes += line.len() as u64 + 1;
        let wrote = self.file.write_all(line.as_bytes()).and_then(|()| self.file.write_all(b"\n"));
        wrote.map_err(|source| EngineError::File { path: self.path.clone(), source })
    }

    fn end(mut self) -> Result<WrittenFile, EngineError> {
        match self.file.flush() {
            Ok(()) => Ok(self.written),
            Err(source) => Err(EngineError::File { path: self.path, source }),
        }
    }
}
