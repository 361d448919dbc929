//! Text for an image: made legal for XML, measured, cut and wrapped to a width.

/// `text` on one line, with nothing an XML document may not hold and nothing that turns the direction of writing.
///
/// Escaping of `<`, `&` and quotes is left to whoever writes the text out.
pub(super) fn clean(text: &str) -> String {
    legal(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` as it stands, with nothing an XML document may not hold and nothing that turns the direction of writing.
pub(super) fn legal(text: &str) -> String {
    let legal = text.chars().map(|c| match c {
        c if c.is_control() => ' ',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
        '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
        c => c,
    });
    legal.collect()
}

/// The lines of `text`, each made legal.
pub(super) fn legal_lines(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// `text` as the content of an XML element.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

/// The width of a character in ems, a little more than most fonts need.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'l' | 'j' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.34,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.95,
        '\0'..='\u{2ff}' => 0.62,
        _ => 1.0,
    }
}

/// The width of `text` in pixels at a size of `size` pixels, estimated.
pub(super) fn width(text: &str, size: f64) -> i32 {
    // A sum of hundredths may come out a hair above the whole number it is.
    (text.chars().map(advance).sum::<f64>() * size - 1e-6).ceil() as i32
}

/// `text` cleaned, and cut to at most `room` pixels, with an ellipsis where something is missing.
pub(super) fn fitted(text: &str, size: f64, room: i32) -> String {
    let text = clean(text);
    if width(&text, size) <= room {
        return text;
    }
    let budget = f64::from(room) / size - advance('…');
    let mut used = 0.0;
    let kept = text.chars().take_while(|c| {
        used += advance(*c);
        used <= budget
    });
    let kept: String = kept.collect();
    format!("{}…", kept.trim_end())
}

/// `text` cleaned, in at most `lines` lines of at most `room` pixels; the last is cut if more would follow.
///
/// Breaks fall between words of Latin script and between any two characters of Chinese.
pub(super) fn wrapped(text: &str, size: f64, room: i32, lines: usize) -> Vec<String> {
    let text = clean(text);
    let mut rest = text.as_str();
    let mut out = Vec::new();
    while !rest.is_empty() && out.len() + 1 < lines {
        let (line, next) = rest.split_at(break_at(rest, size, room));
        out.push(line.trim_end().to_owned());
        rest = next.trim_start();
    }
    if !rest.is_empty() {
        out.push(fitted(rest, size, room));
    }
    out
}

/// Where the first line of `text` ends: a byte offset above 0, unless `text` is empty.
fn break_at(text: &str, size: f64, room: i32) -> usize {
    let mut used = 0.0;
    let mut last_break = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        // Closing marks stay with what they close.
        let closes = "，。、；：？！）》”’％%,.;:?!)]".contains(c);
        if at > 0 && !closes && (c == ' ' || before == ' ' || advance(c) >= 1.0 || advance(before) >= 1.0) {
            last_break = at;
        }
        used += advance(c) * size;
        if used > f64::from(room) && at > 0 {
            return if last_break > 0 { last_break } else { at };
        }
        before = c;
    }
    text.len()
}

/// A share as a percentage with one decimal.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_one_legal_line() {
        assert_eq!(clean(" a\n\tb\0c\u{202e}d\u{ffff} "), "a b c d\u{fffd}");
        assert_eq!(escaped("a<b & \"c\"]]>"), "a&lt;b &amp; \"c\"]]&gt;");
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        assert_eq!(fitted("电气机械", 10.0, 40), "电气机械");
        assert_eq!(fitted("电气机械", 10.0, 39), "电气…");
        assert_eq!(fitted("电", 10.0, 5), "…");
    }

    #[test]
    fn lines_break_between_chinese_characters_but_not_inside_words_or_before_a_comma() {
        assert_eq!(wrapped("测试 duijie 很好", 10.0, 40, 9), ["测试", "duijie", "很好"]);
        assert_eq!(wrapped("甲乙丙，丁", 10.0, 30, 9), ["甲乙", "丙，丁"]);
        assert_eq!(wrapped("甲乙丙丁", 10.0, 20, 1), ["甲…"]);
        // Widths that sum to exactly the room, and a hair more in binary.
        assert!(wrapped(":0A!¡®!0!n¡:A", 12.0, 90, 9).iter().all(|line| width(line, 12.0) <= 90));
    }

    proptest! {
        #[test]
        fn every_line_fits_and_nothing_is_lost(text in "\\PC{0,60}", room in 20i32..200) {
            let lines = wrapped(&text, 12.0, room, usize::MAX);
            for line in &lines {
                prop_assert!(width(line, 12.0) <= room, "{line}");
            }
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&lines.concat()), bare(&clean(&text)));
        }
    }
}
