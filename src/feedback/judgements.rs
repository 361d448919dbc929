//! What firms' deeds say of how relevant each listing they were shown is to them, corrected for its place.

use std::collections::{BTreeMap, BTreeSet};

use super::examination::{Examination, Showing};
use super::lessons;
use crate::domain::{DeclineCode, Delivery, DeliveryId, EnterpriseId, FeedbackEvent, FeedbackKind, ListingId};

/// From this chance of having been looked at, doing nothing counts as not wanting.
const LOOKED_AT: f64 = 0.5;
/// The most that a judgement counts for those that its place kept from being made (clipping, as in Swaminathan and
/// Joachims, *Counterfactual risk minimization*, 2015).
const LARGEST_WEIGHT: f64 = 10.0;

/// How relevant a listing is to a firm, by what the firm did.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedbackJudgement {
    /// The firm.
    pub enterprise: EnterpriseId,
    /// The listing.
    pub listing: ListingId,
    /// 0 not relevant, to 3 highly relevant.
    pub grade: u8,
    /// One over the chance that any of the places it was shown at was looked at, at most ten: for how many like it, shown so
    /// far down, this judgement stands (inverse propensity: Joachims, Swaminathan, Schnabel, *Unbiased learning-to-rank
    /// with biased feedback*, 2017).
    pub weight: f64,
}

/// What a firm's deed says of the listing; `None` where it says nothing. A licence or a question means somebody would use it.
/// Whoever finds the fee too high or the thing too early was offered something of its field, which is what matching is
/// about.
fn grade_of(kind: FeedbackKind) -> Option<u8> {
    match kind {
        FeedbackKind::Licensed | FeedbackKind::Enquired => Some(3),
        FeedbackKind::Saved => Some(2),
        FeedbackKind::Opened => Some(1),
        FeedbackKind::Declined(DeclineCode::NotOurField) => Some(0),
        FeedbackKind::Declined(
            DeclineCode::TooDear | DeclineCode::TooEarly | DeclineCode::BenefitUnclear | DeclineCode::OwnSolution,
        ) => Some(1),
        FeedbackKind::Declined(DeclineCode::TooVague | DeclineCode::Other) => None,
    }
}

/// A deed as the record keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// What was done.
    pub event: &'a FeedbackEvent,
    /// Whether the firm has not taken it back.
    pub stands: bool,
}

/// The judgements that deliveries and deeds amount to, by firm and listing, and how likely places are looked at. The order of
/// either changes nothing.
///
/// Of several deeds with one listing one counts, as in [`lessons`]. A listing that was shown and not touched is judged 0 where
/// it was looked at with a chance of one half or more; further down nothing is known of it. Whatever a firm has taken back
/// says nothing, not even that the place was looked at. Deeds with deliveries that are not given are passed over.
#[must_use]
pub fn judgements(deliveries: &[Delivery], deeds: &[Deed<'_>]) -> (Vec<FeedbackJudgement>, Examination) {
    let shown = Shown::of(deliveries, deeds);
    let examination = Examination::fitted(&shown.showings);
    let events = by_firm(deliveries, deeds);
    let mut grades: BTreeMap<(&EnterpriseId, &ListingId), Option<u8>> = BTreeMap::new();
    for (enterprise, events) in &events {
        for lesson in lessons(events.iter().copied()) {
            let listing = events.iter().map(|event| &event.listing).find(|listing| **listing == lesson.listing);
            listing.map(|listing| grades.insert((enterprise, listing), grade_of(lesson.kind)));
        }
    }
    let mut missed = vec![1.0; shown.pairs.len()];
    shown.showings.iter().for_each(|showing| missed[showing.pair] *= 1.0 - examination.at(showing.place));
    let judged = shown.pairs.iter().zip(missed).filter_map(|(&(enterprise, listing), missed)| {
        let looked: f64 = 1.0 - missed;
        let grade = match grades.get(&(enterprise, listing)) {
            Some(of_deed) => (*of_deed)?,
            None if looked >= LOOKED_AT => 0,
            None => return None,
        };
        let weight = (1.0 / looked).min(LARGEST_WEIGHT);
        Some(FeedbackJudgement { enterprise: enterprise.clone(), listing: listing.clone(), grade, weight })
    });
    (judged.collect(), examination)
}

/// What was shown, without what was taken back.
struct Shown<'a> {
    showings: Vec<Showing>,
    /// The firms and listings by their numbers.
    pairs: Vec<(&'a EnterpriseId, &'a ListingId)>,
}

