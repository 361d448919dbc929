//! Judgements: which listing is how relevant to which query.

use std::collections::BTreeMap;
use std::str::FromStr;

use thiserror::Error;

use crate::domain::Notice;

/// Grades by query and listing: 0 not relevant, up to 3 highly relevant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Qrels {
    grades: BTreeMap<String, BTreeMap<String, u8>>,
}

/// A line of a qrels file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("qrels line {line}: expected 'query 0 listing grade' with a grade from 0 to 3")]
pub struct QrelsError {
    /// The line, from 1.
    pub line: usize,
}

impl Notice for QrelsError {
    fn chinese(&self) -> String {
        format!("qrels 第 {} 行：应为“查询 0 许可编号 等级”，等级为 0 至 3", self.line)
    }
}

impl Qrels {
    /// The judged queries that have at least one relevant listing, in order, with their relevant listings' grades.
    pub fn queries(&self) -> impl Iterator<Item = (&str, BTreeMap<&str, u8>)> {
        self.grades.iter().filter_map(|(query, grades)| {
            let relevant: BTreeMap<&str, u8> =
                grades.iter().filter(|(_, grade)| **grade > 0).map(|(id, grade)| (id.as_str(), *grade)).collect();
            (!relevant.is_empty()).then_some((query.as_str(), relevant))
        })
    }
}

/// Reads TREC's form: `query iteration listing grade`, separated by blanks; blank lines are passed over.
impl FromStr for Qrels {
    type Err = QrelsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut qrels = Self::default();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let refused = QrelsError { line: number + 1 };
            let [query, _, listing, grade] = cells[..] else { return Err(refused) };
            let grade = grade.parse::<i32>().ok().filter(|grade| *grade <= 3).ok_or(refused)?;
            // TREC marks spam with negative grades: not relevant.
            let grade = u8::try_from(grade).unwrap_or(0);
            qrels.grades.entry(query.to_owned()).or_default().insert(listing.to_owned(), grade);
        }
        Ok(qrels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_queries_with_a_relevant_listing_are_judged() {
        let qrels: Qrels = "q1 0 a 1\nq1 0 b 0\n\nq2 0 a 0\nq3\t0\tc\t-1\n".parse().unwrap();
        let queries: Vec<_> = qrels.queries().map(|(query, relevant)| (query, relevant.len())).collect();
        assert_eq!(queries, [("q1", 1)]);
    }

    #[test]
    fn a_broken_line_is_named() {
        assert_eq!("q1 0 a 1\nq1 0 a".parse::<Qrels>(), Err(QrelsError { line: 2 }));
        assert_eq!("q1 0 a 9".parse::<Qrels>(), Err(QrelsError { line: 1 }));
    }
}
