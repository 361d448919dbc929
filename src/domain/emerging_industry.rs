//! Strategic emerging industries.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use super::{IpcCode, IpcPattern};

/// A strategic emerging industry (战略性新兴产业), such as 1.1 下一代信息网络产业; there are 40 of them in 9 sectors.
///
/// Source: 战略性新兴产业分类与国际专利分类参照关系表 of 2021, whose lists of IPC patterns and exclusions are embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
pub struct EmergingIndustry {
    code: &'static str,
    name: &'static str,
}

impl EmergingIndustry {
    /// The industry of a code such as `1.1`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        RULES.iter().map(|rule| rule.industry).find(|industry| industry.code == code)
    }

    /// All industries a symbol falls under, by code; none for most of the IPC.
    ///
    /// The table decides in groups: a symbol that is only a subclass falls under an industry only where the table names
    /// that subclass whole. A list's exclusions hold for that list alone.
    #[must_use]
    pub fn of(code: &IpcCode) -> Vec<Self> {
        let symbol = code.as_str();
        let lists = [&symbol[..3], &symbol[..4]].into_iter().filter_map(|part| BY_PART.get(part)).flatten();
        let mut industries: Vec<Self> =
            lists.map(|&list| &RULES[list]).filter(|rule| rule.covers(code)).map(|rule| rule.industry).collect();
        industries.sort_unstable();
        industries.dedup();
        industries
    }

    /// The code, sector and number: `1.1`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.code
    }

    /// The Chinese name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }
}

impl fmt::Display for EmergingIndustry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.name)
    }
}

/// One list of the table.
struct Rule {
    industry: EmergingIndustry,
    patterns: Vec<IpcPattern>,
    exclusions: Vec<IpcPattern>,
}

impl Rule {
    fn covers(&self, code: &IpcCode) -> bool {
        self.patterns.iter().any(|pattern| pattern.covers(code))
            && !self.exclusions.iter().any(|pattern| pattern.covers(code))
    }
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rows = include_str!("../../data/taxonomy/emerging_industries.csv").lines().skip(1);
    rows.filter_map(|row| {
        let mut cells = row.split(',');
        let industry = EmergingIndustry { code: cells.next()?, name: cells.next()? };
        Some(Rule { industry, patterns: patterns(cells.next()?), exclusions: patterns(cells.next()?) })
    })
    .collect()
});

fn patterns(cell: &str) -> Vec<IpcPattern> {
    cell.split(' ').filter_map(|pattern| pattern.parse().ok()).collect()
}

/// The lists that name anything in a class or subclass, so that a symbol is held against a handful of lists only.
static BY_PART: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut lists: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, rule) in RULES.iter().enumerate() {
        for pattern in &rule.patterns {
            let part = pattern.as_str();
            let list = lists.entry(part.get(..4).unwrap_or(part)).or_default();
            if list.last() != Some(&number) {
                list.push(number);
            }
        }
    }
    lists
});

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(symbol: &str) -> Vec<&'static str> {
        EmergingIndustry::of(&symbol.parse().unwrap()).into_iter().map(EmergingIndustry::code).collect()
    }

    #[test]
    fn every_cell_of_the_table_is_read() {
        let text = include_str!("../../data/taxonomy/emerging_industries.csv");
        assert_eq!(RULES.len(), text.lines().count() - 1);
        let kept: usize = RULES.iter().map(|rule| rule.patterns.len() + rule.exclusions.len()).sum();
        let cells = text.lines().skip(1).flat_map(|row| row.split(',').skip(2));
        assert_eq!(kept, cells.flat_map(str::split_whitespace).count(), "a pattern of the table is not understood");
        let mut industries: Vec<_> = RULES.iter().map(|rule| rule.industry).collect();
        industries.sort_unstable();
        industries.dedup();
        assert_eq!(industries.len(), 40);
    }

    #[test]
    fn a_symbol_falls_under_all_industries_that_name_it() {
        assert!(codes("H01M10/0525").contains(&"5.2"), "{:?}", codes("H01M10/0525"));
        assert!(codes("C02F3/30").contains(&"7.2"), "{:?}", codes("C02F3/30"));
        assert_eq!(codes("A47J31/00"), [""; 0]);
        assert_eq!(EmergingIndustry::from_code("1.1").map(EmergingIndustry::name), Some("下一代信息网络产业"));
    }

    #[test]
    fn an_exclusion_takes_a_symbol_out_of_its_list() {
        let list = RULES.iter().find(|rule| rule.exclusions.iter().any(|part| part.as_str() == "G06F11/36")).unwrap();
        assert!(list.covers(&"G06F11/07".parse().unwrap()));
        assert!(!list.covers(&"G06F11/36".parse().unwrap()));
    }

    #[test]
    fn a_main_group_excluded_from_its_subclass_leaves_its_longer_namesake_in() {
        let names = |rule: &&Rule, part: &str| rule.exclusions.iter().any(|exclusion| exclusion.as_str() == part);
        let list = RULES.iter().find(|rule| names(rule, "H04M1") && names(rule, "H04M11")).unwrap();
        for (symbol, covered) in [("H04M1/02", false), ("H04M11/06", false), ("H04M15/00", true), ("H04M3/42", false)] {
            assert_eq!(list.covers(&symbol.parse().unwrap()), covered, "{symbol}");
        }
    }
}
