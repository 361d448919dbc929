//! Cutting the text of one cell into a list.

/// Cuts at `；;、,，|` and line ends, but not inside brackets.
pub(super) fn words(text: &str) -> Vec<String> {
    cut(text, |c| matches!(c, '；' | ';' | '、' | ',' | '，' | '|'))
}

/// Cuts names of holders: as [`words`], but a comma before a Latin letter stays (`Example, Inc.`).
pub(super) fn names(text: &str) -> Vec<String> {
    let marked = text.replace('，', ",");
    let mut parts: Vec<String> = Vec::new();
    for part in marked.split(',') {
        match parts.last_mut() {
            Some(last) if part.trim_start().starts_with(|c: char| c.is_ascii()) => {
                last.push(',');
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts.iter().flat_map(|part| cut(part, |c| matches!(c, '；' | ';' | '、' | '|'))).collect()
}

/// Cuts IPC symbols: as [`words`], and at a blank before the letter of the next symbol.
pub(super) fn symbols(text: &str) -> Vec<String> {
    let mut symbols = Vec::new();
    for part in words(text) {
        let mut symbol = String::new();
        for piece in part.split_whitespace() {
            let starts = piece.len() > 1 && piece.starts_with(|c: char| c.is_alphabetic());
            if starts && !symbol.is_empty() {
                symbols.push(std::mem::take(&mut symbol));
            }
            symbol.push_str(piece);
        }
        symbols.push(symbol);
    }
    symbols
}

/// Cuts at line ends only, for prose.
pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Takes the whole text as it stands.
pub(super) fn whole(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

fn cut(text: &str, is_separator: fn(char) -> bool) -> Vec<String> {
    let mut depth = 0_usize;
    let parts = text.split(|c: char| {
        match c {
            '(' | '（' | '《' => depth += 1,
            ')' | '）' | '》' => depth = depth.saturating_sub(1),
            _ => {}
        }
        matches!(c, '\n' | '\r') || depth == 0 && is_separator(c)
    });
    parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_outside_brackets_only() {
        assert_eq!(words("隔膜、电解液（水系、固态）；电池"), ["隔膜", "电解液（水系、固态）", "电池"]);
    }

    #[test]
    fn a_comma_before_a_latin_letter_belongs_to_the_name() {
        assert_eq!(names("样例大学,样例研究院；Example, Inc."), ["样例大学", "样例研究院", "Example, Inc."]);
    }

    #[test]
    fn symbols_are_cut_at_any_separator_people_use() {
        for text in ["H01M10/0525;H01M4/36", "H01M 10/0525，H01M 4/36", "H01M10/0525 H01M4/36", "H01M10/0525|H01M4/36"]
        {
            assert_eq!(symbols(text), ["H01M10/0525", "H01M4/36"], "{text}");
        }
        assert_eq!(symbols("H01M10/0525 (2010.01) I\nH01M4/36"), ["H01M10/0525(2010.01)I", "H01M4/36"]);
    }
}
