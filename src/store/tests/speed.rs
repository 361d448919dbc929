use std::time::{Duration, Instant};

use super::backend::{Backend, on_each_backend};
use super::example::full;
use crate::domain::Listing;

on_each_backend!(a_whole_catalogue_is_saved_in_seconds);

/// The catalogue the evaluation runs on; its budget is 3 seconds in a release build on a quiet machine. The bound here
/// leaves room for a debug build on a busy one: it catches a query without an index or a statement for each row.
async fn a_whole_catalogue_is_saved_in_seconds(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let catalogue: Vec<Listing> = (0..36_735).map(full).collect();
    for pass in ["new", "known"] {
        let start = Instant::now();
        for batch in catalogue.chunks(1000) {
            store.save_listings(&lock, batch).await.unwrap();
        }
        let elapsed = start.elapsed();
        eprintln!("{backend:?}: 36,735 {pass} listings saved in {elapsed:?}");
        assert!(elapsed < Duration::from_secs(60), "{elapsed:?}");
    }
    assert_eq!(store.listing_count().await.unwrap(), 36_735);
}
