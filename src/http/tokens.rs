//! The tokens of one's own account.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Context;
use super::identity::Identity;
use super::problem::{self, Problem};
use crate::domain::Permission;
use crate::engine::{GivenToken, TokenRecord};

/// One's own tokens, without their words.
#[utoipa::path(
    get,
    path = "/api/v1/tokens",
    operation_id = "tokens",
    tag = "账户",
    summary = "令牌列表",
    responses((status = OK, body = Vec<TokenRecord>)),
)]
pub(super) async fn list(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
) -> Result<Json<Vec<TokenRecord>>, Problem> {
    let tokens = context.engine.tokens(&identity.caller.account).await;
    tokens.map(Json).map_err(|error| Problem::of(&error, problem::language(&headers)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    label: String,
    scopes: Vec<Permission>,
    days: u32,
}

/// Gives a token; its word is shown this once.
#[utoipa::path(
    post,
    path = "/api/v1/tokens",
    operation_id = "give_token",
    tag = "账户",
    summary = "新令牌",
    request_body = NewToken,
    responses((status = CREATED, body = GivenToken)),
)]
pub(super) async fn give(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<(StatusCode, Json<GivenToken>), Problem> {
    let language = problem::language(&headers);
    let NewToken { label, scopes, days } = problem::read_body(body, language)?;
    let now = (context.settings.clock)().now;
    let given = context.engine.give_token(&identity.caller.account, &label, scopes, days, now).await;
    Ok((StatusCode::CREATED, Json(given.map_err(|error| Problem::of(&error, language))?)))
}

/// Takes a token back.
#[utoipa::path(
    delete,
    path = "/api/v1/tokens/{id}",
    operation_id = "revoke_token",
    tag = "账户",
    summary = "收回令牌",
    params(("id" = String, Path, description = "The token's id")),
    responses((status = NO_CONTENT)),
)]
pub(super) async fn revoke(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Problem> {
    let language = problem::language(&headers);
    let Path(id) = id.map_err(|rejection| problem::of_path(&rejection, language))?;
    let revoked = context.engine.revoke_token(&identity.caller.account, &id).await;
    revoked.map(|()| StatusCode::NO_CONTENT).map_err(|error| Problem::of(&error, language))
}
