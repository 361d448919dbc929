//! What another process does: the test binary runs itself again, told by an environment variable what to be.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::backend::{Backend, Home, on_each_backend, open, place};
use super::example::full;
use crate::domain::Listing;
use crate::store::{Store, StoreError};

on_each_backend!(
    a_process_killed_while_saving_leaves_whole_batches_and_can_be_repeated,
    a_lock_held_by_another_process_names_it_and_ends_with_it,
);

const ROLE: &str = "DUIJIE_STORE_TEST_ROLE";
const DIRECTORY: &str = "DUIJIE_STORE_TEST_DIRECTORY";
const SCHEMA: &str = "DUIJIE_STORE_TEST_SCHEMA";
const BATCHES: u32 = 60;
const BATCH: u32 = 100;

fn batch(number: u32) -> Vec<Listing> {
    (number * BATCH..(number + 1) * BATCH).map(full).collect()
}

/// Not a rule of its own: what the other process runs. It says a line after each step it has been promised is kept.
#[tokio::test]
async fn other_process() {
    let (Ok(role), Ok(directory)) = (std::env::var(ROLE), std::env::var(DIRECTORY)) else { return };
    let schema = std::env::var(SCHEMA).ok();
    let (store, lock) = open(place(Path::new(&directory), schema.as_deref())).await;
    let mut out = std::io::stdout();
    writeln!(out, "\nstep").unwrap();
    if role == "hold the lock" {
        std::io::stdin().read_line(&mut String::new()).unwrap();
    } else {
        for number in 0..BATCHES {
            store.save_listings(&lock, &batch(number)).await.unwrap();
            writeln!(out, "step").unwrap();
        }
    }
}

/// Starts the other process and waits until it has said `steps` lines.
fn start(role: &str, home: &Home, steps: usize) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::crash::other_process", "--nocapture", "--test-threads=1"])
        .env(ROLE, role)
        .env(DIRECTORY, home.directory.path())
        .envs(home.schema.iter().map(|schema| (SCHEMA, schema)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let said = lines.map(Result::unwrap).filter(|line| line == "step").take(steps).count();
    assert_eq!(said, steps, "the other process ended early");
    child
}

async fn a_process_killed_while_saving_leaves_whole_batches_and_can_be_repeated(backend: Backend) {
    let (_home, smooth, lock) = backend.record().await;
    for number in 0..BATCHES {
        smooth.save_listings(&lock, &batch(number)).await.unwrap();
    }
    for acknowledged in [1, 4, 9] {
        let home = backend.home().await;
        let mut child = start("save", &home, 1 + acknowledged);
        child.kill().unwrap();
        child.wait().unwrap();
        let (store, lock) = open(home.place()).await;
        let kept = store.listing_count().await.unwrap();
        assert_eq!(kept % u64::from(BATCH), 0);
        assert!(kept >= acknowledged as u64 * u64::from(BATCH), "{kept} kept, {acknowledged} batches acknowledged");
        assert!(kept < u64::from(BATCHES * BATCH), "the process was not killed in time to show anything");
        for number in 0..BATCHES {
            store.save_listings(&lock, &batch(number)).await.unwrap();
        }
        assert_eq!(
            store.listing_changes(0, usize::MAX).await.unwrap(),
            smooth.listing_changes(0, usize::MAX).await.unwrap()
        );
    }
}

async fn a_lock_held_by_another_process_names_it_and_ends_with_it(backend: Backend) {
    let home = backend.home().await;
    let mut child = start("hold the lock", &home, 1);
    let store = Store::open_existing(home.place()).await.unwrap();
    let error = store.lock_for_writing().await.unwrap_err();
    let holder = child.id();
    assert!(matches!(&error, StoreError::Locked { holder: Some(pid), .. } if *pid == holder), "{error}");
    assert!(error.to_string().contains(&home.directory.path().display().to_string()));
    child.kill().unwrap();
    child.wait().unwrap();
    store.lock_for_writing().await.unwrap();
}
