//! `duijie match audit`

use std::process::ExitCode;

use clap::Args;

use super::data::DataDirectory;
use super::day;
use super::eval_words;
use super::output::Output;
use crate::engine::{Engine, HardZeros, MatchAudit};

#[derive(Args)]
pub(super) struct Arguments {
    /// 按这一天判断许可是否有效（默认今天）
    #[arg(long, value_name = "日期", alias = "today")]
    day: Option<String>,
    /// 一件许可信息至多展示给多少家企业；不给则不查
    #[arg(long, value_name = "家数", value_parser = clap::value_parser!(u32).range(1..))]
    most: Option<u32>,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let day = day(arguments.day.as_deref())?;
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let audit = engine.audit_matches(day, arguments.most.map(|most| most as usize)).await;
    engine.close().await;
    let audit = audit?;
    output.answer(&audit, || told(&audit, output))?;
    Ok(if audit.audit.zeros.hold() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(of: &MatchAudit, output: &Output) -> String {
    let MatchAudit { day, enterprises, places, audit } = of;
    let lists = output.say("家企业", "enterprises");
    let mut text = format!("{day}  {enterprises} {lists}  {places} {}\n", output.say("个位置", "places"));
    text.push_str(&eval_words::audit(audit, output));
    for advice in advice(&audit.zeros, output) {
        text.push('\n');
        text.push_str(advice);
    }
    text
}

/// What to do next about what is not 0.
fn advice<'a>(zeros: &HardZeros, output: &'a Output) -> Vec<&'a str> {
    let stale = output.say(
        "列表已过时：请运行 duijie match changes（按另一天检查时加同样的 --today）",
        "lists are stale: run `duijie match changes` (with the same --today if another day was asked for)",
    );
    let capped = output.say(
        "匹配结果不限展示次数：推送前请按上限分配，代价见 duijie match exposure --most",
        "stored lists know no cap: give places out under it before sending; `duijie match exposure --most` shows the price",
    );
    let twice = output
        .say("匹配结果有误：请运行 duijie match all 重做", "lists are wrong: make them anew with `duijie match all`");
    let all = [
        (zeros.ineligible_served + zeros.already_licensed, stale),
        (zeros.over_cap, capped),
        (zeros.duplicates_served, twice),
    ];
    all.into_iter().filter(|(count, _)| *count > 0).map(|(_, advice)| advice).collect()
}
