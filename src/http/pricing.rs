//! Price guidance.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Context;
use super::problem::{self, Problem};
use crate::domain::IndustryFees;
use crate::engine::{PriceGuidance, PriceInput};

#[derive(Serialize, ToSchema)]
pub(super) struct IndustryTable {
    industries: Vec<IndustryFees>,
}

/// What others ask, with sources and counts, and what of a fee to look at again.
#[utoipa::path(
    post,
    path = "/api/v1/pricing",
    operation_id = "price_guidance",
    tag = "公开信息",
    summary = "许可费参考",
    request_body = PriceInput,
    responses((status = OK, body = PriceGuidance)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    headers: HeaderMap,
    input: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<PriceGuidance>, Problem> {
    let language = problem::language(&headers);
    let input: PriceInput = problem::read_body(input, language)?;
    let guidance = context.engine.price_guidance(input, (context.settings.clock)().today).await;
    guidance.map(Json).map_err(|error| Problem::of(&error, language))
}

/// What licences of each industry cost, by the tables the bureau has imported, each row with its source and its n.
#[utoipa::path(
    get,
    path = "/api/v1/pricing/industries",
    operation_id = "industry_fees",
    tag = "公开信息",
    summary = "行业平均许可费",
    responses((status = OK, body = IndustryTable)),
)]
pub(super) async fn industries(
    State(context): State<Context>,
    headers: HeaderMap,
) -> Result<Json<IndustryTable>, Problem> {
    let fees = context.engine.industry_fees().await;
    let failed = |error| Problem::of(&error, problem::language(&headers));
    fees.map(|industries| Json(IndustryTable { industries })).map_err(failed)
}
