//! Importing a file: read, check, save, index.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use utoipa::ToSchema;

use super::imported_rows::Importable;
use super::{Engine, EngineError, OnProgress, Problem, Progress};
use crate::domain::{Actor, AuditEntry, DivisionCode};
use crate::ingest::{self, IngestError, Mapping, Records, Row};
use crate::store::{ImportRecord, Saved, WriteLock};

/// Rows saved in one transaction.
const BATCH: usize = 1_000;
/// Problems kept word for word; beyond them only the counts by reason grow.
const KEPT_PROBLEMS: usize = 10_000;

/// What the trail calls whoever works at this machine.
pub const CONSOLE: &str = "console";

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// Open-licence listings with their terms.
    Listings,
    /// Enterprises.
    Enterprises,
    /// Plain patents, without terms.
    Patents,
    /// What licences of industries cost.
    IndustryFees,
}

impl ImportKind {
    fn word(self) -> &'static str {
        match self {
            Self::Listings => "listings",
            Self::Enterprises => "enterprises",
            Self::Patents => "patents",
            Self::IndustryFees => "industry_fees",
        }
    }
}

/// What is to be imported, how, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct ImportOrder<'a> {
    /// The file.
    pub path: &'a Path,
    /// What it holds.
    pub kind: ImportKind,
    /// What some of its columns mean, where a person says so. Read in another way, it is another file.
    pub mapping: &'a Mapping,
    /// Who orders it.
    pub actor: &'a Actor,
    /// The moment, in seconds since 1970.
    pub now: i64,
    /// The province that what is brought must be of, where its place is known; `None` for all.
    pub province: Option<DivisionCode>,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    /// The file's name.
    pub file: String,
    /// Whether this very file was imported before, so that nothing was done; the figures are those of that import.
    pub already_imported: bool,
    /// Rows read.
    pub read: u64,
    /// Rows taken.
    pub taken: u64,
    /// Of those, new ones.
    pub added: u64,
    /// Of those, ones that changed what was known.
    pub changed: u64,
    /// Of those, ones that brought nothing new.
    pub unchanged: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Refused rows by reason.
    pub rejected_by_reason: BTreeMap<String, u64>,
    /// Values left out of rows that were taken, by reason.
    pub warnings_by_reason: BTreeMap<String, u64>,
    /// The refused rows, the first ten thousand word for word.
    pub rejections: Vec<Problem>,
    /// The values left out, as far as they are kept.
    pub warnings: Vec<Problem>,
    /// Listings whose field is taken from their words, because they have no IPC symbol that names one.
    #[serde(default)]
    pub predicted_fields: u64,
    /// Listings whose words speak clearly for another field than their IPC symbols.
    #[serde(default)]
    pub doubtful_fields: u64,
    /// Those listings, as far as they are kept.
    #[serde(default)]
    pub hints: Vec<Problem>,
    /// Columns that mean nothing to us.
    pub unknown_columns: Vec<String>,
}

impl ImportReport {
    pub(super) fn refuse(&mut self, problems: &[Problem]) {
        self.rejected += 1;
        // A row with several faults counts once, under its first.
        if let Some(first) = problems.first() {
            *self.rejected_by_reason.entry(first.code.clone()).or_default() += 1;
        }
        keep(&mut self.rejections, problems);
    }

    pub(super) fn warn(&mut self, problems: &[Problem]) {
        problems.iter().for_each(|problem| *self.warnings_by_reason.entry(problem.code.clone()).or_default() += 1);
        keep(&mut self.warnings, problems);
    }

    pub(super) fn count(&mut self, saved: Saved) {
        self.added += saved.added as u64;
        self.changed += saved.changed as u64;
        self.unchanged += saved.unchanged as u64;
    }
}

pub(super) fn keep(kept: &mut Vec<Problem>, problems: &[Problem]) {
    let room = KEPT_PROBLEMS.saturating_sub(kept.len());
    kept.extend(problems.iter().take(room).cloned());
}

/// Rows that were taken from a file, with their numbers; read in the background.
struct Batch<T> {
    rows: Vec<(u64, T)>,
    problems: Vec<Row<()>>,
    position: u64,
}

impl Engine {
    /// Imports a file at this machine and indexes what it brought. A file that was imported before is not imported again.
    ///
    /// Rows are saved in batches as they are read: what was saved stays, whatever happens later, and importing the same
    /// file again ends in the same state.
    ///
    /// # Errors
    /// [`EngineError::Ingest`] if the file cannot be read at all, [`EngineError::Store`] if saving fails.
    pub async fn import(
        &self,
        path: &Path,
        kind: ImportKind,
        now: i64,
        progress: OnProgress<'_>,
    ) -> Result<ImportReport, EngineError> {
        let (mapping, actor) = (Mapping::default(), Actor::operator(CONSOLE));
        self.import_as(ImportOrder { path, kind, mapping: &mapping, actor: &actor, now, province: None }, progress)
            .await
    }

    /// The same as it is ordered. The trail names who ordered it and the file's digest.
    ///
    /// # Errors
    /// As [`Self::import`].
    pub async fn import_as(
        &self,
        order: ImportOrder<'_>,
        progress: OnProgress<'_>,
    ) -> Result<ImportReport, EngineError> {
        let ImportOrder { path, mapping, .. } = order;
        let lock = self.writing().await?;
        // A backup was put back: found out now, before new revisions reach those the index has seen.
        if self.index.revision()? > self.store.listing_revision().await? || self.is_anothers().await? {
            self.catch_up(lock.files(), &|_| ()).await?;
        }
        // Opening first gives the better message for a file that is not there or not what its name says.
        let report = match order.kind {
            ImportKind::Listings => {
                let records = ingest::open_listings_as(path, mapping)?;
                self.run(order, records, &lock, progress).await?
            }
            ImportKind::Patents => {
                let records = ingest::open_patents_as(path, mapping)?;
                self.run(order, records, &lock, progress).await?
            }
            ImportKind::Enterprises => {
                let records = ingest::open_enterprises_as(path, mapping)?;
                self.run(order, records, &lock, progress).await?
            }
            ImportKind::IndustryFees => {
                let records = ingest::open_industry_fees_as(path, mapping)?;
                self.run(order, records, &lock, progress).await?
            }
        };
        self.catch_up(lock.files(), progress).await?;
        Ok(report)
    }

