//! Accounts as operators and staff see them.

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
use crate::domain::{Account, AccountState, AccountVerb, DivisionCode, Permission, Role};

/// Most accounts in one answer.
const MOST: usize = 500;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    state: Option<AccountState>,
    #[serde(default)]
    after: String,
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = UserPage)]
pub(super) struct Page {
    users: Vec<Account>,
    /// Where the next page begins; none behind the last.
    next: Option<String>,
}

/// A page of the accounts that are the caller's to change, by login.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    operation_id = "users",
    tag = "账户",
    summary = "账户列表",
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
    let Query(Wanted { state, after, limit }) = wanted.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(100), MOST, language)?;
    let page = context.engine.accounts(state, &Account::login_of(&after), limit).await;
    let mut users = page.map_err(|error| Problem::of(&error, language))?;
    let next = users.last().filter(|_| users.len() == limit).map(|account| account.login.clone());
    let caller = &identity.caller;
    let is_own = |account: &Account| account.login == caller.account.login && account.role == Role::Operator;
    users.retain(|account| is_own(account) || caller.acting_on_account(account).is_ok());
    Ok(Json(Page { users, next }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    login: String,
    role: Role,
    name: String,
    province: Option<DivisionCode>,
    enterprise: Option<String>,
    /// None where the account is to be used by tokens alone.
    password: Option<String>,
}

/// Makes an account.
#[utoipa::path(
    post,
    path = "/api/v1/users",
    operation_id = "add_user",
    tag = "账户",
    summary = "新账户",
    request_body = NewAccount,
    responses((status = CREATED, body = Account)),
)]
pub(super) async fn add(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<(StatusCode, Json<Account>), Problem> {
    let language = problem::language(&headers);
    let NewAccount { login, role, name, province, enterprise, password } = problem::read_body(body, language)?;
    let failed = |error| Problem::of(&error, language);
    let enterprise = match enterprise {
        Some(text) => Some(context.engine.enterprise(&text).await.map_err(failed)?.id),
        None => None,
    };
    let account = Account { login, role, state: AccountState::Active, name, enterprise, province, created_at: 0 };
    let (by, now) = (identity.caller.account.actor(), (context.settings.clock)().now);
    let added = context.engine.add_account(account, password.as_deref(), &by, now).await;
    Ok((StatusCode::CREATED, Json(added.map_err(failed)?)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountStep)]
struct Step {
    step: AccountVerb,
}

/// Lets an account in, shuts it or opens it again.
#[utoipa::path(
    post,
    path = "/api/v1/users/{login}/steps",
    operation_id = "step_user",
    tag = "账户",
    summary = "办理账户",
    params(("login" = String, Path, description = "What the account signs in with", example = "91310000MA1FL0000X")),
    request_body = Step,
    responses((status = OK, body = Account)),
)]
pub(super) async fn step(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    login: Result<Path<String>, PathRejection>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<Json<Account>, Problem> {
    let language = problem::language(&headers);
    let Path(login) = login.map_err(|rejection| problem::of_path(&rejection, language))?;
    let Step { step } = problem::read_body(body, language)?;
    let needed = if step == AccountVerb::Approve { Permission::ApproveSignUps } else { Permission::ManageAccounts };
    identity.caller.check(needed).map_err(|refusal| Problem::of(&refusal.into(), language))?;
    let account = theirs(&context, &identity, &login, &headers).await?;
    let (by, now) = (identity.caller.account.actor(), (context.settings.clock)().now);
    let changed = context.engine.change_account(&account.login, step, &by, now).await;
    changed.map(Json).map_err(|error| Problem::of(&error, language))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Password {
    password: String,
}

/// Gives another's account a password.
#[utoipa::path(
    put,
    path = "/api/v1/users/{login}/password",
    operation_id = "set_password",
    tag = "账户",
    summary = "设置密码",
    params(("login" = String, Path, description = "What the account signs in with", example = "91310000MA1FL0000X")),
    request_body = Password,
    responses((status = NO_CONTENT)),
)]
pub(super) async fn set_password(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    login: Result<Path<String>, PathRejection>,
    body: Result<Json<Map<String, Value>>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let language = problem::language(&headers);
    let Path(login) = login.map_err(|rejection| problem::of_path(&rejection, language))?;
    let Password { password } = problem::read_body(body, language)?;
    let account = theirs(&context, &identity, &login, &headers).await?;
    let (by, now) = (identity.caller.account.actor(), (context.settings.clock)().now);
    let set = context.engine.set_password(&account.login, &password, &by, now).await;
    set.map(|()| StatusCode::NO_CONTENT).map_err(|error| Problem::of(&error, language))
}

/// The account of a login, if it is the caller's to change.
pub(super) async fn theirs(
    context: &Context,
    identity: &Identity,
    login: &str,
    headers: &HeaderMap,
) -> Result<Account, Problem> {
    let failed = |error| Problem::of(&error, problem::language(headers));
    let account = context.engine.account(login).await.map_err(failed)?;
    identity.caller.acting_on_account(&account).map_err(|refusal| failed(refusal.into()))?;
    Ok(account)
}