impl<'a> Shown<'a> {
    fn of(deliveries: &'a [Delivery], deeds: &[Deed<'_>]) -> Self {
        let mut deliveries: Vec<&Delivery> = deliveries.iter().collect();
        deliveries.sort_by_key(|delivery| &delivery.id);
        let deeds_with = |stands: bool| -> BTreeSet<(&DeliveryId, &ListingId)> {
            let wanted = deeds.iter().filter(|deed| deed.stands == stands);
            wanted.map(|deed| (&deed.event.delivery, &deed.event.listing)).collect()
        };
        let (touched, taken_back) = (deeds_with(true), deeds_with(false));
        let silent = |place: &(&DeliveryId, &ListingId)| taken_back.contains(place) && !touched.contains(place);
        let places = deliveries.iter().flat_map(|delivery| {
            delivery.listings.iter().zip(1..).map(move |(listing, place)| (*delivery, listing, place))
        });
        let places: Vec<(&Delivery, &ListingId, usize)> =
            places.filter(|(delivery, listing, _)| !silent(&(&delivery.id, listing))).collect();
        let pairs: BTreeSet<_> = places.iter().map(|(delivery, listing, _)| (&delivery.enterprise, *listing)).collect();
        let pairs: Vec<_> = pairs.into_iter().collect();
        let number =
            |delivery: &Delivery, listing| pairs.binary_search(&(&delivery.enterprise, listing)).unwrap_or_default();
        let showings = places.iter().map(|&(delivery, listing, place)| Showing {
            place,
            pair: number(delivery, listing),
            touched: touched.contains(&(&delivery.id, listing)),
        });
        Self { showings: showings.collect(), pairs }
    }
}

