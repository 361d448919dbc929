//! `duijie models`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::DataDirectory;
use super::output::Output;
use crate::domain::Date;
use crate::engine::{self, ConfigurationList, Difference, Engine, KnownConfiguration, Promotion, Which};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 列出正在使用的、候选的和用过的配置
    List(List),
    /// 检查一个配置文件，存为候选；正在使用的配置不变
    Propose(Propose),
    /// 启用候选配置，原来的进入历史
    Promote(Promote),
    /// 退回用过的配置
    Rollback(Rollback),
    /// 显示一个配置
    Show(Show),
    /// 两个配置有哪些不同
    Diff(Diff),
}

#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Propose {
    /// 配置文件，格式同 models/ranker/linear.toml
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 名称；不给则用文件中的名称或文件名
    #[arg(long, value_name = "名称")]
    name: Option<String>,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Promote {
    /// 为什么启用
    #[arg(long, value_name = "说明", default_value = "")]
    note: String,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Rollback {
    /// 历史编号；不给则退回上一个
    #[arg(value_name = "编号")]
    number: Option<u32>,
    /// 为什么退回
    #[arg(long, value_name = "说明", default_value = "")]
    note: String,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Show {
    /// active（正在使用）、candidate（候选）、shipped（自带）、历史编号或文件
    #[arg(value_name = "配置", default_value = "active")]
    which: String,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Diff {
    /// 第一个，写法同 show
    #[arg(value_name = "A", default_value = "active")]
    a: String,
    /// 第二个
    #[arg(value_name = "B", default_value = "candidate")]
    b: String,
    #[command(flatten)]
    data: DataDirectory,
}

fn which(text: &str) -> Which {
    match text {
        "active" => Which::Active,
        "candidate" => Which::Candidate,
        "shipped" => Which::Shipped,
        other => other.parse().map_or_else(|_| Which::File(PathBuf::from(other)), Which::Past),
    }
}

pub(super) async fn run(verb: Verb, output: &Output) -> anyhow::Result<ExitCode> {
    let open = async |data: &DataDirectory| anyhow::Ok(Engine::open_for_configurations(data.place()?).await?);
    match verb {
        Verb::List(List { data }) => {
            let list = open(&data).await?.configurations()?;
            output.answer(&list, || listed(&list, output))?;
        }
        Verb::Propose(Propose { file, name, data }) => {
            let candidate = open(&data).await?.propose(&file, name.as_deref(), engine::now())?;
            output.answer(&candidate, || row(output.say("候选", "candidate"), &candidate, output))?;
        }
        Verb::Promote(Promote { note, data }) => {
            let bar = output.bar(output.say("启用", "promoting"));
            let promotion = open(&data).await?.promote(&note, engine::now(), &|progress| bar.show(progress)).await?;
            drop(bar);
            output.answer(&promotion, || promoted(&promotion, output))?;
        }
        Verb::Rollback(Rollback { number, note, data }) => {
            let bar = output.bar(output.say("退回", "rolling back"));
            let engine = open(&data).await?;
            let promotion = engine.roll_back(number, &note, engine::now(), &|progress| bar.show(progress)).await?;
            drop(bar);
            output.answer(&promotion, || promoted(&promotion, output))?;
        }
        Verb::Show(Show { which: name, data }) => {
            let configuration = open(&data).await?.configuration_of(&which(&name))?;
            output.answer(&configuration, || configuration.to_toml().trim_end().to_owned())?;
        }
        Verb::Diff(Diff { a, b, data }) => {
            let engine = open(&data).await?;
            let (a, b) = (engine.configuration_of(&which(&a))?, engine.configuration_of(&which(&b))?);
            let differences = a.differences(&b);
            output.answer(&differences, || differing(&differences, output))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn listed(list: &ConfigurationList, output: &Output) -> String {
    let mut lines = vec![row(output.say("正在使用", "active"), &list.active, output)];
    lines.extend(list.candidate.iter().map(|candidate| row(output.say("候选", "candidate"), candidate, output)));
    lines.extend(list.history.iter().rev().map(|past| {
        let number = past.number.unwrap_or_default();
        row(&format!("{} {number}", output.say("历史", "history")), past, output)
    }));
    lines.join("\n")
}

fn row(place: &str, configuration: &KnownConfiguration, output: &Output) -> String {
    let KnownConfiguration { about, fingerprint, fault, .. } = configuration;
    if let Some(fault) = fault {
        return format!("{place}  {fault}");
    }
    let said = |what: &str, text: &str| if text.is_empty() { String::new() } else { format!("  {what}{text}") };
    let at = |what: &str, seconds: Option<i64>| seconds.map_or_else(String::new, |at| said(what, &moment(at)));
    format!(
        "{place}  {fingerprint}  {}{}{}{}{}",
        if about.name.is_empty() { output.say("（未命名）", "(unnamed)") } else { &about.name },
        said(output.say("来自 ", "from "), &about.from),
        at(output.say("提出于 ", "proposed "), Some(about.proposed).filter(|at| *at > 0)),
        at(output.say("启用于 ", "in force since "), about.promoted),
        said(output.say("说明：", "note: "), &about.note),
    )
}

/// Day, hour and minute in China.
fn moment(seconds: i64) -> String {
    let minutes = (seconds + 8 * 3_600).rem_euclid(86_400) / 60;
    let day = Date::from_unix_seconds(seconds).map_or_else(String::new, |day| day.to_string());
    format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
}

fn promoted(promotion: &Promotion, output: &Output) -> String {
    let mut lines = vec![
        row(output.say("正在使用", "active"), &promotion.active, output),
        format!("{} {}", output.say("原来的配置存为历史", "the one before is kept as history"), promotion.before),
    ];
    lines.extend((!promotion.differences.is_empty()).then(|| differing(&promotion.differences, output)));
    if promotion.matrix_made {
        lines.push(output.say("匹配矩阵已重建", "the match matrix was made anew").to_owned());
    }
    if promotion.rankings_stand {
        lines.push(output.say("批量匹配的结果仍然有效", "batches stay as they are").to_owned());
        return lines.join("\n");
    }
    let batch = ("批量匹配的结果须重做：duijie match all", "batches are to be matched anew: duijie match all");
    lines.push(output.say(batch.0, batch.1).to_owned());
    lines.join("\n")
}

fn differing(differences: &[Difference], output: &Output) -> String {
    if differences.is_empty() {
        return output.say("没有不同", "no difference").to_owned();
    }
    let line = |Difference { name, a, b }: &Difference| format!("{name}  {a} → {b}");
    differences.iter().map(line).collect::<Vec<_>>().join("\n")
}
