use proptest::prelude::*;

use super::*;
use crate::domain::{ClaimFlag, DisputeStage, LicenceTerms, ListingStatus, Patent, PatentKind, Territory, claim_flags};

const HOLDER: &str = "样例江南理工大学";
const FIRM: &str = "样例江北锂电材料有限公司";

fn at(now: i64) -> Moment {
    Moment { today: "2026-11-22".parse().unwrap(), now }
}

fn listing(fee: Fee, months: Option<u16>) -> Listing {
    let patent = Patent {
        application_number: None,
        publication_number: None,
        kind: Some(PatentKind::UtilityModel),
        title: "一种膜".into(),
        abstract_text: String::new(),
        claim: String::new(),
        ipc: Vec::new(),
        holders: vec![HOLDER.into()],
        location: Some(Location {
            text: "江苏省苏州市样例路1号".into(), division: Some("320500".parse().unwrap())
        }),
        filed_on: Some("2018-03-01".parse().unwrap()),
        published_on: None,
        predicted: None,
    };
    let terms = Some(LicenceTerms { fee, months, ends_on: None, territory: Territory::Nationwide, contact: None });
    let (holder_kind, announced_on, status) = (None, None, ListingStatus::Published);
    Listing { id: "L".parse().unwrap(), patent, holder_kind, terms, status, announced_on }
}

fn wan(amount: i64) -> Money {
    Money::from_fen(amount * 1_000_000).unwrap()
}

fn licence(fee: Fee) -> Licence {
    Licence::accepted(listing(fee, Some(12)), &Enterprise::named(FIRM, None), at(100)).unwrap()
}

fn paid() -> Licence {
    licence(Fee::LumpSum { amount: wan(3) })
}

fn step(licence: &Licence, step: LicenceStep, actor: &Actor) -> Result<Licence, LicenceRefusal> {
    licence.take(&step, actor, at(200))
}

#[test]
fn it_lasts_as_published_and_no_longer_than_the_patent() {
    let with = |months| {
        let listing = listing(Fee::Free, months);
        Licence::accepted(listing, &Enterprise::named(FIRM, None), at(100)).unwrap().ends_on
    };
    assert_eq!(with(Some(12)), Some("2027-11-21".parse().unwrap()));
    let patent_ends = listing(Fee::Free, None).patent.expires_on();
    assert_eq!((with(Some(60)), with(None)), (patent_ends, patent_ends));
}

#[test]
fn there_must_be_terms_to_accept() {
    let firm = Enterprise::named(FIRM, None);
    let negotiable = Licence::accepted(listing(Fee::Negotiable, None), &firm, at(100));
    assert!(matches!(negotiable, Err(LicenceRefusal::ToBeAgreed { .. })));
    let plain = Licence::accepted(Listing { terms: None, ..listing(Fee::Free, None) }, &firm, at(100));
    assert!(matches!(plain, Err(LicenceRefusal::NothingPublished { .. })));
}

#[test]
fn what_is_due_is_paid_before_it_is_recorded() {
    let (bureau, holder, firm) = (Actor::bureau("备案员"), Actor::holder(HOLDER), Actor::enterprise(FIRM));
    let record = || LicenceStep::Record("备案 2026-1".into());
    assert!(matches!(step(&paid(), record(), &bureau), Err(LicenceRefusal::NotFromHere { .. })));
    let confirmed = step(&paid(), LicenceStep::ConfirmPayment("收据 1".into()), &holder).unwrap();
    let recorded = step(&confirmed, record(), &bureau).unwrap();
    let in_use = step(&recorded, LicenceStep::BeginUse, &firm).unwrap();
    assert_eq!((in_use.state, in_use.version), (LicenceState::InUse, 4));
    assert_eq!(in_use.payment.unwrap().evidence, "收据 1");
    for free in [Fee::Free, Fee::TrialThenPaid { free_months: 12, then: Box::new(Fee::PerYear { amount: wan(1) }) }] {
        assert_eq!(
            step(&licence(free), record(), &bureau).unwrap().state,
            LicenceState::Recorded,
            "nothing is due yet"
        );
    }
    let entry = Fee::UnitRoyalty { entry: wan(1), per_unit: wan(1), unit: "台".into() };
    assert_eq!(licence(entry).due_on_acceptance(), wan(1));
}

#[test]
fn a_refusal_is_on_record_and_can_be_set_aside() {
    let holder = Actor::holder(HOLDER);
    let silent = step(&paid(), LicenceStep::Refuse(" ".into()), &holder);
    assert_eq!(silent, Err(LicenceRefusal::NoText { step: LicenceVerb::Refuse }));
    let refused = step(&paid(), LicenceStep::Refuse("专利权转让中".into()), &holder).unwrap();
    assert_eq!((refused.state, refused.reason.as_str()), (LicenceState::Refused, "专利权转让中"));
    let back = step(&refused, LicenceStep::Reinstate("不得拒绝（专利法第五十一条）".into()), &Actor::bureau("甲"));
    assert_eq!(back.unwrap().state, LicenceState::Accepted);
    let another = step(&paid(), LicenceStep::Refuse("理由".into()), &Actor::holder("样例江北大学"));
    assert!(matches!(another, Err(LicenceRefusal::NotYours { .. })), "not a party");
}

