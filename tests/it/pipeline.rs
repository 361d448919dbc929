//! The whole pipeline on the sample: files in, searches and recommendations out.

use duijie::domain::{Date, Enterprise, Listing, ListingStatus, Score};
use duijie::engine::{Engine, ImportKind, Recommendations, Recommended};

use crate::fixtures::{Catalogue, sample, sample_enterprises, today};

/// What each enterprise of the sample is recommended, in the sample's order.
async fn recommendations(engine: &Engine) -> Vec<Recommendations> {
    let mut all = Vec::new();
    for enterprise in sample_enterprises() {
        let code = enterprise.credit_code.unwrap();
        all.push(engine.recommend(code.as_str(), 10, today()).await.unwrap());
    }
    all
}

/// The same listings in the same order for the same enterprises, with scores that agree to 1e-5.
fn assert_alike(one: &[Recommendations], other: &[Recommendations]) {
    let ids = |list: &Recommendations| -> Vec<String> {
        list.recommendations.iter().map(|r| r.recommendation.listing.to_string()).collect()
    };
    let scores = |list: &Recommendations| -> Vec<f64> {
        list.recommendations.iter().map(|r| r.recommendation.score.value()).collect()
    };
    assert_eq!(one.len(), other.len());
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one.enterprise, other.enterprise);
        assert_eq!(ids(one), ids(other), "{}", one.enterprise.name);
        for (a, b) in scores(one).into_iter().zip(scores(other)) {
            assert!((a - b).abs() < 1e-5, "{}: {a} and {b}", one.enterprise.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_and_a_csv_file_of_the_same_rows_are_the_same_listings() {
    let (workbook, csv) = (Catalogue::empty().await, Catalogue::empty().await);
    for (catalogue, first) in [(&workbook, "listings.xlsx"), (&csv, "listings.csv")] {
        let report = catalogue.import(&sample(first), ImportKind::Listings).await;
        assert_eq!((report.read, report.added, report.rejected), (193, 193, 0), "{first}: {:?}", report.rejections);
    }
    assert_eq!(workbook.listings().await, csv.listings().await);
    assert_eq!(csv.listings().await.len(), 193);
    let again = workbook.import(&sample("listings.csv"), ImportKind::Listings).await;
    assert_eq!((again.unchanged, again.added, again.changed, again.already_imported), (193, 0, 0, false));
    let thrice = workbook.import(&sample("listings.csv"), ImportKind::Listings).await;
    assert!(thrice.already_imported);
}

#[tokio::test(flavor = "multi_thread")]
async fn enterprises_come_out_of_both_formats_the_same() {
    let catalogue = Catalogue::empty().await;
    assert_eq!(catalogue.import(&sample("enterprises.xlsx"), ImportKind::Enterprises).await.added, 51);
    let again = catalogue.import(&sample("enterprises.csv"), ImportKind::Enterprises).await;
    assert_eq!((again.unchanged, again.rejected), (51, 0), "{:?}", again.rejections);
    for enterprise in sample_enterprises() {
        assert_eq!(catalogue.engine.enterprise(&enterprise.name).await.unwrap(), enterprise);
    }
}

/// Whether a listing may be offered to an enterprise, worked out apart from `rank::eligibility`.
pub(crate) fn may_be_offered(listing: &Listing, enterprise: &Enterprise, today: Date) -> bool {
    let place = enterprise.location.as_ref().and_then(|location| location.division);
    let covered = listing.terms.as_ref().and_then(|terms| terms.territory.covers(place)) != Some(false);
    let standing = listing.terms.as_ref().and_then(|terms| terms.ends_on).is_none_or(|last| last >= today);
    let own = enterprise.own_patents.iter().any(|own| own.application_number == listing.patent.application_number);
    let holder = listing.patent.holders.contains(&enterprise.name);
    listing.status == ListingStatus::Published && covered && standing && !own && !holder
}

#[tokio::test(flavor = "multi_thread")]
async fn every_enterprise_is_recommended_what_it_may_take_best_first_with_reasons_that_sum_to_the_score() {
    let catalogue = Catalogue::of_the_sample().await;
    for list in recommendations(&catalogue.engine).await {
        let name = &list.enterprise.name;
        assert!(list.recommendations.len() >= 3, "{name}");
        for Recommended { recommendation, details, .. } in &list.recommendations {
            assert_eq!(recommendation.listing, details.id);
            assert!(may_be_offered(details, &list.enterprise, today()), "{name} is offered {}", details.id);
            let parts: f64 = recommendation.explanation.reasons.iter().map(|reason| reason.score).sum();
            assert!((parts - recommendation.score.value()).abs() < 1e-9, "{name}: {}", details.id);
        }
        let ranked: Vec<_> = list.recommendations.iter().map(|r| &r.recommendation).collect();
        let places: Vec<_> = ranked.iter().map(|ranked| (ranked.score, &ranked.listing)).collect();
        assert!(places.windows(2).all(|pair| Score::order(pair[0], pair[1]).is_lt()), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_is_recommended_until_its_last_day_and_not_after() {
    let catalogue = Catalogue::of_the_sample().await;
    let code = sample_enterprises()[0].credit_code.clone().unwrap();
    let best = catalogue.engine.recommend(code.as_str(), 1, today()).await.unwrap();
    let listing = &best.recommendations[0].details;
    let last = listing.available_until().unwrap();
    let after = Date::from_unix_seconds((last.day_number() + 1) * 86_400).unwrap();
    for (day, offered) in [(last, true), (after, false)] {
        let list = catalogue.engine.recommend(code.as_str(), 1_000, day).await.unwrap();
        assert_eq!(list.recommendations.iter().any(|r| r.details.id == listing.id), offered, "{day}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_question_gets_the_same_answer_also_from_a_rebuilt_index() {
    let Catalogue { engine, directory } = Catalogue::of_the_sample().await;
    let first = recommendations(&engine).await;
    assert_eq!(first, recommendations(&engine).await);
    drop(engine);
    let (engine, indexed) = Engine::rebuild(directory.path(), &|_| ()).await.unwrap();
    assert_eq!(indexed, 193);
    assert_alike(&first, &recommendations(&engine).await);
    drop(engine);
    assert_alike(&first, &recommendations(&Engine::open_existing(directory.path()).await.unwrap()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn listings_that_come_in_parts_and_with_corrections_match_like_one_file() {
    let whole = Catalogue::of_the_sample().await;
    let parts = Catalogue::empty().await;
    parts.import(&sample("enterprises.csv"), ImportKind::Enterprises).await;
    let text = std::fs::read_to_string(sample("listings.csv")).unwrap();
    let (header, lines) = text.split_once('\n').unwrap();
    let lines: Vec<&str> = lines.lines().collect();
    // The first part has other titles, which the second puts right: the index holds removed listings afterwards.
    let earlier: Vec<String> = lines[..120].iter().map(|line| line.replacen("方法", "方法及锂电池包", 1)).collect();
    for (name, part) in [("first.csv", earlier.join("\n")), ("second.csv", lines[60..].join("\n"))] {
        let path = parts.directory.path().join(name);
        std::fs::write(&path, format!("{header}\n{part}\n")).unwrap();
        assert_eq!(parts.import(&path, ImportKind::Listings).await.rejected, 0);
    }
    let path = parts.directory.path().join("third.csv");
    std::fs::write(&path, format!("{header}\n{}\n", lines[..60].join("\n"))).unwrap();
    let report = parts.import(&path, ImportKind::Listings).await;
    assert!(report.changed > 20 && report.added == 0, "{report:?}");
    assert_eq!(parts.listings().await, whole.listings().await);
    assert_alike(&recommendations(&whole.engine).await, &recommendations(&parts.engine).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_names_of_one_firm_give_one_list() {
    let catalogue = Catalogue::of_the_sample().await;
    let enterprise = &sample_enterprises()[7];
    let by_name = catalogue.engine.recommend(&enterprise.name, 10, today()).await.unwrap();
    let by_code = catalogue.engine.recommend(enterprise.credit_code.as_ref().unwrap().as_str(), 10, today()).await;
    assert_eq!(by_name, by_code.unwrap());
}
