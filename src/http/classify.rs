//! What a text is technically.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::Context;
use super::problem::{self, Problem};
use crate::engine::{ClassifyInput, Technology};

pub(super) async fn show(
    State(context): State<Context>,
    headers: HeaderMap,
    input: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Technology>, Problem> {
    let language = problem::language(&headers);
    // A map first: serde would take an array for the fields in their order.
    let Json(object) =
        input.map_err(|rejection| problem::of_body(&rejection.body_text(), rejection.status(), language))?;
    let input: ClassifyInput = serde_json::from_value(Value::Object(object))
        .map_err(|error| problem::of_body(&error.to_string(), StatusCode::BAD_REQUEST, language))?;
    tokio::task::block_in_place(|| context.engine.classify(input))
        .map(Json)
        .map_err(|error| Problem::of(&error, language))
}