    async fn run<T: Importable>(
        &self,
        order: ImportOrder<'_>,
        records: Records<T>,
        lock: &WriteLock,
        progress: OnProgress<'_>,
    ) -> Result<ImportReport, EngineError> {
        let ImportOrder { path, kind, actor, now, province, .. } = order;
        let checksum = read_as(checksum(path.to_owned()).await?, &order);
        if let Some(before) = self.store.finished_import(&checksum, kind.word()).await? {
            return Ok(report_of(&before));
        }
        let mut report = ImportReport { file: records.file_name().to_owned(), ..ImportReport::default() };
        let total = records.size();
        let (sender, mut batches) = mpsc::channel(2);
        let reader = tokio::task::spawn_blocking(move || read_batches(records, &sender));
        while let Some(batch) = batches.recv().await {
            let Batch { rows, problems, position } = batch;
            report.read += rows.len() as u64;
            for row in problems {
                match row.outcome {
                    Ok(()) => report.warn(&row.warnings.iter().map(Problem::from).collect::<Vec<_>>()),
                    Err(rejections) => {
                        report.read += 1;
                        report.refuse(&rejections.iter().map(Problem::from).collect::<Vec<_>>());
                    }
                }
            }
            let rows = self.within(province, rows, &mut report).await?;
            T::save(self, lock, rows, &mut report).await?;
            progress(Progress { done: position, total });
        }
        report.unknown_columns = reader.await.map_err(|_| EngineError::Stopped { step: "import" })?;
        report.taken = report.read - report.rejected;
        let record = record_of(&report, checksum, (kind, province), now);
        self.store.record_import(lock, &record, entry_of(&record, actor)).await?;
        Ok(report)
    }
}

/// Reads all rows into batches; ends early when nobody listens any more. Returns the unknown columns.
fn read_batches<T: Importable>(mut records: Records<T>, to: &mpsc::Sender<Batch<T>>) -> Vec<String> {
    loop {
        let mut batch = Batch { rows: Vec::with_capacity(BATCH), problems: Vec::new(), position: 0 };
        let mut ended = true;
        for row in records.by_ref() {
            let Row { number, outcome, warnings } = row;
            let outcome = outcome.map(|value| batch.rows.push((number, value)));
            if outcome.is_err() || !warnings.is_empty() {
                batch.problems.push(Row { number, outcome, warnings });
            }
            if batch.rows.len() + batch.problems.len() >= BATCH {
                ended = false;
                break;
            }
        }
        batch.position = records.position();
        if to.blocking_send(batch).is_err() || ended {
            return records.unknown_columns();
        }
    }
}

/// What names a file as it is read: by a mapping, for a province.
fn read_as(checksum: String, order: &ImportOrder<'_>) -> String {
    let province = order.province.map_or_else(String::new, |province| format!("\n@{province}"));
    if order.mapping.is_empty() && province.is_empty() {
        return checksum;
    }
    let digest = Sha256::digest(format!("{checksum}\n{}{province}", order.mapping.text()));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of a file, in hexadecimal.
async fn checksum(path: PathBuf) -> Result<String, EngineError> {
    let unreadable = |path: &Path, source| {
        let file =
            path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        EngineError::Ingest(IngestError::Unreadable { file, source })
    };
    let read = move || {
        let mut file = File::open(&path).map_err(|source| unreadable(&path, source))?;
        let (mut digest, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
        loop {
            match file.read(&mut buffer).map_err(|source| unreadable(&path, source))? {
                0 => return Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
                read => digest.update(&buffer[..read]),
            }
        }
    };
    tokio::task::spawn_blocking(read).await.map_err(|_| EngineError::Stopped { step: "checksum" })?
}

fn record_of(
    report: &ImportReport,
    checksum: String,
    (kind, province): (ImportKind, Option<DivisionCode>),
    started_at: i64,
) -> ImportRecord {
    let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    ImportRecord {
        checksum,
        kind: kind.word().to_owned(),
        province: province.map(|province| province.to_string()),
        file_name: report.file.clone(),
        started_at,
        finished_at: super::now(),
        read: signed(report.read),
        taken: signed(report.taken),
        added: signed(report.added),
        changed: signed(report.changed),
        unchanged: signed(report.unchanged),
        rejected: signed(report.rejected),
        rejections: serde_json::to_string(report).unwrap_or_default(),
    }
}

/// What the trail keeps of it; the file's name is not part of it, for people write names into it.
fn entry_of(record: &ImportRecord, actor: &Actor) -> AuditEntry {
    let ImportRecord { read, taken, added, changed, rejected, .. } = record;
    let detail = serde_json::json!({
        "kind": record.kind, "read": read, "taken": taken, "added": added, "changed": changed, "rejected": rejected,
    });
    let entry = AuditEntry::of(("import", &record.checksum), "import", (None, "imported"), actor, record.finished_at);
    AuditEntry { detail: detail.to_string(), ..entry }
}

/// The report as it was given when the file was first imported.
fn report_of(record: &ImportRecord) -> ImportReport {
    let report: ImportReport = serde_json::from_str(&record.rejections).unwrap_or_default();
    ImportReport { already_imported: true, ..report }
}
