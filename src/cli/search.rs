//! `duijie search`

use std::fmt::Write;
use std::process::ExitCode;

use clap::Args;

use super::DataDirectory;
use super::output::Output;
use crate::domain::{Listing, Patent};
use crate::engine::{self, Engine, Found, SearchInput};

#[derive(Args)]
pub(super) struct Arguments {
    /// 检索词，或专利号
    #[arg(value_name = "检索词")]
    text: String,
    /// 显示条数（1–100）
    #[arg(short = 'n', long, default_value_t = 10)]
    limit: usize,
    /// 跳过条数
    #[arg(long, default_value_t = 0)]
    offset: usize,
    /// IPC 分类号，任意层级，可重复
    #[arg(long)]
    ipc: Vec<String>,
    /// 技术领域编号（1–35），可重复
    #[arg(long)]
    field: Vec<String>,
    /// 专利权人所在地行政区划代码，可重复
    #[arg(long)]
    division: Vec<String>,
    /// 专利权人类型（高校、科研院所……），可重复
    #[arg(long)]
    holder_kind: Vec<String>,
    /// 专利类型（发明、实用新型、外观设计），可重复
    #[arg(long)]
    patent_kind: Vec<String>,
    /// 支付方式（免费、一次总付……），可重复
    #[arg(long)]
    fee_form: Vec<String>,
    /// 每年固定许可费上限（元）
    #[arg(long)]
    fee_at_most: Option<u32>,
    /// 公告日期不早于（如 2025-01-31）
    #[arg(long)]
    announced_since: Option<String>,
    /// 也列出许可或专利已到期的
    #[arg(long)]
    ended: bool,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let request = SearchInput {
        text: arguments.text,
        limit: arguments.limit,
        offset: arguments.offset,
        ipc: arguments.ipc,
        fields: arguments.field,
        divisions: arguments.division,
        holder_kinds: arguments.holder_kind,
        patent_kinds: arguments.patent_kind,
        fee_forms: arguments.fee_form,
        fee_at_most_yuan: arguments.fee_at_most,
        announced_since: arguments.announced_since,
        today: (!arguments.ended).then(engine::today),
    };
    let request = request.checked()?;
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let found = engine.search(&request).await;
    engine.close().await;
    let found = found?;
    output.answer(&found, || told(&found, request.offset, output))?;
    Ok(ExitCode::SUCCESS)
}

fn told(found: &Found, offset: usize, output: &Output) -> String {
    if found.total == 0 {
        return output
            .say("没有找到相符的许可信息：可减少检索词或放宽筛选条件", "nothing found: try fewer words or filters")
            .to_owned();
    }
    let mut text = format!("{} {}\n", output.say("找到条数：", "found:"), found.total);
    for (place, hit) in found.hits.iter().enumerate() {
        let holders: Vec<String> = hit.holders.iter().map(|holder| output.highlighted(holder)).collect();
        let holders = holders.join("、");
        _ = writeln!(text, "\n{:>3}. {}", offset + place + 1, output.highlighted(&hit.title));
        _ = writeln!(text, "     {}", facts(&hit.listing, &holders));
        if !hit.snippet.is_empty() {
            _ = writeln!(text, "     {}", output.highlighted(&hit.snippet));
        }
    }
    text
}

/// Number, holders as given, class, field and fee in one line.
pub(super) fn facts(listing: &Listing, holders: &str) -> String {
    let patent = &listing.patent;
    let fee = listing.terms.as_ref().map(|terms| format!("许可费：{}", terms.fee.describe()));
    let parts = [
        Some(listing.id.to_string()),
        (!holders.is_empty()).then(|| holders.to_owned()),
        patent.ipc.first().map(ToString::to_string),
        field_of(patent),
        fee,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The technology field, and how sure it is where it is taken from the title.
fn field_of(patent: &Patent) -> Option<String> {
    let field = patent.field()?.name();
    Some(match (patent.classified_field(), &patent.predicted) {
        (None, Some(predicted)) => format!("{field}（由名称推断，{:.0}%）", predicted.probability * 100.0),
        _ => field.to_owned(),
    })
}
