//! Price guidance.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::Context;
use super::problem::{self, Problem};
use crate::engine::{PriceGuidance, PriceInput};

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
