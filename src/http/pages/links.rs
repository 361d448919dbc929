//! Where links in messages lead.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::super::Context;
use super::super::problem::{self, Problem};
use super::listing::{HTML, missing};
use super::{page, path_of};
use crate::domain::Enterprise;
use crate::engine::EngineError;

const OPT_OUT: (&str, &str) = ("opt_out.html", include_str!("opt_out.html"));

/// Shows the listing that a link in a message leads to, and keeps that it was opened.
#[utoipa::path(
    get,
    path = "/r/{id}",
    operation_id = "follow_link",
    tag = "网页",
    summary = "邮件中的链接",
    params(("id" = String, Path, description = "The link's last part", example = "1-1-1-0123456789abcdef0123456789abcdef")),
    responses(
        (status = SEE_OTHER, description = "To the listing's page"),
        (status = NOT_FOUND, description = "No such link was sent", body = String, content_type = "text/html"),
    ),
)]
pub(in super::super) async fn follow(
    State(context): State<Context>,
    headers: HeaderMap,
    link: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Ok(Path(link)) = link else { return missing() };
    let found = context.engine.listing_of_link(&link).await;
    let Some((delivery, listing)) = found.map_err(|error| Problem::of(&error, problem::language(&headers)))? else {
        return missing();
    };
    let Ok(place) = HeaderValue::from_str(&path_of(&listing)) else { return missing() };
    // Nobody waits for whoever is writing.
    let (engine, now) = (context.engine, (context.settings.clock)().now);
    tokio::spawn(async move {
        if let Err(error) = engine.record_opened(&delivery, &listing, now).await {
            tracing::warn!(%error, "that a link was followed is not kept");
        }
    });
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response())
}

#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    done: bool,
}

/// Asks whether an enterprise wants nothing sent any more. Mail programs and their guards open links by themselves: that
/// changes nothing.
#[utoipa::path(
    get,
    path = "/u/{id}",
    operation_id = "ask_to_opt_out",
    tag = "网页",
    summary = "退订",
    params(("id" = String, Path, description = "The link's last part", example = "1-1-u-0123456789abcdef0123456789abcdef")),
    responses(
        (status = OK, body = String, content_type = "text/html"),
        (status = NOT_FOUND, description = "No such link was sent", body = String, content_type = "text/html"),
    ),
)]
pub(in super::super) async fn ask(
    State(context): State<Context>,
    headers: HeaderMap,
    link: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Ok(Path(link)) = link else { return missing() };
    told(context.engine.enterprise_of_link(&link).await, false, &headers)
}

/// An enterprise wants nothing sent any more: by the page's button, or by its mail program (RFC 8058).
#[utoipa::path(
    post,
    path = "/u/{id}",
    operation_id = "opt_out_by_link",
    tag = "网页",
    summary = "确认退订",
    params(("id" = String, Path, description = "The link's last part", example = "1-1-u-0123456789abcdef0123456789abcdef")),
    responses(
        (status = OK, body = String, content_type = "text/html"),
        (status = NOT_FOUND, description = "No such link was sent", body = String, content_type = "text/html"),
    ),
)]
pub(in super::super) async fn opt_out(
    State(context): State<Context>,
    headers: HeaderMap,
    link: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Ok(Path(link)) = link else { return missing() };
    told(context.engine.opt_out_by_link(&link, (context.settings.clock)()).await, true, &headers)
}

/// The page for an enterprise that is about to opt out, or has.
fn told(found: Result<Option<Enterprise>, EngineError>, done: bool, headers: &HeaderMap) -> Result<Response, Problem> {
    match found.map_err(|error| Problem::of(&error, problem::language(headers)))? {
        Some(firm) => page(OPT_OUT, View { name: &firm.name, done }, HTML),
        None => missing(),
    }
}
