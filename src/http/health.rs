//! Is the server there, and what does it hold.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;

use super::Context;
use super::problem::{self, Problem};

#[derive(Serialize)]
pub(super) struct Health {
    status: &'static str,
    version: &'static str,
    listings: u64,
    enterprises: u64,
}

pub(super) async fn show(State(context): State<Context>, headers: HeaderMap) -> Result<Json<Health>, Problem> {
    let counts = context.engine.counts().await;
    let (listings, enterprises) = counts.map_err(|error| Problem::of(&error, problem::language(&headers)))?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION"), listings, enterprises }))
}
