//! `duijie bench generate`

use std::fmt::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::output::Output;
use crate::engine::{Shape, WorkForm, WorkReport, WorkRequest, generate_work};

#[derive(Args)]
pub(super) struct Arguments {
    /// 专利文件，可以多个；生成的内容由其中的文字拼接而成
    #[arg(long, required = true, num_args = 1.., value_name = "文件")]
    patents: Vec<PathBuf>,
    /// 企业文件，可以多个；不给出时由专利生成企业画像
    #[arg(long, num_args = 1.., value_name = "文件")]
    enterprises: Vec<PathBuf>,
    /// 许可信息（文档）的数量
    #[arg(long, value_name = "数量")]
    listings: u64,
    /// 企业（画像）的数量
    #[arg(long, value_name = "数量", default_value_t = 500)]
    profiles: u64,
    /// 由专利生成的画像最多的词数
    #[arg(long, value_name = "词数", default_value_t = 40)]
    terms: usize,
    /// 随机数种子：相同的来源、数量和种子得到相同的文件
    #[arg(long, value_name = "种子", default_value_t = 1)]
    seed: u64,
    /// 写入的目录，应为新目录或空目录
    #[arg(long, value_name = "目录")]
    out: PathBuf,
    /// 文件的形式：分好的词（bench match 和对照程序所用），或可以导入的记录
    #[arg(long, value_enum, default_value_t = Form::Tokens)]
    form: Form,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Tokens,
    Records,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> anyhow::Result<()> {
    let request = WorkRequest {
        patents: arguments.patents.clone(),
        enterprises: arguments.enterprises.clone(),
        listings: arguments.listings,
        profiles: arguments.profiles,
        terms: arguments.terms,
        seed: arguments.seed,
        form: match arguments.form {
            Form::Tokens => WorkForm::Tokens,
            Form::Records => WorkForm::Records,
        },
        out: arguments.out.clone(),
    };
    let bar = output.bar(output.say("生成", "generating"));
    let report = generate_work(&request, &|progress| bar.show(progress))?;
    drop(bar);
    output.answer(&report, || told(&report, output))
}

fn told(report: &WorkReport, output: &Output) -> String {
    let mut text = String::new();
    for file in &report.files {
        let rows = output.say("行", "rows");
        _ = writeln!(text, "{}: {} {rows}, {:.1} MB", file.name, file.lines, file.bytes as f64 / 1e6);
    }
    if report.left_out > 0 {
        let left_out = output.say("来源中没有使用的行", "rows of the sources left out");
        _ = writeln!(text, "{left_out}: {}", report.left_out);
    }
    _ = writeln!(text, "{:>10} {:>10} {:>8}", output.say("来源", "sources"), output.say("生成", "generated"), "±");
    for (zh, en, figure) in FIGURES {
        let (source, generated) = (figure(&report.sources), figure(&report.generated));
        let change = if source > 0.0 { format!("{:+.1} %", 100.0 * (generated / source - 1.0)) } else { "–".into() };
        _ = writeln!(text, "{source:10.3} {generated:10.3} {change:>8}  {}", output.say(zh, en));
    }
    text + output.say(
        "生成的文字来自来源文件，不得提交到代码库或对外提供",
        "the texts are those of the sources: do not commit or hand them on",
    )
}

/// A line of the comparison: its name in Chinese and English, and where its figure stands.
type Figure = (&'static str, &'static str, fn(&Shape) -> f64);

const FIGURES: [Figure; 9] = [
    ("每篇词数，平均", "words of a document, mean", |shape| shape.words_mean),
    ("每篇词数，90% 分位", "words of a document, p90", |shape| shape.words_p90 as f64),
    ("每篇不同的词，平均", "distinct words of a document, mean", |shape| shape.distinct_mean),
    ("每篇不同的词，90% 分位", "distinct words of a document, p90", |shape| shape.distinct_p90 as f64),
    ("含最常见的 10 个词的文档比例", "share of documents with the top 10 words", |shape| {
        shape.share_of_top_10
    }),
    ("含最常见的 100 个词的文档比例", "share of documents with the top 100 words", |shape| {
        shape.share_of_top_100
    }),
    ("含最常见的 1000 个词的文档比例", "share of documents with the top 1000 words", |shape| {
        shape.share_of_top_1000
    }),
    ("画像词数，平均", "words of a profile, mean", |shape| shape.profile_mean),
    ("画像词数，90% 分位", "words of a profile, p90", |shape| shape.profile_p90 as f64),
];
