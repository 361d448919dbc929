//! Errors as problem details (RFC 9457).

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::domain::{
    AccessRefusal, CampaignRefusal, DeliveryRefusal, DemandRefusal, EnquiryRefusal, Language, LicenceRefusal,
    LifeRefusal, Notice, SavedSearchRefusal,
};
use crate::engine::{self, AccountError, EngineError};

/// What errors are written as.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// An error as a client is told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem, as a name that stays.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What failed, on what, and what to do.
    pub detail: String,
    /// Everything that is wrong with the object sent, one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
}

/// One thing that is wrong with an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    /// Which member, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// What, as a word that stays.
    pub code: String,
    /// What is wrong and what to do.
    pub detail: String,
}

impl Problem {
    fn new(status: StatusCode, kind: &str, detail: String) -> Self {
        let title = status.canonical_reason().unwrap_or_default().to_owned();
        Self { kind: format!("urn:duijie:problem:{kind}"), title, status: status.as_u16(), detail, errors: Vec::new() }
    }

    /// A request that cannot be understood.
    pub(super) fn bad_request(detail: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// What the engine failed with, in the client's language. Faults of ours are logged and told without their inside.
    pub(super) fn of(error: &EngineError, language: Language) -> Self {
        let (status, kind) = match error {
            EngineError::UnknownListing { .. } => (StatusCode::NOT_FOUND, "unknown-listing"),
            EngineError::UnknownEnterprise { .. } => (StatusCode::NOT_FOUND, "unknown-enterprise"),
            EngineError::AmbiguousEnterprise { .. } => (StatusCode::CONFLICT, "ambiguous-enterprise"),
            EngineError::Refused(_) | EngineError::Price(_) => (StatusCode::BAD_REQUEST, "bad-request"),
            EngineError::UnknownPlace { .. } => (StatusCode::CONFLICT, "unknown-place"),
            EngineError::Life(refusal) => (of_life(refusal), refusal.code()),
            EngineError::Access(refusal) => (of_access(refusal), refusal.code()),
            EngineError::Account(refusal) if refusal.code() != "internal" => (of_account(refusal), refusal.code()),
            EngineError::Licence(refusal) => (of_licence(refusal), refusal.code()),
            EngineError::Enquiry(refusal) => (of_enquiry(refusal), refusal.code()),
            EngineError::Saved(refusal) => (of_saved(refusal), refusal.code()),
            EngineError::Demand(refusal) => (of_demand(refusal), refusal.code()),
            EngineError::Period(_) => (StatusCode::BAD_REQUEST, "bad-request"),
            EngineError::Campaign(refusal) => (of_campaign(refusal), refusal.code()),
            EngineError::Ingest(_) if error.is_of_the_file() => (StatusCode::UNPROCESSABLE_ENTITY, "unreadable-file"),
            EngineError::Delivery(DeliveryRefusal::Unknown { .. }) => (StatusCode::NOT_FOUND, "unknown-message"),
            EngineError::Delivery(DeliveryRefusal::Receiver) => (StatusCode::UNPROCESSABLE_ENTITY, "receiver"),
            EngineError::Delivery(_) => (StatusCode::CONFLICT, "not-delivered"),
            EngineError::Rows(_) => (StatusCode::UNPROCESSABLE_ENTITY, "refused"),
            error if error.is_busy() => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            EngineError::EmptyProfile { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "empty-profile"),
            _ => {
                tracing::error!(error = %causes(error), "request failed");
                return internal(language);
            }
        };
        // Which enterprises there are is not for anyone to list.
        let detail = match error {
            EngineError::AmbiguousEnterprise { .. } => say(
                language,
                "有多家企业与此名称相符：请用全称或统一社会信用代码",
                "several enterprises fit this name: give a full name or a credit code",
            ),
            _ => error.notice(language),
        };
        let errors = match error {
            EngineError::Rows(refused) => refused.0.iter().map(|problem| Fault::of(problem, language)).collect(),
            _ => Vec::new(),
        };
        Self { errors, ..Self::new(status, kind, detail) }
    }
}

impl Fault {
    fn of(problem: &engine::Problem, language: Language) -> Self {
        let detail = match language {
            Language::Chinese => &problem.message,
            Language::English => &problem.message_en,
        };
        Self { member: problem.column.clone(), code: problem.code.clone(), detail: detail.clone() }
    }
}

fn of_life(refusal: &LifeRefusal) -> StatusCode {
    match refusal {
        LifeRefusal::NotYours { .. } | LifeRefusal::NotTheHolder { .. } => StatusCode::FORBIDDEN,
        LifeRefusal::NoReason { .. } | LifeRefusal::NoEvidence { .. } | LifeRefusal::Incomplete { .. } => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        _ => StatusCode::CONFLICT,
    }
}

fn of_licence(refusal: &LicenceRefusal) -> StatusCode {
    match refusal {
        LicenceRefusal::Unknown { .. } => StatusCode::NOT_FOUND,
        LicenceRefusal::NotYours { .. } => StatusCode::FORBIDDEN,
        LicenceRefusal::NoText { .. } | LicenceRefusal::NoClaim { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

fn of_enquiry(refusal: &EnquiryRefusal) -> StatusCode {
    match refusal {
        EnquiryRefusal::Unknown { .. } => StatusCode::NOT_FOUND,
        EnquiryRefusal::Answered { .. } => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn of_saved(refusal: &SavedSearchRefusal) -> StatusCode {
    match refusal {
        SavedSearchRefusal::Unknown { .. } => StatusCode::NOT_FOUND,
        SavedSearchRefusal::TooMany => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn of_demand(refusal: &DemandRefusal) -> StatusCode {
    match refusal {
        DemandRefusal::Unknown { .. } => StatusCode::NOT_FOUND,
        DemandRefusal::TooMany => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn of_campaign(refusal: &CampaignRefusal) -> StatusCode {
    match refusal {
        CampaignRefusal::Unknown { .. } => StatusCode::NOT_FOUND,
        CampaignRefusal::State { .. } | CampaignRefusal::Changed { .. } | CampaignRefusal::NoMail { .. } => {
            StatusCode::CONFLICT
        }
        CampaignRefusal::SameHands { .. } => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn of_access(refusal: &AccessRefusal) -> StatusCode {
    match refusal {
        AccessRefusal::Anonymous | AccessRefusal::Ended => StatusCode::UNAUTHORIZED,
        AccessRefusal::NotYours => StatusCode::NOT_FOUND,
        _ => StatusCode::FORBIDDEN,
    }
}

fn of_account(refusal: &AccountError) -> StatusCode {
    match refusal {
        AccountError::SignIn | AccountError::SignOn => StatusCode::UNAUTHORIZED,
        AccountError::Unknown { .. }
        | AccountError::UnknownToken { .. }
        | AccountError::NoMail
        | AccountError::NoSignOn => StatusCode::NOT_FOUND,
        AccountError::Taken { .. } | AccountError::State { .. } => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let media_type = HeaderValue::from_static(MEDIA_TYPE);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, media_type);
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"duijie\""));
        }
        response
    }
}

/// Too many requests: when to ask again.
pub(super) fn too_many(seconds: u64, language: Language) -> Response {
    let detail = match language {
        Language::Chinese => format!("请求过于频繁：请在 {seconds} 秒后重试"),
        Language::English => format!("too many requests: try again in {seconds} seconds"),
    };
    let mut response = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// A file beyond what is taken.
pub(super) fn file_too_large(most: usize, language: Language) -> Problem {
    let most = most >> 20;
    let detail = match language {
        Language::Chinese => format!("文件过大：至多 {most} MB，请拆分后分次导入"),
        Language::English => format!("the file is too large: at most {most} MB; split it"),
    };
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
}

/// A body that ended before its time.
pub(super) fn broken_off(language: Language) -> Problem {
    Problem::bad_request(say(language, "文件没有传完：请重新上传", "the file broke off: send it again"))
}

/// A body of another kind than is taken.
pub(super) fn wrong_type(language: Language) -> Problem {
    let detail = say(
        language,
        "文件应以 application/octet-stream 上传，内容即文件本身",
        "send the file itself as application/octet-stream",
    );
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type", detail)
}

/// What needs the site's own address.
pub(super) fn no_public_address(language: Language) -> Problem {
    let detail = say(
        language,
        "本站尚未设定对外地址（serve --public-url），没有站点地图",
        "this site's own address is not set (serve --public-url), so there is no sitemap",
    );
    Problem::new(StatusCode::NOT_FOUND, "no-public-address", detail)
}

/// An answer that took too long.
pub(super) fn timed_out(language: Language) -> Problem {
    let detail = say(language, "处理超时：请稍后重试", "this took too long: try again later");
    Problem::new(StatusCode::GATEWAY_TIMEOUT, "timed-out", detail)
}

/// A fault of ours, told without its inside.
pub(super) fn internal(language: Language) -> Problem {
    let detail = say(
        language,
        "服务器内部错误，请稍后重试或联系运营人员",
        "the server failed; try again later or tell the operator",
    );
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
}

/// A body beyond what is taken.
pub(super) fn too_large(language: Language) -> Problem {
    let detail = say(language, "请求内容过大或未传完", "the request's body is too large, or broke off");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
}

/// The same request is under way.
pub(super) fn running(language: Language) -> Problem {
    let detail =
        say(language, "相同的请求正在处理：请稍后重试", "the same request is under way: try again in a moment");
    Problem::new(StatusCode::CONFLICT, "under-way", detail)
}

/// A key that stands for another request.
pub(super) fn key_reused(language: Language) -> Problem {
    let detail = say(
        language,
        "该 Idempotency-Key 已用于另一请求：请换一个",
        "this Idempotency-Key stands for another request: use a new one",
    );
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused", detail)
}

/// A limit that is from 1 to `most`.
pub(super) fn within(limit: usize, most: usize, language: Language) -> Result<usize, Problem> {
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::bad_request(match language {
        Language::Chinese => format!("limit 应为 1 至 {most}"),
        Language::English => format!("limit must be 1 to {most}"),
    }))
}

/// One of two texts, by language.
pub(super) fn say(language: Language, chinese: &str, english: &str) -> String {
    match language {
        Language::Chinese => chinese.to_owned(),
        Language::English => english.to_owned(),
    }
}

/// Query parameters that cannot be understood.
pub(super) fn of_query(rejection: &QueryRejection, language: Language) -> Problem {
    let what = say(language, "查询参数有误", "the query parameters cannot be read");
    Problem::bad_request(format!("{what}: {}", rejection.body_text()))
}

/// A body that cannot be understood.
fn of_body(fault: &str, status: StatusCode, language: Language) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        let detail = say(language, "请求内容过大：至多 1 MB", "the body is too large: at most 1 MB");
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail);
    }
    let what = say(
        language,
        "请求内容应为 JSON 对象（Content-Type: application/json）",
        "the body must be a JSON object (Content-Type: application/json)",
    );
    Problem::bad_request(format!("{what}: {fault}"))
}

/// What a body says, which must be a JSON object: serde alone would take an array for the fields in their order.
pub(super) fn read_body<T: DeserializeOwned>(
    body: Result<Json<Map<String, Value>>, JsonRejection>,
    language: Language,
) -> Result<T, Problem> {
    let Json(object) = body.map_err(|rejection| of_body(&rejection.body_text(), rejection.status(), language))?;
    let read = serde_json::from_value(Value::Object(object));
    read.map_err(|error| of_body(&error.to_string(), StatusCode::BAD_REQUEST, language))
}

/// An address that is no text.
pub(super) fn of_path(_: &PathRejection, language: Language) -> Problem {
    Problem::bad_request(say(
        language,
        "地址中的名称不是有效的 UTF-8 文本",
        "the name in the address is not UTF-8 text",
    ))
}

/// An error with all that caused it, on one line.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The language a client prefers: Chinese, unless its first choice is English.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let first = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    if first.is_some_and(|text| text.trim_start().to_ascii_lowercase().starts_with("en")) {
        Language::English
    } else {
        Language::Chinese
    }
}

pub(super) async fn no_such_page(headers: HeaderMap) -> Problem {
    let detail = say(language(&headers), "没有这个地址，接口见 README", "no such address; see the README");
    Problem::new(StatusCode::NOT_FOUND, "no-such-page", detail)
}

pub(super) async fn no_such_method(headers: HeaderMap) -> Problem {
    let detail = say(
        language(&headers),
        "该地址不接受这种请求方法，接口见 README",
        "this address does not take that method; see the README",
    );
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "no-such-method", detail)
}

/// The answer where a handler has panicked.
pub(super) fn unexpected() -> Response {
    tracing::error!("a request handler panicked");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "服务器内部错误，请联系运营人员".to_owned())
        .into_response()
}
