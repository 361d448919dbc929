//! `duijie firms`

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Output;
use crate::domain::Language;
use crate::engine::{self, FirmsReport, LikeAnswer, LikeQuestion};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 由专利公报学习各公司在做什么（见 models/README.md）
    Train(Training),
    /// 名称相近的公司主要在哪些 IPC 小类有专利
    Like(Question),
}

#[derive(Args)]
pub(super) struct Training {
    /// 专利：含申请人（专利权人）、发明名称和 IPC 列
    #[arg(long, value_name = "文件")]
    patents: PathBuf,
    /// 写到何处
    #[arg(long, value_name = "文件", default_value = "models/firms.bin")]
    out: PathBuf,
    /// 词向量文件；不填则用随程序发布的
    #[arg(long, value_name = "文件")]
    embedding: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Question {
    /// 企业名称；同名的公司不参与
    #[arg(value_name = "名称")]
    name: String,
    /// 所属行业（可以多个）
    #[arg(long, value_name = "行业")]
    industry: Vec<String>,
    /// 概念标签（可以多个）
    #[arg(long, value_name = "概念")]
    concept: Vec<String>,
    /// 多少个小类
    #[arg(short, long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    k: u16,
}

pub(super) fn run(verb: Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Train(Training { patents, out, embedding }) => {
            let report = engine::train_firms(&patents, embedding.as_deref(), &out)?;
            output.answer(&report, || told_training(&report, &out.display().to_string(), output))?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::Like(Question { name, industry, concept, k }) => {
            let question = LikeQuestion { name, industries: industry, concepts: concept };
            let answer = engine::firms_like(&question, usize::from(k))?;
            output.answer(&answer, || told_answer(&answer, output))?;
            Ok(if answer.firms > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

fn told_training(report: &FirmsReport, out: &str, output: &Output) -> String {
    let FirmsReport { rows, firms, terms, bytes, rejections } = report;
    let refused = rejections.count;
    match output.language {
        Language::Chinese => {
            format!("{rows} 行（另拒绝 {refused} 行），{firms} 家公司，{terms} 个名称用词\n{out}：{bytes} 字节")
        }
        Language::English => {
            format!("{rows} rows ({refused} refused), {firms} companies, {terms} terms of names\n{out}: {bytes} bytes")
        }
    }
}

fn told_answer(answer: &LikeAnswer, output: &Output) -> String {
    if answer.firms == 0 {
        return output.say("没有名称相近的公司", "no company has a like name").to_owned();
    }
    let firms = answer.firms;
    let mut text = match output.language {
        Language::Chinese => format!("名称最相近的 {firms} 家公司的专利分布：\n"),
        Language::English => format!("what the {firms} companies of nearest names hold:\n"),
    };
    for class in &answer.classes {
        _ = writeln!(text, "  {:.3}  {}  {}", class.share, class.symbol, class.title);
    }
    text
}
