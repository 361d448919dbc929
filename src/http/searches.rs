//! Searches that accounts keep for themselves.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Context;
use super::identity::Identity;
use super::licences::number_of;
use super::problem::{self, Problem};
use super::search;
use crate::domain::SavedSearch;
use crate::engine::Found;

#[derive(Serialize, ToSchema)]
pub(super) struct SavedSearches {
    searches: Vec<SavedSearch>,
}

/// The searches one keeps.
#[utoipa::path(
    get,
    path = "/api/v1/searches",
    operation_id = "saved_searches",
    tag = "账户",
    summary = "保存的检索",
    responses((status = OK, body = SavedSearches)),
)]
pub(super) async fn list(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
) -> Result<Json<SavedSearches>, Problem> {
    let searches = context.engine.saved_searches(&identity.caller.account).await;
    let searches = searches.map_err(|error| Problem::of(&error, problem::language(&headers)))?;
    Ok(Json(SavedSearches { searches }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSearch {
    label: String,
    /// What stands behind the question mark of a search's address.
    #[schema(example = "q=%E9%9A%94%E8%86%9C&fee_at_most=20000")]
    query: String,
}

/// Keeps a search, if it is one.
#[utoipa::path(
    post,
    path = "/api/v1/searches",
    operation_id = "save_search",
    tag = "账户",
    summary = "保存检索",
    request_body = NewSearch,
    responses((status = CREATED, body = SavedSearch)),
)]
pub(super) async fn save(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<(StatusCode, Json<SavedSearch>), Problem> {
    let language = problem::language(&headers);
    let NewSearch { label, query } = problem::read_body(body, language)?;
    let failed = |error| Problem::of(&error, language);
    let new = SavedSearch::new(&label, &query, (context.settings.clock)().now);
    let new = new.map_err(|refusal| failed(refusal.into()))?;
    search::request_of(&context, &search::read(&new.query, language)?, language)?;
    let saved = context.engine.save_search(&identity.caller.account, new).await;
    Ok((StatusCode::CREATED, Json(saved.map_err(failed)?)))
}

/// What a kept search finds by now.
#[utoipa::path(
    get,
    path = "/api/v1/searches/{id}",
    operation_id = "run_saved_search",
    tag = "账户",
    summary = "按保存的条件检索",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = OK, body = Found)),
)]
pub(super) async fn run(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<Found>, Problem> {
    let language = problem::language(&headers);
    let number = number_of(number, language)?;
    let failed = |error| Problem::of(&error, language);
    let saved = context.engine.saved_search(&identity.caller.account, number).await.map_err(failed)?;
    let request = search::request_of(&context, &search::read(&saved.query, language)?, language)?;
    context.engine.search(&request).await.map(Json).map_err(failed)
}

/// Forgets a kept search.
#[utoipa::path(
    delete,
    path = "/api/v1/searches/{id}",
    operation_id = "forget_search",
    tag = "账户",
    summary = "删除保存的检索",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = NO_CONTENT)),
)]
pub(super) async fn forget(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Problem> {
    let language = problem::language(&headers);
    let number = number_of(number, language)?;
    let forgotten = context.engine.forget_search(&identity.caller.account, number).await;
    forgotten.map(|()| StatusCode::NO_CONTENT).map_err(|error| Problem::of(&error, language))
}
