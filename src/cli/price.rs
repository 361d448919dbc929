//! `duijie price`

use std::fmt::Write;
use std::process::ExitCode;

use clap::Args;

use super::data::DataDirectory;
use super::day;
use super::output::Output;
use crate::domain::{Notice, RoyaltyBase};
use crate::engine::{Engine, PriceGuidance, PriceInput};

#[derive(Args)]
pub(super) struct Arguments {
    /// 许可使用费标准，如“5万元/年”“净销售额的3%”
    #[arg(value_name = "费用", default_value = "")]
    fee: String,
    /// 许可使用费支付方式，如“一次总付”“提成支付”
    #[arg(long, value_name = "方式", default_value = "")]
    form: String,
    /// 单次许可期限（月）
    #[arg(long, value_name = "月")]
    months: Option<u16>,
    /// 技术领域编号（1–35）；不给则由名称和分类号判断
    #[arg(long, value_name = "编号")]
    field: Option<u8>,
    /// 发明名称
    #[arg(long, value_name = "名称", default_value = "")]
    title: String,
    /// IPC 分类号，可重复
    #[arg(long, value_name = "分类号")]
    ipc: Vec<String>,
    /// 对照的行业（GB/T 4754 代码）；不给则由名称和分类号推断
    #[arg(long, value_name = "代码")]
    industry: Option<String>,
    /// 固定费用合计高于多少元时提示 [默认 20000000]
    #[arg(long, value_name = "元")]
    fixed_limit: Option<u32>,
    /// 按销售额提成高于百分之几时提示 [默认 20]
    #[arg(long, value_name = "百分比")]
    sales_limit: Option<u8>,
    /// 按利润提成高于百分之几时提示 [默认 40]
    #[arg(long, value_name = "百分比")]
    profit_limit: Option<u8>,
    /// 以这一天为准；不给则为今天
    #[arg(long, value_name = "日期")]
    today: Option<String>,
    #[command(flatten)]
    data: DataDirectory,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let today = day(arguments.today.as_deref())?;
    let input = PriceInput {
        field: arguments.field,
        title: arguments.title,
        ipc: arguments.ipc,
        industry: arguments.industry,
        fee_form: arguments.form,
        fee: arguments.fee,
        months: arguments.months,
        fixed_limit: arguments.fixed_limit,
        sales_limit: arguments.sales_limit,
        profit_limit: arguments.profit_limit,
    };
    let engine = Engine::open_existing(arguments.data.place()?).await?;
    let guidance = engine.price_guidance(input, today).await;
    engine.close().await;
    let guidance = guidance?;
    output.answer(&guidance, || told(&guidance, output))?;
    Ok(ExitCode::SUCCESS)
}

fn told(guidance: &PriceGuidance, output: &Output) -> String {
    let say = |chinese, english| output.say(chinese, english);
    let mut text = String::new();
    if let Some(fee) = &guidance.fee_text {
        _ = write!(text, "{} {fee}", say("费用", "fee"));
        if let Some(yearly) = guidance.yearly {
            _ = write!(text, "  {} {yearly}", say("合每年", "a year"));
        }
        text.push('\n');
    }
    peers(&mut text, guidance, output);
    industry(&mut text, guidance, output);
    text.push_str(say("全国备案许可合同\n", "contracts recorded in China\n"));
    for fees in guidance.national {
        _ = writeln!(
            text,
            "  {}  n {}  {} {:.1}%  {} {:.1}%  {} {:.1}%  {} {}  {}",
            fees.year,
            fees.contracts,
            say("固定费用", "fixed"),
            fees.fixed_share,
            say("提成", "royalty"),
            fees.royalty_share,
            say("免费", "free"),
            fees.free_share,
            say("固定费用平均每份合同", "mean fixed fee of a contract"),
            fees.fixed_mean,
            fees.source
        );
    }
    let shared = guidance.shared.iter().map(|many| format!("{} {}", many.licensees, many.each));
    _ = writeln!(
        text,
        "{} {}",
        say(
            "一件专利许可多家时，合计达到上表最近一年每件专利平均固定费用，每家只需（家数 费用）",
            "to bring in the latest mean per patent from several licensees, each pays (licensees, fee)"
        ),
        shared.collect::<Vec<_>>().join("  ")
    );
    for hint in &guidance.hints {
        _ = writeln!(text, "{} {}", say("提示", "note:"), hint.notice(output.language));
    }
    text.push_str(say("以上供定价参考，不作限制。", "For orientation: none of this is a limit."));
    text
}

fn peers(text: &mut String, guidance: &PriceGuidance, output: &Output) {
    let say = |chinese, english| output.say(chinese, english);
    let (Some(name), Some(peers)) = (guidance.field_name, &guidance.peers) else {
        text.push_str(say(
            "未给出技术领域，也无法由名称和分类号判断：不作同领域比较\n",
            "no technology field is given or can be told from title and symbols: nothing to compare with\n",
        ));
        return;
    };
    _ = writeln!(
        text,
        "{}“{name}” {}  {} {}  {} {}  {} {}",
        say("本平台同领域在架许可", "on offer here in the field"),
        peers.listings,
        say("免费", "free"),
        peers.free,
        say("收费", "paid"),
        peers.paid,
        say("仅提成、面议或未写明", "royalty alone, to be agreed or not said"),
        peers.uncertain
    );
    match peers.yearly {
        Some(yearly) => {
            _ = writeln!(
                text,
                "  {} {} – {} – {}  (n {})",
                say("每年费用的四分位数", "quartiles of what is paid a year"),
                yearly.lower,
                yearly.median,
                yearly.upper,
                peers.paid
            )
        }
        None => {
            _ = writeln!(
                text,
                "  {}",
                say("收费的不足 5 件，不作统计", "fewer than five are paid: nothing can be said of what is usual")
            )
        }
    }
}

fn industry(text: &mut String, guidance: &PriceGuidance, output: &Output) {
    let say = |chinese, english| output.say(chinese, english);
    let Some(name) = guidance.industry_name else { return };
    _ = writeln!(
        text,
        "{}“{name}”",
        say("省局导入的行业平均许可费", "mean fees of the industry, as imported by the bureau")
    );
    for fees in &guidance.industry_fees {
        let fixed = fees
            .fixed_mean
            .map(|mean| format!("{} {mean}", say("固定费用平均每份合同", "mean fixed fee of a contract")));
        let royalty = fees.royalty_mean.map(|mean| {
            let base = fees.royalty_base.map_or("", RoyaltyBase::chinese);
            format!("{} {base} {}%", say("平均提成", "mean royalty"), mean.percent())
        });
        let means = [fixed, royalty].into_iter().flatten().collect::<Vec<_>>().join("  ");
        _ = writeln!(text, "  {}  n {}  {means}  {}", fees.year, fees.contracts, fees.source);
    }
}
