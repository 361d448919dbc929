//! `duijie feedback`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::DataDirectory;
use super::import::{counts, problems};
use super::output::Output;
use crate::domain::Language;
use crate::engine::{self, Engine, FeedbackReport};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 导入企业对推送的反馈（CSV、JSONL）：打开、收藏、咨询、许可、拒绝
    Import(Import),
}

#[derive(Args)]
pub(super) struct Import {
    /// 反馈文件，列：event, delivery, listing, kind, code, at
    #[arg(value_name = "文件")]
    file: PathBuf,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(verb: Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Import(arguments) => import(arguments, output).await,
    }
}

async fn import(Import { file, data }: Import, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(&data.path).await?;
    let bar = output.bar(&file.display().to_string());
    let report = engine.import_feedback(&file, engine::now(), &|progress| bar.show(progress)).await;
    drop(bar);
    engine.close().await;
    let report = report?;
    output.answer(&report, || told(&report, output))?;
    let nothing_taken = report.read > 0 && report.rejected == report.read;
    Ok(if nothing_taken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn told(report: &FeedbackReport, output: &Output) -> String {
    let FeedbackReport { file, read, accepted, replayed, rejected, .. } = report;
    let mut text = match output.language {
        Language::Chinese => {
            format!("{file}：读取 {read} 行，接受 {accepted} 行，重复 {replayed} 行，拒绝 {rejected} 行\n")
        }
        Language::English => {
            format!("{file}: {read} rows read, {accepted} taken, {replayed} known already, {rejected} rejected\n")
        }
    };
    counts(&mut text, output.say("拒绝原因", "rejected"), &report.rejected_by_reason);
    problems(&mut text, &report.rejections, output);
    if !report.unknown_columns.is_empty() {
        let title = output.say("未识别的列（已忽略）", "unknown columns (ignored)");
        text.push_str(&format!("  {title}: {}\n", report.unknown_columns.join("、")));
    }
    text
}
