//! The HTTP door: what is public (search, listings, classification, price guidance), and what is for accounts alone.
//!
//! In come requests, out go JSON answers, errors as problem details (RFC 9457) in Chinese, or English where the client
//! prefers it. `access` says which route is for whom and holds every request to it; what is whose, `domain` knows.
//! Everything is done by `engine`.

mod access;
mod atom;
mod campaign_messages;
mod campaigns;
mod classify;
mod enquiries;
mod enterprises;
mod health;
mod identity;
mod imports;
mod inbox;
mod licences;
mod limits;
mod listings;
mod lives;
mod needs;
mod once;
mod openapi;
mod pages;
mod pricing;
mod problem;
mod receivers;
mod reports;
mod search;
mod searches;
mod sender;
mod session;
mod sharing;
mod telemetry;
mod tokens;
mod upload;
mod users;
mod ways_in;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::domain::Moment;
use crate::engine::{Engine, Retention};
use limits::Limits;
use telemetry::Telemetry;

pub use access::{Access, ROUTES, Route};
pub use pages::site_of;
pub use problem::{Fault, Problem};
pub use ways_in::SIGN_ON_RETURN;

/// Longest an answer may wait for something; and how long requests under way may go on when told to stop.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The same where a large file is read over a slow line, a campaign is worked out or a report made.
const LONG_TIMEOUT: Duration = Duration::from_secs(600);
/// Where that is.
const LONG: [&str; 3] = ["/api/v1/imports", "/api/v1/campaigns", "/api/v1/reports"];
/// Most bytes of a request's body.
const LARGEST_BODY: usize = 1 << 20;
/// How often the server looks for steps that are due by themselves.
const HOUSEKEEPING: Duration = Duration::from_secs(3_600);
/// How often the server looks whether another process has changed the catalogue.
const REFRESH: Duration = Duration::from_millis(250);

/// How a server is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Tells the moment of each request, and with it the day on which listings must be on offer.
    pub clock: fn() -> Moment,
    /// Whether session cookies go over TLS alone. Browsers send those back over plain HTTP on the loopback address only.
    pub secure_cookies: bool,
    /// Whether a proxy in front names the client in `X-Forwarded-For`; otherwise anyone could, and is not believed.
    pub behind_proxy: bool,
    /// Most requests a minute of one address; `None` for no limit.
    pub requests_a_minute: Option<NonZeroU32>,
    /// The address that others reach this site by, without a slash at its end; pages are named to search engines by it.
    pub public_url: Option<String>,
    /// How long what firms did and asked is kept.
    pub retention: Retention,
}

impl Settings {
    /// A server for this machine alone.
    #[must_use]
    pub fn local(clock: fn() -> Moment) -> Self {
        Self {
            clock,
            secure_cookies: false,
            behind_proxy: false,
            requests_a_minute: None,
            public_url: None,
            retention: Retention::default(),
        }
    }
}

/// What handlers share.
#[derive(Clone)]
struct Context {
    engine: Arc<Engine>,
    settings: Settings,
    limits: Arc<Limits>,
    telemetry: Telemetry,
    /// Whose turn it is to have a file read.
    uploads: Arc<Semaphore>,
    written: Arc<openapi::Written>,
}

/// Every handler, with what it says of itself.
fn handlers() -> OpenApiRouter<Context> {
    OpenApiRouter::with_openapi(openapi::about())
        .routes(routes!(health::show))
        .routes(routes!(health::ready))
        .routes(routes!(telemetry::show))
        .routes(routes!(openapi::show))
        .routes(routes!(openapi::reference))
        .routes(routes!(search::show))
        .routes(routes!(sharing::listings, lives::submit))
        .routes(routes!(atom::show))
        .routes(routes!(listings::show))
        .routes(routes!(lives::show))
        .routes(routes!(lives::interest))
        .routes(routes!(lives::step))
        .routes(routes!(lives::holdings))
        .routes(routes!(lives::queue))
        .routes(routes!(lives::trail))
        .routes(routes!(enterprises::show, enterprises::edit))
        .routes(routes!(enterprises::recommendations))
        .routes(routes!(enterprises::hints))
        .routes(routes!(enterprises::push, enterprises::set_push))
        .routes(routes!(inbox::show, inbox::act, inbox::erase))
        .routes(routes!(receivers::show, receivers::set))
        .routes(routes!(imports::list, imports::import))
        .routes(routes!(imports::check))
        .routes(routes!(imports::marked))
        .routes(routes!(campaigns::list, campaigns::draft))
        .routes(routes!(campaigns::show, campaigns::edit))
        .routes(routes!(campaigns::copy))
        .routes(routes!(campaigns::step))
        .routes(routes!(campaigns::enterprises))
        .routes(routes!(campaign_messages::show))
        .routes(routes!(campaign_messages::results))
        .routes(routes!(campaign_messages::calls))
        .routes(routes!(reports::effect))
        .routes(routes!(enquiries::list, enquiries::ask))
        .routes(routes!(enquiries::show))
        .routes(routes!(enquiries::answer))
        .routes(routes!(licences::list, licences::take))
        .routes(routes!(licences::show))
        .routes(routes!(licences::contract))
        .routes(routes!(licences::step))
        .routes(routes!(searches::list, searches::save))
        .routes(routes!(searches::run, searches::forget))
        .routes(routes!(needs::list, needs::publish))
        .routes(routes!(needs::show, needs::close))
        .routes(routes!(needs::met))
        .routes(routes!(pages::listing::show))
        .routes(routes!(pages::links::follow))
        .routes(routes!(pages::links::ask, pages::links::opt_out))
        .routes(routes!(pages::sitemap::index))
        .routes(routes!(pages::sitemap::show))
        .routes(routes!(pages::sitemap::robots))
        .routes(routes!(classify::show))
        .routes(routes!(pricing::show))
        .routes(routes!(pricing::industries))
        .routes(routes!(session::show, session::sign_in, session::sign_out))
        .routes(routes!(session::change_password))
        .routes(routes!(session::sign_up))
        .routes(routes!(ways_in::email, ways_in::set_email))
        .routes(routes!(ways_in::ask_for_reset, ways_in::reset))
        .routes(routes!(ways_in::begin_sign_on))
        .routes(routes!(ways_in::finish_sign_on))
        .routes(routes!(ways_in::link_sign_on))
        .routes(routes!(tokens::list, tokens::give))
        .routes(routes!(tokens::revoke))
        .routes(routes!(users::list, users::add))
        .routes(routes!(users::step))
        .routes(routes!(users::set_password))
}

