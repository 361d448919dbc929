//! Other ways in than by password: a word sent by mail, and single sign-on.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::identity::{self, Identity};
use super::problem::{self, Problem};
use super::session::Received;
use super::{Context, users};
use crate::engine::{AccountError, Pending};

/// Where a provider of single sign-on sends browsers back to.
pub const SIGN_ON_RETURN: &str = "/api/v1/session/sign-on/return";
/// How long the way to the provider and back may take, in seconds.
const WAY: i64 = 600;

#[derive(Serialize, ToSchema)]
pub(super) struct Contact {
    /// Where the account's owner is written to; none for nowhere.
    email: Option<String>,
}

/// Where one is written to.
#[utoipa::path(
    get,
    path = "/api/v1/session/email",
    operation_id = "email",
    tag = "账户",
    summary = "邮箱",
    responses((status = OK, body = Contact)),
)]
pub(super) async fn email(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
) -> Result<Json<Contact>, Problem> {
    let email = context.engine.email(&identity.caller.account).await;
    let email = email.map_err(|error| Problem::of(&error, problem::language(&headers)))?;
    Ok(Json(Contact { email }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewContact {
    /// The present password.
    present: String,
    /// None to be written to nowhere.
    email: Option<String>,
}

/// Says where one is written to from now on.
#[utoipa::path(
    put,
    path = "/api/v1/session/email",
    operation_id = "set_email",
    tag = "账户",
    summary = "设置邮箱",
    request_body = NewContact,
    responses((status = NO_CONTENT)),
)]
pub(super) async fn set_email(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let language = problem::language(&headers);
    let NewContact { present, email } = problem::read_body(body, language)?;
    let now = (context.settings.clock)().now;
    let set = context.engine.change_email(&identity.caller, &present, email.as_deref(), now).await;
    set.map(|()| StatusCode::NO_CONTENT).map_err(|error| Problem::of(&error, language))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Forgotten {
    login: String,
}

/// Asks for a letter by which a forgotten password is set anew. Whether there is such an account is not told.
#[utoipa::path(
    post,
    path = "/api/v1/password-resets",
    operation_id = "ask_for_reset",
    tag = "账户",
    summary = "忘记密码",
    request_body = Forgotten,
    responses((status = ACCEPTED, body = Received)),
)]
pub(super) async fn ask_for_reset(
    State(context): State<Context>,
    headers: HeaderMap,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<(StatusCode, Json<Received>), Problem> {
    let language = problem::language(&headers);
    let Forgotten { login } = problem::read_body(body, language)?;
    let letter = context.engine.ask_for_reset(&login, language, (context.settings.clock)().now).await;
    if let Some(letter) = letter.map_err(|error| Problem::of(&error, language))? {
        // Not waited for: how long an answer takes would tell whether there is such an account.
        let engine = context.engine;
        tokio::spawn(async move {
            if let Err(error) = engine.post(letter).await {
                tracing::error!(error = %problem::causes(&error), "a letter was not taken");
            }
        });
    }
    let message = problem::say(
        language,
        "如有此账户且已设置邮箱，重设码已寄出：30分钟内有效",
        "if there is such an account and it has a mail address, a word is on its way: it is good for 30 minutes",
    );
    Ok((StatusCode::ACCEPTED, Json(Received { message })))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reset {
    /// The word that was sent.
    word: String,
    password: String,
}

/// Sets a password by a word sent by mail; every session of the account ends.
#[utoipa::path(
    put,
    path = "/api/v1/password-resets",
    operation_id = "reset_password",
    tag = "账户",
    summary = "重设密码",
    request_body = Reset,
    responses((status = NO_CONTENT)),
)]
pub(super) async fn reset(
    State(context): State<Context>,
    headers: HeaderMap,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let language = problem::language(&headers);
    let Reset { word, password } = problem::read_body(body, language)?;
    let reset = context.engine.reset_password(&word, &password, (context.settings.clock)().now).await;
    reset.map(|()| StatusCode::NO_CONTENT).map_err(|error| Problem::of(&error, language))
}

