//! Campaigns: drafted, previewed, looked at, approved by a second person, sent.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::Context;
use super::identity::Identity;
use super::licences::number_of;
use super::problem::{self, Problem};
use crate::domain::{Campaign, CampaignBrief, CampaignRefusal, Language, Outcome, SendingStep};
use crate::engine::{CampaignFirm, CampaignReport, EngineError};

/// Most campaigns in one answer.
const MOST: usize = 100;
/// Most enterprises in one answer: each is matched anew for its reasons.
const MOST_FIRMS: usize = 50;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only numbers below this one.
    before: Option<i64>,
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CampaignPage)]
pub(super) struct Page {
    campaigns: Vec<Campaign>,
    /// What to give as `before` for the next page; none behind the last.
    next: Option<i64>,
}

/// The bureau's campaigns, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns",
    operation_id = "campaigns",
    tag = "定向推送",
    summary = "推送任务列表",
    params(Wanted),
    responses((status = OK, body = Page)),
)]
pub(super) async fn list(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Page>, Problem> {
    let language = problem::language(&headers);
    let Query(Wanted { before, limit }) = wanted.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(20), MOST, language)?;
    let (province, before) = (identity.caller.account.province, before.unwrap_or(i64::MAX));
    let found = context.engine.campaigns(province, before, limit).await;
    let campaigns = found.map_err(|error| Problem::of(&error, language))?;
    let next = campaigns.last().filter(|_| campaigns.len() == limit).map(|campaign| campaign.number);
    Ok(Json(Page { campaigns, next }))
}

