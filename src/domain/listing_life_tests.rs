use proptest::prelude::*;

use super::*;
use crate::domain::{Fee, LicenceTerms, ListingId, Patent, PatentKind, Territory};

const HOLDER: &str = "样例江南理工大学";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(today: &str) -> Moment {
    Moment { today: day(today), now: day(today).day_number() * 86_400 }
}

fn listing(kind: PatentKind) -> Listing {
    let patent = Patent {
        application_number: Some("201710117081.7".parse().unwrap()),
        publication_number: None,
        kind: Some(kind),
        title: "一种锂离子电池隔膜".into(),
        abstract_text: String::new(),
        claim: String::new(),
        ipc: Vec::new(),
        holders: vec![HOLDER.into()],
        location: None,
        filed_on: Some(day("2017-03-01")),
        published_on: None,
        predicted: None,
    };
    let terms = LicenceTerms {
        fee: Fee::Free,
        months: Some(36),
        ends_on: Some(day("2028-12-31")),
        territory: Territory::Nationwide,
        contact: Some("技术转移中心".into()),
    };
    let (id, status) = (ListingId::of(&patent).unwrap(), ListingStatus::Draft);
    Listing { id, patent, holder_kind: None, terms: Some(terms), status, announced_on: None }
}

fn passed(evidence: &str, valid_until: Option<Date>) -> Check {
    Check { passed: true, evidence: evidence.into(), valid_until, reviewer: String::new(), at: 0 }
}

/// A life on its way: each step taken at once, by whoever it is for.
struct Story(Option<Listing>, Life);

impl Story {
    fn go(&mut self, step: LifeStep, today: &str) -> Result<ListingStatus, LifeRefusal> {
        let kinds = [Actor::holder(HOLDER), Actor::bureau("审核员甲"), Actor::system()];
        let actor = kinds.into_iter().find(|actor| step.verb().is_for(actor.kind)).unwrap();
        let (listing, life) = self.1.take(self.0.clone(), &step, &actor, at(today))?;
        let status = listing.status;
        (self.0, self.1) = (Some(listing), life);
        Ok(status)
    }

    fn verified(kind: PatentKind) -> Self {
        let mut story = Self(None, Life::default());
        story.go(LifeStep::Submit(Box::new(listing(kind))), "2026-01-05").unwrap();
        story.go(LifeStep::TakeUp, "2026-01-06").unwrap();
        for check in CheckKind::ALL.into_iter().filter(|check| check.is_needed_for(Some(kind))) {
            let until = (check == CheckKind::AnnuitiesPaid).then(|| day("2027-03-01"));
            story.go(LifeStep::Check(check, passed("登记簿副本", until)), "2026-01-07").unwrap();
        }
        story
    }
}

#[test]
fn a_utility_model_without_its_evaluation_report_is_not_published() {
    let mut story = Story::verified(PatentKind::UtilityModel);
    story.1.worksheet.0.remove(&CheckKind::EvaluationReport);
    let refused = story.go(LifeStep::Publish, "2026-01-08").unwrap_err();
    assert!(matches!(&refused, LifeRefusal::Unchecked { checks, .. } if *checks == [CheckKind::EvaluationReport]));
    story.go(LifeStep::Return("请补交专利权评价报告".into()), "2026-01-08").unwrap();
    assert_eq!(story.1.reason, "请补交专利权评价报告");
    let again = Box::new(listing(PatentKind::UtilityModel));
    assert_eq!(story.go(LifeStep::Submit(again), "2026-01-09"), Ok(ListingStatus::Submitted));
    assert!(story.1.worksheet.0.is_empty(), "a new round asks everything again");
}

#[test]
fn an_invention_is_published_once_every_check_has_passed_and_carries_the_day() {
    let mut story = Story::verified(PatentKind::Invention);
    let failed = Check { passed: false, ..passed("登记簿副本", None) };
    story.go(LifeStep::Check(CheckKind::PledgeeAgrees, failed), "2026-01-08").unwrap();
    assert_eq!(story.go(LifeStep::Publish, "2026-01-08").unwrap_err().code(), "unchecked");
    story.go(LifeStep::Check(CheckKind::PledgeeAgrees, passed("质权人同意书", None)), "2026-01-08").unwrap();
    assert_eq!(story.go(LifeStep::Publish, "2026-01-08"), Ok(ListingStatus::Published));
    assert_eq!(story.0.unwrap().announced_on, Some(day("2026-01-08")));
    assert_eq!(story.1.worksheet.0[&CheckKind::PledgeeAgrees].reviewer, "审核员甲");
}

