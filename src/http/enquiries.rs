//! What enterprises ask holders.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Context;
use super::identity::Identity;
use super::licences::{MOST, Part, number_of, party_of};
use super::problem::{self, Problem};
use crate::domain::{Enquiry, EnquiryRefusal};
use crate::engine::EngineError;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// Any number of the listing.
    listing: String,
    text: String,
}

/// Asks the holder of a listing.
#[utoipa::path(
    post,
    path = "/api/v1/enquiries",
    operation_id = "ask",
    tag = "咨询",
    summary = "咨询",
    request_body = Question,
    responses((status = CREATED, body = Enquiry)),
)]
pub(super) async fn ask(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<(StatusCode, Json<Enquiry>), Problem> {
    let language = problem::language(&headers);
    let Question { listing, text } = problem::read_body(body, language)?;
    let failed = |error| Problem::of(&error, language);
    let caller = &identity.caller;
    let enterprise = caller.enterprise().map_err(|refusal| failed(refusal.into()))?;
    let (actor, at) = (caller.account.actor(), (context.settings.clock)());
    let asked = context.engine.enquire(&listing, enterprise, &text, &actor, at).await.map_err(failed)?;
    Ok((StatusCode::CREATED, Json(asked)))
}

#[derive(Serialize, ToSchema)]
#[schema(as = EnquiryPage)]
pub(super) struct Page {
    enquiries: Vec<Enquiry>,
    /// The number to go on behind; none behind the last.
    next: Option<i64>,
}

/// The caller's enquiries, by number.
#[utoipa::path(
    get,
    path = "/api/v1/enquiries",
    operation_id = "enquiries",
    tag = "咨询",
    summary = "咨询列表",
    params(Part),
    responses((status = OK, body = Page)),
)]
pub(super) async fn list(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    part: Result<Query<Part>, QueryRejection>,
) -> Result<Json<Page>, Problem> {
    let language = problem::language(&headers);
    let Query(Part { after, limit }) = part.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(100), MOST, language)?;
    let party = party_of(&identity.caller).map_err(|refusal| Problem::of(&refusal.into(), language))?;
    let found = context.engine.enquiries(&party, after, limit).await;
    let enquiries = found.map_err(|error| Problem::of(&error, language))?;
    let next = enquiries.last().filter(|_| enquiries.len() == limit).map(|enquiry| enquiry.number);
    Ok(Json(Page { enquiries, next }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Words {
    text: String,
}

/// Answers an enquiry.
#[utoipa::path(
    post,
    path = "/api/v1/enquiries/{id}/answer",
    operation_id = "answer_enquiry",
    tag = "咨询",
    summary = "答复咨询",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    request_body = Words,
    responses((status = OK, body = Enquiry)),
)]
pub(super) async fn answer(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Enquiry>, Problem> {
    let language = problem::language(&headers);
    let number = number_of(number, language)?;
    let Words { text } = problem::read_body(body, language)?;
    let (actor, at) = (identity.caller.account.actor(), (context.settings.clock)());
    let answered = context.engine.answer_enquiry(number, &text, &actor, at).await;
    answered.map(Json).map_err(|error| Problem::of(&error, language))
}

/// One enquiry, with its answer.
#[utoipa::path(
    get,
    path = "/api/v1/enquiries/{id}",
    operation_id = "enquiry",
    tag = "咨询",
    summary = "一件咨询",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = OK, body = Enquiry)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<Enquiry>, Problem> {
    let language = problem::language(&headers);
    let number = number_of(number, language)?;
    let found = context.engine.enquiry(number).await.and_then(|enquiry| {
        let unknown = |_| EngineError::from(EnquiryRefusal::Unknown { number });
        identity.caller.reading(&enquiry).map_err(unknown)?;
        Ok(enquiry)
    });
    found.map(Json).map_err(|error| Problem::of(&error, language))
}
