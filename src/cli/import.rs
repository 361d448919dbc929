//! `duijie import`

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::DataDirectory;
use super::output::Output;
use crate::domain::{Actor, Language};
use crate::engine::{self, CONSOLE, Engine, ImportKind, ImportOrder, ImportReport, Mapping, Problem};

/// Problems printed word for word; `--json` gives all that are kept.
const SHOWN: usize = 10;

#[derive(Args)]
pub(super) struct Arguments {
    /// 要导入的文件，可以多个
    #[arg(required = true, value_name = "文件")]
    files: Vec<PathBuf>,
    /// 文件内容：许可信息、企业、不带许可条件的专利，或行业平均许可费
    #[arg(long, value_enum)]
    kind: Kind,
    /// 某一列是什么：本文件的列名=通用的列名，可重复；如 --map 我省编号=专利号
    #[arg(long = "map", value_name = "列名=列名")]
    mapping: Vec<String>,
    /// 只检查，不导入
    #[arg(long)]
    dry_run: bool,
    /// 将文件内容写成工作簿，问题标在各单元格上（只限一个文件）
    #[arg(long, value_name = "文件.xlsx")]
    marked: Option<PathBuf>,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Listings,
    Enterprises,
    Patents,
    IndustryFees,
}

impl From<Kind> for ImportKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Listings => Self::Listings,
            Kind::Enterprises => Self::Enterprises,
            Kind::Patents => Self::Patents,
            Kind::IndustryFees => Self::IndustryFees,
        }
    }
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let mapping = mapping(&arguments.mapping, output)?;
    if arguments.marked.is_some() && arguments.files.len() > 1 {
        bail!("{}", output.say("--marked 一次只能用于一个文件", "--marked takes one file at a time"));
    }
    if arguments.dry_run || arguments.marked.is_some() {
        let reports = check(&arguments, &mapping, output)?;
        if arguments.dry_run {
            output.answer(&reports, || reports.iter().map(|report| tried(report, output)).collect())?;
            let nothing_fit = reports.iter().any(|report| report.read > 0 && report.taken == 0);
            return Ok(if nothing_fit { ExitCode::FAILURE } else { ExitCode::SUCCESS });
        }
    }
    let engine = Engine::open(arguments.data.place()?).await?;
    let actor = Actor::operator(CONSOLE);
    let (mut reports, mut failed, kind) = (Vec::new(), None, arguments.kind.into());
    for path in &arguments.files {
        let bar = output.bar(&path.display().to_string());
        let order = ImportOrder { path, kind, mapping: &mapping, actor: &actor, now: engine::now(), province: None };
        match engine.import_as(order, &|progress| bar.show(progress)).await {
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

fn mapping(given: &[String], output: &Output) -> anyhow::Result<Mapping> {
    let mut mapping = Mapping::default();
    for text in given {
        let Some((column, ours)) = text.split_once('=').filter(|(column, ours)| !column.is_empty() && !ours.is_empty())
        else {
            let wanted = output.say("--map 应写作 列名=列名", "--map takes COLUMN=COLUMN");
            bail!("{wanted}: {text}");
        };
        mapping.add(column, ours);
    }
    Ok(mapping)
}

fn check(arguments: &Arguments, mapping: &Mapping, output: &Output) -> anyhow::Result<Vec<ImportReport>> {
    let check = |path: &PathBuf| {
        let bar = output.bar(&path.display().to_string());
        let marked = arguments.marked.as_deref();
        Ok(engine::check_file(path, arguments.kind.into(), mapping, None, marked, &|progress| bar.show(progress))?)
    };
    arguments.files.iter().map(check).collect()
}

/// What an import would say, in words.
fn tried(report: &ImportReport, output: &Output) -> String {
    let ImportReport { file, read, taken, rejected, .. } = report;
    let mut text = match output.language {
        Language::Chinese => {
            format!("{file}：只检查，未导入；读取 {read} 行，可接受 {taken} 行，将拒绝 {rejected} 行\n")
        }
        Language::English => {
            format!("{file}: tried, nothing imported; {read} rows read, {taken} fit, {rejected} would be refused\n")
        }
    };
    problems_told(&mut text, report, output);
    text
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
    problems_told(&mut text, report, output);
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
    text
}

fn problems_told(text: &mut String, report: &ImportReport, output: &Output) {
    counts(text, output.say("拒绝原因", "rejected"), &report.rejected_by_reason);
    problems(text, &report.rejections, output);
    counts(text, output.say("略去的值", "values left out"), &report.warnings_by_reason);
    problems(text, &report.warnings, output);
    if !report.unknown_columns.is_empty() {
        let title = output
            .say("未识别的列（已忽略，可用 --map 指明）", "unknown columns (ignored; say what they are with --map)");
        _ = writeln!(text, "  {title}: {}", report.unknown_columns.join("、"));
    }
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
