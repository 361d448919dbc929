//! Licences: taken, followed, contracted, ended.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::Context;
use super::identity::Identity;
use super::problem::{self, Problem};
use crate::domain::{
    AccessRefusal, Actor, Caller, HolderKey, Language, Licence, LicenceRefusal, LicenceStep, Money, Role,
};
use crate::engine::{EngineError, LicenceReport, Party};

/// Most licences in one answer.
pub(super) const MOST: usize = 500;
pub(super) const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Accepting {
    /// Any number of the listing.
    listing: String,
}

/// Accepts a listing's published terms.
#[utoipa::path(
    post,
    path = "/api/v1/licences",
    operation_id = "take_licence",
    tag = "许可合同",
    summary = "接受许可",
    request_body = Accepting,
    responses((status = CREATED, body = LicenceReport)),
)]
pub(super) async fn take(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<(StatusCode, Json<LicenceReport>), Problem> {
    let language = problem::language(&headers);
    let Accepting { listing } = problem::read_body(body, language)?;
    let failed = |error| Problem::of(&error, language);
    let caller = &identity.caller;
    let enterprise = caller.enterprise().map_err(|refusal| failed(refusal.into()))?;
    let (actor, at) = (caller.account.actor(), (context.settings.clock)());
    let taken = context.engine.take_licence(&listing, enterprise, &actor, at).await.map_err(failed)?;
    Ok((StatusCode::CREATED, Json(taken)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Part {
    #[serde(default)]
    pub(super) after: i64,
    #[param(minimum = 1, maximum = 500)]
    pub(super) limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = LicencePage)]
pub(super) struct Page {
    licences: Vec<Licence>,
    /// The number to go on behind; none behind the last.
    next: Option<i64>,
}

/// The caller's licences, by number.
#[utoipa::path(
    get,
    path = "/api/v1/licences",
    operation_id = "licences",
    tag = "许可合同",
    summary = "许可合同列表",
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
    let caller = &identity.caller;
    let party = party_of(caller).map_err(|refusal| Problem::of(&refusal.into(), language))?;
    let is_theirs = |licence: &Licence| caller.acting_on_licence(licence).is_ok();
    let found = context.engine.licences(&party, after, limit, is_theirs).await;
    let licences = found.map_err(|error| Problem::of(&error, language))?;
    let next = licences.last().filter(|_| licences.len() == limit).map(|licence| licence.number);
    Ok(Json(Page { licences, next }))
}

/// Whose enquiries and licences a caller asks for.
pub(super) fn party_of(caller: &Caller) -> Result<Party, AccessRefusal> {
    match caller.account.role {
        Role::Enterprise => Ok(Party::Enterprise(caller.enterprise()?.clone())),
        Role::Holder => HolderKey::of(&caller.account.name).map(Party::Holder).ok_or(AccessRefusal::NotYours),
        Role::Bureau => Ok(Party::Anyone),
        Role::Operator | Role::Partner => Err(AccessRefusal::NotYours),
    }
}

/// A licence with all that was done to it.
#[utoipa::path(
    get,
    path = "/api/v1/licences/{id}",
    operation_id = "licence",
    tag = "许可合同",
    summary = "一件许可合同",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = OK, body = LicenceReport)),
)]
pub(super) async fn show(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<Json<LicenceReport>, Problem> {
    let (report, _) = theirs(&context, &identity, number, problem::language(&headers)).await?;
    Ok(Json(report))
}

/// The draft of the contract, to be checked by the parties.
#[utoipa::path(
    get,
    path = "/api/v1/licences/{id}/contract",
    operation_id = "contract",
    tag = "许可合同",
    summary = "合同草案",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = OK, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")),
)]
pub(super) async fn contract(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let language = problem::language(&headers);
    let (report, _) = theirs(&context, &identity, number, language).await?;
    let number = report.licence.number;
    let written = context.engine.contract(number).await.map_err(|error| Problem::of(&error, language))?;
    let name = format!("attachment; filename=\"licence-{number}.docx\"");
    Ok(([(header::CONTENT_TYPE, DOCX.to_owned()), (header::CONTENT_DISPOSITION, name)], written).into_response())
}

