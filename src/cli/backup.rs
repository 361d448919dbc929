//! `duijie backup` and `duijie restore`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::DataDirectory;
use super::output::Output;
use crate::engine::{self, BackupContents, Restoration};

#[derive(Args)]
pub(super) struct Backup {
    /// 备份文件，不能已存在
    file: PathBuf,
    #[command(flatten)]
    data: DataDirectory,
}

#[derive(Args)]
pub(super) struct Restore {
    /// 备份文件
    file: PathBuf,
    /// 只检查备份是否完好，并说明其内容
    #[arg(long, conflicts_with = "replace")]
    verify: bool,
    /// 替换目录中已有的数据（原有数据保留在旁）
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn back_up(Backup { file, data }: Backup, output: &Output) -> anyhow::Result<ExitCode> {
    let contents = engine::back_up(&data.place()?, &file).await?;
    output.answer(&contents, || {
        let done = output.say("已备份并检查：", "backed up and checked:");
        format!("{done} {}\n{}", file.display(), told(&contents, output))
    })?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(arguments: Restore, output: &Output) -> anyhow::Result<ExitCode> {
    let Restore { file, verify, replace, data } = arguments;
    if verify {
        let contents = engine::verify_backup(&file).await?;
        output.answer(&contents, || {
            format!("{} {}\n{}", output.say("备份完好：", "sound:"), file.display(), told(&contents, output))
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let bar = output.bar(output.say("重建索引", "indexing"));
    let restored = engine::restore(&data.place()?, &file, replace, &|progress| bar.show(progress)).await;
    drop(bar);
    let restored = restored?;
    output.answer(&restored, || restored_words(&restored, &data, output))?;
    Ok(ExitCode::SUCCESS)
}

fn restored_words(restored: &Restoration, data: &DataDirectory, output: &Output) -> String {
    let done = output.say("已恢复到：", "restored into:");
    let mut text = format!("{done} {}\n{}", data.path.display(), told(&restored.contents, output));
    if let Some(kept) = &restored.kept {
        let words = output.say("原有数据保留在：", "what was there before is kept in:");
        text.push_str(&format!("\n{words} {}", kept.display()));
        let advice = output.say("正在运行的服务须重新启动", "start a running server again");
        text.push_str(&format!("\n{advice}"));
    }
    text
}

fn told(contents: &BackupContents, output: &Output) -> String {
    let BackupContents { schema, listings, enterprises, feedback_events, bytes } = contents;
    match output.language {
        crate::domain::Language::Chinese => format!(
            "许可信息 {listings} 件，企业 {enterprises} 家，反馈 {feedback_events} 条；数据版本 {schema}，{bytes} 字节"
        ),
        crate::domain::Language::English => format!(
            "{listings} listings, {enterprises} enterprises, {feedback_events} feedback events; schema {schema}, \
             {bytes} bytes"
        ),
    }
}
