//! Interactive search.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Uri};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Context;
use super::problem::{self, Problem};
use crate::domain::{Language, Notice};
use crate::engine::{Found, SearchInput, SearchRequest};

/// Query parameters; lists are separated by commas.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    #[serde(default)]
    q: String,
    #[param(minimum = 1, maximum = 100)]
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
    #[param(minimum = 0, maximum = 4294967295i64, format = "uint32")]
    fee_at_most: Option<u32>,
    announced_since: Option<String>,
}

/// Published listings that fit words and filters, best first, with counts.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    operation_id = "search",
    tag = "公开信息",
    summary = "检索",
    params(Parameters),
    responses((status = OK, body = Found)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Json<Found>, Problem> {
    let language = problem::language(&headers);
    let Query(parameters) = parameters.map_err(|rejection| problem::of_query(&rejection, language))?;
    let request = request_of(&context, &parameters, language)?;
    context.engine.search(&request).await.map(Json).map_err(|error| Problem::of(&error, language))
}

/// The parameters of an address, from what stands behind its question mark.
pub(super) fn read(query: &str, language: Language) -> Result<Parameters, Problem> {
    let wrong = || {
        Problem::bad_request(problem::say(
            language,
            "检索条件应为检索地址中问号之后的部分（百分号编码）",
            "the query is to be what stands behind the question mark of a search's address, percent-encoded",
        ))
    };
    let address: Uri = format!("/?{query}").parse().map_err(|_| wrong())?;
    // What a fragment's sign would cut off is not kept in silence.
    if address.query() != Some(query) {
        return Err(wrong());
    }
    let read = Query::try_from_uri(&address);
    let Query(parameters) = read.map_err(|rejection| problem::of_query(&rejection, language))?;
    Ok(parameters)
}

/// What is searched for, if it can be.
pub(super) fn request_of(
    context: &Context,
    parameters: &Parameters,
    language: Language,
) -> Result<SearchRequest, Problem> {
    let list = |text: &str| text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let input = SearchInput {
        text: parameters.q.clone(),
        limit: parameters.limit.unwrap_or(10),
        offset: parameters.offset.unwrap_or(0),
        ipc: list(&parameters.ipc),
        fields: list(&parameters.field),
        divisions: list(&parameters.division),
        holder_kinds: list(&parameters.holder_kind),
        patent_kinds: list(&parameters.patent_kind),
        fee_forms: list(&parameters.fee_form),
        fee_at_most_yuan: parameters.fee_at_most,
        announced_since: parameters.announced_since.clone(),
        today: Some((context.settings.clock)().today),
    };
    input.checked().map_err(|refusal| Problem::bad_request(refusal.notice(language)))
}
