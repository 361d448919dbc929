//! What stands beside a price: counted by hand, told in words, and the same over HTTP.

use duijie::domain::{Listing, ListingStatus, Money, TechnologyField};
use duijie::engine::{ClassifyInput, PriceInput};
use duijie::store::Store;

use crate::fixtures::{Catalogue, duijie, today};

/// Every listing of the store that is on offer in a field, by its yearly cost.
async fn by_hand(catalogue: &Catalogue, field: TechnologyField) -> Vec<Option<Money>> {
    let store = Store::open_existing(catalogue.directory.path()).await.unwrap();
    let all: Vec<Listing> = store.all_listings(None, 10_000).await.unwrap();
    store.close().await;
    let on_offer = |listing: &&Listing| {
        let stands = listing.available_until().is_none_or(|end| end >= today());
        listing.status == ListingStatus::Published && listing.terms.is_some() && stands
    };
    let of_field = |listing: &&Listing| {
        let symbols = listing.patent.ipc.iter().map(ToString::to_string).collect();
        let title = listing.patent.title.clone();
        let input = ClassifyInput { title, abstract_text: listing.patent.abstract_text.clone(), ipc: symbols };
        catalogue.engine.classify(input).unwrap().field == Some(field)
    };
    let kept = all.iter().filter(on_offer).filter(of_field);
    kept.map(|listing| listing.terms.as_ref().and_then(|terms| terms.fee.fixed_cost_per_year(terms.years()))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_is_what_its_listings_on_offer_ask() {
    let catalogue = Catalogue::of_the_sample().await;
    let mut told = 0;
    for number in [1, 3, 13, 18, 29, 35] {
        let field = TechnologyField::from_number(number).unwrap();
        let input = PriceInput { field: Some(number), ..PriceInput::default() };
        let peers = catalogue.engine.price_guidance(input, today()).await.unwrap().peers.unwrap();
        let costs = by_hand(&catalogue, field).await;
        let mut paid: Vec<i64> = costs.iter().flatten().map(|cost| cost.fen()).filter(|fen| *fen > 0).collect();
        paid.sort_unstable();
        let free = costs.iter().filter(|cost| **cost == Some(Money::ZERO)).count();
        assert_eq!((peers.listings, peers.free, peers.paid), (costs.len(), free, paid.len()), "field {number}");
        assert_eq!(peers.yearly.is_some(), paid.len() >= 5, "field {number}");
        if let Some(yearly) = peers.yearly {
            let half = paid.iter().filter(|fen| **fen <= yearly.median.fen()).count() * 2;
            assert!(half >= paid.len(), "field {number}: {paid:?}, {yearly:?}");
            told += 1;
        }
    }
    assert!(told > 0, "the sample has a field with five paid listings");
}

#[tokio::test(flavor = "multi_thread")]
async fn guidance_is_told_with_its_sources_and_never_refuses_a_price() {
    let catalogue = Catalogue::of_the_sample().await;
    let data = catalogue.directory.path().to_string_lossy().into_owned();
    let ask =
        |arguments: &[&str]| duijie(&[&["price", "--data-dir", &data, "--today", "2026-11-22"], arguments].concat());
    let high = ask(&["3000万元", "--form", "一次总付", "--ipc", "H01M10/0525", "--months", "36"]);
    assert_eq!(high.code, 0, "{}", high.err);
    for part in [
        "费用 一次总付3000万元",
        "合每年 1000万元",
        "166万元",
        "n 15603",
        "国知办函运字",
        "提示 3 年固定费用合计 3000万元，高于提示线 2000万元",
        "2000万元",
        "不作限制",
    ] {
        assert!(high.out.contains(part), "{part} in {}", high.out);
    }
    let other = ask(&["3000万元", "--form", "一次总付", "--fixed-limit", "40000000", "--json"]).json();
    assert_eq!((&other["hints"], &other["peers"]), (&serde_json::json!([]), &serde_json::Value::Null));
    let royalty = ask(&["净销售额的25%", "--form", "提成支付", "--json"]).json();
    assert_eq!(royalty["hints"][0]["code"], "royalty_high");
    let by_words = ask(&["--title", "一种锂离子电池隔膜", "--json"]).json();
    assert!(by_words["field"].is_number() && by_words["fee"].is_null(), "{by_words}");
    for (arguments, named) in [
        (&["大概五万吧"][..], "大概五万吧"),
        (&["5万元", "--field", "36"], "36"),
        (&["5万元", "--ipc", "XX"], "XX"),
        (&["5万元", "--sales-limit", "101"], "100"),
    ] {
        let refused = ask(arguments);
        assert!(refused.code == 1 && refused.err.contains(named), "{arguments:?}: {}{}", refused.out, refused.err);
    }
}

/// Figures of no source but this test.
const TABLE: &str = "行业代码,行业名称,年度,合同数,平均固定费用（万元）,平均提成率（%）,提成基数,来源\n\
    C38,电气机械,2023,412,150.5,3.5,净销售额,测试表甲\n\
    C38,电气机械,2022,390,160,,,测试表甲\n\
    C3841,锂电池,2023,57,210,4.25,销售额,测试表乙\n\
    C,制造业,2023,0,100,,,测试表甲\n\
    C99,没有,2023,9,100,,,测试表甲\n\
    C26,化学,2023,31,,,,测试表甲\n\
    C26,化学,2023,31,很多,,,测试表甲\n\
    C26,化学,2023,31,80,,,\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_industries_stands_beside_a_price_with_its_source_and_count() {
    let catalogue = Catalogue::of_the_sample().await;
    let data = catalogue.directory.path().to_string_lossy().into_owned();
    let path = catalogue.directory.path().join("行业.csv");
    std::fs::write(&path, TABLE).unwrap();
    let file = path.to_string_lossy().into_owned();
    let import = ["import", &file, "--kind", "industry-fees", "--data-dir", &data, "--json"];
    let report = duijie(&import).report();
    assert_eq!((&report["added"], &report["rejected"]), (&3.into(), &5.into()), "{report}");
    assert_eq!(
        report["rejected_by_reason"],
        serde_json::json!({ "bad_number": 1, "bad_industry_code": 1, "missing_value": 2, "bad_fee": 1 })
    );
    let ask =
        |arguments: &[&str]| duijie(&[&["price", "--data-dir", &data, "--today", "2026-11-22"], arguments].concat());
    let narrow = ask(&["--industry", "3841", "--json"]).json();
    assert_eq!(narrow["industry_fees"][0]["fixed_mean"], 210_000_000, "in fen");
    assert_eq!(narrow["industry_fees"][0]["royalty_mean"], 425, "in hundredths of a per cent");
    // Of a class no table has, the narrowest around it.
    let wider = ask(&["--industry", "C3825", "--json"]).json();
    let years: Vec<_> = wider["industry_fees"].as_array().unwrap().iter().map(|fees| &fees["year"]).collect();
    assert_eq!((years, &wider["industry_name"]), (vec![&2023.into(), &2022.into()], &"电气机械和器材制造业".into()));
    assert_eq!(ask(&["--industry", "A", "--json"]).json()["industry_fees"], serde_json::json!([]));
    let told = ask(&["--industry", "38"]).out;
    for part in ["2023  n 412  固定费用平均每份合同 150.5万元  平均提成 净销售额 3.5%  测试表甲", "2022  n 390"]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
    // By the patent's own class where no industry is given.
    let by_class = ask(&["--title", "一种锂离子电池隔膜", "--ipc", "H01M10/0525", "--json"]).json();
    assert!(by_class["industry_fees"].as_array().is_some_and(|fees| !fees.is_empty()), "{by_class}");
    assert_eq!(ask(&["--industry", "C99"]).code, 1);

    // A later table corrects the rows it has, and leaves the others.
    std::fs::write(&path, "行业代码,年度,合同数,平均固定费用,来源\n38,2023,413,151万元,测试表甲\n").unwrap();
    let report = duijie(&import).report();
    assert_eq!((&report["changed"], &report["added"]), (&1.into(), &0.into()), "{report}");
    let now = ask(&["--industry", "38", "--json"]).json();
    assert_eq!(
        (&now["industry_fees"][0]["contracts"], &now["industry_fees"][1]["contracts"]),
        (&413.into(), &390.into())
    );
}
