//! `duijie trail`

use std::process::ExitCode;

use clap::Args;

use super::data::DataDirectory;
use super::listing::line;
use super::output::Output;
use crate::engine::Engine;

#[derive(Args)]
pub(super) struct Arguments {
    /// 从这一条之后列起
    #[arg(long, value_name = "序号", default_value_t = 0)]
    after: i64,
    /// 至多列出的条数
    #[arg(short = 'n', long, value_name = "条数", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// 核对全部记录是否完整、未被改动
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    if arguments.verify {
        let check = engine.check_trail().await;
        engine.close().await;
        let check = check?;
        output.answer(&check, || match check.broken_at {
            Some(number) => format!(
                "{} {number}",
                output.say(
                    "记录不完整，自此条起与前文不符：",
                    "the trail is broken: what follows is not what was written, from"
                )
            ),
            None => format!(
                "{} {}  {}",
                output.say("记录完整，条数与末条摘要：", "the trail is whole; entries and last digest:"),
                check.entries,
                check.digest
            ),
        })?;
        return Ok(if check.broken_at.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS });
    }
    let entries = engine.trail(arguments.after, usize::from(arguments.limit)).await;
    engine.close().await;
    let entries = entries?;
    output.answer(&entries, || match entries.is_empty() {
        true => output.say("没有记录", "nothing is recorded").to_owned(),
        false => entries
            .iter()
            .map(|entry| format!("{}  {}", entry.entry.subject, line(entry, output)))
            .collect::<Vec<_>>()
            .join("\n"),
    })?;
    Ok(ExitCode::SUCCESS)
}
