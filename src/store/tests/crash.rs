//! What another process does: the test binary runs itself again, told by an environment variable what to be.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::example::{full, open, record};
use crate::domain::Listing;
use crate::store::{Store, StoreError};

const ROLE: &str = "DUIJIE_STORE_TEST_ROLE";
const DIRECTORY: &str = "DUIJIE_STORE_TEST_DIRECTORY";
const BATCHES: u32 = 60;
const BATCH: u32 = 100;

fn batch(number: u32) -> Vec<Listing> {
    (number * BATCH..(number + 1) * BATCH).map(full).collect()
}

/// Not a rule of its own: what the other process runs. It says a line after each step it has been promised is kept.
#[tokio::test]
async fn other_process() {
    let (Ok(role), Ok(directory)) = (std::env::var(ROLE), std::env::var(DIRECTORY)) else { return };
    let (store, lock) = open(Path::new(&directory)).await;
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
fn start(role: &str, directory: &Path, steps: usize) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::crash::other_process", "--nocapture", "--test-threads=1"])
        .env(ROLE, role)
        .env(DIRECTORY, directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let said = lines.map(Result::unwrap).filter(|line| line == "step").take(steps).count();
    assert_eq!(said, steps, "the other process ended early");
    child
}

#[tokio::test]
async fn a_process_killed_while_saving_leaves_whole_batches_and_can_be_repeated() {
    let (_directory, smooth, lock) = record().await;
    for number in 0..BATCHES {
        smooth.save_listings(&lock, &batch(number)).await.unwrap();
    }
    for acknowledged in [1, 4, 9] {
        let directory = tempfile::tempdir().unwrap();
        let mut child = start("save", directory.path(), 1 + acknowledged);
        child.kill().unwrap();
        child.wait().unwrap();
        let (store, lock) = open(directory.path()).await;
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

#[tokio::test]
async fn a_lock_held_by_another_process_names_it_and_ends_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = start("hold the lock", directory.path(), 1);
    let store = Store::open_existing(directory.path()).await.unwrap();
    let error = store.lock_for_writing().unwrap_err();
    let holder = child.id();
    assert!(matches!(&error, StoreError::Locked { holder: Some(pid), .. } if *pid == holder), "{error}");
    assert!(error.to_string().contains(&directory.path().display().to_string()));
    child.kill().unwrap();
    child.wait().unwrap();
    store.lock_for_writing().unwrap();
}
