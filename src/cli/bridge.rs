//! `duijie bridge`

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::output::Output;
use crate::domain::Language;
use crate::engine::{
    BridgeAnswer, BridgeEvaluation, BridgeFiles, BridgeTraining, FileReading, Told, evaluate_bridge, show_bridge,
    train_bridge,
};

/// Problems printed word for word of each file; `--json` gives all that are kept.
const SHOWN: usize = 5;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 由实例与参照关系表生成 IPC 与国民经济行业的对应表
    Train(Training),
    /// 交叉验证对应表的好坏
    Evaluate(Evaluation),
    /// 查询一个 IPC 分类号或行业代码的对应关系
    Show(Question),
}

#[derive(Args)]
struct Files {
    /// 专利实例：含 ipc 与 nic（国民经济行业代码）列
    #[arg(long, value_name = "文件")]
    pairs: PathBuf,
    /// 参照关系表：含 ipc_pattern、exclusions、gbt4754_code 列
    #[arg(long, value_name = "文件")]
    table: PathBuf,
    /// IPC 中文类名：含 code 与 title_zh 列
    #[arg(long, value_name = "文件", requires = "industry_notes")]
    ipc_titles: Option<PathBuf>,
    /// 国民经济行业分类注释：含 code 与 remark 列
    #[arg(long, value_name = "文件", requires = "ipc_titles")]
    industry_notes: Option<PathBuf>,
    /// 各类专利，用以统计各小类的多少
    #[arg(long, value_name = "文件")]
    stock: Option<PathBuf>,
}

impl From<Files> for BridgeFiles {
    fn from(files: Files) -> Self {
        let texts = files.ipc_titles.zip(files.industry_notes);
        Self { pairs: files.pairs, table: files.table, texts, stock: files.stock }
    }
}

#[derive(Args)]
pub(super) struct Training {
    #[command(flatten)]
    files: Files,
    /// 对应表写到何处
    #[arg(long, value_name = "文件", default_value = "models/industry_bridge.csv")]
    out: PathBuf,
}

#[derive(Args)]
pub(super) struct Evaluation {
    #[command(flatten)]
    files: Files,
    /// 分成几份
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..=50))]
    folds: u8,
    /// 决定如何分份的种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Args)]
pub(super) struct Question {
    /// IPC 分类号（H01M10/0525、H01M10、H01M）或行业代码（3841、C38）
    #[arg(value_name = "代码")]
    code: String,
}

pub(super) fn run(verb: Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Train(Training { files, out }) => {
            let trained = train_bridge(&files.into(), &out)?;
            output.answer(&trained, || told_training(&trained, &out.display().to_string(), output))?;
        }
        Verb::Evaluate(Evaluation { files, folds, seed }) => {
            let figures = evaluate_bridge(&files.into(), usize::from(folds), seed)?;
            output.answer(&figures, || told_figures(&figures, output))?;
        }
        Verb::Show(Question { code }) => {
            let answer = show_bridge(&code)?;
            output.answer(&answer, || told_answer(&answer, output))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told_training(trained: &BridgeTraining, out: &str, output: &Output) -> String {
    let mut text = told_files(&trained.files, output);
    let (links, bytes) = (trained.links, trained.bytes);
    _ = match output.language {
        Language::Chinese => writeln!(text, "{out}：{links} 条对应，{bytes} 字节"),
        Language::English => writeln!(text, "{out}: {links} links, {bytes} bytes"),
    };
    _ = writeln!(text, "SHA-256 {}", trained.sha256);
    text
}

fn told_files(files: &[FileReading], output: &Output) -> String {
    let mut text = String::new();
    for FileReading { file, read, used, incomplete, rejected, left_out, problems } in files {
        _ = match output.language {
            Language::Chinese => writeln!(
                text,
                "{file}：读取 {read} 行，使用 {used}，不完整 {incomplete}，拒绝 {rejected}，略去的值 {left_out}"
            ),
            Language::English => writeln!(
                text,
                "{file}: {read} rows read, {used} used, {incomplete} incomplete, {rejected} rejected, {left_out} values left out"
            ),
        };
        for problem in problems.iter().take(SHOWN) {
            _ = writeln!(text, "    {}", output.say(&problem.message, &problem.message_en));
        }
        if problems.len() > SHOWN {
            _ = writeln!(text, "    {}", output.say("……其余见 --json", "… more with --json"));
        }
    }
    text
}

fn told_figures(evaluation: &BridgeEvaluation, output: &Output) -> String {
    let mut text = told_files(&evaluation.files, output);
    let figures = &evaluation.figures;
    let (pairs, inventions, folds, seed) = (figures.pairs, figures.inventions, figures.folds, figures.seed);
    _ = match output.language {
        Language::Chinese => {
            writeln!(text, "{pairs} 件专利，{inventions} 件发明（同族、同名者同份），{folds} 份，种子 {seed}")
        }
        Language::English => {
            writeln!(text, "{pairs} patents, {inventions} inventions (held out together), {folds} folds, seed {seed}")
        }
    };
    let by_invention = output.say("专利 → 行业，留出发明", "patent to industry, inventions held out");
    let by_subclass = output.say("专利 → 行业，留出小类", "patent to industry, subclasses held out");
    for (title, scores) in [(by_invention, &figures.forward), (by_subclass, &figures.unseen_subclass)] {
        _ = writeln!(text, "\n{title}\n{:24}   P@1    R@3    R@5    MRR  answered", "");
        for s in scores {
            let figures =
                [s.precision_at_1, s.recall_at_3, s.recall_at_5, s.mrr, s.answered].map(|f| format!("{f:.4}"));
            _ = writeln!(text, "{}  {:16}{}", s.level.chinese(), s.system, figures.join(" "));
        }
    }
    let reverse = output.say("行业 → 小类，留出发明", "industry to subclass, inventions held out");
    _ = writeln!(text, "\n{reverse}\n{:24}   MRR   R@10", "");
    for s in &figures.reverse {
        _ = writeln!(text, "{}  {:16}{:.4} {:.4}", s.level.chinese(), s.system, s.mrr, s.recall_at_10);
    }
    text
}

fn told_answer(answer: &BridgeAnswer, output: &Output) -> String {
    let mut text = String::new();
    match answer {
        BridgeAnswer::Symbol(symbol) => {
            _ = writeln!(text, "{}  {}", symbol.symbol, symbol.title);
            for emerging in &symbol.emerging {
                _ = writeln!(text, "  {} {emerging}", output.say("战略性新兴产业", "strategic emerging industry"));
            }
            told_list(&mut text, output.say("大类", "divisions"), &symbol.divisions, output);
            told_list(&mut text, output.say("中类", "groups"), &symbol.groups, output);
        }
        BridgeAnswer::Industry(industry) => {
            _ = writeln!(text, "{}  {}", industry.industry, industry.name);
            told_list(&mut text, output.say("IPC 小类", "IPC subclasses"), &industry.parts, output);
        }
    }
    text
}

fn told_list(text: &mut String, title: &str, list: &[Told], output: &Output) {
    _ = writeln!(text, "{title}{}", output.say("：", ":"));
    if list.is_empty() {
        _ = writeln!(text, "  {}", output.say("没有已知的对应", "none is known"));
    }
    for Told { code, name, weight, sources } in list {
        let names: Vec<&str> = sources.iter().map(|source| output.say(source.chinese(), source.word())).collect();
        let names = names.join(output.say("、", ", "));
        _ = writeln!(text, "  {weight:.3}  {code:5} {name}{}{names}{}", output.say("（", " ("), output.say("）", ")"));
    }
}
