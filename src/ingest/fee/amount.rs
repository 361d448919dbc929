//! Numbers and sums of money in Chinese and Arabic figures, in whole-number arithmetic throughout.

use crate::domain::{Money, MoneyError};

/// Numbers are counted in millionths.
pub(in super::super) const ONE: i128 = 1_000_000;

/// A number at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Number {
    /// Its value in millionths.
    pub(in super::super) millionths: i128,
    /// Bytes of the text it takes.
    pub(in super::super) len: usize,
    /// It has 万 or 亿 in it, as only sums of money have.
    scaled: bool,
}

/// A number being added up: `total` holds what stands before 万 or 亿, `section` what stands before 十, 百 or 千.
#[derive(Default)]
struct Sum {
    total: i128,
    section: i128,
    current: Option<i128>,
    last_unit: i128,
    zero: bool,
    scaled: bool,
}

/// The number a text starts with: `2.5`, `三`, `一百二十`, `2.5万`, `3百万`, `叁万伍仟`, `1万5000`.
///
/// `三万五` is none: it means 35,000 when spoken and 30,005 by its signs.
pub(in super::super) fn number(text: &str) -> Option<Number> {
    let mut sum = Sum::default();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let taken = match c {
            '0'..='9' if sum.current.is_none() => {
                let (value, len) = decimals(&text[at..])?;
                sum.current = Some(value);
                Some(len)
            }
            '0'..='9' => None,
            c => sum.sign(c, &text[at + c.len_utf8()..]).map(|extra| c.len_utf8() + extra),
        };
        match taken {
            Some(len) => at += len,
            None => break,
        }
    }
    let millionths = sum.value()?;
    (at > 0).then_some(Number { millionths, len: at, scaled: sum.scaled })
}

impl Sum {
    /// Adds a Chinese sign; gives how many bytes behind it were taken too, `None` when it belongs to no number.
    fn sign(&mut self, c: char, rest: &str) -> Option<usize> {
        if let Some(digit) = digit(c) {
            match self.current {
                Some(current) => self.current = Some(current.checked_mul(10)?.checked_add(digit * ONE)?),
                None if digit == 0 && (self.total > 0 || self.section > 0) => self.zero = true,
                None => self.current = Some(digit * ONE),
            }
            return (self.current.unwrap_or(0) < ONE.pow(3)).then_some(0);
        }
        match c {
            '点' => {
                let digit = rest.chars().next().and_then(digit)?;
                self.current = Some(self.current? + digit * ONE / 10);
                Some(rest.chars().next().map_or(0, char::len_utf8))
            }
            '十' | '拾' => self.unit(10, true),
            '百' | '佰' => self.unit(100, false),
            '千' | '仟' => self.unit(1000, false),
            '万' | '萬' => self.scale(10_000),
            '亿' | '億' => self.scale(100_000_000),
            _ => None,
        }
    }

    fn unit(&mut self, unit: i128, alone: bool) -> Option<usize> {
        let count = self.current.take().or(alone.then_some(ONE))?;
        self.section = self.section.checked_add(count.checked_mul(unit)?)?;
        (self.last_unit, self.zero) = (unit, false);
        Some(0)
    }

    fn scale(&mut self, scale: i128) -> Option<usize> {
        let mut value = self.section.checked_add(self.current.take().unwrap_or(0))?;
        if scale > 10_000 {
            value = value.checked_add(std::mem::take(&mut self.total))?;
        }
        if value == 0 || value > ONE.pow(3) {
            return None;
        }
        self.total = self.total.checked_add(value * scale)?;
        (self.section, self.last_unit, self.zero, self.scaled) = (0, scale, false, true);
        Some(0)
    }

    fn value(&self) -> Option<i128> {
        let tail = self.current.unwrap_or(0);
        let spoken = self.last_unit > 10 && tail > 0 && !self.zero && tail * 10 < self.last_unit * ONE;
        if spoken {
            return None;
        }
        Some(self.total + self.section + tail)
    }
}

