//! One writer at a time for a database of a server, whichever machines write: PostgreSQL's advisory locks.
//!
//! The lock of a writing process is held by a connection of its own, so that the server drops it when the process dies.
//! Should that connection alone be lost, another process may come to write; [`ServerLock::guard`] is how a transaction
//! makes sure that it is still this one.

use std::fmt;
use std::time::Duration;

use sqlx::{ConnectOptions, FromRow, PgConnection};

use super::database::Server;
use super::error::Within;
use super::server_error::ServerError;
use super::statement::Statement;
use super::{Store, StoreError};

/// A kind of lock: a number of our own, beside the number PostgreSQL makes of the schema's name.
pub(super) struct Kind(i64);

/// Held by a process as long as it may write.
const WRITING: Kind = Kind(0x6475_6a69);
/// Held by each writing transaction until it ends.
const TRANSACTION: Kind = Kind(0x6475_6a6a);
/// Held while the schema is brought up to date.
pub(super) const MIGRATING: Kind = Kind(0x6475_6a6b);

const TRY: &str = "SELECT pg_try_advisory_lock(CAST($1 AS INTEGER), hashtext(current_schema())), pg_backend_pid()";

const HOLD: &str = "SELECT pg_advisory_xact_lock(CAST($1 AS INTEGER), hashtext(current_schema()))";

const HOLDER: &str = "SELECT held.pid, activity.application_name FROM pg_locks AS held \
     LEFT JOIN pg_stat_activity AS activity ON activity.pid = held.pid \
     WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2 \
     AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
     AND CAST(held.classid AS BIGINT) = $1 \
     AND CAST(held.objid AS BIGINT) = (CAST(hashtext(current_schema()) AS BIGINT) & 4294967295)";

/// Tries for a lock that is held, and the pause before each: the server frees the lock of a process that has ended only
/// when it notices.
const TRIES: usize = 5;
const PAUSE: Duration = Duration::from_millis(100);

/// Who holds a lock, as the server tells it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LockHolder {
    /// The server's process for it.
    pub pid: i32,
    /// What the program calls itself, normally `duijie` and its process id; `None` when it is not shown to us.
    pub application_name: Option<String>,
}

impl fmt::Display for LockHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.application_name.as_deref().filter(|name| !name.is_empty());
        write!(f, "{}, backend {}", name.unwrap_or("?"), self.pid)
    }
}

/// The right to write to one database of a server; released on drop.
#[derive(Debug)]
pub(super) struct ServerLock {
    /// Held open: closing it releases the lock.
    _connection: PgConnection,
    /// The server's process for the connection.
    pid: i32,
}

impl Kind {
    /// Waits for the lock and holds it until the transaction ends.
    pub(super) async fn hold(&self, transaction: &mut PgConnection) -> sqlx::Result<()> {
        Statement::new(HOLD).bind(self.0).execute(transaction).await.map(|_| ())
    }

    async fn holder(&self, connection: &mut PgConnection) -> sqlx::Result<Option<LockHolder>> {
        Ok(Statement::new(HOLDER).bind(self.0).fetch(connection).await?.pop())
    }
}

impl ServerLock {
    /// Takes the lock; gives up after half a second.
    pub(super) async fn take(store: &Store, server: &Server) -> Result<Self, StoreError> {
        let mut connection = server.options.connect().await.within(store)?;
        let mut holder = None;
        for attempt in 0..TRIES {
            if attempt > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            let tried = Statement::new(TRY).bind(WRITING.0).fetch::<_, (bool, i32)>(&mut connection).await;
            if let Some((true, pid)) = tried.within(store)?.pop() {
                return Ok(Self { _connection: connection, pid });
            }
            holder = WRITING.holder(&mut connection).await.within(store)?;
        }
        Err(ServerError::Locked { database: store.database_name(), holder }.into())
    }

    /// Keeps every other writer from writing until the transaction ends, if the lock is still held.
    pub(super) async fn guard(&self, store: &Store, transaction: &mut PgConnection) -> Result<(), StoreError> {
        // A writer that lost its lock may still be at its last transaction: it ends before ours looks at anything.
        TRANSACTION.hold(transaction).await.within(store)?;
        match WRITING.holder(transaction).await.within(store)? {
            Some(holder) if holder.pid == self.pid => Ok(()),
            _ => Err(ServerError::LockLost { database: store.database_name() }.into()),
        }
    }
}
