//! `duijie classify`

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use super::numbers;
use super::output::Output;
use crate::domain::LabelKind;
use crate::engine::{
    self, ClassifierReport, ComplementNaiveBayes, Learner, PredictionReport, Rejections, TrainingReport,
    TrainingSettings,
};

/// Refused rows printed word for word; `--json` gives all that are kept.
const SHOWN: usize = 10;

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 用带分类的文本训练分类器
    Train(Train),
    /// 给文本分类：最可能的三类、概率和依据
    Predict(Predict),
    /// 用带分类的文本评测分类器
    Evaluate(Evaluate),
}

#[derive(Args)]
pub(super) struct Train {
    /// 训练文件（JSONL、CSV、XLSX，可为 .gz），可以多个
    #[arg(long, required = true, num_args = 1.., value_name = "文件")]
    train: Vec<PathBuf>,
    /// 分成什么：field（35 个技术领域）、section、class、subclass（IPC 部、大类、小类）或 label（文件自带的标签）
    #[arg(long, value_name = "种类")]
    label: LabelKind,
    /// 模型目录
    #[arg(long, value_name = "目录")]
    out: PathBuf,
    /// 词向量文件；不填则用随程序发布的
    #[arg(long, value_name = "文件")]
    embedding: Option<PathBuf>,
    #[command(flatten)]
    tuning: Tuning,
}