fn digit(c: char) -> Option<i128> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// Arabic digits with at most six places; `None` when they are more than any sum of money has.
fn decimals(text: &str) -> Option<(i128, usize)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let places = text[whole..].strip_prefix('.').map_or(0, digits);
    if whole > 15 || places > 6 {
        return None;
    }
    let mut value: i128 = text[..whole].parse().ok()?;
    let fraction = &text[whole..][usize::from(places > 0)..][..places];
    for place in 0..6 {
        value = value * 10 + fraction.as_bytes().get(place).map_or(0, |byte| i128::from(byte - b'0'));
    }
    Some((value, whole + places + usize::from(places > 0)))
}

/// A sum of money at the start of a text, with the bytes it takes; `None` for a number without a unit of money.
pub(super) fn money(text: &str) -> Option<Result<(Money, usize), MoneyError>> {
    const BEFORE: [&str; 4] = ["人民币", "rmb", "cny", "¥"];
    const YUAN: [&str; 5] = ["元", "圆", "块钱", "块", "rmb"];
    let before = BEFORE.iter().find(|mark| text.starts_with(**mark)).map_or(0, |mark| mark.len());
    let first = number(&text[before..])?;
    let mut at = before + first.len;
    let yuan = YUAN.iter().find(|word| text[at..].starts_with(**word));
    if before == 0 && !first.scaled && yuan.is_none() {
        return None;
    }
    at += yuan.map_or(0, |word| word.len());
    let mut millionths = first.millionths;
    if yuan.is_some() {
        for (word, part) in [("角", 10), ("分", 100)] {
            let rest = text[at..].trim_start_matches('零');
            let Some(small) = number(rest).filter(|small| rest[small.len..].starts_with(word)) else { continue };
            millionths += small.millionths / part;
            at = text.len() - rest.len() + small.len + word.len();
        }
    }
    for behind in ["整", "正", "人民币"] {
        at += text[at..].strip_prefix(behind).map_or(0, |_| behind.len());
    }
    let fen = millionths / 10_000;
    if millionths % 10_000 != 0 {
        return None;
    }
    let fen = i64::try_from(fen).unwrap_or(i64::MAX);
    Some(Money::from_fen(fen).map(|money| (money, at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(text: &str) -> Option<i64> {
        money(text).and_then(Result::ok).filter(|(_, len)| *len == text.len()).map(|(money, _)| money.fen())
    }

    #[test]
    fn sums_are_read_in_figures_and_in_chinese() {
        for (text, yuan) in [
            ("5万元", 50_000),
            ("2.5万", 25_000),
            ("80000元", 80_000),
            ("¥80000.00", 80_000),
            ("人民币叁万元整", 30_000),
            ("三万元", 30_000),
            ("1.2亿元", 120_000_000),
            ("一亿二千万元", 120_000_000),
            ("3百万元", 3_000_000),
            ("1万5000元", 15_000),
            ("壹拾贰万叁仟肆佰伍拾陆元", 123_456),
            ("十万零五百元", 100_500),
            ("一点五万元", 15_000),
            ("1万2千元", 12_000),
            ("两万元", 20_000),
            ("零元", 0),
        ] {
            assert_eq!(fen(text), Some(yuan * 100), "{text}");
        }
        assert_eq!(fen("叁元伍角捌分"), Some(358));
        assert_eq!(fen("0.05元"), Some(5));
    }

    #[test]
    fn what_is_no_certain_sum_is_refused() {
        for text in [
            "50000",
            "三万五元",
            "0.001元",
            "一百五元",
            "万元",
            "1234567890123456元",
            "几万元",
            "九九九九九九九九九九九九九九九九亿亿亿亿元",
        ] {
            assert_eq!(fen(text), None, "{text}");
        }
        assert!(money("2000亿元").is_some_and(|money| money.is_err()), "above the largest amount");
    }
}
