//! One listing.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;

use super::Context;
use super::problem::{self, Problem};
use crate::domain::Listing;

pub(super) async fn show(
    State(context): State<Context>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Listing>, Problem> {
    let listing = context.engine.listing(&number).await;
    listing.map(Json).map_err(|error| Problem::of(&error, problem::language(&headers)))
}
