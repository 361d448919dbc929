//! The words of a fee. A word that is not known here makes the whole text unreadable: nothing is skipped by guess.

use unicode_normalization::UnicodeNormalization;

use super::super::cells::shortened;
use super::FeeError;
use super::amount::{self, ONE};
use super::vocabulary::{FILLERS, UNITS, WORDS};
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
