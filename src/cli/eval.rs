//! `duijie eval`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Output;
use crate::engine::{Evaluation, Measure, evaluate};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 对一个评测集排序并打分
    Run(Arguments),
}

#[derive(Args)]
pub(super) struct Arguments {
    /// 评测集目录：listings.jsonl.gz，enterprises.jsonl.gz 或 needs.jsonl.gz，qrels.txt（可无）
    #[arg(value_name = "目录")]
    set: PathBuf,
    /// 每个查询取前多少条
    #[arg(short, long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    k: u32,
    /// TREC 结果文件
    #[arg(long, value_name = "文件")]
    out: Option<PathBuf>,
}

pub(super) fn run(verb: &Verb, output: &Output) -> anyhow::Result<ExitCode> {
    let Verb::Run(arguments) = verb;
    let bar = output.bar(output.say("评测", "evaluating"));
    let evaluation =
        evaluate(&arguments.set, arguments.k as usize, arguments.out.as_deref(), &|progress| bar.show(progress))?;
    drop(bar);
    output.answer(&evaluation, || told(&evaluation, output))?;
    Ok(ExitCode::SUCCESS)
}

fn told(evaluation: &Evaluation, output: &Output) -> String {
    let Evaluation { set, listings, queries, rejected, metrics, .. } = evaluation;
    let mut text = format!("{set}  listings {listings}  queries {queries}");
    if *rejected > 0 {
        text.push_str(&format!("  {} {rejected}", output.say("无法读取的行", "rows rejected")));
    }
    match metrics {
        Some(m) => text.push_str(&format!(
            "\njudged {}  nDCG@10 {:.4}  Recall@100 {:.4}  MRR {:.4}  MAP {:.4}",
            m.queries,
            m.get(Measure::NdcgAt10),
            m.get(Measure::RecallAt100),
            m.get(Measure::Mrr),
            m.get(Measure::Map)
        )),
        None => text.push_str(output.say("\n没有 qrels.txt，未打分", "\nno qrels.txt: not scored")),
    }
    text
}
