//! Requests that create something, sent again under one `Idempotency-Key`: answered as before, carried out once.
//!
//! What failed changed nothing and is forgotten, so that it can be mended under the same key.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::{self, Problem};
use super::{Context, LARGEST_BODY};
use crate::engine::Once;

pub(super) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
pub(super) const LONGEST: usize = 255;
/// Answers are kept here as they are, so nothing that gives a secret is among them; whoever makes an account twice is told
/// that its login is taken.
pub(super) const CREATING: [&str; 6] = [
    "/api/v1/listings",
    "/api/v1/enquiries",
    "/api/v1/licences",
    "/api/v1/needs",
    "/api/v1/searches",
    "/api/v1/campaigns",
];

/// Hands a request on, or answers it as before.
pub(super) async fn run(context: &Context, login: &str, request: Request, next: Next) -> Response {
    let creates = request.method() == axum::http::Method::POST && CREATING.contains(&request.uri().path());
    let Some(key) = request.headers().get(KEY).filter(|_| creates).cloned() else { return next.run(request).await };
    let language = problem::language(request.headers());
    let Some(key) = key.to_str().ok().map(str::trim).filter(|key| (1..=LONGEST).contains(&key.len())) else {
        let said = problem::say(
            language,
            "Idempotency-Key 应为1至255个 ASCII 字符",
            "an Idempotency-Key has 1 to 255 ASCII characters",
        );
        return Problem::bad_request(said).into_response();
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else { return problem::too_large(language).into_response() };
    let asked = [parts.uri.path().as_bytes(), b"\n", &body].concat();
    let now = (context.settings.clock)().now;
    let failed = |error| Problem::of(&error, language).into_response();
    match context.engine.begin_once(login, key, &asked, now).await {
        Err(error) => return failed(error),
        Ok(Once::New) => {}
        Ok(Once::Answered { status, body }) => return replayed(status, body),
        Ok(Once::Running) => return problem::running(language).into_response(),
        Ok(Once::Another) => return problem::key_reused(language).into_response(),
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    match kept(context, (login, key), response).await {
        Ok(response) => response,
        Err(error) => failed(error),
    }
}

/// Keeps the answer of what was done, or frees the key.
async fn kept(
    context: &Context,
    (login, key): (&str, &str),
    response: Response,
) -> Result<Response, crate::engine::EngineError> {
    let (parts, body) = response.into_parts();
    // Our own answers: bounded by what we write.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_else(|_| Bytes::new());
    if parts.status.is_success() {
        let text = String::from_utf8_lossy(&body);
        context.engine.end_once(login, key, parts.status.as_u16(), &text).await?;
    } else {
        context.engine.forget_once(login, key).await?;
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replayed(status: i64, body: String) -> Response {
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let json = HeaderValue::from_static("application/json");
    let headers = [(header::CONTENT_TYPE, json), (REPLAYED, HeaderValue::from_static("true"))];
    (status.unwrap_or(StatusCode::OK), headers, body).into_response()
}
