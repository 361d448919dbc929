//! An enterprise's inbox.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::Context;
use super::enterprises::theirs;
use super::identity::Identity;
use super::problem::{self, Problem};
use crate::domain::{DeliveryId, FeedbackKind, ListingId, Notice};
use crate::engine::InboxMessage;

/// Most messages in one answer: their listings are matched anew for the reasons.
const MOST: usize = 50;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    /// Only messages from before this moment, in seconds since 1970-01-01 UTC.
    before: Option<i64>,
    #[param(minimum = 1, maximum = 50)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = InboxPage)]
pub(super) struct Page {
    messages: Vec<InboxMessage>,
    /// What to give as `before` for the next page; none behind the last.
    next: Option<i64>,
}

/// What campaigns have sent the enterprise, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/enterprises/{name}/inbox",
    operation_id = "inbox",
    tag = "企业",
    summary = "站内信",
    params(("name" = String, Path, description = "Full name, credit code or id of the enterprise; `me` for one's own", example = "me"), Part),
    responses((status = OK, body = Page)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    part: Result<Query<Part>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Json<Page>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let Query(Part { before, limit }) = part.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(20), MOST, language)?;
    let firm = theirs(&context, &identity, &name, language).await?;
    let today = (context.settings.clock)().today;
    let found = context.engine.inbox(&firm, before.unwrap_or(i64::MAX), limit, today).await;
    let messages = found.map_err(|error| Problem::of(&error, language))?;
    let next = messages.last().filter(|_| messages.len() == limit).map(|message| message.at);
    Ok(Json(Page { messages, next }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Deed {
    /// The message.
    #[schema(value_type = String)]
    delivery: DeliveryId,
    /// The listing of it.
    listing: ListingId,
    /// What was done: `opened`, `saved` or `declined`. Asking and taking a licence are known by themselves.
    kind: String,
    /// Why it was declined: `too_early`, `benefit_unclear`, `too_dear`, `not_our_field`, `own_solution`, `too_vague`, `other`.
    code: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Recorded {
    /// Whether that was new: each is kept once, and while it counts for the message.
    recorded: bool,
}

/// Says what the enterprise did with a listing of a message.
#[utoipa::path(
    post,
    path = "/api/v1/enterprises/{name}/inbox",
    operation_id = "act_on_message",
    tag = "企业",
    summary = "反馈：打开、收藏或拒绝",
    params(("name" = String, Path, description = "Full name, credit code or id of the enterprise; `me` for one's own", example = "me")),
    request_body = Deed,
    responses((status = OK, body = Recorded)),
)]
pub(super) async fn act(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Recorded>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let Deed { delivery, listing, kind, code } = problem::read_body(body, language)?;
    let firm = theirs(&context, &identity, &name, language).await?;
    let kind = FeedbackKind::read(&kind, code.as_deref());
    let kind = kind.map_err(|refusal| Problem::bad_request(refusal.notice(language)))?;
    if matches!(kind, FeedbackKind::Enquired | FeedbackKind::Licensed) {
        let said = problem::say(
            language,
            "咨询与许可由系统自动记录，此处只报告打开、收藏或拒绝",
            "enquiries and licences are known by themselves: say opened, saved or declined here",
        );
        return Err(Problem::bad_request(said));
    }
    let now = (context.settings.clock)().now;
    let kept = context.engine.act_on_message(&firm, &delivery, &listing, kind, now).await;
    kept.map(|recorded| Json(Recorded { recorded })).map_err(|error| Problem::of(&error, language))
}

#[derive(Serialize, ToSchema)]
pub(super) struct Erased {
    /// How many messages and lists are forgotten, each with all that was done with it.
    erased: u64,
}

/// Forgets everything that the enterprise was ever shown, and what it did with that. Enquiries and licences stay.
#[utoipa::path(
    delete,
    path = "/api/v1/enterprises/{name}/inbox",
    operation_id = "erase_inbox",
    tag = "企业",
    summary = "删除推送与反馈记录",
    params(("name" = String, Path, description = "`me` for one's own", example = "me")),
    responses((status = OK, body = Erased)),
)]
pub(super) async fn erase(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Json<Erased>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let firm = theirs(&context, &identity, &name, language).await?;
    let (actor, at) = (identity.caller.account.actor(), (context.settings.clock)());
    let erased = context.engine.erase_showings(&firm.id, &actor, at).await;
    erased.map(|erased| Json(Erased { erased })).map_err(|error| Problem::of(&error, language))
}
