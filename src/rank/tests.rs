//! The rules of ranking.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::domain::{
    Enterprise, Evidence, Fee, LicenceTerms, Listing, ListingStatus, Location, Money, OwnPatent, Patent, ProfilePart,
    Territory,
};

mod arrangement;
mod eligibility;
mod weights;

fn listing(id: &str) -> Listing {
    let patent = Patent {
        application_number: None,
        publication_number: None,
        kind: None,
        title: "一种锂离子电池隔膜".into(),
        abstract_text: String::new(),
        claim: String::new(),
        ipc: vec!["H01M50/409".parse().unwrap()],
        holders: vec!["样例江南理工大学".into()],
        location: Some(Location::parse("江苏省南京市")),
        filed_on: None,
        published_on: None,
        predicted: None,
    };
    let terms = LicenceTerms {
        fee: Fee::PerYear { amount: wan(2) },
        months: Some(36),
        ends_on: Some("2028-12-31".parse().unwrap()),
        territory: Territory::Nationwide,
        contact: None,
    };
    Listing {
        id: id.parse().unwrap(),
        patent,
        holder_kind: None,
        terms: Some(terms),
        status: ListingStatus::Published,
        announced_on: None,
    }
}

fn wan(amount: i64) -> Money {
    Money::from_fen(amount * 1_000_000).unwrap()
}

fn candidate(id: &str, features: [f64; 5]) -> Candidate {
    Candidate { listing: id.parse().unwrap(), features }
}

fn enterprise() -> Enterprise {
    let mut enterprise = Enterprise::named("样例江北锂电材料有限公司", None);
    enterprise.budget_per_year = Some(wan(4));
    enterprise
}

fn today() -> Date {
    "2026-01-01".parse().unwrap()
}

fn ranked(enterprise: &Enterprise, candidates: &[Candidate], listings: Vec<Listing>) -> Vec<Ranked> {
    let request = Request { seeker: &Seeker::of(enterprise), today: today(), weights: &Weights::default() };
    let offers = offers(&listings);
    rank(candidates, |id| offers.get(id), request, 10).unwrap()
}

fn offers(listings: &[Listing]) -> HashMap<ListingId, Offer> {
    listings.iter().map(|listing| (listing.id.clone(), Offer::of(listing))).collect()
}

fn judged(listing: &Listing, enterprise: &Enterprise) -> Result<(), Ineligible> {
    eligible(&listing.id, &Offer::of(listing), &Seeker::of(enterprise), today())
}

#[test]
fn a_dearer_licence_ranks_below_an_equal_cheaper_one() {
    let mut dear = listing("a");
    dear.terms.as_mut().unwrap().fee = Fee::PerYear { amount: wan(8) };
    let features = [0.1, 0.2, 0.0, 0.0, 0.0];
    let order = ranked(&enterprise(), &[candidate("a", features), candidate("b", features)], vec![dear, listing("b")]);
    assert_eq!(order.iter().map(|r| r.listing.as_str()).collect::<Vec<_>>(), ["b", "a"]);
}

#[test]
fn no_fee_makes_a_listing_fit_that_does_not() {
    let mut free = listing("a");
    free.terms.as_mut().unwrap().fee = Fee::Free;
    let order = ranked(
        &enterprise(),
        &[candidate("a", [0.0, 0.02, 0.0, 0.0, 0.0]), candidate("b", [0.1, 0.2, 0.0, 0.0, 0.0])],
        vec![free, listing("b")],
    );
    assert_eq!(order[0].listing.as_str(), "b");
}

#[test]
fn what_may_not_be_shown_is_left_out() {
    type Change = fn(&mut Listing);
    let rules: [(Change, Ineligible); 4] = [
        (|l| l.status = ListingStatus::Withdrawn, Ineligible::NotPublished),
        (|l| l.terms.as_mut().unwrap().ends_on = Some("2025-12-31".parse().unwrap()), Ineligible::Ended),
        (|l| l.terms.as_mut().unwrap().territory = Territory::parse("广东省"), Ineligible::OutsideTerritory),
        (|l| l.patent.holders = vec!["样例江北锂电材料 有限公司".into()], Ineligible::OwnPatent),
    ];
    let mut firm = enterprise();
    firm.location = Some(Location::parse("江苏省"));
    for (change, reason) in rules {
        let mut ruled_out = listing("a");
        assert_eq!(judged(&ruled_out, &firm), Ok(()));
        change(&mut ruled_out);
        assert_eq!(judged(&ruled_out, &firm), Err(reason));
        assert!(ranked(&firm, &[candidate("a", [0.1; 5])], vec![ruled_out]).is_empty());
    }
}

#[test]
fn a_patent_named_as_own_is_not_recommended() {
    let number = crate::domain::ApplicationNumber::from_body("202019900001").unwrap();
    let mut own = listing("a");
    own.patent.application_number = Some(number.clone());
    let mut firm = enterprise();
    firm.own_patents = vec![OwnPatent { title: "隔膜".into(), ipc: vec![], application_number: Some(number) }];
    assert_eq!(judged(&own, &firm), Err(Ineligible::OwnPatent));
}

#[test]
fn the_last_day_of_an_offer_still_counts() {
    let mut last = listing("a");
    last.terms.as_mut().unwrap().ends_on = Some(today());
    assert_eq!(judged(&last, &enterprise()), Ok(()));
}

