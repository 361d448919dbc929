//! The life of listings: handing in, the bureau's queue, steps, the trail.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::Context;
use super::identity::Identity;
use super::problem::{self, Problem};
use crate::domain::{
    AccessRefusal, Actor, Check, CheckKind, Date, HolderKey, Language, Life, LifeStep, Listing, ListingId,
    ListingStatus,
};
use crate::engine::{Interest, LifeReport, TrailEntry};

/// Most listings or entries in one answer.
const MOST: usize = 500;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Offer {
    /// Named as the columns of a file are: 专利号, 发明名称, 专利权人, 许可使用费支付方式 …
    #[schema(additional_properties, value_type = Object)]
    listing: Map<String, Value>,
    /// Whether it is only kept, not handed in.
    #[serde(default)]
    draft: bool,
}

/// Hands in a listing, or keeps a draft; one that was sent back is handed in again under its number.
#[utoipa::path(
    post,
    path = "/api/v1/listings",
    operation_id = "submit_listing",
    tag = "许可",
    summary = "提交许可",
    request_body = Offer,
    responses((status = CREATED, body = LifeReport)),
)]
pub(super) async fn submit(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<(StatusCode, Json<LifeReport>), Problem> {
    let language = problem::language(&headers);
    let Offer { listing, draft } = problem::read_body(body, language)?;
    let (holder, at) = (identity.caller.account.actor(), (context.settings.clock)());
    let life = context.engine.submit_listing(listing, &holder, !draft, at).await;
    Ok((StatusCode::CREATED, Json(life.map_err(|error| Problem::of(&error, language))?)))
}

/// A listing in whatever state, with its worksheet and all that was done to it.
#[utoipa::path(
    get,
    path = "/api/v1/listings/{number}/life",
    operation_id = "listing_life",
    tag = "许可",
    summary = "许可的状态与经过",
    params(("number" = String, Path, description = "Any number of the listing: its id, application or publication number", example = "ZL202219900001.3")),
    responses((status = OK, body = LifeReport)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<LifeReport>, Problem> {
    let language = problem::language(&headers);
    let Path(number) = number.map_err(|rejection| problem::of_path(&rejection, language))?;
    acting_on(&context, &identity, &number, language).await?;
    context.engine.life(&number).await.map(Json).map_err(|error| Problem::of(&error, language))
}

/// How many enterprises it was shown to, and what they did: counts, never who.
#[utoipa::path(
    get,
    path = "/api/v1/listings/{number}/interest",
    operation_id = "listing_interest",
    tag = "许可",
    summary = "许可受关注情况",
    params(("number" = String, Path, description = "Any number of the listing: its id, application or publication number", example = "ZL202219900001.3")),
    responses((status = OK, body = Interest)),
)]
pub(super) async fn interest(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<Interest>, Problem> {
    let language = problem::language(&headers);
    let Path(number) = number.map_err(|rejection| problem::of_path(&rejection, language))?;
    let (_, listing) = acting_on(&context, &identity, &number, language).await?;
    let interest = context.engine.interest(&listing.id).await;
    interest.map(Json).map_err(|error| Problem::of(&error, language))
}

/// One step as it is sent.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ListingStep)]
enum Step {
    TakeUp {
        seen: Option<i64>,
    },
    Check {
        check: CheckKind,
        passed: bool,
        evidence: String,
        valid_until: Option<Date>,
        seen: Option<i64>,
    },
    Return {
        reason: String,
        seen: Option<i64>,
    },
    Publish {
        seen: Option<i64>,
    },
    Suspend {
        reason: String,
        seen: Option<i64>,
    },
    Resume {
        #[serde(default)]
        reason: String,
        seen: Option<i64>,
    },
    Withdraw {
        reason: String,
        seen: Option<i64>,
    },
}

impl Step {
    /// The step, and the version of the listing that was looked at.
    fn taken(self) -> (LifeStep, Option<i64>) {
        match self {
            Self::TakeUp { seen } => (LifeStep::TakeUp, seen),
            Self::Check { check, passed, evidence, valid_until, seen } => {
                let answer = Check { passed, evidence, valid_until, reviewer: String::new(), at: 0 };
                (LifeStep::Check(check, answer), seen)
            }
            Self::Return { reason, seen } => (LifeStep::Return(reason), seen),
            Self::Publish { seen } => (LifeStep::Publish, seen),
            Self::Suspend { reason, seen } => (LifeStep::Suspend(reason), seen),
            Self::Resume { reason, seen } => (LifeStep::Resume(reason), seen),
            Self::Withdraw { reason, seen } => (LifeStep::Withdraw(reason), seen),
        }
    }
}

/// Takes one step in a listing's life.
#[utoipa::path(
    post,
    path = "/api/v1/listings/{number}/steps",
    operation_id = "step_listing",
    tag = "许可",
    summary = "办理许可",
    params(("number" = String, Path, description = "Any number of the listing: its id, application or publication number", example = "ZL202219900001.3")),
    request_body = Step,
    responses((status = OK, body = LifeReport)),
)]
pub(super) async fn step(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<LifeReport>, Problem> {
    let language = problem::language(&headers);
    let Path(number) = number.map_err(|rejection| problem::of_path(&rejection, language))?;
    let (step, seen) = problem::read_body::<Step>(body, language)?.taken();
    let (actor, _) = acting_on(&context, &identity, &number, language).await?;
    let report = context.engine.take_step(&number, step, &actor, seen, (context.settings.clock)()).await;
    report.map(Json).map_err(|error| Problem::of(&error, language))
}

/// Who acts on a listing that is the caller's, and the listing.
async fn acting_on(
    context: &Context,
    identity: &Identity,
    number: &str,
    language: Language,
) -> Result<(Actor, Listing), Problem> {
    let failed = |error| Problem::of(&error, language);
    let listing = context.engine.any_listing(number).await.map_err(failed)?;
    let actor = identity.caller.acting_on(&listing).map_err(|refusal| failed(refusal.into()))?;
    Ok((actor, listing))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    status: Option<ListingStatus>,
    after: Option<ListingId>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ListingWithLife)]
