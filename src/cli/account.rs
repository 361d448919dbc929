//! `duijie account`

use std::fmt::Write;
use std::io::BufRead;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::data::DataDirectory;
use super::listing::moment;
use super::output::Output;
use crate::domain::{Account, AccountState, AccountVerb, Actor, DivisionCode, Permission, Role};
use crate::engine::{self, Engine, GivenToken};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// 开立账户；不给密码时生成一个并只显示这一次
    Add(Add),
    /// 列出账户
    List(List),
    /// 批准企业的注册
    Approve(Named),
    /// 停用账户：会话与令牌立即失效
    Disable(Named),
    /// 重新启用账户
    Enable(Named),
    /// 设置新密码，原有会话立即失效
    Password(Password),
    /// 设置用于重设密码的邮箱；不给则清除
    Email(Email),
    /// 关联统一登录：提供方以此标识其人；不给则解除
    Link(Link),
    /// 发放供程序使用的令牌，只显示这一次
    Token(Token),
    /// 列出账户的令牌
    Tokens(Named),
    /// 收回令牌
    Revoke(Revoke),
}

#[derive(Args)]
pub(super) struct Add {
    /// 登录名：3至64位字母、数字或 . _ @ -；企业用统一社会信用代码
    #[arg(value_name = "登录名")]
    login: String,
    /// 角色：enterprise holder bureau operator partner，或中文
    #[arg(long, value_name = "角色")]
    role: String,
    /// 代表谁：登记的专利权人、经办人或平台的名称；企业可不给
    #[arg(long, value_name = "名称", default_value = "")]
    name: String,
    /// 省局所在省份的区划代码，如 320000；不给则为全国
    #[arg(long, value_name = "代码")]
    province: Option<String>,
    /// 企业的名称或统一社会信用代码（须已导入）
    #[arg(long, value_name = "企业")]
    enterprise: Option<String>,
    /// 不设密码，只用令牌
    #[arg(long, conflicts_with = "password_stdin")]
    no_password: bool,
    #[command(flatten)]
    password: FromInput,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
struct FromInput {
    /// 由标准输入的第一行读取密码
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Args)]
pub(super) struct List {
    /// 只列出处于这一状态的：pending active disabled
    #[arg(long, value_name = "状态")]
    state: Option<String>,
    /// 从这一登录名之后列起
    #[arg(long, value_name = "登录名", default_value = "")]
    after: String,
    /// 至多列出的个数
    #[arg(short = 'n', long, value_name = "个数", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Named {
    /// 登录名
    #[arg(value_name = "登录名")]
    login: String,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Password {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    password: FromInput,
}

#[derive(Args)]
pub(super) struct Email {
    #[command(flatten)]
    named: Named,
    /// 邮箱地址
    #[arg(long, value_name = "地址")]
    address: Option<String>,
}

#[derive(Args)]
pub(super) struct Link {
    #[command(flatten)]
    named: Named,
    /// 主体标识（sub）
    #[arg(long, value_name = "标识")]
    subject: Option<String>,
}

#[derive(Args)]
pub(super) struct Token {
    #[command(flatten)]
    named: Named,
    /// 用途，便于日后辨认
    #[arg(long, value_name = "用途")]
    label: String,
    /// 权限范围，可重复；不给则为该角色的全部权限
    #[arg(long = "scope", value_name = "权限")]
    scopes: Vec<String>,
    /// 有效天数
    #[arg(long, value_name = "天数", default_value_t = 90)]
    days: u32,
}

#[derive(Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    named: Named,
    /// 令牌编号
    #[arg(long, value_name = "编号")]
    id: String,
}

