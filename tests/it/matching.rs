//! One way of matching: every door gives the same lists, by the formula that is written down, of what may be offered.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use duijie::bridge::Bridge;
use duijie::config::Configuration;
use duijie::domain::{
    Date, Enterprise, IndustryCode, IndustryLevel, Listing, ListingId, ListingStatus, Money, OwnPatent, Role, Territory,
};
use duijie::engine::{Engine, ImportKind, Narrowing, Recommendations, Recommended, evaluate};
use duijie::http::router;
use duijie::store::Store;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::fixtures::{Catalogue, duijie, sample_enterprises, sample_listings, settings, text, today, token_of};
use crate::naive::{Naive, assert_agree};
use crate::pipeline::may_be_offered;

type Ranking = Vec<(ListingId, f64)>;

fn ranking(answer: &Recommendations) -> Ranking {
    answer.recommendations.iter().map(|r| (r.recommendation.listing.clone(), r.recommendation.score.value())).collect()
}

/// A ranking out of the JSON of API or command line.
fn ranking_of_json(answer: &Value) -> Ranking {
    let of = |r: &Value| (r["listing"].as_str().unwrap().parse().unwrap(), r["score"].as_f64().unwrap());
    answer["recommendations"].as_array().unwrap().iter().map(of).collect()
}

async fn recommended(engine: &Engine, enterprise: &Enterprise, limit: usize, day: Date) -> Ranking {
    ranking(&engine.recommend(code(enterprise), limit, day).await.unwrap())
}

fn code(enterprise: &Enterprise) -> &str {
    enterprise.credit_code.as_ref().unwrap().as_str()
}

