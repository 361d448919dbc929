//! Who has opted out is sent nothing, whatever is imported, and still sees what it asks for.

use duijie::domain::{DeliveryRefusal, Role};
use duijie::engine::{EngineError, ImportKind};
use serde_json::{Value, json};

use crate::api::Api;
use crate::fixtures::{NOW, sample, today};

const FIRM: &str = "样例江北锂电材料有限公司";
const PATH: &str = "/api/v1/enterprises/me/push";

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_holds_at_once_and_outlives_every_other_change() {
    let api = Api::of_the_sample().await;
    let firm = api.client(Role::Enterprise, FIRM).await;
    let wish = async || api.get(&firm, PATH).await.of(200);
    let say = async |wanted: bool| api.ask(&firm, "PUT", PATH, Some(&json!({ "wanted": wanted }))).await.of(200);
    assert_eq!(wish().await, json!({ "wanted": true, "opted_out_at": null }));
    api.engine.deliver(FIRM, 5, today(), NOW).await.unwrap();

    assert_eq!(say(false).await, json!({ "wanted": false, "opted_out_at": NOW }));
    let refused = api.engine.deliver(FIRM, 5, today(), NOW + 1).await;
    assert!(matches!(&refused, Err(EngineError::Delivery(DeliveryRefusal::OptedOut { name })) if name == FIRM));
    let feed = api.get(&firm, "/api/v1/enterprises/me/recommendations").await.of(200);
    assert!(!feed["recommendations"].as_array().unwrap().is_empty(), "what it asks for itself it sees");

    // Neither its own record nor a file puts it back in.
    let record = json!({ "经营范围": "锂离子电池材料的研发、生产、销售" });
    api.ask(&firm, "PUT", "/api/v1/enterprises/me", Some(&record)).await.of(200);
    api.engine.import(&sample("enterprises.xlsx"), ImportKind::Enterprises, NOW, &|_| ()).await.unwrap();
    assert_eq!(say(false).await["opted_out_at"], NOW, "said twice is said once");
    assert!(api.engine.deliver(FIRM, 5, today(), NOW + 2).await.is_err());

    assert_eq!(say(true).await, json!({ "wanted": true, "opted_out_at": null }));
    api.engine.deliver(FIRM, 5, today(), NOW + 3).await.unwrap();
    let trail = api.engine.trail(0, 1_000).await.unwrap();
    let words = trail.iter().map(|kept| kept.entry.action.as_str()).filter(|action| action.starts_with("opt_"));
    assert_eq!(words.collect::<Vec<_>>(), ["opt_out", "opt_in"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_is_the_enterprises_own_and_staff_can_take_down_nothing_but_a_no() {
    let api = Api::of_the_sample().await;
    let other = api.client(Role::Enterprise, "样例蜀香食品有限公司").await;
    let bureau = api.client(Role::Bureau, "样例知识产权局").await;
    let path = format!("/api/v1/enterprises/{}/push", "913201169900100123");
    let body = json!({ "wanted": false });
    assert_eq!(api.ask(&other, "PUT", &path, Some(&body)).await.problem(404), "not-yours");
    assert_eq!(api.get(&other, &path).await.problem(404), "not-yours");
    let operator = api.client(Role::Operator, "运营员").await;
    assert_eq!(api.ask(&operator, "PUT", &path, Some(&body)).await.status, 403);
    let yes = json!({ "wanted": true });
    assert_eq!(api.ask(&bureau, "PUT", &path, Some(&yes)).await.problem(404), "not-yours");
    assert_eq!(api.get(&bureau, &path).await.of(200)["wanted"], true);
    let firm = api.client(Role::Enterprise, FIRM).await;
    for odd in [json!({}), json!({ "wanted": "no" }), json!({ "wanted": false, "x": 1 })] {
        assert_eq!(api.ask(&firm, "PUT", PATH, Some(&odd)).await.problem(400), "bad-request");
    }
    assert_eq!(api.get(&firm, PATH).await.of(200)["opted_out_at"], Value::Null);
    assert_eq!(api.ask(&bureau, "PUT", &path, Some(&body)).await.of(200)["wanted"], false);
}
