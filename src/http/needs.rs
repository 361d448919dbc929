//! Needs that enterprises have made public.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::Context;
use super::identity::Identity;
use super::licences::number_of;
use super::problem::{self, Problem};
use crate::domain::PublicDemand;
use crate::engine::MetDemand;

/// Most needs in one answer.
const MOST: usize = 100;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only numbers below this one.
    before: Option<i64>,
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = NeedPage)]
pub(super) struct Page {
    needs: Vec<PublicDemand>,
    /// What to give as `before` for the next page; none behind the last.
    next: Option<i64>,
}

/// Open needs, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/needs",
    operation_id = "needs",
    tag = "技术需求",
    summary = "公开的技术需求",
    params(Wanted),
    responses((status = OK, body = Page)),
)]
pub(super) async fn list(
    State(context): State<Context>,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Page>, Problem> {
    let language = problem::language(&headers);
    let Query(Wanted { before, limit }) = wanted.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(20), MOST, language)?;
    let found = context.engine.demands(before.unwrap_or(i64::MAX), limit).await;
    let needs = found.map_err(|error| Problem::of(&error, language))?;
    let next = needs.last().filter(|_| needs.len() == limit).map(|need| need.number);
    Ok(Json(Page { needs, next }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNeed {
    /// What is looked for, in 6 to 500 characters.
    #[schema(min_length = 6, max_length = 500)]
    text: String,
    /// That anyone may read it.
    consent: bool,
    /// That the enterprise's name may stand beside it.
    #[serde(default)]
    named: bool,
}

/// Makes a need public.
#[utoipa::path(
    post,
    path = "/api/v1/needs",
    operation_id = "publish_need",
    tag = "技术需求",
    summary = "公开技术需求",
    request_body = NewNeed,
    responses((status = CREATED, body = PublicDemand)),
)]
pub(super) async fn publish(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<(StatusCode, Json<PublicDemand>), Problem> {
    let language = problem::language(&headers);
    let NewNeed { text, consent, named } = problem::read_body(body, language)?;
    let failed = |error| Problem::of(&error, language);
    let enterprise = identity.caller.enterprise().map_err(|refusal| failed(refusal.into()))?;
    let (actor, at) = (identity.caller.account.actor(), (context.settings.clock)());
    let published = context.engine.publish_demand(enterprise, &text, (consent, named), &actor, at).await;
    Ok((StatusCode::CREATED, Json(published.map_err(failed)?.public())))
}

/// One open need.
#[utoipa::path(
    get,
    path = "/api/v1/needs/{id}",
    operation_id = "need",
    tag = "技术需求",
    summary = "一项技术需求",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = OK, body = PublicDemand)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    headers: HeaderMap,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<PublicDemand>, Problem> {
    let language = problem::language(&headers);
    let number = number_of(number, language)?;
    context.engine.demand(number).await.map(Json).map_err(|error| Problem::of(&error, language))
}

/// Takes a need back.
#[utoipa::path(
    delete,
    path = "/api/v1/needs/{id}",
    operation_id = "close_need",
    tag = "技术需求",
    summary = "撤下技术需求",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = NO_CONTENT)),
)]
pub(super) async fn close(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Problem> {
    let language = problem::language(&headers);
    let number = number_of(number, language)?;
    let failed = |error| Problem::of(&error, language);
    let enterprise = identity.caller.enterprise().map_err(|refusal| failed(refusal.into()))?;
    let (actor, at) = (identity.caller.account.actor(), (context.settings.clock)());
    context.engine.close_demand(number, enterprise, &actor, at).await.map_err(failed)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Most {
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct MetNeeds {
    needs: Vec<MetDemand>,
}

/// The open needs that the caller's own listings could meet, the best suited first.
#[utoipa::path(
    get,
    path = "/api/v1/holdings/needs",
    operation_id = "met_needs",
    tag = "技术需求",
    summary = "与我的专利相合的技术需求",
    params(Most),
    responses((status = OK, body = MetNeeds)),
)]
pub(super) async fn met(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    most: Result<Query<Most>, QueryRejection>,
) -> Result<Json<MetNeeds>, Problem> {
    let language = problem::language(&headers);
    let Query(Most { limit }) = most.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(20), MOST, language)?;
    let today = (context.settings.clock)().today;
    let found = context.engine.met_demands(&identity.caller.account.name, limit, today).await;
    found.map(|needs| Json(MetNeeds { needs })).map_err(|error| Problem::of(&error, language))
}