#[test]
fn a_dispute_goes_forward_only_and_one_at_a_time() {
    let (holder, firm, bureau) = (Actor::holder(HOLDER), Actor::enterprise(FIRM), Actor::bureau("甲"));
    let none = step(&paid(), LicenceStep::Mediate("调解".into()), &bureau);
    assert!(matches!(none, Err(LicenceRefusal::NoDispute { .. })));
    let open = step(&paid(), LicenceStep::OpenDispute("未交付技术资料".into()), &firm).unwrap();
    let twice = step(&open, LicenceStep::OpenDispute("又一项".into()), &holder);
    assert!(matches!(twice, Err(LicenceRefusal::DisputeOpen { .. })));
    let court = step(&open, LicenceStep::GoToCourt("样例法院".into()), &holder).unwrap();
    let back = step(&court, LicenceStep::Mediate("调解".into()), &bureau);
    assert!(matches!(back, Err(LicenceRefusal::DisputeIsFurther { .. })));
    let settled = step(&court, LicenceStep::SettleDispute("和解".into()), &firm).unwrap();
    assert_eq!(settled.disputes[0].stage(), DisputeStage::Settled);
    assert!(step(&settled, LicenceStep::OpenDispute("又一项".into()), &holder).is_ok());
    assert_eq!(settled.state, LicenceState::Accepted, "a dispute does not move the licence");
}

#[test]
fn claims_come_after_a_licence_and_show_what_to_look_at() {
    let (holder, firm, bureau) = (Actor::holder(HOLDER), Actor::enterprise(FIRM), Actor::bureau("甲"));
    let claim = || LicenceStep::Claim { scheme: "省专利开放许可奖补".into(), amount: wan(1) };
    assert!(matches!(step(&paid(), claim(), &firm), Err(LicenceRefusal::NotFromHere { .. })), "no licence yet");
    let confirmed = step(&paid(), LicenceStep::ConfirmPayment("收据 1".into()), &holder).unwrap();
    let mut claimed = step(&confirmed, claim(), &firm).unwrap();
    assert_eq!(claim_flags(&confirmed, &[]), [], "nothing asked, nothing to look at");
    assert_eq!(claim_flags(&claimed, std::slice::from_ref(&claimed)), [ClaimFlag::NoUse]);
    claimed.number = 1;
    let other = Licence { number: 2, ..claimed.clone() };
    let related = Licence {
        number: 3,
        payment: None,
        licensee: Licensee {
            name: "样例江南理工大学 ".into(),
            location: claimed.listing.patent.location.clone(),
            ..claimed.licensee.clone()
        },
        ..claimed.clone()
    };
    use ClaimFlag as F;
    let all = [F::SameName, F::SameAddress, F::ClaimedElsewhere, F::NoPayment, F::NoUse];
    assert_eq!(claim_flags(&related, &[claimed.clone(), other]), all);
    let decide = |number| LicenceStep::DecideClaim { claim: number, granted: false, reason: "重复申请".into() };
    for unknown in [0, 2] {
        assert!(matches!(step(&claimed, decide(unknown), &bureau), Err(LicenceRefusal::NoClaim { .. })), "{unknown}");
    }
    let decided = step(&claimed, decide(1), &bureau).unwrap();
    assert!(matches!(step(&decided, decide(1), &bureau), Err(LicenceRefusal::NoClaim { .. })), "decided");
}

#[test]
fn one_that_has_run_out_ends_by_itself() {
    let confirmed = step(&paid(), LicenceStep::ConfirmPayment("收据".into()), &Actor::holder(HOLDER)).unwrap();
    assert_eq!(confirmed.due("2027-11-21".parse().unwrap()), None, "its last day");
    let due = confirmed.due("2027-11-22".parse().unwrap()).unwrap();
    let ended = step(&confirmed, due, &Actor::system()).unwrap();
    assert_eq!((ended.state, ended.due("2030-01-01".parse().unwrap())), (LicenceState::Ended, None));
}

proptest! {
    /// Whoever does whatever in whatever order: nobody's step but one's own, and nothing recorded that was due and not paid.
    #[test]
    fn no_order_of_steps_records_what_was_not_paid(
        steps in proptest::collection::vec((0_usize..13, 0_usize..5), 0..30), free in any::<bool>(),
    ) {
        let actors = [
            Actor::holder(HOLDER), Actor::bureau("甲"), Actor::enterprise(FIRM), Actor::operator("乙"), Actor::system(),
        ];
        let mut licence = if free { licence(Fee::Free) } else { paid() };
        for (kind, actor) in steps {
            let text = || "文字".to_owned();
            let step = match kind {
                0 => LicenceStep::ConfirmPayment(text()),
                1 => LicenceStep::Record(text()),
                2 => LicenceStep::BeginUse,
                3 => LicenceStep::Cancel(text()),
                4 => LicenceStep::Refuse(text()),
                5 => LicenceStep::Reinstate(text()),
                6 => LicenceStep::End(text()),
                7 => LicenceStep::OpenDispute(text()),
                8 => LicenceStep::Mediate(text()),
                9 => LicenceStep::GoToCourt(text()),
                10 => LicenceStep::SettleDispute(text()),
                11 => LicenceStep::Claim { scheme: text(), amount: wan(1) },
                _ => LicenceStep::DecideClaim { claim: 1, granted: true, reason: text() },
            };
            let before = licence.clone();
            if let Ok(next) = licence.take(&step, &actors[actor], at(300)) {
                prop_assert!(step.verb().is_for(actors[actor].kind));
                prop_assert_eq!(next.version, before.version + 1);
                licence = next;
            }
            if licence.record.is_some() {
                prop_assert!(free || licence.payment.is_some());
            }
            if licence.state == LicenceState::InUse {
                prop_assert!(licence.record.is_some());
            }
        }
    }
}
