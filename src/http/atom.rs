//! Newest listings as an Atom feed (RFC 4287), for readers and platforms that take feeds.

use atom_syndication::{Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::Context;
use super::problem::{self, Problem};
use super::{pages, sharing};
use crate::domain::{Date, Listing};

/// How many changes are looked back on; those that took a listing away show nothing.
const CHANGES: i64 = 200;
const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

/// The listings changed last that are on offer, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/listings.atom",
    operation_id = "atom",
    tag = "公开信息",
    summary = "Atom 订阅：最新的许可",
    responses(
        (status = OK, body = String, content_type = "application/atom+xml"),
        (status = NOT_MODIFIED, description = "Nothing has changed since the answer of this entity tag"),
    ),
)]
pub(super) async fn show(State(context): State<Context>, headers: HeaderMap) -> Result<Response, Problem> {
    let failed = |error| Problem::of(&error, problem::language(&headers));
    let today = (context.settings.clock)().today;
    let latest = context.engine.latest_place().await.map_err(failed)?;
    let tag = format!("\"atom-{latest}-{today}\"");
    if sharing::is_known(&headers, &tag) {
        return Ok(sharing::tagged(StatusCode::NOT_MODIFIED.into_response(), &tag));
    }
    let limit = usize::try_from(CHANGES).unwrap_or_default();
    let page = context.engine.shared_listings((latest - CHANGES).max(0), limit, today).await.map_err(failed)?;
    let newest = page.listings.into_iter().rev().filter_map(|shared| shared.listing);
    let entries: Vec<Entry> = newest.map(|listing| entry(&listing, today)).collect();
    let updated = entries.iter().map(|entry| entry.updated).max();
    let feed = Feed {
        title: Text::plain("专利开放许可：最新"),
        id: "urn:duijie:listings".to_owned(),
        updated: updated.unwrap_or_else(|| moment(today)),
        authors: vec![Person { name: "duijie 对接".to_owned(), ..Person::default() }],
        links: vec![link("self", "/api/v1/listings.atom")],
        generator: Some(Generator { value: "duijie".to_owned(), ..Generator::default() }),
        lang: Some("zh-CN".to_owned()),
        entries,
        ..Feed::default()
    };
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE))];
    Ok(sharing::tagged((kind, feed.to_string()).into_response(), &tag))
}

fn entry(listing: &Listing, today: Date) -> Entry {
    let holders = &listing.patent.holders;
    let fee = listing.terms.as_ref().map(|terms| format!("许可使用费：{}", terms.fee.describe()));
    let told = [Some(format!("专利权人：{}", holders.join("、"))), fee].into_iter().flatten();
    Entry {
        title: Text::plain(listing.patent.title.clone()),
        id: format!("urn:duijie:listing:{}", listing.id),
        updated: moment(listing.announced_on.unwrap_or(today)),
        authors: holders.iter().map(|name| Person { name: name.clone(), ..Person::default() }).collect(),
        links: vec![link("alternate", &pages::path_of(&listing.id))],
        summary: Some(Text::plain(told.collect::<Vec<_>>().join("；"))),
        ..Entry::default()
    }
}

fn link(rel: &str, href: &str) -> Link {
    Link { rel: rel.to_owned(), href: href.to_owned(), ..Link::default() }
}

/// The beginning of a day in China.
fn moment(day: Date) -> FixedDateTime {
    format!("{day}T00:00:00+08:00").parse().unwrap_or_default()
}
