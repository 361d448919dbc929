//! Which route is for whom: the one table of it, and the guard that holds every request to it.
//!
//! A route that is not in the table is closed. What is whose is asked of [`Caller`] by the handlers, which know of what.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Context;
use super::identity::{self, Identity};
use super::once;
use super::problem::{self, Problem};
use crate::domain::{AccessRefusal, Caller, Permission};
use crate::engine::EngineError;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone: it tells what is public.
    Anyone,
    /// Whoever tries to prove who they are, or wants to be let in: rarely, from one address.
    Newcomer,
    /// Any account, by session or token.
    Account,
    /// Any account, by session: a token gives no tokens and changes no password.
    Session,
    /// Accounts with at least one of these permissions.
    May(&'static [Permission]),
}

/// A method on a path, and who may use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
}

const fn route(method: &'static str, path: &'static str, access: Access) -> Route {
    Route { method, path, access }
}

use Access::{Account, Anyone, May, Newcomer, Session};
use Permission as P;

/// Both sides of a licence, and the bureau.
const PARTIES: &[Permission] = &[P::TakeLicence, P::Answer, P::KeepLicences];

/// Every route there is.
pub const ROUTES: &[Route] = &[
    route("GET", "/healthz", Anyone),
    route("GET", "/readyz", Anyone),
    route("GET", "/metrics", May(&[P::ReadMetrics])),
    route("GET", "/listings/{number}", Anyone),
    route("GET", "/r/{id}", Anyone),
    route("GET", "/u/{id}", Anyone),
    route("POST", "/u/{id}", Anyone),
    route("GET", "/sitemap.xml", Anyone),
    route("GET", "/sitemaps/{number}", Anyone),
    route("GET", "/robots.txt", Anyone),
    route("GET", "/api/v1/openapi.json", Anyone),
    route("GET", "/api/v1/reference", Anyone),
    route("GET", "/api/v1/search", Anyone),
    route("GET", "/api/v1/listings", Anyone),
    route("GET", "/api/v1/listings.atom", Anyone),
    route("GET", "/api/v1/listings/{number}", Anyone),
    route("GET", "/api/v1/needs", Anyone),
    route("GET", "/api/v1/needs/{id}", Anyone),
    route("POST", "/api/v1/classify", Anyone),
    route("POST", "/api/v1/pricing", Anyone),
    route("GET", "/api/v1/pricing/industries", Anyone),
    route("POST", "/api/v1/session", Newcomer),
    route("GET", "/api/v1/session", Account),
    route("DELETE", "/api/v1/session", Session),
    route("PUT", "/api/v1/session/password", Session),
    route("GET", "/api/v1/session/email", Session),
    route("PUT", "/api/v1/session/email", Session),
    route("GET", "/api/v1/session/sign-on", Newcomer),
    route("GET", "/api/v1/session/sign-on/return", Newcomer),
    route("POST", "/api/v1/password-resets", Newcomer),
    route("PUT", "/api/v1/password-resets", Newcomer),
    route("POST", "/api/v1/sign-ups", Newcomer),
    route("GET", "/api/v1/tokens", Session),
    route("POST", "/api/v1/tokens", Session),
    route("DELETE", "/api/v1/tokens/{id}", Session),
    route("GET", "/api/v1/searches", Account),
    route("POST", "/api/v1/searches", Account),
    route("GET", "/api/v1/searches/{id}", Account),
    route("DELETE", "/api/v1/searches/{id}", Account),
    route("GET", "/api/v1/users", May(&[P::ManageAccounts, P::ApproveSignUps])),
    route("POST", "/api/v1/users", May(&[P::ManageAccounts])),
    route("POST", "/api/v1/users/{login}/steps", May(&[P::ManageAccounts, P::ApproveSignUps])),
    route("PUT", "/api/v1/users/{login}/password", May(&[P::ManageAccounts])),
    route("PUT", "/api/v1/users/{login}/sign-on", May(&[P::ManageAccounts])),
    route("POST", "/api/v1/listings", May(&[P::Offer])),
    route("GET", "/api/v1/listings/{number}/life", May(&[P::ReadLife])),
    route("GET", "/api/v1/listings/{number}/interest", May(&[P::ReadLife])),
    route("POST", "/api/v1/listings/{number}/steps", May(&[P::Offer, P::Verify])),
    route("GET", "/api/v1/holdings", May(&[P::Offer])),
    route("GET", "/api/v1/holdings/needs", May(&[P::Offer])),
    route("POST", "/api/v1/needs", May(&[P::EditProfile])),
    route("DELETE", "/api/v1/needs/{id}", May(&[P::EditProfile])),
    route("GET", "/api/v1/queue", May(&[P::Verify])),
    route("GET", "/api/v1/imports", May(&[P::ImportFiles])),
    route("POST", "/api/v1/imports", May(&[P::ImportFiles])),
    route("POST", "/api/v1/imports/check", May(&[P::ImportFiles])),
    route("POST", "/api/v1/imports/marked", May(&[P::ImportFiles])),
    route("GET", "/api/v1/audit", May(&[P::ReadTrail])),
    route("GET", "/api/v1/campaigns", May(&[P::RunCampaigns])),
    route("POST", "/api/v1/campaigns", May(&[P::RunCampaigns])),
    route("GET", "/api/v1/campaigns/{id}", May(&[P::RunCampaigns])),
    route("PUT", "/api/v1/campaigns/{id}", May(&[P::RunCampaigns])),
    route("POST", "/api/v1/campaigns/{id}/copies", May(&[P::RunCampaigns])),
    route("POST", "/api/v1/campaigns/{id}/steps", May(&[P::RunCampaigns])),
    route("GET", "/api/v1/campaigns/{id}/enterprises", May(&[P::RunCampaigns])),
    route("GET", "/api/v1/campaigns/{id}/messages", May(&[P::RunCampaigns])),
    route("GET", "/api/v1/campaigns/{id}/results", May(&[P::RunCampaigns])),
    route("GET", "/api/v1/campaigns/{id}/calls", May(&[P::RunCampaigns])),
    route("GET", "/api/v1/reports/effect", May(&[P::RunCampaigns])),
    route("GET", "/api/v1/enquiries", May(&[P::Enquire, P::Answer])),
    route("POST", "/api/v1/enquiries", May(&[P::Enquire])),
    route("GET", "/api/v1/enquiries/{id}", May(&[P::Enquire, P::Answer])),
    route("POST", "/api/v1/enquiries/{id}/answer", May(&[P::Answer])),
    route("GET", "/api/v1/licences", May(PARTIES)),
    route("POST", "/api/v1/licences", May(&[P::TakeLicence])),
    route("GET", "/api/v1/licences/{id}", May(PARTIES)),
    route("GET", "/api/v1/licences/{id}/contract", May(PARTIES)),
    route("POST", "/api/v1/licences/{id}/steps", May(PARTIES)),
    route("GET", "/api/v1/enterprises/{name}", May(&[P::EditProfile, P::ReadFeed])),
    route("PUT", "/api/v1/enterprises/{name}", May(&[P::EditProfile])),
    route("GET", "/api/v1/enterprises/{name}/recommendations", May(&[P::ReadFeed])),
    route("GET", "/api/v1/enterprises/{name}/hints", May(&[P::EditProfile, P::ReadFeed])),
    route("GET", "/api/v1/enterprises/{name}/push", May(&[P::EditProfile, P::ReadFeed])),
    route("PUT", "/api/v1/enterprises/{name}/push", May(&[P::EditProfile, P::RunCampaigns])),
    route("GET", "/api/v1/enterprises/{name}/inbox", May(&[P::EditProfile, P::ReadFeed])),
    route("POST", "/api/v1/enterprises/{name}/inbox", May(&[P::EditProfile])),
    route("DELETE", "/api/v1/enterprises/{name}/inbox", May(&[P::EditProfile])),
    route("GET", "/api/v1/enterprises/{name}/receiver", May(&[P::EditProfile])),
    route("PUT", "/api/v1/enterprises/{name}/receiver", May(&[P::EditProfile])),
];