pub(super) struct Waiting {
    listing: Listing,
    life: Life,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ListingQueue)]
pub(super) struct Queue {
    listings: Vec<Waiting>,
    /// Where the next page begins; none behind the last.
    next: Option<ListingId>,
}

impl Queue {
    fn of(found: Vec<(Listing, Life)>, limit: usize) -> Self {
        let next = found.last().filter(|_| found.len() == limit).map(|(listing, _)| listing.id.clone());
        Self { listings: found.into_iter().map(|(listing, life)| Waiting { listing, life }).collect(), next }
    }
}

/// The listings of the caller's province in one state, those first that came to it first.
#[utoipa::path(
    get,
    path = "/api/v1/queue",
    operation_id = "queue",
    tag = "许可",
    summary = "待办",
    params(Wanted),
    responses((status = OK, body = Queue)),
)]
pub(super) async fn queue(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Queue>, Problem> {
    let language = problem::language(&headers);
    let Query(Wanted { status, after, limit }) = wanted.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(50), MOST, language)?;
    let status = status.unwrap_or(ListingStatus::Submitted);
    let is_theirs = |listing: &Listing| identity.caller.acting_on(listing).is_ok();
    let found = context.engine.work_queue(status, after.as_ref(), limit, is_theirs).await;
    Ok(Json(Queue::of(found.map_err(|error| Problem::of(&error, language))?, limit)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    after: Option<ListingId>,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// The caller's own listings in whatever state, by id.
#[utoipa::path(
    get,
    path = "/api/v1/holdings",
    operation_id = "holdings",
    tag = "许可",
    summary = "本人的许可",
    params(Page),
    responses((status = OK, body = Queue)),
)]
pub(super) async fn holdings(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<Queue>, Problem> {
    let language = problem::language(&headers);
    let Query(Page { after, limit }) = page.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(100), MOST, language)?;
    let holder = HolderKey::of(&identity.caller.account.name).ok_or(AccessRefusal::NotYours);
    let holder = holder.map_err(|refusal| Problem::of(&refusal.into(), language))?;
    let found = context.engine.holdings(holder, after.as_ref(), limit).await;
    Ok(Json(Queue::of(found.map_err(|error| Problem::of(&error, language))?, limit)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    #[serde(default)]
    after: i64,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Trail {
    entries: Vec<TrailEntry>,
    /// The number of the last entry here, to go on behind; none behind the last.
    next: Option<i64>,
}

/// All that was ever done, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    operation_id = "audit",
    tag = "许可",
    summary = "审计记录",
    params(Part),
    responses((status = OK, body = Trail)),
)]
pub(super) async fn trail(
    State(context): State<Context>,
    headers: HeaderMap,
    part: Result<Query<Part>, QueryRejection>,
) -> Result<Json<Trail>, Problem> {
    let language = problem::language(&headers);
    let Query(Part { after, limit }) = part.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(100), MOST, language)?;
    let entries = context.engine.trail(after, limit).await.map_err(|error| Problem::of(&error, language))?;
    let next = entries.last().filter(|_| entries.len() == limit).map(|entry| entry.number);
    Ok(Json(Trail { entries, next }))
}