/// The deeds that stand, by the firm that was shown their listings.
fn by_firm<'a>(deliveries: &'a [Delivery], deeds: &[Deed<'a>]) -> BTreeMap<&'a EnterpriseId, Vec<&'a FeedbackEvent>> {
    let firms: BTreeMap<&DeliveryId, &EnterpriseId> =
        deliveries.iter().map(|delivery| (&delivery.id, &delivery.enterprise)).collect();
    let mut events: BTreeMap<&EnterpriseId, Vec<&FeedbackEvent>> = BTreeMap::new();
    for deed in deeds.iter().filter(|deed| deed.stands) {
        if let Some(firm) = firms.get(&deed.event.delivery) {
            events.entry(firm).or_default().push(deed.event);
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn delivery(id: &str, firm: &str, listings: &[&str]) -> Delivery {
        let listings = listings.iter().map(|id| id.parse().unwrap()).collect();
        Delivery { id: id.parse().unwrap(), enterprise: EnterpriseId::from_known(firm), at: 0, listings }
    }

    fn event(id: usize, delivery: &str, listing: &str, kind: FeedbackKind) -> FeedbackEvent {
        let (id, delivery) = (format!("e{id}").parse().unwrap(), delivery.parse().unwrap());
        FeedbackEvent { id, delivery, listing: listing.parse().unwrap(), kind, at: 1 }
    }

    fn judged(deliveries: &[Delivery], events: &[FeedbackEvent], stands: bool) -> Vec<(String, String, u8)> {
        let deeds: Vec<_> = events.iter().map(|event| Deed { event, stands }).collect();
        let (judgements, _) = judgements(deliveries, &deeds);
        judgements.into_iter().map(|j| (j.enterprise.to_string(), j.listing.to_string(), j.grade)).collect()
    }

    const LIST: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

    #[test]
    fn what_was_passed_over_is_not_relevant_and_what_was_hardly_seen_is_not_judged() {
        let shown = [delivery("d1", "firm", &LIST)];
        let found = judged(&shown, &[event(1, "d1", "c", FeedbackKind::Saved)], true);
        let grades: Vec<(&str, u8)> = found.iter().map(|(_, listing, grade)| (listing.as_str(), *grade)).collect();
        assert_eq!(grades[..3], [("a", 0), ("b", 0), ("c", 2)]);
        assert!(grades.len() < LIST.len(), "the last places are seen too rarely: {grades:?}");
    }

    #[test]
    fn the_further_down_the_more_a_judgement_stands_for() {
        let deed = |listing: &str| event(1, "d1", listing, FeedbackKind::Enquired);
        let weight = |listing: &str| {
            let (shown, event) = ([delivery("d1", "firm", &LIST)], deed(listing));
            let (judgements, _) = judgements(&shown, &[Deed { event: &event, stands: true }]);
            judgements.iter().find(|judged| judged.listing.as_str() == listing).unwrap().weight
        };
        assert_eq!(weight("a"), 1.0);
        assert!(weight("d") > 1.5 && weight("h") > weight("d") && weight("h") <= LARGEST_WEIGHT);
    }

    #[test]
    fn what_was_taken_back_says_nothing() {
        let shown = [delivery("d1", "firm", &["a", "b"])];
        let found = judged(&shown, &[event(1, "d1", "a", FeedbackKind::Licensed)], false);
        assert_eq!(found, [("firm".to_owned(), "b".to_owned(), 0)]);
    }

    #[test]
    fn a_decline_tells_of_the_field_only_where_it_is_about_the_field() {
        let shown = [delivery("d1", "firm", &["a"])];
        let grade =
            |code| judged(&shown, &[event(1, "d1", "a", FeedbackKind::Declined(code))], true).pop().map(|j| j.2);
        assert_eq!(grade(DeclineCode::NotOurField), Some(0));
        assert_eq!((grade(DeclineCode::TooDear), grade(DeclineCode::OwnSolution)), (Some(1), Some(1)));
        assert_eq!((grade(DeclineCode::TooVague), grade(DeclineCode::Other)), (None, None));
    }

    #[test]
    fn what_is_shown_again_and_again_is_seen_in_the_end() {
        let often: Vec<Delivery> = (0..9).map(|id| delivery(&format!("d{id}"), "firm", &LIST)).collect();
        let last = |shown: &[Delivery]| judged(shown, &[], true).iter().any(|(_, listing, _)| listing == "h");
        assert!(!last(&often[..1]) && last(&often));
    }

    proptest! {
        #[test]
        fn the_order_of_deliveries_and_deeds_changes_nothing(
            deeds in prop::collection::vec((0..3usize, 0..8usize, 0..4usize), 0..12),
            turned: prop::sample::Index,
        ) {
            use FeedbackKind::{Enquired, Licensed, Opened, Saved};
            let mut shown: Vec<_> = ["x", "y", "x"].iter().enumerate()
                .map(|(id, firm)| delivery(&format!("d{id}"), firm, &LIST)).collect();
            let mut events: Vec<_> = deeds.iter().enumerate()
                .map(|(id, (of, listing, kind))| {
                    event(id, &format!("d{of}"), LIST[*listing], [Opened, Saved, Enquired, Licensed][*kind])
                })
                .collect();
            let before = judged(&shown, &events, true);
            shown.reverse();
            if !events.is_empty() {
                let by = turned.index(events.len());
                events.rotate_left(by);
            }
            prop_assert_eq!(before, judged(&shown, &events, true));
        }
    }
}
