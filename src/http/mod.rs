//! The HTTP door: search, one listing, published listings for partners, recommendations, classification, price guidance,
//! health.
//!
//! In come requests, out go JSON answers, errors as problem details (RFC 9457) in Chinese, or English where the client
//! prefers it. Everything is done by `engine`; nothing here decides what may be shown. There are no accounts yet, so the
//! server belongs on the loopback address or behind something that checks who asks.

mod classify;
mod enterprises;
mod health;
mod listings;
mod pricing;
mod problem;
mod search;
mod sharing;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::domain::{Date, Moment};
use crate::engine::{self, Engine};

pub use problem::Problem;

/// Longest an answer may wait for something; and how long requests under way may go on when told to stop.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Most bytes of a request's body.
const LARGEST_BODY: usize = 1 << 20;
/// How often the server looks for steps that are due by themselves.
const HOUSEKEEPING: Duration = Duration::from_secs(3_600);
/// How often the server looks whether another process has changed the catalogue.
const REFRESH: Duration = Duration::from_millis(250);

/// What handlers share.
#[derive(Clone)]
struct Context {
    engine: Arc<Engine>,
    /// The day on which listings must be on offer.
    today: fn() -> Date,
}

/// All routes over one engine; `today` tells the day at each request.
pub fn router(engine: Arc<Engine>, today: fn() -> Date) -> Router {
    Router::new()
        .route("/healthz", get(health::show))
        .route("/api/v1/search", get(search::show))
        .route("/readyz", get(health::ready))
        .route("/api/v1/listings", get(sharing::listings))
        .route("/api/v1/listings/{number}", get(listings::show))
        .route("/api/v1/enterprises/{name}/recommendations", get(enterprises::recommendations))
        .route("/api/v1/classify", post(classify::show))
        .route("/api/v1/pricing", post(pricing::show))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .fallback(problem::no_such_page)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, TIMEOUT))
        .layer(CatchPanicLayer::custom(|_| problem::unexpected()))
        // Paths name enterprises, so a log line carries the method and the status only.
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(|request: &Request| tracing::info_span!("request", method = %request.method())),
        )
        .layer(middleware::from_fn(with_safe_headers))
        .with_state(Context { engine, today })
}

/// Serves until told to stop (Ctrl-C or SIGTERM), then finishes the requests under way, for half a minute at most.
///
/// # Errors
/// What listening or accepting fails with.
pub async fn serve(listener: TcpListener, engine: Arc<Engine>, today: fn() -> Date) -> std::io::Result<()> {
    let watcher = tokio::spawn(watch(Arc::clone(&engine)));
    let keeper = tokio::spawn(keep_house(Arc::clone(&engine), today));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut asked = stopped.clone();
    let server = axum::serve(listener, router(engine, today)).with_graceful_shutdown(async move {
        told_to_stop().await;
        _ = stop.send(true);
    });
    // A client that never finishes its request must not keep the server alive.
    let patience = async move {
        drop(asked.wait_for(|asked| *asked).await);
        tokio::time::sleep(TIMEOUT).await;
    };
    let served = tokio::select! {
        served = server => served,
        () = patience => Ok(()),
    };
    watcher.abort();
    keeper.abort();
    served
}

/// Whether an address can be reached from this machine only.
#[must_use]
pub fn is_private(address: SocketAddr) -> bool {
    address.ip().is_loopback()
}

async fn watch(engine: Arc<Engine>) {
    loop {
        if let Err(error) = engine.refresh_if_changed().await {
            tracing::warn!(%error, "cannot look for changes of the catalogue");
        }
        tokio::time::sleep(REFRESH).await;
    }
}

/// Takes the steps that are due by themselves, such as suspending offers that have ended: at once, then every hour.
async fn keep_house(engine: Arc<Engine>, today: fn() -> Date) {
    loop {
        match engine.settle(Moment { today: today(), now: engine::now() }).await {
            Ok(settled) => tracing::info!(?settled, "took the steps that were due"),
            Err(error) => tracing::warn!(%error, "cannot take the steps that are due; another try in an hour"),
        }
        tokio::time::sleep(HOUSEKEEPING).await;
    }
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    drop(interrupt.await);
}

async fn with_safe_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    );
    response
}
