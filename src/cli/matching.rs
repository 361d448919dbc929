//! `duijie match`

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::lists::Lists;
use super::output::Output;
use super::{DataDirectory, audit, day, exposure};
use crate::domain::Language;
use crate::engine::{Engine, MatchReport, MatchedEnterprise, WhyAll};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 全部企业与全部许可信息匹配（中断后再次运行即继续）
    All(Batch),
    /// 只匹配上次以来有变化的企业和许可信息，结果与全部匹配相同
    Changes(Batch),
    /// 一件许可信息适合哪些企业
    Listing(Listing),
    /// 将上次匹配的结果写成 CSV
    Export(Export),
    /// 按上次匹配的结果推送时，各件许可信息的曝光有多均匀；限热门、保首展各要多少代价
    Exposure(exposure::Arguments),
    /// 逐条检查上次匹配的结果今天是否仍可推送；有不可推送的则列出，退出码为 1
    Audit(audit::Arguments),
}

#[derive(Args)]
pub(super) struct Batch {
    /// 每家企业的条数（changes 沿用上次的条数）
    #[arg(short = 'n', long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    number: u16,
    /// 按这一天判断许可是否有效（默认今天）
    #[arg(long, value_name = "日期")]
    today: Option<String>,
    /// 同时写出 CSV
    #[arg(long, value_name = "文件")]
    out: Option<PathBuf>,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Listing {
    /// 申请号、公开号或编号
    #[arg(value_name = "许可")]
    listing: String,
    /// 企业数
    #[arg(short = 'n', long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    number: u16,
    /// 按这一天判断许可是否有效（默认今天）
    #[arg(long, value_name = "日期")]
    today: Option<String>,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Export {
    /// 要写的文件
    #[arg(value_name = "文件")]
    out: PathBuf,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(verb: Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::All(arguments) => batch(arguments, false, output).await?,
        Verb::Changes(arguments) => batch(arguments, true, output).await?,
        Verb::Listing(arguments) => listing(arguments, output).await?,
        Verb::Export(arguments) => export(arguments, output).await?,
        Verb::Exposure(arguments) => exposure::run(arguments, output).await?,
        Verb::Audit(arguments) => return audit::run(arguments, output).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn batch(arguments: Batch, changes: bool, output: &Output) -> anyhow::Result<()> {
    let (number, today) = (usize::from(arguments.number), day(arguments.today.as_deref())?);
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let bar = output.bar(output.say("匹配", "matching"));
    let show = |progress| bar.show(progress);
    let report = if changes {
        engine.match_changes(number, today, &show).await
    } else {
        engine.match_all(number, today, &show).await
    };
    drop(bar);
    let exported = match (&report, &arguments.out) {
        (Ok(_), Some(out)) => Some(engine.export_matches(out).await),
        _ => None,
    };
    engine.close().await;
    let report = report?;
    output.answer(&report, || told(&report, output))?;
    if let (Some(rows), Some(out)) = (exported.transpose()?, &arguments.out) {
        written(rows, out, output);
    }
    Ok(())
}

fn told(report: &MatchReport, output: &Output) -> String {
    let MatchReport { enterprises, matched, adjusted, listings, continued, why_all } = report;
    let mut text = match output.language {
        Language::Chinese => {
            format!("{enterprises} 家企业 × {listings} 件许可信息：全量匹配 {matched} 家，按变化调整 {adjusted} 家\n")
        }
        Language::English => format!(
            "{enterprises} enterprises × {listings} listings: {matched} matched in full, {adjusted} adjusted to changes\n"
        ),
    };
    if *continued {
        text.push_str(output.say("接着上次中断处继续\n", "went on where the last run was cut off\n"));
    }
    if let Some(why) = why_all {
        text.push_str(match why {
            WhyAll::NoRun => {
                output.say("此前没有匹配过，已全量匹配\n", "nothing was matched before: matched everything\n")
            }
            WhyAll::Unfinished => {
                output.say("上次全量匹配未完成，已完成\n", "the last full run was cut off: finished it\n")
            }
            WhyAll::OtherBasis => {
                output.say("目录统计或算法已更新，已全量匹配\n", "statistics or formula are new: matched everything\n")
            }
        });
    }
    text
}

fn written(rows: u64, out: &std::path::Path, output: &Output) {
    match output.language {
        Language::Chinese => output.remark(&format!("已写出 {rows} 行：{}", out.display())),
        Language::English => output.remark(&format!("{rows} rows written: {}", out.display())),
    }
}

async fn listing(arguments: Listing, output: &Output) -> anyhow::Result<()> {
    let today = day(arguments.today.as_deref())?;
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let found = engine.enterprises_for(&arguments.listing, usize::from(arguments.number), today).await;
    engine.close().await;
    let found = found?;
    output.answer(&found, || found_told(&found, output))
}

fn found_told(found: &[MatchedEnterprise], output: &Output) -> String {
    let mut text = String::new();
    if found.is_empty() {
        text.push_str(output.say("没有适合的企业", "no enterprise fits"));
    }
    for (place, matched) in found.iter().enumerate() {
        _ = writeln!(text, "{:>3}. {}  [{:.2}]", place + 1, matched.name, matched.score.value());
    }
    text
}

async fn export(arguments: Export, output: &Output) -> anyhow::Result<()> {
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let rows = engine.export_lists(&arguments.out, &arguments.lists.change()).await;
    engine.close().await;
    written(rows?, &arguments.out, output);
    Ok(())
}
