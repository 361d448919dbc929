//! Ways in beside the password, against a mail server and a provider of single sign-on on loopback.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use duijie::domain::{Actor, Role};
use duijie::engine::ProviderSettings;
use duijie::http::SIGN_ON_RETURN;
use openidconnect::core::{CoreHmacKey, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm};
use openidconnect::{PkceCodeChallenge, PkceCodeVerifier};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::accounts::{PASSWORD, account};
use crate::api::{Api, Client};
use crate::fixtures::{NOW, settings};
use crate::mail_server::{decoded, mail_server};

const ANOTHER: &str = "芒种后的第三个晴天-2026";

/// The word of a letter, which stands alone on a line.
fn word(letter: &str) -> String {
    assert!(letter.contains("To: jia@example.cn"), "{letter}");
    let is_word = |line: &&str| line.len() == 64 && line.bytes().all(|byte| byte.is_ascii_hexdigit());
    let body = letter.split_once("\n\n").unwrap().1;
    let text = match letter.contains("Content-Transfer-Encoding: base64") {
        true => decoded(body),
        false => body.replace("=\n", ""),
    };
    text.lines().find(is_word).unwrap_or_else(|| panic!("{letter}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_anew_by_a_word_sent_by_mail_once() {
    let (server, mut letters) = mail_server().await;
    let from = "对接 <duijie@example.cn>";
    let api = Api::prepared(settings(), |engine| engine.post_by(&format!("smtp://{server}"), from).unwrap()).await;
    account(&api, Role::Operator, "jia", Some(PASSWORD)).await;
    let client = api.sign_in("jia", PASSWORD).await;
    let put = async |body: Value| api.ask(&client, "PUT", "/api/v1/session/email", Some(&body)).await;
    assert_eq!(put(json!({ "present": "wrong", "email": "jia@example.cn" })).await.problem(401), "sign-in");
    for wrong in ["jia", "jia@example.cn\r\nBcc: yi@example.cn", "jia@example.cn, yi@example.cn"] {
        assert_eq!(put(json!({ "present": PASSWORD, "email": wrong })).await.problem(422), "email", "{wrong}");
    }
    put(json!({ "present": PASSWORD, "email": " jia@example.cn " })).await.of(204);
    assert_eq!(api.get(&client, "/api/v1/session/email").await.of(200)["email"], "jia@example.cn");

    let (nobody, path) = (Client::default(), "/api/v1/password-resets");
    let ask = async |login: &str| api.post(&nobody, path, &json!({ "login": login })).await.of(202);
    assert_eq!(ask("nobody").await, ask(" JIA ").await, "whether there is such an account is not told");
    let word = word(&letters.recv().await.unwrap());
    let set = async |word: &str, password: &str| {
        api.ask(&nobody, "PUT", path, Some(&json!({ "word": word, "password": password }))).await
    };
    assert_eq!(set(&"0".repeat(64), ANOTHER).await.problem(422), "reset-ended");
    assert_eq!(set(&word, "short").await.problem(422), "password");
    set(&word, ANOTHER).await.of(204);
    assert_eq!(set(&word, PASSWORD).await.problem(422), "reset-ended", "a word is good once");
    assert_eq!(api.get(&client, "/api/v1/session").await.problem(401), "session-ended");
    api.sign_in("jia", ANOTHER).await;
    assert!(letters.try_recv().is_err(), "nobody got none");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_end_are_few_and_are_not_for_shut_accounts() {
    let (server, _letters) = mail_server().await;
    let api = Api::prepared(settings(), |engine| engine.post_by(&format!("smtp://{server}"), "a@b.cn").unwrap()).await;
    account(&api, Role::Operator, "jia", Some(PASSWORD)).await;
    let (engine, by) = (&api.engine, Actor::operator("运营员"));
    let language = duijie::domain::Language::English;
    assert_eq!(engine.ask_for_reset("jia", language, NOW).await.unwrap(), None, "nowhere to write to");
    engine.set_email("jia", Some("jia@example.cn"), &by, NOW).await.unwrap();
    let mut written = Vec::new();
    for _ in 0..4 {
        written.push(engine.ask_for_reset("jia", language, NOW).await.unwrap());
    }
    assert_eq!(written.iter().flatten().count(), 3);
    let word = written[0].as_ref().unwrap().text.lines().find(|line| line.len() == 64).unwrap().to_owned();
    let late = engine.reset_password(&word, ANOTHER, NOW + 30 * 60).await;
    assert!(late.is_err(), "a word ends after half an hour");
    assert!(engine.ask_for_reset("jia", language, NOW + 30 * 60).await.unwrap().is_some());
    engine.change_account("jia", duijie::domain::AccountVerb::Disable, &by, NOW).await.unwrap();
    assert!(engine.reset_password(&word, ANOTHER, NOW).await.is_err(), "the account is shut");
    assert_eq!(engine.ask_for_reset("jia", language, NOW + 7_200).await.unwrap(), None);
    let trail = engine.trail(0, 50).await.unwrap();
    assert!(trail.iter().any(|entry| entry.entry.action == "set_email"));
    assert!(!serde_json::to_string(&trail).unwrap().contains("jia@example.cn"), "the trail keeps no addresses");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_letters_are_sent_that_is_said() {
    let (client, redirect) = ("duijie".to_owned(), format!("https://duijie.example.cn{SIGN_ON_RETURN}"));
    let provider = |issuer: &str| ProviderSettings {
        issuer: issuer.to_owned(),
        client: client.clone(),
        secret: None,
        redirect: redirect.clone(),
    };
    let api = Api::prepared(settings(), |engine| {
        for issuer in ["", "idp.example.cn", "http://idp.example.cn", "http://127.0.0.1@idp.example.cn", "https://"] {
            assert!(engine.sign_on_by(provider(issuer)).is_err(), "{issuer}");
        }
    });
    let api = api.await;
    let answer = api.post(&Client::default(), "/api/v1/password-resets", &json!({ "login": "jia" })).await;
    assert_eq!(answer.problem(404), "no-mail");
    let answer = api.get(&Client::default(), "/api/v1/session/sign-on").await;
    assert_eq!(answer.problem(404), "no-sign-on");
}

/// What a provider knows of one who is signing in.
#[derive(Default)]
struct Sign {
    issuer: String,
    challenge: String,
    nonce: String,
    subject: String,
}

async fn token(State(sign): State<Arc<Mutex<Sign>>>, form: String) -> Json<Value> {
    // Nothing in it needs decoding.
    let form: HashMap<&str, &str> = form.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let sign = sign.lock().unwrap();
    let verifier = PkceCodeVerifier::new(form["code_verifier"].to_owned());
    assert_eq!(PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str(), sign.challenge);
    let claims = json!({ "iss": sign.issuer, "aud": ["duijie"], "sub": sign.subject, "nonce": sign.nonce,
        "iat": NOW, "exp": 4_102_444_800_i64 });
    let claims: CoreIdTokenClaims = serde_json::from_value(claims).unwrap();
    let key = CoreHmacKey::new(if form["code"] == "forged" { "another" } else { "hushed" });
    let token = CoreIdToken::new(claims, &key, CoreJwsSigningAlgorithm::HmacSha256, None, None).unwrap();
    Json(json!({ "access_token": "a", "token_type": "Bearer", "id_token": token }))
}

async fn provider() -> Arc<Mutex<Sign>> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let described = json!({ "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["HS256"] });
    let sign = Arc::new(Mutex::new(Sign { issuer, ..Sign::default() }));
    let routes = Router::new()
        .route("/.well-known/openid-configuration", get(async || Json(described)))
        .route("/keys", get(async || Json(json!({ "keys": [] }))))
        .route("/token", post(token))
        .with_state(Arc::clone(&sign));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    sign
}

/// Begins to sign in: what the provider is told, and the cookie that has to come back.
async fn begun(api: &Api, sign: &Mutex<Sign>, subject: &str) -> (String, Client) {
    let answer = api.get(&Client::default(), "/api/v1/session/sign-on").await;
    answer.of(303);
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(["HttpOnly", "SameSite=Lax", "Max-Age=600"].iter().all(|part| cookie.contains(part)), "{cookie}");
    let address = answer.headers["location"].to_str().unwrap();
    let part = |name: &str| {
        let found = address.split(['?', '&']).find_map(|part| part.strip_prefix(&format!("{name}=")));
        found.unwrap_or_else(|| panic!("{address}")).to_owned()
    };
    let mut sign = sign.lock().unwrap();
    assert!(address.starts_with(&format!("{}/authorize?", sign.issuer)) && part("code_challenge_method") == "S256");
    (sign.challenge, sign.nonce, sign.subject) = (part("code_challenge"), part("nonce"), subject.to_owned());
    let cookie = cookie.split(';').next().unwrap().to_owned();
    (part("state"), Client { headers: vec![("cookie", cookie)] })
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_known_by_the_provider_signs_in_through_it_and_nobody_else() {
    let sign = provider().await;
    let issuer = sign.lock().unwrap().issuer.clone();
    let redirect = format!("https://duijie.example.cn{SIGN_ON_RETURN}");
    let secret = Some("hushed".to_owned());
    let provider = ProviderSettings { issuer, client: "duijie".to_owned(), secret, redirect };
    let api = Api::prepared(settings(), |engine| engine.sign_on_by(provider).unwrap()).await;
    account(&api, Role::Bureau, "jia", None).await;
    account(&api, Role::Bureau, "bing", None).await;
    let operator = api.client(Role::Operator, "运营员").await;
    let link = async |login: &str, subject: Value| {
        let path = format!("/api/v1/users/{login}/sign-on");
        api.ask(&operator, "PUT", &path, Some(&json!({ "subject": subject }))).await
    };
    let back = async |client: &Client, code: &str, state: &str| {
        api.get(client, &format!("{SIGN_ON_RETURN}?code={code}&state={state}")).await
    };
    let (state, client) = begun(&api, &sign, "u-1").await;
    assert_eq!(back(&client, "c", &state).await.problem(401), "sign-on", "linked to no account yet");
    link("jia", json!("u-1")).await.of(204);
    assert_eq!(link("bing", json!("u-1")).await.problem(422), "subject", "one subject, one account");

    let (state, client) = begun(&api, &sign, "u-1").await;
    assert_eq!(back(&Client::default(), "c", &state).await.problem(401), "sign-on", "not begun in this browser");
    assert_eq!(back(&client, "c", "another").await.problem(401), "sign-on");
    assert_eq!(back(&client, "forged", &state).await.problem(401), "sign-on", "not signed by the provider");
    let nonce = std::mem::take(&mut sign.lock().unwrap().nonce);
    assert_eq!(back(&client, "c", &state).await.problem(401), "sign-on", "an identity of another sign-on");
    sign.lock().unwrap().nonce = nonce;
    let answer = back(&client, "c", &state).await;
    answer.of(303);
    assert_eq!(answer.headers["location"], "/");
    let cookie = answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let session = Client { headers: vec![("cookie", cookie)] };
    let shown = api.get(&session, "/api/v1/session").await.of(200);
    assert_eq!(shown["account"]["login"], "jia");
    assert!(shown["csrf_token"].is_string());

    link("jia", Value::Null).await.of(204);
    let (state, client) = begun(&api, &sign, "u-1").await;
    assert_eq!(back(&client, "c", &state).await.problem(401), "sign-on", "linked no more");
}
