//! A text with what is known of its technology: what classifiers are trained and tested on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{IpcCode, IpcLevel, Notice, TechnologyField};

/// A patent's words, and its class where that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassifiedText {
    /// What the file calls it; its row number where it has no name.
    pub id: String,
    /// 发明名称.
    pub title: String,
    /// Abstract; may be empty.
    pub body: String,
    /// 专利权人; may be empty.
    pub holders: Vec<String>,
    /// The main IPC symbol, if it is known.
    pub main_ipc: Option<IpcCode>,
    /// All IPC symbols.
    pub ipc: Vec<IpcCode>,
    /// The class that the file itself gives, if it does.
    pub label: Option<String>,
}

/// What a classifier tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// The 35 technology fields, by number.
    Field,
    /// IPC sections: `H`.
    Section,
    /// IPC classes: `H01`.
    Class,
    /// IPC subclasses: `H01M`.
    Subclass,
    /// Whatever the file's own `label` says.
    Label,
}

/// The text names no kind of label.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{text}' is no kind of label: expected field, section, class, subclass or label")]
pub struct LabelKindError {
    /// The text as given.
    pub text: String,
}

impl Notice for LabelKindError {
    fn chinese(&self) -> String {
        format!("“{}”不是标签种类：应为 field、section、class、subclass 或 label", self.text)
    }
}

impl LabelKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Field, Self::Section, Self::Class, Self::Subclass, Self::Label];

    /// The word for it in files and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Section => "section",
            Self::Class => "class",
            Self::Subclass => "subclass",
            Self::Label => "label",
        }
    }

    /// The Chinese name of the kind.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Field => "技术领域",
            Self::Section => "IPC 部",
            Self::Class => "IPC 大类",
            Self::Subclass => "IPC 小类",
            Self::Label => "自定义类别",
        }
    }

    /// The label of a text, if it is known: of its main IPC symbol, of all its symbols where they agree, or the file's
    /// own.
    #[must_use]
    pub fn of(self, text: &ClassifiedText) -> Option<String> {
        match (self, &text.main_ipc) {
            (Self::Label, _) => text.label.clone(),
            (_, Some(main)) => self.of_symbol(main),
            (_, None) => {
                let mut labels = text.ipc.iter().map(|symbol| self.of_symbol(symbol));
                let first = labels.next()??;
                labels.all(|label| label.as_ref() == Some(&first)).then_some(first)
            }
        }
    }

    /// The label that follows from an IPC symbol; `None` for [`Self::Label`], and where no table has it.
    #[must_use]
    pub fn of_symbol(self, symbol: &IpcCode) -> Option<String> {
        let cut = |level| symbol.at(level).map(str::to_owned);
        match self {
            Self::Field => TechnologyField::of(symbol).map(|field| field.number().to_string()),
            Self::Section => cut(IpcLevel::Section),
            Self::Class => cut(IpcLevel::Class),
            Self::Subclass => cut(IpcLevel::Subclass),
            Self::Label => None,
        }
    }

    /// What a label means, in Chinese: the field's name or the class's title; empty where that is not known.
    #[must_use]
    pub fn meaning(self, label: &str) -> &'static str {
        match self {
            Self::Field => label.parse().ok().and_then(TechnologyField::from_number).map_or("", TechnologyField::name),
            Self::Label => "",
            _ => IpcCode::title(label).unwrap_or(""),
        }
    }
}

impl fmt::Display for LabelKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for LabelKind {
    type Err = LabelKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| LabelKindError { text: text.chars().take(40).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_label_follows_from_the_main_symbol() {
        let text = ClassifiedText { main_ipc: Some("H01M10/0525".parse().unwrap()), ..ClassifiedText::default() };
        let labels: Vec<_> = LabelKind::ALL.iter().map(|kind| kind.of(&text)).collect();
        let expected = [Some("1"), Some("H"), Some("H01"), Some("H01M"), None].map(|label| label.map(str::to_owned));
        assert_eq!(labels, expected);
        assert_eq!(LabelKind::Field.meaning("1"), "电机、装置、能源");
    }

    #[test]
    fn without_a_main_symbol_all_must_agree() {
        let ipc = vec!["H01M10/0525".parse().unwrap(), "H02J7/00".parse().unwrap()];
        let text = ClassifiedText { ipc, ..ClassifiedText::default() };
        assert_eq!(LabelKind::Field.of(&text).as_deref(), Some("1"));
        assert_eq!(LabelKind::Subclass.of(&text), None);
    }

    #[test]
    fn a_kind_reads_back_from_its_word() {
        for kind in LabelKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("industry".parse::<LabelKind>().is_err());
    }
}
