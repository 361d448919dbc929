//! `duijie eval`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::build_set::{self, Build};
use super::eval_words as words;
use super::lists::Lists;
use super::output::Output;
use super::{judge, numbers};
use crate::domain::Notice;
use crate::engine::{self, Draws, Measure};

/// Rounds of the tests of a difference where nothing else is asked for.
const ROUNDS: u32 = 10_000;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 对一个评测集排序并打分
    Run(Run),
    /// 给任何系统的 TREC 排序结果打分
    Score(Score),
    /// 比较两份排序结果，并检验差别是否出于偶然
    Compare(Compare),
    /// 检查各评测集的指标是否不低于下限、不高于上限，不得出现的情况是否都为 0；否则退出码为 1
    Gate(Gate),
    /// 列表各条规则的代价：每条单独、全部一起，各用几种力度；--fresh 则是新许可信息首次展示的代价
    Lists(Prices),
    /// 企业档案各部分的作用：同一批企业有无这一部分，命中质量差多少
    Parts(Parts),
    /// 用许可信息、企业和评判文件做成一个评测集
    Import(judge::Import),
    /// 用记录在案的推送和企业反馈做成一个评测集，按推送位置修正
    Build(Build),
    /// 人工评判：逐条显示候选，给 0 至 3 级
    Judge(judge::Judge),
    /// 一个查询的推荐及理由，以及没有列出的相关许可信息排在哪里
    Explain(Explain),
}

#[derive(Args)]
pub(super) struct Run {
    #[command(flatten)]
    set: Set,
    /// 每个查询取前多少条
    #[arg(short, long, default_value_t = engine::EVALUATION_DEPTH as u32, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    k: u32,
    /// TREC 结果文件
    #[arg(long, value_name = "文件")]
    out: Option<PathBuf>,
    /// 模拟反馈：每个查询随机取 N 条相关许可信息当作已收藏，比较学习前后找到其余各条的能力
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000), conflicts_with_all = ["out", "report"])]
    reveal: Option<u32>,
    /// 模拟反馈和检验差别的随机种子
    #[arg(long, default_value_t = 1, requires = "reveal")]
    seed: u64,
    #[command(flatten)]
    weighing: Weighing,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    report: Report,
}

#[derive(Args)]
pub(super) struct Score {
    #[command(flatten)]
    set: Set,
    /// TREC 结果文件
    #[arg(value_name = "结果")]
    run: PathBuf,
    #[command(flatten)]
    report: Report,
}

#[derive(Args)]
pub(super) struct Compare {
    #[command(flatten)]
    set: Set,
    /// 作为基准的 TREC 结果文件
    #[arg(value_name = "A")]
    a: PathBuf,
    /// 与之比较的 TREC 结果文件
    #[arg(value_name = "B")]
    b: PathBuf,
    /// 按哪个指标比较
    #[arg(long, value_name = "指标", default_value = "ndcg@10", value_parser = measure)]
    metric: Measure,
    /// 随机种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 检验的抽样次数
    #[arg(long, default_value_t = ROUNDS, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rounds: u32,
    #[command(flatten)]
    report: Report,
}

#[derive(Args)]
pub(super) struct Gate {
    /// 下限文件（JSON）：{"评测集": {"指标": 下限, "指标": {"most": 上限}}}
    #[arg(value_name = "下限文件")]
    floors: PathBuf,
    /// 各评测集所在的目录
    #[arg(long, value_name = "目录")]
    sets: PathBuf,
}

#[derive(Args)]
pub(super) struct Prices {
    #[command(flatten)]
    set: Set,
    /// 随机取这一比例的许可信息当作还没人见过的，量一量各给一个末位要多少代价（0 至 1）
    #[arg(long, value_name = "比例", value_parser = numbers::share)]
    fresh: Option<f64>,
    /// 抽取的随机种子
    #[arg(long, default_value_t = 1, requires = "fresh")]
    seed: u64,
    #[command(flatten)]
    weighing: Weighing,
}

#[derive(Args)]
pub(super) struct Parts {
    /// 评测集目录，可以多个；--json 的输出即 data/profile/part_gains.json
    #[arg(required = true, value_name = "目录")]
    sets: Vec<PathBuf>,
    /// 随机种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    weighing: Weighing,
}

#[derive(Args)]
pub(super) struct Explain {
    #[command(flatten)]
    set: Set,
    /// 查询（企业或需求）的编号
    #[arg(value_name = "查询")]
    query: String,
    /// 列出前多少条
    #[arg(short, long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    k: u32,
    #[command(flatten)]
    weighing: Weighing,
}

#[derive(Args)]
struct Weighing {
    /// 配置文件，格式同 models/ranker/linear.toml；不给则用自带的配置
    #[arg(long, value_name = "文件")]
    weights: Option<PathBuf>,
}

#[derive(Args)]
struct Set {
    /// 评测集目录：listings.jsonl.gz，enterprises.jsonl.gz 或 needs.jsonl.gz，qrels.txt
    #[arg(value_name = "目录")]
    set: PathBuf,
}

#[derive(Args)]
struct Report {
    /// 写入 report.html 和 report.json 的目录
    #[arg(long, value_name = "目录")]
    report: Option<PathBuf>,
}

