//! Searching the sample: what is found, filtered, counted and highlighted.

use std::collections::BTreeMap;

use duijie::domain::{DivisionCode, HolderKind, IpcLevel, Listing, Money, PatentKind, TechnologyField};
use duijie::engine::{Found, SearchInput};
use duijie::index::{FacetCount, Filters, Fragment, SearchRequest};

use crate::fixtures::{Catalogue, sample, sample_listings, today};

async fn found(catalogue: &Catalogue, text: &str, filters: Filters) -> Found {
    let request = SearchRequest { text: text.to_owned(), filters, offset: 0, limit: 1_000 };
    catalogue.engine.search(&request).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_is_the_first_hit_for_its_own_title() {
    let catalogue = Catalogue::of_the_sample().await;
    for listing in sample_listings() {
        let title = &listing.patent.title;
        assert_eq!(catalogue.search(title).await.first(), Some(&listing.id.to_string()), "{title}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_is_found_by_a_part_of_a_compound_in_its_title() {
    let catalogue = Catalogue::of_the_sample().await;
    let listings = sample_listings();
    for part in ["贴片天线", "天线", "硅碳负极", "背光", "永磁", "滤波器", "电解液", "声表面波"]
    {
        let holding: Vec<&Listing> = listings.iter().filter(|l| l.patent.title.contains(part)).collect();
        assert!(!holding.is_empty(), "{part} is in no title");
        let ids = catalogue.search(part).await;
        for listing in holding {
            assert!(ids.contains(&listing.id.to_string()), "{part} does not find {}", listing.patent.title);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_is_found_where_the_segmenter_cut_across_it() {
    let catalogue = Catalogue::of_the_sample().await;
    assert!(catalogue.search("负极材料").await.contains(&"202219900001.3".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patent_number_is_found_in_every_spelling() {
    let catalogue = Catalogue::of_the_sample().await;
    for spelling in [
        "202219900001.3",
        "2022199000013",
        "ZL202219900001.3",
        "zl 2022199000013",
        "ZL 2022 1 9900001.3",
        "ＺＬ２０２２１９９００００１．３",
    ] {
        assert_eq!(catalogue.search(spelling).await, ["202219900001.3"], "{spelling}");
        assert_eq!(
            catalogue.engine.listing(spelling, today()).await.unwrap().id.as_str(),
            "202219900001.3",
            "{spelling}"
        );
    }
    assert_eq!(catalogue.search("202219900001.4").await, [""; 0], "a wrong check character is no number of a listing");
}

/// Counts as facets give them: by falling count, then by value.
fn counts(values: impl Iterator<Item = Option<String>>) -> Vec<FacetCount> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    values.flatten().for_each(|value| *counts.entry(value).or_default() += 1);
    let mut list: Vec<FacetCount> = counts.into_iter().map(|(value, count)| FacetCount { value, count }).collect();
    list.sort_by_key(|facet| std::cmp::Reverse(facet.count));
    list
}

fn assert_counted(found: &Found, listings: &[&Listing]) {
    let place = |l: &&Listing| l.patent.location.as_ref().and_then(|location| location.division);
    let over = |value: &dyn Fn(&&Listing) -> Option<String>| counts(listings.iter().map(value));
    let facets = &found.facets;
    assert_eq!(facets.field, over(&|l| Some(l.patent.field()?.number().to_string())));
    assert_eq!(facets.province, over(&|l| Some(place(l)?.province().to_string())));
    assert_eq!(facets.holder_kind, over(&|l| Some(l.holder_kind?.as_str().to_owned())));
    assert_eq!(facets.patent_kind, over(&|l| Some(l.patent.kind?.chinese().to_owned())));
    assert_eq!(facets.fee_form, over(&|l| Some(l.terms.as_ref()?.fee.form().to_owned())));
}

/// A filter, and the same worked out on a listing.
type Case = (&'static str, Filters, Box<dyn Fn(&Listing) -> bool>);

fn cases() -> Vec<Case> {
    let jiangsu: DivisionCode = "320000".parse().unwrap();
    let most = Money::from_fen(2_000_000).unwrap();
    let since = "2026-03-01".parse().unwrap();
    let day = "2028-01-01".parse().unwrap();
    let field = TechnologyField::from_number(1).unwrap();
    let filters = Filters::default;
    vec![
        (
            "ipc class",
            Filters { ipc: vec!["H01M".into()], ..filters() },
            Box::new(|l| l.patent.ipc.iter().any(|code| code.subclass() == "H01M")),
        ),
        (
            "ipc main group",
            Filters { ipc: vec!["H01M4".into(), "G09G3".into()], ..filters() },
            Box::new(|l| {
                let group = |code: &duijie::domain::IpcCode| code.at(IpcLevel::MainGroup).map(str::to_owned);
                l.patent.ipc.iter().filter_map(group).any(|symbol| symbol == "H01M4" || symbol == "G09G3")
            }),
        ),
        ("field", Filters { fields: vec![field], ..filters() }, Box::new(move |l| l.patent.field() == Some(field))),
        (
            "division",
            Filters { divisions: vec![jiangsu], ..filters() },
            Box::new(move |l| {
                l.patent.location.as_ref().and_then(|at| at.division).is_some_and(|place| jiangsu.contains(place))
            }),
        ),
        (
            "holder",
            Filters { holder_kinds: vec![HolderKind::University], ..filters() },
            Box::new(|l| l.holder_kind == Some(HolderKind::University)),
        ),
        (
            "kind",
            Filters { patent_kinds: vec![PatentKind::UtilityModel], ..filters() },
            Box::new(|l| l.patent.kind == Some(PatentKind::UtilityModel)),
        ),
        (
            "fee form",
            Filters { fee_forms: vec!["免费".into()], ..filters() },
            Box::new(|l| l.terms.as_ref().is_some_and(|terms| terms.fee.form() == "免费")),
        ),
        (
            "fee",
            Filters { fee_at_most: Some(most), ..filters() },
            Box::new(move |l| {
                let cost = |t: &duijie::domain::LicenceTerms| t.fee.fixed_cost_per_year(t.years());
                l.terms.as_ref().and_then(cost).is_some_and(|cost| cost <= most)
            }),
        ),
        (
            "announced",
            Filters { announced_since: Some(since), ..filters() },
            Box::new(move |l| l.announced_on.is_some_and(|on| on >= since)),
        ),
        (
            "available",
            Filters { available_on: Some(day), ..filters() },
            Box::new(move |l| l.available_until().is_none_or(|last| last >= day)),
        ),
        (
            "two at once",
            Filters { fields: vec![field], fee_forms: vec!["面议".into(), "免费".into()], ..filters() },
            Box::new(move |l| {
                let form = l.terms.as_ref().map(|terms| terms.fee.form());
                l.patent.field() == Some(field) && (form == Some("面议") || form == Some("免费"))
            }),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_facets_agree_with_counting_the_sample_by_hand() {
    let catalogue = Catalogue::of_the_sample().await;
    let listings = sample_listings();
    let all: Vec<&Listing> = listings.iter().collect();
    assert_counted(&found(&catalogue, "", Filters::default()).await, &all);
    for (name, filters, fits) in cases() {
        let mut expected: Vec<&Listing> = listings.iter().filter(|listing| fits(listing)).collect();
        assert!(!expected.is_empty() && expected.len() < listings.len(), "{name} rules out {}", expected.len());
        expected.sort_by(|a, b| a.id.cmp(&b.id));
        let found = found(&catalogue, "", filters).await;
        let mut hits: Vec<&Listing> = found.hits.iter().map(|hit| &hit.listing).collect();
        hits.sort_by(|a, b| a.id.cmp(&b.id));
        assert_eq!(hits, expected, "{name}");
        assert_counted(&found, &expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn facets_agree_with_the_lines_of_the_file() {
    let catalogue = Catalogue::of_the_sample().await;
    let text = std::fs::read_to_string(sample("listings.csv")).unwrap();
    let facets = found(&catalogue, "", Filters::default()).await.facets;
    for (word, value) in [("高校", "university"), ("科研院所", "institute"), ("国有企业", "state_owned")] {
        let lines = text.lines().filter(|line| line.contains(&format!(",{word},"))).count();
        assert_eq!(facets.holder_kind.iter().find(|f| f.value == value).map(|f| f.count), Some(lines), "{word}");
    }
    for form in ["免费", "面议"] {
        let lines = text.lines().filter(|line| line.contains(&format!(",{form},"))).count();
        assert_eq!(facets.fee_form.iter().find(|f| f.value == form).map(|f| f.count), Some(lines), "{form}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_search_join_to_the_whole() {
    let catalogue = Catalogue::of_the_sample().await;
    let whole = catalogue.search("方法").await;
    assert!(whole.len() > 40, "{}", whole.len());
    let mut joined = Vec::new();
    for offset in (0..whole.len() + 10).step_by(10) {
        let input = SearchInput { text: "方法".into(), limit: 10, offset, ..SearchInput::default() };
        let page = catalogue.engine.search(&input.checked().unwrap()).await.unwrap();
        assert_eq!(page.total, whole.len());
        joined.extend(page.hits.into_iter().map(|hit| hit.listing.id.to_string()));
    }
    assert_eq!(joined, whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_is_not_found_when_only_offers_are_wanted() {
    let catalogue = Catalogue::of_the_sample().await;
    let input = SearchInput { limit: 100, today: Some("2032-01-01".parse().unwrap()), ..SearchInput::default() };
    assert_eq!(catalogue.engine.search(&input.checked().unwrap()).await.unwrap().total, 0);
    let input = SearchInput { today: Some(today()), ..input };
    assert_eq!(catalogue.engine.search(&input.checked().unwrap()).await.unwrap().total, 193);
}

fn joined(fragments: &[Fragment]) -> String {
    fragments.iter().map(|fragment| fragment.text.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn highlights_lie_on_the_words_and_change_no_text() {
    let catalogue = Catalogue::of_the_sample().await;
    for word in ["天线", "电池", "电机", "滤波器"] {
        let found = found(&catalogue, word, Filters::default()).await;
        assert!(found.total > 0);
        for hit in found.hits {
            let patent = &hit.listing.patent;
            assert_eq!(joined(&hit.title), patent.title);
            let shown = joined(&hit.snippet).replace('…', "");
            assert!(patent.abstract_text.contains(&shown) || patent.claim.contains(&shown), "{shown}");
            for fragment in hit.title.iter().chain(&hit.snippet) {
                // A longer highlight is the same word several times over, so the word is in every one, and in none else.
                assert_eq!(fragment.highlighted, fragment.text.contains(word), "{word}: {fragment:?}");
            }
        }
    }
}
