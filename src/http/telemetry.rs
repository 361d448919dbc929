//! What an operator sees of a running server: a log line and a measurement for every request, none with personal data.
//!
//! Addresses name enterprises, so logs and measurements carry the route (`/api/v1/enterprises/{name}`), never the address. A
//! request has an id, the client's or a new one, which comes back in `X-Request-Id` and stands in every line of its log.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tracing::Instrument;

use super::Context;
use super::problem::{self, Problem};

const ID: HeaderName = HeaderName::from_static("x-request-id");
/// Upper bounds of the histogram of durations, in seconds.
const SECONDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: String,
    route: String,
}

#[derive(Clone)]
struct Durations;

impl MetricConstructor<Histogram> for Durations {
    fn new_metric(&self) -> Histogram {
        Histogram::new(SECONDS)
    }
}

/// What is measured.
#[derive(Clone)]
pub(super) struct Telemetry {
    answered: Family<Answered, Counter>,
    seconds: Family<Asked, Histogram, Durations>,
}

impl Telemetry {
    pub(super) fn new() -> Self {
        Self { answered: Family::default(), seconds: Family::new_with_constructor(Durations) }
    }
}

/// Hands a request on, and keeps how it went.
pub(super) async fn observe(State(context): State<Context>, mut request: Request, next: Next) -> Response {
    let (id, begun) = (id_of(request.headers()), Instant::now());
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = request.method().as_str().to_owned();
    if let Ok(value) = HeaderValue::from_str(&id) {
        request.headers_mut().insert(ID, value);
    }
    let span = tracing::info_span!("request", id, method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, seconds) = (response.status().as_u16(), begun.elapsed().as_secs_f64());
    span.in_scope(|| tracing::info!(status, seconds, "answered"));
    let telemetry = &context.telemetry;
    telemetry.seconds.get_or_create(&Asked { method: method.clone(), route: route.clone() }).observe(seconds);
    telemetry.answered.get_or_create(&Answered { method, route, status }).inc();
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(ID, value);
    }
    response
}

/// The client's id, if it is one that can stand in a log; else a new one.
fn id_of(headers: &HeaderMap) -> String {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let given = headers.get(ID).and_then(|value| value.to_str().ok());
    let given = given.filter(|id| (1..=64).contains(&id.len()) && id.chars().all(is_fit));
    given.map_or_else(|| format!("{:016x}", getrandom::u64().unwrap_or_default()), str::to_owned)
}

/// Everything measured, and what the server holds, in Prometheus' text form.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    tag = "运行",
    summary = "监测指标",
    responses((status = OK, body = String, content_type = "application/openmetrics-text")),
)]
pub(super) async fn show(State(context): State<Context>, headers: HeaderMap) -> Result<Response, Problem> {
    let failed = |error| Problem::of(&error, problem::language(&headers));
    let (listings, enterprises) = context.engine.counts().await.map_err(failed)?;
    let behind = context.engine.changes_behind().await.map_err(failed)?;
    let mut registry = Registry::with_prefix("duijie");
    let telemetry = &context.telemetry;
    registry.register("http_requests", "Requests answered", telemetry.answered.clone());
    registry.register("http_request_seconds", "How long answers took", telemetry.seconds.clone());
    for (name, help, count) in [
        ("listings", "Listings in the record", listings),
        ("enterprises", "Enterprises in the record", enterprises),
        ("index_changes_behind", "Changed listings the index does not show yet", behind),
    ] {
        let gauge = Gauge::<i64>::default();
        gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        registry.register(name, help, gauge);
    }
    let mut text = String::new();
    if encode(&mut text, &registry).is_err() {
        return Ok(problem::unexpected());
    }
    let form = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, form)], text).into_response())
}
