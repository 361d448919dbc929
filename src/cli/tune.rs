//! `duijie tune`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;

use super::eval::measure;
use super::output::Output;
use crate::engine::{self, Measure, Search, TuningReport};

#[derive(Args)]
pub(super) struct Arguments {
    /// 评测集目录，须有 qrels.txt
    #[arg(value_name = "目录")]
    set: PathBuf,
    /// 按哪个指标选权重
    #[arg(long, value_name = "指标", default_value = "ndcg@10", value_parser = measure)]
    metric: Measure,
    /// 从哪些权重开始；不给则从自带的权重开始
    #[arg(long, value_name = "文件")]
    weights: Option<PathBuf>,
    /// 把找到的权重写到这里，格式同 models/ranker/linear.toml；正在使用的权重不变
    #[arg(long, value_name = "文件")]
    out: Option<PathBuf>,
    /// 查询分成几份轮流留出
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(2..=100))]
    folds: u32,
    /// 分份所用的随机种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 至多试多少组权重
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    tries: u32,
    /// 至多用多少分钟
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    minutes: u32,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let Arguments { set, metric, weights, out, folds, seed, tries, minutes } = arguments;
    let start = engine::weights(weights.as_deref())?;
    let search = Search { folds: *folds as usize, seed: *seed, tries: *tries as usize };
    let (begun, most) = (Instant::now(), Duration::from_secs(60 * u64::from(*minutes)));
    let bar = output.bar(output.say("调参", "tuning"));
    let report = engine::tune_weights(set, &start, *metric, search, &|p| bar.show(p), &|| begun.elapsed() < most)?;
    drop(bar);
    if let Some(path) = out {
        std::fs::write(path, report.weights.to_toml())
            .with_context(|| format!("{} {}", output.say("无法写出", "cannot write"), path.display()))?;
    }
    output.answer(&report, || told(&report, output))?;
    Ok(ExitCode::SUCCESS)
}

fn told(report: &TuningReport, output: &Output) -> String {
    let TuningReport { set, measure, queries, tried, before, after, held_out, interval, .. } = report;
    let say = |chinese, english| output.say(chinese, english);
    let mut lines = vec![
        format!("{set}  {measure}  queries {queries}  {} {tried}", say("试过的权重组数", "weights tried")),
        format!("{before:.4}  {}", say("起始权重", "weights started from")),
        format!(
            "{after:.4}  {}",
            say("找到的权重（按它选出，偏乐观）", "weights found (chosen by this figure: optimistic)")
        ),
        format!("{held_out:.4}  {}", say("留出的查询（应以此为准）", "queries held out (the figure to believe)")),
        format!("{:+.4}  95% {} {:+.4} … {:+.4}", held_out - before, say("区间", "interval"), interval.0, interval.1),
        report.weights.to_toml().trim_end().to_owned(),
    ];
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
