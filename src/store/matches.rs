//! What matching found: one run at a time, and the list of each enterprise.

use super::rows::{CHUNK, from_body, sql_limit, to_body};
use super::statement::{Statement, Value};
use super::{Store, StoreError, WriteLock};
use crate::domain::{Date, EnterpriseId, ListingId, Score};

const SELECT_RUN: &str = "SELECT basis, listing_revision, enterprise_revision, today, list_length, done_after, finished \
     FROM match_run WHERE name = 'all'";

const SAVE_RUN: &str = "INSERT INTO match_run (name, basis, listing_revision, enterprise_revision, today, list_length, \
     done_after, finished) VALUES ('all', $1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET \
     basis = excluded.basis, listing_revision = excluded.listing_revision, \
     enterprise_revision = excluded.enterprise_revision, today = excluded.today, \
     list_length = excluded.list_length, done_after = excluded.done_after, finished = excluded.finished";

const INSERT: &str = "INSERT INTO match_list (enterprise_id, seeker, request, complete, body) ";

const OR_UPDATE: &str = " ON CONFLICT (enterprise_id) DO UPDATE SET seeker = excluded.seeker, \
     request = excluded.request, complete = excluded.complete, body = excluded.body";

const UPDATE: &str = "UPDATE match_list SET complete = $1, body = $2 WHERE enterprise_id = $3";

const SELECT_PAGE: &str = "SELECT enterprise_id, seeker, request, complete, body FROM match_list \
     WHERE enterprise_id > $1 ORDER BY enterprise_id LIMIT $2";

const SELECT_NAMES: &str = "SELECT enterprise_id, name FROM enterprise WHERE enterprise_id IN ";

/// What a run matched, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchRun {
    /// What its scores rest on.
    pub basis: String,
    /// The listings' revision it matched.
    pub listing_revision: i64,
    /// The enterprises' revision it matched.
    pub enterprise_revision: i64,
    /// The day for which it was matched.
    pub today: Date,
    /// How many listings an enterprise gets at most.
    pub list_length: usize,
    /// The last enterprise done, in the order of ids; `None` before the first.
    pub done_after: Option<EnterpriseId>,
    /// Whether all are done.
    pub finished: bool,
}

/// What an enterprise asks, and the listings that fit it best.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchList {
    /// The enterprise.
    pub enterprise: EnterpriseId,
    /// Who it is to ranking, as JSON.
    pub seeker: String,
    /// What it asks of the catalogue, as bytes.
    pub request: Vec<u8>,
    /// Whether no other listing fits it at all; else those not named come behind the last one.
    pub complete: bool,
    /// Best first.
    pub listings: Vec<(ListingId, Score)>,
}

impl Store {
    /// The run that was last finished or begun; `None` before the first.
    ///
    /// # Errors
    /// As for every read.
    pub async fn match_run(&self) -> Result<Option<MatchRun>, StoreError> {
        type Row = (String, i64, i64, String, i64, Option<String>, bool);
        let mut rows: Vec<Row> = self.rows(Statement::new(SELECT_RUN)).await?;
        let run = rows.pop();
        run.map(|(basis, listing_revision, enterprise_revision, today, length, done_after, finished)| {
            Ok(MatchRun {
                basis,
                listing_revision,
                enterprise_revision,
                today: from_body("match_run", "today".to_owned(), &format!("\"{today}\""))?,
                list_length: usize::try_from(length).unwrap_or(0),
                done_after: done_after.map(|id| EnterpriseId::from_known(&id)),
                finished,
            })
        })
        .transpose()
    }

    /// Saves lists and how far the run has come, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing of it is saved.
    pub async fn save_matches(&self, lock: &WriteLock, run: &MatchRun, lists: &[MatchList]) -> Result<(), StoreError> {
        let mut transaction = self.begin(lock).await?;
        for chunk in lists.chunks(CHUNK) {
            transaction.run(upsert(chunk)?).await?;
        }
        let length = sql_limit(run.list_length);
        let save = Statement::new(SAVE_RUN)
            .bind(run.basis.as_str())
            .bind(run.listing_revision)
            .bind(run.enterprise_revision)
            .bind(run.today.to_string())
            .bind(length)
            .bind(run.done_after.as_ref().map(EnterpriseId::as_str))
            .bind(run.finished);
        transaction.run(save).await?;
        transaction.commit().await
    }

    /// Saves lists of enterprises that ask what they asked before, in one transaction.
    ///
    /// # Errors
    /// As [`Store::save_matches`].
    pub async fn adjust_matches(&self, lock: &WriteLock, lists: &[MatchList]) -> Result<(), StoreError> {
        let mut transaction = self.begin(lock).await?;
        for list in lists {
            let id = list.enterprise.as_str();
            let body = to_body("match_list", id, &list.listings)?;
            transaction.run(Statement::new(UPDATE).bind(list.complete).bind(body).bind(id)).await?;
        }
        transaction.commit().await
    }

    /// A page of at most `limit` lists in the order of enterprise ids, behind the id `after`.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when a list cannot be read, else as for every read.
    pub async fn match_lists(&self, after: Option<&EnterpriseId>, limit: usize) -> Result<Vec<MatchList>, StoreError> {
        let after = after.map_or("", EnterpriseId::as_str);
        type Row = (String, String, Vec<u8>, bool, String);
        let select = Statement::new(SELECT_PAGE).bind(after).bind(sql_limit(limit));
        let rows: Vec<Row> = self.rows(select).await?;
        let list = |(id, seeker, request, complete, body): Row| {
            let enterprise = EnterpriseId::from_known(&id);
            Ok(MatchList { enterprise, seeker, request, complete, listings: from_body("match_list", id, &body)? })
        };
        rows.into_iter().map(list).collect()
    }

    /// The names of some enterprises, by id.
    ///
    /// # Errors
    /// As for every read.
    pub async fn enterprise_names(&self, ids: &[&EnterpriseId]) -> Result<Vec<(EnterpriseId, String)>, StoreError> {
        let texts: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        let mut names = Vec::with_capacity(ids.len());
        for chunk in texts.chunks(CHUNK) {
            let select = Statement::new(SELECT_NAMES).list(chunk.iter().copied());
            let rows: Vec<(String, String)> = self.rows(select).await?;
            names.extend(rows.into_iter().map(|(id, name)| (EnterpriseId::from_known(&id), name)));
        }
        Ok(names)
    }
}

fn upsert(lists: &[MatchList]) -> Result<Statement, StoreError> {
    let row = |list: &MatchList| {
        Ok([
            Value::from(list.enterprise.as_str()),
            list.seeker.as_str().into(),
            list.request.as_slice().into(),
            list.complete.into(),
            to_body("match_list", list.enterprise.as_str(), &list.listings)?.into(),
        ])
    };
    let rows = lists.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Statement::new(INSERT).rows(rows).push(OR_UPDATE))
}
