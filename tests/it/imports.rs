//! Files over HTTP: tried, marked, imported, and everything a file must not do.

use std::io::{Cursor, Write};

use duijie::domain::{Account, AccountState, Actor, Permission, Role};
use serde_json::json;

use crate::api::{Answer, Api, Client};
use crate::fixtures::{NOW, number};
use crate::workbook;

const BYTES: &str = "application/octet-stream";
const MAPPED: &str = "&map=%E6%9C%AC%E7%9C%81%E7%BC%96%E5%8F%B7%3D%E4%B8%93%E5%88%A9%E5%8F%B7";

/// A province's file: a column no table knows, one row that cannot be taken.
fn file(fee: &str) -> String {
    let header = "本省编号,发明名称,专利权人,许可使用费标准,单次许可期限,联系方式,IPC\n";
    let row = |serial, title, fee| format!("{},{title},样例大学,{fee},36个月,电话,H01M10/0525\n", number(serial));
    [header.to_owned(), row(1, "一种海水淡化膜", "3万元/年"), row(2, "一种锂电池隔膜", fee)].concat()
}

async fn bureau(api: &Api) -> Client {
    api.client(Role::Bureau, "样例知识产权局").await
}

async fn upload(api: &Api, client: &Client, to: &str, query: &str, bytes: impl Into<Vec<u8>>) -> Answer {
    api.send(client, &format!("/api/v1/imports{to}?{query}"), BYTES, bytes.into()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_checked_marked_mended_and_imported() {
    let api = Api::of_the_sample().await;
    let bureau = bureau(&api).await;
    let (mapped, wrong) = (format!("kind=listings&file=a.csv{MAPPED}"), file("看情况"));
    let unmapped = upload(&api, &bureau, "/check", "kind=listings&file=a.csv", wrong.clone()).await.of(200);
    assert_eq!((&unmapped["taken"], &unmapped["unknown_columns"]), (&json!(0), &json!(["本省编号"])));
    let before = api.engine.counts().await.unwrap();
    let checked = upload(&api, &bureau, "/check", &mapped, wrong.clone()).await.of(200);
    assert_eq!((&checked["taken"], &checked["rejected"], &checked["added"]), (&json!(1), &json!(1), &json!(0)));
    let row = &checked["rejections"][0];
    assert_eq!((&row["row"], &row["column"]), (&json!(3), &json!("许可使用费标准")));
    let marked = upload(&api, &bureau, "/marked", &mapped, wrong.clone()).await;
    assert_eq!(marked.status, 200);
    assert!(marked.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert_eq!(api.engine.counts().await.unwrap(), before, "trying keeps nothing");

    // What was marked is read like any other file.
    let again = format!("kind=listings&file=marked.xlsx{MAPPED}");
    let again = upload(&api, &bureau, "", &again, marked.bytes.to_vec()).await.of(200);
    assert_eq!((&again["added"], &again["rejected"], &again["unknown_columns"]), (&json!(1), &json!(1), &json!([])));
    let mended = upload(&api, &bureau, "", &mapped, file("4万元/年")).await.of(200);
    assert_eq!((&mended["added"], &mended["unchanged"], &mended["rejected"]), (&json!(1), &json!(1), &json!(0)));
    let found = api.get(&Client::default(), &format!("/api/v1/listings/{}", number(2))).await.of(200);
    assert_eq!(found["patent"]["title"], "一种锂电池隔膜", "to be found at once");
    let once = upload(&api, &bureau, "", &mapped, file("4万元/年")).await.of(200);
    assert_eq!(once["already_imported"], true);

    let ledger = api.get(&bureau, "/api/v1/imports?limit=10").await.of(200);
    let mut files: Vec<_> =
        ledger["imports"].as_array().unwrap().iter().filter_map(|import| import["file"].as_str()).collect();
    files.sort_unstable();
    assert_eq!(files, ["a.csv", "enterprises.csv", "listings.csv", "marked.xlsx"]);
    let trail = api.engine.trail(0, 1_000).await.unwrap();
    let mine = trail.iter().filter(|kept| kept.entry.action == "import" && kept.entry.actor.name == "样例知识产权局");
    assert_eq!(mine.count(), 2, "and no third");
}

#[tokio::test(flavor = "multi_thread")]
async fn enterprises_come_the_same_way_and_only_the_bureau_brings_files() {
    let api = Api::of_the_sample().await;
    let bureau = bureau(&api).await;
    let firms = "企业名称,主要产品\n样例新来膜业有限公司,反渗透膜\n";
    let report = upload(&api, &bureau, "", "kind=enterprises&file=b.csv", firms).await.of(200);
    assert_eq!(report["added"], 1);
    for role in [Role::Enterprise, Role::Holder, Role::Operator, Role::Partner] {
        let name = if role == Role::Enterprise { "样例蜀香食品有限公司" } else { "样例某某" };
        let client = api.client(role, name).await;
        for to in ["", "/check", "/marked"] {
            assert_eq!(
                upload(&api, &client, to, "kind=enterprises&file=b.csv", firms).await.status,
                403,
                "{role} {to}"
            );
        }
    }
    assert_eq!(upload(&api, &Client::default(), "", "kind=enterprises&file=b.csv", firms).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_of_industry_fees_is_public_once_imported() {
    let api = Api::of_the_sample().await;
    let table = "行业代码,年份,合同数,平均固定费用（万元）,平均提成率（%）,来源\nC38,2023,412,150.5,3.5,测试表甲\nC38,2023,很多,1,,测试表乙\n";
    let query = "kind=industry_fees&file=%E8%A1%8C%E4%B8%9A.xlsx";
    let report = upload(&api, &bureau(&api).await, "", query, workbook::of_csv(table)).await.of(200);
    assert_eq!((&report["added"], &report["rejected"]), (&json!(1), &json!(1)), "{report}");
    let told = api.get(&Client::default(), "/api/v1/pricing/industries").await.of(200);
    let row = json!({
        "industry": "38", "year": 2023, "contracts": 412, "fixed_mean": 150_500_000, "royalty_mean": 350,
        "royalty_base": null, "source": "测试表甲",
    });
    assert_eq!(told["industries"], json!([row]));
    let asked = json!({ "industry": "C3841", "fee": "3万元/年", "fee_form": "按年支付" });
    let guidance = api.post(&Client::default(), "/api/v1/pricing", &asked).await.of(200);
    assert_eq!(guidance["industry_fees"], json!([row]), "of the narrowest around it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_none_is_told_so_and_nothing_is_changed() {
    let api = Api::of_the_sample().await;
    let bureau = bureau(&api).await;
    let before = (api.engine.counts().await.unwrap(), api.engine.check_trail().await.unwrap().entries);
    for (query, bytes, status, problem) in [
        ("kind=listings", file("1万元").into_bytes(), 400, "bad-request"),
        ("kind=firms&file=a.csv", file("1万元").into_bytes(), 400, "bad-request"),
        ("kind=listings&file=a.csv&map=x", file("1万元").into_bytes(), 400, "bad-request"),
        ("kind=listings&file=../..", file("1万元").into_bytes(), 400, "bad-request"),
        ("kind=listings&file=a.exe", file("1万元").into_bytes(), 422, "unreadable-file"),
        ("kind=listings&file=a.csv", Vec::new(), 422, "unreadable-file"),
        ("kind=listings&file=a.xlsx", b"PK\x03\x04 no archive".to_vec(), 422, "unreadable-file"),
        ("kind=listings&file=a.xlsx", file("1万元").into_bytes(), 422, "unreadable-file"),
        ("kind=listings&file=a.csv", workbook::of_csv("a,b\n1,2\n"), 422, "unreadable-file"),
        ("kind=listings&file=a.csv&map=x%3D%E6%98%9F%E5%BA%A7", file("1万元").into_bytes(), 422, "unreadable-file"),
        ("kind=listings&file=bomb.xlsx", bomb(), 422, "unreadable-file"),
    ] {
        for to in ["", "/check", "/marked"] {
            assert_eq!(upload(&api, &bureau, to, query, bytes.clone()).await.problem(status), problem, "{query} {to}");
        }
    }
    let large = upload(&api, &bureau, "/check", "kind=listings&file=a.csv", vec![b'x'; (32 << 20) + 1]).await;
    assert_eq!(large.problem(413), "too-large");
    let form = api.send(&bureau, "/api/v1/imports?kind=listings&file=a.csv", "multipart/form-data", Vec::new()).await;
    assert_eq!(form.problem(415), "wrong-type");
    let after = (api.engine.counts().await.unwrap(), api.engine.check_trail().await.unwrap().entries);
    assert_eq!(after, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_leads_elsewhere_leads_nowhere() {
    let api = Api::of_the_sample().await;
    let bureau = bureau(&api).await;
    let query = format!("kind=listings&file=..%2F..%2F..%2Fetc%2F%E6%9C%AC%E7%9C%81.csv{MAPPED}");
    let report = upload(&api, &bureau, "/check", &query, file("1万元")).await.of(200);
    assert_eq!(report["file"], "本省.csv");
    assert!(!std::path::Path::new("/etc/本省.csv").exists());
}

/// A workbook of half a megabyte whose one sheet unpacks to more than half a gigabyte.
fn bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in [("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>")] {
        archive.start_file(name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..513 {
        archive.write_all(&zeros).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bureau_brings_what_is_of_its_own_province() {
    let api = Api::of_the_sample().await;
    let (account, operator) = (
        Account {
            login: "zhejiang".to_owned(),
            role: Role::Bureau,
            state: AccountState::Active,
            name: "样例浙江局".to_owned(),
            enterprise: None,
            province: Some("330000".parse().unwrap()),
            created_at: 0,
        },
        Actor::operator("运营员"),
    );
    let zhejiang = api.engine.add_account(account, None, &operator, NOW).await.unwrap();
    let given = api.engine.give_token(&zhejiang, "测试", vec![Permission::ImportFiles], 30, NOW).await.unwrap();
    let zhejiang = Client { headers: vec![("authorization", format!("Bearer {}", given.token))] };
    // One of its own, one of another's, one of another's that the row is silent about, one of nobody knows where.
    let rows = [
        (number(1).to_string(), "浙江省杭州市"),
        (number(2).to_string(), "江苏省南京市"),
        ("ZL202219900001.3".to_owned(), ""),
        (number(3).to_string(), ""),
    ];
    let rows =
        rows.map(|(number, place)| format!("{number},一种膜,样例大学,3万元/年,36个月,电话,H01M10/0525,{place}\n"));
    let file = format!("专利号,发明名称,专利权人,许可使用费标准,单次许可期限,联系方式,IPC,所在地\n{}", rows.concat());
    let query = "kind=listings&file=a.csv";
    let checked = upload(&api, &zhejiang, "/check", query, file.clone()).await.of(200);
    assert_eq!((&checked["taken"], &checked["rejections"][0]["code"]), (&json!(3), &json!("other_province")));
    let report = upload(&api, &zhejiang, "", query, file.clone()).await.of(200);
    assert_eq!((&report["added"], &report["changed"], &report["rejected"]), (&json!(2), &json!(0), &json!(2)));
    let refused: Vec<_> = report["rejections"].as_array().unwrap().iter().map(|row| &row["row"]).collect();
    assert_eq!(refused, [3, 4]);
    let firms = "企业名称,所在地\n样例甲有限公司,江苏省\n样例乙有限公司,浙江省\n";
    let report = upload(&api, &zhejiang, "", "kind=enterprises&file=b.csv", firms).await.of(200);
    assert_eq!((&report["added"], &report["rejected"]), (&json!(1), &json!(1)));
    let ledger = api.get(&zhejiang, "/api/v1/imports").await.of(200);
    assert_eq!(ledger["imports"].as_array().unwrap().len(), 2, "those of others are theirs: {ledger}");

    // The same file is another's to bring, too, and is not taken for done.
    let report = upload(&api, &bureau(&api).await, "", query, file).await.of(200);
    assert_eq!((&report["already_imported"], &report["added"]), (&json!(false), &json!(1)), "{report}");
}
