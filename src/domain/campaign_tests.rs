//! The rules of a campaign's brief and life.

use proptest::prelude::*;

use super::*;
use crate::domain::{
    Audience, CampaignCatalogue, CampaignLimits, Date, Enterprise, EnterpriseId, EnterpriseScale, Frequency, Sending,
};

fn limits() -> CampaignLimits {
    CampaignLimits { per_enterprise: 5, most: None, least: 0, per_holder: None, per_region: None, frequency: None }
}

fn brief() -> CampaignBrief {
    CampaignBrief {
        title: " 锂电定向推送 ".into(),
        audience: Audience::default(),
        catalogue: CampaignCatalogue::default(),
        limits: limits(),
        held_back: 10,
        seed: 0,
        sending: Sending::default(),
    }
}

fn plan() -> CampaignPlan {
    CampaignPlan {
        planned_at: 0,
        day: Date::EPOCH,
        audience: 1,
        outcomes: Vec::new(),
        propensity: 0.9,
        listings: 1,
        listings_sent: 1,
        pairs: 1,
        exposure: Vec::new(),
        gini: 0.0,
        value: 1.0,
        gap: 0.0,
        unlimited: 1.0,
        unmet: Vec::new(),
    }
}

#[test]
fn a_brief_is_put_in_order_and_names_the_member_at_fault() {
    let mut twice = brief();
    twice.audience.tags = vec!["专精特新".into(), "高新技术企业".into(), "专精特新".into()];
    let checked = twice.checked().unwrap();
    assert_eq!((checked.title.as_str(), checked.audience.tags.len()), ("锂电定向推送", 2));
    let faulty = |change: &dyn Fn(&mut CampaignBrief)| {
        let mut brief = brief();
        change(&mut brief);
        match brief.checked() {
            Err(CampaignRefusal::Range { member, .. }) => member,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(faulty(&|brief| brief.title = " ".into()), "title");
    assert_eq!(faulty(&|brief| brief.title = "题".repeat(101)), "title");
    assert_eq!(faulty(&|brief| brief.limits.per_enterprise = 0), "limits.per_enterprise");
    assert_eq!(faulty(&|brief| brief.limits.per_enterprise = 21), "limits.per_enterprise");
    assert_eq!(faulty(&|brief| brief.limits.most = Some(0)), "limits.most");
    assert_eq!(faulty(&|brief| brief.held_back = 51), "held_back");
    assert_eq!(faulty(&|brief| brief.audience.tags = vec!["x".into(); 201]), "audience.tags");
    let frequency = |listings, days| Some(Frequency { listings, days });
    assert_eq!(faulty(&|brief| brief.limits.frequency = frequency(0, 7)), "limits.frequency.listings");
    assert_eq!(faulty(&|brief| brief.limits.frequency = frequency(5, 366)), "limits.frequency.days");
}

#[test]
fn limits_that_contradict_each_other_are_named() {
    for (limit, limits) in [
        ("limits.most", CampaignLimits { most: Some(2), least: 3, ..limits() }),
        ("limits.per_holder", CampaignLimits { per_holder: Some(2), least: 3, ..limits() }),
    ] {
        let refused = CampaignBrief { limits, ..brief() }.checked();
        assert_eq!(refused, Err(CampaignRefusal::Contradiction { least: 3, limit, most: 2 }));
    }
}

#[test]
fn an_audience_is_who_fits_every_part_of_it() {
    let mut firm = Enterprise::named("样例电池有限公司", "913201169900100123".parse().ok());
    firm.industry_code = "3841".parse().ok();
    firm.scale = Some(EnterpriseScale::Small);
    firm.tags = vec!["国家级专精特新小巨人".into()];
    let takes = |change: &dyn Fn(&mut Audience)| {
        let mut audience = Audience::default();
        change(&mut audience);
        audience.takes(&firm)
    };
    assert!(takes(&|_| ()));
    assert!(takes(&|audience| audience.regions = vec!["320000".parse().unwrap()]), "by its credit code");
    assert!(!takes(&|audience| audience.regions = vec!["330000".parse().unwrap()]));
    for (industry, expected) in [("C", true), ("38", true), ("384", true), ("3841", true), ("39", false)] {
        let industry = industry.parse().unwrap();
        assert_eq!(
            takes(&|audience| audience.industries = vec![crate::domain::IndustryCode::clone(&industry)]),
            expected,
            "{industry}"
        );
    }
    assert!(takes(&|audience| audience.tags = vec!["高新技术企业".into(), "专精特新".into()]));
    assert!(!takes(&|audience| {
        audience.tags = vec!["专精特新".into()];
        audience.scales = vec![EnterpriseScale::Large];
    }));
    assert!(!takes(&|audience| audience.enterprises = vec![EnterpriseId::from_known("913201169900100999")]));
}

#[test]
fn who_wrote_or_previewed_a_campaign_does_not_approve_it() {
    let previewed = Campaign::drafted(brief(), None, "jia").previewed(plan(), "yi").unwrap();
    for hand in ["jia", "yi"] {
        assert_eq!(previewed.clone().approved(hand), Err(CampaignRefusal::SameHands { number: 0 }));
    }
    let approved = previewed.approved("bing").unwrap();
    assert_eq!((approved.state, approved.approved_by.as_deref()), (CampaignState::Approved, Some("bing")));
    let twice = approved.clone().approved("ding");
    assert!(matches!(twice, Err(CampaignRefusal::State { verb: CampaignVerb::Approve, .. })), "{twice:?}");
    assert!(approved.clone().edited(brief(), "jia").is_err() && approved.previewed(plan(), "jia").is_err());
}

#[test]
fn a_brief_written_anew_has_no_plan_until_it_is_previewed_again() {
    let edited =
        Campaign::drafted(brief(), None, "jia").previewed(plan(), "jia").unwrap().edited(brief(), "yi").unwrap();
    assert_eq!((edited.state, &edited.plan, edited.version), (CampaignState::Draft, &None, 2));
    assert!(edited.approved("bing").is_err());
}

proptest! {
    #[test]
    fn nothing_is_approved_but_a_plan_of_the_brief_as_it_is(
        steps in prop::collection::vec((0_usize..9, prop::sample::select(vec!["jia", "yi", "bing"])), 0..12)
    ) {
        let mut campaign = Campaign::drafted(brief(), None, "jia");
        for (verb, by) in steps {
            let before = campaign.clone();
            let next = match CampaignVerb::ALL[verb] {
                CampaignVerb::Edit => campaign.edited(brief(), by),
                CampaignVerb::Preview => campaign.previewed(plan(), by),
                CampaignVerb::Approve => campaign.approved(by),
                verb => {
                    use SendingStep as S;
                    let steps = [S::Start, S::Pause, S::Resume, S::Retry, S::Finish, S::Cancel];
                    campaign.stepped(steps.into_iter().find(|step| step.verb() == verb).unwrap())
                }
            };
            campaign = match next {
                Ok(next) => {
                    prop_assert_eq!(next.version, before.version + 1);
                    next
                }
                Err(_) => before,
            };
            let approved = matches!(
                campaign.state,
                CampaignState::Approved | CampaignState::Running | CampaignState::Paused | CampaignState::Done
            );
            prop_assert!(!approved || campaign.plan.is_some());
            let by = campaign.approved_by.as_deref();
            prop_assert!(!approved || by.is_some_and(|by| !campaign.hands.iter().any(|hand| hand == by)));
        }
    }
}
