//! An enterprise's record and what it is recommended.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::Context;
use super::identity::Identity;
use super::problem::{self, Problem};
use crate::domain::{AccessRefusal, Enterprise, Language, Notice, PushWish};
use crate::engine::{EngineError, NarrowingInput, ProfileHints, Recommended};

/// Most recommendations in one answer.
const MOST: usize = 100;
/// The caller's own enterprise.
const OWN: &str = "me";

/// Query parameters; lists are separated by commas.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
    #[param(minimum = 0, maximum = 4294967295i64, format = "uint32")]
    fee_at_most: Option<u32>,
    holder: Option<String>,
    #[serde(default)]
    field: String,
    #[serde(default)]
    industry: String,
}

/// Recommendations, without the enterprise's own record: that is asked for by itself.
#[derive(Serialize, ToSchema)]
#[schema(as = Feed)]
pub(super) struct Answer {
    enterprise: String,
    recommendations: Vec<Recommended>,
}

/// What an enterprise is recommended, best first, each with reasons that add up to its score.
#[utoipa::path(
    get,
    path = "/api/v1/enterprises/{name}/recommendations",
    operation_id = "recommendations",
    tag = "企业",
    summary = "推荐",
    params(("name" = String, Path, description = "Full name, credit code or id of the enterprise; `me` for one's own", example = "me"), Wanted),
    responses((status = OK, body = Answer)),
)]
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

/// What is known of an enterprise.
#[utoipa::path(
    get,
    path = "/api/v1/enterprises/{name}",
    operation_id = "enterprise",
    tag = "企业",
    summary = "企业档案",
    params(("name" = String, Path, description = "Full name, credit code or id of the enterprise; `me` for one's own", example = "me")),
    responses((status = OK, body = Enterprise)),
)]
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

/// An enterprise's record as a file of enterprises has it, its columns as members: 经营范围, 主要产品, 技术需求 …
#[derive(ToSchema)]
#[schema(value_type = Object, example = json!({
    "注册地址": "浙江省杭州市",
    "经营范围": "锂离子电池材料的研发、生产、销售",
    "主要产品": ["隔膜", "电解液"],
    "技术需求": ["降低隔膜的热收缩"],
}))]
#[expect(dead_code, reason = "says what a body looks like; the body itself is read as it comes")]
pub(super) struct ProfileForm(Map<String, Value>);

/// Puts what is sent in the place of what was known: a member left out is empty from then on.
#[utoipa::path(
    put,
    path = "/api/v1/enterprises/{name}",
    operation_id = "edit_enterprise",
    tag = "企业",
    summary = "修改企业档案",
    params(("name" = String, Path, description = "Full name, credit code or id of the enterprise; `me` for one's own", example = "me")),
    request_body = ProfileForm,
    responses((status = OK, body = Enterprise)),
)]
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

/// What an enterprise's record lacks, and what adding it has gained others.
#[utoipa::path(
    get,
    path = "/api/v1/enterprises/{name}/hints",
    operation_id = "profile_hints",
    tag = "企业",
    summary = "档案还缺什么、补充有何益处",
    params(("name" = String, Path, description = "Full name, credit code or id of the enterprise; `me` for one's own", example = "me")),
    responses((status = OK, body = ProfileHints)),
)]
pub(super) async fn hints(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Json<ProfileHints>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let enterprise = theirs(&context, &identity, &name, language).await?;
    context.engine.profile_hints(&enterprise.id).await.map(Json).map_err(|error| Problem::of(&error, language))
}

/// Whether an enterprise wants to be sent recommendations.
#[utoipa::path(
    get,
    path = "/api/v1/enterprises/{name}/push",
    operation_id = "push_wish",
    tag = "企业",
    summary = "是否接收推送",
    params(("name" = String, Path, description = "Full name, credit code or id of the enterprise; `me` for one's own", example = "me")),
    responses((status = OK, body = PushWish)),
)]
pub(super) async fn push(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Json<PushWish>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let enterprise = theirs(&context, &identity, &name, language).await?;
    context.engine.push_wish(&enterprise.id).await.map(Json).map_err(|error| Problem::of(&error, language))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPushWish {
    /// Whether it wants to be sent recommendations.
    wanted: bool,
}

/// Opts out of being sent recommendations, or back in. What the enterprise asks for itself it always sees. Staff who are told
/// so on the telephone opt it out; back in it goes by its own word alone.
#[utoipa::path(
    put,
    path = "/api/v1/enterprises/{name}/push",
    operation_id = "set_push_wish",
    tag = "企业",
    summary = "接收或不接收推送",
    params(("name" = String, Path, description = "Full name, credit code or id of the enterprise; `me` for one's own", example = "me")),
    request_body = NewPushWish,
    responses((status = OK, body = PushWish)),
)]
pub(super) async fn set_push(
    State(context): State<Context>,
    identity: Identity,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<PushWish>, Problem> {
    let language = problem::language(&headers);
    let Path(name) = name.map_err(|rejection| problem::of_path(&rejection, language))?;
    let NewPushWish { wanted } = problem::read_body(body, language)?;
    let enterprise = theirs(&context, &identity, &name, language).await?;
    if wanted && identity.caller.enterprise().is_err() {
        return Err(Problem::of(&AccessRefusal::NotYours.into(), language));
    }
    let (actor, at) = (identity.caller.account.actor(), (context.settings.clock)());
    let kept = context.engine.set_push_wish(&enterprise.id, wanted, &actor, at).await;
    kept.map(Json).map_err(|error| Problem::of(&error, language))
}

/// The enterprise of a name, credit code or id, if it is the caller's to see. Others are not told from those that are not
/// there.
pub(super) async fn theirs(
    context: &Context,
    identity: &Identity,
    name: &str,
    language: Language,
) -> Result<Enterprise, Problem> {
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
