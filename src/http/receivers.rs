//! Where an enterprise's own system takes messages.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Context;
use super::enterprises::theirs;
use super::identity::Identity;
use super::problem::{self, Problem};
use crate::engine::Receiver;

/// Where the enterprise's own system takes messages.
#[utoipa::path(
    get,
    path = "/api/v1/enterprises/{name}/receiver",
    operation_id = "receiver",
    tag = "企业",
    summary = "接口通知的接收地址",
    params(("name" = String, Path, description = "`me` for one's own", example = "me")),
    responses((status = OK, body = Receiver)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Json<Receiver>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let firm = theirs(&context, &identity, &name, language).await?;
    context.engine.receiver(&firm.id).await.map(Json).map_err(|error| Problem::of(&error, language))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReceiver {
    /// Its address: `https`, on the public internet. None to be notified no more.
    #[schema(max_length = 500)]
    url: Option<String>,
}

/// Says where the enterprise's own system takes messages. The answer has the secret that they are signed with from now on
/// (Standard Webhooks, version 1): it is not told again.
#[utoipa::path(
    put,
    path = "/api/v1/enterprises/{name}/receiver",
    operation_id = "set_receiver",
    tag = "企业",
    summary = "设置接收地址",
    params(("name" = String, Path, description = "`me` for one's own", example = "me")),
    request_body = NewReceiver,
    responses((status = OK, body = Receiver)),
)]
pub(super) async fn set(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Receiver>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let NewReceiver { url } = problem::read_body(body, language)?;
    let firm = theirs(&context, &identity, &name, language).await?;
    let set = context.engine.set_receiver(&firm.id, url.as_deref()).await;
    set.map(Json).map_err(|error| Problem::of(&error, language))
}
