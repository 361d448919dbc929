//! Messages for people: Chinese by default, English by option.

/// The language a message is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    Chinese,
    /// English, by option.
    English,
}

/// Something a person is told: what failed, on what, and what to do next.
///
/// The English text is the type's `Display`; the Chinese one stands beside it, so that neither is forgotten.
pub trait Notice: std::fmt::Display {
    /// The message in Chinese, one sentence, without a final full stop.
    fn chinese(&self) -> String;

    /// The message in the language asked for.
    fn notice(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            Language::English => self.to_string(),
        }
    }
}
