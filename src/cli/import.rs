//! `duijie import`

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::DataDirectory;
use super::output::Output;
use crate::domain::Language;
use crate::engine::{self, Engine, ImportKind, ImportReport, Problem};

/// Problems printed word for word; `--json` gives all that are kept.
const SHOWN: usize = 10;

#[derive(Args)]
pub(super) struct Arguments {
    /// 要导入的文件，可以多个
    #[arg(required = true, value_name = "文件")]
    files: Vec<PathBuf>,
    /// 文件内容：许可信息、企业，或不带许可条件的专利
    #[arg(long, value_enum)]
    kind: Kind,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Listings,
    Enterprises,
    Patents,
}

impl From<Kind> for ImportKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Listings => Self::Listings,
            Kind::Enterprises => Self::Enterprises,
            Kind::Patents => Self::Patents,
        }
    }
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open(arguments.data.place()?).await?;
    let mut reports = Vec::new();
    let mut failed = None;
    for path in &arguments.files {
        let bar = output.bar(&path.display().to_string());
        match engine.import(path, arguments.kind.into(), engine::now(), &|progress| bar.show(progress)).await {
            Ok(report) => reports.push(report),
            // One bad file does not keep the others out.
            Err(error) if arguments.files.len() > 1 => {
                drop(bar);
                failed = Some(output.failure(&error.into()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    engine.close().await;
    output.answer(&reports, || reports.iter().map(|report| told(report, output)).collect())?;
    let nothing_taken = reports.iter().any(|report| report.read > 0 && report.taken == 0);
    Ok(failed.unwrap_or(if nothing_taken { ExitCode::FAILURE } else { ExitCode::SUCCESS }))
}

/// A report in words.
pub(super) fn told(report: &ImportReport, output: &Output) -> String {
    let mut text = match output.language {
        Language::Chinese => format!(
            "{}：读取 {} 行，接受 {} 行（新增 {}，更新 {}，无变化 {}），拒绝 {} 行\n",
            report.file, report.read, report.taken, report.added, report.changed, report.unchanged, report.rejected
        ),
        Language::English => format!(
            "{}: {} rows read, {} taken ({} new, {} changed, {} unchanged), {} rejected\n",
            report.file, report.read, report.taken, report.added, report.changed, report.unchanged, report.rejected
        ),
    };
    if report.already_imported {
        text = format!(
            "{}{text}",
            output.say("此文件先前已导入，未作改动；当时结果：", "imported before, nothing done; then: ")
        );
    }
    counts(&mut text, output.say("拒绝原因", "rejected"), &report.rejected_by_reason);
    problems(&mut text, &report.rejections, output);
    counts(&mut text, output.say("略去的值", "values left out"), &report.warnings_by_reason);
    problems(&mut text, &report.warnings, output);
    if report.predicted_fields > 0 {
        let filled =
            output.say("没有可用分类号、由名称推断技术领域", "fields taken from titles, for want of an IPC symbol");
        _ = writeln!(text, "  {filled}: {}", report.predicted_fields);
    }
    if report.doubtful_fields > 0 {
        let doubtful =
            output.say("提示：名称与分类号不符，建议核对", "hints: titles that speak against the IPC symbols");
        _ = writeln!(text, "  {doubtful}: {}", report.doubtful_fields);
        problems(&mut text, &report.hints, output);
    }
    if !report.unknown_columns.is_empty() {
        let title = output.say("未识别的列（已忽略）", "unknown columns (ignored)");
        text.push_str(&format!("  {title}: {}\n", report.unknown_columns.join("、")));
    }
    text
}

pub(super) fn counts(text: &mut String, title: &str, by_reason: &BTreeMap<String, u64>) {
    if !by_reason.is_empty() {
        let list: Vec<String> = by_reason.iter().map(|(code, count)| format!("{code} {count}")).collect();
        _ = writeln!(text, "  {title}: {}", list.join(", "));
    }
}

pub(super) fn problems(text: &mut String, problems: &[Problem], output: &Output) {
    for problem in problems.iter().take(SHOWN) {
        let message = output.say(&problem.message, &problem.message_en);
        _ = writeln!(text, "    {message}");
    }
    if problems.len() > SHOWN {
        let more = output.say("……其余见 --json", "… more with --json");
        _ = writeln!(text, "    {more}");
    }
}
