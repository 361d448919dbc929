//! The command line: one verb per file.
//!
//! In come arguments, out come answers for people (Chinese, English by option) or JSON, on standard output; messages and
//! progress go to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage. Nothing is decided here: every verb asks
//! `engine`.

mod account;
mod audit;
mod backup;
mod bench;
mod bridge;
mod build_set;
mod classify;
mod data;
mod demo;
mod embed;
mod eval;
mod eval_words;
mod exposure;
mod feedback;
mod firms;
mod forget;
mod generate;
mod import;
mod judge;
mod listing;
mod lists;
mod matching;
mod models;
mod numbers;
mod output;
mod price;
mod recommend;
mod reindex;
mod search;
mod serve;
mod trail;
mod tune;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::domain::{Date, DateError, Language, Notice};
use crate::engine::{self, DatabaseError, EngineError};
use data::DataDirectory;
use output::Output;

/// 对接：让专利开放许可找到用得上的企业。
#[derive(Parser)]
#[command(name = "duijie", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    shared: Shared,
}

#[derive(Args)]
struct Shared {
    /// 输出 JSON
    #[arg(long, global = true)]
    json: bool,
    /// 提示信息的语言
    #[arg(long, global = true, value_enum, default_value_t = Lang::Zh)]
    lang: Lang,
    /// 日志的形式（写到标准错误；内容由环境变量 RUST_LOG 选择）
    #[arg(long, global = true, value_enum, default_value_t = LogForm::Text, value_name = "形式")]
    log: LogForm,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogForm {
    /// 供人阅读
    Text,
    /// 每行一个 JSON 对象
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Lang {
    Zh,
    En,
}

#[derive(Subcommand)]
enum Verb {
    /// 导入许可信息、企业或专利文件（XLSX、CSV、JSONL，可为 .gz）
    Import(import::Arguments),
    /// 由存储重建索引
    Reindex(reindex::Arguments),
    /// 检索许可信息
    Search(search::Arguments),
    /// 为一家企业推荐许可信息，并说明理由
    Recommend(recommend::Arguments),
    /// 全部企业与全部许可信息的匹配
    #[command(subcommand)]
    Match(matching::Verb),
    /// 定价参考：同领域在架许可的费用、全国备案合同的统计、应留意之处
    Price(price::Arguments),
    /// 许可信息的一生：提交、核验、公开、暂停、撤回、到期
    #[command(subcommand)]
    Listing(listing::Verb),
    /// 账户：开立、批准、停用、密码、令牌
    #[command(subcommand)]
    Account(account::Verb),
    /// 留存备查的全部经过：谁、何时、做了什么、为什么
    Trail(trail::Arguments),
    /// 企业对推荐的反馈：导入、查看、撤销
    #[command(subcommand)]
    Feedback(feedback::Verb),
    /// 评测匹配质量
    #[command(subcommand)]
    Eval(eval::Verb),
    /// 在评测集上寻找更好的配置（交叉验证），写成候选
    Tune(tune::Arguments),
    /// 查看、提出、启用和退回排序配置
    #[command(subcommand)]
    Models(models::Verb),
    /// 训练、使用和评测技术分类器
    #[command(subcommand)]
    Classify(classify::Verb),
    /// 训练和查询词向量
    #[command(subcommand)]
    Embed(embed::Verb),
    /// IPC 与国民经济行业的对应关系
    #[command(subcommand)]
    Bridge(bridge::Verb),
    /// 名称相近的公司在做什么
    #[command(subcommand)]
    Firms(firms::Verb),
    /// 备份数据目录中的存储（可在服务运行时进行）
    Backup(backup::Backup),
    /// 检查备份，或由备份恢复数据目录
    Restore(backup::Restore),
    /// 删除保留期满的推荐记录、反馈和咨询（服务运行时每小时自动进行）
    Forget(forget::Arguments),
    /// 启动 HTTP 服务
    Serve(serve::Arguments),
    /// 用样例数据演示全过程
    Demo(demo::Arguments),
    /// 测量速度
    #[command(subcommand)]
    Bench(bench::Verb),
}

/// Reads the arguments, does what they say, and tells how it went.
#[must_use]
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(wrong) => wrong.exit(),
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr);
    match cli.shared.log {
        LogForm::Text => log.init(),
        LogForm::Json => log.json().with_span_list(false).init(),
    }
    let language = match cli.shared.lang {
        Lang::Zh => Language::Chinese,
        Lang::En => Language::English,
    };
    let output = Output::new(cli.shared.json, language);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return output.failure(&anyhow::Error::new(error)),
    };
    match runtime.block_on(cli.verb.run(&output)) {
        Ok(code) => code,
        Err(error) => output.failure(&error),
    }
}

impl Verb {
    async fn run(self, output: &Output) -> anyhow::Result<ExitCode> {
        match self {
            Self::Import(arguments) => import::run(arguments, output).await,
            Self::Reindex(arguments) => reindex::run(arguments, output).await,
            Self::Search(arguments) => search::run(arguments, output).await,
            Self::Recommend(arguments) => recommend::run(arguments, output).await,
            Self::Match(verb) => matching::run(verb, output).await,
            Self::Price(arguments) => price::run(arguments, output).await,
            Self::Listing(verb) => listing::run(verb, output).await,
            Self::Account(verb) => account::run(verb, output).await,
            Self::Trail(arguments) => trail::run(arguments, output).await,
            Self::Feedback(verb) => feedback::run(verb, output).await,
            Self::Eval(verb) => eval::run(&verb, output).await,
            Self::Tune(arguments) => tune::run(&arguments, output).await,
            Self::Models(verb) => models::run(verb, output).await,
            Self::Classify(verb) => classify::run(verb, output),
            Self::Embed(verb) => embed::run(verb, output),
            Self::Bridge(verb) => bridge::run(verb, output),
            Self::Firms(verb) => firms::run(verb, output),
            Self::Backup(arguments) => backup::back_up(arguments, output).await,
            Self::Restore(arguments) => backup::restore(arguments, output).await,
            Self::Forget(arguments) => forget::run(arguments, output).await,
            Self::Serve(arguments) => serve::run(arguments, output).await,
            Self::Demo(arguments) => demo::run(arguments, output).await,
            Self::Bench(verb) => bench::run(&verb, output).await,
        }
    }
}

/// The day named, or else today.
fn day(text: Option<&str>) -> anyhow::Result<Date> {
    Ok(text.map(str::parse::<Date>).transpose()?.unwrap_or_else(engine::today))
}

/// The message a person is told for an error of any origin.
fn notice(error: &anyhow::Error, language: Language) -> String {
    if let Some(error) = error.downcast_ref::<EngineError>() {
        return error.notice(language);
    }
    if let Some(refusal) = error.downcast_ref::<crate::engine::SearchRefusal>() {
        return refusal.notice(language);
    }
    if let Some(error) = error.downcast_ref::<DatabaseError>() {
        return error.notice(language);
    }
    if let Some(error) = error.downcast_ref::<DateError>() {
        return error.notice(language);
    }
    format!("{error:#}")
}
