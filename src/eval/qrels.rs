//! Judgements: which listing is how relevant to which query.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::str::FromStr;

use thiserror::Error;

use crate::domain::Notice;

/// Grades by query and listing: 0 not relevant, up to 3 highly relevant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Qrels {
    grades: BTreeMap<String, BTreeMap<String, u8>>,
    repeated: usize,
}

/// Judgements cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QrelsError {
    /// A line cannot be read.
    #[error("qrels line {line}: expected 'query 0 listing grade' with a grade from 0 to 3")]
    Malformed {
        /// The line, from 1.
        line: usize,
    },
    /// A listing is judged twice for one query, and not alike.
    #[error(
        "qrels line {line}: {listing} has grade {grade} for query {query}, but grade {before} further up: keep one"
    )]
    Contradictory {
        /// The line, from 1.
        line: usize,
        /// The query.
        query: String,
        /// The listing.
        listing: String,
        /// The grade of an earlier line.
        before: u8,
        /// The grade of this line.
        grade: u8,
    },
    /// There is nothing to find.
    #[error("the qrels name no relevant listing for any query: at least one grade must be 1 or above")]
    NothingRelevant,
}

impl Notice for QrelsError {
    fn chinese(&self) -> String {
        match self {
            Self::Malformed { line } => format!("qrels 第 {line} 行：应为“查询 0 许可编号 等级”，等级为 0 至 3"),
            Self::Contradictory { line, query, listing, before, grade } => {
                format!("qrels 第 {line} 行：查询 {query} 的 {listing} 等级为 {grade}，而前面为 {before}：请只保留一个")
            }
            Self::NothingRelevant => "qrels 中没有任何查询有相关的许可信息：至少要有一个等级不低于 1".to_owned(),
        }
    }
}

impl Qrels {
    /// The judged queries that have at least one relevant listing, in order, with all their grades.
    pub fn queries(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, u8>)> {
        let judged = self.grades.iter().filter(|(_, grades)| grades.values().any(|grade| *grade > 0));
        judged.map(|(query, grades)| (query.as_str(), grades))
    }

    /// Whether some line judges a listing for this query.
    #[must_use]
    pub fn judges(&self, query: &str) -> bool {
        self.grades.contains_key(query)
    }

    /// The grade of a listing for a query; `None` where nobody has judged.
    #[must_use]
    pub fn grade(&self, query: &str, listing: &str) -> Option<u8> {
        self.grades.get(query)?.get(listing).copied()
    }

    /// Every judgement: query, listing, grade.
    pub fn judgements(&self) -> impl Iterator<Item = (&str, &str, u8)> {
        self.grades
            .iter()
            .flat_map(|(query, grades)| grades.iter().map(move |(id, grade)| (query.as_str(), id.as_str(), *grade)))
    }

    /// The names of all queries that some line judges a listing for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.grades.keys().map(String::as_str)
    }

    /// Lines that said again what an earlier one had said.
    #[must_use]
    pub fn repeated(&self) -> usize {
        self.repeated
    }

    /// These judgements, if there is something to find.
    ///
    /// # Errors
    /// [`QrelsError::NothingRelevant`].
    pub fn checked(self) -> Result<Self, QrelsError> {
        let found = self.queries().next().is_some();
        found.then_some(self).ok_or(QrelsError::NothingRelevant)
    }

    /// Keeps a judgement, in place of an earlier one of the same pair.
    pub fn judge(&mut self, query: &str, listing: &str, grade: u8) {
        self.grades.entry(query.to_owned()).or_default().insert(listing.to_owned(), grade);
    }

    /// Takes a judgement back.
    pub fn take_back(&mut self, query: &str, listing: &str) {
        let grades = self.grades.get_mut(query);
        if grades.is_some_and(|grades| grades.remove(listing).is_some() && grades.is_empty()) {
            self.grades.remove(query);
        }
    }

    fn add(&mut self, line: usize, query: &str, listing: &str, grade: u8) -> Result<(), QrelsError> {
        match self.grades.entry(query.to_owned()).or_default().entry(listing.to_owned()) {
            Entry::Vacant(free) => _ = free.insert(grade),
            Entry::Occupied(known) if *known.get() == grade => self.repeated += 1,
            Entry::Occupied(known) => {
                let (query, listing) = (query.to_owned(), listing.to_owned());
                return Err(QrelsError::Contradictory { line, query, listing, before: *known.get(), grade });
            }
        }
        Ok(())
    }
}

/// Reads TREC's form: `query iteration listing grade`, separated by blanks; blank lines are passed over.
impl FromStr for Qrels {
    type Err = QrelsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut qrels = Self::default();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let refused = QrelsError::Malformed { line: number + 1 };
            let [query, _, listing, grade] = cells[..] else { return Err(refused) };
            let grade = grade.parse::<i32>().ok().filter(|grade| *grade <= 3).ok_or(refused)?;
            // TREC marks spam with negative grades: not relevant.
            qrels.add(number + 1, query, listing, u8::try_from(grade).unwrap_or(0))?;
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
        let queries: Vec<_> = qrels.queries().map(|(query, grades)| (query, grades.len())).collect();
        assert_eq!(queries, [("q1", 2)]);
        assert_eq!((qrels.grade("q1", "b"), qrels.grade("q3", "c"), qrels.grade("q3", "a")), (Some(0), Some(0), None));
    }

    #[test]
    fn a_broken_line_is_named() {
        assert_eq!("q1 0 a 1\nq1 0 a".parse::<Qrels>(), Err(QrelsError::Malformed { line: 2 }));
        assert_eq!("q1 0 a 9".parse::<Qrels>(), Err(QrelsError::Malformed { line: 1 }));
    }

    #[test]
    fn a_judgement_may_be_repeated_but_not_contradicted() {
        let twice: Qrels = "q 0 a 2\nr 0 a 1\nq 1 a 2\n".parse().unwrap();
        assert_eq!((twice.repeated(), twice.grade("q", "a")), (1, Some(2)));
        let error = "q 0 a 2\n\nq 0 a 3\n".parse::<Qrels>().unwrap_err();
        for said in [error.to_string(), error.chinese()] {
            assert!(["3", "2", "q", "a"].iter().all(|part| said.contains(part)), "{said}");
        }
        assert!(matches!(error, QrelsError::Contradictory { line: 3, before: 2, grade: 3, .. }), "{error}");
    }

    #[test]
    fn judgements_without_anything_relevant_are_refused() {
        let none: Qrels = "q 0 a 0\nr 0 b -1\n".parse().unwrap();
        assert_eq!(none.checked(), Err(QrelsError::NothingRelevant));
        assert_eq!("".parse::<Qrels>().unwrap().checked(), Err(QrelsError::NothingRelevant));
        assert!("q 0 a 1".parse::<Qrels>().unwrap().checked().is_ok());
    }
}
