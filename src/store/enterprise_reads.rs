//! Reading enterprises: by id, by what a person types, and page by page.

use super::rows::{CHUNK, from_body, sql_limit};
use super::statement::Statement;
use super::{Store, StoreError};
use crate::domain::{CreditCode, Enterprise, EnterpriseId, normalised_name};

const SELECT_BY_ID: &str = "SELECT enterprise_id, body FROM enterprise WHERE enterprise_id = $1";

const SELECT_SOME: &str = "SELECT enterprise_id, body FROM enterprise WHERE enterprise_id IN ";

const SELECT_BY_CODE: &str = "SELECT enterprise_id, body FROM enterprise WHERE credit_code = $1";

const SELECT_BY_NAME: &str = "SELECT enterprise_id, body FROM enterprise WHERE name_key = $1 \
     ORDER BY name, enterprise_id LIMIT 10";

const SELECT_LIKE: &str = "SELECT enterprise_id, body FROM enterprise WHERE name_key LIKE $1 ESCAPE '!' \
     ORDER BY name, enterprise_id LIMIT 10";

const SELECT_PAGE: &str = "SELECT enterprise_id, body FROM enterprise \
     WHERE enterprise_id > $1 ORDER BY enterprise_id LIMIT $2";

const SELECT_CHANGES: &str = "SELECT revision, enterprise_id, body FROM enterprise \
     WHERE revision > $1 ORDER BY revision LIMIT $2";

const LATEST: &str = "SELECT latest FROM revision WHERE aggregate = 'enterprise'";

const COUNT_THROUGH: &str = "SELECT COUNT(*) FROM enterprise WHERE enterprise_id <= $1";

const COUNT: &str = "SELECT COUNT(*) FROM enterprise";

impl Store {
    /// The enterprise of this id.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when its body cannot be read, else as for every read: [`StoreError::Busy`],
    /// [`StoreError::Corrupt`], [`StoreError::Query`].
    pub async fn enterprise(&self, id: &EnterpriseId) -> Result<Option<Enterprise>, StoreError> {
        Ok(self.matching(SELECT_BY_ID, id.as_str()).await?.pop())
    }

    /// The enterprises a text names: the one of this id, else of this credit code, else those of this full name, else
    /// those whose name contains it. At most 10, ordered by name; several mean that the text is not enough.
    ///
    /// # Errors
    /// As [`Store::enterprise`].
    pub async fn find_enterprise(&self, text: &str) -> Result<Vec<Enterprise>, StoreError> {
        let (text, key) = (text.trim(), normalised_name(text));
        let code = text.parse::<CreditCode>().ok();
        let like = if key.is_empty() { String::new() } else { format!("%{}%", escaped(&key)) };
        let code = code.as_ref().map_or("", CreditCode::as_str);
        for (select, wanted) in
            [(SELECT_BY_ID, text), (SELECT_BY_CODE, code), (SELECT_BY_NAME, &key), (SELECT_LIKE, &like)]
        {
            let found = if wanted.is_empty() { Vec::new() } else { self.matching(select, wanted).await? };
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// How many enterprises there are.
    ///
    /// # Errors
    /// As for every read.
    pub async fn enterprise_count(&self) -> Result<u64, StoreError> {
        let count: i64 = self.value(Statement::new(COUNT)).await?;
        Ok(count.unsigned_abs())
    }

    /// How many enterprises there are up to an id, itself included.
    ///
    /// # Errors
    /// As for every read.
    pub async fn enterprise_count_through(&self, id: &EnterpriseId) -> Result<u64, StoreError> {
        let count: i64 = self.value(Statement::new(COUNT_THROUGH).bind(id.as_str())).await?;
        Ok(count.unsigned_abs())
    }

    /// The revision of the latest change of an enterprise; 0 before the first.
    ///
    /// # Errors
    /// As for every read.
    pub async fn enterprise_revision(&self) -> Result<i64, StoreError> {
        self.value(Statement::new(LATEST)).await
    }

    /// At most `limit` enterprises that changed behind revision `after`, with their revisions, oldest first. Each comes
    /// once, as it is now.
    ///
    /// # Errors
    /// As [`Store::enterprise`].
    pub async fn enterprise_changes(&self, after: i64, limit: usize) -> Result<Vec<(i64, Enterprise)>, StoreError> {
        let select = Statement::new(SELECT_CHANGES).bind(after).bind(sql_limit(limit));
        let rows: Vec<(i64, String, String)> = self.rows(select).await?;
        rows.into_iter().map(|(revision, id, body)| Ok((revision, from_body("enterprise", id, &body)?))).collect()
    }

    /// A page of at most `limit` enterprises in the order of their ids, behind the id `after`.
    ///
    /// # Errors
    /// As [`Store::enterprise`].
    pub async fn enterprises(&self, after: Option<EnterpriseId>, limit: usize) -> Result<Vec<Enterprise>, StoreError> {
        let after = after.as_ref().map_or("", EnterpriseId::as_str);
        self.read(Statement::new(SELECT_PAGE).bind(after).bind(sql_limit(limit))).await
    }

    /// Those of some ids that are there, in no order.
    ///
    /// # Errors
    /// As [`Store::enterprise`].
    pub async fn enterprises_of(&self, ids: &[&EnterpriseId]) -> Result<Vec<Enterprise>, StoreError> {
        let texts: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        let mut found = Vec::with_capacity(ids.len());
        for chunk in texts.chunks(CHUNK) {
            found.extend(self.read(Statement::new(SELECT_SOME).list(chunk.iter().copied())).await?);
        }
        Ok(found)
    }

    async fn matching(&self, select: &'static str, text: &str) -> Result<Vec<Enterprise>, StoreError> {
        self.read(Statement::new(select).bind(text)).await
    }

    async fn read(&self, select: Statement) -> Result<Vec<Enterprise>, StoreError> {
        let rows: Vec<(String, String)> = self.rows(select).await?;
        rows.into_iter().map(|(id, body)| from_body("enterprise", id, &body)).collect()
    }
}

/// A text that `LIKE … ESCAPE '!'` takes literally.
fn escaped(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}
