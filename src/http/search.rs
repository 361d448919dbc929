//! Interactive search.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;

use super::Context;
use super::problem::{self, Problem};
use crate::engine::{Found, SearchInput};

/// Query parameters; lists are separated by commas.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parameters {
    #[serde(default)]
    q: String,
    limit: Option<usize>,
    offset: Option<usize>,
    #[serde(default)]
    ipc: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    division: String,
    #[serde(default)]
    holder_kind: String,
    #[serde(default)]
    patent_kind: String,
    #[serde(default)]
    fee_form: String,
    fee_at_most: Option<u32>,
    announced_since: Option<String>,
}

pub(super) async fn show(
    State(context): State<Context>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Json<Found>, Problem> {
    let language = problem::language(&headers);
    let Query(parameters) = parameters.map_err(|rejection| problem::of_query(&rejection, language))?;
    let list = |text: &str| text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let input = SearchInput {
        text: parameters.q,
        limit: parameters.limit.unwrap_or(10),
        offset: parameters.offset.unwrap_or(0),
        ipc: list(&parameters.ipc),
        fields: list(&parameters.field),
        divisions: list(&parameters.division),
        holder_kinds: list(&parameters.holder_kind),
        patent_kinds: list(&parameters.patent_kind),
        fee_forms: list(&parameters.fee_form),
        fee_at_most_yuan: parameters.fee_at_most,
        announced_since: parameters.announced_since,
        today: Some((context.settings.clock)().today),
    };
    let request =
        input.checked().map_err(|refusal| Problem::bad_request(crate::domain::Notice::notice(&refusal, language)))?;
    context.engine.search(&request).await.map(Json).map_err(|error| Problem::of(&error, language))
}
