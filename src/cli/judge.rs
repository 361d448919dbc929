//! `duijie eval import` and `duijie eval judge`

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::output::Output;
use crate::domain::Notice;
use crate::engine::{self, GUIDELINES, Judging, JudgingReport, Pool, SetImport, ToJudge};

/// Faults shown at most; all are counted, and all are in the JSON.
const SHOWN: usize = 20;

#[derive(Args)]
pub(super) struct Import {
    /// 新评测集的目录
    #[arg(value_name = "目录")]
    set: PathBuf,
    /// 许可信息或专利文件（XLSX、CSV、JSONL，可为 .gz）
    #[arg(long, value_name = "文件")]
    listings: PathBuf,
    /// 企业或需求文件；有 id 列时以它为查询编号，否则用统一社会信用代码或名称
    #[arg(long, value_name = "文件")]
    enterprises: PathBuf,
    /// 评判文件：TREC qrels，或有“查询、许可编号、等级”三列的 CSV；等级 0 至 3
    #[arg(long, value_name = "文件")]
    judgements: PathBuf,
}

#[derive(Args)]
pub(super) struct Judge {
    /// 评测集目录；qrels.txt 可以还没有
    #[arg(value_name = "目录")]
    set: PathBuf,
    /// 从这些 TREC 排序结果取候选，可重复；不给则用自己的排序
    #[arg(long = "run", value_name = "文件")]
    runs: Vec<PathBuf>,
    /// 每个查询从每份结果取前多少条
    #[arg(short, long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    k: u32,
    /// 打乱候选次序的随机种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 自己的排序所用的配置；不给则用自带的配置
    #[arg(long, value_name = "文件")]
    weights: Option<PathBuf>,
}

pub(super) fn import(
    Import { set, listings, enterprises, judgements }: &Import,
    output: &Output,
) -> anyhow::Result<ExitCode> {
    let report = engine::import_set(set, listings, enterprises, judgements)?;
    output.answer(&report, || imported(&report, output))?;
    Ok(ExitCode::SUCCESS)
}

fn imported(report: &SetImport, output: &Output) -> String {
    let SetImport { listings, queries, judgements, judged_queries, rejected, faults } = report;
    let say = |chinese, english| output.say(chinese, english);
    let mut lines = vec![format!(
        "listings {listings}  queries {queries}  judgements {judgements}  {} {judged_queries}",
        say("有相关许可信息的查询", "queries with something relevant")
    )];
    let rows = rejected.iter().map(|problem| say(&problem.message, &problem.message_en).to_owned());
    let faults = faults.iter().map(|fault| fault.notice(output.language));
    let problems: Vec<String> = rows.chain(faults).collect();
    if !problems.is_empty() {
        lines.push(format!("{} {}", say("没有采用或应留意的", "left out, or to be looked at:"), problems.len()));
    }
    lines.extend(problems.iter().take(SHOWN).cloned());
    if problems.len() > SHOWN {
        lines.push(say("……其余见 --json", "… the rest is in --json").to_owned());
    }
    lines.join("\n")
}

/// Asks on standard error, reads answers from standard input line by line, and reports on standard output.
pub(super) fn judge(Judge { set, runs, k, seed, weights }: &Judge, output: &Output) -> anyhow::Result<ExitCode> {
    let configuration = engine::configuration(weights.as_deref())?;
    let pool = Pool { runs, depth: *k as usize, seed: *seed, configuration: &configuration };
    let mut judging = Judging::open(set, &pool)?;
    let (mut asked, mut answers) = (std::io::stderr().lock(), std::io::stdin().lock());
    writeln!(asked, "{}", GUIDELINES.trim_end())?;
    let mut shown = None;
    while let Some(pair) = judging.next() {
        let place = pair.place;
        if shown != Some(place) {
            writeln!(asked, "\n{}", question(&pair, output))?;
            shown = Some(place);
        }
        write!(
            asked,
            "0-3 / s {} / u {} / q {} > ",
            output.say("跳过", "skip"),
            output.say("撤销", "undo"),
            output.say("结束", "quit")
        )?;
        asked.flush()?;
        let mut line = String::new();
        if answers.read_line(&mut line)? == 0 || line.trim() == "q" {
            break;
        }
        match line.trim() {
            grade @ ("0" | "1" | "2" | "3") => judging.judge(grade.as_bytes()[0] - b'0')?,
            "s" => judging.skip(),
            "u" => {
                if !judging.undo()? {
                    writeln!(asked, "{}", output.say("还没有可撤销的", "nothing to take back yet"))?;
                }
            }
            _ => writeln!(asked, "{}", output.say("请输入 0、1、2、3、s、u 或 q", "type 0, 1, 2, 3, s, u or q"))?,
        }
    }
    let report = judging.report();
    output.answer(&report, || done(&report, output))?;
    Ok(ExitCode::SUCCESS)
}

fn question(pair: &ToJudge<'_>, output: &Output) -> String {
    let ToJudge { query, listing, place, all } = pair;
    let part = |name: &str, text: &str| if text.is_empty() { String::new() } else { format!("  {name}{text}\n") };
    let list = |words: &[String]| words.join("、");
    let needs: Vec<&str> = query.needs.iter().map(|need| need.0.as_str()).collect();
    let own: Vec<&str> = query.own_patents.iter().take(10).map(|patent| patent.title.as_str()).collect();
    let patent = &listing.patent;
    let ipc: Vec<&str> = patent.ipc.iter().map(|symbol| symbol.as_str()).collect();
    let who = [
        part("需求：", &needs.join("\n        ")),
        part("产品：", &list(&query.products)),
        part("业务：", &query.business),
        part("行业：", &list(&query.industries)),
        part("概念：", &list(&query.concepts)),
        part("自有专利：", &own.join("；")),
    ];
    let what =
        [part("IPC：", &ipc.join(" ")), part("摘要：", &patent.abstract_text), part("权利要求：", &patent.claim)];
    let (asks, offered) = (output.say("企业", "enterprise"), output.say("许可信息", "listing"));
    let text = format!(
        "[{place}/{all}] {asks} {} {}\n{}{offered} {}  {}\n{}",
        query.id,
        query.name,
        who.concat(),
        listing.id,
        patent.title,
        what.concat()
    );
    text.trim_end().to_owned()
}

fn done(report: &JudgingReport, output: &Output) -> String {
    let JudgingReport { judged, skipped, left, judgements } = report;
    match output.say("", "english") {
        "" => format!("评判 {judged} 条，跳过 {skipped} 条，还剩 {left} 条；评测集现有评判 {judgements} 条"),
        _ => format!("judged {judged}, skipped {skipped}, left {left}; the set has {judgements} judgements now"),
    }
}
