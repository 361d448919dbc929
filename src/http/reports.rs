//! Reports of a period.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Context;
use super::identity::Identity;
use super::problem::{self, Problem};
use crate::domain::Date;
use crate::engine::EffectReport;

/// In what form a report is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportForm)]
pub(super) enum Form {
    /// Figures.
    #[default]
    Json,
    /// A page that stands alone.
    Page,
    /// A workbook.
    Xlsx,
    /// A document.
    Docx,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Period {
    /// The first day in China.
    from: Date,
    /// The last; at most three years later.
    to: Date,
    #[serde(default)]
    #[param(inline)]
    form: Form,
}

/// What came of pushing in a period: for a bureau of one province, there.
#[utoipa::path(
    get,
    path = "/api/v1/reports/effect",
    operation_id = "effect_report",
    tag = "定向推送",
    summary = "一个时期的成效报告",
    params(Period),
    responses((status = OK, content(
        (EffectReport = "application/json"),
        (String = "text/html"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ))),
)]
pub(super) async fn effect(
    State(context): State<Context>,
    headers: HeaderMap,
    identity: Identity,
    period: Result<Query<Period>, QueryRejection>,
) -> Result<Response, Problem> {
    let language = problem::language(&headers);
    let Query(Period { from, to, form }) = period.map_err(|rejection| problem::of_query(&rejection, language))?;
    let found = context.engine.effect(from, to, identity.caller.account.province).await;
    let report = found.map_err(|error| Problem::of(&error, language))?;
    let today = (context.settings.clock)().today;
    let (kind, ending, written) = match form {
        Form::Json => return Ok(Json(report).into_response()),
        Form::Page => ("text/html; charset=utf-8", "html", report.html().map(String::into_bytes)),
        Form::Xlsx => (super::campaign_messages::XLSX, "xlsx", report.workbook()),
        Form::Docx => (super::licences::DOCX, "docx", report.docx(today)),
    };
    let written = written.map_err(|error| Problem::of(&error, language))?;
    // A page is looked at here, the others are kept.
    let how = if form == Form::Page { "inline" } else { "attachment" };
    let name = format!("{how}; filename=\"effect-{from}-{to}.{ending}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], written).into_response())
}
