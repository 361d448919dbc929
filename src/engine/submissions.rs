//! Listings as their holders hand them in: rows of a file, or one as a JSON object.

use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value};

use super::import::keep;
use super::lives::changed;
use super::refused_rows::RefusedRows;
use super::{Engine, EngineError, LifeReport, Problem};
use crate::domain::{Actor, Life, LifeRefusal, LifeStep, Listing, ListingId, Moment, Notice};
use crate::ingest;
use crate::store::WriteLock;

/// What became of the listings a holder handed in.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SubmissionReport {
    /// The file's name.
    pub file: String,
    /// Rows read.
    pub read: u64,
    /// The listings taken, in the order of the rows.
    pub taken: Vec<ListingId>,
    /// Rows refused.
    pub rejected: u64,
    /// Why, word for word.
    pub rejections: Vec<Problem>,
    /// Values left out of rows that were taken.
    pub warnings: Vec<Problem>,
}

impl Engine {
    /// Takes the listings of a file as their holder writes (`hand_in` false) or hands them in. Each row stands for itself:
    /// those that cannot be taken come back, the others are kept.
    ///
    /// # Errors
    /// [`EngineError::Ingest`] if the file cannot be read at all, else as [`Self::take_step`].
    pub async fn submit_listings(
        &self,
        path: &Path,
        holder: &Actor,
        hand_in: bool,
        at: Moment,
    ) -> Result<SubmissionReport, EngineError> {
        let lock = self.writing().await?;
        let records = ingest::open_listings(path)?;
        let mut report = SubmissionReport { file: records.file_name().to_owned(), ..SubmissionReport::default() };
        for row in records {
            report.read += 1;
            let warnings: Vec<Problem> = row.warnings.iter().map(Problem::from).collect();
            let refused = match row.outcome {
                Ok(listing) => match self.submit(&lock, listing, holder, hand_in, at).await {
                    Ok(id) => {
                        keep(&mut report.warnings, &warnings);
                        report.taken.push(id);
                        continue;
                    }
                    Err(EngineError::Life(refusal)) => vec![problem(&report.file, row.number, &refusal)],
                    Err(error) => return Err(error),
                },
                Err(rejections) => rejections.iter().map(Problem::from).collect(),
            };
            report.rejected += 1;
            keep(&mut report.rejections, &refused);
        }
        self.catch_up(lock.files(), &|_| ()).await?;
        Ok(report)
    }

    /// Takes one listing that comes as a JSON object with the members a file has columns.
    ///
    /// # Errors
    /// [`EngineError::Rows`] with everything that cannot be read, members that mean nothing to us included: nobody would
    /// see that they were left out. Else as [`Self::submit_listings`].
    pub async fn submit_listing(
        &self,
        object: Map<String, Value>,
        holder: &Actor,
        hand_in: bool,
        at: Moment,
    ) -> Result<LifeReport, EngineError> {
        let listing = RefusedRows::or_taken(ingest::listing_of(object))?;
        let lock = self.writing().await?;
        let id = self.submit(&lock, listing, holder, hand_in, at).await?;
        self.catch_up(lock.files(), &|_| ()).await?;
        self.life(id.as_str()).await
    }

    async fn submit(
        &self,
        lock: &WriteLock,
        given: Listing,
        holder: &Actor,
        hand_in: bool,
        at: Moment,
    ) -> Result<ListingId, EngineError> {
        let known = match given.patent.application_number.as_ref().map(|number| number.as_str().to_owned()) {
            Some(number) => self.by_number(number).await?,
            None => self.store.listing(&given.id).await?,
        };
        let life = match &known {
            Some(known) => self.life_of(&known.id).await?,
            None => Life::default(),
        };
        let given = Box::new(given);
        let step = if hand_in { LifeStep::Submit(given) } else { LifeStep::Write(given) };
        let change = changed(known, &life, &step, holder, at)?;
        let id = change.listing.id.clone();
        self.store.change_lives(lock, &[change]).await?;
        Ok(id)
    }
}

fn problem(file: &str, row: u64, refusal: &LifeRefusal) -> Problem {
    Problem {
        row: Some(row),
        column: None,
        code: refusal.code().to_owned(),
        message: format!("{file} 第{row}行：{}", refusal.chinese()),
        message_en: format!("{file} row {row}: {refusal}"),
    }
}
