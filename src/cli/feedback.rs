//! `duijie feedback`

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::DataDirectory;
use super::import::{counts, problems};
use super::output::Output;
use crate::domain::{DeclineCode, EventId, Language};
use crate::engine::{self, Engine, EngineError, FeedbackReport, LearntReport, LearntTerm};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 导入企业对推送的反馈（CSV、JSONL）：打开、收藏、咨询、许可、拒绝
    Import(Import),
    /// 从反馈中学到了什么：词、分类号、出自哪些事件
    Show(Show),
    /// 撤销一家企业的反馈；推荐即恢复到没有这些反馈时的样子
    Undo(Undo),
}

#[derive(Args)]
pub(super) struct Show {
    /// 企业名称、统一社会信用代码或编号
    #[arg(value_name = "企业")]
    enterprise: String,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Undo {
    /// 企业名称、统一社会信用代码或编号
    #[arg(value_name = "企业")]
    enterprise: String,
    /// 只撤销这一事件
    #[arg(long, value_name = "编号", required_unless_present = "all", conflicts_with = "all")]
    event: Option<String>,
    /// 撤销全部事件
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    data: DataDirectory,
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
        Verb::Show(arguments) => show(arguments, output).await,
        Verb::Undo(arguments) => undo(arguments, output).await,
    }
}

async fn import(Import { file, data }: Import, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(data.place()?).await?;
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

/// Terms shown of each kind; `--json` gives all.
const SHOWN: usize = 15;

async fn show(Show { enterprise, data }: Show, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(data.place()?).await?;
    let report = engine.show_feedback(&enterprise).await;
    engine.close().await;
    let report = report?;
    output.answer(&report, || learnt(&report, output))?;
    Ok(ExitCode::SUCCESS)
}

async fn undo(Undo { enterprise, event, data, .. }: Undo, output: &Output) -> anyhow::Result<ExitCode> {
    let event = event.as_deref().map(str::parse::<EventId>).transpose().map_err(EngineError::Feedback)?;
    let engine = Engine::open_existing(data.place()?).await?;
    let withdrawn = engine.undo_feedback(&enterprise, event.as_ref(), engine::now()).await;
    engine.close().await;
    let withdrawn = withdrawn?;
    output.answer(&serde_json::json!({ "withdrawn": withdrawn }), || {
        format!("{} {withdrawn}", output.say("已撤销的事件数：", "events taken back:"))
    })?;
    Ok(ExitCode::SUCCESS)
}

fn learnt(report: &LearntReport, output: &Output) -> String {
    let LearntReport { name, events, withdrawn, .. } = report;
    let mut text = match output.language {
        Language::Chinese => format!("{name}：有效事件 {events} 个，已撤销 {withdrawn} 个\n"),
        Language::English => format!("{name}: {events} events stand, {withdrawn} were taken back\n"),
    };
    for taught in &report.listings {
        let did = output.say(taught.kind.chinese(), taught.kind.word());
        let say = |code: DeclineCode| format!("：{}", output.say(code.chinese(), code.word()));
        let why = taught.kind.decline_code().map_or_else(String::new, say);
        let aside = if taught.set_aside { output.say("，不再推荐", ", not shown again") } else { "" };
        let (weight, listing, title, event) = (taught.weight, &taught.listing, &taught.title, &taught.event);
        _ = writeln!(text, "  {weight:+.1}  {did}{why}{aside}  {listing} {title}  [{event}]");
    }
    terms(&mut text, output.say("词", "words"), &report.words, output);
    terms(&mut text, output.say("分类号", "classes"), &report.classes, output);
    terms(&mut text, output.say("可能的小类", "likely subclasses"), &report.likely, output);
    text
}

fn terms(text: &mut String, title: &str, terms: &[LearntTerm], output: &Output) {
    if terms.is_empty() {
        return;
    }
    let told = terms.iter().take(SHOWN).map(|LearntTerm { term, before, now }| format!("{term} {before:.2}→{now:.2}"));
    let more = if terms.len() > SHOWN { output.say(" ……其余见 --json", " … more with --json") } else { "" };
    _ = writeln!(text, "  {title}: {}{more}", told.collect::<Vec<_>>().join("  "));
}
