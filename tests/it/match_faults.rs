//! Damaged, foreign and half-written match matrices, killed runs, a second writer: never a wrong list.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use duijie::domain::{Date, ListingId};
use duijie::engine::{Engine, ImportKind};
use duijie::store::Store;

use crate::fixtures::{Catalogue, HEADER, Running, command, duijie, number, rows, sample, text};
use crate::made_up::{World, days_later, first_day, kept};

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_there() {
        assert!(start.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn matrix(directory: &Path) -> PathBuf {
    directory.join("match.matrix")
}

/// What some enterprises of a made-up world are recommended.
async fn answers(engine: &Engine, world: &World) -> Vec<Vec<(ListingId, u64)>> {
    let mut answers = Vec::new();
    for firm in world.firms.iter().filter(|firm| !firm.products.is_empty()).take(8) {
        let list = engine.recommend(&firm.name, 20, first_day()).await.unwrap().recommendations;
        let row = |r: duijie::engine::Recommended| (r.recommendation.listing, r.recommendation.score.value().to_bits());
        answers.push(list.into_iter().map(row).collect());
    }
    answers
}

/// A directory with a world in it and its matrix on disk; the answers it gives, and where its file is.
async fn matched(world: &World) -> (tempfile::TempDir, Vec<Vec<(ListingId, u64)>>) {
    let Catalogue { engine, directory } = Catalogue::empty().await;
    world.save(directory.path()).await;
    engine.match_all(5, first_day(), &|_| ()).await.unwrap();
    let expected = answers(&engine, world).await;
    engine.close().await;
    assert!(matrix(directory.path()).is_file() && expected.iter().all(|list| list.len() > 3));
    (directory, expected)
}

/// The answers of a process that opens the directory now.
async fn reopened(directory: &Path, world: &World) -> Vec<Vec<(ListingId, u64)>> {
    let engine = Engine::open_existing(directory).await.unwrap();
    let answers = answers(&engine, world).await;
    engine.close().await;
    answers
}

/// One bit of a file, the other way round.
fn flip(path: &Path, place: u64) {
    let mut file = std::fs::File::options().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.seek(SeekFrom::Start(place)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(place)).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matrix_cut_short_altered_lost_or_none_at_all_is_replaced_and_changes_no_answer() {
    let world = World::of(11, 80, 12);
    let (directory, expected) = matched(&world).await;
    let path = matrix(directory.path());
    let whole = std::fs::read(&path).unwrap();
    let head = whole.windows(2).position(|pair| pair == b"}\n").unwrap();
    let cuts = [0, 7, 14, head, head + 2, head + 6, whole.len() / 2, whole.len() - 1];
    let mut faults: Vec<(String, Box<dyn Fn()>)> = Vec::new();
    for cut in cuts {
        let (path, bytes) = (path.clone(), whole[..cut].to_vec());
        faults.push((format!("cut to {cut}"), Box::new(move || std::fs::write(&path, &bytes).unwrap())));
    }
    for place in [0, 20, head as u64 - 4, head as u64 + 40, whole.len() as u64 / 2, whole.len() as u64 - 1] {
        let path = path.clone();
        faults.push((format!("byte {place}"), Box::new(move || flip(&path, place))));
    }
    let (lost, other, longer) = (path.clone(), path.clone(), path.clone());
    faults.push(("lost".to_owned(), Box::new(move || std::fs::remove_file(&lost).unwrap())));
    faults.push(("a file of something else".to_owned(), Box::new(move || std::fs::write(&other, [7; 9_999]).unwrap())));
    faults.push((
        "something behind it".to_owned(),
        Box::new(move || {
            std::fs::File::options().append(true).open(&longer).unwrap().write_all(b"x").unwrap();
        }),
    ));
    for (what, fault) in faults {
        std::fs::write(&path, &whole).unwrap();
        fault();
        assert_eq!(reopened(directory.path(), &world).await, expected, "{what}");
        assert_eq!(reopened(directory.path(), &world).await, expected, "{what}, again");
        assert_eq!(std::fs::read(&path).unwrap(), whole, "{what}: the file is as it should be again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matrix_of_another_store_analyzer_models_or_form_is_replaced() {
    let (world, others) = (World::of(12, 80, 12), World::of(13, 80, 12));
    let (directory, expected) = matched(&world).await;
    let (elsewhere, _) = matched(&others).await;
    let path = matrix(directory.path());
    let whole = std::fs::read(&path).unwrap();
    std::fs::copy(matrix(elsewhere.path()), &path).unwrap();
    assert_eq!(reopened(directory.path(), &world).await, expected);
    assert_eq!(std::fs::read(&path).unwrap(), whole);
    let head = whole.windows(2).position(|pair| pair == b"}\n").unwrap() + 1;
    let line = std::str::from_utf8(&whole[14..head]).unwrap();
    for (key, value) in [("form", "0"), ("analyzer", "0-0"), ("models", "0-0"), ("store", "00")] {
        let mut facts: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(facts[key].is_string(), "{line}");
        facts[key] = value.into();
        let line = facts.to_string();
        let seal = crc32fast::hash(line.as_bytes()).to_le_bytes();
        std::fs::write(&path, [&whole[..14], line.as_bytes(), b"\n", &seal, &whole[head + 5..]].concat()).unwrap();
        assert_eq!(reopened(directory.path(), &world).await, expected, "{key}");
        assert_eq!(std::fs::read(&path).unwrap(), whole, "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matrix_ahead_of_its_store_is_replaced() {
    let mut world = World::of(14, 80, 12);
    let (directory, expected) = matched(&world).await;
    let (record, copy) = (directory.path().join("duijie.sqlite"), directory.path().join("copy"));
    assert!(!directory.path().join("duijie.sqlite-wal").exists());
    std::fs::copy(&record, &copy).unwrap();
    let before = world.listings.clone();
    world.change_listings(40);
    world.save(directory.path()).await;
    assert_ne!(reopened(directory.path(), &world).await, expected);
    std::fs::copy(&copy, &record).unwrap();
    world.listings = before;
    assert_eq!(reopened(directory.path(), &world).await, expected, "an older record put back");
}

#[test]
fn an_import_right_after_an_older_record_was_put_back_matches_what_the_record_holds() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let import = |kind: &str, lines: &str| {
        let file = folder.path().join("some.csv");
        std::fs::write(&file, lines).unwrap();
        assert_eq!(duijie(&["import", text(&file), "--kind", kind, "--data-dir", text(&data)]).code, 0);
    };
    import("enterprises", "企业名称,主要产品\n样例端盖公司,电机端盖的密封结构\n");
    import("listings", &format!("{HEADER}{}", rows(0, 30)));
    let (record, copy) = (data.join("duijie.sqlite"), folder.path().join("copy"));
    std::fs::copy(&record, &copy).unwrap();
    import("listings", &format!("{HEADER}{}", rows(30, 40)));
    std::fs::copy(&copy, &record).unwrap();
    // One more than there were: the record's revision is again above that of index and matrix.
    import("listings", &format!("{HEADER}{}", rows(50, 61)));
    let said = duijie(&["recommend", "样例端盖公司", "-n", "100", "--json", "--data-dir", text(&data)]);
    assert_eq!(said.code, 0, "{}", said.err);
    let answer = said.json();
    let listings = answer["recommendations"].as_array().unwrap().iter().map(|r| r["listing"].as_str().unwrap());
    let mut expected: Vec<String> = (0..30).chain(50..61).map(|serial| number(serial).as_str().to_owned()).collect();
    let mut listings: Vec<&str> = listings.collect();
    listings.sort_unstable();
    expected.sort();
    assert_eq!(listings, expected);
    let found = duijie(&["search", "电机", "--json", "--data-dir", text(&data)]).json();
    assert_eq!(found["total"], 41);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_written_matrix_beside_the_right_one_is_no_hindrance() {
    let mut world = World::of(15, 80, 12);
    let (directory, expected) = matched(&world).await;
    let (smooth, _) = matched(&world).await;
    let draft = directory.path().join("match.matrix.new");
    std::fs::write(&draft, &std::fs::read(matrix(directory.path())).unwrap()[..900]).unwrap();
    assert_eq!(reopened(directory.path(), &world).await, expected);
    world.change_listings(40);
    for path in [directory.path(), smooth.path()] {
        world.save(path).await;
    }
    let after = reopened(directory.path(), &world).await;
    assert!(!draft.exists(), "the next base takes its place");
    assert_eq!(after, reopened(smooth.path(), &world).await, "as in a directory that has had no fault");
    assert_ne!(after, expected);
}

/// How far the run in a directory has come: whether it has begun to save lists, and whether it is finished.
fn run(directory: &Path) -> Option<(bool, bool)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open_existing(directory).await.ok()?;
        let run = store.match_run().await.ok().flatten();
        store.close().await;
        run.map(|run| (run.done_after.is_some(), run.finished))
    })
}

fn match_arguments<'a>(verb: &'a str, day: &'a str, data: &'a Path) -> [&'a str; 9] {
    ["match", verb, "-n", "5", "--today", day, "--json", "--data-dir", text(data)]
}

fn start(arguments: &[&str]) -> Running {
    Running(command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

fn kill(mut running: Running) {
    running.0.kill().unwrap();
    assert!(!running.0.wait().unwrap().success(), "the process had ended before it was killed");
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn a_run_killed_in_the_middle_goes_on_where_it_was_to_the_lists_of_an_undisturbed_one() {
    let world = World::of(16, 150, 12_000);
    let (killed, smooth) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    block_on(async {
        world.save(killed.path()).await;
        world.save(smooth.path()).await;
    });
    let day = first_day().to_string();
    let running = start(&match_arguments("all", &day, killed.path()));
    wait_for("the first lists", || run(killed.path()).is_some_and(|(begun, _)| begun));
    let busy = duijie(&match_arguments("all", &day, killed.path()));
    assert_eq!((busy.code, busy.out.as_str()), (1, ""), "a second writer is refused");
    assert!(busy.err.contains("另一进程") && busy.err.contains(&running.0.id().to_string()), "{}", busy.err);
    kill(running);
    assert_eq!(run(killed.path()), Some((true, false)));
    let early = killed.path().join("early.csv");
    let export = ["match", "export", text(&early), "--data-dir", text(killed.path())];
    assert_eq!(duijie(&export).code, 1, "what is not finished is not given out");

    let rest = duijie(&match_arguments("all", &day, killed.path())).json();
    assert_eq!((&rest["continued"], &rest["enterprises"]), (&true.into(), &12_000.into()), "{rest}");
    let matched = rest["matched"].as_u64().unwrap();
    assert!(matched > 0 && matched < 12_000 && matched.is_multiple_of(1_000), "{rest}");
    let whole = duijie(&match_arguments("all", &day, smooth.path())).json();
    assert_eq!((&whole["continued"], &whole["matched"]), (&false.into(), &12_000.into()), "{whole}");
    let exported = [&killed, &smooth].map(|directory| {
        let out = directory.path().join("lists.csv");
        assert_eq!(duijie(&["match", "export", text(&out), "--data-dir", text(directory.path())]).code, 0);
        std::fs::read(out).unwrap()
    });
    assert!(exported[0] == exported[1] && exported[0].len() > 500_000);

    // The same for changes: another day on which some offers have ended.
    let later = days_later(20).to_string();
    let running = start(&match_arguments("changes", &later, killed.path()));
    wait_for("the lists to be changed", || run(killed.path()).is_some_and(|(_, finished)| !finished));
    kill(running);
    for day in [&day, &later] {
        assert_eq!(duijie(&match_arguments("changes", day, killed.path())).code, 0);
        assert_eq!(duijie(&match_arguments("all", day, smooth.path())).code, 0);
        let [one, other] = [&killed, &smooth].map(|directory| block_on(kept(directory.path())));
        let shown = |lists: Vec<crate::made_up::Kept>| -> Vec<crate::made_up::Kept> {
            lists.into_iter().map(|(id, list)| (id, list.into_iter().take(5).collect())).collect()
        };
        assert!(shown(one) == shown(other), "{day}");
    }
}

#[test]
fn an_import_killed_while_the_matrix_is_saved_leaves_a_directory_that_works() {
    const LISTINGS: usize = 6_000;
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("large.csv"));
    std::fs::write(&file, format!("{HEADER}{}", rows(0, LISTINGS))).unwrap();
    let running = start(&["import", text(&file), "--kind", "listings", "--data-dir", text(&data)]);
    let (draft, path) = (data.join("match.matrix.new"), matrix(&data));
    wait_for("the matrix", || draft.exists() || path.exists());
    kill(running);
    let firms = sample("enterprises.csv");
    assert_eq!(duijie(&["import", text(&firms), "--kind", "enterprises", "--data-dir", text(&data)]).code, 0);
    let day = Date::new(2026, 11, 22).unwrap().to_string();
    let report = duijie(&match_arguments("all", &day, &data)).json();
    assert_eq!((&report["listings"], &report["matched"]), (&LISTINGS.into(), &51.into()), "{report}");

    let smooth = folder.path().join("smooth");
    block_on(async {
        let engine = Engine::open(&smooth).await.unwrap();
        for (file, kind) in [(&file, ImportKind::Listings), (&firms, ImportKind::Enterprises)] {
            engine.import(file, kind, duijie::engine::now(), &|_| ()).await.unwrap();
        }
        engine.match_all(5, Date::new(2026, 11, 22).unwrap(), &|_| ()).await.unwrap();
        engine.close().await;
        assert_eq!(kept(&data).await, kept(&smooth).await);
    });
}
