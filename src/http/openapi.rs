//! The interface's own description (OpenAPI 3.1), drawn from the handlers, and a page to read it on.
//!
//! The handlers say what they take and give; what holds for all of them (who may, what errors look like, idempotency
//! keys) is added here from the tables that the guard itself goes by.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, Object, OpenApi as Document, Ref, RefOr, Required, ResponseBuilder, Type,
};
use utoipa_scalar::Scalar;

use super::access::{Access, ROUTES, Route};
use super::once::{CREATING, KEY, LONGEST};
use super::problem::{MEDIA_TYPE, Problem};
use super::{Context, identity};
use crate::domain::Role;

/// Scalar's page as published on npm, pinned: the digest is that of its file, and a browser takes no other.
const SCALAR: &str = "https://cdn.jsdelivr.net/npm/@scalar/api-reference@1.46.4/dist/browser/standalone.js";
const SCALAR_DIGEST: &str = "sha384-BbTs28WithFYxTDCiH0YPK5tv3MflhBVpABoMjfb9UqXa/hegSE9I4THoddKejMF";
/// The reader fetches its program from the network and asks this server alone; nothing else of ours is let do so.
const POLICY: &str = "default-src 'none'; script-src https://cdn.jsdelivr.net; style-src 'unsafe-inline'; \
                      img-src data:; font-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "duijie 对接",
        description = "专利开放许可的检索、推荐、审核、许可与共享接口。\n\n\
            - 身份：浏览器以 `POST /api/v1/session` 登录，修改类请求须随附 `X-CSRF-Token`；程序使用令牌 `Authorization: Bearer …`。\n\
            - 错误：一律为 RFC 9457 的 `application/problem+json`，`type` 不变，可供程序判断；`Accept-Language: en` 时为英文。\n\
            - 分页：答复中的 `next` 即下一页的起点，最后一页没有。\n\
            - 金额以分为单位，时刻为1970-01-01 UTC 起的秒数，日期如 `2019-07-09`。"
    ),
    components(schemas(Problem))
)]
struct About;

/// What the handlers' own descriptions begin with.
pub(super) fn about() -> Document {
    About::openapi()
}

/// The description and the page, as they are served.
pub(super) struct Written {
    json: String,
    page: String,
}

impl Written {
    /// Completes what the handlers say of themselves.
    pub(super) fn of(mut document: Document) -> Self {
        security_schemes(document.components.get_or_insert_with(Components::new));
        for route in ROUTES {
            if let Some(item) = document.paths.paths.get_mut(route.path)
                && let Some(operation) = operation_of(item, route.method)
            {
                complete(operation, route);
            }
        }
        // Such a document can always be written: it has no keys but texts and no numbers that are not finite.
        let json = document.to_pretty_json().unwrap_or_default();
        Self { page: page(document), json }
    }
}

fn operation_of<'item>(item: &'item mut PathItem, method: &str) -> Option<&'item mut Operation> {
    match method {
        "GET" => item.get.as_mut(),
        "POST" => item.post.as_mut(),
        "PUT" => item.put.as_mut(),
        "DELETE" => item.delete.as_mut(),
        _ => None,
    }
}

fn security_schemes(components: &mut Components) {
    let key = |name: &str, says: &str| ApiKeyValue::with_description(name, says);
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.description = Some("令牌，见 `POST /api/v1/tokens`".to_owned());
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    let session = ApiKey::Cookie(key(identity::COOKIE, "登录后的会话"));
    components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    let proof = ApiKey::Header(key(identity::PROOF.as_str(), "登录答复中的 `csrf_token`"));
    components.add_security_scheme("proof", SecurityScheme::ApiKey(proof));
}

/// Adds who may, how errors look, and the key under which a request that creates can be sent again.
fn complete(operation: &mut Operation, route: &Route) {
    operation.security = match route.access {
        Access::Anyone | Access::Newcomer => None,
        Access::Session => Some(vec![by_session(route)]),
        Access::Account | Access::May(_) => Some(vec![bare("token"), by_session(route)]),
    };
    let who = format!("可用者：{}。", who(route.access));
    let said = operation.description.take().into_iter().filter(|said| !said.is_empty());
    operation.description = Some(said.chain([who]).collect::<Vec<_>>().join("\n\n"));
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let failed = ResponseBuilder::new().description("未成功").content(MEDIA_TYPE, problem).build();
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            "成功".clone_into(&mut response.description);
        }
    }
    operation.responses.responses.insert("default".to_owned(), RefOr::T(failed));
    if route.method == "POST" && CREATING.contains(&route.path) {
        operation.parameters.get_or_insert_default().push(RefOr::T(idempotency_key()));
    }
}

fn bare(name: &str) -> SecurityRequirement {
    SecurityRequirement::new(name, [""; 0])
}

fn by_session(route: &Route) -> SecurityRequirement {
    let session = bare("session");
    if route.method == "GET" { session } else { session.add("proof", [""; 0]) }
}

fn who(access: Access) -> String {
    match access {
        Access::Anyone | Access::Newcomer => "任何人".to_owned(),
        Access::Account => "任何账户".to_owned(),
        Access::Session => "任何账户，不可用令牌".to_owned(),
        Access::May(any) => {
            let may = |role: &Role| any.iter().any(|permission| role.may(*permission));
            let roles = Role::ALL.into_iter().filter(may).map(Role::chinese);
            roles.collect::<Vec<_>>().join("、")
        }
    }
}

fn idempotency_key() -> Parameter {
    let schema = Object::builder().schema_type(Type::String).min_length(Some(1)).max_length(Some(LONGEST));
    ParameterBuilder::new()
        .name(KEY.as_str())
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("重复发送同一请求时用同一值：只办理一次，答复相同"))
        .schema(Some(schema.build()))
        .build()
}

/// The page: a plain list of what there is, and Scalar's reader above it where that can be had.
fn page(document: Document) -> String {
    let mut rows = String::new();
    for route in ROUTES {
        let operation = document.paths.paths.get(route.path).cloned();
        let summary = operation.and_then(|mut item| operation_of(&mut item, route.method)?.summary.take());
        let (summary, who) = (summary.unwrap_or_default(), who(route.access));
        rows += &format!("<tr><td>{}<td><code>{}</code><td>{summary}<td>{who}\n", route.method, route.path);
    }
    let html = format!(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>duijie 对接：接口</title>\n\
         <style>table.plain{{border-collapse:collapse;margin:1rem}}table.plain td{{padding:.2rem .8rem .2rem 0}}</style>\n\
         <script id=\"api-reference\" type=\"application/json\">$spec</script>\n\
         <h1>接口一览</h1>\n<p>全文：<a href=\"openapi.json\">openapi.json</a></p>\n\
         <table class=\"plain\">\n{rows}</table>\n\
         <script src=\"{SCALAR}\" integrity=\"{SCALAR_DIGEST}\" crossorigin=\"anonymous\"></script>\n</html>\n"
    );
    Scalar::new(document).custom_html(html).to_html()
}

/// This description.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    operation_id = "openapi",
    tag = "运行",
    summary = "接口描述",
    responses((status = OK, body = Object)),
)]
pub(super) async fn show(State(context): State<Context>) -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], context.written.json.clone()).into_response()
}

/// The same as a page to read.
#[utoipa::path(
    get,
    path = "/api/v1/reference",
    operation_id = "reference",
    tag = "运行",
    summary = "接口文档",
    responses((status = OK, body = String, content_type = "text/html")),
)]
pub(super) async fn reference(State(context): State<Context>) -> Response {
    let policy = HeaderValue::from_static(POLICY);
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(context.written.page.clone())).into_response()
}
