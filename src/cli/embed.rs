//! `duijie embed`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::numbers;
use super::output::Output;
use crate::engine::{self, DistillingSettings};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 由教师模型的向量训练词向量（见 models/README.md）
    Train(Train),
    /// 与一段文字意思最接近的词
    Nearest(Nearest),
    /// 两段文字的意思有多接近（余弦，-1 到 1）
    Similarity(Similarity),
}

#[derive(Args)]
pub(super) struct Train {
    /// 文本，每行一条
    #[arg(long, value_name = "文件")]
    texts: PathBuf,
    /// 各条文本的向量，32 位小端浮点数
    #[arg(long, value_name = "文件")]
    vectors: PathBuf,
    /// 写到哪里
    #[arg(long, value_name = "文件")]
    out: PathBuf,
    /// 向量维数
    #[arg(long, default_value_t = DistillingSettings::default().dimensions as u32, value_parser = clap::value_parser!(u32).range(8..=1024))]
    dimensions: u32,
    /// 词至少出现在多少条文本中
    #[arg(long, default_value_t = DistillingSettings::default().least_texts)]
    least_texts: u32,
    /// 岭回归的强度
    #[arg(long, default_value_t = DistillingSettings::default().ridge, value_parser = numbers::not_negative)]
    ridge: f32,
}

#[derive(Args)]
pub(super) struct Nearest {
    /// 词或一段文字
    #[arg(value_name = "文字")]
    text: String,
    /// 多少个词
    #[arg(short, long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    k: u16,
    /// 词向量文件；不填则用随程序发布的
    #[arg(long, value_name = "文件")]
    embedding: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct Similarity {
    /// 一段文字
    #[arg(value_name = "文字")]
    left: String,
    /// 另一段文字
    #[arg(value_name = "文字")]
    right: String,
    /// 词向量文件；不填则用随程序发布的
    #[arg(long, value_name = "文件")]
    embedding: Option<PathBuf>,
}

pub(super) fn run(verb: Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Train(arguments) => train(&arguments, output),
        Verb::Nearest(Nearest { text, k, embedding }) => {
            let found = engine::nearest_terms(embedding.as_deref(), &text, usize::from(k))?;
            let told = || {
                let terms = found.iter().flatten();
                terms.map(|near| format!("{:.3}  {}\n", near.similarity, near.term)).collect()
            };
            output.answer(&found, told)?;
            Ok(known(found.is_some(), output))
        }
        Verb::Similarity(Similarity { left, right, embedding }) => {
            let found = engine::similarity(embedding.as_deref(), &left, &right)?;
            output.answer(&found, || found.map_or_else(String::new, |cosine| format!("{cosine:.3}")))?;
            Ok(known(found.is_some(), output))
        }
    }
}

fn train(arguments: &Train, output: &Output) -> anyhow::Result<ExitCode> {
    let settings = DistillingSettings {
        dimensions: arguments.dimensions as usize,
        least_texts: arguments.least_texts,
        ridge: arguments.ridge,
        ..DistillingSettings::default()
    };
    let report = engine::train_embedding(&arguments.texts, &arguments.vectors, &arguments.out, settings)?;
    output.answer(&report, || {
        format!(
            "{} {}，{} {} × {}，{} {:.4}，{} {}，{:.1} MB",
            output.say("文本", "texts"),
            report.texts,
            output.say("词", "terms"),
            report.terms,
            report.dimensions,
            output.say("留出文本与教师的余弦", "cosine to the teacher on held-out texts"),
            report.cosine,
            output.say("版本", "version"),
            report.version,
            report.bytes as f64 / 1e6
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Where nothing of a text is known there is no answer, and that is said.
fn known(known: bool, output: &Output) -> ExitCode {
    if known {
        return ExitCode::SUCCESS;
    }
    output
        .remark(output.say("文字中没有认识的词：请换一种说法", "no term of the text is known: say it in other words"));
    ExitCode::FAILURE
}
