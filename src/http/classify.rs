//! What a text is technically.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::Context;
use super::problem::{self, Problem};
use crate::engine::{ClassifyInput, Technology};

/// Says what a text is technically.
#[utoipa::path(
    post,
    path = "/api/v1/classify",
    operation_id = "classify",
    tag = "公开信息",
    summary = "技术分类",
    request_body = ClassifyInput,
    responses((status = OK, body = Technology)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    headers: HeaderMap,
    input: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Technology>, Problem> {
    let language = problem::language(&headers);
    let input: ClassifyInput = problem::read_body(input, language)?;
    tokio::task::block_in_place(|| context.engine.classify(input))
        .map(Json)
        .map_err(|error| Problem::of(&error, language))
}
