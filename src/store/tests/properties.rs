use proptest::prelude::*;

use super::backend::on_all;
use super::example::{code, firm, patent, terms};
use crate::domain::{Date, Enterprise, Fee, Listing};
use crate::store::Saved;

/// Rows of four patents, known by one number or both, dated or not, some with terms, abstracts or claims.
fn row() -> impl Strategy<Value = Listing> {
    let numbers = (0u32..4, prop::sample::select(vec![(true, true), (true, false), (false, true)]));
    (numbers, 0i32..3, 0u8..3, any::<[bool; 2]>()).prop_map(|((serial, (by_a, by_p)), year, text, [fee, claim])| {
        let mut row = patent(by_a.then_some(serial), by_p.then_some(serial), &format!("第{text}稿"));
        row.announced_on = Date::new(2021 + year, 1, 1).filter(|_| year > 0);
        row.terms = fee.then(|| terms(if text == 0 { Fee::Free } else { Fee::Negotiable }));
        row.patent.claim = if claim { format!("权利要求{text}") } else { String::new() };
        row
    })
}

fn record_of_a_firm() -> impl Strategy<Value = Enterprise> {
    (0usize..3, prop::option::of(0usize..4), 0u8..4).prop_map(|(name, serial, product)| {
        let mut firm = firm(&format!("样例{name}公司"), serial.map(code), &format!("产品{product}"));
        firm.business = format!("业务{product}");
        firm
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_batch_of_listings_twice_is_unchanged(
        before in prop::collection::vec(row(), 0..6), batch in prop::collection::vec(row(), 1..12),
    ) {
        on_all(async |backend| {
            let (_home, store, lock) = backend.record().await;
            store.save_listings(&lock, &before).await.unwrap();
            store.save_listings(&lock, &batch).await.unwrap();
            let (state, revision) = (store.listing_changes(0, 100).await.unwrap(), store.listing_revision().await.unwrap());
            let again = store.save_listings(&lock, &batch).await.unwrap();
            prop_assert_eq!(again, Saved { unchanged: batch.len(), ..Saved::default() });
            prop_assert_eq!(store.listing_changes(0, 100).await.unwrap(), state);
            prop_assert_eq!(store.listing_revision().await.unwrap(), revision);
            Ok(())
        })?;
    }

    #[test]
    fn repeating_batches_after_a_crash_ends_in_the_same_state(
        first in prop::collection::vec(row(), 1..8), second in prop::collection::vec(row(), 1..8),
    ) {
        on_all(async |backend| {
            let (_once, smooth, lock) = backend.record().await;
            let (_twice, crashed, other) = backend.record().await;
            crashed.save_listings(&other, &first).await.unwrap();
            for batch in [&first, &second] {
                smooth.save_listings(&lock, batch).await.unwrap();
                crashed.save_listings(&other, batch).await.unwrap();
            }
            prop_assert_eq!(smooth.all_listings(None, 100).await.unwrap(), crashed.all_listings(None, 100).await.unwrap());
            Ok(())
        })?;
    }

    #[test]
    fn the_same_batch_of_enterprises_twice_changes_nothing(batch in prop::collection::vec(record_of_a_firm(), 1..12)) {
        on_all(async |backend| {
            let (_home, store, lock) = backend.record().await;
            let first = store.save_enterprises(&lock, &batch).await.unwrap();
            prop_assert_eq!(first.saved.added as u64, store.enterprise_count().await.unwrap());
            let state = store.enterprises(None, 100).await.unwrap();
            let again = store.save_enterprises(&lock, &batch).await.unwrap();
            prop_assert_eq!((again.saved.added, again.saved.changed), (0, 0));
            prop_assert_eq!(store.enterprises(None, 100).await.unwrap(), state);
            Ok(())
        })?;
    }
}
