use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::domain::Notice;

fn shown(form: &str, standard: &str) -> String {
    match parse(form, standard) {
        Ok(fee) => fee.describe(),
        Err(error) => format!("! {}", error.chinese()),
    }
}

#[test]
fn a_fee_is_read_in_every_form_people_write() {
    for (form, standard, fee) in [
        ("", "免费", "免费"),
        ("免费", "", "免费"),
        ("无偿", "0元", "免费"),
        ("", "面议", "面议"),
        ("面议", "", "面议"),
        ("", "协商", "面议"),
        ("一次总付", "面议", "面议"),
        ("", "5万元", "一次总付5万元"),
        ("一次性支付", "80000元", "一次总付8万元"),
        ("一次总付 / 一次性支付", "¥80,000.00", "一次总付8万元"),
        ("一次总付", "人民币叁万元整", "一次总付3万元"),
        ("", "三万元", "一次总付3万元"),
        ("", "1.2亿元", "一次总付12000万元"),
        ("", "一次总付５万元", "一次总付5万元"),
        ("一次总付5万元", "", "一次总付5万元"),
        ("", "5万元/年", "5万元/年"),
        ("分期支付", "每年2万元", "2万元/年"),
        ("", "2.5万/年", "2.5万元/年"),
        ("按年支付", "2万元", "2万元/年"),
        ("", "入门费10万元+销售额3%", "入门费10万元+销售额的3%"),
        ("入门费 + 提成费", "入门费10万元，另按净销售额的3%提成", "入门费10万元+净销售额的3%"),
        ("入门费+提成", "10万元+销售额的3.5%", "入门费10万元+销售额的3.5%"),
        ("提成支付", "提成：净利润的10%", "净利润的10%"),
        ("", "销售额3%", "销售额的3%"),
        ("", "按年度净销售额的百分之三", "净销售额的3%"),
        ("按净销售额提成", "3%", "净销售额的3%"),
        ("提成支付", "每件2元", "每件2元"),
        ("", "2元/件", "每件2元"),
        ("", "入门费10万元+每吨50元", "入门费10万元+每吨50元"),
        ("分期支付", "首期5万元，其后每年2万元", "首期5万元，其后每年2万元"),
        ("", "首年5万元，第二年起2万元/年", "首期5万元，其后每年2万元"),
        ("", "分3期，每期2万元", "首期2万元，其后2期每期2万元"),
        ("先试用后付费", "首年免费，之后每年1万元", "前1年免费，之后1万元/年"),
        ("", "前6个月免费，之后3万元/年", "前6个月免费，之后3万元/年"),
        ("", "先试用6个月后付费3万元", "前6个月免费，之后一次总付3万元"),
        ("其他", "5万元", "一次总付5万元"),
    ] {
        assert_eq!(shown(form, standard), fee, "{form} | {standard}");
    }
}

#[test]
fn a_form_that_contradicts_the_standard_says_so() {
    for (form, standard) in [
        ("免费", "5万元"),
        ("一次总付", "销售额3%"),
        ("一次总付", "5万元/年"),
        ("提成支付", "5万元"),
        ("一次总付", "免费"),
        ("先试用后付费", "免费"),
        ("面议", "5万元"),
    ] {
        assert!(matches!(parse(form, standard), Err(FeeError::Contradiction { .. })), "{form} | {standard}");
    }
}

#[test]
fn a_form_without_what_it_needs_is_refused() {
    for (form, standard, needed) in [
        ("一次总付", "", Needed::Figure),
        ("分期支付", "6万元", Needed::Schedule),
        ("先试用后付费", "3万元/年", Needed::FreeMonths),
        ("入门费+提成", "销售额3%", Needed::EntryFee),
    ] {
        let error = parse(form, standard).unwrap_err();
        assert!(matches!(error, FeeError::Incomplete { needed: n, .. } if n == needed), "{form} | {standard}");
    }
}