/// One step as it is sent.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = LicenceStep)]
enum Step {
    ConfirmPayment {
        evidence: String,
        seen: Option<i64>,
    },
    Record {
        evidence: String,
        seen: Option<i64>,
    },
    BeginUse {
        seen: Option<i64>,
    },
    Cancel {
        #[serde(default)]
        reason: String,
        seen: Option<i64>,
    },
    Refuse {
        reason: String,
        seen: Option<i64>,
    },
    Reinstate {
        reason: String,
        seen: Option<i64>,
    },
    End {
        reason: String,
        seen: Option<i64>,
    },
    OpenDispute {
        note: String,
        seen: Option<i64>,
    },
    Mediate {
        note: String,
        seen: Option<i64>,
    },
    GoToCourt {
        note: String,
        seen: Option<i64>,
    },
    SettleDispute {
        note: String,
        seen: Option<i64>,
    },
    Claim {
        scheme: String,
        amount: Money,
        seen: Option<i64>,
    },
    DecideClaim {
        claim: usize,
        granted: bool,
        reason: String,
        seen: Option<i64>,
    },
}

impl Step {
    /// The step, and the version of the licence that was looked at.
    fn taken(self) -> (LicenceStep, Option<i64>) {
        match self {
            Self::ConfirmPayment { evidence, seen } => (LicenceStep::ConfirmPayment(evidence), seen),
            Self::Record { evidence, seen } => (LicenceStep::Record(evidence), seen),
            Self::BeginUse { seen } => (LicenceStep::BeginUse, seen),
            Self::Cancel { reason, seen } => (LicenceStep::Cancel(reason), seen),
            Self::Refuse { reason, seen } => (LicenceStep::Refuse(reason), seen),
            Self::Reinstate { reason, seen } => (LicenceStep::Reinstate(reason), seen),
            Self::End { reason, seen } => (LicenceStep::End(reason), seen),
            Self::OpenDispute { note, seen } => (LicenceStep::OpenDispute(note), seen),
            Self::Mediate { note, seen } => (LicenceStep::Mediate(note), seen),
            Self::GoToCourt { note, seen } => (LicenceStep::GoToCourt(note), seen),
            Self::SettleDispute { note, seen } => (LicenceStep::SettleDispute(note), seen),
            Self::Claim { scheme, amount, seen } => (LicenceStep::Claim { scheme, amount }, seen),
            Self::DecideClaim { claim, granted, reason, seen } => {
                (LicenceStep::DecideClaim { claim, granted, reason }, seen)
            }
        }
    }
}

/// Takes one step in a licence's life.
#[utoipa::path(
    post,
    path = "/api/v1/licences/{id}/steps",
    operation_id = "step_licence",
    tag = "许可合同",
    summary = "办理许可合同",
    params(("id" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    request_body = Step,
    responses((status = OK, body = LicenceReport)),
)]
pub(super) async fn step(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    number: Result<Path<String>, PathRejection>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<LicenceReport>, Problem> {
    let language = problem::language(&headers);
    let (report, actor) = theirs(&context, &identity, number, language).await?;
    let (step, seen) = problem::read_body::<Step>(body, language)?.taken();
    let at = (context.settings.clock)();
    let stepped = context.engine.step_licence(report.licence.number, &step, &actor, seen, at).await;
    stepped.map(Json).map_err(|error| Problem::of(&error, language))
}

/// A licence that is the caller's, and who acts on it. Another's is not told from one that is not there.
async fn theirs(
    context: &Context,
    identity: &Identity,
    number: Result<Path<String>, PathRejection>,
    language: Language,
) -> Result<(LicenceReport, Actor), Problem> {
    let number = number_of(number, language)?;
    let found = context.engine.licence(number).await;
    let theirs = found.and_then(|report| {
        let unknown = |_| EngineError::from(LicenceRefusal::Unknown { number });
        let actor = identity.caller.acting_on_licence(&report.licence).map_err(unknown)?;
        Ok((report, actor))
    });
    theirs.map_err(|error| Problem::of(&error, language))
}

/// A number in an address.
pub(super) fn number_of(number: Result<Path<String>, PathRejection>, language: Language) -> Result<i64, Problem> {
    let Path(text) = number.map_err(|rejection| problem::of_path(&rejection, language))?;
    let said = || problem::say(language, "地址中应为编号（正整数）", "the address needs a number");
    text.parse().map_err(|_| Problem::bad_request(said()))
}
