//! One listing.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;

use super::Context;
use super::problem::{self, Problem};
use crate::domain::Listing;

/// A listing that is on offer.
#[utoipa::path(
    get,
    path = "/api/v1/listings/{number}",
    operation_id = "listing",
    tag = "公开信息",
    summary = "一件许可",
    params(("number" = String, Path, description = "Any number of the listing: its id, application or publication number", example = "ZL202219900001.3")),
    responses((status = OK, body = Listing)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    number: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Json<Listing>, Problem> {
    let language = problem::language(&headers);
    let Path(number) = number.map_err(|rejection| problem::of_path(&rejection, language))?;
    let listing = context.engine.listing(&number, (context.settings.clock)().today).await;
    listing.map(Json).map_err(|error| Problem::of(&error, language))
}
