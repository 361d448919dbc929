//! Taking in what firms did with listings they were shown.
//!
//! Unlike other files, one of feedback may be given again at any time: what was refused because its delivery was not
//! recorded yet is taken the second time, and what is known changes nothing.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::import::keep;
use super::{Engine, EngineError, OnProgress, Problem, Progress};
use crate::domain::{FeedbackEvent, FeedbackRefusal};
use crate::ingest::{self, Reason, Rejection, Row};
use crate::store::WriteLock;

/// Rows saved in one transaction.
const BATCH: usize = 1_000;

/// What became of a file of feedback; accepted, replayed and rejected add up to what was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FeedbackReport {
    /// The file's name.
    pub file: String,
    /// Rows read.
    pub read: u64,
    /// Events that were new.
    pub accepted: u64,
    /// Events that were known, and changed nothing.
    pub replayed: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Refused rows by reason.
    pub rejected_by_reason: BTreeMap<String, u64>,
    /// The refused rows, the first ten thousand word for word.
    pub rejections: Vec<Problem>,
    /// Columns that mean nothing to us.
    pub unknown_columns: Vec<String>,
}

impl FeedbackReport {
    fn refuse(&mut self, rejections: &[Rejection]) {
        self.rejected += 1;
        let problems: Vec<Problem> = rejections.iter().map(Problem::from).collect();
        // A row with several faults counts once, under its first.
        if let Some(first) = problems.first() {
            *self.rejected_by_reason.entry(first.code.clone()).or_default() += 1;
        }
        keep(&mut self.rejections, &problems);
    }
}

impl Engine {
    /// Takes in a file of events at the moment `now` (seconds since 1970). Each batch of rows is on the disk before the next is
    /// read; given again, the file ends in the same state.
    ///
    /// # Errors
    /// [`EngineError::Ingest`] if the file cannot be read at all, [`EngineError::Store`] while another process is writing or if
    /// saving fails.
    pub async fn import_feedback(
        &self,
        path: &Path,
        now: i64,
        progress: OnProgress<'_>,
    ) -> Result<FeedbackReport, EngineError> {
        let lock = self.store.lock_for_writing().await?;
        let mut records = ingest::open_feedback(path)?;
        let mut report = FeedbackReport { file: records.file_name().to_owned(), ..FeedbackReport::default() };
        loop {
            let rows: Vec<Row<FeedbackEvent>> = tokio::task::block_in_place(|| records.by_ref().take(BATCH).collect());
            if rows.is_empty() {
                break;
            }
            self.take_feedback(&lock, rows, now, &mut report).await?;
            progress(Progress { done: records.position(), total: records.size() });
        }
        report.unknown_columns = records.unknown_columns();
        Ok(report)
    }

    async fn take_feedback(
        &self,
        lock: &WriteLock,
        rows: Vec<Row<FeedbackEvent>>,
        now: i64,
        report: &mut FeedbackReport,
    ) -> Result<(), EngineError> {
        report.read += rows.len() as u64;
        let (mut numbers, mut events) = (Vec::new(), Vec::new());
        for Row { number, outcome, .. } in rows {
            match outcome {
                Ok(event) => (numbers.push(number), events.push(event)).1,
                Err(rejections) => report.refuse(&rejections),
            }
        }
        let saved = self.store.save_feedback(lock, &events, now).await?;
        report.accepted += saved.accepted as u64;
        report.replayed += saved.replayed as u64;
        for (place, refusal) in saved.refused {
            let (file, row) = (report.file.clone(), Some(numbers[place]));
            report.refuse(&[Rejection { file, row, column: None, reason: Reason::Feedback(refusal) }]);
        }
        Ok(())
    }

    /// Takes in one event at the moment `now` (seconds since 1970); returns whether it was new.
    ///
    /// # Errors
    /// [`EngineError::Feedback`] for an event that cannot have happened or contradicts a known one, [`EngineError::Store`] as
    /// for [`Self::import_feedback`].
    pub async fn take_event(&self, event: FeedbackEvent, now: i64) -> Result<bool, EngineError> {
        let lock = self.store.lock_for_writing().await?;
        let saved = self.store.save_feedback(&lock, &[event], now).await?;
        let refused: Option<FeedbackRefusal> = saved.refused.into_iter().next().map(|(_, refusal)| refusal);
        refused.map_or(Ok(saved.accepted > 0), |refusal| Err(refusal.into()))
    }
}
