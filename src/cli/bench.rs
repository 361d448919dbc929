//! `duijie bench`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Output;
use crate::engine::benchmark_index;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 建立索引的速度（含提交与合并为一段）
    Index(Arguments),
}

#[derive(Args)]
pub(super) struct Arguments {
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
    let Verb::Index(arguments) = verb;
    let figures = benchmark_index(&arguments.docs, &arguments.dir, usize::from(arguments.threads))?;
    output.answer(&figures, || {
        format!("duijie docs={} index_s={:.2} docs_per_s={:.0}", figures.docs, figures.index_s, figures.docs_per_s)
    })?;
    Ok(ExitCode::SUCCESS)
}
