use super::backend::{Backend, on_each_backend};
use crate::store::ImportRecord;

on_each_backend!(a_finished_import_is_found_by_checksum_and_kind, importing_a_file_again_replaces_its_record,);

fn finished(checksum: &str, read: i64) -> ImportRecord {
    ImportRecord {
        checksum: checksum.to_owned(),
        kind: "listing".to_owned(),
        file_name: "浙江.xlsx".to_owned(),
        started_at: 1_700_000_000,
        finished_at: 1_700_000_009,
        read,
        taken: read - 1,
        added: read - 1,
        changed: 0,
        unchanged: 0,
        rejected: 1,
        rejections: r#"[{"row":7}]"#.to_owned(),
    }
}

async fn a_finished_import_is_found_by_checksum_and_kind(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.record_import(&lock, &finished("a1", 9)).await.unwrap();
    assert_eq!(store.finished_import("a1", "listing").await.unwrap(), Some(finished("a1", 9)));
    assert_eq!(store.finished_import("a1", "enterprise").await.unwrap(), None);
    assert_eq!(store.finished_import("b2", "listing").await.unwrap(), None);
}

async fn importing_a_file_again_replaces_its_record(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.record_import(&lock, &finished("a1", 9)).await.unwrap();
    store.record_import(&lock, &finished("a1", 12)).await.unwrap();
    assert_eq!(store.finished_import("a1", "listing").await.unwrap(), Some(finished("a1", 12)));
}
