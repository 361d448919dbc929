//! Who sends a request: by a token in `Authorization`, or by the session cookie.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

use super::Context;
use super::problem::{self, Problem};
use crate::domain::{AccessRefusal, Caller};
use crate::engine::{self, EngineError};

pub(super) const COOKIE: &str = "duijie_session";
const PENDING: &str = "duijie_sign_on";
const PENDING_PATH: &str = "/api/v1/session/sign-on";
/// Sent along with every change a session makes; no other site's page can set it.
pub(super) const PROOF: HeaderName = HeaderName::from_static("x-csrf-token");
const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who asks, and by what.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub(super) caller: Caller,
    /// The session's word and end; `None` for a token.
    pub(super) session: Option<String>,
    pub(super) ends_at: Option<i64>,
}

impl<S: Sync> FromRequestParts<S> for Identity {
    type Rejection = Problem;

    /// Fails where the guard has let somebody through unidentified: a route said to be for anyone that asks who it is.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let language = problem::language(&parts.headers);
        let identity = parts.extensions.get::<Self>().cloned();
        identity.ok_or_else(|| Problem::of(&AccessRefusal::Anonymous.into(), language))
    }
}

/// The account behind a request; `None` where it names none.
pub(super) async fn identify(context: &Context, headers: &HeaderMap) -> Result<Option<Identity>, EngineError> {
    let now = (context.settings.clock)().now;
    let ended = || EngineError::from(AccessRefusal::Ended);
    if let Some(given) = headers.get(header::AUTHORIZATION) {
        let token = given.to_str().ok().and_then(|text| text.strip_prefix("Bearer "));
        let caller = context.engine.token(token.unwrap_or_default().trim(), now).await?;
        return Ok(Some(Identity { caller: caller.ok_or_else(ended)?, session: None, ends_at: None }));
    }
    let Some(secret) = session_of(headers) else { return Ok(None) };
    let (caller, ends_at) = context.engine.session(&secret, now).await?.ok_or_else(ended)?;
    Ok(Some(Identity { caller, session: Some(secret), ends_at: Some(ends_at) }))
}

fn session_of(headers: &HeaderMap) -> Option<String> {
    named(headers, COOKIE)
}

fn named(headers: &HeaderMap, name: &str) -> Option<String> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = sent.flat_map(|text| Cookie::split_parse(text.to_owned())).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

pub(super) fn check_proof(secret: &str, headers: &HeaderMap) -> Result<(), AccessRefusal> {
    let given = headers.get(PROOF).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // The digest of a digest: how long comparing takes tells nothing of what was expected.
    let fits = engine::proof_of(given) == engine::proof_of(&engine::proof_of(secret));
    if fits { Ok(()) } else { Err(AccessRefusal::Forged) }
}

/// The cookie that carries a session's word for so many seconds; none at all ends it.
pub(super) fn cookie(secret: &str, seconds: i64, secure: bool) -> Option<HeaderValue> {
    let cookie = Cookie::build((COOKIE, secret)).path("/").http_only(true).same_site(SameSite::Strict).secure(secure);
    HeaderValue::from_str(&cookie.max_age(Duration::seconds(seconds.max(0))).to_string()).ok()
}

/// The cookie a browser takes along to a provider of single sign-on and brings back from there; none at all ends it.
pub(super) fn pending_cookie(word: &str, seconds: i64, secure: bool) -> Option<HeaderValue> {
    // The way back begins at the provider's: a strict cookie would stay behind.
    let cookie =
        Cookie::build((PENDING, word)).path(PENDING_PATH).http_only(true).same_site(SameSite::Lax).secure(secure);
    HeaderValue::from_str(&cookie.max_age(Duration::seconds(seconds)).to_string()).ok()
}

/// What a browser brings back.
pub(super) fn pending_of(headers: &HeaderMap) -> Option<String> {
    named(headers, PENDING)
}

/// Where a request comes from, as far as limits are concerned: the peer, or whom the proxy in front names.
pub(super) fn origin(request: &Request, behind_proxy: bool) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = || peer.map_or_else(String::new, |ConnectInfo(address)| address.ip().to_string());
    // What stands last was written by the proxy; what stands before, by anyone.
    let named = request.headers().get_all(FORWARDED).iter().next_back().and_then(|value| value.to_str().ok());
    let named = named.and_then(|text| text.rsplit(',').next()).map(|text| text.trim().to_owned());
    named.filter(|_| behind_proxy).unwrap_or_else(peer)
}