pub(super) async fn run(verb: Verb, output: &Output) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Add(arguments) => add(arguments, output).await,
        Verb::List(arguments) => list(arguments, output).await,
        Verb::Approve(named) => change(named, AccountVerb::Approve, output).await,
        Verb::Disable(named) => change(named, AccountVerb::Disable, output).await,
        Verb::Enable(named) => change(named, AccountVerb::Enable, output).await,
        Verb::Password(arguments) => password(arguments, output).await,
        Verb::Email(arguments) => email(arguments, output).await,
        Verb::Link(arguments) => link(arguments, output).await,
        Verb::Token(arguments) => token(arguments, output).await,
        Verb::Tokens(named) => tokens(named, output).await,
        Verb::Revoke(arguments) => revoke(arguments, output).await,
    }
}

/// Whoever can run the command on the data directory looks after it.
fn at_the_console() -> Actor {
    Actor::operator(engine::CONSOLE)
}

async fn add(arguments: Add, output: &Output) -> anyhow::Result<ExitCode> {
    let Add { login, role, name, province, enterprise, no_password, password, data } = arguments;
    let Some(role) = Role::of_word(role.trim()) else {
        let known = Role::ALL.map(Role::word).join(" ");
        bail!("{}: {role} ({known})", output.say("没有这一角色", "no such role"));
    };
    let province = province.as_deref().map(str::parse::<DivisionCode>).transpose()?;
    let (password, shown) = if no_password { (None, None) } else { password.read(output)? };
    let engine = Engine::open(data.place()?).await?;
    let added = async {
        let enterprise = match &enterprise {
            Some(text) => Some(engine.enterprise(text).await?),
            None => None,
        };
        let name = match &enterprise {
            Some(enterprise) if name.trim().is_empty() => enterprise.name.clone(),
            _ => name,
        };
        let enterprise = enterprise.map(|enterprise| enterprise.id);
        let account = Account { login, role, state: AccountState::Active, name, enterprise, province, created_at: 0 };
        engine.add_account(account, password.as_deref(), &at_the_console(), engine::now()).await
    };
    let added = added.await;
    engine.close().await;
    let added = added?;
    output.answer(&serde_json::json!({ "account": added, "password": shown }), || {
        let told = shown
            .as_deref()
            .map(|word| format!("\n{}  {word}", output.say("密码（只显示这一次）", "password (shown once)")));
        format!("{}{}", line(&added, output), told.unwrap_or_default())
    })?;
    Ok(ExitCode::SUCCESS)
}

impl FromInput {
    /// The password, and the same again where it was made here and has to be shown.
    fn read(&self, output: &Output) -> anyhow::Result<(Option<String>, Option<String>)> {
        if !self.password_stdin {
            let made = engine::new_password()?;
            return Ok((Some(made.clone()), Some(made)));
        }
        let mut line = String::new();
        let failed = output.say("无法由标准输入读取密码", "cannot read the password from standard input");
        std::io::stdin().lock().read_line(&mut line).context(failed)?;
        Ok((Some(line.trim_end_matches(['\r', '\n']).to_owned()), None))
    }
}

