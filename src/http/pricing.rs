//! Price guidance.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode};
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
    let Json(object) =
        input.map_err(|rejection| problem::of_body(&rejection.body_text(), rejection.status(), language))?;
    let input: PriceInput = serde_json::from_value(Value::Object(object))
        .map_err(|error| problem::of_body(&error.to_string(), StatusCode::BAD_REQUEST, language))?;
    let guidance = context.engine.price_guidance(input, (context.today)()).await;
    guidance.map(Json).map_err(|error| Problem::of(&error, language))
}
