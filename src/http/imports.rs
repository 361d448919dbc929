//! Files of the bureau: tried, marked, imported.

use std::path::Path;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, RawQuery};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Context;
use super::identity::Identity;
use super::problem::{self, Problem};
use super::upload::{self, Upload};
use crate::domain::{DivisionCode, Language};
use crate::engine::{self, EngineError, FinishedImport, ImportOrder, ImportReport};

/// Most imports in one answer.
const MOST: usize = 500;
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Most {
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Imports {
    imports: Vec<FinishedImport>,
}

/// The imports that were finished last, the latest first.
#[utoipa::path(
    get,
    path = "/api/v1/imports",
    operation_id = "imports",
    tag = "批量导入",
    summary = "导入记录",
    params(Most),
    responses((status = OK, body = Imports)),
)]
pub(super) async fn list(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    most: Result<Query<Most>, QueryRejection>,
) -> Result<Json<Imports>, Problem> {
    let language = problem::language(&headers);
    let Query(Most { limit }) = most.map_err(|rejection| problem::of_query(&rejection, language))?;
    let limit = problem::within(limit.unwrap_or(50), MOST, language)?;
    let imports = context.engine.finished_imports(identity.caller.account.province, limit).await;
    let imports = imports.map_err(|error| Problem::of(&error, language))?;
    Ok(Json(Imports { imports }))
}

/// Imports a file and tells what became of it. The same file read in the same way is not imported twice: it is answered as
/// it was then, with `already_imported`. What was taken stays even if the client is gone before the answer.
#[utoipa::path(
    post,
    path = "/api/v1/imports",
    operation_id = "import",
    tag = "批量导入",
    summary = "导入文件",
    params(upload::Described),
    request_body(content = upload::FileBytes, content_type = "application/octet-stream"),
    responses((status = OK, body = ImportReport)),
)]
pub(super) async fn import(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    query: RawQuery,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    let language = problem::language(&headers);
    let upload = upload::received(&context, query, body, &headers).await?;
    let (account, now) = (identity.caller.account, (context.settings.clock)().now);
    let import = async move {
        let (Upload { path, kind, mapping, .. }, actor) = (&upload, account.actor());
        let order = ImportOrder { path, kind: *kind, mapping, actor: &actor, now, province: account.province };
        context.engine.import_as(order, &|_| ()).await
    };
    // Not ended half-way with the client's patience.
    finished(tokio::spawn(import).await, language).map(Json)
}

/// Reads a file as an import would, keeps nothing, and tells every problem.
#[utoipa::path(
    post,
    path = "/api/v1/imports/check",
    operation_id = "check_import",
    tag = "批量导入",
    summary = "检查文件，不导入",
    params(upload::Described),
    request_body(content = upload::FileBytes, content_type = "application/octet-stream"),
    responses((status = OK, body = ImportReport)),
)]
pub(super) async fn check(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    query: RawQuery,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    let upload = upload::received(&context, query, body, &headers).await?;
    checked((upload, identity.caller.account.province), None, problem::language(&headers))
        .await
        .map(|(report, _)| Json(report))
}

/// The file as a workbook, each problem marked at its cell and told in a note; formulas are shown as text.
#[utoipa::path(
    post,
    path = "/api/v1/imports/marked",
    operation_id = "marked_import",
    tag = "批量导入",
    summary = "标出问题的工作簿",
    params(upload::Described),
    request_body(content = upload::FileBytes, content_type = "application/octet-stream"),
    responses((status = OK, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
)]
pub(super) async fn marked(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    query: RawQuery,
    body: Body,
) -> Result<Response, Problem> {
    let language = problem::language(&headers);
    let upload = upload::received(&context, query, body, &headers).await?;
    // Beside the file, in the directory that goes with it.
    let path = upload.path.with_file_name("marked");
    let (_, workbook) = checked((upload, identity.caller.account.province), Some(&path), language).await?;
    let name = "attachment; filename=\"marked.xlsx\"; filename*=UTF-8''%E6%A0%87%E6%B3%A8.xlsx";
    Ok(([(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, name)], workbook).into_response())
}

/// What is wrong with a file, and the workbook that was written.
async fn checked(
    (upload, province): (Upload, Option<DivisionCode>),
    marked: Option<&Path>,
    language: Language,
) -> Result<(ImportReport, Vec<u8>), Problem> {
    let marked = marked.map(Path::to_owned);
    let check = move || -> Result<_, EngineError> {
        let Upload { path, kind, mapping, .. } = &upload;
        let report = engine::check_file(path, *kind, mapping, province, marked.as_deref(), &|_| ())?;
        let failed = |source| EngineError::File { path: path.clone(), source };
        let workbook = marked.map(std::fs::read).transpose().map_err(failed)?;
        Ok((report, workbook.unwrap_or_default()))
    };
    finished(tokio::task::spawn_blocking(check).await, language)
}

fn finished<T>(done: Result<Result<T, EngineError>, tokio::task::JoinError>, language: Language) -> Result<T, Problem> {
    let done = done.unwrap_or(Err(EngineError::Stopped { step: "import" }));
    done.map_err(|error| Problem::of(&error, language))
}
