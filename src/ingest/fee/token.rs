//! The words of a fee. A word that is not known here makes the whole text unreadable: nothing is skipped by guess.

use unicode_normalization::UnicodeNormalization;

use super::super::cells::shortened;
use super::FeeError;
use super::amount::{self, ONE};
use crate::domain::{Money, RoyaltyBase};

/// One word with a meaning; small words between them are dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Money(Money),
    /// A share in hundredths of a per cent.
    Share(u32),
    /// A length of time.
    Months(u16),
    /// A count of instalments.
    Count(u16),
    /// 每件, /件.
    PerUnit(&'static str),
    /// 每年 before a sum.
    EachYear,
    /// /年 behind a sum.
    SlashYear,
    /// 每期.
    EachInstalment,
    Free,
    Negotiable,
    Entry,
    Royalty,
    Base(RoyaltyBase),
    First,
    FirstYear,
    Then,
    LumpSum,
    Instalments,
    Trial,
    /// 前: the first months or years.
    Within,
    /// 不超过: an upper limit.
    AtMost,
    /// A range, a lower limit or a choice.
    Vague,
    /// A figure without a unit.
    Bare,
    /// 其他: a form that asserts nothing.
    Other,
}

const WORDS: &[(&str, Token)] = &[
    ("免费试用", Token::Trial),
    ("先试用后付费", Token::Trial),
    ("先使用后付费", Token::Trial),
    ("先免费试用后付费", Token::Trial),
    ("试用期", Token::Trial),
    ("试用", Token::Trial),
    ("免费许可", Token::Free),
    ("免费", Token::Free),
    ("无偿", Token::Free),
    ("不收费", Token::Free),
    ("免收", Token::Free),
    ("面议", Token::Negotiable),
    ("双方协商", Token::Negotiable),
    ("协商确定", Token::Negotiable),
    ("协商", Token::Negotiable),
    ("另议", Token::Negotiable),
    ("面谈", Token::Negotiable),
    ("入门费", Token::Entry),
    ("提成费", Token::Royalty),
    ("提成", Token::Royalty),
    ("分成", Token::Royalty),
    ("净销售额", Token::Base(RoyaltyBase::NetSales)),
    ("净销售收入", Token::Base(RoyaltyBase::NetSales)),
    ("销售净额", Token::Base(RoyaltyBase::NetSales)),
    ("销售额", Token::Base(RoyaltyBase::Sales)),
    ("销售总额", Token::Base(RoyaltyBase::Sales)),
    ("销售收入", Token::Base(RoyaltyBase::Sales)),
    ("营业额", Token::Base(RoyaltyBase::Sales)),
    ("营业收入", Token::Base(RoyaltyBase::Sales)),
    ("净利润", Token::Base(RoyaltyBase::NetProfit)),
    ("利润", Token::Base(RoyaltyBase::Profit)),
    ("每年", Token::EachYear),
    ("按年", Token::EachYear),
    ("逐年", Token::EachYear),
    ("/每年", Token::SlashYear),
    ("/年", Token::SlashYear),
    ("每一年", Token::EachYear),
    ("每期", Token::EachInstalment),
    ("/期", Token::EachInstalment),
    ("每次", Token::EachInstalment),
    ("首期", Token::First),
    ("首付", Token::First),
    ("首笔", Token::First),
    ("第一期", Token::First),
    ("第1期", Token::First),
    ("首年", Token::FirstYear),
    ("第一年", Token::FirstYear),
    ("第1年", Token::FirstYear),
    ("其后", Token::Then),
    ("之后", Token::Then),
    ("此后", Token::Then),
    ("以后", Token::Then),
    ("随后", Token::Then),
    ("后续", Token::Then),
    ("余下", Token::Then),
    ("其余", Token::Then),
    ("后", Token::Then),
    ("第二年起", Token::Then),
    ("第2年起", Token::Then),
    ("第二年开始", Token::Then),
    ("一次总付", Token::LumpSum),
    ("一次性总付", Token::LumpSum),
    ("一次性支付", Token::LumpSum),
    ("一次性付清", Token::LumpSum),
    ("一次付清", Token::LumpSum),
    ("一次性", Token::LumpSum),
    ("总付", Token::LumpSum),
    ("分期", Token::Instalments),
    ("前", Token::Within),
    ("不超过", Token::AtMost),
    ("不高于", Token::AtMost),
    ("以内", Token::AtMost),
    ("以下", Token::AtMost),
    ("最高", Token::AtMost),
    ("其他", Token::Other),
    ("其它", Token::Other),
    ("-", Token::Vague),
    ("~", Token::Vague),
    ("—", Token::Vague),
    ("–", Token::Vague),
    ("至", Token::Vague),
    ("到", Token::Vague),
    ("以上", Token::Vague),
    ("起", Token::Vague),
    ("不低于", Token::Vague),
    ("不少于", Token::Vague),
    ("至少", Token::Vague),
    ("最低", Token::Vague),
    ("约", Token::Vague),
    ("左右", Token::Vague),
    ("或者", Token::Vague),
    ("或", Token::Vague),
];

