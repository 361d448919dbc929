use super::example::{full, open, record};
use crate::domain::Notice;
use crate::store::{Store, StoreError};

#[tokio::test]
async fn opening_creates_the_directory_for_its_owner_alone() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("数据 目录?a=1#%20").join("里");
    let (store, lock) = open(&directory).await;
    store.save_listings(&lock, &[full(1)]).await.unwrap();
    assert!(directory.join("duijie.sqlite").is_file());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[tokio::test]
async fn an_empty_directory_is_not_opened_as_existing_and_stays_empty() {
    let directory = tempfile::tempdir().unwrap();
    let error = Store::open_existing(directory.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Absent { .. }));
    assert!(error.to_string().contains("duijie import") && error.chinese().contains("duijie import"));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn what_was_saved_is_there_after_reopening() {
    let (directory, store, lock) = record().await;
    store.save_listings(&lock, &[full(1)]).await.unwrap();
    store.close().await;
    let reopened = Store::open_existing(directory.path()).await.unwrap();
    assert_eq!(reopened.listing(&full(1).id).await.unwrap(), Some(full(1)));
    assert_eq!(reopened.listing_revision().await.unwrap(), 1);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let (directory, store, _lock) = record().await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, x'00', 0)";
    sqlx::query(later).execute(&store.pool).await.unwrap();
    let error = Store::open(directory.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::NewerVersion { found: 9999, known: 3, .. }), "{error}");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_may_open_a_new_record_at_once() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("new");
    let opening = (0..6).map(|_| directory.clone()).map(|path| tokio::spawn(async move { Store::open(&path).await }));
    for opened in opening.collect::<Vec<_>>() {
        opened.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn readers_see_the_state_before_while_another_writes() {
    let (directory, store, lock) = record().await;
    store.save_listings(&lock, &[full(1)]).await.unwrap();
    let mut transaction = store.begin(&lock).await.unwrap();
    sqlx::query("UPDATE listing SET body = NULL, removed = TRUE").execute(&mut *transaction).await.unwrap();
    let reader = Store::open_existing(directory.path()).await.unwrap();
    assert_eq!(reader.listing_count().await.unwrap(), 1);
    assert!(matches!(reader.lock_for_writing(), Err(StoreError::Locked { .. })));
}