/// Lets a request through to its handler, with its [`Caller`], or says why not.
pub(super) async fn guard(State(context): State<Context>, mut request: Request, next: Next) -> Response {
    let language = problem::language(request.headers());
    let refused = |error: EngineError| Problem::of(&error, language).into_response();
    let Some(access) = access_to(&request) else {
        return problem::no_such_method(request.headers().clone()).await.into_response();
    };
    if let Err(wait) = context.limits.admit(&identity::origin(&request, context.settings.behind_proxy), access) {
        return problem::too_many(wait, language).into_response();
    }
    if matches!(access, Anyone | Newcomer) {
        return next.run(request).await;
    }
    let identity = match identity::identify(&context, request.headers()).await {
        Ok(Some(identity)) => identity,
        Ok(None) => return refused(AccessRefusal::Anonymous.into()),
        Err(error) => return refused(error),
    };
    if let Err(refusal) = admitted(access, &identity, request.method(), request.headers()) {
        return refused(refusal.into());
    }
    let login = identity.caller.account.login.clone();
    request.extensions_mut().insert(identity);
    once::run(&context, &login, request, next).await
}

fn access_to(request: &Request) -> Option<Access> {
    let path = request.extensions().get::<MatchedPath>()?.as_str();
    let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
    ROUTES.iter().find(|route| route.path == path && route.method == method).map(|route| route.access)
}

fn admitted(access: Access, identity: &Identity, method: &Method, headers: &HeaderMap) -> Result<(), AccessRefusal> {
    let caller: &Caller = &identity.caller;
    match access {
        May(any) => check_any(caller, any)?,
        Session if identity.session.is_none() => return Err(AccessRefusal::Anonymous),
        Anyone | Newcomer | Account | Session => {}
    }
    // What only reads changes nothing, whoever makes a browser ask for it.
    match &identity.session {
        Some(secret) if *method != Method::GET && *method != Method::HEAD => identity::check_proof(secret, headers),
        _ => Ok(()),
    }
}

fn check_any(caller: &Caller, any: &[Permission]) -> Result<(), AccessRefusal> {
    let mut refusals = any.iter().filter_map(|permission| caller.check(*permission).err()).collect::<Vec<_>>();
    if refusals.len() < any.len() {
        return Ok(());
    }
    // That the token lacks it says more than that the role does.
    let scope = refusals.iter().position(|refusal| matches!(refusal, AccessRefusal::Scope { .. }));
    Err(refusals.swap_remove(scope.unwrap_or(0)))
}
