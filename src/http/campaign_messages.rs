//! How far a campaign's messages have come, and what came of them.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Context;
use super::campaigns::theirs;
use super::identity::Identity;
use super::problem::{self, Problem};
use crate::domain::MessageState;
use crate::engine::{CampaignProgress, CampaignReport, CampaignResults};

/// Most enterprises in one answer.
const MOST: usize = 200;
/// Most enterprises in one list of calls: their listings are matched anew for the reasons.
const MOST_CALLS: usize = 1_000;
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// Only messages in this state: `dead` for those that nobody tries any more.
    state: Option<MessageState>,
    /// Only places behind this one.
    #[serde(default)]
    after: i64,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CampaignMessagePage)]
pub(super) struct Page {
    #[serde(flatten)]
    progress: CampaignProgress,
    /// The place to go on behind; none behind the last.
    next: Option<i64>,
}

/// How many messages stand how, and the messages themselves.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{id}/messages",
    operation_id = "campaign_messages",
    tag = "定向推送",
    summary = "发送进度与未送达",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1), Part),
    responses((status = OK, body = Page)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
    part: Result<Query<Part>, QueryRejection>,
) -> Result<Json<Page>, Problem> {
    let language = problem::language(&headers);
    let Query(Part { state, after, limit }) = part.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(50), MOST, language)?;
    let CampaignReport { campaign, .. } = theirs(&context, &identity, number, language).await?;
    let found = context.engine.campaign_progress(campaign.number, state, after, limit).await;
    let progress = found.map_err(|error| Problem::of(&error, language))?;
    let mut places: Vec<i64> = progress.messages.iter().map(|message| message.place).collect();
    places.dedup();
    let next = places.last().copied().filter(|_| places.len() == limit);
    Ok(Json(Page { progress, next }))
}

/// What came of a campaign until now: the funnel, why listings were declined, and how those kept back fared.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{id}/results",
    operation_id = "campaign_results",
    tag = "定向推送",
    summary = "推送成效",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = OK, body = CampaignResults)),
)]
pub(super) async fn results(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<CampaignResults>, Problem> {
    let language = problem::language(&headers);
    let CampaignReport { campaign, .. } = theirs(&context, &identity, number, language).await?;
    let found = context.engine.campaign_results(campaign.number, (context.settings.clock)()).await;
    found.map(Json).map_err(|error| Problem::of(&error, language))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Called {
    /// Only places behind this one.
    #[serde(default)]
    after: i64,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
}

/// The list of those whom staff call, as a workbook: a row for each listing, with the number, the reasons and room for the
/// answer.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{id}/calls",
    operation_id = "campaign_calls",
    tag = "定向推送",
    summary = "电话名单（XLSX）",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1), Called),
    responses((status = OK, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
)]
pub(super) async fn calls(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
    part: Result<Query<Called>, QueryRejection>,
) -> Result<Response, Problem> {
    let language = problem::language(&headers);
    let Query(Called { after, limit }) = part.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(MOST_CALLS), MOST_CALLS, language)?;
    let CampaignReport { campaign, .. } = theirs(&context, &identity, number, language).await?;
    let today = (context.settings.clock)().today;
    let written = context.engine.calls(campaign.number, after, limit, today).await;
    let written = written.map_err(|error| Problem::of(&error, language))?;
    let name = format!("attachment; filename=\"calls-{}.xlsx\"", campaign.number);
    Ok(([(header::CONTENT_TYPE, XLSX.to_owned()), (header::CONTENT_DISPOSITION, name)], written).into_response())
}