#[test]
fn a_fee_that_leaves_something_open_is_refused_with_advice() {
    let refused = [
        "50000",
        "5-10万元",
        "5至10万元",
        "不低于5万元",
        "5万元起",
        "提成3%",
        "销售额120%",
        "3万元/3年",
        "价格优惠",
        "10万元/年+销售额3%",
        "5万元或2万元/年",
        "2000亿元",
        "三万五",
        "3,5万元",
    ];
    let shown: Vec<String> = refused.iter().map(|text| shown("", text)).collect();
    assert_snapshot!(shown.join("\n"), @r#"
    ! “50000”没有单位：请在数字后或列名中注明 元 或 万元
    ! “5-10万元”不是确定的金额：公开的许可费应为一个确定数，请只填一个
    ! “5至10万元”不是确定的金额：公开的许可费应为一个确定数，请只填一个
    ! “不低于5万元”不是确定的金额：公开的许可费应为一个确定数，请只填一个
    ! “5万元起”不是确定的金额：公开的许可费应为一个确定数，请只填一个
    ! “提成3%”没有说明提成的基数：请注明 销售额、净销售额、利润 或 净利润
    ! 提成比例 120% 超过 100%
    ! 无法识别许可费“3万元/3年”：应如 5万元、2万元/年、入门费10万元+销售额的3%
    ! 无法识别许可费“价格优惠”：应如 5万元、2万元/年、入门费10万元+销售额的3%
    ! 无法识别许可费“10万元/年+销售额3%”：应如 5万元、2万元/年、入门费10万元+销售额的3%
    ! “5万元或2万元/年”不是确定的金额：公开的许可费应为一个确定数，请只填一个
    ! 金额 20000000000000 分不在 0 至 1000 亿元之间
    ! 无法识别许可费“三万五”：应如 5万元、2万元/年、入门费10万元+销售额的3%
    ! “3,5万元”没有单位：请在数字后或列名中注明 元 或 万元
    "#);
}

#[test]
fn a_budget_may_be_an_upper_limit_but_not_a_range() {
    for text in ["10万元/年", "每年10万元", "不超过10万元", "10万元以内", "10万"] {
        assert_eq!(budget(text).map(Money::fen), Ok(10_000_000), "{text}");
    }
    assert!(matches!(budget("5-10万元"), Err(FeeError::NotOneFigure { .. })));
    assert!(matches!(budget("10"), Err(FeeError::NoUnit { .. })));
}

fn money() -> impl Strategy<Value = Money> {
    (1_i64..100_000_000_000).prop_map(|fen| Money::from_fen(fen).unwrap())
}

fn simple() -> impl Strategy<Value = Fee> {
    let base = prop::sample::select(vec![
        RoyaltyBase::Sales,
        RoyaltyBase::NetSales,
        RoyaltyBase::Profit,
        RoyaltyBase::NetProfit,
    ]);
    prop_oneof![
        Just(Fee::Free),
        Just(Fee::Negotiable),
        money().prop_map(|amount| Fee::LumpSum { amount }),
        money().prop_map(|amount| Fee::PerYear { amount }),
        (money(), money(), prop::option::of(1_u16..20)).prop_map(|(first, following, count)| Fee::Instalments {
            first,
            following,
            count
        }),
        (prop::bool::ANY, money(), 1_u16..10_000, base).prop_map(|(pure, entry, rate, base)| Fee::Royalty {
            entry: if pure { Money::ZERO } else { entry },
            rate: Rate::from_basis_points(rate).unwrap(),
            base,
        }),
        (money(), money()).prop_map(|(entry, per_unit)| Fee::UnitRoyalty { entry, per_unit, unit: "件".to_owned() }),
    ]
}

proptest! {
    #[test]
    fn what_a_fee_is_told_as_reads_back(then in simple(), free_months in 1_u16..40, trial: bool) {
        let paid = !matches!(then, Fee::Free);
        let fee = if trial && paid { Fee::TrialThenPaid { free_months, then: Box::new(then) } } else { then };
        prop_assert_eq!(parse("", &fee.describe()), Ok(fee));
    }

    #[test]
    fn a_sum_reads_back_in_every_style(fen in 1_i64..10_000_000_000_000) {
        let amount = Money::from_fen(fen).unwrap();
        let (yuan, rest) = (fen / 100, fen % 100);
        let grouped = grouped(yuan);
        for text in [
            format!("{yuan}.{rest:02}元"),
            format!("¥{grouped}.{rest:02}"),
            format!("￥{grouped}．{rest:02}"),
            format!("{}.{:04}{rest:02}万元", yuan / 10_000, yuan % 10_000),
            format!("人民币 {grouped}.{rest:02} 元整"),
        ] {
            prop_assert_eq!(parse("", &text), Ok(Fee::LumpSum { amount }), "{}", text);
        }
    }

    #[test]
    fn a_whole_sum_reads_back_in_chinese(yuan in 1_i64..100_000_000_000) {
        let amount = Money::from_fen(yuan * 100).unwrap();
        prop_assert_eq!(parse("", &format!("{}元整", chinese(yuan))), Ok(Fee::LumpSum { amount }), "{}", chinese(yuan));
    }

    #[test]
    fn no_text_panics(form in "\\PC{0,20}", standard in "[0-9一二三十百千万亿点元年月%免费入门提成每首期其后/+,.-]{0,24}") {
        let _ = parse(&form, &standard);
        let _ = parse(&standard, &form);
        let _ = budget(&standard);
    }
}

fn grouped(yuan: i64) -> String {
    let digits = yuan.to_string();
    let mut grouped = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    grouped
}

/// An independent writer of Chinese numbers: sections of four digits.
fn chinese(mut yuan: i64) -> String {
    let mut written = String::new();
    for (scale, name) in [(100_000_000, "亿"), (10_000, "万"), (1, "")] {
        let section = yuan / scale;
        yuan %= scale;
        if section == 0 {
            continue;
        }
        if !written.is_empty() && section < 1000 {
            written.push('零');
        }
        written += &four_digits(section);
        written += name;
    }
    written
}

fn four_digits(section: i64) -> String {
    let digits: Vec<char> = "零壹贰叁肆伍陆柒捌玖".chars().collect();
    let (mut written, mut gap) = (String::new(), false);
    for (unit, name) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let digit = section / unit % 10;
        if digit == 0 {
            gap = !written.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            written.push('零');
        }
        written.push(digits[digit as usize]);
        written += name;
    }
    written
}
