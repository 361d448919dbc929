//! Company names, folded so that one firm has one name.

use unicode_normalization::UnicodeNormalization;

/// The name an enterprise is known by when it has no credit code: width, case and blanks folded, every bracket the
/// same, punctuation that files disagree on removed. `宁德时代（福建）` and `宁德时代(福建)` are one name.
#[must_use]
pub fn normalised_name(name: &str) -> String {
    let folded = name.nfkc().flat_map(char::to_lowercase).map(|c| match c {
        '〔' | '［' | '[' | '【' | '{' => '(',
        '〕' | '］' | ']' | '】' | '}' => ')',
        c => c,
    });
    let kept = folded.filter(|c| !c.is_whitespace() && !is_loose_punctuation(*c));
    // Once more, for what lowering and removing may have brought together.
    kept.nfkc().take(200).collect()
}

fn is_loose_punctuation(c: char) -> bool {
    matches!(c, '.' | '。' | ',' | '，' | '、' | '·' | '"' | '\'' | '“' | '”')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_firm_has_one_name() {
        for text in ["样例（北京）电池有限公司", "样例(北京)电池 有限公司", "样例〔北京〕电池有限公司。"]
        {
            assert_eq!(normalised_name(text), "样例(北京)电池有限公司");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(name in "\\PC{0,60}") {
            let once = normalised_name(&name);
            prop_assert_eq!(normalised_name(&once), once);
        }
    }
}
