//! A listing from its holder's hands to its withdrawal, by the command and by the engine.

use std::path::Path;

use duijie::domain::{Actor, ApplicationNumber, Check, CheckKind, Date, LifeStep, ListingStatus, Moment};
use duijie::engine::{Engine, EngineError, LifeReport};
use serde_json::Value;

use crate::fixtures::{Catalogue, command, duijie, sample_listings, text, today};

const HOLDER: &str = "样例江南理工大学";
const STAFF: &str = "审核员甲";

fn moment(today: Date) -> Moment {
    Moment { today, now: today.day_number() * 86_400 }
}

fn form(directory: &Path, number: &str, holder: &str) -> std::path::PathBuf {
    let path = directory.join("declared.csv");
    let header = "专利号,发明名称,专利权人,许可使用费标准,单次许可期限,联系方式,申请日,摘要";
    let row = format!(
        "{number},一种海水淡化用石墨烯反渗透膜组件,{holder},3万元/年,36个月,技术转移中心,2021-03-01,石墨烯反渗透膜用于海水淡化"
    );
    std::fs::write(&path, format!("{header}\n{row}\n")).unwrap();
    path
}

/// The number of a utility model: the fifth digit says so.
fn valid_number() -> String {
    ApplicationNumber::from_body("202120000001").unwrap().to_string()
}

async fn step(engine: &Engine, number: &str, step: LifeStep, actor: &Actor) -> Result<LifeReport, EngineError> {
    engine.take_step(number, step, actor, None, moment(today())).await
}

