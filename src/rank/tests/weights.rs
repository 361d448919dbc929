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
