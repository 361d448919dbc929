//! `duijie bench`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Output;
use super::{DataDirectory, day, generate};
use crate::engine::{self, CampaignSize, Engine, MatchWork, benchmark_fit, benchmark_index, benchmark_match};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 建立索引的速度（含提交与合并为一段）
    Index(Index),
    /// 分类器训练的速度（只计训练，特征由文件给出）
    Fit(Fit),
    /// 匹配的速度：画像与文本由文件给出，按 BM25 精确计分
    Match(Match),
    /// 为单家企业推荐的速度：由内存中的画像到带理由的推荐
    Recommend(Recommend),
    /// 计划一次推送的速度：由存储到每家企业推送哪些，含与最优的差距
    Campaign(Campaign),
    /// 由真实文本生成任意规模的测试数据（不得提交到代码库或对外提供）
    Generate(generate::Arguments),
}

#[derive(Args)]
pub(super) struct Recommend {
    /// 企业数，在全部企业中均匀选取
    #[arg(long, default_value_t = 1_000)]
    enterprises: usize,
    /// 推荐条数
    #[arg(short = 'n', long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    number: u16,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Campaign {
    /// 企业数，按编号取前若干家
    #[arg(long, default_value_t = 110_000)]
    enterprises: usize,
    /// 许可信息数，按编号取在架的前若干件
    #[arg(long, default_value_t = 60_000)]
    listings: usize,
    /// 每家至多推送几件
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    per_enterprise: u8,
    /// 每件至多推送给几家
    #[arg(long, default_value_t = 50)]
    most: usize,
    /// 每件至少推送给几家（适合的企业不足时，以适合的为限）
    #[arg(long, default_value_t = 1)]
    least: usize,
    /// 按这一天判断许可是否有效（默认今天）
    #[arg(long, value_name = "日期")]
    today: Option<String>,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Match {
    /// 文本：每行“编号 TAB 词 词 …”
    #[arg(long, value_name = "文件")]
    docs: PathBuf,
    /// 画像：每行“编号 TAB 词^权重 词^权重 …”
    #[arg(long, value_name = "文件")]
    queries: PathBuf,
    /// 线程数
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: u8,
    /// 每个画像取前几条
    #[arg(short, default_value_t = 100)]
    k: usize,
    /// 写出 TREC 格式的结果
    #[arg(long, value_name = "文件")]
    run: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Fit {
    /// 训练行，LIBSVM 格式，类别从 0 编号
    #[arg(long, value_name = "文件")]
    train: PathBuf,
    /// 测试行，格式相同
    #[arg(long, value_name = "文件")]
    test: PathBuf,
    /// 线程数
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: u8,
}

#[derive(Args)]
pub(super) struct Index {
    /// 文本：每行“编号 TAB 文本”
    #[arg(long, value_name = "文件")]
    docs: PathBuf,
    /// 分析与计数的线程数（另有一个线程写索引）
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=8))]
    threads: u8,
    /// 建立索引的空目录
    #[arg(long, value_name = "目录")]
    dir: PathBuf,
}

pub(super) async fn run(verb: &Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Index(arguments) => index(arguments, output)?,
        Verb::Fit(arguments) => fit(arguments, output)?,
        Verb::Match(arguments) => matching(arguments, output)?,
        Verb::Recommend(arguments) => recommend(arguments, output).await?,
        Verb::Campaign(arguments) => campaign(arguments, output).await?,
        Verb::Generate(arguments) => generate::run(arguments, output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn index(arguments: &Index, output: &Output) -> anyhow::Result<()> {
    let figures = benchmark_index(&arguments.docs, &arguments.dir, usize::from(arguments.threads))?;
    output.answer(&figures, || {
        format!("duijie docs={} index_s={:.2} docs_per_s={:.0}", figures.docs, figures.index_s, figures.docs_per_s)
    })
}

fn fit(arguments: &Fit, output: &Output) -> anyhow::Result<()> {
    let figures = benchmark_fit(&arguments.train, &arguments.test, usize::from(arguments.threads))?;
    output.answer(&figures, || {
        format!(
            "duijie rows={} classes={} fit_s={:.2} accuracy={:.4}",
            figures.rows, figures.classes, figures.fit_s, figures.accuracy
        )
    })
}

fn matching(arguments: &Match, output: &Output) -> anyhow::Result<()> {
    let Match { docs, queries, threads, k, run } = arguments;
    let threads = usize::from(*threads);
    let figures = benchmark_match(MatchWork { docs, queries, threads, k: *k, run: run.as_deref() })?;
    output.answer(&figures, || {
        format!(
            "duijie docs={} build_s={:.2} mb={:.0} queries={} terms={:.1} postings={:.0} p50_ms={:.3} p99_ms={:.3} \
             mean_ms={:.3} total_s={:.2} ns_per_posting={:.3} read_ns_per_posting={:.3}",
            figures.docs,
            figures.build_s,
            figures.bytes as f64 / 1e6,
            figures.queries,
            figures.query_terms,
            figures.postings,
            figures.p50_ms,
            figures.p99_ms,
            figures.mean_ms,
            figures.total_s,
            figures.ns_per_posting,
            figures.read_ns_per_posting
        )
    })
}

async fn campaign(arguments: &Campaign, output: &Output) -> anyhow::Result<()> {
    let size = CampaignSize {
        enterprises: arguments.enterprises,
        listings: arguments.listings,
        per_enterprise: usize::from(arguments.per_enterprise),
        most: arguments.most,
        least: arguments.least,
    };
    let today = day(arguments.today.as_deref())?;
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let bar = output.bar(output.say("计划", "planning"));
    let planned = engine.benchmark_campaign(size, today, &|progress| bar.show(progress)).await;
    drop(bar);
    engine.close().await;
    let figures = planned?;
    output.answer(&figures, || {
        format!(
            "duijie enterprises={} listings={} pairs={} sent={} seconds={:.1} assign_s={:.1} peak_mb={:.0} over_cap={} \
             coverage={:.4} gini={:.4} short={} value={:.1} of={:.1} gap={:.5}",
            figures.enterprises,
            figures.listings,
            figures.pairs,
            figures.sent,
            figures.seconds,
            figures.assign_seconds,
            figures.peak_mb.unwrap_or_default(),
            figures.over_cap,
            figures.coverage,
            figures.gini,
            figures.short,
            figures.value,
            figures.unlimited,
            figures.gap
        )
    })
}

async fn recommend(arguments: &Recommend, output: &Output) -> anyhow::Result<()> {
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let number = usize::from(arguments.number);
    let figures = engine.benchmark_recommend(arguments.enterprises, number, engine::today()).await;
    engine.close().await;
    let figures = figures?;
    output.answer(&figures, || {
        format!(
            "duijie listings={} enterprises={} terms={:.0} given={:.1} p50_ms={:.3} p99_ms={:.3} mean_ms={:.3} mb={:.0}",
            figures.listings,
            figures.enterprises,
            figures.terms,
            figures.given,
            figures.p50_ms,
            figures.p99_ms,
            figures.mean_ms,
            figures.bytes as f64 / 1e6
        )
    })
}
