//! What each listing teaches of a firm: the one of its events that counts, and how much.
//!
//! Rocchio (1971) moves a question towards what was relevant and away from what was not; Salton and Buckley (1990) found
//! it best to let the relevant speak louder. Here the relevant come in degrees, by what the firm was willing to do.

use std::collections::BTreeMap;

use crate::domain::{DeclineCode, FeedbackEvent, FeedbackKind, Lesson, ListingId};

/// How much each deed says that the firm wants more of the kind. Looking costs a click and is as often a mistake; a saved
/// listing was judged; whoever asks has someone to use it; a licence is paid for. Ordered by effort; only their ratios count
/// among the listings of one firm.
fn weight_of(kind: FeedbackKind) -> f64 {
    match kind {
        FeedbackKind::Licensed => 4.0,
        FeedbackKind::Enquired => 3.0,
        FeedbackKind::Saved => 2.0,
        FeedbackKind::Opened => 0.5,
        FeedbackKind::Declined(code) => weight_of_decline(code),
    }
}

/// How much a decline says that the firm wants less of the kind: only one reason is about the technology.
fn weight_of_decline(code: DeclineCode) -> f64 {
    match code {
        // The one answer that speaks of the field.
        DeclineCode::NotOurField => -2.0,
        // Speaks of the fee: a cheaper listing of the kind may be just right.
        DeclineCode::TooDear => 0.0,
        // The field is right and the need is met: neither more of it nor less.
        DeclineCode::OwnSolution => 0.0,
        // Speaks of how ripe this one patent is.
        DeclineCode::TooEarly => 0.0,
        // Speak of how this one listing is written.
        DeclineCode::BenefitUnclear | DeclineCode::TooVague => 0.0,
        // Says nothing that could be acted on.
        DeclineCode::Other => 0.0,
    }
}

/// What all events of one firm that stand teach, in the order of listing ids.
///
/// Of the events of one listing one counts: a licence, whatever came before or after; else, where the firm declined, that,
/// unless it saved or asked for the listing later; else what took most effort. Among equals the latest, then the greatest id.
#[must_use]
pub fn lessons<'a>(events: impl IntoIterator<Item = &'a FeedbackEvent>) -> Vec<Lesson> {
    let mut by_listing: BTreeMap<&ListingId, Vec<&FeedbackEvent>> = BTreeMap::new();
    for event in events {
        by_listing.entry(&event.listing).or_default().push(event);
    }
    by_listing.into_values().filter_map(|events| deciding(&events)).map(lesson).collect()
}

fn deciding<'a>(events: &[&'a FeedbackEvent]) -> Option<&'a FeedbackEvent> {
    let latest = |wanted: fn(FeedbackKind) -> bool| {
        events.iter().copied().filter(|event| wanted(event.kind)).max_by_key(|event| (event.at, &event.id))
    };
    let licensed = latest(|kind| kind == FeedbackKind::Licensed);
    let declined = latest(|kind| matches!(kind, FeedbackKind::Declined(_)));
    let wanted_since = |declined: &FeedbackEvent| {
        let wanted = latest(|kind| matches!(kind, FeedbackKind::Saved | FeedbackKind::Enquired));
        wanted.is_some_and(|wanted| (wanted.at, &wanted.id) > (declined.at, &declined.id))
    };
    let strongest = || {
        let deeds = events.iter().copied().filter(|event| !matches!(event.kind, FeedbackKind::Declined(_)));
        deeds.max_by(|a, b| {
            weight_of(a.kind).total_cmp(&weight_of(b.kind)).then_with(|| (a.at, &a.id).cmp(&(b.at, &b.id)))
        })
    };
    licensed.or(declined.filter(|declined| !wanted_since(declined))).or_else(strongest)
}

fn lesson(event: &FeedbackEvent) -> Lesson {
    Lesson {
        listing: event.listing.clone(),
        event: event.id.clone(),
        kind: event.kind,
        weight: weight_of(event.kind),
        set_aside: matches!(event.kind, FeedbackKind::Declined(_) | FeedbackKind::Licensed),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(id: usize, listing: &str, kind: FeedbackKind, at: i64) -> FeedbackEvent {
        let (id, delivery) = (format!("e{id}").parse().unwrap(), "d".parse().unwrap());
        FeedbackEvent { id, delivery, listing: listing.parse().unwrap(), kind, at }
    }

    fn counts(events: &[(FeedbackKind, i64)]) -> FeedbackKind {
        let events: Vec<_> = events.iter().enumerate().map(|(id, (kind, at))| event(id, "a", *kind, *at)).collect();
        lessons(&events)[0].kind
    }

    const DECLINED: FeedbackKind = FeedbackKind::Declined(DeclineCode::NotOurField);

    #[test]
    fn what_took_more_effort_counts_whenever_it_was() {
        use FeedbackKind::{Enquired, Licensed, Opened, Saved};
        assert_eq!(counts(&[(Saved, 1), (Opened, 9)]), Saved);
        assert_eq!(counts(&[(Opened, 1), (Enquired, 2), (Saved, 3)]), Enquired);
        assert_eq!(counts(&[(Licensed, 1), (DECLINED, 2)]), Licensed, "a licence is a fact");
    }

    #[test]
    fn a_decline_stands_until_the_firm_wants_the_listing_after_all() {
        use FeedbackKind::{Enquired, Opened, Saved};
        assert_eq!(counts(&[(Saved, 1), (DECLINED, 2)]), DECLINED);
        assert_eq!(counts(&[(DECLINED, 1), (Opened, 2)]), DECLINED, "a look takes nothing back");
        assert_eq!(counts(&[(DECLINED, 1), (Enquired, 2)]), Enquired);
        let dear = FeedbackKind::Declined(DeclineCode::TooDear);
        assert_eq!(counts(&[(DECLINED, 1), (dear, 2)]), dear, "the later reason");
    }

    #[test]
    fn only_a_decline_of_the_field_speaks_against_it_and_every_decline_sets_the_listing_aside() {
        for code in DeclineCode::ALL {
            let lesson = &lessons(&[event(1, "a", FeedbackKind::Declined(code), 1)])[0];
            assert!(lesson.set_aside);
            assert_eq!(lesson.weight < 0.0, code == DeclineCode::NotOurField, "{code:?}");
        }
        let lesson = &lessons(&[event(1, "a", FeedbackKind::Licensed, 1)])[0];
        assert!(lesson.set_aside && lesson.weight > 0.0, "a licence is not offered twice");
    }

    fn kind() -> impl Strategy<Value = FeedbackKind> {
        use FeedbackKind::{Enquired, Licensed, Opened, Saved};
        prop_oneof![Just(Opened), Just(Saved), Just(Enquired), Just(Licensed), Just(DECLINED)]
    }

    proptest! {
        #[test]
        fn the_order_events_come_in_and_how_often_changes_nothing(
            given in prop::collection::vec((0..3usize, kind(), 0..4i64), 0..12),
            seed: prop::sample::Index,
        ) {
            let listings = ["a", "b", "c"];
            let events: Vec<_> =
                given.iter().enumerate().map(|(id, (of, kind, at))| event(id, listings[*of], *kind, *at)).collect();
            let mut turned = events.clone();
            if !turned.is_empty() {
                turned.rotate_left(seed.index(events.len()));
                turned.extend(events.first().cloned());
            }
            turned.reverse();
            prop_assert_eq!(lessons(&events), lessons(&turned));
        }
    }
}
