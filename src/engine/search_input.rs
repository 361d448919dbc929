//! A search as it comes from outside: words to be checked.

use thiserror::Error;

use crate::domain::{Date, DivisionCode, Fee, HolderKind, Money, Notice, PatentKind, TechnologyField};
use crate::index::{Filters, SearchRequest};

/// Most hits in one answer.
const MOST_HITS: usize = 100;
/// Deepest hit that can be asked for.
const DEEPEST: usize = 10_000;
/// Longest text that is searched, in characters.
const LONGEST_TEXT: usize = 1_000;

/// A search in the words of a command line or an address.
#[derive(Debug, Clone, Default)]
pub struct SearchInput {
    /// What the person typed.
    pub text: String,
    /// How many hits, 1 to 100.
    pub limit: usize,
    /// How many hits to pass over, at most 10,000.
    pub offset: usize,
    /// IPC symbols of any level.
    pub ipc: Vec<String>,
    /// Field numbers, 1 to 35.
    pub fields: Vec<String>,
    /// Division codes.
    pub divisions: Vec<String>,
    /// `university`, `institute` …, or the Chinese word.
    pub holder_kinds: Vec<String>,
    /// `发明`, `实用新型`, `外观设计`.
    pub patent_kinds: Vec<String>,
    /// `免费`, `一次总付` ….
    pub fee_forms: Vec<String>,
    /// Most that is certain to be paid in a year, in yuan.
    pub fee_at_most_yuan: Option<u32>,
    /// First day of announcement, `2025-01-31`.
    pub announced_since: Option<String>,
    /// The day on which the listings must still be on offer; `None` does not ask.
    pub today: Option<Date>,
}

/// A value that cannot be searched for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{name}: '{value}' is not accepted; expected {expected}")]
pub struct SearchRefusal {
    /// The parameter.
    pub name: &'static str,
    /// What was given.
    pub value: String,
    /// What is accepted.
    pub expected: &'static str,
}

impl Notice for SearchRefusal {
    fn chinese(&self) -> String {
        format!("参数 {} 的值“{}”无效，应为：{}", self.name, self.value, self.expected)
    }
}

impl SearchInput {
    /// The search, if every word of it can be understood.
    ///
    /// # Errors
    /// [`SearchRefusal`] for the first that cannot.
    pub fn checked(&self) -> Result<SearchRequest, SearchRefusal> {
        let refuse = |name, value: &dyn ToString, expected| SearchRefusal { name, value: value.to_string(), expected };
        if self.text.chars().count() > LONGEST_TEXT {
            return Err(refuse("q", &"…", "at most 1000 characters / 不超过1000字"));
        }
        if !(1..=MOST_HITS).contains(&self.limit) {
            return Err(refuse("limit", &self.limit, "1–100"));
        }
        if self.offset > DEEPEST {
            return Err(refuse("offset", &self.offset, "0–10000"));
        }
        let since = self.announced_since.as_deref().map(str::parse::<Date>).transpose();
        let filters = Filters {
            ipc: each("ipc", &self.ipc, "H, H01, H01M, H01M10, H01M10/0525", symbol)?,
            fields: each("field", &self.fields, "1–35", |text| TechnologyField::from_number(text.parse().ok()?))?,
            divisions: each("division", &self.divisions, "320000, 320500", |text| text.parse::<DivisionCode>().ok())?,
            holder_kinds: each(
                "holder_kind",
                &self.holder_kinds,
                "university, institute, state_owned, small_firm, person, other",
                |text| HolderKind::ALL.into_iter().find(|kind| kind.as_str() == text || kind.chinese() == text),
            )?,
            patent_kinds: each("patent_kind", &self.patent_kinds, "发明, 实用新型, 外观设计", |text| {
                PatentKind::ALL.into_iter().find(|kind| kind.chinese() == text)
            })?,
            fee_forms: each(
                "fee_form",
                &self.fee_forms,
                "免费, 面议, 一次总付, 分期支付, 提成支付, 入门费+提成, 先试用后付费",
                |text| Fee::FORMS.contains(&text).then(|| text.to_owned()),
            )?,
            fee_at_most: self.fee_at_most_yuan.and_then(|yuan| Money::from_fen(i64::from(yuan) * 100).ok()),
            announced_since: since.map_err(|error| refuse("announced_since", &error.text, "2025-01-31"))?,
            available_on: self.today,
            ..Filters::default()
        };
        Ok(SearchRequest { text: self.text.clone(), filters, offset: self.offset, limit: self.limit })
    }
}

pub(super) fn each<T>(
    name: &'static str,
    values: &[String],
    expected: &'static str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, SearchRefusal> {
    let refused = |value: &String| SearchRefusal { name, value: value.clone(), expected };
    values.iter().map(|value| read(value.trim()).ok_or_else(|| refused(value))).collect()
}

/// A symbol of any level, as the index holds it.
fn symbol(text: &str) -> Option<String> {
    let upper: String = text.to_ascii_uppercase().chars().filter(|c| !c.is_whitespace()).collect();
    let shape = |c: (usize, char)| match c.0 {
        0 => matches!(c.1, 'A'..='H'),
        1 | 2 => c.1.is_ascii_digit(),
        3 => c.1.is_ascii_uppercase(),
        _ => c.1.is_ascii_digit() || c.1 == '/',
    };
    (matches!(upper.len(), 1 | 3..=16) && upper.char_indices().all(shape)).then_some(upper)
}