async fn answer(engine: &Engine, number: &str, kind: CheckKind) -> Result<LifeReport, EngineError> {
    let check =
        Check { passed: true, evidence: "登记簿副本".into(), valid_until: None, reviewer: String::new(), at: 0 };
    step(engine, number, LifeStep::Check(kind, check), &Actor::bureau(STAFF)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_found_and_recommended_at_once_and_what_is_withdrawn_is_gone_at_once() {
    let catalogue = Catalogue::of_the_sample().await;
    let (engine, number) = (&catalogue.engine, valid_number());
    let (holder, staff) = (Actor::holder(HOLDER), Actor::bureau(STAFF));
    let firm = "样例江北锂电材料有限公司";
    let seen = engine.recommend(firm, 100, today()).await.unwrap().recommendations.len();

    let file = form(catalogue.directory.path(), &number, HOLDER);
    let report = engine.submit_listings(&file, &holder, true, moment(today())).await.unwrap();
    assert_eq!((report.taken.len(), report.rejected), (1, 0), "{report:?}");
    assert!(catalogue.search("石墨烯反渗透膜").await.iter().all(|id| *id != number), "nobody has checked it");
    step(engine, &number, LifeStep::TakeUp, &staff).await.unwrap();
    for kind in CheckKind::ALL.into_iter().filter(|kind| *kind != CheckKind::EvaluationReport) {
        answer(engine, &number, kind).await.unwrap();
    }
    let refused = step(engine, &number, LifeStep::Publish, &staff).await.unwrap_err();
    assert!(refused.to_string().contains("evaluation_report"), "{refused}");
    step(engine, &number, LifeStep::Return("请补交专利权评价报告".into()), &staff).await.unwrap();

    engine.submit_listings(&file, &holder, true, moment(today())).await.unwrap();
    step(engine, &number, LifeStep::TakeUp, &staff).await.unwrap();
    for kind in CheckKind::ALL {
        answer(engine, &number, kind).await.unwrap();
    }
    let published = step(engine, &number, LifeStep::Publish, &staff).await.unwrap();
    assert_eq!(published.listing.status, ListingStatus::Published);
    assert_eq!(catalogue.search("石墨烯反渗透膜").await.first(), Some(&number));
    assert!(engine.listing(&number, today()).await.is_ok());

    // An own listing of the sample that is recommended, then taken back.
    let first = engine.recommend(firm, 1, today()).await.unwrap().recommendations[0].recommendation.listing.clone();
    step(engine, first.as_str(), LifeStep::Suspend("权利人变更，待核实".into()), &staff).await.unwrap();
    let now: Vec<_> = engine.recommend(firm, 100, today()).await.unwrap().recommendations;
    assert!(now.iter().all(|shown| shown.recommendation.listing != first), "suspended, still recommended");
    step(engine, first.as_str(), LifeStep::Resume(String::new()), &staff).await.unwrap();
    let back = engine.recommend(firm, 1, today()).await.unwrap().recommendations;
    assert_eq!(back[0].recommendation.listing, first);
    assert!(now.len() + 1 >= seen, "{} and {seen}", now.len());

    step(engine, &number, LifeStep::Withdraw("专利权转让".into()), &holder).await.unwrap();
    assert!(catalogue.search("石墨烯反渗透膜").await.iter().all(|id| *id != number));
    assert!(matches!(engine.listing(&number, today()).await, Err(EngineError::UnknownListing { .. })));
    let trail = engine.life(&number).await.unwrap().trail;
    let words: Vec<&str> =
        trail.iter().map(|entry| entry.entry.action.as_str()).filter(|word| *word != "check").collect();
    assert_eq!(words, ["submit", "take_up", "return", "submit", "take_up", "publish", "withdraw"]);
    assert_eq!(engine.check_trail().await.unwrap().broken_at, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_act_on_one_listing_the_second_is_told() {
    let catalogue = Catalogue::of_the_sample().await;
    let (engine, id) = (&catalogue.engine, sample_listings()[0].id.clone());
    let suspend = |name: &'static str| {
        let (actor, id) = (Actor::bureau(name), id.clone());
        async move {
            engine.take_step(id.as_str(), LifeStep::Suspend("待核实".into()), &actor, Some(0), moment(today())).await
        }
    };
    let (one, other) = tokio::join!(suspend("审核员甲"), suspend("审核员乙"));
    let refused = one.as_ref().err().or(other.as_ref().err()).expect("one of them was second");
    assert!(refused.to_string().contains("changed meanwhile"), "{refused}");
    assert!(one.is_ok() || other.is_ok());
    assert_eq!(engine.life(id.as_str()).await.unwrap().trail.len(), 1, "what was refused left nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_done_once() {
    let catalogue = Catalogue::of_the_sample().await;
    let engine = &catalogue.engine;
    let on_offer = engine.counts().await.unwrap().0;
    let late = Date::new(2060, 1, 1).unwrap();
    let settled = engine.settle(moment(late)).await.unwrap();
    assert_eq!(settled.looked_at, on_offer);
    assert!(settled.suspended > 0 && settled.expired > 0 && settled.expired <= settled.suspended, "{settled:?}");
    let again = engine.settle(moment(late)).await.unwrap();
    assert_eq!((again.suspended, again.expired), (0, 0), "{again:?}");
    let expired = engine.work_queue(ListingStatus::Expired, None, 1_000, |_| true).await.unwrap();
    assert_eq!(expired.len() as u64, settled.expired);
    assert!(expired.iter().all(|(_, life)| life.reason.contains("专利权期限")), "{expired:?}");
    let before = engine.settle(moment(today())).await.unwrap();
    assert_eq!((before.suspended, before.expired), (0, 0), "nothing comes back by itself");
}

#[test]
fn the_command_tells_the_life_of_a_listing_and_refuses_what_is_not_possible() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let (data, number) = (text(&data), valid_number());
    let file = form(directory.path(), &number, HOLDER);
    let day = ["--today", "2026-11-22", "--data-dir", data];
    let run = |arguments: &[&str]| duijie(&[arguments, &day].concat());

    let anothers = run(&["listing", "submit", text(&file), "--holder", "样例江北公司"]);
    assert_eq!(anothers.code, 1, "{}", anothers.out);
    assert!(anothers.out.contains("不在") && anothers.out.contains("第2行"), "{}", anothers.out);
    let handed_in = run(&["listing", "submit", text(&file), "--holder", HOLDER]);
    assert_eq!(handed_in.code, 0, "{}{}", handed_in.out, handed_in.err);
    let queue = duijie(&["listing", "queue", "--status", "已提交", "--data-dir", data]);
    assert!(queue.out.contains(&number), "{}", queue.out);
    let early = run(&["listing", "publish", &number, "--by", STAFF]);
    assert!(early.code == 1 && early.err.contains("不能公开"), "{}", early.err);
    assert_eq!(run(&["listing", "take-up", &number, "--by", STAFF]).code, 0);
    let answered = run(&[
        "listing",
        "check",
        &number,
        "--by",
        STAFF,
        "--check",
        "年费已缴纳",
        "--evidence",
        "缴费收据",
        "--until",
        "2027-03-01",
    ]);
    assert!(answered.out.contains("✓  年费已缴纳  缴费收据  至 2027-03-01  [审核员甲]"), "{}", answered.out);
    let stale = run(&["listing", "return", &number, "--by", "审核员乙", "--reason", "理由", "--seen", "1"]);
    assert!(stale.code == 1 && stale.err.contains("已被他人处理"), "{}", stale.err);
    let shown = duijie(&["listing", "show", &number, "--json", "--data-dir", data]).json();
    assert_eq!(shown["listing"]["status"], "verifying");
    assert_eq!(shown["trail"].as_array().map(Vec::len), Some(3));
    let trail = duijie(&["trail", "--data-dir", data]).out;
    assert!(trail.contains("受理核验  已提交 → 核验中  省局 审核员甲"), "{trail}");
    let whole = duijie(&["trail", "--verify", "--json", "--data-dir", data]).json();
    assert_eq!((whole["entries"].as_i64(), &whole["broken_at"]), (Some(3), &Value::Null));
}

/// Killed at any moment of its life, the record is whole afterwards: listing, life, trail and index agree.
#[test]
fn killed_while_it_steps_a_listing_stands_before_or_behind_the_step() {
    let directory = tempfile::tempdir().unwrap();
    let data = text(directory.path());
    let import = crate::fixtures::sample("listings.csv");
    assert_eq!(duijie(&["import", "--kind", "listings", text(&import), "--data-dir", data]).code, 0);
    let id = sample_listings()[0].id.clone();
    let title = sample_listings()[0].patent.title.clone();
    const ROUNDS: u64 = 8;
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        let (verb, reason): (&str, &[&str]) =
            if is_published(data, id.as_str()) { ("suspend", &["--reason", "待核实"]) } else { ("resume", &[]) };
        let arguments = ["listing", verb, id.as_str(), "--by", STAFF, "--today", "2026-11-22", "--data-dir", data];
        let mut child =
            command(&[&arguments[..], reason].concat()).stdout(std::process::Stdio::null()).spawn().unwrap();
        if round < ROUNDS - 1 {
            std::thread::sleep(std::time::Duration::from_millis(round * 37));
            // It may have ended already.
            let _ = child.kill();
        }
        acknowledged += usize::from(child.wait().unwrap().success());

        let shown = duijie(&["listing", "show", id.as_str(), "--json", "--data-dir", data]).json();
        let trail = shown["trail"].as_array().unwrap();
        assert!(trail.len() >= acknowledged, "what was acknowledged is there");
        assert_eq!(shown["life"]["version"].as_u64(), Some(trail.len() as u64));
        let last = trail.last().map_or("published", |entry| entry["after"].as_str().unwrap());
        assert_eq!(shown["listing"]["status"], last);
        let found = duijie(&["search", &title, "-n", "100", "--json", "--data-dir", data]).json();
        let hits = found["hits"].as_array().unwrap();
        let is_found = hits.iter().any(|hit| hit["listing"]["id"] == id.as_str());
        assert_eq!(is_found, last == "published", "the index says what the record says");
        assert_eq!(duijie(&["trail", "--verify", "--data-dir", data]).code, 0);
    }
    assert!(acknowledged > 0, "the last round is let alone");
}

fn is_published(data: &str, id: &str) -> bool {
    duijie(&["listing", "show", id, "--json", "--data-dir", data]).json()["listing"]["status"] == "published"
}
