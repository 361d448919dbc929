//! The report of a simulated quarter: what happened is what it says, in every form.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use calamine::{Reader, Xlsx};
use duijie::domain::{Date, DeclineCode, FeedbackKind, Role};
use serde_json::json;

use crate::api::{Api, Client};
use crate::fixtures::{NOW, sample_enterprises, today};

const DAY: i64 = 86_400;
const PATH: &str = "/api/v1/reports/effect?from=2026-10-01&to=2026-12-31";

/// What was done in the quarter.
#[derive(Debug, Default)]
struct Quarter {
    shown: BTreeSet<(String, String)>,
    opened: u64,
    declined: u64,
    asked: u64,
    licensed: u64,
    /// In fen.
    due: i64,
}

/// Every firm of the sample is shown five listings; some open, decline, ask, take a licence.
async fn simulated(api: &Api) -> Quarter {
    let (mut quarter, mut holders) = (Quarter::default(), Vec::<(String, Client)>::new());
    for (place, firm) in sample_enterprises().iter().enumerate() {
        let at = NOW - (50 - place as i64) * DAY / 2;
        let Ok((_, delivery)) = api.engine.deliver(&firm.id.to_string(), 5, today(), at).await else { continue };
        for listing in &delivery.listings {
            quarter.shown.insert((firm.id.to_string(), listing.to_string()));
        }
        let firm = api.engine.enterprise(firm.id.as_str()).await.unwrap();
        let act = async |listing: usize, kind| {
            api.engine.act_on_message(&firm, &delivery.id, &delivery.listings[listing], kind, at + 60).await.unwrap()
        };
        if place % 2 == 0 {
            quarter.opened += u64::from(act(0, FeedbackKind::Opened).await);
        }
        if place % 5 == 0 {
            quarter.declined += u64::from(act(1, FeedbackKind::Declined(DeclineCode::TooDear)).await);
        }
        if place % 7 != 0 {
            continue;
        }
        let client = api.client(Role::Enterprise, &firm.name).await;
        let listing = delivery.listings[2].as_str();
        let question = json!({ "listing": listing, "text": "能否先提供样品？" });
        api.post(&client, "/api/v1/enquiries", &question).await.of(201);
        quarter.asked += 1;
        let taken = api.post(&client, "/api/v1/licences", &json!({ "listing": listing })).await;
        if taken.status != 201 {
            continue;
        }
        let (taken, proof) = (taken.json(), json!({ "step": "confirm_payment", "evidence": "回单1号" }));
        let path = format!("/api/v1/licences/{}/steps", taken["number"]);
        let holder = taken["listing"]["patent"]["holders"][0].as_str().unwrap();
        let holder = match holders.iter().find(|(name, _)| name == holder) {
            Some((_, client)) => client.clone(),
            None => api.client(Role::Holder, holder).await,
        };
        holders.push((taken["listing"]["patent"]["holders"][0].as_str().unwrap().to_owned(), holder.clone()));
        if api.post(&holder, &path, &proof).await.status == 200 {
            quarter.licensed += 1;
            quarter.due += taken["due_on_acceptance"].as_i64().unwrap();
        }
    }
    quarter
}

