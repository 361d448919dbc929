//! What only a server can do wrong. Each test passes without one.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::backend::{Backend, has_server, on_server, open, place, server};
use super::example::full;
use crate::domain::Notice;
use crate::store::statement::Statement;
use crate::store::{Database, Place, Server, ServerError, Store, StoreError};

fn database(change: impl Fn(PgConnectOptions) -> PgConnectOptions) -> (tempfile::TempDir, Place) {
    let directory = tempfile::tempdir().unwrap();
    let options = change(server().options);
    let place =
        Place { directory: directory.path().to_owned(), database: Database::Server(Box::new(Server { options })) };
    (directory, place)
}

async fn refusal(change: impl Fn(PgConnectOptions) -> PgConnectOptions) -> ServerError {
    let (_directory, place) = database(change);
    match Store::open(place).await {
        Err(StoreError::Server(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_at_once() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let Database::Server(server) = format!("postgres://u:secret@127.0.0.1:{port}/patents").parse().unwrap() else {
        unreachable!()
    };
    let directory = tempfile::tempdir().unwrap();
    let place = Place { directory: directory.path().to_owned(), database: Database::Server(server) };
    let opened = tokio::time::timeout(Duration::from_secs(5), Store::open(place)).await.unwrap();
    let error = opened.unwrap_err();
    assert!(matches!(error, StoreError::Server(ServerError::Unreachable { .. })), "{error}");
    let (english, chinese) = (error.to_string(), error.chinese());
    assert!(english.contains(&format!("127.0.0.1:{port}/patents")) && chinese.contains("没有应答"), "{english}");
    assert!(!format!("{english}{chinese}{error:?}").contains("secret"));
}

#[tokio::test]
async fn a_login_that_is_refused_is_told_from_a_server_that_is_not_there() {
    if has_server() {
        let nobody = refusal(|options| options.username("duijie_nobody")).await;
        assert!(matches!(nobody, ServerError::Refused { .. }), "{nobody}");
        let nowhere = refusal(|options| options.database("duijie_nowhere")).await;
        assert!(matches!(nowhere, ServerError::Refused { .. }), "{nowhere}");
    }
}

#[tokio::test]
async fn a_schema_that_is_not_there_is_no_place_to_write() {
    if has_server() {
        let (_directory, place) = database(|options| options.options([("search_path", "duijie_nowhere")]));
        let error = Store::open(place).await.unwrap_err();
        assert!(matches!(error, StoreError::Open { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_text_is_refused() {
    if has_server() {
        let name = format!("duijie_latin_{}", std::process::id());
        on_server(&format!(
            "CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER libc"
        ))
        .await;
        let error = refusal(|options| options.database(&name)).await;
        on_server(&format!("DROP DATABASE {name}")).await;
        assert!(matches!(&error, ServerError::Encoding { found, .. } if found == "LATIN1"), "{error}");
    }
}

#[tokio::test]
async fn of_two_machines_one_writes_and_both_read() {
    if has_server() {
        let (home, store, lock) = Backend::Postgres.record().await;
        store.save_listings(&lock, &[full(1)]).await.unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let other = place(elsewhere.path(), home.schema.as_deref());
        let other = Store::open_existing(other).await.unwrap();
        assert_eq!(other.listing_count().await.unwrap(), 1);
        let error = other.lock_for_writing().await.unwrap_err();
        let StoreError::Server(ServerError::Locked { holder: Some(holder), .. }) = &error else { panic!("{error}") };
        assert_eq!(holder.application_name, Some(format!("duijie {}", std::process::id())));
        assert!(error.to_string().contains(&holder.to_string()) && error.chinese().contains(&holder.to_string()));
        drop(other.lock_files().expect("its own files it may change"));
        drop(lock);
        other.lock_for_writing().await.unwrap();
    }
}

#[tokio::test]
async fn records_in_two_schemas_do_not_keep_each_other_from_writing() {
    if has_server() {
        let (_one, _store, _lock) = Backend::Postgres.record().await;
        let (_two, other, lock) = Backend::Postgres.record().await;
        other.save_listings(&lock, &[full(1)]).await.unwrap();
    }
}

/// Ends every connection of this record, as a server does that goes down.
async fn disconnect(schema: &str) {
    let mut connection = server().options.connect().await.unwrap();
    let text = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'of {schema}'");
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_connection_lost_midway_loses_nothing_acknowledged_and_the_right_to_write() {
    if has_server() {
        let home = Backend::Postgres.home().await;
        let schema = home.schema.clone().unwrap();
        let mut place = home.place();
        if let Database::Server(server) = &mut place.database {
            server.options = server.options.clone().application_name(&format!("of {schema}"));
        }
        let (store, lock) = open(place).await;
        store.save_listings(&lock, &[full(1)]).await.unwrap();
        let mut transaction = store.begin(&lock).await.unwrap();
        disconnect(&schema).await;
        let error = transaction.run(Statement::new("DELETE FROM listing")).await.unwrap_err();
        assert!(matches!(error, StoreError::Server(ServerError::Unreachable { .. })), "{error}");
        drop(transaction);
        // The pool has connected anew, but another process may have come to write.
        assert_eq!(store.listing_count().await.unwrap(), 1);
        let error = store.save_listings(&lock, &[full(2)]).await.unwrap_err();
        assert!(matches!(error, StoreError::Server(ServerError::LockLost { .. })), "{error}");
        drop(lock);
        let lock = store.lock_for_writing().await.unwrap();
        assert_eq!(store.save_listings(&lock, &[full(2)]).await.unwrap().added, 1);
    }
}
