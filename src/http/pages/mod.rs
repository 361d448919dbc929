//! Public pages: one listing to read, and what search engines go by.
//!
//! Text is escaped by the templates; nothing is fetched from elsewhere and nothing runs.

mod json_ld;
pub(super) mod links;
pub(super) mod listing;
pub(super) mod sitemap;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use minijinja::Environment;
use serde::Serialize;

use super::problem::{self, Problem};
use crate::domain::{Language, ListingId};

/// A template filled in, as a page of a media type. The template's name says by its ending how text is escaped.
fn page((name, source): (&str, &str), view: impl Serialize, media_type: &'static str) -> Result<Response, Problem> {
    let written = Environment::new().render_named_str(name, source, view);
    let written = written.map_err(|error| {
        tracing::error!(error = %problem::causes(&error), name, "a page cannot be written");
        problem::internal(Language::Chinese)
    })?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(media_type))], written).into_response())
}

/// A site's address without the slash at its end; `None` for what is none, or more than one.
#[must_use]
pub fn site_of(text: &str) -> Option<String> {
    let site = url::Url::parse(text.trim_end_matches('/')).ok()?;
    let is_bare = site.username().is_empty() && site.query().is_none() && site.fragment().is_none();
    let is_site = matches!(site.scheme(), "http" | "https") && site.host().is_some() && is_bare;
    is_site.then(|| site.as_str().trim_end_matches('/').to_owned())
}

/// Where the page of a listing is, behind the site's address.
pub(super) fn path_of(id: &ListingId) -> String {
    let Ok(mut site) = url::Url::parse("http://site/listings") else { return String::new() };
    if let Ok(mut parts) = site.path_segments_mut() {
        parts.push(id.as_str());
    }
    site.path().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_an_address_and_nothing_more() {
        assert_eq!(site_of("https://duijie.example.cn/").as_deref(), Some("https://duijie.example.cn"));
        assert_eq!(site_of("http://127.0.0.1:8080").as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(site_of("https://a.example/对接/").as_deref(), Some("https://a.example/%E5%AF%B9%E6%8E%A5"));
        for odd in [
            "",
            "duijie.example.cn",
            "ftp://a.example",
            "https://u:p@a.example",
            "https://a.example/?x",
            "https://a.example/#x",
        ] {
            assert_eq!(site_of(odd), None, "{odd}");
        }
    }

    #[test]
    fn an_id_is_one_part_of_an_address_whatever_it_holds() {
        let path = |id: &str| path_of(&id.parse().unwrap());
        assert_eq!(path("202219900001.3"), "/listings/202219900001.3");
        assert_eq!(path("样例"), "/listings/%E6%A0%B7%E4%BE%8B");
    }
}
