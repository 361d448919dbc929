//! The HTTP door as clients use it: by session or token, with bodies.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, header};
use duijie::domain::Role;
use duijie::engine::Engine;
use duijie::http::{Settings, router};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::fixtures::{Catalogue, settings, token_of};

/// The sample behind the router.
pub(crate) struct Api {
    pub(crate) engine: Arc<Engine>,
    pub(crate) router: Router,
    _directory: TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The body, having made sure of the status.
    pub(crate) fn of(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }

    /// The last word of the problem's type, having made sure of the status.
    pub(crate) fn problem(&self, status: u16) -> String {
        let body = self.of(status);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        body["type"].as_str().unwrap().rsplit(':').next().unwrap().to_owned()
    }
}

/// Who asks: headers that say so.
#[derive(Clone, Default)]
pub(crate) struct Client {
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Api {
    pub(crate) async fn of_the_sample() -> Self {
        Self::with(settings()).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self::prepared(settings, |_| ()).await
    }

    /// With an engine made ready for service.
    pub(crate) async fn prepared(settings: Settings, prepare: impl FnOnce(&mut Engine)) -> Self {
        let Catalogue { mut engine, directory } = Catalogue::of_the_sample().await;
        prepare(&mut engine);
        let engine = Arc::new(engine);
        Self { router: router(Arc::clone(&engine), settings), engine, _directory: directory }
    }

    /// A new account of a role, by token.
    pub(crate) async fn client(&self, role: Role, name: &str) -> Client {
        Client { headers: vec![("authorization", token_of(&self.engine, role, name).await)] }
    }

    /// A session of an account that is there.
    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Client {
        let body = serde_json::json!({ "login": login, "password": password });
        let answer = self.post(&Client::default(), "/api/v1/session", &body).await;
        let proof = answer.of(200)["csrf_token"].as_str().unwrap().to_owned();
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        Client { headers: vec![("cookie", cookie), ("x-csrf-token", proof)] }
    }

    pub(crate) async fn ask(&self, client: &Client, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &client.headers {
            request = request.header(*name, value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes: to_bytes(body, 10 << 20).await.unwrap() }
    }

    /// A body of any kind.
    pub(crate) async fn send(&self, client: &Client, path: &str, kind: &str, bytes: Vec<u8>) -> Answer {
        let mut request = Request::builder().method("POST").uri(path).header("content-type", kind);
        for (name, value) in &client.headers {
            request = request.header(*name, value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(bytes)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes: to_bytes(body, 10 << 20).await.unwrap() }
    }

    pub(crate) async fn get(&self, client: &Client, path: &str) -> Answer {
        self.ask(client, "GET", path, None).await
    }

    pub(crate) async fn post(&self, client: &Client, path: &str, body: &Value) -> Answer {
        self.ask(client, "POST", path, Some(body)).await
    }
}
