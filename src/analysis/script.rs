//! What kind of sign a character is, as far as cutting a text goes.

/// The kind of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// Chinese: the ideographs of the basic plane and the supplementary ones.
    Han,
    /// A letter or digit of any other script.
    Alphanumeric,
    /// Anything else: it is part of no term.
    None,
}

impl Script {
    pub(super) fn of(c: char) -> Self {
        match c {
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Self::Han,
            // The common signs between words, decided without a table.
            '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{3003}' => Self::None,
            _ if c.is_alphanumeric() => Self::Alphanumeric,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn signs_decided_without_a_table_are_no_letters() {
        for c in ('\u{2010}'..='\u{2027}').chain('\u{3001}'..='\u{3003}') {
            assert!(!c.is_alphanumeric(), "{c:?}");
        }
    }
}
