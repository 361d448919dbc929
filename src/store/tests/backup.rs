use std::path::Path;

use super::backend::{Backend, has_server, open};
use super::example::{full, patent};
use crate::domain::Notice;
use crate::store::{BackupError, Place, Store, StoreError, restore_backup, schema, verify_backup};

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).filter(|n| n != "write.lock").collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_made_between_two_batches_holds_the_first_and_restores_it() {
    let (home, store, lock) = Backend::Sqlite.record().await;
    store.save_listings(&lock, &[full(1), full(2)]).await.unwrap();
    let word = store.identity().await.unwrap();
    let file = home.directory.path().join("备份 1.sqlite");
    let contents = store.back_up(&file).await.unwrap();
    store.save_listings(&lock, &[full(3)]).await.unwrap();
    assert_eq!((contents.listings, contents.enterprises, contents.schema), (2, 0, schema::known_version()));
    assert_eq!(contents.bytes, std::fs::metadata(&file).unwrap().len());
    assert_eq!(verify_backup(&file).await.unwrap(), contents);
    let elsewhere = tempfile::tempdir().unwrap();
    let directory = elsewhere.path().join("new");
    assert_eq!(restore_backup(&file, &directory, false).await.unwrap(), (contents, None));
    assert_eq!(names(&directory), ["duijie.sqlite"]);
    let restored = Store::open_existing(&directory).await.unwrap();
    assert_eq!(restored.all_listings(None, 10).await.unwrap(), [full(1), full(2)]);
    assert_eq!(restored.identity().await.unwrap(), word);
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (home, store, _lock) = Backend::Sqlite.record().await;
    let file = home.directory.path().join("backup");
    store.back_up(&file).await.unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_backup_takes_no_other_files_place_and_leaves_nothing_when_it_fails() {
    let (home, store, _lock) = Backend::Sqlite.record().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("taken");
    std::fs::write(&file, "dear").unwrap();
    let error = store.back_up(&file).await.unwrap_err();
    assert!(matches!(error, StoreError::Backup(BackupError::Exists { .. })), "{error}");
    assert_eq!(std::fs::read(&file).unwrap(), b"dear");
    let error = store.back_up(&folder.path().join("nowhere/file")).await.unwrap_err();
    assert!(matches!(error, StoreError::Directory { .. }), "{error}");
    assert_eq!(names(folder.path()), ["taken"]);
    drop(home);
}

#[tokio::test]
async fn a_damaged_backup_is_told_and_never_restored() {
    let (home, store, lock) = Backend::Sqlite.record().await;
    store.save_listings(&lock, &(0..300).map(full).collect::<Vec<_>>()).await.unwrap();
    let file = home.directory.path().join("backup");
    store.back_up(&file).await.unwrap();
    let whole = std::fs::read(&file).unwrap();
    let mut spoilt = whole.clone();
    let middle = spoilt.len() / 2;
    spoilt[middle..middle + 4096].fill(0x5a);
    let elsewhere = tempfile::tempdir().unwrap();
    for bytes in [spoilt, whole[..whole.len() / 2].to_vec(), b"no database".to_vec(), Vec::new()] {
        std::fs::write(&file, bytes).unwrap();
        for error in
            [verify_backup(&file).await.unwrap_err(), restore_backup(&file, elsewhere.path(), true).await.unwrap_err()]
        {
            assert!(matches!(error, StoreError::Backup(BackupError::Unsound { .. })), "{error}");
            assert!(error.chinese().contains("备份"), "{}", error.chinese());
        }
    }
    assert_eq!(names(elsewhere.path()), [""; 0]);
}

#[tokio::test]
async fn a_record_that_is_there_is_replaced_only_when_asked_and_kept_with_all_it_held() {
    let (home, store, lock) = Backend::Sqlite.record().await;
    store.save_listings(&lock, &[full(1)]).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    store.back_up(&file).await.unwrap();
    store.save_listings(&lock, &[full(2)]).await.unwrap();
    let directory = home.directory.path();
    let error = restore_backup(&file, directory, true).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "somebody writes: {error}");
    drop(lock);
    let error = restore_backup(&file, directory, false).await.unwrap_err();
    assert!(matches!(error, StoreError::Backup(BackupError::Occupied { .. })), "{error}");
    // Not closed: what was saved last stands in the log beside the file.
    let (_, kept) = restore_backup(&file, directory, true).await.unwrap();
    let kept = kept.unwrap();
    assert_eq!(kept.file_name().unwrap(), "duijie.sqlite.replaced");
    assert_eq!(verify_backup(&kept).await.unwrap().listings, 2);
    let restored = Store::open_existing(directory).await.unwrap();
    assert_eq!(restored.all_listings(None, 10).await.unwrap(), [full(1)]);
    store.close().await;
}

#[tokio::test]
async fn a_backup_of_a_newer_duijie_is_refused() {
    let (home, store, _lock) = Backend::Sqlite.record().await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, x'00', 0)";
    store.run(crate::store::statement::Statement::new(later)).await.unwrap();
    let file = home.directory.path().join("backup");
    let error = store.back_up(&file).await.unwrap_err();
    assert!(matches!(error, StoreError::NewerVersion { found: 9999, .. }), "{error}");
}

#[tokio::test]
async fn a_record_of_an_older_schema_is_kept_as_it_was_before_it_is_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::from(folder.path());
    schema::make_old(folder.path(), 1).await;
    let (store, lock) = open(place.clone()).await;
    store.save_listings(&lock, &[patent(Some(1), None, "甲")]).await.unwrap();
    let known = schema::known_version();
    assert_eq!(store.schema_version().await.unwrap(), known);
    let kept = format!("duijie.sqlite.before-{known:04}");
    assert_eq!(names(folder.path()).iter().filter(|name| **name == kept).count(), 1);
    let before = verify_backup(&folder.path().join(&kept)).await.unwrap();
    assert_eq!((before.schema, before.listings), (1, 0));
    store.close().await;
    drop(lock);
    Store::open(place).await.unwrap().close().await;
    assert_eq!(names(folder.path()), ["duijie.sqlite".to_owned(), kept], "only once");
}

#[tokio::test]
async fn the_schema_is_not_renewed_under_another_process_that_writes() {
    let folder = tempfile::tempdir().unwrap();
    schema::make_old(folder.path(), 2).await;
    let _lock = crate::store::DirectoryLock::take(folder.path()).unwrap();
    let error = Store::open(folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
}

#[tokio::test]
async fn a_servers_record_has_the_servers_own_means() {
    if has_server() {
        let (home, store, _lock) = Backend::Postgres.record().await;
        let error = store.back_up(&home.directory.path().join("backup")).await.unwrap_err();
        assert!(error.to_string().contains("pg_dump") && error.chinese().contains("pg_dump"), "{error}");
    }
}
