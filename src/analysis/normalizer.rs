//! Folding: one spelling for what people write in many.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::script::Script;

/// A text in compatibility form (NFKC: full width to half, ligatures apart), lower case, traditional characters
/// replaced by simplified ones, with the way back to the original.
///
/// Characters are folded one by one (a base and its combining marks together), because every folded character must
/// know the bytes it came from; conversions that depend on whole phrases are therefore not made.
pub(super) struct Folded {
    text: String,
    /// For each folded character the first original byte, then one entry for the end.
    starts: Vec<u32>,
    /// For each folded character the first folded byte, then one entry for the end.
    bytes: Vec<u32>,
    /// What each folded character is.
    scripts: Vec<Script>,
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(original.len()),
            starts: Vec::with_capacity(original.len() / 2),
            bytes: Vec::with_capacity(original.len() / 2),
            scripts: Vec::with_capacity(original.len() / 2),
        };
        let simplified = SIMPLIFIED.as_slice();
        let mut rest = original.char_indices().peekable();
        while let Some((start, c)) = rest.next() {
            match rest.peek() {
                Some(&(_, mark)) if is_mark(mark) => {
                    let mut cluster = String::from(c);
                    while let Some((_, mark)) = rest.next_if(|&(_, c)| is_mark(c)) {
                        cluster.push(mark);
                    }
                    cluster.nfkc().for_each(|c| folded.push(c, start));
                }
                _ => match c {
                    FIRST_HAN..=LAST_HAN => folded.put(simplified[c as usize - FIRST_HAN as usize], start),
                    _ => folded.push(c, start),
                },
            }
        }
        folded.starts.push(original.len() as u32);
        folded.bytes.push(folded.text.len() as u32);
        folded
    }

    fn push(&mut self, c: char, start: usize) {
        let simple = simple_fold(c);
        if let Some(simple) = simple {
            return self.put(simple, start);
        }
        for compatible in std::iter::once(c).nfkc() {
            for lower in compatible.to_lowercase() {
                self.put(simple_fold(lower).unwrap_or(lower), start);
            }
        }
    }

    fn put(&mut self, c: char, start: usize) {
        self.starts.push(start as u32);
        self.bytes.push(self.text.len() as u32);
        self.scripts.push(Script::of(c));
        self.text.push(c);
    }

    /// The folded text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What each folded character is.
    pub(super) fn scripts(&self) -> &[Script] {
        &self.scripts
    }

    /// The folded characters `range`, as text.
    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        &self.text[self.bytes[range.start] as usize..self.bytes[range.end] as usize]
    }

    /// The original bytes of the folded characters `range`.
    ///
    /// Characters folded from one original character (a ligature) all lead to the whole of it.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let start = self.starts[range.start];
        let last = self.starts[range.end - 1];
        let end = self.starts[range.end..].iter().find(|&&s| s > last).copied();
        start as usize..end.unwrap_or(*self.starts.last().unwrap_or(&last)) as usize
    }
}

/// Whether a character joins the one before it; the common ranges are decided without a table.
fn is_mark(c: char) -> bool {
    !matches!(c, '\0'..='\u{2ff}' | FIRST_HAN..=LAST_HAN | '\u{ff00}'..='\u{ffef}') && is_combining_mark(c)
}

/// One character for one character, for all that needs no decomposition: ASCII, and the Chinese characters of the
/// basic plane.
fn simple_fold(c: char) -> Option<char> {
    match c {
        '\0'..='\x7f' => Some(c.to_ascii_lowercase()),
        FIRST_HAN..=LAST_HAN => SIMPLIFIED.get(c as usize - FIRST_HAN as usize).copied(),
        '，' => Some(','),
        '、' | '。' | '“' | '”' => Some(c),
        _ => None,
    }
}

const FIRST_HAN: char = '\u{3400}';
const LAST_HAN: char = '\u{9fff}';

/// The simplified form of every Chinese character of the basic plane.
static SIMPLIFIED: LazyLock<Vec<char>> = LazyLock::new(|| {
    (FIRST_HAN..=LAST_HAN)
        .map(|c| {
            let simplified = hanconv::t2s(c.to_string());
            let mut chars = simplified.chars();
            match (chars.next(), chars.next()) {
                (Some(single), None) => single,
                _ => c,
            }
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ligature_leads_back_to_the_whole_of_it() {
        let folded = Folded::new("aﬁb");
        assert_eq!(folded.text(), "afib");
        assert_eq!(folded.origin(1..2), 1..4);
        assert_eq!(folded.origin(0..4), 0..5);
    }

    #[test]
    fn a_base_and_its_marks_are_one_character() {
        let folded = Folded::new("E\u{301}電");
        assert_eq!(folded.text(), "é电");
        assert_eq!(folded.origin(0..1), 0..3);
        assert_eq!(folded.origin(1..2), 3..6);
    }
}
