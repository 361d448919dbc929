//! PostgreSQL: which servers and databases will do, and by how many connections they are used.

use std::time::Duration;

use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::database::Server;
use super::error::Within;
use super::server_error::ServerError;
use super::statement::Statement;
use super::{Store, StoreError};

/// The oldest server the record is tested on.
const OLDEST: u32 = 15;

const ENCODING: &str = "SELECT current_setting('server_encoding')";

/// Connections that are opened when first needed.
pub(super) fn pool(server: &Server) -> PgPool {
    PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(Duration::from_secs(10))
        .connect_lazy_with(server.options.clone())
}

/// Connects once and looks whether the record can be kept there. The pool would wait for a server that is not there and
/// then not say why.
pub(super) async fn check(store: &Store, server: &Server) -> Result<(), StoreError> {
    let mut connection = server.options.connect().await.within(store)?;
    let database = || store.database_name();
    let version = connection.server_version_num().unwrap_or(0);
    if is_too_old(version) {
        return Err(ServerError::Old { database: database(), found: version / 10_000, oldest: OLDEST }.into());
    }
    let encoding = encoding(&mut connection).await.within(store)?;
    if encoding != "UTF8" {
        return Err(ServerError::Encoding { database: database(), found: encoding }.into());
    }
    connection.close().await.within(store)
}

async fn encoding(connection: &mut PgConnection) -> sqlx::Result<String> {
    let rows: Vec<(String,)> = Statement::new(ENCODING).fetch(connection).await?;
    rows.into_iter().next().map(|(name,)| name).ok_or(sqlx::Error::RowNotFound)
}

/// Whether a server is older than what is tested, by the number it gives (150018 is 15.18).
fn is_too_old(version: u32) -> bool {
    version < OLDEST * 10_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_before_15_are_too_old() {
        assert_eq!([0, 90_624, 140_023, 150_000, 180_001].map(is_too_old), [true, true, true, false, false]);
    }
}
