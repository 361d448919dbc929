//! Which weights can be ranked with, and how far they can lift a fit.

use super::*;

fn any_weights() -> impl Strategy<Value = Weights> {
    prop::array::uniform7(0.0f64..3.0).prop_map(|[words, bigrams, ipc, likely_ipc, meaning, fee, region]| Weights {
        words,
        bigrams,
        ipc,
        likely_ipc,
        meaning,
        fee,
        region,
    })
}

/// The weights with one of them replaced, and its name.
fn with_one(value: f64, place: usize) -> (Weights, &'static str) {
    let mut weights = Weights::default();
    let members: [(&mut f64, &'static str); 7] = [
        (&mut weights.words, "words"),
        (&mut weights.bigrams, "bigrams"),
        (&mut weights.ipc, "ipc"),
        (&mut weights.likely_ipc, "likely_ipc"),
        (&mut weights.meaning, "meaning"),
        (&mut weights.fee, "fee"),
        (&mut weights.region, "region"),
    ];
    let (member, name) = members.into_iter().nth(place).unwrap();
    *member = value;
    (weights, name)
}

#[test]
fn a_weight_that_is_negative_or_no_number_is_refused_by_name() {
    for value in [-0.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for place in 0..7 {
            let (weights, name) = with_one(value, place);
            let ranking = rank(&[], |_| None, request(&Seeker::of(&enterprise()), &weights), 10);
            for refused in [weights.clone().checked().unwrap_err(), ranking.unwrap_err()] {
                assert!(matches!(refused, RankError::Weight { name: told, .. } if told == name), "{refused}");
            }
        }
    }
    let refused = with_one(f64::NAN, 5).0.checked().unwrap_err();
    assert_eq!(refused.to_string(), "weight 'fee' is NaN: expected a finite number, zero or above");
    assert_eq!(refused.chinese(), "权重“fee”为 NaN：应为不小于 0 的有限数");
}

#[test]
fn weights_of_zero_can_be_ranked_with() {
    assert!(with_one(0.0, 0).0.checked().is_ok());
    assert!((Weights::default().largest_lift() - 1.15).abs() < 1e-12);
}

fn request<'a>(seeker: &'a Seeker, weights: &'a Weights) -> Request<'a> {
    Request { seeker, today: today(), weights }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_score_exceeds_the_fit_times_the_largest_lift(
        weights in any_weights(), features in prop::array::uniform5(0.0f64..1.0), fee in 0i64..9, near: bool,
        budget: bool,
    ) {
        let mut listing = listing("a");
        listing.terms.as_mut().unwrap().fee = Fee::PerYear { amount: wan(fee) };
        let mut firm = enterprise();
        firm.location = Some(Location::parse(if near { "江苏省苏州市" } else { "广东省" }));
        if !budget {
            firm.budget_per_year = None;
        }
        let (offer, seeker) = (Offer::of(&listing), Seeker::of(&firm));
        let ranked = rank(&[candidate("a", features)], |_| Some(&offer), request(&seeker, &weights), 1).unwrap();
        let most = weights.fit(&features) * weights.largest_lift_for(&seeker);
        prop_assert!(weights.largest_lift_for(&seeker) <= weights.largest_lift());
        prop_assert!(ranked[0].score.value() <= most, "{} > {most}", ranked[0].score);
        if near && fee == 0 {
            prop_assert!(ranked[0].score.value() > most * (1.0 - 1e-12), "the factor is no larger than it need be");
        }
    }
}

const SHIPPED: &str = include_str!("../../../models/ranker/linear.toml");

#[test]
fn the_file_that_ships_says_what_is_ranked_with() {
    assert_eq!(SHIPPED.parse::<Weights>().unwrap(), Weights::default());
}

#[test]
fn a_file_of_weights_that_cannot_be_ranked_with_says_where_and_why() {
    let refused = |from: &str, to: &str| SHIPPED.replace(from, to).parse::<Weights>().unwrap_err();
    for (from, to, name) in [("ipc = 1.0 ", "ipc = nan ", "ipc"), ("fee = 0.1 ", "fee = -0.1 ", "fee")] {
        assert!(matches!(refused(from, to), RankError::Weight { name: found, .. } if found == name), "{to}");
    }
    let line_of = |text: &str| 1 + SHIPPED.lines().position(|line| line.starts_with(text)).unwrap();
    for (from, to, line, why) in [
        ("words = 0.5 ", "words = ", line_of("words"), ""),
        ("bigrams = 1.0 ", "pairs = 1.0 ", line_of("bigrams"), "pairs"),
        ("region = 0.05 ", "region = \"x\" ", line_of("region"), "string"),
    ] {
        let RankError::Unreadable { line: found, why: said } = refused(from, to) else { panic!("{to}") };
        assert!(found == line && said.contains(why), "{to}: line {found}, {said}");
    }
    let RankError::Unreadable { why, .. } = refused("bigrams = 1.0 ", "# ") else { panic!("a missing weight passed") };
    assert!(why.contains("bigrams"), "{why}");
}

proptest! {
    #[test]
    fn weights_are_read_back_from_their_file_as_they_were(weights in any_weights()) {
        prop_assert_eq!(weights.to_toml().parse::<Weights>().unwrap(), weights);
    }
}
