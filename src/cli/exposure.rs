//! `duijie match exposure`

use std::fmt::Write;

use clap::Args;

use super::DataDirectory;
use super::numbers;
use super::output::Output;
use crate::engine::{Engine, Exposure, ExposurePolicy, ExposureReport};

#[derive(Args)]
pub(super) struct Arguments {
    /// 每家企业展示几条
    #[arg(short = 'n', long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    number: u16,
    /// 取多少家企业，按编号均匀选取
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    enterprises: u32,
    /// 一件许可信息至多展示给多少家企业
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    most: u32,
    /// 合适的许可信息至少展示给多少家企业
    #[arg(long, default_value_t = 1)]
    least: u32,
    /// 怎样算合适：得分不低于被替换者的这个比例，0 到 1
    #[arg(long, default_value_t = 0.8, value_parser = numbers::not_negative)]
    near: f32,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<()> {
    let policy = ExposurePolicy {
        places: usize::from(arguments.number),
        most: Some(arguments.most as usize),
        least: arguments.least as usize,
        near: f64::from(arguments.near),
    };
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let report = engine.exposure(arguments.enterprises as usize, policy).await;
    engine.close().await;
    let report = report?;
    output.answer(&report, || told(&report, output))
}

fn told(report: &ExposureReport, output: &Output) -> String {
    let ExposureReport { enterprises, listings, with } = report;
    let mut text = format!(
        "{enterprises} {} × {listings} {}\n",
        output.say("家企业", "enterprises"),
        output.say("件许可信息", "listings")
    );
    for Exposure { rules, places, coverage, gini, most, kept, short } in with {
        let name = match *rules {
            "none" => output.say("按排序", "as ranked"),
            "cap" => output.say("限热门", "cap on popularity"),
            "first exposure" => output.say("保首展", "first exposure"),
            _ => output.say("两者", "both"),
        };
        _ = writeln!(
            text,
            "{name}  coverage {coverage:.4}  gini {gini:.4}  most {most}  kept {kept:.4}  places {places}  short {short}"
        );
    }
    text
}
