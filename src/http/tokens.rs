//! The tokens of one's own account.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::Context;
use super::identity::Identity;
use super::problem::{self, Problem};
use crate::domain::Permission;
use crate::engine::{GivenToken, TokenRecord};

pub(super) async fn list(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
) -> Result<Json<Vec<TokenRecord>>, Problem> {
    let tokens = context.engine.tokens(&identity.caller.account).await;
    tokens.map(Json).map_err(|error| Problem::of(&error, problem::language(&headers)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewToken {
    label: String,
    scopes: Vec<Permission>,
    days: u32,
}

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