async fn list(arguments: List, output: &Output) -> anyhow::Result<ExitCode> {
    let state = match &arguments.state {
        Some(word) => match AccountState::of_word(word.trim()) {
            Some(state) => Some(state),
            None => bail!("{}: {word} (pending active disabled)", output.say("没有这一状态", "no such state")),
        },
        None => None,
    };
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let found = engine.accounts(state, &Account::login_of(&arguments.after), usize::from(arguments.limit)).await;
    engine.close().await;
    let found = found?;
    output.answer(&found, || match found.is_empty() {
        true => output.say("没有账户", "no accounts").to_owned(),
        false => found.iter().map(|account| line(account, output)).collect::<Vec<_>>().join("\n"),
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn change(Named { login, data }: Named, verb: AccountVerb, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(data.place()?).await?;
    let changed = engine.change_account(&login, verb, &at_the_console(), engine::now()).await;
    engine.close().await;
    let changed = changed?;
    output.answer(&changed, || line(&changed, output))?;
    Ok(ExitCode::SUCCESS)
}

async fn password(Password { named, password }: Password, output: &Output) -> anyhow::Result<ExitCode> {
    let (password, shown) = password.read(output)?;
    let engine = Engine::open_existing(named.data.place()?).await?;
    let word = password.unwrap_or_default();
    let set = engine.set_password(&named.login, &word, &at_the_console(), engine::now()).await;
    engine.close().await;
    set?;
    output.answer(&serde_json::json!({ "password": shown }), || match &shown {
        Some(word) => format!("{}  {word}", output.say("密码（只显示这一次）", "password (shown once)")),
        None => output.say("已设置", "set").to_owned(),
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn email(Email { named, address }: Email, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(named.data.place()?).await?;
    let set = engine.set_email(&named.login, address.as_deref(), &at_the_console(), engine::now()).await;
    engine.close().await;
    set?;
    output.answer(&serde_json::json!({ "email": address }), || output.say("已设置", "set").to_owned())?;
    Ok(ExitCode::SUCCESS)
}

async fn link(Link { named, subject }: Link, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(named.data.place()?).await?;
    let linked = engine.link_sign_on(&named.login, subject.as_deref(), &at_the_console(), engine::now()).await;
    engine.close().await;
    linked?;
    output.answer(&serde_json::json!({ "subject": subject }), || output.say("已设置", "set").to_owned())?;
    Ok(ExitCode::SUCCESS)
}

async fn token(Token { named, label, scopes, days }: Token, output: &Output) -> anyhow::Result<ExitCode> {
    let scope = |word: &String| {
        let known = Permission::ALL.map(Permission::word).join(" ");
        let scope = Permission::of_word(word.trim());
        scope.with_context(|| format!("{}: {word} ({known})", output.say("没有这一权限", "no such permission")))
    };
    let scopes = scopes.iter().map(scope).collect::<anyhow::Result<Vec<_>>>()?;
    let engine = Engine::open_existing(named.data.place()?).await?;
    let given = async {
        let account = engine.account(&named.login).await?;
        let all = || Permission::ALL.into_iter().filter(|permission| account.role.may(*permission)).collect();
        let scopes = if scopes.is_empty() { all() } else { scopes };
        engine.give_token(&account, &label, scopes, days, engine::now()).await
    };
    let given = given.await;
    engine.close().await;
    let GivenToken { token, record } = given?;
    output.answer(&serde_json::json!({ "token": token, "record": record }), || {
        format!(
            "{}\n{}  {token}",
            record_line(&record, output),
            output.say("令牌（只显示这一次）", "token (shown once)")
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn tokens(Named { login, data }: Named, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(data.place()?).await?;
    let found = async { engine.tokens(&engine.account(&login).await?).await };
    let found = found.await;
    engine.close().await;
    let found = found?;
    output.answer(&found, || match found.is_empty() {
        true => output.say("没有令牌", "no tokens").to_owned(),
        false => found.iter().map(|record| record_line(record, output)).collect::<Vec<_>>().join("\n"),
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn revoke(Revoke { named, id }: Revoke, output: &Output) -> anyhow::Result<ExitCode> {
    let engine = Engine::open_existing(named.data.place()?).await?;
    let revoked = async { engine.revoke_token(&engine.account(&named.login).await?, &id).await };
    let revoked = revoked.await;
    engine.close().await;
    revoked?;
    output.answer(&serde_json::json!({ "revoked": id }), || format!("{} {id}", output.say("已收回", "revoked")))?;
    Ok(ExitCode::SUCCESS)
}

fn line(account: &Account, output: &Output) -> String {
    let (role, state) = (account.role, account.state);
    let mut text = format!(
        "{}  {}  {}  {}",
        account.login,
        output.say(role.chinese(), role.word()),
        output.say(state.chinese(), state.word()),
        account.name
    );
    account.province.iter().for_each(|province| _ = write!(text, "  {}", province.name()));
    text
}

fn record_line(record: &engine::TokenRecord, output: &Output) -> String {
    let scopes = record.scopes.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(" ");
    format!("{}  {}  {scopes}  {} {}", record.id, record.label, output.say("至", "until"), moment(record.ends_at))
}
