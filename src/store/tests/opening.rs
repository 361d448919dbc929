use super::backend::{Backend, on_each_backend, open};
use super::example::full;
use crate::domain::Notice;
use crate::store::statement::Statement;
use crate::store::{Place, Store, StoreError};

on_each_backend!(
    an_empty_record_is_not_opened_as_existing_and_its_directory_stays_empty,
    what_was_saved_is_there_after_reopening,
    a_database_of_a_newer_version_is_refused,
    several_may_open_a_new_record_at_once,
    readers_see_the_state_before_while_another_writes,
);

#[tokio::test]
async fn opening_creates_the_directory_for_its_owner_alone() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("数据 目录?a=1#%20").join("里");
    let (store, lock) = open(Place::from(&directory)).await;
    store.save_listings(&lock, &[full(1)]).await.unwrap();
    assert!(directory.join("duijie.sqlite").is_file());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

async fn an_empty_record_is_not_opened_as_existing_and_its_directory_stays_empty(backend: Backend) {
    let home = backend.home().await;
    let error = Store::open_existing(home.place()).await.unwrap_err();
    assert!(matches!(error, StoreError::Absent { .. }));
    assert!(error.to_string().contains("duijie import") && error.chinese().contains("duijie import"));
    assert_eq!(std::fs::read_dir(home.directory.path()).unwrap().count(), 0);
}

async fn what_was_saved_is_there_after_reopening(backend: Backend) {
    let (home, store, lock) = backend.record().await;
    store.save_listings(&lock, &[full(1)]).await.unwrap();
    store.close().await;
    let reopened = Store::open_existing(home.place()).await.unwrap();
    assert_eq!(reopened.listing(&full(1).id).await.unwrap(), Some(full(1)));
    assert_eq!(reopened.listing_revision().await.unwrap(), 1);
}

async fn a_database_of_a_newer_version_is_refused(backend: Backend) {
    let (home, store, _lock) = backend.record().await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, $1, 0)";
    store.run(Statement::new(later).bind(&[0_u8][..])).await.unwrap();
    let error = Store::open(home.place()).await.unwrap_err();
    assert!(matches!(error, StoreError::NewerVersion { found: 9999, known: 4.., .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_gives_a_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("duijie.sqlite"), "不是数据库".repeat(1000)).unwrap();
    let error = Store::open(directory.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
    assert!(error.to_string().contains("duijie.sqlite"));
}

#[tokio::test]
async fn a_file_in_place_of_the_directory_gives_a_clear_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = Store::open(file.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Directory { .. }), "{error}");
}

async fn several_may_open_a_new_record_at_once(backend: Backend) {
    let home = backend.home().await;
    let opening = (0..6).map(|_| home.place());
    let opening = opening.map(|place| {
        // Each in a thread of its own.
        std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { Store::open(place).await?.identity().await }).unwrap()
        })
    });
    let words = opening.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>();
    assert!(words.windows(2).all(|pair| pair[0] == pair[1]), "one record: {words:?}");
}

async fn readers_see_the_state_before_while_another_writes(backend: Backend) {
    let (home, store, lock) = backend.record().await;
    store.save_listings(&lock, &[full(1)]).await.unwrap();
    let mut transaction = store.begin(&lock).await.unwrap();
    transaction.run(Statement::new("UPDATE listing SET body = NULL, removed = TRUE")).await.unwrap();
    let reader = Store::open_existing(home.place()).await.unwrap();
    assert_eq!(reader.listing_count().await.unwrap(), 1);
    assert!(matches!(reader.lock_for_writing().await, Err(StoreError::Locked { .. })));
    drop(transaction);
    // A dropped transaction is rolled back behind our back; its place cannot be cleared away before.
    store.close().await;
}