#[test]
fn what_has_ended_is_suspended_by_itself_and_once_its_patent_has_ended_expires() {
    let mut story = Story::verified(PatentKind::Invention);
    story.go(LifeStep::Publish, "2026-01-08").unwrap();
    let due = |story: &Story, today: &str| story.1.due(story.0.as_ref().unwrap(), day(today));
    assert_eq!(due(&story, "2027-03-01"), None, "annuities are paid up to this very day");
    let annuities = due(&story, "2027-03-02").unwrap();
    assert!(annuities.reason().contains("年费"), "{annuities:?}");
    assert!(due(&story, "2029-01-01").unwrap().reason().contains("许可期限"));
    story.go(annuities, "2027-03-02").unwrap();
    assert_eq!(due(&story, "2027-03-03"), None, "it is suspended already");
    assert_eq!(story.go(LifeStep::Resume(String::new()), "2027-03-03").unwrap_err().code(), "unchecked");
    let expired = due(&story, "2037-03-02").unwrap();
    assert_eq!(story.go(expired, "2037-03-02"), Ok(ListingStatus::Expired));
    assert_eq!(due(&story, "2037-03-03"), None);
}

#[test]
fn a_holder_acts_on_its_own_patents_only() {
    let submit = LifeStep::Submit(Box::new(listing(PatentKind::Invention)));
    let told = |known: Option<Listing>, name: &str| {
        Life::default().take(known, &submit, &Actor::holder(name), at("2026-01-05")).map_err(|refusal| refusal.code())
    };
    assert!(told(None, "样例江南理工大学 ").is_ok());
    assert_eq!(told(None, "样例江北公司").unwrap_err(), "not_the_holder");
    assert_eq!(told(None, "").unwrap_err(), "not_the_holder");
    let mut anothers = listing(PatentKind::Invention);
    anothers.patent.holders = vec!["样例江北公司".into()];
    assert_eq!(told(Some(anothers), HOLDER).unwrap_err(), "not_the_holder", "whoever is registered stays the holder");
}

#[test]
fn what_must_be_published_must_be_there_and_not_have_ended() {
    let submit = |listing: Listing| Story(None, Life::default()).go(LifeStep::Submit(Box::new(listing)), "2026-01-05");
    let mut bare = listing(PatentKind::Invention);
    let terms = bare.terms.as_mut().unwrap();
    (terms.months, terms.ends_on, terms.contact) = (None, None, Some(" ".into()));
    assert!(matches!(submit(bare), Err(LifeRefusal::Incomplete { missing, .. }) if missing == ["term", "contact"]));
    let mut ended = listing(PatentKind::Invention);
    ended.terms.as_mut().unwrap().ends_on = Some(day("2026-01-04"));
    assert_eq!(submit(ended).unwrap_err().code(), "ended");
}

#[test]
fn reasons_and_evidence_are_not_optional() {
    let mut story = Story::verified(PatentKind::Invention);
    assert_eq!(story.go(LifeStep::Return("  ".into()), "2026-01-08").unwrap_err().code(), "no_reason");
    let empty = LifeStep::Check(CheckKind::InForce, passed(" ", None));
    assert_eq!(story.go(empty, "2026-01-08").unwrap_err().code(), "no_evidence");
}

fn any_step() -> impl Strategy<Value = LifeStep> {
    let given = || Box::new(listing(PatentKind::Invention));
    prop_oneof![
        Just(LifeStep::Write(given())),
        Just(LifeStep::Submit(given())),
        Just(LifeStep::TakeUp),
        (0..8_usize, any::<bool>()).prop_map(|(check, passed)| {
            let check = CheckKind::ALL[check];
            LifeStep::Check(check, Check { passed, ..self::passed("依据", None) })
        }),
        Just(LifeStep::Return("理由".into())),
        Just(LifeStep::Publish),
        Just(LifeStep::Suspend("理由".into())),
        Just(LifeStep::Resume(String::new())),
        Just(LifeStep::Withdraw("理由".into())),
        Just(LifeStep::Expire("理由".into())),
    ]
}

proptest! {
    /// Whatever is tried in whatever order: what is published has every check passed, and only steps that are taken count.
    #[test]
    fn nothing_is_published_unchecked(checked: bool, steps in prop::collection::vec(any_step(), 1..60)) {
        let mut story = if checked { Story::verified(PatentKind::Invention) } else { Story(None, Life::default()) };
        let mut taken = story.1.version;
        for step in steps {
            let before = story.0.as_ref().map(|listing| listing.status);
            let (verb, tried) = (step.verb(), story.go(step, "2026-01-08"));
            taken += i64::from(tried.is_ok());
            prop_assert_eq!(story.1.version, taken);
            match tried {
                Ok(status) => prop_assert_eq!(Some(status), verb.leads(before)),
                Err(_) => prop_assert_eq!(story.0.as_ref().map(|listing| listing.status), before),
            }
            if tried_published(&story) {
                let open = story.1.worksheet.open(Some(PatentKind::Invention), day("2026-01-08"));
                prop_assert!(open.is_empty(), "{:?}", open);
            }
        }
    }
}

fn tried_published(story: &Story) -> bool {
    story.0.as_ref().is_some_and(|listing| listing.status == ListingStatus::Published)
}