/// What is usually left as it is; what fits depends on the kind of label.
#[derive(Args)]
struct Tuning {
    /// 特征至少出现在多少条文本中 [默认 1]
    #[arg(long)]
    least_texts: Option<u32>,
    /// 词向量的权重，0 为不用 [默认 0.5；label 为 0.7]
    #[arg(long, value_parser = numbers::not_negative)]
    meaning: Option<f32>,
    /// 摘要相对于标题的权重，0 为不用 [默认 1.4]
    #[arg(long, value_parser = numbers::not_negative)]
    body: Option<f32>,
    /// 专利权人名称中词的权重，0 为不用 [默认 0]
    #[arg(long, value_parser = numbers::not_negative)]
    holders: Option<f32>,
    /// IPC 官方类名作为训练行的权重，0 为不用 [默认 0.3]
    #[arg(long, value_parser = numbers::not_negative)]
    titles: Option<f32>,
    /// 学习器：线性支持向量机，或用来比较的补集朴素贝叶斯
    #[arg(long, value_enum, default_value_t = Learners::Svm)]
    learner: Learners,
    /// 误分类的代价 C [默认 0.5]
    #[arg(long, value_parser = numbers::above_zero)]
    cost: Option<f32>,
    /// 类别平衡：0 每行同权，1 每类同权 [默认 0；label 为 1]
    #[arg(long, value_parser = numbers::not_negative)]
    balance: Option<f32>,
    /// 小于此值的权重不保存 [默认 0.02]
    #[arg(long, value_parser = numbers::not_negative)]
    least_weight: Option<f32>,
    /// 随机种子 [默认 1]
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Learners {
    Svm,
    Bayes,
}

#[derive(Args)]
pub(super) struct Predict {
    /// 模型目录
    #[arg(long, value_name = "目录")]
    model: PathBuf,
    /// 要分类的文本
    #[arg(long, value_name = "文件")]
    input: PathBuf,
    /// 结果，每行一个 JSON 对象
    #[arg(long, value_name = "文件")]
    out: PathBuf,
    /// 不列出依据，更快
    #[arg(long)]
    no_terms: bool,
}

#[derive(Args)]
pub(super) struct Evaluate {
    /// 模型目录
    #[arg(long, value_name = "目录")]
    model: PathBuf,
    /// 带分类的文本
    #[arg(long, value_name = "文件")]
    test: PathBuf,
    /// 标签种类
    #[arg(long, value_name = "种类")]
    label: LabelKind,
    /// 写入混淆矩阵（表格与图）、概率可信度图和覆盖率曲线的目录
    #[arg(long, value_name = "目录")]
    report: Option<PathBuf>,
}

pub(super) fn run(verb: Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Train(arguments) => {
            let Train { train, label, out, embedding, tuning } = arguments;
            let report = engine::train_classifier(&train, label, &out, embedding.as_deref(), &tuning.settings(label))?;
            output.answer(&report, || told_training(&report, output))?;
        }
        Verb::Predict(Predict { model, input, out, no_terms }) => {
            let bar = output.bar(output.say("分类", "classifying"));
            let report = engine::classify_file(&model, &input, &out, !no_terms, &|progress| bar.show(progress))?;
            drop(bar);
            output.answer(&report, || told_prediction(&report, output))?;
        }
        Verb::Evaluate(Evaluate { model, test, label, report: charts }) => {
            let report = engine::evaluate_classifier(&model, &test, label, charts.as_deref())?;
            output.answer(&report, || told_evaluation(&report, output))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Tuning {
    fn settings(&self, kind: LabelKind) -> TrainingSettings {
        fn replace<T: Copy>(value: &mut T, given: Option<T>) {
            *value = given.unwrap_or(*value);
        }
        let mut settings = TrainingSettings::of(kind);
        replace(&mut settings.features.least_texts, self.least_texts);
        replace(&mut settings.features.meaning, self.meaning);
        replace(&mut settings.features.body, self.body);
        replace(&mut settings.features.holders, self.holders);
        replace(&mut settings.titles, self.titles);
        replace(&mut settings.least_weight, self.least_weight);
        replace(&mut settings.seed, self.seed);
        match (&mut settings.learner, self.learner) {
            (Learner::Svm(learner), Learners::Svm) => {
                replace(&mut learner.cost, self.cost);
                replace(&mut learner.balance, self.balance);
                replace(&mut learner.seed, self.seed);
            }
            (learner, _) => *learner = Learner::Bayes(ComplementNaiveBayes::default()),
        }
        settings
    }
}

fn told_training(report: &TrainingReport, output: &Output) -> String {
    let mut text = format!(
        "{}: {} {}, {} {}, {} {}, {} {}, {:.1} MB\n",
        report.label,
        output.say("行", "rows"),
        report.rows,
        output.say("类", "classes"),
        report.classes,
        output.say("特征", "features"),
        report.features,
        output.say("权重", "weights"),
        report.weights,
        report.bytes as f64 / 1e6
    );
    _ = writeln!(
        text,
        "{}: accuracy {:.4}  ece {:.4}",
        output.say("留出检验", "on rows kept from training"),
        report.accuracy,
        report.ece
    );
    let learnt_from = match report.abstracts {
        true => output.say("学习内容：名称和摘要", "learnt from titles and abstracts"),
        false => output.say("学习内容：名称", "learnt from titles"),
    };
    _ = writeln!(text, "{learnt_from}");
    if report.unlabelled > 0 {
        _ = writeln!(
            text,
            "{} {}",
            output.say("没有标签、未使用的行", "rows without a label, left out"),
            report.unlabelled
        );
    }
    if report.lone_classes > 0 {
        let lone = output.say("只有一行的类（可以学习，但无法检验）", "classes of one row (learnt, not checked)");
        _ = writeln!(text, "{lone} {}", report.lone_classes);
    }
    rejections(&mut text, &report.rejections, output);
    text
}

fn told_prediction(report: &PredictionReport, output: &Output) -> String {
    let mut text = format!(
        "{} {}, {} {}, {} {}\n",
        output.say("文本", "texts"),
        report.texts,
        output.say("可信", "certain"),
        report.certain,
        output.say("无法判断", "unknown"),
        report.unknown
    );
    rejections(&mut text, &report.rejections, output);
    text
}

fn told_evaluation(report: &ClassifierReport, output: &Output) -> String {
    let figures = &report.evaluation;
    let mut text = format!(
        "{}: rows {} (unlabelled {})  accuracy {:.4}  top3 {:.4}  macro_f1 {:.4}  micro_f1 {:.4}  ece {:.4}\n",
        report.label,
        figures.rows,
        report.unlabelled,
        figures.accuracy,
        figures.top3,
        figures.macro_f1,
        figures.micro_f1,
        figures.ece
    );
    _ = writeln!(
        text,
        "{}: {:.1} % (≥ {:.2}), accuracy {:.4}",
        output.say("可信的预测", "certain"),
        figures.certain.coverage * 100.0,
        figures.certain.threshold,
        figures.certain.accuracy
    );
    for (rows, words) in [
        (figures.unseen, output.say("训练中没有的类的行", "rows of classes unseen in training")),
        (figures.unknown, output.say("无法判断的行", "rows of which nothing is known")),
    ] {
        if rows > 0 {
            _ = writeln!(text, "{words} {rows}");
        }
    }
    let wrong = figures.confusions.iter().filter(|(truth, said, _)| truth != said);
    for (truth, said, rows) in wrong.take(SHOWN) {
        let named =
            |label: &str| format!("{label} {}", report.label.meaning(label).chars().take(16).collect::<String>());
        _ = writeln!(text, "  {rows:5}  {} → {}", named(truth), named(said));
    }
    rejections(&mut text, &report.rejections, output);
    text
}

fn rejections(text: &mut String, rejections: &Rejections, output: &Output) {
    if rejections.count > 0 {
        _ = writeln!(text, "{} {}", output.say("无法读取的行", "rows rejected"), rejections.count);
    }
    for problem in rejections.problems.iter().take(SHOWN) {
        _ = writeln!(text, "  {}", output.say(&problem.message, &problem.message_en));
    }
}
