//! `duijie listing`

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, Subcommand};

use super::data::DataDirectory;
use super::day;
use super::import::problems;
use super::output::Output;
use crate::domain::{
    AccountState, AccountVerb, Actor, Check, CheckKind, Date, LicenceState, LicenceVerb, Life, LifeStep, LifeVerb,
    Listing, ListingId, ListingStatus, Moment,
};
use crate::engine::{self, Engine, LifeReport, SubmissionReport, TrailEntry};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 专利权人提交一件或多件许可信息（XLSX、CSV、JSONL）
    Submit(Submit),
    /// 待办：处于某一状态的许可信息，先到先列
    Queue(Queue),
    /// 一件许可信息的状态、核验表和全部经过
    Show(Show),
    /// 省局受理核验
    TakeUp(Step),
    /// 记录一项核验结果及依据
    Check(Answer),
    /// 退回，并说明理由
    Return(Explained),
    /// 核验全部通过后公开
    Publish(Step),
    /// 暂停公开，并说明理由
    Suspend(Explained),
    /// 恢复公开
    Resume(Step),
    /// 撤回（已达成的许可不受影响），并说明理由
    Withdraw(Withdraw),
    /// 按日期处理到期事项：许可期限或专利权届满、年费核验过期的自动暂停，专利权届满的终止；可反复运行
    Settle(Settle),
}

#[derive(Args)]
pub(super) struct Submit {
    /// 许可信息文件，列名同导入
    #[arg(value_name = "文件")]
    file: PathBuf,
    /// 提交人：登记的专利权人名称
    #[arg(long, value_name = "名称")]
    holder: String,
    /// 只存为草稿
    #[arg(long)]
    draft: bool,
    #[command(flatten)]
    when: When,
}

#[derive(Args)]
pub(super) struct Queue {
    /// 状态：draft submitted verifying returned published suspended withdrawn expired，或中文
    #[arg(long, value_name = "状态", default_value = "submitted")]
    status: String,
    /// 从这一件之后列起
    #[arg(long, value_name = "编号")]
    after: Option<String>,
    /// 至多列出的件数
    #[arg(short = 'n', long, value_name = "件数", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Show {
    /// 专利号、公开号或编号
    #[arg(value_name = "专利号")]
    number: String,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Step {
    /// 专利号、公开号或编号
    #[arg(value_name = "专利号")]
    number: String,
    /// 经办人
    #[arg(long = "by", value_name = "姓名")]
    by: String,
    /// 只在仍为所见版本时操作
    #[arg(long, value_name = "版本")]
    seen: Option<i64>,
    #[command(flatten)]
    when: When,
}

#[derive(Args)]
pub(super) struct Explained {
    /// 理由
    #[arg(long, value_name = "理由")]
    reason: String,
    #[command(flatten)]
    step: Step,
}

#[derive(Args)]
pub(super) struct Withdraw {
    /// 由专利权人撤回（经办人即专利权人名称）；不给则为省局
    #[arg(long)]
    as_holder: bool,
    #[command(flatten)]
    step: Explained,
}

#[derive(Args)]
pub(super) struct Answer {
    /// 事项：in_force annuities_paid no_exclusive_licence pledgee_agrees not_stayed evaluation_report registered_owner
    /// fee_reasonable，或中文
    #[arg(long, value_name = "事项")]
    check: String,
    /// 未通过
    #[arg(long)]
    failed: bool,
    /// 依据，如登记簿副本及其日期、票据号、报告编号
    #[arg(long, value_name = "依据")]
    evidence: String,
    /// 有效至，如年费缴至哪一天
    #[arg(long, value_name = "日期")]
    until: Option<String>,
    #[command(flatten)]
    step: Step,
}

#[derive(Args)]
pub(super) struct Settle {
    #[command(flatten)]
    when: When,
}

#[derive(Args)]
struct When {
    /// 以这一天为准；不给则为今天
    #[arg(long, value_name = "日期")]
    today: Option<String>,
    #[command(flatten)]
    data: DataDirectory,
}

impl When {
    fn moment(&self) -> anyhow::Result<Moment> {
        Ok(Moment { today: day(self.today.as_deref())?, now: engine::now() })
    }
}

pub(super) async fn run(verb: Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Submit(arguments) => submit(arguments, output).await,
        Verb::Queue(arguments) => queue(arguments, output).await,
        Verb::Show(Show { number, data }) => {
            let engine = Engine::open_existing(data.place()?).await?;
            let report = engine.life(&number).await;
            engine.close().await;
            answer(&report?, output)
        }
        Verb::TakeUp(step) => take(step, LifeStep::TakeUp, Actor::bureau, output).await,
        Verb::Publish(step) => take(step, LifeStep::Publish, Actor::bureau, output).await,
        Verb::Resume(step) => take(step, LifeStep::Resume(String::new()), Actor::bureau, output).await,
        Verb::Return(Explained { reason, step }) => take(step, LifeStep::Return(reason), Actor::bureau, output).await,
        Verb::Suspend(Explained { reason, step }) => take(step, LifeStep::Suspend(reason), Actor::bureau, output).await,
        Verb::Withdraw(Withdraw { as_holder, step: Explained { reason, step } }) => {
            let actor = if as_holder { Actor::holder } else { Actor::bureau };
            take(step, LifeStep::Withdraw(reason), actor, output).await
        }
        Verb::Check(arguments) => check(arguments, output).await,
        Verb::Settle(arguments) => settle(arguments, output).await,
    }
}

