//! Price guidance.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::Context;
use super::problem::{self, Problem};
use crate::engine::{PriceGuidance, PriceInput};

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
