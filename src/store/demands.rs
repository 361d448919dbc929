//! Needs that were made public, numbered from 1.

use super::audit;
use super::enterprises::put_in_place;
use super::rows::{from_body, sql_limit, take_revisions, to_body};
use super::statement::Statement;
use super::{Store, StoreError, WriteLock};
use crate::domain::{AuditEntry, Demand, Enterprise, EnterpriseId};

/// What the trail and `revision` call them.
const WORD: &str = "demand";

const INSERT: &str = "INSERT INTO demand (number, enterprise_id, is_open, body) VALUES ($1, $2, $3, $4)";

const UPDATE: &str = "UPDATE demand SET is_open = $2, body = $3 WHERE number = $1";

const ONE: &str = "SELECT number, body FROM demand WHERE number = $1";

const OPEN: &str = "SELECT number, body FROM demand WHERE is_open = 1 AND number < $1 ORDER BY number DESC LIMIT $2";

const OF_ENTERPRISE: &str = "SELECT number, body FROM demand WHERE enterprise_id = $1 AND number < $2 \
     ORDER BY number DESC LIMIT $3";

impl Store {
    /// Keeps a new need with the entry made of its number, and the record of its enterprise where that changes with it;
    /// returns the number.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing is saved.
    pub async fn add_demand(
        &self,
        lock: &WriteLock,
        demand: &Demand,
        enterprise: Option<&Enterprise>,
        entry: impl FnOnce(i64) -> AuditEntry,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.begin(lock).await?;
        if let Some(enterprise) = enterprise {
            put_in_place(&mut transaction, enterprise).await?;
        }
        let number = take_revisions(&mut transaction, WORD, 1).await?;
        let demand = Demand { number, ..demand.clone() };
        let insert = Statement::new(INSERT).bind(number).bind(demand.enterprise.as_str()).bind(is_open(&demand));
        transaction.run(insert.bind(to_body(WORD, &number.to_string(), &demand)?)).await?;
        audit::append(&mut transaction, &[entry(number)]).await?;
        transaction.commit().await?;
        Ok(number)
    }

    /// Changes a need and keeps the entry.
    ///
    /// # Errors
    /// As [`Store::add_demand`].
    pub async fn change_demand(&self, lock: &WriteLock, demand: &Demand, entry: AuditEntry) -> Result<(), StoreError> {
        let mut transaction = self.begin(lock).await?;
        let body = to_body(WORD, &demand.number.to_string(), demand)?;
        transaction.run(Statement::new(UPDATE).bind(demand.number).bind(is_open(demand)).bind(body)).await?;
        audit::append(&mut transaction, &[entry]).await?;
        transaction.commit().await
    }

    /// The need of a number.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when it cannot be read, else as for every read.
    pub async fn demand(&self, number: i64) -> Result<Option<Demand>, StoreError> {
        Ok(self.demands_of(Statement::new(ONE).bind(number)).await?.pop())
    }

    /// At most `limit` open needs with numbers below one, the newest first.
    ///
    /// # Errors
    /// As [`Store::demand`].
    pub async fn open_demands(&self, before: i64, limit: usize) -> Result<Vec<Demand>, StoreError> {
        self.demands_of(Statement::new(OPEN).bind(before).bind(sql_limit(limit))).await
    }

    /// At most `limit` needs of an enterprise with numbers below one, the newest first, closed ones included.
    ///
    /// # Errors
    /// As [`Store::demand`].
    pub async fn enterprise_demands(
        &self,
        enterprise: &EnterpriseId,
        before: i64,
        limit: usize,
    ) -> Result<Vec<Demand>, StoreError> {
        let select = Statement::new(OF_ENTERPRISE).bind(enterprise.as_str());
        self.demands_of(select.bind(before).bind(sql_limit(limit))).await
    }

    async fn demands_of(&self, select: Statement) -> Result<Vec<Demand>, StoreError> {
        let rows: Vec<(i64, String)> = self.rows(select).await?;
        rows.into_iter().map(|(number, body)| from_body(WORD, number.to_string(), &body)).collect()
    }
}

fn is_open(demand: &Demand) -> i64 {
    i64::from(demand.closed_at.is_none())
}
