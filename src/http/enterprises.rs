//! Recommendations of an enterprise.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::Context;
use super::problem::{self, Problem};
use crate::engine::Recommended;

/// Most recommendations in one answer.
const MOST: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    limit: Option<usize>,
}

/// Recommendations, without the enterprise's own record: that is for the enterprise alone.
#[derive(Serialize)]
pub(super) struct Answer {
    enterprise: String,
    recommendations: Vec<Recommended>,
}

pub(super) async fn recommendations(
    State(context): State<Context>,
    name: Result<Path<String>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Json<Answer>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let Query(wanted) = wanted.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = wanted.limit.unwrap_or(10);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::bad_request(problem::say(language, "limit 应为 1 至 100", "limit must be 1 to 100")));
    }
    let answer = context.engine.recommend(&name, limit, (context.today)()).await;
    let answer = answer.map_err(|error| Problem::of(&error, language))?;
    Ok(Json(Answer { enterprise: answer.enterprise.name, recommendations: answer.recommendations }))
}