/// Words that change nothing.
const FILLERS: &[&str] = &[
    ",",
    ";",
    ":",
    ".",
    "。",
    "、",
    "+",
    "/",
    "(",
    ")",
    "先",
    "和",
    "加",
    "及",
    "并",
    "另外",
    "另",
    "再",
    "按照",
    "按",
    "的",
    "计算",
    "计提",
    "计",
    "收取",
    "收费",
    "支付",
    "缴纳",
    "付款",
    "付费",
    "付",
    "专利许可使用费",
    "许可使用费",
    "使用费",
    "许可费",
    "费用",
    "费",
    "为",
    "共计",
    "合计",
    "共",
    "产品",
    "合同",
    "方式",
    "比例",
    "金额",
    "其",
    "则",
    "分",
    "从",
    "自",
    "年度",
    "含税",
    "标准",
    "税前",
];

/// What is counted in a royalty by the piece.
const UNITS: &[&str] = &[
    "平方米",
    "立方米",
    "公斤",
    "千克",
    "千瓦",
    "公顷",
    "件",
    "台",
    "套",
    "吨",
    "个",
    "只",
    "辆",
    "瓶",
    "盒",
    "片",
    "米",
    "亩",
    "株",
    "头",
    "斤",
    "升",
    "箱",
    "支",
    "条",
    "双",
    "张",
    "把",
    "部",
    "架",
    "艘",
    "根",
    "袋",
    "包",
    "剂",
    "组",
    "颗",
];

/// The text in one width, without blanks and the commas between thousands.
fn folded(text: &str) -> String {
    let folded: Vec<char> = text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).take(400).collect();
    let is_digit = |at: usize| folded.get(at).is_some_and(char::is_ascii_digit);
    let is_thousands_comma =
        |at: usize| at > 0 && is_digit(at - 1) && (1..=3).all(|by| is_digit(at + by)) && !is_digit(at + 4);
    let kept = folded.iter().enumerate().filter(|&(at, &c)| c != ',' || !is_thousands_comma(at));
    kept.map(|(_, &c)| if c == '￥' { '¥' } else { c }).collect()
}

/// The words of a text in their order.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FeeError> {
    let folded = folded(text);
    let mut rest = folded.as_str();
    let mut tokens: Vec<Token> = Vec::new();
    while !rest.is_empty() {
        let (token, len) = next(rest)?.ok_or_else(|| FeeError::Unreadable { text: shortened(text) })?;
        rest = &rest[len..];
        if let Some(token) = token.filter(|token| tokens.last() != Some(token)) {
            tokens.push(token);
        }
    }
    Ok(tokens)
}

/// The first word and its length; a filler is no token.
fn next(text: &str) -> Result<Option<(Option<Token>, usize)>, FeeError> {
    let longest = WORDS.iter().filter(|(word, _)| text.starts_with(word)).max_by_key(|(word, _)| word.len());
    if let Some((word, token)) = longest {
        return Ok(Some((Some(token.clone()), word.len())));
    }
    for mark in ["每", "/"] {
        let unit = text.strip_prefix(mark).and_then(|rest| UNITS.iter().find(|unit| rest.starts_with(**unit)));
        if let Some(unit) = unit {
            return Ok(Some((Some(Token::PerUnit(unit)), mark.len() + unit.len())));
        }
    }
    if let Some((token, len)) = fraction(text) {
        return Ok(Some((Some(token), len)));
    }
    if let Some(money) = amount::money(text) {
        let (money, len) = money?;
        return Ok(Some((Some(Token::Money(money)), len)));
    }
    if let Some((token, len)) = counted(text) {
        return Ok(Some((Some(token), len)));
    }
    let filler = FILLERS.iter().filter(|word| text.starts_with(**word)).max_by_key(|word| word.len());
    Ok(filler.map(|word| (None, word.len())))
}

/// 百分之三, 千分之五.
fn fraction(text: &str) -> Option<(Token, usize)> {
    let (mark, share) = [("百分之", 100), ("千分之", 10)].into_iter().find(|(mark, _)| text.starts_with(mark))?;
    let number = amount::number(&text[mark.len()..])?;
    Some((Token::Share(hundredths(number.millionths * share)?), mark.len() + number.len))
}

/// A number with what it counts, or a bare one.
fn counted(text: &str) -> Option<(Token, usize)> {
    let number = amount::number(text)?;
    let rest = &text[number.len..];
    let whole = |times: i128| u16::try_from(number.millionths * times / ONE).ok();
    let (token, word) = match rest {
        rest if rest.starts_with('%') => (Token::Share(hundredths(number.millionths * 100)?), "%"),
        rest if rest.starts_with("个月") => (Token::Months(whole(1)?), "个月"),
        rest if rest.starts_with('月') => (Token::Months(whole(1)?), "月"),
        rest if rest.starts_with('年') => (Token::Months(whole(12)?), "年"),
        rest if rest.starts_with('期') => (Token::Count(whole(1)?), "期"),
        rest if rest.starts_with('次') => (Token::Count(whole(1)?), "次"),
        _ => (Token::Bare, ""),
    };
    Some((token, number.len + word.len()))
}

fn hundredths(millionths: i128) -> Option<u32> {
    (millionths % ONE == 0).then(|| u32::try_from(millionths / ONE).ok())?
}
