//! What licences of an industry cost, by the tables that were imported.

use std::collections::BTreeMap;

use super::pool::Session;
use super::rows::{CHUNK, from_body, to_body};
use super::statement::{Statement, Value};
use super::{Saved, Store, StoreError, WriteLock};
use crate::domain::IndustryFees;

const WORD: &str = "industry_fee";

const INSERT: &str = "INSERT INTO industry_fee (industry, year, source, body) ";

const OR_UPDATE: &str = " ON CONFLICT (industry, year, source) DO UPDATE SET body = excluded.body";

const SELECT: &str = "SELECT industry, body FROM industry_fee ORDER BY industry, year DESC, source";

const SELECT_OF: &str = "SELECT industry, body FROM industry_fee WHERE industry IN ";

const IN_ORDER: &str = " ORDER BY industry, year DESC, source";

impl Store {
    /// Saves rows in one transaction; a row takes the place of one of its industry, year and source.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing is saved.
    pub async fn save_industry_fees(&self, lock: &WriteLock, fees: &[IndustryFees]) -> Result<Saved, StoreError> {
        let mut transaction = self.begin(lock).await?;
        // Of several rows with one key the last holds, as if they had come one by one.
        let rows: BTreeMap<_, _> =
            fees.iter().map(|row| ((row.industry.as_str(), row.year, &row.source), row)).collect();
        let known: Vec<(String, String)> = transaction.rows(Statement::new(SELECT)).await?;
        let mut before = BTreeMap::new();
        for (industry, body) in known {
            let row: IndustryFees = from_body(WORD, industry, &body)?;
            before.insert((row.industry.as_str().to_owned(), row.year, row.source.clone()), row);
        }
        let was = |row: &IndustryFees| before.get(&(row.industry.as_str().to_owned(), row.year, row.source.clone()));
        let changed: Vec<&IndustryFees> = rows.into_values().filter(|row| was(row) != Some(*row)).collect();
        let added = changed.iter().filter(|row| was(row).is_none()).count();
        for chunk in changed.chunks(CHUNK) {
            let mut values = Vec::with_capacity(chunk.len());
            for row in chunk {
                let body = to_body(WORD, row.industry.as_str(), row)?;
                let key = [Value::from(row.industry.as_str()), Value::from(i64::from(row.year))];
                let [industry, year] = key;
                values.push([industry, year, Value::from(row.source.as_str()), Value::from(body)]);
            }
            transaction.run(Statement::new(INSERT).rows(values).push(OR_UPDATE)).await?;
        }
        transaction.commit().await?;
        Ok(Saved { added, changed: changed.len() - added, unchanged: fees.len() - changed.len() })
    }

    /// The rows of these industries, by code, then the latest first; all there are of none.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when one cannot be read, else as for every read.
    pub async fn industry_fees(&self, industries: &[&str]) -> Result<Vec<IndustryFees>, StoreError> {
        let select = match industries {
            [] => Statement::new(SELECT),
            some => Statement::new(SELECT_OF).list(some.iter().copied()).push(IN_ORDER),
        };
        let rows: Vec<(String, String)> = self.rows(select).await?;
        rows.into_iter().map(|(industry, body)| from_body(WORD, industry, &body)).collect()
    }
}