async fn take(step: Step, what: LifeStep, actor: fn(&str) -> Actor, output: &Output) -> anyhow::Result<ExitCode> {
    let at = step.when.moment()?;
    let engine = Engine::open_existing(step.when.data.place()?).await?;
    let report = engine.take_step(&step.number, what, &actor(&step.by), step.seen, at).await;
    engine.close().await;
    answer(&report?, output)
}

async fn check(arguments: Answer, output: &Output) -> anyhow::Result<ExitCode> {
    let Answer { check, failed, evidence, until, step } = arguments;
    let Some(kind) = CheckKind::of_word(check.trim()) else {
        let known = CheckKind::ALL.map(CheckKind::word).join(" ");
        bail!("{}: {check} ({known})", output.say("没有这一核验事项", "no such check"));
    };
    let valid_until = until.as_deref().map(str::parse::<Date>).transpose()?;
    let check = Check { passed: !failed, evidence, valid_until, reviewer: String::new(), at: 0 };
    take(step, LifeStep::Check(kind, check), Actor::bureau, output).await
}

async fn submit(arguments: Submit, output: &Output) -> anyhow::Result<ExitCode> {
    let at = arguments.when.moment()?;
    let engine = Engine::open(arguments.when.data.place()?).await?;
    let holder = Actor::holder(&arguments.holder);
    let report = engine.submit_listings(&arguments.file, &holder, !arguments.draft, at).await;
    engine.close().await;
    let report = report?;
    output.answer(&report, || submitted(&report, arguments.draft, output))?;
    let nothing_taken = report.read > 0 && report.taken.is_empty();
    Ok(if nothing_taken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn submitted(report: &SubmissionReport, draft: bool, output: &Output) -> String {
    let SubmissionReport { file, read, taken, rejected, .. } = report;
    let done = if draft { output.say("存为草稿", "kept as drafts") } else { output.say("提交", "handed in") };
    let mut text = format!(
        "{file}：{} {read}，{done} {}，{} {rejected}\n",
        output.say("读取", "rows"),
        taken.len(),
        output.say("拒绝", "rejected")
    );
    taken.iter().for_each(|id| _ = writeln!(text, "  {id}"));
    problems(&mut text, &report.rejections, output);
    problems(&mut text, &report.warnings, output);
    text
}

async fn queue(arguments: Queue, output: &Output) -> anyhow::Result<ExitCode> {
    let Some(status) = ListingStatus::of_word(arguments.status.trim()) else {
        let known = ListingStatus::ALL.map(ListingStatus::as_str).join(" ");
        bail!("{}: {} ({known})", output.say("没有这一状态", "no such state"), arguments.status);
    };
    let after = arguments.after.as_deref().map(str::parse::<ListingId>).transpose()?;
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let found = engine.work_queue(status, after.as_ref(), usize::from(arguments.limit), |_| true).await;
    engine.close().await;
    let found = found?;
    let shown: Vec<_> =
        found.iter().map(|(listing, life)| serde_json::json!({ "listing": listing, "life": life })).collect();
    output.answer(&shown, || queued(&found, status, output))?;
    Ok(ExitCode::SUCCESS)
}

fn queued(found: &[(Listing, Life)], status: ListingStatus, output: &Output) -> String {
    if found.is_empty() {
        return format!("{}: {}", output.say("没有许可信息处于", "no listing is"), state(status, output));
    }
    let line = |(listing, life): &(Listing, Life)| {
        let holders = listing.patent.holders.join("、");
        format!("{}  {}  {}  {holders}", moment(life.since), listing.id, listing.patent.title)
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

async fn settle(arguments: Settle, output: &Output) -> anyhow::Result<ExitCode> {
    let at = arguments.when.moment()?;
    let engine = Engine::open_existing(arguments.when.data.place()?).await?;
    let settled = engine.settle(at).await;
    engine.close().await;
    let settled = settled?;
    output.answer(&settled, || {
        format!(
            "{} {}  {} {}  {} {}",
            output.say("检查", "looked at"),
            settled.looked_at,
            output.say("暂停", "suspended"),
            settled.suspended,
            output.say("终止", "expired"),
            settled.expired
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

fn answer(report: &LifeReport, output: &Output) -> anyhow::Result<ExitCode> {
    output.answer(report, || told(report, output))?;
    Ok(ExitCode::SUCCESS)
}

fn told(report: &LifeReport, output: &Output) -> String {
    let LifeReport { listing, life, trail } = report;
    let mut text = format!(
        "{}  {}\n{} {}  {} {}",
        listing.id,
        listing.patent.title,
        output.say("状态", "state"),
        state(listing.status, output),
        output.say("版本", "version"),
        life.version
    );
    if !life.reason.is_empty() {
        _ = write!(text, "  {} {}", output.say("理由", "reason"), life.reason);
    }
    text.push('\n');
    worksheet(&mut text, report, output);
    if !trail.is_empty() {
        _ = writeln!(text, "{}", output.say("经过", "trail"));
    }
    trail.iter().for_each(|entry| _ = writeln!(text, "  {}", line(entry, output)));
    text
}

/// The worksheet, while it is being filled in.
fn worksheet(text: &mut String, LifeReport { listing, life, .. }: &LifeReport, output: &Output) {
    if listing.status != ListingStatus::Verifying && life.worksheet.0.is_empty() {
        return;
    }
    _ = writeln!(text, "{}", output.say("核验表", "worksheet"));
    for kind in CheckKind::ALL.into_iter().filter(|kind| kind.is_needed_for(listing.patent.kind)) {
        let name = output.say(kind.chinese(), kind.word());
        let Some(check) = life.worksheet.0.get(&kind) else {
            _ = writeln!(text, "  －  {name}");
            continue;
        };
        let mark = if check.passed { "✓" } else { "✗" };
        let until =
            check.valid_until.map_or_else(String::new, |last| format!("  {} {last}", output.say("至", "until")));
        _ = writeln!(text, "  {mark}  {name}  {}{until}  [{}]", check.evidence, check.reviewer);
    }
}

pub(super) fn line(TrailEntry { number, entry }: &TrailEntry, output: &Output) -> String {
    let state = |word: &str| {
        let of_account = AccountState::of_word(word).map(|state| output.say(state.chinese(), state.word()));
        let status = ListingStatus::of_word(word).map(|status| state(status, output));
        let of_licence = LicenceState::of_word(word).map(|state| output.say(state.chinese(), state.word()));
        status.or(of_account).or(of_licence).unwrap_or(word).to_owned()
    };
    let before = entry.before.as_deref().map_or_else(|| "－".to_owned(), state);
    let actor = output.say(entry.actor.kind.chinese(), entry.actor.kind.word());
    let reason = if entry.reason.is_empty() { String::new() } else { format!("  {}", entry.reason) };
    let moment = moment(entry.at);
    let verb = LifeVerb::of_word(&entry.action).map(|verb| output.say(verb.chinese(), verb.word()));
    let of_account = AccountVerb::of_word(&entry.action).map(|verb| output.say(verb.chinese(), verb.word()));
    let of_licence = LicenceVerb::of_word(&entry.action).map(|verb| output.say(verb.chinese(), verb.word()));
    let action = verb.or(of_account).or(of_licence).unwrap_or(&entry.action);
    let (after, name) = (state(&entry.after), &entry.actor.name);
    format!("{number}  {moment}  {action}  {before} → {after}  {actor} {name}{reason}")
}

fn state(status: ListingStatus, output: &Output) -> &'static str {
    output.say(status.chinese(), status.as_str())
}

/// A moment in China, to the minute.
pub(super) fn moment(seconds: i64) -> String {
    let day = Date::from_unix_seconds(seconds).map_or_else(|| "－".to_owned(), |day| day.to_string());
    let minutes = (seconds + 8 * 3600).rem_euclid(86_400) / 60;
    format!("{day} {:02}:{:02}", minutes / 60, minutes % 60)
}