/// Drafts a campaign.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns",
    operation_id = "draft_campaign",
    tag = "定向推送",
    summary = "起草推送任务",
    request_body = CampaignBrief,
    responses((status = CREATED, body = CampaignReport)),
)]
pub(super) async fn draft(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<(StatusCode, Json<CampaignReport>), Problem> {
    let language = problem::language(&headers);
    let brief = problem::read_body::<CampaignBrief>(body, language)?;
    let at = (context.settings.clock)();
    let drafted = context.engine.draft_campaign(brief, &identity.caller.account, at).await;
    drafted.map(|report| (StatusCode::CREATED, Json(report))).map_err(|error| Problem::of(&error, language))
}

/// A campaign with what its last preview found and all that was done to it.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{id}",
    operation_id = "campaign",
    tag = "定向推送",
    summary = "一项推送任务",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = OK, body = CampaignReport)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<CampaignReport>, Problem> {
    theirs(&context, &identity, number, problem::language(&headers)).await.map(Json)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Seen {
    /// The version that was looked at: refused if it has changed since.
    seen: Option<i64>,
}

/// Writes a campaign anew: a draft again, without a plan.
#[utoipa::path(
    put,
    path = "/api/v1/campaigns/{id}",
    operation_id = "edit_campaign",
    tag = "定向推送",
    summary = "修改推送任务",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1), Seen),
    request_body = CampaignBrief,
    responses((status = OK, body = CampaignReport)),
)]
pub(super) async fn edit(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
    seen: Result<Query<Seen>, QueryRejection>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<CampaignReport>, Problem> {
    let language = problem::language(&headers);
    let Query(Seen { seen }) = seen.map_err(|rejection| problem::of_query(&rejection, language))?;
    let CampaignReport { campaign, .. } = theirs(&context, &identity, number, language).await?;
    let brief = problem::read_body::<CampaignBrief>(body, language)?;
    let (account, at) = (&identity.caller.account, (context.settings.clock)());
    let edited = context.engine.edit_campaign(campaign.number, brief, account, seen, at).await;
    edited.map(Json).map_err(|error| Problem::of(&error, language))
}

/// Drafts a campaign with the brief of another.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{id}/copies",
    operation_id = "copy_campaign",
    tag = "定向推送",
    summary = "复制推送任务",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = CREATED, body = CampaignReport)),
)]
pub(super) async fn copy(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<(StatusCode, Json<CampaignReport>), Problem> {
    let language = problem::language(&headers);
    let CampaignReport { campaign, .. } = theirs(&context, &identity, number, language).await?;
    let (account, at) = (&identity.caller.account, (context.settings.clock)());
    let copied = context.engine.copy_campaign(campaign.number, account, at).await;
    copied.map(|report| (StatusCode::CREATED, Json(report))).map_err(|error| Problem::of(&error, language))
}

/// One step as it is sent; `seen` is the version that was looked at.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = CampaignStep)]
enum Step {
    /// Works out whom it would send what.
    Preview { seen: Option<i64> },
    /// Approves that: not by who wrote or previewed it.
    Approve { seen: Option<i64> },
    /// Begins to send it.
    Start { seen: Option<i64> },
    /// Halts that: nothing more is begun.
    Pause { seen: Option<i64> },
    /// Goes on.
    Resume { seen: Option<i64> },
    /// Tries again what could not be sent.
    Retry { seen: Option<i64> },
    /// Gives it up.
    Cancel {
        #[serde(default)]
        reason: String,
        seen: Option<i64>,
    },
}

/// Takes one step in a campaign's life.
#[utoipa::path(
    post,
    path = "/api/v1/campaigns/{id}/steps",
    operation_id = "step_campaign",
    tag = "定向推送",
    summary = "办理推送任务",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    request_body = Step,
    responses((status = OK, body = CampaignReport)),
)]
pub(super) async fn step(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<CampaignReport>, Problem> {
    let language = problem::language(&headers);
    let CampaignReport { campaign, .. } = theirs(&context, &identity, number, language).await?;
    let step = problem::read_body::<Step>(body, language)?;
    let (account, at) = (identity.caller.account, (context.settings.clock)());
    let (engine, number) = (context.engine, campaign.number);
    let stepped = async move {
        let steer =
            async |step, reason: &str, seen| engine.steer_campaign(number, step, (&account, reason), seen, at).await;
        match step {
            Step::Preview { seen } => engine.preview_campaign(number, &account, seen, at).await,
            Step::Approve { seen } => engine.approve_campaign(number, &account, seen, at).await,
            Step::Start { seen } => steer(SendingStep::Start, "", seen).await,
            Step::Pause { seen } => steer(SendingStep::Pause, "", seen).await,
            Step::Resume { seen } => steer(SendingStep::Resume, "", seen).await,
            Step::Retry { seen } => steer(SendingStep::Retry, "", seen).await,
            Step::Cancel { reason, seen } => steer(SendingStep::Cancel, &reason, seen).await,
        }
    };
    // A preview takes a minute: it is not ended half-way with the client's patience.
    let stepped = tokio::spawn(stepped).await.unwrap_or(Err(EngineError::Stopped { step: "campaign" }));
    stepped.map(Json).map_err(|error| Problem::of(&error, language))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// Only enterprises of this outcome.
    outcome: Option<Outcome>,
    /// Only places behind this one.
    #[serde(default)]
    after: i64,
    #[param(minimum = 1, maximum = 50)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CampaignFirmPage)]
pub(super) struct Firms {
    enterprises: Vec<CampaignFirm>,
    /// The place to go on behind; none behind the last.
    next: Option<i64>,
}

/// What the last preview has in store for whom, in the order of the lot: a page is a random sample.
#[utoipa::path(
    get,
    path = "/api/v1/campaigns/{id}/enterprises",
    operation_id = "campaign_enterprises",
    tag = "定向推送",
    summary = "预览：推给谁、推什么、为什么",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1), Part),
    responses((status = OK, body = Firms)),
)]
pub(super) async fn enterprises(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
    part: Result<Query<Part>, QueryRejection>,
) -> Result<Json<Firms>, Problem> {
    let language = problem::language(&headers);
    let Query(Part { outcome, after, limit }) = part.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(20), MOST_FIRMS, language)?;
    let CampaignReport { campaign, .. } = theirs(&context, &identity, number, language).await?;
    let today = (context.settings.clock)().today;
    let found = context.engine.campaign_firms(campaign.number, outcome, after, limit, today).await;
    let enterprises = found.map_err(|error| Problem::of(&error, language))?;
    let next = enterprises.last().filter(|_| enterprises.len() == limit).map(|firm| firm.place);
    Ok(Json(Firms { enterprises, next }))
}

/// A campaign that is the caller's. Another's is not told from one that is not there.
pub(super) async fn theirs(
    context: &Context,
    identity: &Identity,
    number: Result<Path<String>, PathRejection>,
    language: Language,
) -> Result<CampaignReport, Problem> {
    let number = number_of(number, language)?;
    let found = context.engine.campaign(number).await;
    let theirs = found.and_then(|report| {
        let unknown = |_| EngineError::from(CampaignRefusal::Unknown { number });
        identity.caller.acting_on_campaign(&report.campaign).map_err(unknown)?;
        Ok(report)
    });
    theirs.map_err(|error| Problem::of(&error, language))
}
