//! What rules a listing out, told once more over whole listings and enterprises.

use super::*;
use crate::domain::{ApplicationNumber, PatentKind, normalised_name};

/// The rule in the words of the law and the trade, without offers, keys or seekers.
fn by_the_listing(listing: &Listing, enterprise: &Enterprise, today: Date) -> Result<(), Ineligible> {
    if listing.status != ListingStatus::Published {
        return Err(Ineligible::NotPublished);
    }
    let ends = [listing.terms.as_ref().and_then(|terms| terms.ends_on), listing.patent.expires_on()];
    if ends.into_iter().flatten().any(|last| last < today) {
        return Err(Ineligible::Ended);
    }
    let place = enterprise.location.as_ref().and_then(|location| location.division);
    if listing.terms.as_ref().is_some_and(|terms| terms.territory.covers(place) == Some(false)) {
        return Err(Ineligible::OutsideTerritory);
    }
    let name = normalised_name(&enterprise.name);
    let by_name = !name.is_empty() && listing.patent.holders.iter().any(|holder| normalised_name(holder) == name);
    let number = listing.patent.application_number.as_ref();
    let named = |own: &OwnPatent| number.is_some() && own.application_number.as_ref() == number;
    if by_name || enterprise.own_patents.iter().any(named) {
        return Err(Ineligible::OwnPatent);
    }
    Ok(())
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["样例（江北）公司", "样例(江北) 公司", "样例大学", "样例研究院", "。", ""])
        .prop_map(str::to_owned)
}

fn number() -> impl Strategy<Value = Option<ApplicationNumber>> {
    let bodies = vec!["202019900001", "202019900002", "85100001", "000085100001"];
    prop::option::weighted(0.7, prop::sample::select(bodies).prop_map(ApplicationNumber::from_body))
        .prop_map(Option::flatten)
}

fn location() -> impl Strategy<Value = Option<Location>> {
    let places = vec!["江苏省", "江苏省苏州市", "江苏省苏州市昆山市", "广东省深圳市", "北京市海淀区", "境外"];
    prop::option::weighted(0.8, prop::sample::select(places).prop_map(Location::parse))
}

fn day() -> impl Strategy<Value = Option<Date>> {
    prop::option::of(prop::sample::select(vec!["2005-12-31", "2006-01-01", "2025-12-31", "2026-01-01", "2026-01-02"]))
        .prop_map(|day| day.map(|day| day.parse().unwrap()))
}

fn terms() -> impl Strategy<Value = Option<LicenceTerms>> {
    let read = ["全国", "江苏省", "江苏省苏州市", "长三角、广东省深圳市", "见公告"].map(Territory::parse);
    let territories: Vec<Territory> = read.into_iter().chain([Territory::Divisions(Vec::new())]).collect();
    let terms = (day(), prop::sample::select(territories)).prop_map(|(ends_on, territory)| LicenceTerms {
        fee: Fee::Free,
        months: None,
        ends_on,
        territory,
        contact: None,
    });
    prop::option::weighted(0.8, terms)
}

prop_compose! {
    fn any_listing()(
        status in prop_oneof![8 => Just(ListingStatus::Published), 1 => Just(ListingStatus::Suspended), 1 => Just(ListingStatus::Draft)],
        terms in terms(), location in location(), application_number in number(), filed_on in day(),
        kind in prop::option::of(prop::sample::select(PatentKind::ALL.to_vec())),
        holders in prop::collection::vec(name(), 0..4),
    ) -> Listing {
        let bare = listing("a");
        let patent = Patent { application_number, kind, holders, location, filed_on, ..bare.patent };
        Listing { patent, terms, status, ..bare }
    }
}

prop_compose! {
    fn any_enterprise()(
        name in name(), location in location(), own in prop::collection::vec(number(), 0..4),
    ) -> Enterprise {
        let mut enterprise = Enterprise::named(&name, None);
        enterprise.location = location;
        let own = own.into_iter();
        enterprise.own_patents =
            own.map(|application_number| OwnPatent { title: String::new(), ipc: vec![], application_number }).collect();
        enterprise
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_facts_in_an_offer_rule_out_what_the_whole_listing_would(
        listing in any_listing(), enterprise in any_enterprise(),
    ) {
        let expected = by_the_listing(&listing, &enterprise, today());
        let (offer, seeker) = (Offer::of(&listing), Seeker::of(&enterprise));
        prop_assert_eq!(eligible(&listing.id, &offer, &seeker, today()), expected);
        let separately = on_offer(&offer, today()).is_ok()
            && within_territory(&offer, seeker.division())
            && !held_by(&offer, &seeker);
        prop_assert_eq!(separately, expected.is_ok());
    }

    #[test]
    fn an_enterprise_is_held_to_hold_what_its_keys_lead_to(listing in any_listing(), enterprise in any_enterprise()) {
        let (offer, seeker) = (Offer::of(&listing), Seeker::of(&enterprise));
        let by_name = seeker.holder().is_some_and(|name| offer.holders().any(|holder| holder == name));
        let by_number = offer.number().is_some_and(|number| seeker.own_numbers().contains(&number));
        prop_assert_eq!(held_by(&offer, &seeker), by_name || by_number);
    }
}

#[test]
fn what_a_firm_declined_or_licensed_is_not_shown_to_it_again() {
    let learnt = crate::domain::LearntInterest {
        declined: vec!["a".parse().unwrap()],
        licensed: vec!["b".parse().unwrap()],
        ..Default::default()
    };
    let seeker = Seeker::of(&Enterprise::named("样例公司", None)).taught(&learnt);
    let judged = |listing: Listing| eligible(&listing.id, &Offer::of(&listing), &seeker, today());
    assert_eq!(judged(listing("a")), Err(Ineligible::Declined));
    assert_eq!(judged(listing("b")), Err(Ineligible::Licensed));
    assert_eq!(judged(listing("c")), Ok(()));
    let kept: Seeker = serde_json::from_str(&serde_json::to_string(&seeker).unwrap()).unwrap();
    assert_eq!(kept, seeker, "a batch keeps it");
}

#[test]
fn the_cases_above_meet_every_outcome() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut met: HashMap<String, u32> = HashMap::new();
    for _ in 0..1_000 {
        let (listing, enterprise) =
            (any_listing(), any_enterprise()).new_tree(&mut runner).map(|tree| tree.current()).unwrap();
        let outcome = by_the_listing(&listing, &enterprise, today());
        *met.entry(outcome.map_or_else(|reason| reason.to_string(), |()| "passes".to_owned())).or_default() += 1;
    }
    assert!(met.len() == 5 && met.values().all(|count| *count > 20), "{met:?}");
}