/// Sends a browser to the provider of single sign-on.
#[utoipa::path(
    get,
    path = "/api/v1/session/sign-on",
    operation_id = "begin_sign_on",
    tag = "账户",
    summary = "统一登录",
    responses((status = SEE_OTHER, description = "At the provider's")),
)]
pub(super) async fn begin_sign_on(State(context): State<Context>, headers: HeaderMap) -> Result<Response, Problem> {
    let failed = |error| Problem::of(&error, problem::language(&headers));
    let (address, Pending { state, nonce, verifier }) = context.engine.begin_sign_on().await.map_err(failed)?;
    let carried = format!("{state}.{nonce}.{verifier}");
    Ok(sent_on(&address, [identity::pending_cookie(&carried, WAY, context.settings.secure_cookies)]))
}

/// What a provider sends back: a code, or why not.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Returned {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

/// Where the provider sends the browser back to: opens a session.
#[utoipa::path(
    get,
    path = "/api/v1/session/sign-on/return",
    operation_id = "finish_sign_on",
    tag = "账户",
    summary = "统一登录返回",
    params(Returned),
    responses((status = SEE_OTHER, description = "Signed in: at the home page")),
)]
pub(super) async fn finish_sign_on(
    State(context): State<Context>,
    headers: HeaderMap,
    returned: Result<Query<Returned>, QueryRejection>,
) -> Result<Response, Problem> {
    let language = problem::language(&headers);
    let Query(Returned { code, state }) = returned.map_err(|rejection| problem::of_query(&rejection, language))?;
    let failed = |error| Problem::of(&error, language);
    let begun = identity::pending_of(&headers).and_then(|carried| pending(&carried));
    // A return that was not begun in this browser signs nobody in.
    let begun = begun.filter(|begun| !code.is_empty() && begun.state == state);
    let begun = begun.ok_or_else(|| failed(AccountError::SignOn.into()))?;
    let now = (context.settings.clock)().now;
    let signed_in = context.engine.finish_sign_on(code, begun, now).await.map_err(failed)?;
    let secure = context.settings.secure_cookies;
    let session = identity::cookie(&signed_in.secret, signed_in.ends_at - now, secure);
    Ok(sent_on("/", [session, identity::pending_cookie("", 0, secure)]))
}

fn pending(carried: &str) -> Option<Pending> {
    let mut parts = carried.split('.').map(str::to_owned);
    Some(Pending { state: parts.next()?, nonce: parts.next()?, verifier: parts.next()? })
}

fn sent_on<const N: usize>(address: &str, cookies: [Option<HeaderValue>; N]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(address).ok().map(|address| (header::LOCATION, address)));
    cookies.into_iter().flatten().for_each(|cookie| _ = headers.append(header::SET_COOKIE, cookie));
    response
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Link {
    /// What the provider calls the account's owner (`sub`); none for nobody.
    subject: Option<String>,
}

/// Says who signs in to an account through the provider of single sign-on.
#[utoipa::path(
    put,
    path = "/api/v1/users/{login}/sign-on",
    operation_id = "link_sign_on",
    tag = "账户",
    summary = "关联统一登录",
    params(("login" = String, Path, description = "What the account signs in with", example = "91310000MA1FL0000X")),
    request_body = Link,
    responses((status = NO_CONTENT)),
)]
pub(super) async fn link_sign_on(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    login: Result<Path<String>, PathRejection>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let language = problem::language(&headers);
    let Path(login) = login.map_err(|rejection| problem::of_path(&rejection, language))?;
    let Link { subject } = problem::read_body(body, language)?;
    let account = users::theirs(&context, &identity, &login, &headers).await?;
    let (by, now) = (identity.caller.account.actor(), (context.settings.clock)().now);
    let linked = context.engine.link_sign_on(&account.login, subject.as_deref(), &by, now).await;
    linked.map(|()| StatusCode::NO_CONTENT).map_err(|error| Problem::of(&error, language))
}
