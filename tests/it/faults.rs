//! Killed processes, a second writer, a foreign index, a full disk: what is left, what is said, what repairs it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use duijie::analysis::Analyzer;
use duijie::index::{ListingIndex, ListingTerms, SearchRequest};
use duijie::store::Store;
use serde_json::Value;

use crate::fixtures::{HEADER, Running, command, duijie, number, rows, sample_listings, text};

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asks until there is an answer.
fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// How many listings a directory's store holds; `None` before there is a store.
fn stored(directory: &Path) -> Option<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open_existing(directory).await.ok()?;
        let count = store.listing_count().await.ok();
        store.close().await;
        count
    })
}

fn search(data: &Path, words: &str) -> Value {
    let said = duijie(&["search", words, "--data-dir", text(data), "--json"]);
    assert_eq!(said.code, 0, "{}", said.err);
    said.json()
}

/// Writes a file of valid listings and starts the import of it.
fn start_import(folder: &Path, listings: usize) -> (Running, Vec<String>) {
    let file = folder.join("large.csv");
    std::fs::write(&file, format!("{HEADER}{}", rows(0, listings))).unwrap();
    let data = folder.join("data");
    let arguments = ["import", text(&file), "--kind", "listings", "--json", "--data-dir", text(&data)];
    let mut import = command(&arguments);
    let child = import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    (Running(child), arguments.map(str::to_owned).to_vec())
}

#[test]
fn an_import_killed_in_the_middle_is_completed_by_running_it_again() {
    const LISTINGS: usize = 30_000;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (mut import, arguments) = start_import(folder.path(), LISTINGS);
    wait_for("the first listings", || stored(&data).filter(|&count| count > 0));
    import.0.kill().unwrap();
    assert!(!import.0.wait().unwrap().success());
    let kept = stored(&data).unwrap();
    assert!((1..LISTINGS as u64).contains(&kept), "the process had ended before it was killed: {kept}");

    assert_eq!(search(&data, "")["total"], kept, "the index catches up with what the store kept");
    let found = search(&data, number(0).as_str());
    assert_eq!((&found["total"], &found["hits"][0]["listing"]["id"]), (&1.into(), &number(0).as_str().into()));

    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let report = duijie(&arguments).report();
    assert_eq!((&report["unchanged"], &report["already_imported"]), (&kept.into(), &false.into()), "{report}");
    assert_eq!(report["added"], LISTINGS as u64 - kept, "{report}");
    assert_eq!(search(&data, "")["total"], LISTINGS);
    assert_eq!(search(&data, number(LISTINGS - 1).as_str())["total"], 1);
    assert_eq!(duijie(&arguments).report()["already_imported"], true);
}

/// Whether an index writer has begun a segment.
fn is_indexing(data: &Path) -> bool {
    let Ok(files) = std::fs::read_dir(data.join("index/main")) else { return false };
    files.flatten().any(|file| file.path().extension().is_some_and(|extension| extension == "store"))
}

#[test]
fn an_import_killed_while_indexing_leaves_a_catalogue_that_works() {
    const LISTINGS: usize = 12_000;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (mut import, arguments) = start_import(folder.path(), LISTINGS);
    wait_for("the index writer", || is_indexing(&data).then_some(()));
    import.0.kill().unwrap();
    assert!(!import.0.wait().unwrap().success(), "the process had ended before it was killed");
    assert_eq!(search(&data, "")["total"], LISTINGS);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let report = duijie(&arguments).report();
    assert_eq!((&report["already_imported"], &report["added"]), (&true.into(), &LISTINGS.into()), "{report}");
    assert_eq!(search(&data, "")["total"], LISTINGS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_writer_is_told_which_directory_and_which_process() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("a.csv"));
    std::fs::write(&file, format!("{HEADER}{}", rows(0, 3))).unwrap();
    let import = ["import", text(&file), "--kind", "listings", "--data-dir", text(&data)];
    assert_eq!(duijie(&import).code, 0);
    std::fs::write(&file, format!("{HEADER}{}", rows(0, 4))).unwrap();
    let store = Store::open_existing(&data).await.unwrap();
    let lock = store.lock_for_writing().await.unwrap();
    for (verb, language) in [(&import[..], "另一进程"), (&["reindex", "--data-dir", text(&data)], "另一进程")] {
        let said = duijie(verb);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{verb:?}");
        let holder = std::process::id().to_string();
        assert!(
            said.err.contains(text(&data)) && said.err.contains(language) && said.err.contains(&holder),
            "{}",
            said.err
        );
    }
    assert_eq!(search(&data, "")["total"], 3, "readers go on");
    drop(lock);
    assert_eq!(duijie(&import).code, 0);
    assert_eq!(search(&data, "")["total"], 4);
}

