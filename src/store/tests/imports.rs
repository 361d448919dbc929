use super::backend::{Backend, on_each_backend};
use crate::domain::{Actor, AuditEntry};
use crate::store::ImportRecord;

on_each_backend!(
    a_finished_import_is_found_by_checksum_and_kind,
    importing_a_file_again_replaces_its_record,
    the_latest_imports_come_first_each_in_the_trail,
);

fn finished(checksum: &str, read: i64) -> ImportRecord {
    ImportRecord {
        checksum: checksum.to_owned(),
        kind: "listing".to_owned(),
        province: None,
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

fn entry(checksum: &str) -> AuditEntry {
    AuditEntry::of(("import", checksum), "import", (None, "imported"), &Actor::bureau("样例知识产权局"), 1_700_000_009)
}

async fn a_finished_import_is_found_by_checksum_and_kind(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.record_import(&lock, &finished("a1", 9), entry("a1")).await.unwrap();
    assert_eq!(store.finished_import("a1", "listing").await.unwrap(), Some(finished("a1", 9)));
    assert_eq!(store.finished_import("a1", "enterprise").await.unwrap(), None);
    assert_eq!(store.finished_import("b2", "listing").await.unwrap(), None);
}

async fn importing_a_file_again_replaces_its_record(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.record_import(&lock, &finished("a1", 9), entry("a1")).await.unwrap();
    store.record_import(&lock, &finished("a1", 12), entry("a1")).await.unwrap();
    assert_eq!(store.finished_import("a1", "listing").await.unwrap(), Some(finished("a1", 12)));
}

async fn the_latest_imports_come_first_each_in_the_trail(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.record_import(&lock, &finished("a1", 9), entry("a1")).await.unwrap();
    let later = ImportRecord { finished_at: 1_700_000_099, province: Some("320000".to_owned()), ..finished("b2", 5) };
    store.record_import(&lock, &later, entry("b2")).await.unwrap();
    let digests = async |province: Option<&str>, limit| {
        let imports = store.finished_imports(province, limit).await.unwrap();
        imports.into_iter().map(|import| (import.digest, import.file, import.read)).collect::<Vec<_>>()
    };
    let row = |digest: &str, read| (digest.to_owned(), "浙江.xlsx".to_owned(), read);
    assert_eq!(digests(None, 9).await, [row("b2", 5), row("a1", 9)]);
    assert_eq!(digests(None, 1).await, [row("b2", 5)]);
    assert_eq!(digests(Some("320000"), 9).await, [row("b2", 5)]);
    assert_eq!(digests(Some("330000"), 9).await, []);
    let trail = store.trail(0, 9).await.unwrap();
    assert_eq!(trail.iter().map(|kept| kept.entry.subject.as_str()).collect::<Vec<_>>(), ["a1", "b2"]);
}
