//! Who may do what over HTTP: every role on every route, sessions, tokens, and those who pretend.

use duijie::domain::{Account, AccountState, AccountVerb, Actor, Moment, Permission, Role};
use duijie::http::{Access, ROUTES, Settings};
use serde_json::json;

use crate::api::{Api, Client};
use crate::fixtures::{NOW, duijie, settings, text, today};

pub(crate) const PASSWORD: &str = "石墨烯反渗透膜-2026-冬";

pub(crate) async fn account(api: &Api, role: Role, login: &str, password: Option<&str>) {
    let account = Account {
        login: login.into(),
        role,
        state: AccountState::Active,
        name: "审核员甲".into(),
        enterprise: None,
        province: None,
        created_at: 0,
    };
    api.engine.add_account(account, password, &Actor::operator("运营员"), NOW).await.unwrap();
}

/// Every role on every route: let through where the table says so, and nowhere else.
#[tokio::test(flavor = "multi_thread")]
async fn every_role_is_held_to_the_table_on_every_route() {
    let api = Api::of_the_sample().await;
    let mut clients = vec![(None, Client::default())];
    for role in Role::ALL {
        let name = if role == Role::Enterprise { "样例江北锂电材料有限公司" } else { "样例" };
        clients.push((Some(role), api.client(role, name).await));
    }
    let mut refused = 0;
    for route in ROUTES {
        let path =
            route.path.replace("{number}", "x").replace("{name}", "x").replace("{login}", "x").replace("{id}", "x");
        for (role, client) in &clients {
            let answer = api.ask(client, route.method, &path, (route.method != "GET").then_some(&json!({}))).await;
            let told = format!("{role:?} {} {path}: {}", route.method, String::from_utf8_lossy(&answer.bytes));
            // Pages say in words that they are not there.
            let is_page = answer.headers.get("content-type").is_some_and(|kind| kind == "text/html; charset=utf-8");
            let kind = if answer.status < 400 || is_page { String::new() } else { answer.problem(answer.status) };
            assert!(answer.status < 500 && answer.status != 405, "{told}");
            let expected = match (route.access, role) {
                (Access::Anyone | Access::Newcomer, _) | (Access::Account, Some(_)) => None,
                // These are tokens.
                (_, None) | (Access::Session, _) => Some("sign-in-needed"),
                (Access::May(any), Some(role)) if any.iter().any(|permission| role.may(*permission)) => None,
                (Access::May(_), Some(_)) => Some("not-for-your-role"),
            };
            refused += usize::from(expected.is_some());
            match expected {
                Some(expected) => assert_eq!(kind, expected, "{told}"),
                None => assert!(!["sign-in-needed", "not-for-your-role", "session-ended"].contains(&&*kind), "{told}"),
            }
        }
    }
    assert!(refused > 60, "{refused} refusals");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_opened_used_and_ended() {
    let api = Api::of_the_sample().await;
    account(&api, Role::Operator, "yunying", Some(PASSWORD)).await;
    let body = json!({ "login": " YunYing ", "password": PASSWORD });
    let answer = api.post(&Client::default(), "/api/v1/session", &body).await;
    assert_eq!(answer.of(200)["account"]["role"], "operator");
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!answer.json().to_string().contains("argon2"));

    let client = api.sign_in("yunying", PASSWORD).await;
    assert_eq!(api.get(&client, "/api/v1/session").await.of(200)["account"]["login"], "yunying");
    assert_eq!(api.get(&client, "/api/v1/users").await.of(200)["users"][0]["login"], "yunying");
    let given = json!({ "label": "脚本", "scopes": ["read_trail"], "days": 7 });
    let without_proof = Client { headers: client.headers[..1].to_vec() };
    assert_eq!(api.post(&without_proof, "/api/v1/tokens", &given).await.problem(403), "csrf");
    let wrong = Client { headers: vec![client.headers[0].clone(), ("x-csrf-token", "0".repeat(64))] };
    assert_eq!(api.post(&wrong, "/api/v1/tokens", &given).await.problem(403), "csrf");
    let token = api.post(&client, "/api/v1/tokens", &given).await.of(201);
    let program = Client { headers: vec![("authorization", format!("Bearer {}", token["token"].as_str().unwrap()))] };
    let entries = api.get(&program, "/api/v1/audit").await.of(200);
    assert!(entries["entries"].as_array().unwrap().iter().any(|entry| entry["action"] == "add_account"), "{entries}");
    assert_eq!(api.get(&program, "/api/v1/users").await.problem(403), "not-in-scope");
    assert_eq!(
        api.post(&program, "/api/v1/tokens", &given).await.problem(401),
        "sign-in-needed",
        "tokens give no tokens"
    );
    let listed = api.get(&client, "/api/v1/tokens").await.of(200);
    assert!(listed[0].get("token").is_none(), "{listed}");
    let path = format!("/api/v1/tokens/{}", token["id"].as_str().unwrap());
    assert_eq!(api.ask(&client, "DELETE", &path, None).await.status, 204);
    assert_eq!(api.get(&program, "/api/v1/audit").await.problem(401), "session-ended");

    assert_eq!(api.ask(&client, "DELETE", "/api/v1/session", None).await.status, 204);
    assert_eq!(api.get(&client, "/api/v1/session").await.problem(401), "session-ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_and_ended_proofs_are_refused() {
    let api = Api::of_the_sample().await;
    account(&api, Role::Operator, "yunying", Some(PASSWORD)).await;
    for (name, value) in [
        ("cookie", format!("duijie_session={}", "0".repeat(64))),
        ("cookie", "duijie_session=' OR 1=1 --".to_owned()),
        ("authorization", "Bearer duijie_x".to_owned()),
        ("authorization", "Basic eXVueWluZzpwdw==".to_owned()),
        ("authorization", "Bearer".to_owned()),
    ] {
        let forged = Client { headers: vec![(name, value.clone())] };
        assert_eq!(api.get(&forged, "/api/v1/users").await.problem(401), "session-ended", "{value}");
        assert_eq!(api.get(&forged, "/api/v1/search?q=x").await.status, 200, "what is public needs no proof");
    }
    let signed_in = api.engine.sign_in("yunying", PASSWORD, NOW).await.unwrap();
    assert!(api.engine.session(&signed_in.secret, signed_in.ends_at - 1).await.unwrap().is_some());
    assert!(api.engine.session(&signed_in.secret, signed_in.ends_at).await.unwrap().is_none(), "ended");
    let account = api.engine.account("yunying").await.unwrap();
    let token = api.engine.give_token(&account, "一天", vec![Permission::ReadTrail], 1, NOW).await.unwrap();
    assert!(api.engine.token(&token.token, token.record.ends_at - 1).await.unwrap().is_some());
    assert!(api.engine.token(&token.token, token.record.ends_at).await.unwrap().is_none(), "ended");
    assert_eq!(api.engine.forget_ended_sessions(NOW + 400 * 86_400).await.unwrap(), 2);
    for (scopes, days) in [
        (vec![], 1),
        (vec![Permission::Verify], 1),
        (vec![Permission::ReadTrail], 0),
        (vec![Permission::ReadTrail], 367),
    ] {
        assert!(api.engine.give_token(&account, "名", scopes.clone(), days, NOW).await.is_err(), "{scopes:?} {days}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_locks_the_account_and_says_nothing_of_who_is_there() {
    let api = Api::of_the_sample().await;
    account(&api, Role::Bureau, "shenhe", Some(PASSWORD)).await;
    let wrong = |login: &'static str, at| {
        let engine = api.engine.clone();
        async move { engine.sign_in(login, "不是这个密码-2026", at).await.unwrap_err().to_string() }
    };
    let unknown = wrong("nobody", NOW).await;
    for _ in 0..5 {
        assert_eq!(wrong("shenhe", NOW).await, unknown);
    }
    let locked = api.engine.sign_in("shenhe", PASSWORD, NOW + 899).await.unwrap_err();
    assert_eq!(locked.to_string(), unknown, "locked, and not told from a wrong password");
    assert!(api.engine.sign_in("shenhe", PASSWORD, NOW + 900).await.is_ok());

    let client = Client::default();
    let body = json!({ "login": "nobody", "password": "不是这个密码-2026" });
    let mut answers = Vec::new();
    for _ in 0..12 {
        answers.push(api.post(&client, "/api/v1/session", &body).await);
    }
    assert_eq!(answers[0].problem(401), "sign-in");
    let last = answers.last().unwrap();
    assert_eq!(last.problem(429), "too-many-requests");
    assert!(last.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enterprise_signs_up_and_is_let_in() {
    let api = Api::of_the_sample().await;
    let (code, name) = ("91440300192317458F", "样例新来材料有限公司");
    let sign_up = json!({ "credit_code": code, "name": name, "password": PASSWORD });
    let first = api.post(&Client::default(), "/api/v1/sign-ups", &sign_up).await.of(202);
    assert_eq!(api.post(&Client::default(), "/api/v1/sign-ups", &sign_up).await.of(202), first, "the same words twice");
    let credentials = json!({ "login": code, "password": PASSWORD });
    assert_eq!(api.post(&Client::default(), "/api/v1/session", &credentials).await.problem(401), "sign-in", "not yet");
    for (member, value, kind) in [
        ("credit_code", "91440300192317458A", "credit-code"),
        ("name", " ", "account_name"),
        ("password", "123456", "password"),
    ] {
        let mut wrong = sign_up.clone();
        wrong[member] = value.into();
        assert_eq!(api.post(&Client::default(), "/api/v1/sign-ups", &wrong).await.problem(422), kind);
    }

    let staff = api.client(Role::Bureau, "审核员甲").await;
    let waiting = api.get(&staff, "/api/v1/users?state=pending").await.of(200);
    assert_eq!(waiting["users"][0]["name"], name, "{waiting}");
    let path = format!("/api/v1/users/{code}/steps");
    assert_eq!(api.post(&staff, &path, &json!({ "step": "disable" })).await.problem(403), "not-for-your-role");
    api.post(&staff, &path, &json!({ "step": "approve" })).await.of(200);
    assert_eq!(api.post(&staff, &path, &json!({ "step": "approve" })).await.problem(409), "account-state");

    let firm = api.sign_in(code, PASSWORD).await;
    assert_eq!(api.get(&firm, "/api/v1/enterprises/me").await.of(200)["name"], name);
    let profile =
        json!({ "business_scope": "锂电池隔膜、电解液的研发与生产", "products": "隔膜；电解液", "budget": "10万元" });
    let edited = api.ask(&firm, "PUT", "/api/v1/enterprises/me", Some(&profile)).await.of(200);
    assert_eq!((&edited["name"], &edited["products"]), (&name.into(), &json!(["隔膜", "电解液"])));
    let feed = api.get(&firm, "/api/v1/enterprises/me/recommendations").await.of(200);
    assert_eq!(feed["recommendations"].as_array().map(Vec::len), Some(10));
    let fewer =
        api.ask(&firm, "PUT", "/api/v1/enterprises/me", Some(&json!({ "business_scope": "锂电池" }))).await.of(200);
    assert_eq!(fewer["products"], json!([]), "what is left out is gone");
    let wrong =
        api.ask(&firm, "PUT", "/api/v1/enterprises/me", Some(&json!({ "busyness": "x", "budget": "许多" }))).await;
    assert_eq!(wrong.problem(422), "refused");
    assert_eq!(wrong.json()["errors"].as_array().map(Vec::len), Some(2), "both faults: {}", wrong.json());

    for other in ["样例江北锂电材料有限公司", "样例", "查无此企"] {
        let path = format!("/api/v1/enterprises/{}/recommendations", escaped(other));
        assert_eq!(api.get(&firm, &path).await.problem(404), "not-yours", "{other}");
    }
    api.engine.change_account(code, AccountVerb::Disable, &Actor::operator("运营员"), NOW).await.unwrap();
    assert_eq!(api.get(&firm, "/api/v1/session").await.problem(401), "session-ended", "shut at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_session() {
    let api = Api::of_the_sample().await;
    account(&api, Role::Bureau, "shenhe", Some(PASSWORD)).await;
    let (one, other) = (api.sign_in("shenhe", PASSWORD).await, api.sign_in("shenhe", PASSWORD).await);
    let change = |present: &str, password: &str| json!({ "present": present, "password": password });
    let path = "/api/v1/session/password";
    assert_eq!(api.ask(&one, "PUT", path, Some(&change("不对", "海水淡化-2027-膜组件"))).await.problem(401), "sign-in");
    assert_eq!(api.ask(&one, "PUT", path, Some(&change(PASSWORD, "shenhe-12345"))).await.problem(422), "password");
    assert_eq!(api.ask(&one, "PUT", path, Some(&change(PASSWORD, "海水淡化-2027-膜组件"))).await.status, 204);
    for client in [one, other] {
        assert_eq!(api.get(&client, "/api/v1/session").await.problem(401), "session-ended");
    }
    api.sign_in("shenhe", "海水淡化-2027-膜组件").await;
}

/// Behind a proxy the client is whom the proxy names; otherwise anyone could name anyone.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_cannot_escape_its_limit_by_naming_another_address() {
    for behind_proxy in [false, true] {
        let clock = || Moment { today: today(), now: NOW };
        let api = Api::with(Settings { behind_proxy, secure_cookies: true, ..Settings::local(clock) }).await;
        let body = json!({ "login": "nobody", "password": "不是这个密码-2026" });
        let mut statuses = Vec::new();
        for attempt in 0..11 {
            let spoofed = format!("198.51.100.{attempt}, 192.0.2.1");
            let client = Client { headers: vec![("x-forwarded-for", spoofed)] };
            statuses.push(api.post(&client, "/api/v1/session", &body).await.status);
        }
        assert_eq!(statuses.last(), Some(&429), "{behind_proxy}: {statuses:?}");
        let elsewhere = Client { headers: vec![("x-forwarded-for", "192.0.2.7".into())] };
        let expected = if behind_proxy { 401 } else { 429 };
        assert_eq!(api.post(&elsewhere, "/api/v1/session", &body).await.status, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_has_so_many_requests_a_minute() {
    let api = Api::with(Settings { requests_a_minute: std::num::NonZeroU32::new(5), ..settings() }).await;
    let client = Client::default();
    for _ in 0..5 {
        assert_eq!(api.get(&client, "/healthz").await.status, 200);
    }
    assert_eq!(api.get(&client, "/healthz").await.problem(429), "too-many-requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_measured_names_routes_and_nobody() {
    let api = Api::of_the_sample().await;
    let (operator, staff) = (api.client(Role::Operator, "运营员").await, api.client(Role::Bureau, "审核员甲").await);
    let firm = escaped("样例江北锂电材料有限公司");
    let path = format!("/api/v1/enterprises/{firm}/recommendations");
    let mut named = staff.clone();
    named.headers.push(("x-request-id", "trace-1".into()));
    assert_eq!(api.get(&named, &path).await.headers["x-request-id"], "trace-1");
    let mut odd = staff.clone();
    odd.headers.push(("x-request-id", "a b;c".into()));
    let given = api.get(&odd, &path).await.headers["x-request-id"].to_str().unwrap().to_owned();
    assert!(given.len() == 16 && given.chars().all(|c| c.is_ascii_hexdigit()), "{given}");
    api.get(&Client::default(), "/nowhere").await.problem(404);
    assert_eq!(api.get(&staff, "/metrics").await.problem(403), "not-for-your-role");
    let answer = api.get(&operator, "/metrics").await;
    assert_eq!(answer.status, 200);
    let text = String::from_utf8(answer.bytes.to_vec()).unwrap();
    let line = "duijie_http_requests_total{method=\"GET\",route=\"/api/v1/enterprises/{name}/recommendations\",status=\"200\"} 2";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("route=\"none\",status=\"404\"") && text.contains("duijie_listings 193"), "{text}");
    assert!(!text.contains("样例") && !text.contains(&firm), "{text}");
}

#[test]
fn the_command_looks_after_accounts() {
    let directory = tempfile::tempdir().unwrap();
    let data = ["--data-dir", text(directory.path())];
    let run = |arguments: &[&str]| duijie(&[arguments, &data].concat());
    let added = run(&["account", "add", "yunying", "--role", "运营", "--name", "运营员", "--json"]).json();
    let password = added["password"].as_str().unwrap();
    assert!(password.len() == 29 && added["account"]["state"] == "active", "{added}");
    let again = run(&["account", "add", "YUNYING", "--role", "operator", "--name", "运营员"]);
    assert!(again.code == 1 && again.err.contains("已被使用"), "{}", again.err);
    let wrong = run(&["account", "add", "jia", "--role", "king", "--name", "甲"]);
    assert!(wrong.code == 1 && wrong.err.contains("没有这一角色"), "{}", wrong.err);
    let staff = run(&[
        "account",
        "add",
        "jia",
        "--role",
        "bureau",
        "--name",
        "审核员甲",
        "--province",
        "320000",
        "--no-password",
    ]);
    assert!(staff.out.contains("jia  省局  已启用  审核员甲  江苏省"), "{}", staff.out);
    let token = run(&["account", "token", "jia", "--label", "脚本", "--scope", "verify"]);
    assert!(token.out.contains("verify") && token.out.contains("duijie_"), "{}", token.out);
    let none = run(&["account", "token", "jia", "--label", "脚本", "--scope", "manage_accounts"]);
    assert!(none.code == 1 && none.err.contains("令牌至少应有"), "{}", none.err);
    assert!(run(&["account", "disable", "jia"]).out.contains("已停用"));
    assert!(run(&["account", "tokens", "jia"]).out.contains("没有令牌"), "they went with it");
    let trail = run(&["trail"]).out;
    assert!(trail.contains("停用  已启用 → 已停用  运营 console"), "{trail}");
    assert_eq!(run(&["trail", "--verify"]).code, 0);
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
