//! `duijie forget`

use std::process::ExitCode;

use clap::Args;

use super::data::DataDirectory;
use super::output::Output;
use super::serve::Keeping;
use crate::engine::{self, Engine};

#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    keeping: Keeping,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let forgotten = engine.forget(arguments.keeping.retention(), engine::now()).await;
    engine.close().await;
    let forgotten = forgotten?;
    output.answer(&forgotten, || {
        format!(
            "{} {}  {} {}",
            output.say("已删除推荐记录及其反馈", "deliveries forgotten, with what was done with them"),
            forgotten.deliveries,
            output.say("咨询", "enquiries"),
            forgotten.enquiries
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
