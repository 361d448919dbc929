//! Requests by their client's key, so that one sent again is answered as before and not carried out twice.

use super::statement::Statement;
use super::{Store, StoreError};

const BEGIN: &str = "INSERT INTO answered_once (login, idempotency_key, request, begun_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (login, idempotency_key) DO UPDATE SET begun_at = excluded.begun_at \
     WHERE answered_once.status IS NULL AND answered_once.request = excluded.request AND answered_once.begun_at < $5";

const SELECT: &str = "SELECT request, status, body FROM answered_once WHERE login = $1 AND idempotency_key = $2";

const END: &str = "UPDATE answered_once SET status = $3, body = $4 WHERE login = $1 AND idempotency_key = $2";

const FORGET: &str = "DELETE FROM answered_once WHERE login = $1 AND idempotency_key = $2";

const FORGET_OLD: &str = "DELETE FROM answered_once WHERE begun_at < $1";

/// What is known of a request under a client's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Once {
    /// Nothing: it is to be carried out, and answered with [`Store::end_once`].
    New,
    /// It was carried out.
    Answered {
        /// The HTTP status.
        status: i64,
        /// The answer's body.
        body: String,
    },
    /// It is being carried out.
    Running,
    /// The key was used for something else.
    Another,
}

impl Store {
    /// Begins a request under a key, unless it was begun before. One that was begun before `given_up` and not answered has
    /// died with its server: it begins anew.
    ///
    /// # Errors
    /// As for every write.
    pub async fn begin_once(
        &self,
        (login, key): (&str, &str),
        request: &str,
        now: i64,
        given_up: i64,
    ) -> Result<Once, StoreError> {
        let begin = Statement::new(BEGIN).bind(login).bind(key).bind(request).bind(now).bind(given_up);
        if self.run(begin).await? > 0 {
            return Ok(Once::New);
        }
        let rows: Vec<(String, Option<i64>, Option<String>)> =
            self.rows(Statement::new(SELECT).bind(login).bind(key)).await?;
        Ok(match rows.into_iter().next() {
            Some((known, _, _)) if known != request => Once::Another,
            Some((_, Some(status), body)) => Once::Answered { status, body: body.unwrap_or_default() },
            // Gone in between: whoever asks again finds it free.
            Some((_, None, _)) | None => Once::Running,
        })
    }

    /// Keeps what a request was answered.
    ///
    /// # Errors
    /// As for every write.
    pub async fn end_once(&self, (login, key): (&str, &str), status: i64, body: &str) -> Result<(), StoreError> {
        self.run(Statement::new(END).bind(login).bind(key).bind(status).bind(body)).await?;
        Ok(())
    }

    /// Forgets a request that changed nothing: its key is free.
    ///
    /// # Errors
    /// As for every write.
    pub async fn forget_once(&self, (login, key): (&str, &str)) -> Result<(), StoreError> {
        self.run(Statement::new(FORGET).bind(login).bind(key)).await?;
        Ok(())
    }

    /// Forgets requests begun before a moment; returns how many.
    ///
    /// # Errors
    /// As for every write.
    pub async fn forget_answers(&self, before: i64) -> Result<u64, StoreError> {
        self.run(Statement::new(FORGET_OLD).bind(before)).await
    }
}
