//! Signing in and out, signing up.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Context;
use super::identity::{self, Identity};
use super::problem::{self, Problem};
use crate::domain::{Account, Permission};
use crate::engine::proof_of;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    login: String,
    password: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    account: Account,
    /// What the account, or its token, may do.
    permissions: Vec<Permission>,
    /// To be sent as `X-CSRF-Token` with every change; not for tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf_token: Option<String>,
    /// When the session ends, in seconds since 1970-01-01 UTC; not for tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<i64>,
}

impl Session {
    fn of(Identity { caller, session, ends_at }: Identity) -> Self {
        let permissions = Permission::ALL.into_iter().filter(|permission| caller.check(*permission).is_ok()).collect();
        Self { account: caller.account, permissions, csrf_token: session.as_deref().map(proof_of), ends_at }
    }
}

/// Opens a session; its cookie comes with the answer.
#[utoipa::path(
    post,
    path = "/api/v1/session",
    operation_id = "sign_in",
    tag = "账户",
    summary = "登录",
    request_body = Credentials,
    responses((status = OK, body = Session)),
)]
pub(super) async fn sign_in(
    State(context): State<Context>,
    headers: HeaderMap,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Response, Problem> {
    let language = problem::language(&headers);
    let Credentials { login, password } = problem::read_body(body, language)?;
    let now = (context.settings.clock)().now;
    let signed_in = context.engine.sign_in(&login, &password, now).await;
    let signed_in = signed_in.map_err(|error| Problem::of(&error, language))?;
    let cookie = identity::cookie(&signed_in.secret, signed_in.ends_at - now, context.settings.secure_cookies);
    let identity =
        Identity { caller: signed_in.caller, session: Some(signed_in.secret), ends_at: Some(signed_in.ends_at) };
    let mut response = Json(Session::of(identity)).into_response();
    cookie.map(|cookie| response.headers_mut().insert(header::SET_COOKIE, cookie));
    Ok(response)
}

/// Says who is signed in.
#[utoipa::path(
    get,
    path = "/api/v1/session",
    operation_id = "session",
    tag = "账户",
    summary = "当前登录",
    responses((status = OK, body = Session)),
)]
pub(super) async fn show(identity: Identity) -> Json<Session> {
    Json(Session::of(identity))
}

/// Ends the session.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    operation_id = "sign_out",
    tag = "账户",
    summary = "退出",
    responses((status = NO_CONTENT)),
)]
pub(super) async fn sign_out(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
) -> Result<Response, Problem> {
    let language = problem::language(&headers);
    let secret = identity.session.unwrap_or_default();
    context.engine.sign_out(&secret).await.map_err(|error| Problem::of(&error, language))?;
    Ok(forgotten(&context))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    present: String,
    password: String,
}

/// Changes one's own password; every session and token of the account ends.
#[utoipa::path(
    put,
    path = "/api/v1/session/password",
    operation_id = "change_password",
    tag = "账户",
    summary = "修改密码",
    request_body = NewPassword,
    responses((status = NO_CONTENT)),
)]
pub(super) async fn change_password(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Response, Problem> {
    let language = problem::language(&headers);
    let NewPassword { present, password } = problem::read_body(body, language)?;
    let now = (context.settings.clock)().now;
    let changed = context.engine.change_password(&identity.caller, &present, &password, now).await;
    changed.map_err(|error| Problem::of(&error, language))?;
    Ok(forgotten(&context))
}

/// Nothing to say, and no session any more.
fn forgotten(context: &Context) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let cookie = identity::cookie("", 0, context.settings.secure_cookies);
    cookie.map(|cookie| response.headers_mut().insert(header::SET_COOKIE, cookie));
    response
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignUp {
    credit_code: String,
    name: String,
    password: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Received {
    /// What happens next, for people.
    pub(super) message: String,
}

/// Asks for an enterprise's account, which the bureau has to approve.
#[utoipa::path(
    post,
    path = "/api/v1/sign-ups",
    operation_id = "sign_up",
    tag = "账户",
    summary = "企业注册",
    request_body = SignUp,
    responses((status = ACCEPTED, body = Received)),
)]
pub(super) async fn sign_up(
    State(context): State<Context>,
    headers: HeaderMap,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<(StatusCode, Json<Received>), Problem> {
    let language = problem::language(&headers);
    let SignUp { credit_code, name, password } = problem::read_body(body, language)?;
    let asked = context.engine.sign_up(&credit_code, &name, &password, (context.settings.clock)().now).await;
    asked.map_err(|error| Problem::of(&error, language))?;
    let message = problem::say(
        language,
        "已收到：省局批准后即可用统一社会信用代码登录；该企业已有账户的，请直接登录",
        "received: once the bureau has approved it, sign in with the credit code; if there is an account already, sign in to it",
    );
    Ok((StatusCode::ACCEPTED, Json(Received { message })))
}
