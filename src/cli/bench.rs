//! `duijie bench`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Output;
use crate::engine::{benchmark_fit, benchmark_index};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 建立索引的速度（含提交与合并为一段）
    Index(Index),
    /// 分类器训练的速度（只计训练，特征由文件给出）
    Fit(Fit),
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
    /// 写索引的线程数
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=8))]
    threads: u8,
    /// 建立索引的空目录
    #[arg(long, value_name = "目录")]
    dir: PathBuf,
}

pub(super) fn run(verb: &Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Index(arguments) => index(arguments, output)?,
        Verb::Fit(arguments) => fit(arguments, output)?,
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
