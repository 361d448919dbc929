//! `duijie eval build`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::data::DataDirectory;
use super::output::Output;
use crate::domain::{Date, Language};
use crate::engine::{Engine, SetBuilding};

#[derive(Args)]
pub(super) struct Build {
    /// 新评测集的目录
    #[arg(value_name = "目录")]
    set: PathBuf,
    /// 只用这一天及以后的推送（如 2026-01-31）
    #[arg(long, value_name = "日期")]
    from: Option<String>,
    /// 只用这一天及以前的推送
    #[arg(long, value_name = "日期")]
    to: Option<String>,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(Build { set, from, to, data }: &Build, output: &Output) -> anyhow::Result<ExitCode> {
    let day = |text: &Option<String>| text.as_deref().map(str::parse::<Date>).transpose();
    let period = (day(from)?, day(to)?);
    let engine = Engine::open_existing(data.place()?).await?;
    let built = engine.build_judged_set(set, period).await;
    engine.close().await;
    let built = built?;
    output.answer(&built, || told(&built, &set.display().to_string(), output))?;
    Ok(ExitCode::SUCCESS)
}

fn told(built: &SetBuilding, set: &str, output: &Output) -> String {
    let say = |chinese, english| output.say(chinese, english);
    let SetBuilding { deliveries, events, withdrawn, listings, queries, without_relevant, grades, gone, .. } = built;
    let count = |chinese, english, count: &usize| format!("{} {count}", say(chinese, english));
    let mut lines = vec![
        [
            count("推送", "deliveries", deliveries),
            count("反馈", "events", events),
            count("已撤销（不用）", "taken back, not used", withdrawn),
        ]
        .join("  "),
        [
            count("许可信息", "listings", listings),
            count("企业", "enterprises", queries),
            count("没有相关许可信息、未收入的企业", "enterprises left out, nothing relevant", without_relevant),
        ]
        .join("  "),
        format!(
            "{}  0: {}  1: {}  2: {}  3: {}",
            say("评判", "judgements"),
            grades[0],
            grades[1],
            grades[2],
            grades[3]
        ),
    ];
    if *gone > 0 {
        lines.push(count("许可信息已不在库中的评判", "judgements of listings that are gone", gone));
    }
    let places: Vec<String> = built.examination.iter().map(|share| format!("{share:.2}")).collect();
    lines.push(format!(
        "{} {}",
        say("各位置被看到的比例（第一位为 1）", "share of lists looked at, by place"),
        places.join(" ")
    ));
    lines.push(match output.language {
        Language::Chinese => format!("{set} 含有企业档案，请按个人信息和商业信息保管"),
        Language::English => format!("{set} holds records of enterprises: keep it as you keep those"),
    });
    lines.join("\n")
}
