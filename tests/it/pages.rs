//! Public pages: read as a browser and a search engine read them.

use duijie::domain::Role;
use duijie::http::Settings;
use roxmltree::Document;
use serde_json::{Value, json};

use crate::api::{Answer, Api, Client};
use crate::fixtures::settings;

const SITE: &str = "https://duijie.example.cn";

async fn at_a_site() -> Api {
    Api::with(Settings { public_url: Some(SITE.to_owned()), ..settings() }).await
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.bytes.to_vec()).unwrap()
}

/// The linked data of a page.
fn linked(page: &str) -> Value {
    let (_, behind) = page.split_once("<script type=\"application/ld+json\">").unwrap();
    serde_json::from_str(behind.split_once("</script>").unwrap().0).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_has_a_page_with_its_terms_for_people_and_for_search_engines() {
    let api = at_a_site().await;
    let answer = api.get(&Client::default(), "/listings/ZL202219900001.3").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    // Slashes are escaped as well.
    let page = text(&answer).replace("&#x2f;", "/");
    let known = api.get(&Client::default(), "/api/v1/listings/202219900001.3").await.of(200);
    let title = known["patent"]["title"].as_str().unwrap();
    for part in [title, "ZL202219900001.3", "样例江南理工大学", "许可使用费", "专利法第五十一条"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{SITE}/listings/202219900001.3\">")), "{page}");
    let linked = linked(&page);
    assert_eq!((&linked["@type"], &linked["name"]), (&json!("Product"), &json!(title)));
    assert_eq!(linked["url"], format!("{SITE}/listings/202219900001.3"));
    assert_eq!(linked["offers"]["seller"][0]["name"], "样例江南理工大学");
    let until = linked["offers"]["validThrough"].as_str().unwrap();
    assert!(until.parse::<duijie::domain::Date>().is_ok(), "{until}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_is_text() {
    let api = at_a_site().await;
    let hostile = "</script><script>alert(1)</script>&amp;\"'<b>";
    let bureau = api.client(Role::Bureau, "样例知识产权局").await;
    let number = crate::fixtures::number(77);
    let row = json!({
        "专利号": number.to_string(), "发明名称": format!("一种膜{hostile}"), "专利权人": format!("样例{hostile}"),
        "许可使用费标准": "3万元/年", "单次许可期限": "36个月", "联系方式": hostile, "摘要": hostile,
        "主权利要求": hostile, "IPC": "H01M10/0525",
    });
    let path = "/api/v1/imports?kind=listings&file=a.jsonl";
    let report = api.send(&bureau, path, "application/octet-stream", row.to_string().into_bytes()).await.of(200);
    assert_eq!(report["added"], 1, "{report}");
    let page = text(&api.get(&Client::default(), &format!("/listings/{number}")).await);
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert_eq!(page.matches("</script").count(), 1);
    assert!(!page.contains("<b>"), "{page}");
    let linked = linked(&page);
    assert_eq!(linked["description"], hostile);
    assert_eq!(linked["offers"]["priceSpecification"]["price"], "30000.00");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_on_offer_has_no_page() {
    let api = at_a_site().await;
    for odd in ["/listings/202219900099.9", "/listings/nothing", "/listings/%FF", "/listings/%3Cscript%3E"] {
        let answer = api.get(&Client::default(), odd).await;
        assert_eq!(
            (answer.status, &answer.headers["content-type"]),
            (404, &"text/html; charset=utf-8".parse().unwrap())
        );
        assert!(text(&answer).contains("没有这件许可") && !text(&answer).contains("%3C"), "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sitemap_names_the_page_of_every_listing_on_offer_and_drops_it_when_it_goes() {
    let api = at_a_site().await;
    let index = text(&api.get(&Client::default(), "/sitemap.xml").await);
    let index = Document::parse(&index).unwrap();
    let maps: Vec<&str> = index
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.sitemaps.org/schemas/sitemap/0.9", "loc")))
        .filter_map(|node| node.text())
        .collect();
    assert_eq!(maps, [format!("{SITE}/sitemaps/1")]);
    let pages = async || {
        let map = text(&api.get(&Client::default(), "/sitemaps/1").await);
        let map = Document::parse(&map).unwrap();
        let pages = map.descendants().filter(|node| node.tag_name().name() == "loc").filter_map(|node| node.text());
        pages.map(str::to_owned).collect::<Vec<_>>()
    };
    let before = pages().await;
    let mut offered = Vec::new();
    let mut next = "/api/v1/listings?limit=500".to_owned();
    loop {
        let page = api.get(&Client::default(), &next).await.of(200);
        let rows = page["listings"].as_array().unwrap().iter().filter(|row| !row["listing"].is_null());
        offered.extend(rows.map(|row| format!("{SITE}/listings/{}", row["id"].as_str().unwrap())));
        if page["more"] != true {
            break;
        }
        next = format!("/api/v1/listings?limit=500&after={}", page["next"]);
    }
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list
    };
    assert_eq!(sorted(before.clone()), sorted(offered));
    for page in before.iter().take(5) {
        assert_eq!(api.get(&Client::default(), page.strip_prefix(SITE).unwrap()).await.status, 200, "{page}");
    }
    let bureau = api.client(Role::Bureau, "样例知识产权局").await;
    let step = json!({ "step": "suspend", "reason": "年费未缴" });
    api.post(&bureau, "/api/v1/listings/202219900001.3/steps", &step).await.of(200);
    let gone = format!("{SITE}/listings/202219900001.3");
    assert!(before.contains(&gone) && !pages().await.contains(&gone));
    assert_eq!(api.get(&Client::default(), "/listings/202219900001.3").await.status, 404);

    for odd in ["/sitemaps/0", "/sitemaps/2", "/sitemaps/x", "/sitemaps/%FF"] {
        assert_eq!(api.get(&Client::default(), odd).await.problem(404), "no-such-page", "{odd}");
    }
    assert!(
        text(&api.get(&Client::default(), "/robots.txt").await).ends_with(&format!("Sitemap: {SITE}/sitemap.xml\n"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_an_address_has_pages_and_no_sitemap() {
    let api = Api::of_the_sample().await;
    assert_eq!(api.get(&Client::default(), "/sitemap.xml").await.problem(404), "no-public-address");
    assert_eq!(api.get(&Client::default(), "/sitemaps/1").await.problem(404), "no-public-address");
    let page = text(&api.get(&Client::default(), "/listings/202219900001.3").await);
    assert!(!page.contains("canonical") && linked(&page).get("url").is_none(), "{page}");
    assert!(!text(&api.get(&Client::default(), "/robots.txt").await).contains("Sitemap"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_told_what_it_lacks_with_measured_gains() {
    let api = Api::of_the_sample().await;
    let firm = api.client(Role::Enterprise, "样例江北锂电材料有限公司").await;
    let path = "/api/v1/enterprises/me";
    let bare = json!({ "主要产品": ["隔膜"] });
    api.ask(&firm, "PUT", path, Some(&bare)).await.of(200);
    let hints = api.get(&firm, "/api/v1/enterprises/me/hints").await.of(200);
    assert_eq!((&hints["given"], &hints["of"]), (&json!(1), &json!(7)));
    let first = &hints["parts"][0];
    assert_eq!((&first["part"], &first["given"], &first["gain"]), (&json!("needs"), &json!(false), &Value::Null));
    let own = &hints["parts"].as_array().unwrap().iter().find(|part| part["part"] == "own_patents").unwrap()["gain"];
    assert_eq!(own["beside"], "rest");
    assert!(own["with"].as_f64() > own["without"].as_f64() && own["enterprises"].as_u64() >= Some(30), "{own}");
    let full =
        json!({ "主要产品": ["隔膜"], "技术需求": ["降低隔膜的热收缩"], "许可费预算": "5万元", "行业代码": "C3841" });
    api.ask(&firm, "PUT", path, Some(&full)).await.of(200);
    let hints = api.get(&firm, "/api/v1/enterprises/me/hints").await.of(200);
    assert_eq!(hints["given"], 4, "{hints}");
    let other = api.client(Role::Enterprise, "样例蜀香食品有限公司").await;
    assert_eq!(api.get(&other, "/api/v1/enterprises/913201169900100123/hints").await.problem(404), "not-yours");
}
