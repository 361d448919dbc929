//! `duijie serve`

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;

use super::DataDirectory;
use super::output::Output;
use crate::engine::{self, Engine, ProviderSettings, Reach, Retention};
use crate::http::{self, Settings};

/// Where letters go out by, password and all: not for a command line that others see.
const MAIL_SERVER: &str = "DUIJIE_SMTP";
/// What proves this site to its provider of single sign-on.
const SECRET: &str = "DUIJIE_OIDC_SECRET";

#[derive(Args)]
pub(super) struct Arguments {
    /// 监听地址
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "地址")]
    listen: SocketAddr,
    /// 由本机的反向代理提供 TLS：会话 Cookie 只经 TLS 发送，并采信代理在 X-Forwarded-For 末尾写入的客户端地址
    #[arg(long)]
    behind_proxy: bool,
    /// 每个客户端地址每分钟至多的请求数；0 为不限
    #[arg(long, value_name = "次数", default_value_t = 6_000)]
    requests_per_minute: u32,
    /// 发出邮件所用的地址，如 “对接 <duijie@example.cn>”；服务器由环境变量 DUIJIE_SMTP 给出：smtps://用户:口令@主机
    #[arg(long, value_name = "地址")]
    mail_from: Option<String>,
    /// 企业的接收地址（接口通知）可以在内网，也可以不用 https；不设则只限公网的 https
    #[arg(long)]
    receivers_anywhere: bool,
    /// 本站对外的地址，如 https://duijie.example.cn：用于统一登录、站点地图和邮件中的链接
    #[arg(long, value_name = "地址", value_parser = site)]
    public_url: Option<String>,
    #[command(flatten)]
    sign_on: SignOn,
    #[command(flatten)]
    retention: Keeping,
    #[command(flatten)]
    data: DataDirectory,
}

/// How long things are kept.
#[derive(Args)]
pub(super) struct Keeping {
    /// 推荐记录及企业的反馈保留的天数，自推荐之日起；0 为一直保留
    #[arg(long, value_name = "天数", default_value_t = 1_095)]
    keep_feedback_days: u32,
    /// 咨询及答复保留的天数；0 为一直保留
    #[arg(long, value_name = "天数", default_value_t = 1_095)]
    keep_enquiries_days: u32,
}

/// A provider that people can sign in through.
#[derive(Args)]
struct SignOn {
    /// 统一登录（OpenID Connect）提供方的地址；客户端口令由环境变量 DUIJIE_OIDC_SECRET 给出
    #[arg(long, value_name = "地址", requires = "oidc_client", requires = "public_url")]
    oidc_issuer: Option<String>,
    /// 本站在提供方登记的客户端编号
    #[arg(long, value_name = "编号")]
    oidc_client: Option<String>,
}

impl SignOn {
    fn settings(self, site: Option<&str>) -> Option<ProviderSettings> {
        let (issuer, client) = (self.oidc_issuer?, self.oidc_client?);
        let redirect = format!("{}{}", site?, http::SIGN_ON_RETURN);
        Some(ProviderSettings { issuer, client, secret: std::env::var(SECRET).ok(), redirect })
    }
}

impl Keeping {
    pub(super) fn retention(&self) -> Retention {
        let days = |days: u32| (days > 0).then_some(days);
        Retention { feedback_days: days(self.keep_feedback_days), enquiry_days: days(self.keep_enquiries_days) }
    }
}

fn site(text: &str) -> Result<String, String> {
    http::site_of(text)
        .ok_or_else(|| "应如 https://duijie.example.cn / expected a form such as https://duijie.example.cn".to_owned())
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let mut engine = Engine::open_existing(arguments.data.place()?).await?;
    if let Some(from) = &arguments.mail_from {
        let server = std::env::var(MAIL_SERVER).with_context(|| {
            format!("{} {MAIL_SERVER}", output.say("--mail-from 须配合环境变量", "--mail-from needs"))
        })?;
        engine.post_by(&server, from)?;
    }
    engine.reach_receivers(if arguments.receivers_anywhere { Reach::Anywhere } else { Reach::Public })?;
    if let Some(site) = &arguments.public_url {
        engine.known_as(site.clone());
    }
    if let Some(settings) = arguments.sign_on.settings(arguments.public_url.as_deref()) {
        engine.sign_on_by(settings)?;
    }
    let failed = output.say("无法监听", "cannot listen on");
    let listener =
        TcpListener::bind(arguments.listen).await.with_context(|| format!("{failed} {}", arguments.listen))?;
    let address = listener.local_addr()?;
    if !http::is_private(address) {
        output.remark(output.say(
            "注意：此地址可从其他机器访问，而本程序不提供 TLS：请在前面设置提供 TLS 的反向代理，否则密码以明文传送，浏览器也不会保持登录",
            "note: other machines can reach this address, and this program speaks no TLS: put a proxy that does in front, or passwords go in the clear and browsers stay signed out",
        ));
    }
    let ready = output.say("服务已启动：", "listening on");
    output.answer(&serde_json::json!({ "listening": address }), || format!("{ready} http://{address}"))?;
    let settings = Settings {
        secure_cookies: arguments.behind_proxy || !http::is_private(address),
        behind_proxy: arguments.behind_proxy,
        requests_a_minute: NonZeroU32::new(arguments.requests_per_minute),
        retention: arguments.retention.retention(),
        public_url: arguments.public_url,
        ..Settings::local(engine::moment)
    };
    let engine = Arc::new(engine);
    let served = http::serve(listener, Arc::clone(&engine), settings).await;
    engine.close().await;
    served?;
    Ok(ExitCode::SUCCESS)
}