#[test]
fn an_explanation_names_the_words_the_classes_and_the_terms() {
    let mut firm = enterprise();
    firm.location = Some(Location::parse("江苏省苏州市"));
    let evidence = |kind, term: &str, part, weight| Evidence { kind, term: term.into(), part, weight };
    let evidence = [
        evidence(EvidenceKind::Words, "隔膜", Some(ProfilePart::Products), 0.06),
        evidence(EvidenceKind::Words, "锂离子电池", Some(ProfilePart::Needs), 0.03),
        evidence(EvidenceKind::Words, "电池", Some(ProfilePart::Needs), 0.01),
        evidence(EvidenceKind::Bigrams, "隔膜", Some(ProfilePart::Products), 0.1),
        evidence(EvidenceKind::Bigrams, "池隔", Some(ProfilePart::Products), 0.1),
        evidence(EvidenceKind::Ipc, "H01M", Some(ProfilePart::OwnPatents), 0.02),
        evidence(EvidenceKind::Ipc, "H01M50/409", Some(ProfilePart::OwnPatents), 0.03),
        evidence(EvidenceKind::LikelyIpc, "H01M", None, 0.01),
        evidence(EvidenceKind::Meaning, "", None, 0.02),
    ];
    let ranked = &ranked(&firm, &[candidate("a", [0.1, 0.2, 0.05, 0.01, 0.02])], vec![listing("a")])[0];
    let explained = explain(ranked, &evidence, &listing("a"), &firm, ranked.score);
    let text: Vec<String> =
        explained.explanation.reasons.iter().map(|reason| format!("{:+.2} {}", reason.score, reason.text)).collect();
    insta::assert_snapshot!(text.join("\n"), @"
    +20.00 标题中“隔膜”与企业画像字面一致
    +5.75 与企业自有专利同属 H01M50/409（用于直接转变化学能为电能的方法或装置，例如电池组）
    +5.00 与技术需求共有“锂离子电池”，与主要产品共有“隔膜”
    +2.40 含义与企业名称及所属行业相近（不限于相同用词）
    +1.72 许可费：2万元/年，在每年预算之内
    +1.72 专利权人同在江苏省
    +1.20 企业画像及与之相近的专利指向 H01M（用于直接转变化学能为电能的方法或装置，例如电池组），本专利同属该小类，技术领域“电机、装置、能源”
    ");
}

proptest! {
    #[test]
    fn the_parts_sum_to_the_score_and_the_order_is_total(
        features in prop::collection::vec(prop::array::uniform5(0.0f64..1.0), 1..30), fee in 0i64..20,
    ) {
        let ids: Vec<String> = (0..features.len()).map(|n| format!("L{n:02}")).collect();
        let candidates: Vec<Candidate> = ids.iter().zip(&features).map(|(id, f)| candidate(id, *f)).collect();
        let listings: Vec<Listing> = ids.iter().map(|id| {
            let mut listing = listing(id);
            listing.terms.as_mut().unwrap().fee = Fee::LumpSum { amount: wan(fee) };
            listing
        }).collect();
        let once = ranked(&enterprise(), &candidates, listings.clone());
        for ranked in &once {
            let sum: f64 = ranked.parts.iter().map(|(_, part)| part).sum();
            prop_assert!((sum - ranked.score.value()).abs() < 1e-9);
            let explained = explain(ranked, &[], &listings[0], &enterprise(), once[0].score);
            let weak = explained.explanation.remarks.iter().any(|remark| remark.contains("较弱"));
            prop_assert_eq!(weak, ranked.score.value() < 0.25 * once[0].score.value());
            let told: f64 = explained.explanation.reasons.iter().map(|reason| reason.score).sum();
            prop_assert!((told - ranked.score.value()).abs() < 1e-9);
        }
        let mut shuffled = candidates;
        shuffled.reverse();
        prop_assert_eq!(ranked(&enterprise(), &shuffled, listings), once);
    }

    #[test]
    fn a_short_list_is_the_head_of_the_long_one(
        features in prop::collection::vec(prop::array::uniform5(prop::sample::select(vec![0.0, 0.1, 0.2])), 0..30), limit in 0usize..32,
    ) {
        let candidates: Vec<Candidate> =
            features.iter().enumerate().map(|(n, f)| candidate(&format!("L{:02}", n * 7 % 30), *f)).collect();
        let (offer, seeker) = (Offer::of(&listing("a")), Seeker::of(&enterprise()));
        let request = Request { seeker: &seeker, today: today(), weights: &Weights::default() };
        let of = |limit| rank(&candidates, |_| Some(&offer), request, limit).unwrap();
        prop_assert_eq!(of(limit), &of(usize::MAX)[..limit.min(candidates.len())]);
    }

    #[test]
    fn a_score_that_is_no_number_is_refused(place in 0usize..5, bad in prop::sample::select(vec![f64::NAN, f64::INFINITY])) {
        let mut features = [0.1; 5];
        features[place] = bad;
        let offer = Offer::of(&listing("a"));
        let request = Request { seeker: &Seeker::of(&enterprise()), today: today(), weights: &Weights::default() };
        let refused = rank(&[candidate("a", features)], |_| Some(&offer), request, 10);
        prop_assert!(matches!(refused, Err(RankError::Score { .. })), "{refused:?}");
    }
}