/// All routes over one engine; [`ROUTES`] says for whom each is.
pub fn router(engine: Arc<Engine>, settings: Settings) -> Router {
    let (routes, document) = handlers().split_for_parts();
    let limits = Arc::new(Limits::new(settings.requests_a_minute));
    let uploads = Arc::new(Semaphore::new(1));
    let written = Arc::new(openapi::Written::of(document));
    let context = Context { engine, settings, limits, telemetry: Telemetry::new(), uploads, written };
    routes
        .route_layer(middleware::from_fn_with_state(context.clone(), access::guard))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .fallback(problem::no_such_page)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn(within_time))
        .layer(CatchPanicLayer::custom(|_| problem::unexpected()))
        .layer(middleware::from_fn(with_safe_headers))
        .layer(middleware::from_fn_with_state(context.clone(), telemetry::observe))
        .with_state(context)
}

/// Serves until told to stop (Ctrl-C or SIGTERM), then finishes the requests under way, for half a minute at most.
///
/// # Errors
/// What listening or accepting fails with.
pub async fn serve(listener: TcpListener, engine: Arc<Engine>, settings: Settings) -> std::io::Result<()> {
    let watcher = tokio::spawn(watch(Arc::clone(&engine)));
    let keeper = tokio::spawn(keep_house(Arc::clone(&engine), settings.clock, settings.retention));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let sender = tokio::spawn(sender::send(Arc::clone(&engine), settings.clock, stopped.clone()));
    let mut asked = stopped.clone();
    let service = router(engine, settings).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
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
    // What is on its way is waited for, or it would be sent again.
    _ = tokio::time::timeout(TIMEOUT, sender).await;
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

/// Takes the steps that are due by themselves, such as suspending offers that have ended, and forgets what has been kept
/// long enough: at once, then every hour.
async fn keep_house(engine: Arc<Engine>, clock: fn() -> Moment, retention: Retention) {
    loop {
        match engine.settle(clock()).await {
            Ok(settled) => tracing::info!(?settled, "took the steps that were due"),
            Err(error) => tracing::warn!(%error, "cannot take the steps that are due; another try in an hour"),
        }
        if let Err(error) = engine.end_licences(clock()).await {
            tracing::warn!(%error, "cannot end licences that have run out; another try in an hour");
        }
        let now = clock().now;
        match engine.forget(retention, now).await {
            Ok(forgotten) => tracing::info!(?forgotten, "forgot what has been kept long enough"),
            Err(error) => {
                tracing::warn!(%error, "cannot forget what has been kept long enough; another try in an hour")
            }
        }
        let forgotten = match engine.forget_ended_sessions(now).await {
            Ok(_) => engine.forget_old_answers(now).await,
            failed => failed,
        };
        if let Err(error) = forgotten {
            tracing::warn!(%error, "cannot forget sessions and answers that have ended; another try in an hour");
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

/// Answers in time or says that it could not.
async fn within_time(request: Request, next: Next) -> Response {
    let language = problem::language(request.headers());
    let is_long = LONG.iter().any(|path| request.uri().path().starts_with(path));
    let patience = if is_long { LONG_TIMEOUT } else { TIMEOUT };
    let answered = tokio::time::timeout(patience, next.run(request)).await;
    answered.unwrap_or_else(|_| problem::timed_out(language).into_response())
}

async fn with_safe_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}
