//! Copies of a data directory, by the command, and directories that come to hold another record.

use duijie::engine::Engine;
use serde_json::Value;

use crate::fixtures::{Catalogue, HEADER, Said, duijie, number, rows, sample, text};

fn answer(said: &Said) -> Value {
    assert_eq!(said.code, 0, "{}", said.err);
    said.json()
}

#[test]
fn a_backup_restored_elsewhere_answers_as_the_record_does() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file, other) =
        (folder.path().join("data"), folder.path().join("备份.sqlite"), folder.path().join("other"));
    let listings = sample("listings.csv");
    assert_eq!(duijie(&["import", text(&listings), "--kind", "listings", "--data-dir", text(&data)]).code, 0);
    let made = answer(&duijie(&["backup", text(&file), "--data-dir", text(&data), "--json"]));
    assert_eq!((made["listings"].as_u64(), made["enterprises"].as_u64()), (Some(193), Some(0)));
    assert_eq!(answer(&duijie(&["restore", text(&file), "--verify", "--json"])), made);
    let restored = answer(&duijie(&["restore", text(&file), "--data-dir", text(&other), "--json"]));
    assert_eq!((&restored["contents"], restored["indexed"].as_u64()), (&made, Some(193)));
    let search = |data| duijie(&["search", "锂电池隔膜", "--json", "--data-dir", text(data)]);
    assert_eq!(answer(&search(&data)), answer(&search(&other)));
    for (arguments, word) in [
        (&["backup", text(&file), "--data-dir", text(&data)][..], "已存在"),
        (&["restore", text(&file), "--data-dir", text(&other)], "--replace"),
        (&["restore", text(&listings), "--verify"], "不是完好的备份"),
        (&["restore", "没有.sqlite", "--data-dir", text(&other)], "没有"),
    ] {
        let said = duijie(arguments);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{arguments:?}");
        assert!(said.err.contains(word), "{}", said.err);
    }
    let replaced = duijie(&["restore", text(&file), "--data-dir", text(&other), "--replace"]);
    assert_eq!(replaced.code, 0, "{}", replaced.err);
    assert!(replaced.out.contains("duijie.sqlite.replaced") && other.join("duijie.sqlite.replaced").is_file());
}

#[test]
fn a_database_that_is_none_is_wrong_usage_and_never_repeated() {
    let said = duijie(&["search", "电池", "--database", "mysql://u:secret@h/d"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("postgres://") && !said.err.contains("secret"), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_comes_to_hold_another_record_of_as_many_changes_answers_from_that() {
    let folder = tempfile::tempdir().unwrap();
    let directories = ["one", "other"].map(|name| folder.path().join(name));
    for (directory, serial) in directories.iter().zip([0, 10]) {
        let file = folder.path().join("rows.csv");
        std::fs::write(&file, format!("{HEADER}{}", rows(serial, serial + 2))).unwrap();
        let import = duijie(&["import", text(&file), "--kind", "listings", "--data-dir", text(directory)]);
        assert_eq!(import.code, 0, "{}", import.err);
    }
    std::fs::copy(directories[1].join("duijie.sqlite"), directories[0].join("duijie.sqlite")).unwrap();
    let engine = Engine::open_existing(&directories[0]).await.unwrap();
    let found = Catalogue { engine, directory: folder }.search("电机端盖").await;
    assert_eq!(found, [number(10), number(11)].map(|number| number.as_str().to_owned()));
}
