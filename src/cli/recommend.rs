//! `duijie recommend`

use std::fmt::Write;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::lists::Lists;
use super::output::Output;
use super::search::facts;
use super::{DataDirectory, day};
use crate::domain::{Date, DeliveryId, IndustryCode, Language, Money, Notice, TechnologyField};
use crate::engine::{self, Engine, EngineError, Narrowing, Recommendations};

#[derive(Args)]
pub(super) struct Arguments {
    /// 企业名称（全称，或能唯一确定企业的一部分）、统一社会信用代码或编号
    #[arg(value_name = "企业")]
    enterprise: String,
    /// 推荐条数
    #[arg(short = 'n', long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    number: u16,
    /// 按这一天判断许可是否有效（默认今天）
    #[arg(long, value_name = "日期")]
    today: Option<String>,
    /// 每年确定费用的上限（元）；面议的不列入
    #[arg(long, value_name = "元")]
    fee_at_most: Option<u32>,
    /// 只看这一专利权人
    #[arg(long, value_name = "名称")]
    holder: Option<String>,
    /// 只看这些技术领域（1–35，可以多个）
    #[arg(long, value_name = "编号", value_parser = clap::value_parser!(u8).range(1..=35))]
    field: Vec<u8>,
    /// 只看服务于这些行业的（GB/T 4754 代码，按大类，可以多个）
    #[arg(long, value_name = "代码")]
    industry: Vec<IndustryCode>,
    /// 记为已推送，并给出推送编号，以便导入反馈
    #[arg(long)]
    record: bool,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let today = day(arguments.today.as_deref())?;
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let narrowing = Narrowing {
        fee_at_most: arguments.fee_at_most.and_then(|yuan| Money::from_fen(i64::from(yuan) * 100).ok()),
        holder: arguments.holder,
        fields: arguments.field.into_iter().filter_map(TechnologyField::from_number).collect(),
        industries: arguments.industry,
        lists: arguments.lists.change(),
    };
    let number = usize::from(arguments.number);
    let answer = answer(&engine, &arguments.enterprise, number, today, &narrowing, arguments.record).await;
    engine.close().await;
    let answer = answer?;
    output.answer(&answer, || {
        let list = told(&answer.shown, output);
        let recorded = |id: &DeliveryId| format!("{}{id}\n{list}", output.say("推送编号：", "delivery: "));
        answer.delivery.as_ref().map_or_else(|| list.clone(), recorded)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What was recommended, and the delivery it was recorded as.
#[derive(Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<DeliveryId>,
    #[serde(flatten)]
    shown: Recommendations,
}

async fn answer(
    engine: &Engine,
    enterprise: &str,
    number: usize,
    today: Date,
    narrowing: &Narrowing,
    record: bool,
) -> Result<Answer, EngineError> {
    let shown = engine.recommend_narrowed(enterprise, number, today, narrowing).await?;
    let delivery = if record { Some(engine.record_delivery(&shown, engine::now()).await?.id) } else { None };
    Ok(Answer { delivery, shown })
}

/// Recommendations with their reasons, in words.
pub(super) fn told(answer: &Recommendations, output: &Output) -> String {
    let mut text = format!("{}{}\n", output.say("企业：", "enterprise: "), answer.enterprise.name);
    if answer.recommendations.is_empty() {
        text.push_str(output.say("没有可推荐的许可信息", "nothing to recommend"));
    }
    for (place, recommended) in answer.recommendations.iter().enumerate() {
        let recommendation = &recommended.recommendation;
        let title = &recommended.details.patent.title;
        _ = writeln!(text, "\n{:>3}. {title}  [{:.2}]", place + 1, recommendation.score.value());
        _ = writeln!(text, "     {}", facts(&recommended.details, &recommended.details.patent.holders.join("、")));
        for reason in &recommendation.explanation.reasons {
            _ = writeln!(text, "     {:+.2}  {}", reason.score, reason.text);
        }
        if let Some(moved) = &recommended.moved {
            let why = match output.language {
                Language::Chinese => moved.chinese(),
                Language::English => moved.to_string(),
            };
            let by_score = output.say("按分数为第", "by score no.");
            _ = writeln!(text, "     {by_score} {}{}{why}", recommended.rank, output.say("，", ", "));
        }
        if !recommended.similar.is_empty() {
            let count = recommended.similar.len();
            _ = match output.language {
                Language::Chinese => writeln!(text, "     另有 {count} 件近似专利："),
                Language::English => writeln!(text, "     {count} more nearly the same:"),
            };
            for similar in &recommended.similar {
                _ = writeln!(text, "       {}  {}", similar.listing, similar.title);
            }
        }
        for remark in &recommendation.explanation.remarks {
            _ = writeln!(text, "     {}{remark}", output.say("注意：", "note: "));
        }
    }
    text
}
