//! The length of one licence (单次许可期限), in months.

use unicode_normalization::UnicodeNormalization;

use super::Reason;
use super::cells::shortened;
use super::fee::{ONE, number};

/// Longer than any patent lasts.
const MOST_MONTHS: i128 = 600;

/// Reads `3年`, `36个月`, `三年`, `一年半`, `半年`, `1年6个月`, `自合同生效之日起3年`. A bare figure is none.
pub(super) fn months(text: &str) -> Result<u16, Reason> {
    let folded: String = text.nfkc().filter(|c| !c.is_whitespace()).take(60).collect();
    let bare = folded.split('(').next().unwrap_or_default();
    let bare = bare.rsplit_once('起').map_or(bare, |(_, behind)| behind);
    let found = total(bare).filter(|months| (1..=MOST_MONTHS).contains(months)).and_then(|m| u16::try_from(m).ok());
    found.ok_or_else(|| Reason::Period { text: shortened(text) })
}

fn total(text: &str) -> Option<i128> {
    let mut rest = text;
    let mut months = 0;
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix('半') {
            months += 6;
            rest = if months == 6 { behind.strip_prefix('年')? } else { behind };
            return rest.is_empty().then_some(months);
        }
        let count = number(rest)?;
        rest = &rest[count.len..];
        let (word, each) = [("个月", 1), ("月", 1), ("年", 12)].into_iter().find(|(word, _)| rest.starts_with(word))?;
        let millionths = count.millionths.checked_mul(each)?;
        months += (millionths % ONE == 0).then_some(millionths / ONE)?;
        rest = &rest[word.len()..];
    }
    Some(months)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_period_is_read_in_every_form_people_write() {
        for (text, expected) in [
            ("3年", 36),
            ("36个月", 36),
            ("三年", 36),
            ("一年半", 18),
            ("半年", 6),
            ("1.5年", 18),
            ("1年6个月", 18),
            ("自合同生效之日起3年", 36),
            ("３ 年（可续）", 36),
            ("十年", 120),
        ] {
            assert_eq!(months(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_period_without_a_unit_or_an_end_is_refused() {
        for text in ["5", "长期", "3-5年", "0年", "900年", "专利有效期内", "2023-01-01", ""] {
            assert!(months(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9一二十半年月个起(.]{0,16}\\PC{0,4}") {
            let _ = months(&text);
        }
    }
}