#[test]
fn an_index_of_another_version_refuses_until_it_is_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("a.csv"));
    std::fs::write(&file, format!("{HEADER}{}", rows(0, 5))).unwrap();
    let import = ["import", text(&file), "--kind", "listings", "--data-dir", text(&data)];
    assert_eq!(duijie(&import).code, 0);
    let meta = data.join("index/main/meta.json");
    let mut facts: Value = serde_json::from_slice(&std::fs::read(&meta).unwrap()).unwrap();
    let mut note: Value = serde_json::from_str(facts["payload"].as_str().unwrap()).unwrap();
    note["analyzer"] = "0-another".into();
    facts["payload"] = note.to_string().into();
    std::fs::write(&meta, facts.to_string()).unwrap();
    let at = ["--data-dir", text(&data)];
    for verb in [&["search", "电机"][..], &["recommend", "x"], &import[..4]] {
        let said = duijie(&[verb, &at].concat());
        assert_eq!(said.code, 1, "{verb:?}");
        assert!(said.err.contains("duijie reindex") && said.err.contains("0-another"), "{verb:?}: {}", said.err);
    }
    let said = duijie(&["reindex", "--json", at[0], at[1]]);
    assert_eq!((said.code, &said.json()["indexed"]), (0, &5.into()), "{}", said.err);
    assert_eq!(search(&data, "电机")["total"], 5);
}

#[test]
fn a_lost_or_damaged_index_is_repaired_from_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("a.csv"));
    std::fs::write(&file, format!("{HEADER}{}", rows(0, 5))).unwrap();
    assert_eq!(duijie(&["import", text(&file), "--kind", "listings", "--data-dir", text(&data)]).code, 0);
    std::fs::remove_dir_all(data.join("index")).unwrap();
    assert_eq!(search(&data, "电机")["total"], 5, "a lost index is made anew");
    for (name, bytes) in [("main/meta.json", "{"), ("main/.managed.json", "[")] {
        std::fs::write(data.join("index").join(name), bytes).unwrap();
        let said = duijie(&["search", "电机", "--data-dir", text(&data)]);
        assert!(said.code == 1 && said.err.contains("duijie reindex"), "{name}: {}", said.err);
        assert_eq!(duijie(&["reindex", "--data-dir", text(&data)]).code, 0, "{name}");
        assert_eq!(search(&data, "电机")["total"], 5, "{name}");
    }
}

#[test]
fn an_older_record_put_back_is_indexed_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let import = |from: usize, to: usize| {
        let file = folder.path().join(format!("{from}.csv"));
        std::fs::write(&file, format!("{HEADER}{}", rows(from, to))).unwrap();
        assert_eq!(duijie(&["import", text(&file), "--kind", "listings", "--data-dir", text(&data)]).code, 0);
    };
    import(0, 5);
    let (record, copy) = (data.join("duijie.sqlite"), folder.path().join("copy"));
    assert!(!data.join("duijie.sqlite-wal").exists(), "the one file is whole when a command has ended");
    std::fs::copy(&record, &copy).unwrap();
    import(5, 9);
    assert_eq!(search(&data, "电机")["total"], 9);
    std::fs::copy(&copy, &record).unwrap();
    assert_eq!(search(&data, "电机")["total"], 5);
    import(20, 21);
    assert_eq!(search(&data, "电机")["total"], 6);
}

/// A small file system of its own; unmounted with the test.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// `None`, having said why, where none can be mounted.
    fn of(size: &str) -> Option<Self> {
        let at = tempfile::tempdir().unwrap();
        let option = format!("size={size}");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &option, "tmpfs", text(at.path())]).output();
        match mount {
            Ok(output) if output.status.success() => Some(Self(at)),
            Ok(output) => {
                eprintln!("SKIPPED: cannot mount a tmpfs: {}", String::from_utf8_lossy(&output.stderr).trim());
                None
            }
            Err(error) => {
                eprintln!("SKIPPED: cannot mount a tmpfs: {error}");
                None
            }
        }
    }

    fn grow(&self, size: &str) {
        let option = format!("remount,size={size}");
        assert!(Command::new("mount").args(["-o", &option, text(self.0.path())]).status().unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, so that a process still ending does not keep it.
        let _ = Command::new("umount").args(["-l", text(self.0.path())]).status();
    }
}

