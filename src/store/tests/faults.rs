use super::backend::{Backend, on_each_backend, open};
use super::example::full;
use crate::domain::{Listing, Notice};
use crate::store::pool::Pool;
use crate::store::sqlite;
use crate::store::statement::Statement;
use crate::store::{Store, StoreError};

on_each_backend!(an_unreadable_row_is_named);

#[tokio::test]
async fn a_full_disk_is_named_and_what_was_saved_stays() {
    let (home, store, lock) = Backend::Sqlite.record().await;
    let directory = home.directory.path();
    let (before, rest): (Vec<Listing>, Vec<Listing>) = ((0..20).map(full).collect(), (20..2000).map(full).collect());
    store.save_listings(&lock, &before).await.unwrap();
    // However many tables there are, some room is left.
    let pages: Vec<(i64,)> = store.rows(Statement::new("PRAGMA page_count")).await.unwrap();
    store.close().await;
    let small = sqlite::options(directory).pragma("max_page_count", (pages[0].0 + 20).to_string());
    let store = Store::over(directory, Pool::Sqlite(sqlite::pool(small))).await.unwrap();
    let error = store.save_listings(&lock, &rest).await.unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error}");
    assert!(error.to_string().contains("run the same command again") && error.chinese().contains("已满"));
    // The same connections go on working, in this process and the next.
    assert_eq!(store.listing_count().await.unwrap(), 20);
    assert_eq!(store.save_listings(&lock, &[full(20)]).await.unwrap().added, 1);
    store.close().await;
    drop(lock);
    let (store, lock) = open(home.place()).await;
    assert_eq!(store.save_listings(&lock, &rest).await.unwrap().added, 1979);
    assert_eq!(store.listing_count().await.unwrap(), 2000);
}

async fn an_unreadable_row_is_named(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.save_listings(&lock, &[full(1), full(2)]).await.unwrap();
    let spoil = "UPDATE listing SET body = '{' WHERE listing_id = $1";
    store.run(Statement::new(spoil).bind(full(2).id.as_str())).await.unwrap();
    let error = store.all_listings(None, 10).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::CorruptRow { table: "listing", id, .. } if id == full(2).id.as_str()),
        "{error}"
    );
    assert_eq!(store.listing(&full(1).id).await.unwrap(), Some(full(1)));
}

#[tokio::test]
async fn a_damaged_file_is_named() {
    let (home, store, lock) = Backend::Sqlite.record().await;
    let directory = home.directory.path();
    store.save_listings(&lock, &(0..200).map(full).collect::<Vec<_>>()).await.unwrap();
    store.close().await;
    let file = directory.join("duijie.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[4096..].fill(0x5a);
    std::fs::write(&file, bytes).unwrap();
    let error = match Store::open(home.place()).await {
        Ok(store) => store.all_listings(None, 500).await.unwrap_err(),
        Err(error) => error,
    };
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
}

#[tokio::test]
async fn a_transaction_sqlite_ended_by_itself_does_not_spoil_its_connection() {
    let (_home, store, lock) = Backend::Sqlite.record().await;
    for serial in 0..4 {
        // What SQLite does when a write finds no space.
        let mut transaction = store.begin(&lock).await.unwrap();
        transaction.run(Statement::new("ROLLBACK")).await.unwrap();
        drop(transaction);
        assert_eq!(store.save_listings(&lock, &[full(serial)]).await.unwrap().added, 1);
    }
}
