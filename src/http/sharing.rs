//! Published listings for partner platforms.
//!
//! Open to any site's scripts (CORS), because it tells what is public anyway. An answer is named by an entity tag, so that a
//! partner who asks again without need is told so in a few bytes.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Context;
use super::problem::{self, Problem};
use crate::engine::SharedPage;

/// Most changes in one answer.
const MOST: usize = 500;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    #[serde(default)]
    updated_since: i64,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// What has changed among published listings since a place in the feed, those that are gone included.
#[utoipa::path(
    get,
    path = "/api/v1/listings",
    operation_id = "shared_listings",
    tag = "公开信息",
    summary = "共享：变动的许可",
    params(Wanted),
    responses((status = OK, body = SharedPage), (status = NOT_MODIFIED, description = "Nothing has changed since the answer of this entity tag")),
)]
pub(super) async fn listings(
    State(context): State<Context>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = problem::language(&headers);
    let Query(Wanted { updated_since, limit }) = wanted.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = limit.unwrap_or(100);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::bad_request(problem::say(language, "limit 应为 1 至 500", "limit must be 1 to 500")));
    }
    let (today, failed) = ((context.settings.clock)().today, |error| Problem::of(&error, language));
    // Whatever an answer depends on; another day may end an offer.
    let latest = context.engine.latest_place().await.map_err(failed)?;
    let tag = format!("\"{updated_since}-{limit}-{latest}-{today}\"");
    let response = if is_known(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let page = context.engine.shared_listings(updated_since, limit, today).await;
        Json(page.map_err(failed)?).into_response()
    };
    Ok(tagged(response, &tag))
}

/// An answer that any site's scripts may read, under its entity tag.
pub(super) fn tagged(mut response: Response, tag: &str) -> Response {
    let said = response.headers_mut();
    said.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    said.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        said.insert(header::ETAG, tag);
    }
    response
}

/// Whether the client holds this very answer (RFC 9110, 13.1.2).
pub(super) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|text| text.split(',')).map(|text| text.trim().trim_start_matches("W/")).any(|text| text == tag)
}
