//! `duijie tune`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::data::place_of;
use super::eval::measure;
use super::output::Output;
use crate::engine::{self, Difference, Engine, Measure, Search, Tunable, TuningReport, Which};

#[derive(Args)]
pub(super) struct Arguments {
    /// 评测集目录，须有 qrels.txt
    #[arg(value_name = "目录")]
    set: PathBuf,
    /// 按哪个指标选权重
    #[arg(long, value_name = "指标", default_value = "ndcg@10", value_parser = measure)]
    metric: Measure,
    /// 调什么：weights 各项依据的权重，text 文本打分的参数，all 两者，lambdarank 由判定直接学权重
    #[arg(long, value_enum, value_name = "范围", default_value_t = What::Weights)]
    what: What,
    /// 从哪个配置开始；不给则从自带的配置开始
    #[arg(long, value_name = "文件")]
    weights: Option<PathBuf>,
    /// 把找到的配置写到这里，格式同 models/ranker/linear.toml；正在使用的配置不变
    #[arg(long, value_name = "文件")]
    out: Option<PathBuf>,
    /// 把找到的配置存为这个数据目录的候选；没有 --weights 时从其正在使用的配置开始
    #[arg(long, value_name = "数据目录")]
    propose: Option<PathBuf>,
    /// 查询分成几份轮流留出
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(2..=100))]
    folds: u32,
    /// 分份所用的随机种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 至多试多少组参数
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    tries: u32,
    /// 至多用多少分钟
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    minutes: u32,
}

/// What is searched.
#[derive(Clone, Copy, ValueEnum)]
enum What {
    Weights,
    Text,
    All,
    #[value(name = "lambdarank")]
    LambdaRank,
}

impl From<What> for Tunable {
    fn from(what: What) -> Self {
        match what {
            What::Weights => Self::Weights,
            What::Text => Self::Text,
            What::All => Self::All,
            What::LambdaRank => Self::LearntWeights,
        }
    }
}

pub(super) async fn run(arguments: &Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let Arguments { set, metric, what, weights, out, propose, folds, seed, tries, minutes } = arguments;
    let engine = match propose {
        Some(directory) => Some(Engine::open_for_configurations(place_of(directory, None)?).await?),
        None => None,
    };
    let start = match (&engine, weights) {
        (Some(engine), None) => engine.configuration_of(&Which::Active)?,
        (_, weights) => engine::configuration(weights.as_deref())?,
    };
    let search = Search { folds: *folds as usize, seed: *seed, tries: *tries as usize };
    let (begun, most) = (Instant::now(), Duration::from_secs(60 * u64::from(*minutes)));
    let bar = output.bar(output.say("调参", "tuning"));
    let start = (&start, (*what).into());
    let report = engine::tune(set, start, *metric, search, &|p| bar.show(p), &|| begun.elapsed() < most)?;
    drop(bar);
    if let Some(path) = out {
        std::fs::write(path, report.configuration.to_toml())
            .with_context(|| format!("{} {}", output.say("无法写出", "cannot write"), path.display()))?;
    }
    if let Some(engine) = &engine {
        let from = format!("duijie tune {} {}", report.set, report.measure);
        engine.propose_found(&report.configuration, &from, engine::now())?;
    }
    output.answer(&report, || told(&report, output))?;
    Ok(ExitCode::SUCCESS)
}

fn told(report: &TuningReport, output: &Output) -> String {
    let TuningReport { set, measure, queries, tried, before, after, held_out, interval, .. } = report;
    let say = |chinese, english| output.say(chinese, english);
    let mut lines = vec![
        format!("{set}  {measure}  queries {queries}  {} {tried}", say("试过的组数", "settings tried")),
        format!("{before:.4}  {}", say("起始配置", "configuration started from")),
        format!(
            "{after:.4}  {}",
            say("找到的配置（按它选出，偏乐观）", "configuration found (chosen by this figure: optimistic)")
        ),
        format!("{held_out:.4}  {}", say("留出的查询（应以此为准）", "queries held out (the figure to believe)")),
        format!("{:+.4}  95% {} {:+.4} … {:+.4}", held_out - before, say("区间", "interval"), interval.0, interval.1),
    ];
    lines.extend(report.changes.iter().map(|Difference { name, a, b }| format!("{name}  {a} → {b}")));
    if !report.finished {
        lines
            .push(say("次数或时间用完，搜索没有到头", "tries or time were used up before the search ended").to_owned());
    }
    if interval.0 <= 0.0 {
        let chance =
            ("留出的查询上没有可靠的提高：不建议改用", "no sure gain on queries held out: better left as it is");
        lines.push(say(chance.0, chance.1).to_owned());
    }
    lines.join("\n")
}