/// Saves a listing as another process would.
async fn save(directory: &Path, listing: Listing) {
    let store = Store::open_existing(directory).await.unwrap();
    store.save_listings(&store.lock_for_writing().await.unwrap(), &[listing]).await.unwrap();
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn api_command_line_and_batch_give_the_lists_of_the_engine() {
    const LENGTH: usize = 50;
    let Catalogue { engine, directory } = Catalogue::of_the_sample().await;
    let engine = Arc::new(engine);
    let router = router(Arc::clone(&engine), settings());
    let token = token_of(&engine, Role::Bureau, "审核员甲").await;
    let run = engine.match_all(LENGTH, today(), &|_| ()).await.unwrap();
    assert_eq!((run.enterprises, run.matched, run.listings), (51, 51, 193));
    let file = directory.path().join("lists.csv");
    engine.export_matches(&file).await.unwrap();
    let mut exported = csv::Reader::from_path(&file).unwrap();
    let rows: Vec<csv::StringRecord> = exported.records().map(Result::unwrap).collect();
    for (number, enterprise) in sample_enterprises().iter().enumerate() {
        let expected = recommended(&engine, enterprise, LENGTH, today()).await;
        assert!(expected.len() > 5, "{}", enterprise.name);

        let path = format!("/api/v1/enterprises/{}/recommendations?limit={LENGTH}", code(enterprise));
        let request = Request::get(path).header("authorization", &token).body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        let body = to_bytes(answer.into_body(), 10 << 20).await.unwrap();
        assert_eq!(ranking_of_json(&serde_json::from_slice(&body).unwrap()), expected, "over HTTP");

        let of_firm = rows.iter().filter(|row| row[0] == *enterprise.id.as_str());
        let listed: Ranking = of_firm.clone().map(|row| (row[3].parse().unwrap(), row[4].parse().unwrap())).collect();
        assert_eq!(listed, expected, "in the batch");
        assert!(of_firm.enumerate().all(|(at, row)| row[1] == enterprise.name && row[2] == (at + 1).to_string()));

        if number % 17 == 0 {
            let day = today().to_string();
            let at = ["--today", &day, "--json", "--data-dir", text(directory.path())];
            let said = duijie(&[&["recommend", code(enterprise), "-n", "50"], &at[..]].concat());
            assert_eq!(ranking_of_json(&said.json()), expected, "on the command line: {}", said.err);
        }
    }
    assert!(rows.len() > 1_000, "{} rows", rows.len());
}

fn write_lines(path: &Path, rows: impl Iterator<Item = Value>) {
    let mut file = GzEncoder::new(std::fs::File::create(path).unwrap(), Compression::fast());
    rows.for_each(|row| writeln!(file, "{row}").unwrap());
    file.finish().unwrap();
}

/// The sample as a judged set: patents without terms, enterprises as queries.
fn write_set(folder: &Path) {
    let patent = |listing: Listing| {
        let patent = listing.patent;
        let symbols: Vec<&str> = patent.ipc.iter().map(|code| code.as_str()).collect();
        json!({
            "id": listing.id.as_str(), "application_number": patent.application_number.map(|n| n.as_str().to_owned()),
            "title": patent.title, "abstract": patent.abstract_text, "claim": patent.claim, "ipc": symbols,
            "assignee": patent.holders.join("；"), "address": patent.location.map(|place| place.text),
        })
    };
    write_lines(&folder.join("listings.jsonl.gz"), sample_listings().into_iter().map(patent));
    let query = |firm: Enterprise| {
        let own = firm.own_patents.iter().map(|own| {
            let symbols: Vec<&str> = own.ipc.iter().map(|code| code.as_str()).collect();
            let number = own.application_number.as_ref().map(|number| number.as_str());
            json!({"title": own.title, "ipc": symbols, "application_number": number})
        });
        let own: Vec<Value> = own.collect();
        let needs: Vec<&str> = firm.needs.iter().map(|need| need.0.as_str()).collect();
        json!({
            "id": firm.id.as_str(), "name": firm.name, "credit_code": code(&firm), "business_scope": firm.business,
            "products": firm.products.join("；"), "industry": firm.industries.join("；"), "need": needs.join("\n"),
            "gbt4754": firm.industry_code.as_ref().map(|code| code.as_str()), "own_patents": own,
            "place": firm.location.as_ref().map(|place| place.text.clone()),
        })
    };
    write_lines(&folder.join("enterprises.jsonl.gz"), sample_enterprises().into_iter().map(query));
}

#[tokio::test(flavor = "multi_thread")]
async fn evaluation_gives_the_lists_of_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path());
    let out = folder.path().join("our.run");
    let evaluation = evaluate(folder.path(), 1_000, &Configuration::default(), Some(&out), &|_| ()).unwrap();
    assert_eq!((evaluation.listings, evaluation.queries, evaluation.rejected), (193, 51, 0));
    let run = std::fs::read_to_string(out).unwrap();
    let rows: Vec<Vec<&str>> = run.lines().map(|line| line.split(' ').collect()).collect();

    let catalogue = Catalogue::empty().await;
    catalogue.import(&folder.path().join("listings.jsonl.gz"), ImportKind::Patents).await;
    catalogue.import(&folder.path().join("enterprises.jsonl.gz"), ImportKind::Enterprises).await;
    assert_eq!(catalogue.engine.counts().await.unwrap(), (193, 51));
    for enterprise in sample_enterprises() {
        let of_query = rows.iter().filter(|row| row[0] == enterprise.id.as_str());
        let evaluated: Ranking = of_query.map(|row| (row[2].parse().unwrap(), row[4].parse().unwrap())).collect();
        assert!(evaluated.len() > 5, "{}", enterprise.name);
        // Without terms no offer ends, and no day of the set is past.
        let given = recommended(&catalogue.engine, &enterprise, 1_000, today()).await;
        assert_eq!(given, evaluated, "{}", enterprise.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scores_are_those_of_the_formula_written_out() {
    let catalogue = Catalogue::of_the_sample().await;
    let naive = Naive::of(catalogue.listings().await);
    for enterprise in sample_enterprises() {
        let mut by_hand = naive.ranking(&enterprise);
        by_hand.retain(|(listing, _)| may_be_offered(listing, &enterprise, today()));
        let by_hand: Ranking = by_hand.into_iter().map(|(listing, score)| (listing.id.clone(), score)).collect();
        let given = recommended(&catalogue.engine, &enterprise, 1_000, today()).await;
        assert_agree(&enterprise.name, &given, &by_hand);
        let few = recommended(&catalogue.engine, &enterprise, 7, today()).await;
        assert_eq!(few, given[..7], "a short list is the beginning of a long one");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_listing_is_gone_from_every_answer_at_once() {
    let Catalogue { engine, directory } = Catalogue::of_the_sample().await;
    let other = Engine::open_existing(directory.path()).await.unwrap();
    let enterprise = &sample_enterprises()[0];
    engine.match_all(10, today(), &|_| ()).await.unwrap();
    let before = recommended(&other, enterprise, 10, today()).await;
    let id = &before[0].0;
    let listing = sample_listings().into_iter().find(|listing| listing.id == *id).unwrap();

    let announced_on = listing.announced_on.and_then(|day| day.plus_years(1));
    save(directory.path(), Listing { status: ListingStatus::Withdrawn, announced_on, ..listing }).await;
    let mut expected = recommended(&engine, enterprise, 10, today()).await;
    assert_eq!(expected[..9], before[1..], "the others move up, with the scores they had");
    assert_eq!(recommended(&other, enterprise, 10, today()).await, expected);
    for engine in [&engine, &other] {
        assert!(engine.listing(id.as_str(), today()).await.is_err());
        assert!(engine.enterprises_for(id.as_str(), 10, today()).await.is_err());
    }
    let report = other.match_changes(10, today(), &|_| ()).await.unwrap();
    assert_eq!((report.why_all, report.matched), (None, 0));
    let file = directory.path().join("lists.csv");
    engine.export_matches(&file).await.unwrap();
    let lists = std::fs::read_to_string(file).unwrap();
    assert!(!lists.contains(id.as_str()));
    let said = duijie(&[
        "recommend",
        code(enterprise),
        "--today",
        "2026-11-22",
        "--json",
        "--data-dir",
        text(directory.path()),
    ]);
    expected.truncate(10);
    assert_eq!(ranking_of_json(&said.json()), expected, "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_whose_end_a_correction_brings_forward_is_gone_when_the_import_returns() {
    let Catalogue { engine, directory } = Catalogue::of_the_sample().await;
    let other = Engine::open_existing(directory.path()).await.unwrap();
    let enterprise = &sample_enterprises()[0];
    let before = recommended(&other, enterprise, 5, today()).await;
    let number = before[0].0.as_str();
    let file = directory.path().join("correction.csv");
    let row = format!("{number},更正,样例大学,每年2万元,3年,2026-11-21,电话,2026-11-20\n");
    std::fs::write(
        &file,
        format!("专利号,发明名称,专利权人,许可使用费标准,单次许可期限,许可期限届满日,联系方式,公告日期\n{row}"),
    )
    .unwrap();
    let report = engine.import(&file, ImportKind::Listings, duijie::engine::now(), &|_| ()).await.unwrap();
    assert_eq!((report.changed, report.rejected), (1, 0), "{report:?}");
    for engine in [&engine, &other] {
        let after = recommended(engine, enterprise, 4, today()).await;
        assert_eq!(after, before[1..]);
        let yesterday = Date::new(2026, 11, 21).unwrap();
        let all = recommended(engine, enterprise, 1_000, yesterday).await;
        let fits = all.iter().any(|(id, _)| id.as_str() == number);
        assert!(fits, "on its last day it may be had, under the title it has now");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn territory_and_own_patents_bound_what_an_enterprise_gets_but_not_what_others_get() {
    let Catalogue { engine, directory } = Catalogue::of_the_sample().await;
    let enterprises = sample_enterprises();
    let (firm, place) = (&enterprises[0], |e: &Enterprise| e.location.as_ref().and_then(|place| place.province()));
    let before = recommended(&engine, firm, 1_000, today()).await;
    let listing = |at: usize| sample_listings().into_iter().find(|listing| listing.id == before[at].0).unwrap();
    let elsewhere = enterprises.iter().find(|other| place(other) != place(firm)).unwrap();
    let province = place(elsewhere).unwrap();
    let theirs = recommended(&engine, elsewhere, 1_000, today()).await;

    let mut bounded = listing(0);
    bounded.terms.as_mut().unwrap().territory = Territory::Divisions(vec![province]);
    bounded.announced_on = Some(today());
    save(directory.path(), bounded).await;
    let store = Store::open_existing(directory.path()).await.unwrap();
    let own = OwnPatent { application_number: listing(1).patent.application_number, ..own_patent() };
    let richer = Enterprise { own_patents: vec![own], ..firm.clone() };
    store.save_enterprises(&store.lock_for_writing().await.unwrap(), &[richer]).await.unwrap();
    store.close().await;

    let has = |list: &Ranking, at: usize| list.iter().any(|(id, _)| *id == before[at].0);
    let after = recommended(&engine, firm, 1_000, today()).await;
    assert!(!has(&after, 0) && !has(&after, 1) && has(&after, 2), "outside its territory, and its own");
    assert_eq!(recommended(&engine, elsewhere, 1_000, today()).await, theirs, "nobody else is touched");
    engine.match_all(1_000, today(), &|_| ()).await.unwrap();
    for (at, excluded) in [(0, true), (1, true), (2, false)] {
        let found = engine.enterprises_for(before[at].0.as_str(), 1_000, today()).await.unwrap();
        assert_eq!(!found.iter().any(|found| found.enterprise == firm.id), excluded, "{at}");
        assert!(at == 0 || !found.is_empty());
    }
}

/// A patent of a title that asks for nothing new.
fn own_patent() -> OwnPatent {
    OwnPatent { title: String::new(), ipc: Vec::new(), application_number: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_above_the_catalogue_gives_all_that_fit_and_none_gives_nothing() {
    let catalogue = Catalogue::of_the_sample().await;
    for enterprise in sample_enterprises().iter().step_by(10) {
        let all = recommended(&catalogue.engine, enterprise, 193, today()).await;
        for limit in [194, 100_000, usize::MAX] {
            assert_eq!(recommended(&catalogue.engine, enterprise, limit, today()).await, all, "{limit}");
        }
        assert_eq!(recommended(&catalogue.engine, enterprise, 0, today()).await, []);
    }
    for wrong in ["0", "-1", "1001", "many"] {
        let number = format!("-n={wrong}");
        for verb in
            [&["recommend", "样例", &number][..], &["match", "all", &number], &["match", "listing", "x", &number]]
        {
            let said = duijie(verb);
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{verb:?}");
            assert!(said.err.contains(wrong), "{}", said.err);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_of_nothing_known_gets_an_empty_list_and_one_of_ten_thousand_terms_gets_a_list() {
    let Catalogue { engine, directory } = Catalogue::of_the_sample().await;
    let store = Store::open_existing(directory.path()).await.unwrap();
    let mut strange = Enterprise::named("样例甲公司", None);
    strange.products = vec!["咖啡豆拼配".to_owned(), "zzyzx".to_owned()];
    let mut wordy = Enterprise::named("样例乙公司", None);
    wordy.business = (0..10_000_u32).map(|n| format!("k{n}x ")).collect::<String>();
    sample_listings().iter().for_each(|listing| wordy.business.push_str(&listing.patent.abstract_text));
    store.save_enterprises(&store.lock_for_writing().await.unwrap(), &[strange, wordy]).await.unwrap();
    store.close().await;
    let none = engine.recommend("样例甲公司", 10, today()).await.unwrap();
    assert_eq!(ranking(&none), []);
    let many = engine.recommend("样例乙公司", 200, today()).await.unwrap();
    assert!(many.recommendations.len() > 150, "{}", many.recommendations.len());
    let run = engine.match_all(5, today(), &|_| ()).await.unwrap();
    assert_eq!(run.matched, 53);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_wants_narrows_a_list_and_moves_no_score() {
    let catalogue = Catalogue::of_the_sample().await;
    let name = &sample_enterprises()[0].name;
    let ask = async |narrowing: Narrowing| {
        let answer = catalogue.engine.recommend_narrowed(name, 1_000, today(), &narrowing).await.unwrap();
        answer.recommendations
    };
    let all = ask(Narrowing::default()).await;
    let first = &all[0].details;
    let most = Money::from_fen(2_000_000).unwrap();
    let field = first.patent.field().unwrap();
    let industry: IndustryCode = "38".parse().unwrap();
    type Passes<'a> = &'a dyn Fn(&Listing) -> bool;
    let narrowings: [(Narrowing, Passes<'_>); 4] = [
        (Narrowing { fee_at_most: Some(most), ..Narrowing::default() }, &|listing| {
            let terms = listing.terms.as_ref().unwrap();
            terms.fee.fixed_cost_per_year(terms.years()).is_some_and(|cost| cost <= most)
        }),
        (Narrowing { holder: Some(first.patent.holders[0].clone()), ..Narrowing::default() }, &|listing| {
            listing.patent.holders.contains(&first.patent.holders[0])
        }),
        (Narrowing { fields: vec![field], ..Narrowing::default() }, &|listing| listing.patent.field() == Some(field)),
        (Narrowing { industries: vec![industry.clone()], ..Narrowing::default() }, &|listing| {
            let likely = Bridge::shipped().unwrap().industries_of(&listing.patent.ipc, IndustryLevel::Division);
            likely.iter().any(|likely| likely.industry == industry && likely.weight >= 0.25)
        }),
    ];
    for (narrowing, passes) in narrowings {
        let expected: Vec<_> = all.iter().filter(|one| passes(&one.details)).collect();
        let narrowed = ask(narrowing.clone()).await;
        assert!(!expected.is_empty() && expected.len() < all.len(), "{narrowing:?} tells listings apart");
        let pairs = |list: &[&Recommended]| -> Vec<_> {
            list.iter().map(|one| (one.details.id.clone(), one.recommendation.score)).collect()
        };
        assert_eq!(pairs(&narrowed.iter().collect::<Vec<_>>()), pairs(&expected), "{narrowing:?}");
    }
}