pub(super) fn measure(name: &str) -> Result<Measure, String> {
    name.parse().map_err(|unknown: engine::UnknownMeasure| format!("{} / {unknown}", unknown.chinese()))
}

pub(super) async fn run(verb: &Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Run(arguments) => evaluate(arguments, output),
        Verb::Score(arguments) => score(arguments, output),
        Verb::Compare(arguments) => compare(arguments, output),
        Verb::Gate(arguments) => gate(arguments, output),
        Verb::Lists(arguments) => prices(arguments, output),
        Verb::Parts(arguments) => parts(arguments, output),
        Verb::Import(arguments) => judge::import(arguments, output),
        Verb::Build(arguments) => build_set::run(arguments, output).await,
        Verb::Judge(arguments) => judge::judge(arguments, output),
        Verb::Explain(Explain { set, query, k, weighing }) => {
            let configuration = engine::configuration(weighing.weights.as_deref())?;
            let explained = engine::explain_query(&set.set, query, *k as usize, &configuration)?;
            output.answer(&explained, || words::explained(&explained, output))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn evaluate(
    Run { set, k, out, reveal, seed, weighing, lists, report }: &Run,
    output: &Output,
) -> anyhow::Result<ExitCode> {
    let configuration = engine::configuration(weighing.weights.as_deref())?;
    let lists = configuration.lists.changed(&lists.change()).map_err(engine::EngineError::from)?;
    let configuration = engine::Configuration { lists, ..configuration };
    let bar = output.bar(output.say("评测", "evaluating"));
    let show = |progress| bar.show(progress);
    if let Some(count) = *reveal {
        let draws = Draws { rounds: ROUNDS, seed: *seed };
        let report = engine::reveal((&set.set, count as usize), *k as usize, &configuration, draws, &show)?;
        drop(bar);
        output.answer(&report, || words::revealed(&report, output))?;
        return Ok(ExitCode::SUCCESS);
    }
    let evaluation = engine::evaluate(&set.set, *k as usize, &configuration, out.as_deref(), &show)?;
    drop(bar);
    if let Some(directory) = &report.report {
        engine::write_evaluation_report(&evaluation, output.language, directory)?;
    }
    output.answer(&evaluation, || words::evaluation(&evaluation, output))?;
    Ok(ExitCode::SUCCESS)
}

fn prices(Prices { set, fresh, seed, weighing }: &Prices, output: &Output) -> anyhow::Result<ExitCode> {
    let configuration = engine::configuration(weighing.weights.as_deref())?;
    let bar = output.bar(output.say("评测", "evaluating"));
    let show = |progress| bar.show(progress);
    if let Some(share) = *fresh {
        let prices = engine::price_fresh(&set.set, &configuration, engine::Fresh { share, seed: *seed }, &show)?;
        drop(bar);
        output.answer(&prices, || words::fresh_prices(&prices))?;
        return Ok(ExitCode::SUCCESS);
    }
    let prices = engine::price_lists(&set.set, &configuration, &show)?;
    drop(bar);
    output.answer(&prices, || words::prices(&prices))?;
    Ok(ExitCode::SUCCESS)
}

fn parts(Parts { sets, seed, weighing }: &Parts, output: &Output) -> anyhow::Result<ExitCode> {
    let configuration = engine::configuration(weighing.weights.as_deref())?;
    let bar = output.bar(output.say("评测", "evaluating"));
    let (show, draws) = (|progress| bar.show(progress), Draws { rounds: ROUNDS, seed: *seed });
    let mut gains = Vec::new();
    for set in sets {
        gains.extend(engine::part_gains(set, &configuration, draws, &show)?);
    }
    drop(bar);
    output.answer(&gains, || words::part_gains(&gains, output))?;
    Ok(ExitCode::SUCCESS)
}

fn score(Score { set, run, report }: &Score, output: &Output) -> anyhow::Result<ExitCode> {
    let evaluation = engine::score_run(&set.set, run)?;
    if let Some(directory) = &report.report {
        engine::write_evaluation_report(&evaluation, output.language, directory)?;
    }
    output.answer(&evaluation, || words::evaluation(&evaluation, output))?;
    Ok(ExitCode::SUCCESS)
}

fn compare(Compare { set, a, b, metric, seed, rounds, report }: &Compare, output: &Output) -> anyhow::Result<ExitCode> {
    let comparison = engine::compare_runs(&set.set, a, b, *metric, Draws { rounds: *rounds, seed: *seed })?;
    if let Some(directory) = &report.report {
        engine::write_comparison_report(&comparison, output.language, directory)?;
    }
    output.answer(&comparison, || words::comparison(&comparison, output))?;
    Ok(ExitCode::SUCCESS)
}

fn gate(Gate { floors, sets }: &Gate, output: &Output) -> anyhow::Result<ExitCode> {
    let bar = output.bar(output.say("评测", "evaluating"));
    let results = engine::gate(floors, sets, &|progress| bar.show(progress))?;
    drop(bar);
    output.answer(&results, || words::gate(&results, output))?;
    Ok(if results.iter().all(|result| result.holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