/// All texts of a document.
fn texts(docx: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    document.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect::<Vec<_>>().join("|")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_of_a_quarter_says_what_happened_in_every_form() {
    let api = Api::of_the_sample().await;
    let staff = api.client(Role::Bureau, "统计员").await;
    let quarter = simulated(&api).await;
    let quiet = quarter.opened < 10 || quarter.declined < 5 || quarter.asked < 4 || quarter.licensed < 3;
    assert!(!quiet && quarter.due > 0, "the quarter is too quiet: {quarter:?}");
    let report = api.get(&staff, PATH).await.of(200);
    let step = |name: &str| {
        let steps = report["funnel"].as_array().unwrap();
        steps.iter().find(|step| step["step"] == name).unwrap()["pairs"].as_u64().unwrap()
    };
    assert_eq!(step("delivered"), quarter.shown.len() as u64);
    assert_eq!((step("opened"), step("declined"), step("enquired")), (quarter.opened, quarter.declined, quarter.asked));
    assert_eq!(step("licensed"), quarter.licensed);
    let firms: BTreeSet<&String> = quarter.shown.iter().map(|(firm, _)| firm).collect();
    assert_eq!(report["funnel"][0]["enterprises"], firms.len());
    assert_eq!(report["licences"]["licences"], quarter.licensed);
    assert_eq!(report["licences"]["due_on_acceptance"], quarter.due);
    assert_eq!(report["declines"], json!([{ "code": "too_dear", "reason": "费用过高", "pairs": quarter.declined }]));
    let (listings, _) = api.engine.counts().await.unwrap();
    let by_status = report["listings"].as_array().unwrap().iter();
    assert_eq!(by_status.map(|count| count["listings"].as_u64().unwrap()).sum::<u64>(), listings);
    for by in ["province", "field", "holder_kind"] {
        let parts = report["slices"].as_array().unwrap().iter().filter(|part| part["by"] == by);
        let sum = |member: &str| parts.clone().map(|part| part[member].as_u64().unwrap()).sum::<u64>();
        assert_eq!((sum("shown"), sum("licensed")), (step("delivered"), step("licensed")), "{by}");
    }

    let form = async |form: &str| api.get(&staff, &format!("{PATH}&form={form}")).await;
    let page = String::from_utf8(form("page").await.bytes.to_vec()).unwrap();
    let cell = format!("<td>{}</td>", quarter.shown.len());
    assert!(page.contains(&cell) && page.contains("<svg") && page.contains("2026.10.01 至 2026.12.31"), "{page}");
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(form("xlsx").await.bytes.to_vec())).unwrap();
    let rows = workbook.worksheet_range("3 推送与反馈").unwrap();
    let delivered = rows.rows().find(|row| row[0] == "送达").unwrap();
    assert_eq!(delivered[2].to_string(), quarter.shown.len().to_string());
    let document = texts(&form("docx").await.bytes);
    assert!(document.contains(&format!("送达|{}|{}|", firms.len(), quarter.shown.len())), "{document}");
    assert_eq!(form("docx").await.bytes, form("docx").await.bytes, "the same report, the same bytes");
    if let Ok(folder) = std::env::var("DUIJIE_REPORTS") {
        for ending in ["html", "xlsx", "docx"] {
            let bytes = form(if ending == "html" { "page" } else { ending }).await.bytes;
            std::fs::write(format!("{folder}/report.{ending}"), bytes).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_another_time_or_province_has_none_of_it() {
    let api = Api::of_the_sample().await;
    let staff = api.client(Role::Bureau, "统计员").await;
    simulated(&api).await;
    let before = api.get(&staff, "/api/v1/reports/effect?from=2026-01-01&to=2026-03-31").await.of(200);
    assert_eq!((&before["funnel"][0]["pairs"], &before["licences"]["licences"]), (&json!(0), &json!(0)));
    let (from, to) = (Date::new(2026, 10, 1).unwrap(), Date::new(2026, 12, 31).unwrap());
    let all = api.engine.effect(from, to, None).await.unwrap();
    let jiangsu = api.engine.effect(from, to, "320000".parse().ok()).await.unwrap();
    let own: Vec<_> = jiangsu.slices.iter().filter(|part| part.by == duijie::engine::SliceOf::Province).collect();
    assert!(own.iter().all(|part| part.name == "江苏省" || part.name == "未知"), "{own:?}");
    assert!((1..all.funnel[0].pairs).contains(&jiangsu.funnel[0].pairs));
    for wrong in
        ["from=2026-12-31&to=2026-10-01", "from=2020-01-01&to=2026-01-01", "from=x&to=2026-01-01", "from=2026-01-01"]
    {
        let refused = api.get(&staff, &format!("/api/v1/reports/effect?{wrong}")).await;
        assert_eq!(refused.problem(400), "bad-request", "{wrong}");
    }
    let firm = api.client(Role::Partner, "样例平台").await;
    assert_eq!(api.get(&firm, PATH).await.status, 403);
}
