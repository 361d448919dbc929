//! What search engines find the pages by (sitemaps.org, protocol 0.9; robots.txt, RFC 9309). Sitemaps name whole
//! addresses, so there are none until the site's own is known.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::super::Context;
use super::super::problem::{self, Problem};
use super::{page, path_of};
use crate::domain::ListingId;

/// Places of the change feed that one sitemap covers, and so the most addresses in it: the protocol allows 50,000.
const PLACES: i64 = 10_000;
const INDEX: (&str, &str) = ("sitemap_index.xml", include_str!("sitemap_index.xml"));
const MAP: (&str, &str) = ("sitemap.xml", include_str!("sitemap.xml"));
const XML: &str = "application/xml; charset=utf-8";

#[derive(Serialize)]
struct Index<'a> {
    site: &'a str,
    pages: Vec<i64>,
}

#[derive(Serialize)]
struct Map<'a> {
    site: &'a str,
    paths: Vec<String>,
}

/// All sitemaps.
#[utoipa::path(
    get,
    path = "/sitemap.xml",
    operation_id = "sitemap_index",
    tag = "网页",
    summary = "站点地图索引",
    responses((status = OK, body = String, content_type = "application/xml")),
)]
pub(in super::super) async fn index(State(context): State<Context>, headers: HeaderMap) -> Result<Response, Problem> {
    let site = site(&context, &headers)?;
    let latest = context.engine.latest_place().await;
    let latest = latest.map_err(|error| Problem::of(&error, problem::language(&headers)))?;
    page(INDEX, Index { site, pages: (1..=last(latest)).collect() }, XML)
}

/// The pages of the listings on offer that changed last at one stretch of the change feed.
#[utoipa::path(
    get,
    path = "/sitemaps/{number}",
    operation_id = "sitemap",
    tag = "网页",
    summary = "站点地图",
    params(("number" = i64, Path, description = "Its number", minimum = 1, example = 1)),
    responses((status = OK, body = String, content_type = "application/xml")),
)]
pub(in super::super) async fn show(
    State(context): State<Context>,
    headers: HeaderMap,
    number: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let site = site(&context, &headers)?;
    let language = problem::language(&headers);
    let failed = |error| Problem::of(&error, language);
    let latest = context.engine.latest_place().await.map_err(failed)?;
    let number = number.ok().and_then(|Path(number)| number.parse::<i64>().ok());
    let Some(number) = number.filter(|number| (1..=last(latest)).contains(number)) else {
        return Err(problem::no_such_page(headers).await);
    };
    let (after, upto) = ((number - 1) * PLACES, number * PLACES);
    let today = (context.settings.clock)().today;
    let ids: Vec<ListingId> = context.engine.on_offer_between(after, upto, today).await.map_err(failed)?;
    page(MAP, Map { site, paths: ids.iter().map(path_of).collect() }, XML)
}

/// Where robots may go.
#[utoipa::path(
    get,
    path = "/robots.txt",
    operation_id = "robots",
    tag = "网页",
    summary = "robots.txt",
    responses((status = OK, body = String, content_type = "text/plain")),
)]
pub(in super::super) async fn robots(State(context): State<Context>) -> Response {
    let site = context.settings.public_url.as_ref();
    let map = site.map_or_else(String::new, |site| format!("Sitemap: {site}/sitemap.xml\n"));
    let text = format!("User-agent: *\nDisallow: /api/\n{map}");
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], text).into_response()
}

/// The site's own address.
fn site<'a>(context: &'a Context, headers: &HeaderMap) -> Result<&'a str, Problem> {
    let site = context.settings.public_url.as_deref();
    site.ok_or_else(|| problem::no_public_address(problem::language(headers)))
}

/// The number of the last sitemap; there is always one.
fn last(latest: i64) -> i64 {
    (latest - 1).max(0) / PLACES + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_the_feed_is_in_one_sitemap() {
        assert_eq!([0, 1, 10_000, 10_001, 20_000, 20_001].map(last), [1, 1, 1, 2, 2, 3]);
    }
}
