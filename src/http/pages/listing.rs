//! A listing's page.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::super::Context;
use super::super::problem::Problem;
use super::{json_ld, page, path_of};
use crate::domain::{Language, LicenceTerms, Listing, Patent, TechnologyField};
use crate::engine::EngineError;

const LISTING: (&str, &str) = ("listing.html", include_str!("listing.html"));
const MISSING: (&str, &str) = ("missing.html", include_str!("missing.html"));
pub(super) const HTML: &str = "text/html; charset=utf-8";

/// What the template shows.
#[derive(Serialize)]
struct View<'a> {
    title: &'a str,
    summary: String,
    address: Option<&'a str>,
    path: &'a str,
    json_ld: String,
    terms: Vec<(&'static str, String)>,
    patent: Vec<(&'static str, String)>,
    #[serde(rename = "abstract")]
    abstract_text: &'a str,
    claim: &'a str,
}

/// The page of a listing that is on offer.
#[utoipa::path(
    get,
    path = "/listings/{number}",
    operation_id = "listing_page",
    tag = "网页",
    summary = "许可页面",
    params(("number" = String, Path, description = "Any number of the listing: its id, application or publication number", example = "ZL202219900001.3")),
    responses(
        (status = OK, body = String, content_type = "text/html"),
        (status = NOT_FOUND, description = "No such listing is on offer", body = String, content_type = "text/html"),
    ),
)]
pub(in super::super) async fn show(
    State(context): State<Context>,
    number: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Ok(Path(number)) = number else { return missing() };
    let listing = match context.engine.listing(&number, (context.settings.clock)().today).await {
        Ok(listing) => listing,
        Err(EngineError::UnknownListing { .. }) => return missing(),
        Err(error) => return Err(Problem::of(&error, Language::Chinese)),
    };
    let path = path_of(&listing.id);
    let address = context.settings.public_url.as_ref().map(|site| format!("{site}{path}"));
    let view = View {
        title: &listing.patent.title,
        summary: summary(&listing),
        json_ld: json_ld::of(&listing, address.as_deref()),
        address: address.as_deref(),
        path: &path,
        terms: listing.terms.as_ref().map_or_else(Vec::new, |terms| of_terms(&listing, terms)),
        patent: of_patent(&listing, &listing.patent),
        abstract_text: &listing.patent.abstract_text,
        claim: &listing.patent.claim,
    };
    page(LISTING, view, HTML)
}

pub(super) fn missing() -> Result<Response, Problem> {
    Ok((StatusCode::NOT_FOUND, page(MISSING, (), HTML)?).into_response())
}

/// Who offers what, and what it costs, in one line.
fn summary(listing: &Listing) -> String {
    let holders = listing.patent.holders.join("、");
    let fee = listing.terms.as_ref().map_or_else(|| "无许可条件".to_owned(), |terms| terms.fee.describe());
    format!("{holders}　{fee}")
}

fn of_terms(listing: &Listing, terms: &LicenceTerms) -> Vec<(&'static str, String)> {
    let months = terms.months.map(|months| match (months / 12, months % 12) {
        (years, 0) => format!("{years} 年"),
        _ => format!("{months} 个月"),
    });
    let rows = [
        ("许可使用费", Some(terms.fee.describe())),
        ("单次许可期限", months),
        ("许可地域范围", Some(terms.territory.describe())),
        ("许可期限届满日", listing.available_until().map(|day| day.to_string())),
        ("联系方式", terms.contact.clone()),
        ("公告日期", listing.announced_on.map(|day| day.to_string())),
    ];
    given(rows)
}

fn of_patent(listing: &Listing, patent: &Patent) -> Vec<(&'static str, String)> {
    let symbols: Vec<&str> = patent.ipc.iter().map(|symbol| symbol.as_str()).collect();
    let rows = [
        ("专利号", patent.application_number.as_ref().map(|number| format!("ZL{number}"))),
        ("公告号", patent.publication_number.as_ref().map(ToString::to_string)),
        ("专利类型", patent.kind.map(|kind| kind.chinese().to_owned())),
        ("专利权人", Some(patent.holders.join("、"))),
        ("专利权人类型", listing.holder_kind.map(|kind| kind.chinese().to_owned())),
        ("所在地", patent.location.as_ref().map(|place| place.text.clone())),
        ("技术领域", patent.field().map(|field| TechnologyField::name(field).to_owned())),
        ("IPC 分类号", Some(symbols.join("、"))),
        ("申请日", patent.filed_on.map(|day| day.to_string())),
        ("授权公告日", patent.published_on.map(|day| day.to_string())),
    ];
    given(rows)
}

/// The rows that say something.
fn given<const N: usize>(rows: [(&'static str, Option<String>); N]) -> Vec<(&'static str, String)> {
    let said = rows.into_iter().filter_map(|(name, value)| Some((name, value?)));
    said.filter(|(_, value)| !value.trim().is_empty()).collect()
}
