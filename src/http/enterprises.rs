//! An enterprise's record and what it is recommended.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Context;
use super::identity::Identity;
use super::problem::{self, Problem};
use crate::domain::{AccessRefusal, Enterprise, Language, Notice};
use crate::engine::{EngineError, NarrowingInput, Recommended};

/// Most recommendations in one answer.
const MOST: usize = 100;
/// The caller's own enterprise.
const OWN: &str = "me";

/// Query parameters; lists are separated by commas.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    limit: Option<usize>,
    fee_at_most: Option<u32>,
    holder: Option<String>,
    #[serde(default)]
    field: String,
    #[serde(default)]
    industry: String,
}

/// Recommendations, without the enterprise's own record: that is asked for by itself.
#[derive(Serialize)]
pub(super) struct Answer {
    enterprise: String,
    recommendations: Vec<Recommended>,
}

pub(super) async fn recommendations(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Json<Answer>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let Query(wanted) = wanted.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(wanted.limit.unwrap_or(10), MOST, language)?;
    let list = |text: &str| text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let narrowing = NarrowingInput {
        fee_at_most_yuan: wanted.fee_at_most,
        holder: wanted.holder,
        fields: list(&wanted.field),
        industries: list(&wanted.industry),
    };
    let narrowing = narrowing.checked().map_err(|refusal| Problem::bad_request(refusal.notice(language)))?;
    let enterprise = theirs(&context, &identity, &name, language).await?;
    let today = (context.settings.clock)().today;
    let answer = context.engine.recommend_narrowed(enterprise.id.as_str(), limit, today, &narrowing).await;
    let answer = answer.map_err(|error| Problem::of(&error, language))?;
    Ok(Json(Answer { enterprise: answer.enterprise.name, recommendations: answer.recommendations }))
}

pub(super) async fn show(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Json<Enterprise>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    theirs(&context, &identity, &name, language).await.map(Json)
}

/// Puts what is sent in the place of what was known: a member left out is empty from then on.
pub(super) async fn edit(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Enterprise>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let object: Map<String, Value> = problem::read_body(body, language)?;
    let enterprise = theirs(&context, &identity, &name, language).await?;
    let edited = context.engine.edit_enterprise(&enterprise.id, object).await;
    edited.map(Json).map_err(|error| Problem::of(&error, language))
}

/// The enterprise of a name, credit code or id, if it is the caller's to see. Others are not told from those that are not
/// there.
async fn theirs(context: &Context, identity: &Identity, name: &str, language: Language) -> Result<Enterprise, Problem> {
    let caller = &identity.caller;
    let found = match name {
        OWN => match caller.enterprise() {
            Ok(own) => context.engine.enterprise(own.as_str()).await,
            Err(refusal) => Err(refusal.into()),
        },
        _ => context.engine.enterprise(name).await,
    };
    let theirs = found.and_then(|firm| Ok(caller.acting_for(&firm).map(|()| firm)?));
    theirs.map_err(|error| match error {
        EngineError::UnknownEnterprise { .. } | EngineError::AmbiguousEnterprise { .. }
            if caller.enterprise().is_ok() =>
        {
            Problem::of(&AccessRefusal::NotYours.into(), language)
        }
        error => Problem::of(&error, language),
    })
}
