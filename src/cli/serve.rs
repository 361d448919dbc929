//! `duijie serve`

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;

use super::DataDirectory;
use super::output::Output;
use crate::engine::{self, Engine};
use crate::http;

#[derive(Args)]
pub(super) struct Arguments {
    /// 监听地址；尚无账户与权限，请只在本机或受控网络中使用
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "地址")]
    listen: SocketAddr,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let failed = output.say("无法监听", "cannot listen on");
    let listener =
        TcpListener::bind(arguments.listen).await.with_context(|| format!("{failed} {}", arguments.listen))?;
    let address = listener.local_addr()?;
    if !http::is_private(address) {
        output.remark(output.say(
            "注意：此地址可从其他机器访问，而服务尚无账户与权限控制",
            "note: other machines can reach this address, and the server has no accounts yet",
        ));
    }
    let ready = output.say("服务已启动：", "listening on");
    output.answer(&serde_json::json!({ "listening": address }), || format!("{ready} http://{address}"))?;
    let engine = Arc::new(engine);
    let served = http::serve(listener, Arc::clone(&engine), engine::today).await;
    engine.close().await;
    served?;
    Ok(ExitCode::SUCCESS)
}
