//! The databases the suite runs on: SQLite always, PostgreSQL where `DUIJIE_TEST_POSTGRES` names a server's database.
//!
//! Every record has a directory of its own, and on PostgreSQL a schema of its own, dropped with it.

use std::io::Write;
use std::path::Path;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::test_runner::TestCaseError;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;

use crate::store::{Database, Place, Server, Store, WriteLock};

const SERVER: &str = "DUIJIE_TEST_POSTGRES";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backend {
    Sqlite,
    Postgres,
}

/// Makes tests of functions that take a [`Backend`]: one for each database.
macro_rules! on_each_backend {
    ($($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $name() {
                    super::$name($crate::store::tests::backend::Backend::Sqlite).await;
                }
            )*
        }

        mod on_postgres {
            $(
                #[tokio::test]
                async fn $name() {
                    if $crate::store::tests::backend::has_server() {
                        super::$name($crate::store::tests::backend::Backend::Postgres).await;
                    }
                }
            )*
        }
    };
}
pub(super) use on_each_backend;

/// Whether PostgreSQL is tested; if not, says so once.
pub(super) fn has_server() -> bool {
    static SAID: Once = Once::new();
    let given = std::env::var_os(SERVER).is_some();
    if !given {
        // Not by a macro: the test harness would keep it to itself.
        SAID.call_once(|| {
            let _ = writeln!(std::io::stderr(), "the store was NOT tested on PostgreSQL: {SERVER} is not set");
        });
    }
    given
}

/// The server that tests may use, as it is.
pub(super) fn server() -> Server {
    let Database::Server(server) = std::env::var(SERVER).unwrap().parse().unwrap() else { unreachable!() };
    *server
}

/// Where the record of one test is kept.
pub(super) struct Home {
    pub(super) directory: TempDir,
    /// The schema on the server.
    pub(super) schema: Option<String>,
}

impl Backend {
    /// All that are to be tested.
    pub(super) fn all() -> Vec<Self> {
        if has_server() { vec![Self::Sqlite, Self::Postgres] } else { vec![Self::Sqlite] }
    }

    pub(super) async fn home(self) -> Home {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let directory = tempfile::tempdir().unwrap();
        if self == Self::Sqlite {
            return Home { directory, schema: None };
        }
        let schema = format!("duijie_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        on_server(&format!("CREATE SCHEMA {schema}")).await;
        Home { directory, schema: Some(schema) }
    }

    /// An empty record with a place of its own.
    pub(super) async fn record(self) -> (Home, Store, WriteLock) {
        let home = self.home().await;
        let (store, lock) = open(home.place()).await;
        (home, store, lock)
    }
}

pub(super) async fn open(place: Place) -> (Store, WriteLock) {
    let store = Store::open(place).await.unwrap();
    let lock = store.lock_for_writing().await.unwrap();
    (store, lock)
}

impl Home {
    pub(super) fn place(&self) -> Place {
        place(self.directory.path(), self.schema.as_deref())
    }
}

/// The place of a directory and, if one is given, a schema on the server.
pub(super) fn place(directory: &Path, schema: Option<&str>) -> Place {
    let Some(schema) = schema else { return Place::from(directory) };
    let options = server().options.options([("search_path", schema)]);
    Place { directory: directory.to_owned(), database: Database::Server(Box::new(Server { options })) }
}

impl Drop for Home {
    fn drop(&mut self) {
        let Some(schema) = self.schema.take() else { return };
        let clean = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(on_server(&format!("SET lock_timeout = '5s'; DROP SCHEMA {schema} CASCADE")));
        };
        // A runtime cannot wait for another in its own thread.
        let _ = std::thread::spawn(clean).join();
    }
}

/// Runs statements on the server, outside of any record.
pub(super) async fn on_server(statements: &str) {
    let mut connection = server().options.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Tries a rule on every database.
pub(super) fn on_all(rule: impl AsyncFn(Backend) -> Result<(), TestCaseError>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    Backend::all().into_iter().try_for_each(|backend| runtime.block_on(rule(backend)))
}
