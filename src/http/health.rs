//! Is the server there, and what does it hold.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use super::Context;
use super::problem::{self, Problem};

#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    status: &'static str,
    version: &'static str,
    listings: u64,
    enterprises: u64,
}

/// Says that the server runs, and what it holds.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "health",
    tag = "运行",
    summary = "运行状况",
    responses((status = OK, body = Health)),
)]
pub(super) async fn show(State(context): State<Context>, headers: HeaderMap) -> Result<Json<Health>, Problem> {
    let counts = context.engine.counts().await;
    let (listings, enterprises) = counts.map_err(|error| Problem::of(&error, problem::language(&headers)))?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION"), listings, enterprises }))
}

#[derive(Serialize, ToSchema)]
pub(super) struct Readiness {
    status: &'static str,
    /// Changed listings that search and recommendations do not show yet.
    changes_behind: u64,
}

/// Whether questions can be answered, and from how old a view.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "ready",
    tag = "运行",
    summary = "是否就绪",
    responses((status = OK, body = Readiness)),
)]
pub(super) async fn ready(State(context): State<Context>, headers: HeaderMap) -> Result<Json<Readiness>, Problem> {
    let behind = context.engine.changes_behind().await;
    let changes_behind = behind.map_err(|error| Problem::of(&error, problem::language(&headers)))?;
    Ok(Json(Readiness { status: "ready", changes_behind }))
}
