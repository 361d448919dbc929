//! `duijie reindex`

use std::process::ExitCode;

use clap::Args;

use super::DataDirectory;
use super::output::Output;
use crate::engine::Engine;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let bar = output.bar(output.say("重建索引", "reindexing"));
    let (engine, count) = Engine::rebuild(arguments.data.place()?, &|progress| bar.show(progress)).await?;
    engine.close().await;
    drop(bar);
    output.answer(&serde_json::json!({ "indexed": count }), || {
        format!("{} {count}", output.say("已重建索引，许可信息条数：", "index rebuilt, listings:"))
    })?;
    Ok(ExitCode::SUCCESS)
}
