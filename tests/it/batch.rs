//! Matching everybody: the lists of a full run, brought up to date, and read from the side of a listing.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use duijie::domain::{Enterprise, EnterpriseId, ListingStatus};
use duijie::engine::{Engine, EngineError, Progress, WhyAll};
use duijie::store::Store;

use crate::fixtures::Catalogue;
use crate::made_up::{Twins, World, days_later, exported, first_day, kept};

/// Few, so that lists run short and are filled again.
const LENGTH: usize = 3;

/// Runs a step until it panics, as its progress is made to.
async fn cut_off<T>(step: impl Future<Output = T>) {
    let mut step = pin!(step);
    let poll =
        |context: &mut std::task::Context<'_>| match catch_unwind(AssertUnwindSafe(|| step.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(_)) => panic!("the step came to its end"),
            Err(_) => Poll::Ready(()),
        };
    std::future::poll_fn(poll).await;
}

/// A progress that ends the process, so to speak, once something is done.
fn stop(progress: Progress) {
    assert_eq!(progress.done, 0, "cut off by the test");
}

/// The listings kept for the enterprise that has most.
async fn longest_list(catalogue: &Catalogue) -> Vec<duijie::domain::ListingId> {
    let lists = kept(catalogue.directory.path()).await;
    let longest = lists.into_iter().max_by_key(|(_, listings)| listings.len()).unwrap().1;
    longest.into_iter().map(|(listing, _)| listing).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_worked_in_give_the_lists_of_a_full_run() {
    for seed in [1, 2, 3] {
        let mut world = World::of(seed, 400, 60);
        let twins = Twins::of(&world).await;
        let first = twins.assert_alike(LENGTH, days_later(0)).await;
        assert_eq!((first.why_all, first.matched), (Some(WhyAll::NoRun), 60));

        world.change_listings(9);
        world.change_firms(6);
        twins.save(&world).await;
        let some = twins.assert_alike(LENGTH, days_later(0)).await;
        assert!(some.why_all.is_none() && some.matched < 40 && some.adjusted > 0, "{some:?}");

        // A list of fourteen that loses twelve runs short.
        longest_list(&twins.changes).await[..12].iter().for_each(|id| world.withdraw(id));
        twins.save(&world).await;
        let gaps = twins.assert_alike(LENGTH, days_later(0)).await;
        assert!(gaps.why_all.is_none() && gaps.matched > 0 && gaps.adjusted > 0, "{gaps:?}");

        let again = twins.changes.engine.match_changes(LENGTH, days_later(0), &|_| ()).await.unwrap();
        assert_eq!((again.matched, again.adjusted, again.why_all), (0, 0, None), "nothing has changed");

        world.change_listings(6);
        world.change_firms(12);
        twins.save(&world).await;
        for day in [12, 29, 5] {
            let moved = twins.assert_alike(LENGTH, days_later(day)).await;
            assert!(moved.why_all.is_none() && moved.adjusted > 0, "{day}: {moved:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_more_than_a_tenth_has_changed_everything_is_matched_anew_and_said_so() {
    let mut world = World::of(9, 60, 20);
    let twins = Twins::of(&world).await;
    twins.assert_alike(LENGTH, first_day()).await;
    let ids: Vec<_> = world.listings.iter().map(|listing| listing.id.clone()).collect();
    ids[..6].iter().for_each(|id| world.withdraw(id));
    twins.save(&world).await;
    let tenth = twins.assert_alike(LENGTH, first_day()).await;
    assert_eq!(tenth.why_all, None);
    world.withdraw(&ids[6]);
    twins.save(&world).await;
    let more = twins.assert_alike(LENGTH, first_day()).await;
    assert_eq!((more.why_all, more.matched), (Some(WhyAll::OtherBasis), 20));
    world.withdraw(&ids[7]);
    twins.save(&world).await;
    assert_eq!(twins.assert_alike(LENGTH, first_day()).await.why_all, None, "counted from the new base");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_cut_off_goes_on_where_it_was_unless_something_has_changed_since() {
    let mut world = World::of(4, 120, 1_300);
    let twins = Twins::of(&world).await;
    let engine = &twins.changes.engine;
    let today = first_day();
    cut_off(engine.match_all(LENGTH, today, &stop)).await;
    let refused = engine.export_matches(&twins.changes.directory.path().join("early.csv")).await;
    assert!(matches!(refused, Err(EngineError::NotMatched)), "{refused:?}");
    let rest = engine.match_all(LENGTH, today, &|_| ()).await.unwrap();
    assert_eq!((rest.continued, rest.matched), (true, 300));
    assert_eq!(twins.assert_alike(LENGTH, today).await.why_all, None);

    cut_off(engine.match_all(LENGTH + 1, today, &stop)).await;
    world.change_listings(2);
    twins.save(&world).await;
    let report = twins.assert_alike(LENGTH + 1, today).await;
    assert_eq!((report.why_all, report.continued, report.matched), (Some(WhyAll::Unfinished), false, 1_300));
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_cut_off_halfway_are_worked_in_by_the_next_call_whatever_its_day() {
    let mut world = World::of(5, 300, 1_200);
    let twins = Twins::of(&world).await;
    let engine = &twins.changes.engine;
    twins.assert_alike(LENGTH, days_later(0)).await;

    cut_off(engine.match_changes(LENGTH, days_later(20), &stop)).await;
    twins.assert_alike(LENGTH, days_later(0)).await;
    cut_off(engine.match_changes(LENGTH, days_later(20), &stop)).await;
    let anew = engine.match_all(LENGTH, days_later(0), &|_| ()).await.unwrap();
    assert_eq!(anew.matched, 1_200, "lists of two days are not taken for a finished run");
    twins.assert_alike(LENGTH, days_later(0)).await;

    world.change_listings(9);
    world.change_firms(3);
    twins.save(&world).await;
    cut_off(engine.match_changes(LENGTH, days_later(0), &stop)).await;
    let report = twins.assert_alike(LENGTH, days_later(0)).await;
    assert!(report.why_all.is_none() && report.matched < 600, "on the same day little is done twice: {report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_finds_the_enterprises_that_find_it_with_the_same_scores() {
    let mut world = World::of(6, 250, 80);
    world.change_listings(20);
    let catalogue = Catalogue::empty().await;
    let (engine, directory) = (&catalogue.engine, catalogue.directory.path());
    world.save(directory).await;
    let today = days_later(10);
    let before = engine.enterprises_for(world.listings[0].id.as_str(), 5, today).await;
    assert!(matches!(before, Err(EngineError::NotMatched)), "{before:?}");
    engine.match_all(1_000, today, &|_| ()).await.unwrap();

    let mut sides: BTreeMap<_, BTreeMap<EnterpriseId, u64>> = BTreeMap::new();
    for (enterprise, listings) in kept(directory).await {
        assert!(listings.len() < 1_000, "lists hold all that fits");
        for (listing, score) in listings {
            sides.entry(listing).or_default().insert(enterprise.clone(), score);
        }
    }
    let (mut on_offer, mut pairs) = (0, 0);
    for listing in &world.listings {
        let id = listing.id.as_str();
        let found = engine.enterprises_for(id, 10_000, today).await;
        if listing.status != ListingStatus::Published || listing.available_until().unwrap() < today {
            assert!(matches!(found, Err(EngineError::UnknownListing { .. })), "{id}: {found:?}");
            assert!(!sides.contains_key(&listing.id), "{id} is not on offer");
            continue;
        }
        let found = found.unwrap();
        on_offer += 1;
        pairs += found.len();
        let bits: BTreeMap<_, _> =
            found.iter().map(|found| (found.enterprise.clone(), found.score.value().to_bits())).collect();
        assert_eq!(bits, sides.remove(&listing.id).unwrap_or_default(), "{id}");
        let best_first = |pair: &[duijie::engine::MatchedEnterprise]| {
            let (a, b) = (&pair[0], &pair[1]);
            a.score > b.score || (a.score == b.score && a.enterprise < b.enterprise)
        };
        assert!(found.windows(2).all(best_first), "{id}: best first, ties by id");
        for limit in [0, 1, 7] {
            let few = engine.enterprises_for(id, limit, today).await.unwrap();
            assert_eq!(few, found[..limit.min(found.len())], "{id}");
        }
        for found in &found {
            let parts: f64 = found.parts.iter().map(|(_, part)| part).sum();
            assert!((parts - found.score.value()).abs() < 1e-9 && found.name.starts_with("样例"), "{found:?}");
        }
    }
    assert!(on_offer > 150 && pairs > 5_000, "{on_offer} listings, {pairs} pairs");

    world.change_firms(3);
    world.save(directory).await;
    let outdated = engine.enterprises_for(world.listings[0].id.as_str(), 5, today).await;
    assert!(matches!(outdated, Err(EngineError::NotMatched)), "{outdated:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_rests_on_the_base_on_disk_also_in_a_process_that_knew_an_older_one() {
    let mut world = World::of(7, 60, 10);
    let Catalogue { engine: older, directory } = Catalogue::empty().await;
    world.save(directory.path()).await;
    older.match_all(LENGTH, first_day(), &|_| ()).await.unwrap();
    let ids: Vec<_> = world.listings[..10].iter().map(|listing| listing.id.clone()).collect();
    ids.iter().for_each(|id| world.withdraw(id));
    world.save(directory.path()).await;
    let newer = Engine::open_existing(directory.path()).await.unwrap();
    older.match_all(LENGTH, first_day(), &|_| ()).await.unwrap();
    let report = newer.match_changes(LENGTH, first_day(), &|_| ()).await.unwrap();
    assert_eq!((report.why_all, report.matched, report.adjusted), (None, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_a_spreadsheet_would_take_for_a_formula_is_exported_as_text() {
    let world = World::of(8, 30, 3);
    let catalogue = Catalogue::empty().await;
    let directory = catalogue.directory.path();
    world.save(directory).await;
    let store = Store::open(directory).await.unwrap();
    let mut firm = Enterprise::named("=样例，公司\"甲\"", None);
    firm.products = vec!["电池隔膜".to_owned()];
    store.save_enterprises(&store.lock_for_writing().await.unwrap(), &[firm]).await.unwrap();
    store.close().await;
    catalogue.engine.match_all(LENGTH, first_day(), &|_| ()).await.unwrap();
    let text = exported(&catalogue.engine, directory).await;
    assert!(text.starts_with("\u{feff}enterprise_id,enterprise,rank,listing_id,score\n"), "{text}");
    assert!(text.contains(r#","'=样例，公司""甲""",1,"#), "{text}");
    assert!(
        !text.lines().any(|line| line.starts_with(['=', '+', '-', '@']) || line.starts_with("\"=")),
        "nor its id: {text}"
    );
}