/// Fills a file system but for about so many bytes.
fn fill(path: &Path, left: u64) {
    let mut file = std::fs::File::create(path).unwrap();
    let block = [1; 4096];
    while file.write_all(&block).is_ok() {}
    let size = file.metadata().unwrap().len();
    file.set_len(size - left).unwrap();
}

#[test]
fn a_disk_full_while_saving_is_named_and_with_room_the_same_import_succeeds() {
    const LISTINGS: usize = 4_000;
    let Some(disk) = SmallDisk::of("2m") else { return };
    let elsewhere = tempfile::tempdir().unwrap();
    let (data, file) = (disk.0.path().join("data"), elsewhere.path().join("a.csv"));
    std::fs::write(&file, format!("{HEADER}{}", rows(0, LISTINGS))).unwrap();
    let import = ["import", text(&file), "--kind", "listings", "--data-dir", text(&data)];
    let said = duijie(&import);
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(said.err.contains("磁盘已满") && said.err.contains(text(&data)), "{}", said.err);
    disk.grow("64m");
    let said = duijie(&import);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(search(&data, "")["total"], LISTINGS);
}

#[test]
fn a_disk_full_while_indexing_is_named_and_with_room_the_same_command_succeeds() {
    const LISTINGS: usize = 4_000;
    let Some(disk) = SmallDisk::of("32m") else { return };
    let (data, file) = (disk.0.path().join("data"), disk.0.path().join("a.csv"));
    std::fs::write(&file, format!("{HEADER}{}", rows(0, LISTINGS))).unwrap();
    assert_eq!(duijie(&["import", text(&file), "--kind", "listings", "--data-dir", text(&data)]).code, 0);
    std::fs::remove_dir_all(data.join("index")).unwrap();
    // Room for what SQLite keeps beside its file while open (32 KiB), not for an index of 4,000 numbers.
    fill(&disk.0.path().join("ballast"), 100_000);
    for verb in [&["search", "电机"][..], &["reindex"]] {
        let said = duijie(&[verb, &["--data-dir", text(&data)]].concat());
        assert_eq!(said.code, 1, "{verb:?}: {}", said.out);
        assert!(said.err.contains("磁盘已满") && said.err.contains("清理空间后"), "{verb:?}: {}", said.err);
    }
    disk.grow("64m");
    assert_eq!(search(&data, "电机")["total"], LISTINGS);
    assert_eq!(duijie(&["reindex", "--data-dir", text(&data)]).code, 0);
}

/// tantivy names deletions after opstamps, which begin again at the last commit: what a killed writer left under the name
/// the next commit wants made every later commit fail.
#[test]
fn what_a_killed_writer_left_in_the_index_neither_stays_nor_stands_in_the_way() {
    let home = tempfile::tempdir().unwrap();
    let analyzer = Analyzer::new();
    let index = ListingIndex::open(home.path(), &analyzer, "").unwrap();
    let listings = sample_listings();
    let mut writer = index.writer().unwrap();
    for listing in &listings {
        writer.put(listing, &ListingTerms::of(&analyzer, listing)).unwrap();
    }
    writer.commit(1).unwrap();
    drop(writer);

    let main = home.path().join("main");
    let meta: Value = serde_json::from_slice(&std::fs::read(main.join("meta.json")).unwrap()).unwrap();
    let (opstamp, segment) = (meta["opstamp"].as_u64().unwrap(), meta["segments"][0]["segment_id"].as_str().unwrap());
    let segment = segment.replace('-', "");
    for opstamp in opstamp..opstamp + 10 {
        std::fs::write(main.join(format!("{segment}.{opstamp}.del")), "half").unwrap();
    }
    let anothers = main.join(format!("{}.term", "0".repeat(32)));
    std::fs::write(&anothers, "half").unwrap();

    let mut writer = index.writer().unwrap();
    writer.remove(&listings[0].id);
    writer.commit(2).unwrap();
    drop(writer);
    assert!(!anothers.exists());
    index.refresh().unwrap();
    let found = index.snapshot().unwrap().search(&SearchRequest { limit: 1_000, ..SearchRequest::default() }).unwrap();
    assert_eq!(found.total, listings.len() - 1, "what a commit names is there");
}
